"""What a step leaves in the execution log: one row per date, done, failed or skipped, with what it used and wrote."""

from __future__ import annotations

import datetime as dt
import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nba_assets.contracts.model import Table
from nba_assets.engine.graph import PHASES
from nba_assets.engine.making import Made

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.engine.replay import Replay
    from nba_assets.scope import Scope


UNCHANGED = "unchanged"
NOTHING = "nothing to do"
WAITING = "waiting for "
"""Reasons for which a date is skipped; the last is followed by the critical inputs that it lacks."""


@dataclass(frozen=True)
class Plan:
    """Per date: the hash of everything the build would use, whether there is anything at all, and what is missing.

    `versions`: of each input, the version of every partition, by ISO date.
    """

    input_hash: dict[dt.date, str]
    present: set[dt.date]
    missing: dict[dt.date, list[str]]
    versions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ExecutionLog:
    """The log of one step."""

    platform: Platform
    contract: Table
    plan: Plan
    fed_by: Mapping[dt.date, Sequence[str]]
    """By date, the correlation ids of the drops that the step takes up."""
    started: dt.datetime
    run_id: str
    scope: Scope | None
    replay: Replay | None = None
    attempts: Callable[[dt.date], int] = lambda _: 0
    """How often the work of a date has failed so far."""

    def completed(self, days: Sequence[dt.date], made: Made, written: Mapping[str, str]) -> None:
        """The dates were built; one with rows that are not known yet is due again, whatever its inputs."""
        self._record(
            days,
            lambda day: {
                "status": "completed",
                "records_processed": made.rows.get(day, 0),
                "input_hash": "" if day in made.unripe or self.scope is not None else self.plan.input_hash[day],
                "output_hash": written.get(str(day), ""),
            },
        )

    def skipped(self, days: Sequence[dt.date], written: Mapping[str, str]) -> None:
        """The dates were not built: see `skip_reason`; one with nothing to do is in the log if a drop names it."""
        reasons = {day: self.skip_reason(day, str(day) in written) for day in days}
        self._record(
            [day for day in days if reasons[day] != NOTHING or self.fed_by.get(day)],
            lambda day: {
                "status": "skipped",
                "records_processed": 0,
                "input_hash": self.plan.input_hash[day] if reasons[day] != NOTHING else None,
                "output_hash": written.get(str(day), ""),
                "metadata": {"skip_reason": reasons[day]},
            },
        )

    def skip_reason(self, day: dt.date, written: bool) -> str:
        """Why a date is not built: no input has rows of it, it waits for critical ones, or all is as it was."""
        if day not in self.plan.present:
            return NOTHING
        if self.plan.missing[day] and not written and self.contract.dataset != "nba_raw":
            return f"{WAITING}{', '.join(self.plan.missing[day])}"
        return UNCHANGED

    def failed(self, days: Sequence[dt.date], error: Exception) -> None:
        """The build or the write raised; nothing of it is in the table."""
        message = "".join(traceback.format_exception_only(error)).strip()
        facts = {"status": "failed", "error_type": type(error).__name__, "error_message": message}
        self._record(days, lambda day: {**facts, "input_hash": self.plan.input_hash[day]})

    def _record(self, days: Sequence[dt.date], facts: Any) -> None:
        if not days:
            return
        finished = self.platform.clock.now()
        self.platform.ledger.record_executions(
            [
                {
                    "execution_id": uuid.uuid4().hex,
                    "correlation_ids": self.fed_by.get(day, []),
                    "phase": PHASES[self.contract.dataset],
                    "processor_name": self.contract.full_name,
                    "event_type": self._event_type(),
                    "game_date": day,
                    "scope": "" if self.scope is None else ",".join(sorted(self.scope.games or self.scope.players)),
                    "affected_entities": self._entities(),
                    "started_at": self.started,
                    "completed_at": finished,
                    "dependencies_met": not self.plan.missing[day],
                    "missing_dependencies": self.plan.missing[day],
                    "run_id": self.run_id,
                    "retry_count": self.attempts(day),
                    "metadata": self._metadata(day),
                    **facts(day),
                }
                for day in days
            ]
        )

    def _event_type(self) -> str:
        if self.replay is not None:
            return "replay"
        return "full_load" if self.scope is None else "incremental"

    def _metadata(self, day: dt.date) -> dict[str, Any] | None:
        if self.replay is None:
            return None
        forced = bool(self.replay.forced(self.contract.full_name, [day]))
        return {"asked_by": self.replay.asked_by, "forced": forced}

    def _entities(self) -> dict[str, list[str]]:
        if self.scope is None:
            return {}
        return {name: sorted(getattr(self.scope, name)) for name in ("players", "teams", "games")}
