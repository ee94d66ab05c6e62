"""What commands that touch the platform share: opening it, runs with a progress bar, the table per phase."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nba_assets import console
from nba_assets.commands.faults import log
from nba_assets.contracts import tables
from nba_assets.engine import platform as platforms
from nba_assets.engine.graph import PHASES, build_order
from nba_assets.errors import PlatformError
from nba_assets.settings import Settings

if TYPE_CHECKING:
    from nba_assets.defs.run import RunReport
    from nba_assets.engine.platform import Platform
    from nba_assets.storage.records import Drop

PHASE_NAMES = {1: "landing", 2: "raw", 3: "analytics", 4: "precompute", 5: "predictions", 6: "published"}
PHASE_COLUMNS = ("phase", "tables", "rows", "seconds")
INTERRUPTED = "DagsterExecutionInterruptedError"
"""How Dagster names a Ctrl-C in the middle of a step."""


@contextmanager
def opened(*, new: bool = False) -> Iterator[Platform]:
    """The process's platform, closed at the end; only with `new` is a home made where there is none.

    Raises `PlatformError` if there is no home: a mistyped one is not an empty one.
    """
    settings = Settings()
    home = settings.home.absolute()
    if not new and settings.profile == "local" and not home.exists():
        raise PlatformError(
            f"there is no home at {home}", "set NBA_ASSETS_HOME to yours, or make one: nba-assets demo, or ingest"
        )
    platform = platforms.shared()
    try:
        yield platform
    finally:
        platforms.use(None)
        platform.close()


@dataclass
class PhaseTimes:
    """Tables, rows and seconds per phase, as the steps report them."""

    tables: dict[int, int] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)
    seconds: dict[int, float] = field(default_factory=dict)

    def add(self, phase: int, rows: int, seconds: float) -> None:
        self.tables[phase] = self.tables.get(phase, 0) + 1
        self.rows[phase] = self.rows.get(phase, 0) + rows
        self.seconds[phase] = self.seconds.get(phase, 0.0) + seconds

    def lines(self) -> list[list[object]]:
        """One line a phase, in order: `PHASE_COLUMNS`."""
        return [
            [f"{phase} {PHASE_NAMES[phase]}", self.tables[phase], self.rows[phase], round(self.seconds[phase], 2)]
            for phase in sorted(self.tables)
        ]

    def records(self) -> list[dict[str, object]]:
        """The same as JSON has it."""
        return [dict(zip(PHASE_COLUMNS, line, strict=True)) for line in self.lines()]


def account(counts: dict[str, int]) -> str:
    """The ledger's identity in one line."""
    parts = " + ".join(f"{counts[name]:,} {name}" for name in ("applied", "duplicate", "quarantined", "pending"))
    return f"Ledger: {counts['received_total']:,} received = {parts}."


def phase_of(table: str) -> int:
    """The phase of a table; the release counts as phase 6."""
    return PHASES[tables()[table].dataset] if table in tables() else 6


def with_progress(
    platform: Platform,
    title: str,
    action: Callable[[], RunReport],
    times: PhaseTimes,
    from_phase: int = 2,
    drops: Sequence[Drop] = (),
) -> RunReport:
    """Run `action` under a progress bar over the tables from a phase on, adding up the times per phase.

    Of a run that fails the dates beside the failed ones are carried on, and the `drops` that it was for stay pending
    until what failed has succeeded. Raises `PlatformError` then, naming the failed tables and the log with their
    tracebacks, `KeyboardInterrupt` if Ctrl-C ended the run.
    """
    with console.progress() as bar:
        task = bar.add_task(title, total=sum(phase_of(table) >= from_phase for table in (*build_order(), "release")))

        def listener(table: str, rows: int, seconds: float) -> None:
            times.add(phase_of(table), rows, seconds)
            bar.update(task, advance=1, description=f"{title}: {table}")

        platform.listeners.append(listener)
        try:
            report = action()
            if not report.success:
                _carry_on(platform, report, drops)
        finally:
            platform.listeners.remove(listener)
    if not report.success:
        raise _failure(platform, report)
    return report


def _carry_on(platform: Platform, report: RunReport, drops: Sequence[Drop]) -> None:
    from nba_assets.defs.take_up import take_up_neighbours

    platform.ledger.hold([drop["correlation_id"] for drop in drops], report.run_id)
    take_up_neighbours(platform, report.run_id)


def _failure(platform: Platform, report: RunReport) -> BaseException:
    if any(INTERRUPTED in why for why in report.failures.values()):
        return KeyboardInterrupt()
    lines = [f"{step.replace('__', '.')}: {_without_class(why)}" for step, why in report.failures.items()]
    where = log(f"run {report.run_id}\n{_tracebacks(platform, report.run_id)}")
    return PlatformError(
        f"run {report.run_id[:8]} failed: {'; '.join(lines) or 'no step ran'}",
        f"put that right and run the same command again, or see nba-assets dead-letters list; {where}",
    )


def _without_class(why: str) -> str:
    """An error's line, without the class if it is one of ours: its message says enough."""
    name, _, message = why.partition(": ")
    return message if name.startswith("nba_assets.errors.") else why


def _tracebacks(platform: Platform, run_id: str) -> str:
    from dagster import DagsterEventType

    from nba_assets.storage.dagster_instance import dagster_instance

    with dagster_instance(platform.settings) as instance:
        entries = instance.all_logs(run_id, of_type=DagsterEventType.STEP_FAILURE)
    errors = [(e.step_key, e.get_dagster_event().step_failure_data.error) for e in entries]
    return "\n".join(f"{step}: {error.to_string()}" for step, error in errors if error is not None)
