# Names only. Values are put in by hand (docs/deployment.md) and are never in this code or in the state.
locals {
  secrets = {
    database-url        = "NBA_ASSETS_DATABASE_URL"
    alarm-urls          = "NBA_ASSETS_ALARM_URLS"
    odds-api-key        = "ODDS_API_KEY"
    bdl-api-key         = "BDL_API_KEY"
    bettingpros-api-key = "BETTINGPROS_API_KEY"
    bigdataball-account = "BIGDATABALL_SERVICE_ACCOUNT" # the key file itself, mounted; the variable is its path
  }
}

resource "google_secret_manager_secret" "this" {
  for_each = local.secrets

  secret_id = "${var.prefix}-${each.key}"

  annotations = {
    variable = each.value
  }

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.needed]
}
