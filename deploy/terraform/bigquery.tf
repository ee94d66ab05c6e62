# Datasets only. Tables come from the contracts (`nba-assets schema --apply`), so that columns, partitions and clusters
# are declared once.
locals {
  table_datasets = {
    nba_raw         = "Rows of the sources' files, every version of them."
    nba_analytics   = "Facts of games, players and teams."
    nba_precompute  = "Features."
    nba_predictions = "Predictions, decisions and grades."
  }
}

resource "google_bigquery_dataset" "tables" {
  for_each = local.table_datasets

  dataset_id                 = "${var.dataset_prefix}${each.key}"
  location                   = var.location
  description                = each.value
  max_time_travel_hours      = 168 # seven days back, the most there is
  delete_contents_on_destroy = false

  depends_on = [google_project_service.needed]
}

resource "google_bigquery_dataset" "warehouse" {
  dataset_id                 = "${var.dataset_prefix}nba_warehouse"
  location                   = var.location
  description                = "The platform's own: versions of partitions."
  max_time_travel_hours      = 168
  delete_contents_on_destroy = false

  depends_on = [google_project_service.needed]
}

# What a killed load leaves behind is gone a day later.
resource "google_bigquery_dataset" "staging" {
  dataset_id                      = "${var.dataset_prefix}nba_staging"
  location                        = var.location
  description                     = "Staged loads. Everything here may be deleted at any time."
  default_table_expiration_ms     = 24 * 3600 * 1000
  default_partition_expiration_ms = null
  max_time_travel_hours           = 48
  delete_contents_on_destroy      = true

  depends_on = [google_project_service.needed]
}
