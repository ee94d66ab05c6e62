# Three buckets, because access is granted to a whole bucket: what anybody may read is nowhere near what nobody may.

# Drops as they came. The platform keeps overwritten contents itself, at .versions/<name>/<sha256>, so the bucket's own
# versioning would keep everything twice; what is deleted by mistake can be brought back for a week.
resource "google_storage_bucket" "landing" {
  name                        = "${var.project}-${var.prefix}-landing"
  location                    = var.location
  force_destroy               = false
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  soft_delete_policy {
    retention_duration_seconds = 7 * 24 * 3600
  }

  lifecycle_rule {
    condition {
      age = 7
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  depends_on = [google_project_service.needed]
}

# The published tree, and nothing else: everything in it may be read by everybody (iam.tf). It can be built anew from
# the tables, so nothing deleted is kept. Cache-Control is set on each object by the platform (docs/publishing.md).
resource "google_storage_bucket" "published" {
  name                        = "${var.project}-${var.prefix}-published"
  location                    = var.location
  force_destroy               = false
  uniform_bucket_level_access = true
  public_access_prevention    = var.public ? "inherited" : "enforced"

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  cors {
    origin          = var.cors_origins
    method          = ["GET", "HEAD"]
    max_age_seconds = 86400

    # What a page may send and see, as of `nba-assets serve` (nba_assets/web/answers.py).
    response_header = [
      "Accept-Ranges", "Cache-Control", "Content-Range", "Content-Type", "ETag",
      "If-Match", "If-None-Match", "If-Range", "Range",
    ]
  }

  lifecycle_rule {
    condition {
      age = 1
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  depends_on = [google_project_service.needed]
}

# Quarantined bytes, what is published privately, Dagster's compute logs.
resource "google_storage_bucket" "private" {
  name                        = "${var.project}-${var.prefix}-private"
  location                    = var.location
  force_destroy               = false
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  soft_delete_policy {
    retention_duration_seconds = 7 * 24 * 3600
  }

  # Logs of runs that `prune` has removed by then (NBA_ASSETS_KEEP_RUNS_DAYS).
  lifecycle_rule {
    condition {
      age            = 30
      matches_prefix = ["compute_logs/"]
    }
    action {
      type = "Delete"
    }
  }

  lifecycle_rule {
    condition {
      age = 7
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  depends_on = [google_project_service.needed]
}
