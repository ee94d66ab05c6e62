"""A replay: who asked that something is run again, and what is rebuilt even if nothing changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

TAG = "nba_assets/replay"
"""The tag of a run that is a replay."""


@dataclass(frozen=True)
class Replay:
    """`tables` (full names) are rebuilt on `dates` whatever their input; all else is skipped where it is unchanged."""

    asked_by: str
    tables: frozenset[str] = frozenset()
    dates: frozenset[dt.date] = frozenset()

    def forced(self, table: str, days: Sequence[dt.date]) -> set[dt.date]:
        """Which of the dates of a table are rebuilt whatever their input."""
        return set(self.dates & set(days)) if table in self.tables else set()

    def as_tag(self) -> str:
        """The value of a run's tag."""
        facts = {"asked_by": self.asked_by, "tables": sorted(self.tables), "dates": sorted(self.dates)}
        return orjson.dumps(facts).decode()

    @classmethod
    def of_tags(cls, tags: Mapping[str, str]) -> Replay | None:
        """The replay that a run is, None if it is none."""
        if TAG not in tags:
            return None
        facts = orjson.loads(tags[TAG])
        dates = frozenset(dt.date.fromisoformat(day) for day in facts["dates"])
        return cls(facts["asked_by"], frozenset(facts["tables"]), dates)
