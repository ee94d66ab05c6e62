resource "google_firestore_database" "documents" {
  name                              = var.firestore_database
  location_id                       = local.firestore_location
  type                              = "FIRESTORE_NATIVE"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = "DELETE_PROTECTION_ENABLED"
  deletion_policy                   = "ABANDON"

  depends_on = [google_project_service.needed]
}

# Rules and indexes are those that Firebase's own tool would deploy.
locals {
  firestore = "${path.module}/../firestore"
  unindexed = jsondecode(file("${local.firestore}/firestore.indexes.json")).fieldOverrides
}

# A document's body is read whole and never searched. Indexed, each of its fields would cost a write and storage, and a
# large one would be refused.
resource "google_firestore_field" "unindexed" {
  for_each = { for override in local.unindexed : "${override.collectionGroup}.${override.fieldPath}" => override }

  database   = google_firestore_database.documents.name
  collection = each.value.collectionGroup
  field      = each.value.fieldPath

  index_config {}
}

# For clients in browsers and phones. The platform's own access is by IAM, which rules do not concern.
resource "google_firebaserules_ruleset" "firestore" {
  source {
    files {
      name    = "firestore.rules"
      content = replace(file("${local.firestore}/firestore.rules"), "/nba_assets/", "/${var.firestore_root}/")
    }
  }

  depends_on = [google_firestore_database.documents]
}

resource "google_firebaserules_release" "firestore" {
  name         = var.firestore_database == "(default)" ? "cloud.firestore" : "cloud.firestore/${var.firestore_database}"
  ruleset_name = google_firebaserules_ruleset.firestore.name

  lifecycle {
    replace_triggered_by = [google_firebaserules_ruleset.firestore]
  }
}
