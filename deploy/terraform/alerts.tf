# What the platform cannot tell of itself, because it may be the thing that stands still. Its own alarms (a late source,
# failed work, a gate) go to NBA_ASSETS_ALARM_URLS.

resource "google_monitoring_notification_channel" "operators" {
  for_each = var.operators

  display_name = each.value
  type         = "email"

  labels = {
    email_address = each.value
  }

  depends_on = [google_project_service.needed]
}

locals {
  channels = [for channel in google_monitoring_notification_channel.operators : channel.id]
}

resource "google_monitoring_alert_policy" "drops_wait" {
  display_name          = "${var.prefix}: drops wait"
  combiner              = "OR"
  notification_channels = local.channels

  conditions {
    display_name = "The oldest notification is older than 15 minutes"

    condition_threshold {
      filter = join(" AND ", [
        "resource.type = \"pubsub_subscription\"",
        "resource.labels.subscription_id = \"${google_pubsub_subscription.landing.name}\"",
        "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\"",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = 15 * 60
      duration        = "300s"

      aggregations {
        alignment_period   = "60s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content = "`watch` does not pull. See docs/deployment.md, At 2 a.m., line \"drops wait\"."
  }
}

resource "google_monitoring_alert_policy" "postgres_disk" {
  display_name          = "${var.prefix}: Postgres' disk fills"
  combiner              = "OR"
  notification_channels = local.channels

  conditions {
    display_name = "More than 85 % of the disk is used"

    condition_threshold {
      filter = join(" AND ", [
        "resource.type = \"cloudsql_database\"",
        "resource.labels.database_id = \"${var.project}:${google_sql_database_instance.postgres.name}\"",
        "metric.type = \"cloudsql.googleapis.com/database/disk/utilization\"",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = 0.85
      duration        = "600s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MEAN"
      }
    }
  }

  documentation {
    content = "The disk grows by itself up to its limit (cloud_sql.tf). See docs/deployment.md, At 2 a.m., line \"Postgres' disk fills\"."
  }
}

resource "google_monitoring_alert_policy" "jobs_fail" {
  count = var.cloud_run ? 1 : 0

  display_name          = "${var.prefix}: a Cloud Run job failed"
  combiner              = "OR"
  notification_channels = local.channels

  conditions {
    display_name = "An execution failed"

    condition_threshold {
      filter = join(" AND ", [
        "resource.type = \"cloud_run_job\"",
        "resource.labels.job_name = starts_with(\"${var.prefix}-\")",
        "metric.type = \"run.googleapis.com/job/completed_execution_count\"",
        "metric.labels.result = \"failed\"",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_SUM"
      }
    }
  }

  documentation {
    content = "See docs/deployment.md, At 2 a.m., line \"runs fail\"."
  }
}

# On Kubernetes a run is a Job; one whose pod failed is given up at once, which the cluster logs as an event.
resource "google_logging_metric" "kubernetes_runs_fail" {
  count = var.kubernetes_namespace == "" ? 0 : 1

  name = "${var.prefix}-kubernetes-runs-fail"
  filter = join(" AND ", [
    "resource.type=\"k8s_cluster\"",
    "jsonPayload.kind=\"Event\"",
    "jsonPayload.reason=\"BackoffLimitExceeded\"",
    "jsonPayload.involvedObject.namespace=\"${var.kubernetes_namespace}\"",
  ])

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
  }

  depends_on = [google_project_service.needed]
}

resource "google_monitoring_alert_policy" "kubernetes_runs_fail" {
  count = var.kubernetes_namespace == "" ? 0 : 1

  display_name          = "${var.prefix}: a run failed on Kubernetes"
  combiner              = "OR"
  notification_channels = local.channels

  conditions {
    display_name = "A run's job failed"

    condition_threshold {
      filter = join(" AND ", [
        "resource.type = \"k8s_cluster\"",
        "metric.type = \"logging.googleapis.com/user/${google_logging_metric.kubernetes_runs_fail[0].name}\"",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_SUM"
      }
    }
  }

  documentation {
    content = "See docs/deployment.md, At 2 a.m., line \"runs fail\"."
  }
}

resource "google_monitoring_alert_policy" "bytes_scanned" {
  display_name          = "${var.prefix}: BigQuery scans a lot"
  combiner              = "OR"
  notification_channels = local.channels

  conditions {
    display_name = "More than ${var.scanned_gigabytes_a_day} GB billed within a day"

    condition_threshold {
      filter = join(" AND ", [
        "resource.type = \"global\"",
        "metric.type = \"bigquery.googleapis.com/query/scanned_bytes_billed\"",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = var.scanned_gigabytes_a_day * 1000 * 1000 * 1000
      duration        = "0s"

      aggregations {
        alignment_period     = "86400s"
        per_series_aligner   = "ALIGN_SUM"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    content = "See docs/deployment.md, At 2 a.m., line \"BigQuery scans a lot\"."
  }
}
