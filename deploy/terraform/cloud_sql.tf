# Postgres for the ledger and for Dagster's storage, reachable inside the network only.

resource "google_compute_network" "this" {
  name                    = var.prefix
  auto_create_subnetworks = false

  depends_on = [google_project_service.needed]
}

resource "google_compute_subnetwork" "this" {
  name                     = var.prefix
  network                  = google_compute_network.this.id
  region                   = var.region
  ip_cidr_range            = var.network_range
  private_ip_google_access = true # BigQuery and the rest without public addresses
}

resource "google_compute_global_address" "services" {
  name          = "${var.prefix}-services"
  network       = google_compute_network.this.id
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 20
}

resource "google_service_networking_connection" "services" {
  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.services.name]
}

resource "google_sql_database_instance" "postgres" {
  name                = var.prefix
  region              = var.region
  database_version    = "POSTGRES_18"
  deletion_protection = true

  settings {
    tier                        = var.postgres_tier
    edition                     = "ENTERPRISE"
    availability_type           = var.postgres_high_availability ? "REGIONAL" : "ZONAL"
    disk_type                   = "PD_SSD"
    disk_size                   = 20
    disk_autoresize             = true
    disk_autoresize_limit       = 500
    deletion_protection_enabled = true
    user_labels                 = local.labels

    ip_configuration {
      ipv4_enabled    = false
      private_network = google_compute_network.this.id
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    backup_configuration {
      enabled                        = true
      location                       = var.region
      start_time                     = "10:00" # UTC: after the last game of the west coast
      point_in_time_recovery_enabled = true
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = 14
      }
    }

    maintenance_window {
      day          = 2
      hour         = 11
      update_track = "stable"
    }

    # As the embedded server's (nba_assets/storage/embedded_postgres.py).
    database_flags {
      name  = "max_connections"
      value = "200"
    }

    database_flags {
      name  = "max_locks_per_transaction"
      value = "512"
    }

    database_flags {
      name  = "jit"
      value = "off"
    }
  }

  depends_on = [google_service_networking_connection.services]
}

resource "google_sql_database" "platform" {
  name     = "nba_assets"
  instance = google_sql_database_instance.postgres.name
}

# The user is made by hand (docs/deployment.md), so that its password is never in the state.
