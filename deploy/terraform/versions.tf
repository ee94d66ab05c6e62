terraform {
  required_version = ">= 1.9, < 2.0"

  # State holds names and addresses, never a secret's value. Keep it in a bucket of its own all the same:
  #   terraform init -backend-config="bucket=<bucket>" -backend-config="prefix=nba_assets"
  backend "gcs" {}

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "6.50.0"
    }
  }
}
