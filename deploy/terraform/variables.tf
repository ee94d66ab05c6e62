variable "project" {
  description = "The project's id. Give the platform one of its own: the grants of iam.tf are easier to read there."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "A project's id has 6 to 30 lowercase letters, digits and hyphens, as my-project-1."
  }
}

variable "location" {
  description = "Where buckets and datasets are, all of them: US, EU or a region (NBA_ASSETS_GCP_LOCATION)."
  type        = string
  default     = "US"

  validation {
    condition     = can(regex("^(US|EU|[a-z]+-[a-z]+[0-9]+)$", var.location))
    error_message = "US, EU or a region as us-central1: BigQuery joins and loads nothing across locations."
  }
}

variable "region" {
  description = "The region of Postgres, the network, images and Cloud Run; inside `location`."
  type        = string
  default     = "us-central1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region, as us-central1."
  }

  validation {
    condition = (
      var.location == "US" ? startswith(var.region, "us-") :
      var.location == "EU" ? startswith(var.region, "europe-") :
      var.region == var.location
    )
    error_message = "The region must be inside the location: us-… for US, europe-… for EU, else the location itself."
  }
}

variable "prefix" {
  description = "Begins the name of everything that is made here."
  type        = string
  default     = "nba-assets"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.prefix))
    error_message = "3 to 20 lowercase letters, digits and hyphens: service accounts' ids have 30 at most."
  }
}

variable "dataset_prefix" {
  description = "Before the names of the datasets, where several installations share a project."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^[a-z0-9_]{0,64}$", var.dataset_prefix))
    error_message = "Up to 64 lowercase letters, digits and underscores."
  }
}

variable "labels" {
  description = "On everything that takes labels, beside app=nba-assets."
  type        = map(string)
  default     = {}
}

variable "firestore_database" {
  description = "The Firestore database. A project's first one is `(default)`."
  type        = string
  default     = "(default)"
}

variable "firestore_root" {
  description = "The collection that holds the documents."
  type        = string
  default     = "nba_assets"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.firestore_root))
    error_message = "Up to 64 letters, digits, underscores and hyphens."
  }
}

variable "public" {
  description = "Whether everybody may read the published bucket. Where an organization's policy forbids it: false."
  type        = bool
  default     = true
}

variable "cors_origins" {
  description = "Pages that may read the published files from a browser."
  type        = list(string)
  default     = ["*"]
}

variable "dead_letters" {
  description = "Whether notifications that nobody could take five times go to a topic of their own."
  type        = bool
  default     = false
}

variable "postgres_tier" {
  description = "The machine of Postgres."
  type        = string
  default     = "db-custom-2-7680"
}

variable "postgres_high_availability" {
  description = "Whether Postgres has a standby in another zone, at twice the price."
  type        = bool
  default     = false
}

variable "network_range" {
  description = "The addresses of the network's one subnet."
  type        = string
  default     = "10.20.0.0/20"

  validation {
    condition     = can(cidrhost(var.network_range, 0))
    error_message = "A range, as 10.20.0.0/20."
  }
}

variable "kubernetes_namespace" {
  description = "Where the Helm chart is installed, for Workload Identity; empty without Kubernetes."
  type        = string
  default     = ""
}

variable "kubernetes_service_account" {
  description = "The Kubernetes service account of the Helm values (global.serviceAccountName)."
  type        = string
  default     = "nba-assets"
}

variable "cloud_run" {
  description = "Whether Dagster starts its runs as executions of a Cloud Run job (deploy/cloud_run)."
  type        = bool
  default     = false
}

variable "readers" {
  description = "Who may read the tables, as group:analysts@example.com."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for who in var.readers : can(regex("^(user|group|serviceAccount):[^@ ]+@[^@ ]+$", who))])
    error_message = "Each one is user:, group: or serviceAccount: and an address; never everybody."
  }
}

variable "operators" {
  description = "Who is told of alerts by e-mail."
  type        = set(string)
  default     = []
}

variable "billing_account" {
  description = "The billing account of the budget; empty for no budget."
  type        = string
  default     = ""
}

variable "budget" {
  description = "What a month may cost, in `budget_currency`."
  type        = number
  default     = 300

  validation {
    condition     = var.budget >= 1 && floor(var.budget) == var.budget
    error_message = "A whole number of at least 1."
  }
}

variable "budget_currency" {
  description = "The billing account's currency."
  type        = string
  default     = "USD"
}

variable "scanned_gigabytes_a_day" {
  description = "Bytes that BigQuery may bill for in a day before it is an alert."
  type        = number
  default     = 500
}
