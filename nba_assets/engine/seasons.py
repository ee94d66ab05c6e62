"""A step's dates a season at a time; of a long history, seasons side by side in processes of their own.

A season in memory at once is what bounds a history's memory. Seasons do not depend on one another once a step's inputs
are written; each process keeps to its own seasons, so that what it has read for one table is there for the next.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import multiprocessing
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, wait
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from nba_assets.clock import FixedClock
from nba_assets.contracts import tables
from nba_assets.contracts.model import Table
from nba_assets.engine.captures import season_of
from nba_assets.engine.failure import classify
from nba_assets.engine.making import Made, make
from nba_assets.engine.memory import give_back
from nba_assets.engine.poison import made_apart
from nba_assets.errors import TransientError
from nba_assets.settings import Settings

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.scope import Scope

AT_LEAST = 3
"""Seasons from which on other processes are worth their start."""
DATASETS = ("nba_analytics", "nba_precompute")
"""Whose steps need nothing but tables."""
DIES_WITH_PARENT = 1
"""Linux: PR_SET_PDEATHSIG."""


class SeasonProcesses:
    """Processes that make seasons, started at first use; a season is always the same one's."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pools: dict[int, ProcessPoolExecutor] = {}

    def submit(self, contract: Table, days: Sequence[dt.date], now: dt.datetime) -> Future[Made]:
        """Make a season's dates of a table as of `now`; a process that has died is replaced."""
        number = season_of(days[0]) % self._settings.seasons_at_once
        task = partial(_make, contract.name, days, now)
        try:
            return self._pool(number).submit(task)
        except BrokenExecutor:
            del self._pools[number]
            return self._pool(number).submit(task)

    def pids(self) -> list[int]:
        """The processes that run."""
        return [pid for pool in self._pools.values() for pid in (pool._processes or {})]

    def close(self) -> None:
        """End the processes; what they have not begun is left."""
        for pool in self._pools.values():
            pool.shutdown(cancel_futures=True)
        self._pools = {}

    def _pool(self, number: int) -> ProcessPoolExecutor:
        if number not in self._pools:
            context = multiprocessing.get_context("spawn")
            self._pools[number] = ProcessPoolExecutor(
                1, mp_context=context, initializer=_start, initargs=(self._settings,)
            )
        return self._pools[number]


def made_by_season(
    platform: Platform, contract: Table, days: Sequence[dt.date], scope: Scope | None
) -> Iterator[tuple[list[dt.date], Made | Exception]]:
    """Make the dates season by season: each season's dates with what was made, or with what its build raised.

    Of a season that fails for good the dates that are to blame are told apart from the others. A failure
    that may be over later is also that of the seasons after it; side by side all are made before the first is told.
    """
    parts = [list(part) for _, part in groupby(sorted(days), season_of)]
    aside = scope is None and contract.dataset in DATASETS and platform.settings.seasons_at_once > 1
    if aside and len(parts) >= AT_LEAST:
        yield from _side_by_side(platform, contract, parts)
        return
    ended: Exception | None = None
    for part in parts:
        if ended is not None:
            yield part, ended
            continue
        for days, made in made_apart(lambda days: make(platform, contract, days, scope), part):
            yield days, made
            if isinstance(made, Exception) and classify(made) == "transient":
                ended = made
        if len(parts) > 1:
            give_back()


def _side_by_side(
    platform: Platform, contract: Table, parts: Sequence[list[dt.date]]
) -> Iterator[tuple[list[dt.date], Made | Exception]]:
    now = platform.clock.now()
    futures = [platform.seasons.submit(contract, part, now) for part in parts]
    wait(futures)
    for part, future in zip(parts, futures, strict=True):
        made = _ended(future)
        if isinstance(made, Exception) and classify(made) == "permanent":
            yield from made_apart(lambda days: make(platform, contract, days, None), part)
        else:
            yield part, made


def _ended(future: Future[Made]) -> Made | Exception:
    try:
        return future.result()
    except BrokenExecutor:
        return TransientError(
            "a process that built a season was killed",
            "if memory was short, NBA_ASSETS_SEASONS_AT_ONCE=1 takes half of it; what is done is kept",
        )
    except Exception as error:  # told to the caller, who logs it with the dates
        return error


_platform: Platform | None = None


def _start(settings: Settings) -> None:
    """Open the stores once a process; it ends with the one that started it, and leaves Ctrl-C to that one.

    No rows are kept: by the time that it reads a season again it has seen all its others.
    """
    global _platform
    from nba_assets.engine.platform import Platform

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    _platform = Platform.open(settings.model_copy(update={"cache_bytes": 0}))


def _make(table: str, days: Sequence[dt.date], now: dt.datetime) -> Made:
    assert _platform is not None
    _platform.clock = FixedClock(now)
    made = make(_platform, tables()[table], days, None)
    give_back()
    return made
