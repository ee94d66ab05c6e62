"""The platform of one process: settings, clock and the stores, opened together and closed together."""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nba_assets.clock import Clock, SystemClock
from nba_assets.collector import look_seldom
from nba_assets.contracts import tables
from nba_assets.engine.captures import ParseCache, speaking
from nba_assets.engine.newest import Newest
from nba_assets.engine.seasons import SeasonProcesses
from nba_assets.publishing.rows import Record
from nba_assets.settings import Settings
from nba_assets.storage.interfaces import DocumentStore, ObjectStore, Warehouse
from nba_assets.storage.ledger_interface import Ledger

if TYPE_CHECKING:
    from nba_assets.engine.builders import Built

SIGNED_OFF = 1000
"""Documents that are kept to be compared with: a date has up to 700."""
LAST_RAW = 4
"""Raw tables whose last built rows are kept, some megabytes each."""


@dataclass
class Platform:
    """Everything a step, an intake or a release needs. One a process; threads may share it."""

    settings: Settings
    clock: Clock
    warehouse: Warehouse
    landing: ObjectStore
    published: ObjectStore
    private: ObjectStore
    quarantine: ObjectStore
    documents: DocumentStore
    ledger: Ledger
    parses: ParseCache = field(default_factory=ParseCache)
    signed_off: Newest[str, tuple[Record, Record]] = field(default_factory=lambda: Newest(SIGNED_OFF))
    """Bodies and manifest entries of the documents that this process has signed off, by name."""
    last_raw: Newest[str, tuple[tuple[Hashable, ...], Built]] = field(default_factory=lambda: Newest(LAST_RAW))
    """Per raw table of what a date's rows were last built, and the rows."""
    seasons: SeasonProcesses = field(init=False)
    listeners: list[Callable[[str, int, float], None]] = field(default_factory=list)
    """Told of every finished table: its name, the rows built, the seconds taken."""

    def __post_init__(self) -> None:
        self.seasons = SeasonProcesses(self.settings)

    @classmethod
    def open(cls, settings: Settings | None = None, clock: Clock | None = None) -> Platform:
        """Open the back ends of the profile. Raises `PlatformError` where one cannot be had."""
        from nba_assets.storage.opening import open_stores

        settings = settings or Settings()
        stores = open_stores(settings)
        look_seldom()
        return cls(settings=settings, clock=clock or SystemClock(), **stores)

    def close(self) -> None:
        """Give back connections; the embedded Postgres stops when its last process leaves."""
        self.seasons.close()
        self.ledger.close()
        self.documents.close()

    def finished(self, table: str, rows: int, seconds: float) -> None:
        """Tell the listeners that a table is current."""
        for listener in self.listeners:
            listener(table, rows, seconds)

    def capture_index(self, table: str, days: Sequence[dt.date]) -> dict[dt.date, list[str]]:
        """Per date, one line per drop that speaks for it: what a raw build of that date would use."""
        index: dict[dt.date, list[str]] = defaultdict(list)
        for source in tables()[table].sources:
            for drop, spoken_for in speaking(self, source, days):
                line = f"{source} {drop['object_name']} {drop['content_hash']} {drop['known_at'].isoformat()}"
                for day in spoken_for:
                    index[day].append(line)
        return {day: sorted(lines) for day, lines in index.items()}


_shared: Platform | None = None
_lock = threading.Lock()


def shared() -> Platform:
    """This process's platform, opened at first use."""
    global _shared
    with _lock:
        if _shared is None:
            _shared = Platform.open()
        return _shared


def use(platform: Platform | None) -> None:
    """Make `platform` this process's own (None: the next use opens one anew)."""
    global _shared
    with _lock:
        _shared = platform
