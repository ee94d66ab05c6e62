"""What a process knows of the log of partitions' versions: it reads the log once, then only what is new."""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator

import pyarrow as pa

OVERLAP = dt.timedelta(minutes=10)
"""Read again each time: a row is stamped moments before its transaction is over, and another may be over sooner."""


class VersionsLog:
    """The newest version of every partition; `written_since` gives the log's rows from a time on (None: all)."""

    def __init__(self, written_since: Callable[[dt.datetime | None], pa.Table]) -> None:
        self._written_since = written_since
        self._until: dt.datetime | None = None
        self._newest: defaultdict[str, dict[str, tuple[dt.datetime, str]]] = defaultdict(dict)
        self._lock = threading.Lock()

    def read(self) -> None:
        """Read what was written since the last call; one session, however much or little there is."""
        since = self._until
        found = self._written_since(since - OVERLAP if since is not None else None)
        columns = [found[name].to_pylist() for name in ("table_name", "game_date", "version", "written_at")]
        with self._lock:
            for table, day, version, written_at in zip(*columns, strict=True):
                known = self._newest[table].get(str(day))
                if known is None or known[0] < written_at:
                    self._newest[table][str(day)] = (written_at, version)
                if self._until is None or self._until < written_at:
                    self._until = written_at

    def of(self, table: str) -> Iterator[tuple[str, str]]:
        """Dates and versions of a table's partitions, in date order."""
        with self._lock:
            known = sorted(self._newest[table].items())
        return ((day, version) for day, (_, version) in known if version)
