"""Keys: read from the environment only, and taken out of everything that is said or kept."""

from __future__ import annotations

import os
import threading
from urllib.parse import quote, quote_plus

from nba_assets.errors import PlatformError

HIDDEN = "***"
SHORTEST = 8
"""A shorter value is hidden in texts too, but may stand in a payload by chance."""


class MissingKey(PlatformError):  # noqa: N818
    """The environment has no key for a source."""


class Secrets:
    """The secret values of this process, to be kept out of logs, metadata, errors and drops."""

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._lock = threading.Lock()

    def key(self, name: str) -> str:
        """The environment's key of that name, a secret from now on. Raises `MissingKey` if there is none."""
        value = from_environment(name)
        self.add(value)
        return value

    def add(self, value: str) -> None:
        """Keep this value secret too: a token that a key was exchanged for."""
        with self._lock:
            self._values |= {value, quote(value, safe=""), quote_plus(value)}

    def hide(self, text: str) -> str:
        """The text without any secret, as `***`."""
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, HIDDEN)
        return text

    def stand_in(self, data: bytes) -> bool:
        """Whether a payload repeats a secret."""
        return any(len(value) >= SHORTEST and value.encode() in data for value in self._values)


def from_environment(name: str) -> str:
    """The environment's value of that name. Raises `MissingKey` if there is none."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise MissingKey(f"{name} is not set", f"export {name}=… in the environment of this command")
    return value


def is_set(name: str) -> bool:
    """Whether the environment has that key."""
    return bool(os.environ.get(name, "").strip())
