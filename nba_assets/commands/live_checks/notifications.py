"""Pub/Sub: whether drops are told. By a subscription of its own, which takes nothing from `watch`."""

from __future__ import annotations

import time

from nba_assets.commands.live_checks.checklist import Checklist, Found, must
from nba_assets.commands.live_checks.objects import HIDDEN, ONE, remove_below
from nba_assets.settings import Settings
from nba_assets.storage.gcp.clients import storage_client, subscriber_client
from nba_assets.storage.gcp.errors import google_errors
from nba_assets.storage.gcp.notifications import PubSubNotifications, subscription_path
from nba_assets.storage.gcp.object_store import GcsObjectStore

SERVICE = "Pub/Sub"
SOON = 20.0
"""Seconds within which a drop should be told; it takes one or two."""
DROP = "told.json"
GONE = "_deleted-topic_"


def check_notifications(checks: Checklist, settings: Settings, scratch: str) -> None:
    if not settings.landing_subscription:
        checks.check(SERVICE, "subscription", lambda: "none is set: the landing bucket is listed instead")
        return
    client, topic = subscriber_client(settings), ""
    path = subscription_path(settings)
    own = f"{path.rsplit('/', 1)[0]}/{scratch}"

    def subscription() -> str:
        nonlocal topic
        with google_errors(f"look at {path}"):
            topic = client.get_subscription(subscription=path).topic
        must(topic != GONE, f"the topic of {path} has been removed", "terraform apply")
        return f"of {topic}"

    def told() -> Found:
        with google_errors(f"make the subscription {own} of {topic}"):
            client.create_subscription(name=own, topic=topic, ack_deadline_seconds=10)
        return _told(settings, own, f"{HIDDEN}{scratch}/notified/")

    if checks.check(SERVICE, "subscription", subscription):
        checks.remove_at_last("subscription", lambda: _remove(client, own))
        checks.check(SERVICE, "told of a drop", told)


def _told(settings: Settings, own: str, prefix: str) -> Found:
    """The time from an object's write until its message."""
    objects = storage_client(settings)
    store = GcsObjectStore(objects, settings.landing_bucket, prefix, keep_versions=False)
    notifications = PubSubNotifications(subscriber_client(settings), own, settings.landing_bucket, prefix)
    try:
        store.put(DROP, ONE)
        begun = time.perf_counter()
        names = notifications.wait(SOON)
        spent = 1000 * (time.perf_counter() - begun)
    finally:
        notifications.close()
        remove_below(objects, settings.landing_bucket, prefix)
    must(
        names == [DROP],
        f"a drop was not told within {SOON:.0f} seconds",
        "have the landing bucket notify the subscription's topic: terraform apply",
    )
    return Found("from its write to its message", milliseconds=spent)


def _remove(client: object, own: str) -> str:
    from google.api_core.exceptions import NotFound

    with google_errors(f"remove the subscription {own}"):
        try:
            client.delete_subscription(subscription=own)  # type: ignore[attr-defined]
        except NotFound:
            return "there was none"
        finally:
            client.close()  # type: ignore[attr-defined]
    return "removed"
