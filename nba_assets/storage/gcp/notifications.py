"""Being told of drops by Pub/Sub: the landing bucket's notifications, by streaming pull.

A message is acknowledged when the round that took its name has begun the next wait, so what a crash leaves undone is
told again. Nothing depends on it: what is never told the looks find, what is told twice the ledger knows.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Mapping
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

from nba_assets.errors import TransientError
from nba_assets.storage.gcp.errors import google_errors, plain

if TYPE_CHECKING:
    from google.cloud.pubsub_v1 import SubscriberClient
    from google.cloud.pubsub_v1.subscriber.futures import StreamingPullFuture
    from google.cloud.pubsub_v1.subscriber.message import Message

    from nba_assets.settings import Settings

GATHERED = 0.05
"""Seconds after a message within which others are told together with it."""
AT_ONCE = 1000
"""Messages that are held without having been acknowledged."""
PATIENCE = 5.0
"""Seconds that the end may take."""


class PubSubNotifications:
    """What a subscription tells of a bucket's objects below the prefix, as names below the prefix.

    Where the subscription can no longer be read, `wait` raises what is wrong, a `TransientError` if listening again may
    help; the call after that listens again, and is quiet until it knows more.
    """

    def __init__(self, client: SubscriberClient, subscription_path: str, bucket: str, prefix: str = "") -> None:
        self._client, self._path, self._bucket, self._prefix = client, subscription_path, bucket, prefix
        self._changed = threading.Condition()
        self._told: list[tuple[str, Message]] = []
        self._taken: list[Message] = []
        self._stopped = False
        self._pull = self._listen()

    def wait(self, seconds: float) -> list[str]:
        for message in self._taken:
            message.ack()
        self._taken = []
        if self._pull is None:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped, seconds)
            self._pull = self._listen()
        pull = self._pull
        with self._changed:
            self._changed.wait_for(lambda: self._told or self._stopped or pull.done(), seconds)
        if self._told and not self._stopped:
            time.sleep(GATHERED)
        with self._changed:
            told, self._told = ([], self._told) if self._stopped else (self._told, [])
        self._taken = [message for _, message in told]
        if not told and pull.done() and not self._stopped:
            self._pull = None
            self._raise(pull)
        return list(dict.fromkeys(name for name, _ in told))

    def close(self) -> None:
        """Stop listening; what was told since the last `wait` began goes back and is told to the next listener.

        It goes back when the stream has ended: what is given back before comes again by that very stream, and is held.
        """
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        with contextlib.suppress(Exception):
            if self._pull is not None:
                self._pull.cancel()
                self._pull.result(PATIENCE)
            back = [message.ack_id for message in (*self._taken, *(message for _, message in self._told))]
            self._taken, self._told = [], []
            if back:
                self._client.modify_ack_deadline(subscription=self._path, ack_ids=back, ack_deadline_seconds=0)
        self._client.close()

    def _listen(self) -> StreamingPullFuture:
        from google.cloud.pubsub_v1.types import FlowControl

        with google_errors(f"listen to {self._path}"):
            pull = self._client.subscribe(
                self._path,
                self._receive,
                flow_control=FlowControl(max_messages=AT_ONCE),
                await_callbacks_on_shutdown=True,
            )
        pull.add_done_callback(lambda _: self._wake())
        return pull

    def _receive(self, message: Message) -> None:
        name = name_of(message.attributes, self._bucket, self._prefix)
        if name is None:
            message.ack()
            return
        with self._changed:
            self._told.append((name, message))
            self._changed.notify_all()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _raise(self, pull: StreamingPullFuture) -> None:
        what = f"listen to {self._path}"
        try:
            pull.result(0)
        except CancelledError:
            pass
        except Exception as error:
            raise plain(error, what) from error
        raise TransientError(f"cannot {what}: the stream ended", "it is opened again; drops are found meanwhile")


def subscription_path(settings: Settings) -> str:
    """`projects/<project>/subscriptions/<name>` of the settings, which may have the bare name."""
    name = settings.landing_subscription
    return name if "/" in name else f"projects/{settings.gcp_project}/subscriptions/{name}"


def name_of(attributes: Mapping[str, str], bucket: str, prefix: str = "") -> str | None:
    """The object that a bucket's message says has been put there; None of any other message.

    Other buckets, removals, changes of metadata and hidden objects (overwritten contents that are kept) are nothing to
    take in.
    """
    name = attributes.get("objectId", "")
    if attributes.get("eventType") != "OBJECT_FINALIZE" or attributes.get("bucketId") != bucket:
        return None
    below = name.removeprefix(prefix)
    if not name.startswith(prefix) or any(not part or part.startswith(".") for part in below.split("/")):
        return None
    return below
