# The environment of the gcp profile, but its secrets:
#   terraform output -raw environment > environment.env
output "environment" {
  description = "Lines NAME=value of what every process of the platform needs."
  value = join("", [for name, value in {
    NBA_ASSETS_PROFILE              = "gcp"
    NBA_ASSETS_GCP_PROJECT          = var.project
    NBA_ASSETS_GCP_LOCATION         = var.location
    NBA_ASSETS_LANDING_BUCKET       = google_storage_bucket.landing.name
    NBA_ASSETS_PUBLISHED_BUCKET     = google_storage_bucket.published.name
    NBA_ASSETS_PRIVATE_BUCKET       = google_storage_bucket.private.name
    NBA_ASSETS_LANDING_SUBSCRIPTION = google_pubsub_subscription.landing.name
    NBA_ASSETS_DATASET_PREFIX       = var.dataset_prefix
    NBA_ASSETS_FIRESTORE_DATABASE   = google_firestore_database.documents.name
    NBA_ASSETS_FIRESTORE_ROOT       = var.firestore_root
  } : "${name}=${value}\n"])
}

output "secrets" {
  description = "Secrets to put values into, by the variable that each is."
  value       = { for key, variable in local.secrets : variable => google_secret_manager_secret.this[key].secret_id }
}

output "names" {
  description = "Lines NAME=value that the files of deploy/helm and deploy/cloud_run ask for beside the environment."
  value = join("", [for name, value in {
    PREFIX           = var.prefix
    REGION           = var.region
    REPOSITORY       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}/nba-assets"
    RUNNER           = google_service_account.runner.email
    SCHEDULER        = one(google_service_account.scheduler[*].email)
    NETWORK          = google_compute_network.this.name
    SUBNETWORK       = google_compute_subnetwork.this.name
    POSTGRES         = google_sql_database_instance.postgres.name
    POSTGRES_ADDRESS = google_sql_database_instance.postgres.private_ip_address
  } : "${name}=${value}\n" if value != null])
}
