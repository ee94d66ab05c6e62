provider "google" {
  project = var.project
  region  = var.region

  default_labels = local.labels
}

locals {
  labels = merge({ app = "nba-assets" }, var.labels)

  # Firestore has its own names for the two multi-regions.
  firestore_location = lookup({ US = "nam5", EU = "eur3" }, var.location, var.location)

  services = [
    "artifactregistry.googleapis.com",
    "bigquery.googleapis.com",
    "bigquerystorage.googleapis.com",
    "billingbudgets.googleapis.com",
    "cloudscheduler.googleapis.com",
    "compute.googleapis.com",
    "firebaserules.googleapis.com",
    "firestore.googleapis.com",
    "iam.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "servicenetworking.googleapis.com",
    "sqladmin.googleapis.com",
    "storage.googleapis.com",
  ]
}

data "google_project" "this" {}

resource "google_project_service" "needed" {
  for_each = toset(local.services)

  service            = each.value
  disable_on_destroy = false
}

resource "google_artifact_registry_repository" "images" {
  repository_id = var.prefix
  location      = var.region
  format        = "DOCKER"
  description   = "Images of the platform; a tag never moves."

  docker_config {
    immutable_tags = true
  }

  depends_on = [google_project_service.needed]
}
