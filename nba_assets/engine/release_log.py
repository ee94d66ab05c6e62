"""What a release leaves in the execution log: one row per date, with the drops that it carries to its readers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nba_assets.engine.execution_log import UNCHANGED
from nba_assets.engine.graph import PHASES

if TYPE_CHECKING:
    from nba_assets.engine.manifest import Manifest
    from nba_assets.engine.platform import Platform
    from nba_assets.engine.replay import Replay

PROCESSOR = "published.release"
RELEASE = "release"
"""In a row's metadata: the sequence of the release that has the date as it was then."""


@dataclass(frozen=True)
class ReleaseLog:
    """The log of one publish; `fed_by`: by date the correlation ids of the drops that it carries."""

    platform: Platform
    fed_by: Mapping[dt.date, Sequence[str]]
    started: dt.datetime
    run_id: str
    replay: Replay | None = None
    attempts: Callable[[dt.date], int] = lambda _: 0
    """How often the work of a date has failed so far."""
    inputs: Mapping[dt.date, str] = field(default_factory=dict)
    """By date with rows, the digest of the tables' versions before they were read."""

    def released(self, counts: Mapping[dt.date, int], same: Sequence[dt.date], manifest: Manifest | None) -> None:
        """Dates with new documents (how many), and those (with rows, games or drops) whose are the same."""
        sequence = {RELEASE: manifest["sequence"]} if manifest is not None else {}
        rows: dict[dt.date, dict[str, Any]] = {
            day: {"status": "skipped", "metadata": sequence | {"skip_reason": UNCHANGED}} for day in same
        }
        for day, count in counts.items():
            rows[day] = {"status": "completed", "records_processed": count, "metadata": sequence}
        self._record(rows)

    def refused(self, days: Sequence[dt.date], error: Exception) -> None:
        """The sign-off refused a document; readers see the release before."""
        facts = {"status": "failed", "error_type": type(error).__name__, "error_message": str(error)}
        self._record(dict.fromkeys(days, facts))

    def _record(self, rows: Mapping[dt.date, Mapping[str, Any]]) -> None:
        finished = self.platform.clock.now()
        asked = {} if self.replay is None else {"asked_by": self.replay.asked_by, "forced": False}
        self.platform.ledger.record_executions(
            [
                {
                    "execution_id": uuid.uuid4().hex,
                    "correlation_ids": self.fed_by.get(day, []),
                    "phase": PHASES["published"],
                    "processor_name": PROCESSOR,
                    "event_type": "full_load" if self.replay is None else "replay",
                    "game_date": day,
                    "started_at": self.started,
                    "completed_at": finished,
                    "dependencies_met": True,
                    "records_processed": 0,
                    "run_id": self.run_id,
                    "retry_count": self.attempts(day),
                    "input_hash": self.inputs.get(day),
                    **facts,
                    "metadata": (facts.get("metadata") or {}) | asked,
                }
                for day, facts in rows.items()
            ]
        )
