"""Being told of new objects: what the fast lane listens to. Lost and doubled tellings change nothing."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nba_assets.storage.files import make_folder

if TYPE_CHECKING:
    from nba_assets.settings import Settings

GATHERED = 0.05
"""Seconds after an event within which others are told together with it."""


class Notifications(Protocol):
    """Names of objects that have been put somewhere since they were last asked for."""

    def wait(self, seconds: float) -> list[str]:
        """The names told since the last call, at once or as soon as there are some; none when the time is over.

        Raises `PlatformError` if nothing can be told any more, a `TransientError` if that may be over by the next call.
        """
        ...

    def close(self) -> None:
        """Stop listening; a call that waits returns."""
        ...


def listen(settings: Settings) -> Notifications:
    """Those of the profile's landing zone; without a subscription nobody tells of a bucket."""
    if settings.profile == "local":
        return FolderNotifications(settings.landing)
    if not settings.landing_subscription:
        return NoNotifications()
    from nba_assets.storage.gcp.clients import subscriber_client
    from nba_assets.storage.gcp.notifications import PubSubNotifications, subscription_path

    return PubSubNotifications(subscriber_client(settings), subscription_path(settings), settings.landing_bucket)


class NoNotifications:
    """Nobody tells: what is there the looks find."""

    def __init__(self) -> None:
        self._closed = threading.Event()

    def wait(self, seconds: float) -> list[str]:
        self._closed.wait(seconds)
        return []

    def close(self) -> None:
        self._closed.set()


class FolderNotifications:
    """File-system events of a landing folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        make_folder(self._folder)
        self._names: dict[str, None] = {}
        self._told = threading.Condition()
        self._stop = threading.Event()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="notifications", daemon=True)
        self._thread.start()
        self._listening.wait(5.0)

    def wait(self, seconds: float) -> list[str]:
        with self._told:
            if not self._names:
                self._told.wait(seconds)
        if self._names and not self._stop.is_set():
            time.sleep(GATHERED)
        with self._told:
            names = list(self._names)
            self._names.clear()
        return names

    def close(self) -> None:
        self._stop.set()
        with self._told:
            self._told.notify_all()
        self._thread.join(5.0)

    def _listen(self) -> None:
        from watchfiles import Change, watch

        changes = watch(
            self._folder, stop_event=self._stop, debounce=50, step=10, rust_timeout=1000, yield_on_timeout=True
        )
        self._listening.set()
        for found in changes:
            names = [
                Path(path).relative_to(self._folder).as_posix() for change, path in found if change != Change.deleted
            ]
            if names:
                with self._told:
                    self._names |= dict.fromkeys(names)
                    self._told.notify_all()
