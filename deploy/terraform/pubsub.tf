# The landing bucket tells of every finished object, at least once and in any order. A message is a hint to look: what
# was done is in the ledger, and the sweep lists the bucket anyway. So a lost or doubled message changes nothing, and
# exactly-once delivery and ordering, which cost latency, are not asked for.

data "google_storage_project_service_account" "gcs" {
  depends_on = [google_project_service.needed]
}

resource "google_pubsub_topic" "landing" {
  name = "${var.prefix}-landing"

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.needed]
}

resource "google_storage_notification" "landing" {
  bucket         = google_storage_bucket.landing.name
  topic          = google_pubsub_topic.landing.id
  payload_format = "JSON_API_V1"
  event_types    = ["OBJECT_FINALIZE"]

  depends_on = [google_pubsub_topic_iam_member.gcs_publishes]
}

resource "google_pubsub_subscription" "landing" {
  name                         = "${var.prefix}-landing"
  topic                        = google_pubsub_topic.landing.id
  ack_deadline_seconds         = 60
  message_retention_duration   = "604800s" # 7 days: a long weekend without `watch` loses no hint
  retain_acked_messages        = false
  enable_exactly_once_delivery = false

  expiration_policy {
    ttl = "" # never, however long nobody pulls
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dynamic "dead_letter_policy" {
    for_each = google_pubsub_topic.dead_letters[*].id

    content {
      dead_letter_topic     = dead_letter_policy.value
      max_delivery_attempts = 5
    }
  }
}

resource "google_pubsub_topic" "dead_letters" {
  count = var.dead_letters ? 1 : 0

  name                       = "${var.prefix}-landing-dead-letters"
  message_retention_duration = "604800s"

  depends_on = [google_project_service.needed]
}

# Without a subscription a topic keeps nothing that anybody could read.
resource "google_pubsub_subscription" "dead_letters" {
  count = var.dead_letters ? 1 : 0

  name                       = "${var.prefix}-landing-dead-letters"
  topic                      = google_pubsub_topic.dead_letters[0].id
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }
}
