# Who may do what. No keys are made: workloads are their service account by Workload Identity or as Cloud Run's.

# Runs everything: Dagster, watch, the jobs.
resource "google_service_account" "runner" {
  account_id   = "${var.prefix}-runner"
  display_name = "nba_assets: runs the platform"

  depends_on = [google_project_service.needed]
}

# Starts the scheduled jobs of deploy/cloud_run, and can do nothing else.
resource "google_service_account" "scheduler" {
  count = var.cloud_run ? 1 : 0

  account_id   = "${var.prefix}-scheduler"
  display_name = "nba_assets: starts Cloud Run jobs"

  depends_on = [google_project_service.needed]
}

locals {
  runner = google_service_account.runner.member

  buckets = {
    landing   = google_storage_bucket.landing.name
    published = google_storage_bucket.published.name
    private   = google_storage_bucket.private.name
  }

  written_datasets = merge(
    { for name, dataset in google_bigquery_dataset.tables : name => dataset.dataset_id },
    {
      nba_warehouse = google_bigquery_dataset.warehouse.dataset_id
      nba_staging   = google_bigquery_dataset.staging.dataset_id
    },
  )
}

# Buckets: objects, and the bucket's location, which `doctor` compares with the datasets'.

resource "google_storage_bucket_iam_member" "runner_objects" {
  for_each = local.buckets

  bucket = each.value
  role   = "roles/storage.objectUser"
  member = local.runner
}

resource "google_project_iam_custom_role" "bucket_location" {
  role_id     = "${replace(var.prefix, "-", "_")}_bucket_location"
  title       = "nba_assets: see where a bucket is"
  permissions = ["storage.buckets.get"]

  depends_on = [google_project_service.needed]
}

resource "google_storage_bucket_iam_member" "runner_buckets" {
  for_each = local.buckets

  bucket = each.value
  role   = google_project_iam_custom_role.bucket_location.id
  member = local.runner
}

# The one grant to everybody. With objectViewer a missing object is a 404; without leave to list it would be a 403.
resource "google_storage_bucket_iam_member" "published_everybody" {
  count = var.public ? 1 : 0

  bucket = google_storage_bucket.published.name
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}

# Notifications.

resource "google_pubsub_topic_iam_member" "gcs_publishes" {
  topic  = google_pubsub_topic.landing.id
  role   = "roles/pubsub.publisher"
  member = data.google_storage_project_service_account.gcs.member
}

resource "google_pubsub_subscription_iam_member" "runner_pulls" {
  subscription = google_pubsub_subscription.landing.id
  role         = "roles/pubsub.subscriber"
  member       = local.runner
}

locals {
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_topic_iam_member" "pubsub_dead_letters" {
  count = var.dead_letters ? 1 : 0

  topic  = google_pubsub_topic.dead_letters[0].id
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "pubsub_forwards" {
  count = var.dead_letters ? 1 : 0

  subscription = google_pubsub_subscription.landing.id
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

# Tables: rows in these datasets; jobs and the Storage Read API are granted on projects only.

resource "google_bigquery_dataset_iam_member" "runner_writes" {
  for_each = local.written_datasets

  dataset_id = each.value
  role       = "roles/bigquery.dataEditor"
  member     = local.runner
}

resource "google_project_iam_member" "runner_jobs" {
  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = local.runner
}

resource "google_project_iam_member" "runner_reads" {
  project = var.project
  role    = "roles/bigquery.readSessionUser"
  member  = local.runner
}

# Analysts: the tables, and their own queries.

resource "google_bigquery_dataset_iam_member" "reader_reads" {
  for_each = {
    for pair in setproduct(keys(local.table_datasets), var.readers) : join(" ", pair) => pair
  }

  dataset_id = google_bigquery_dataset.tables[each.value[0]].dataset_id
  role       = "roles/bigquery.dataViewer"
  member     = each.value[1]
}

resource "google_project_iam_member" "reader_jobs" {
  for_each = var.readers

  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = each.value
}

# Documents: this database alone.

resource "google_project_iam_member" "runner_documents" {
  project = var.project
  role    = "roles/datastore.user"
  member  = local.runner

  condition {
    title      = "documents of nba_assets"
    expression = "resource.name == \"projects/${var.project}/databases/${var.firestore_database}\""
  }

  depends_on = [google_firestore_database.documents]
}

# Postgres: the Auth Proxy and connectors need it; a direct connection to the private address does not.

resource "google_project_iam_member" "runner_postgres" {
  project = var.project
  role    = "roles/cloudsql.client"
  member  = local.runner

  condition {
    title      = "Postgres of nba_assets"
    expression = "resource.name == \"projects/${var.project}/instances/${google_sql_database_instance.postgres.name}\" && resource.service == \"sqladmin.googleapis.com\""
  }
}

# Secrets: each by itself.

resource "google_secret_manager_secret_iam_member" "runner_secrets" {
  for_each = google_secret_manager_secret.this

  secret_id = each.value.id
  role      = "roles/secretmanager.secretAccessor"
  member    = local.runner
}

# Kubernetes: the chart's service account is the runner. The project must have a cluster with Workload Identity.

resource "google_service_account_iam_member" "runner_workload_identity" {
  count = var.kubernetes_namespace == "" ? 0 : 1

  service_account_id = google_service_account.runner.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project}.svc.id.goog[${var.kubernetes_namespace}/${var.kubernetes_service_account}]"
}

# Cloud Run: Dagster starts, watches and ends executions of its job.

resource "google_project_iam_custom_role" "run_launcher" {
  count = var.cloud_run ? 1 : 0

  role_id     = "${replace(var.prefix, "-", "_")}_run_launcher"
  title       = "nba_assets: start and end executions of Cloud Run jobs"
  permissions = ["run.jobs.run", "run.jobs.runWithOverrides", "run.executions.get", "run.executions.cancel"]

  depends_on = [google_project_service.needed]
}

resource "google_project_iam_member" "runner_launches" {
  count = var.cloud_run ? 1 : 0

  project = var.project
  role    = google_project_iam_custom_role.run_launcher[0].id
  member  = local.runner
}
