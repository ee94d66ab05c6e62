"""The rate budget of a host, kept by all processes of a home together."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nba_assets.clock import Clock
from nba_assets.fetching.errors import Transient
from nba_assets.fetching.hosts import Host
from nba_assets.storage.files import make_folder, storage_error

LONGEST_WAIT = 120.0
"""Seconds that a request waits for its turn; a host that wants more is left to the next fetch."""
LONGEST_HOLD = 86_400.0
"""A slot further ahead was written by a clock that went wrong."""


class Pace:
    """One file a host below `folder`: the moment (seconds since 1970) from which it may be asked again."""

    def __init__(self, folder: Path, clock: Clock, sleep: Callable[[float], None]) -> None:
        self.folder = folder
        self._clock = clock
        self._sleep = sleep
        try:
            make_folder(folder.absolute())
        except OSError as error:
            raise storage_error(error, f"keep the rate budgets in {folder}") from error

    def turn(self, host: Host) -> None:
        """Wait until the host may be asked, and take that turn. Raises `Transient` if that is too long."""
        with self._slot(host) as slot:
            now = self._now()
            start = max(now, slot.read())
            if start - now > LONGEST_WAIT:
                raise Transient(
                    f"{host.name} asked for a pause that lasts another {start - now:.0f} s", "fetch again after it"
                )
            slot.write(start + host.pause)
        if start > now:
            self._sleep(start - now)

    def hold(self, host: Host, seconds: float) -> None:
        """Nobody takes a turn before `seconds` have passed."""
        with self._slot(host) as slot:
            slot.write(max(slot.read(), self._now() + min(seconds, LONGEST_HOLD)))

    def _now(self) -> float:
        return self._clock.now().timestamp()

    @contextmanager
    def _slot(self, host: Host) -> Iterator[_Slot]:
        handle = os.open(self.folder / f"{host.name}.slot", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield _Slot(handle, self._now() + LONGEST_HOLD)
        finally:
            os.close(handle)


class _Slot:
    """The locked file of one host."""

    def __init__(self, handle: int, latest: float) -> None:
        self._handle = handle
        self._latest = latest

    def read(self) -> float:
        try:
            moment = float(os.pread(self._handle, 64, 0) or b"0")
        except ValueError:
            return 0.0
        return moment if moment <= self._latest else 0.0

    def write(self, moment: float) -> None:
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, repr(moment).encode(), 0)
