"""Being told of drops by Pub/Sub, on the emulator, with the attributes that Cloud Storage sends."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient

from nba_assets.commands.watch import landing_zone
from nba_assets.engine.notifications import FolderNotifications, NoNotifications, listen
from nba_assets.errors import PlatformError, TransientError
from nba_assets.settings import Settings
from nba_assets.storage.gcp.notifications import PubSubNotifications, name_of

DROP = "nbac_schedule/2025-11-15/1.json"
SOON = 10.0
"""Seconds within which the emulator has told; it takes some hundredths."""


class Bucket:
    """What tells of the bucket `landing`: a topic, and its subscription."""

    def __init__(self, project: str) -> None:
        self.topic = f"projects/{project}/topics/drops"
        self.subscription = f"projects/{project}/subscriptions/drops"
        self.settings = Settings(
            profile="gcp", gcp_project=project, emulators=True, landing_bucket="landing", landing_subscription="drops"
        )
        self._publisher, self._subscriber = PublisherClient(), SubscriberClient()
        self._publisher.create_topic(name=self.topic)
        self._subscriber.create_subscription(name=self.subscription, topic=self.topic, ack_deadline_seconds=10)

    def told(self, name: str = DROP, **other: str) -> None:
        facts = {
            "eventType": "OBJECT_FINALIZE",
            "bucketId": "landing",
            "objectId": name,
            "objectGeneration": "1763164800000001",
            "payloadFormat": "NONE",
        }
        self.message(**facts | other)

    def message(self, **attributes: str) -> None:
        self._publisher.publish(self.topic, b"", **attributes).result(SOON)

    def left(self) -> list[str]:
        """The names in messages that nobody has acknowledged or holds; the next listener would be told of them.

        A new stream cannot show it here: the emulator goes on for ten seconds to send to the one that has ended.
        """
        with warnings.catch_warnings(action="ignore"):
            found = self._subscriber.pull(
                {"subscription": self.subscription, "max_messages": 10, "return_immediately": True}
            )
        return [one.message.attributes["objectId"] for one in found.received_messages]

    def remove_subscription(self) -> None:
        self._subscriber.delete_subscription(subscription=self.subscription)

    def close(self) -> None:
        self._publisher.stop()
        self._publisher.transport.close()
        self._subscriber.close()


@pytest.fixture
def bucket(pubsub: str, project: str) -> Iterator[Bucket]:
    found = Bucket(project)
    yield found
    found.close()


@pytest.fixture
def notifications(bucket: Bucket) -> Iterator[PubSubNotifications]:
    found = listen(bucket.settings)
    assert isinstance(found, PubSubNotifications)
    yield found
    found.close()


def test_a_drop_is_told_once_and_its_double_with_it_or_again(
    bucket: Bucket, notifications: PubSubNotifications
) -> None:
    bucket.told()
    assert notifications.wait(SOON) == [DROP]
    assert notifications.wait(0.0) == []
    bucket.told()
    bucket.told()
    bucket.told("nbac_schedule/2025-11-15/2.json")
    names = notifications.wait(SOON)
    while len(set(names)) < 2:
        names += notifications.wait(SOON)
    assert set(names) == {DROP, "nbac_schedule/2025-11-15/2.json"}


def test_what_is_no_drop_of_the_bucket_is_acknowledged_and_not_told(
    bucket: Bucket, notifications: PubSubNotifications
) -> None:
    for event in ("OBJECT_DELETE", "OBJECT_METADATA_UPDATE", "OBJECT_ARCHIVE"):
        bucket.told(eventType=event)
    bucket.told(bucketId="another")
    bucket.told(".versions/nbac_schedule/2025-11-15/1.json/abc")
    bucket.message(said="nothing of an object")
    bucket.told("last.json")
    assert notifications.wait(SOON) == ["last.json"]
    notifications.wait(0.0)
    notifications.close()
    assert bucket.left() == []


def test_a_drop_whose_round_did_not_end_is_left_for_the_next_listener(
    bucket: Bucket, notifications: PubSubNotifications
) -> None:
    bucket.told("done.json")
    assert notifications.wait(SOON) == ["done.json"]
    assert notifications.wait(0.0) == [], "its round is over"
    bucket.told()
    assert notifications.wait(SOON) == [DROP]
    assert bucket.left() == [], "it is held"
    notifications.close()
    assert bucket.left() == [DROP]


def test_a_close_ends_a_wait(notifications: PubSubNotifications) -> None:
    threading.Timer(0.2, notifications.close).start()
    began = time.monotonic()
    assert notifications.wait(SOON) == []
    assert time.monotonic() - began < SOON / 2


def test_a_subscription_that_is_removed_is_one_clear_line(bucket: Bucket, notifications: PubSubNotifications) -> None:
    bucket.told()
    assert notifications.wait(SOON) == [DROP]
    bucket.remove_subscription()
    with pytest.raises(PlatformError, match=rf"^cannot listen to {bucket.subscription}: .+") as raised:
        notifications.wait(SOON)
    assert "\n" not in str(raised.value) and "subscription" in raised.value.hint
    assert not isinstance(raised.value, TransientError)


@pytest.mark.parametrize(
    ("changed", "prefix", "name"),
    [
        ({}, "", "a/1.json"),
        ({}, "a/", "1.json"),
        ({}, "b/", None),
        ({"objectId": "a/.versions/x"}, "", None),
        ({"objectId": "a//1.json"}, "", None),
        ({"objectId": "a/"}, "", None),
        ({"eventType": "OBJECT_ARCHIVE"}, "", None),
        ({"bucketId": "other"}, "", None),
    ],
)
def test_the_name_that_a_message_tells(changed: dict[str, str], prefix: str, name: str | None) -> None:
    attributes = {"eventType": "OBJECT_FINALIZE", "bucketId": "landing", "objectId": "a/1.json"}
    assert name_of(attributes | changed, "landing", prefix) == name


def test_who_tells_is_a_matter_of_the_settings(bucket: Bucket, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    local, listed = listen(settings), listen(bucket.settings.model_copy(update={"landing_subscription": ""}))
    full = listen(bucket.settings.model_copy(update={"landing_subscription": bucket.subscription}))
    try:
        assert isinstance(local, FolderNotifications)
        assert isinstance(listed, NoNotifications) and listed.wait(0.01) == []
        bucket.told()
        assert full.wait(SOON) == [DROP]
        assert landing_zone(bucket.settings) == "gs://landing (told by drops)"
        assert landing_zone(settings) == str(settings.landing)
    finally:
        for one in (local, listed, full):
            one.close()
