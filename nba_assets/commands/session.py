"""What commands that touch the platform share: opening it, runs with a progress bar, the table per phase."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nba_assets import console
from nba_assets.contracts import tables
from nba_assets.engine import platform as platforms
from nba_assets.engine.graph import PHASES, build_order
from nba_assets.errors import PlatformError

if TYPE_CHECKING:
    from nba_assets.defs.run import RunReport
    from nba_assets.engine.platform import Platform

PHASE_NAMES = {1: "landing", 2: "raw", 3: "analytics", 4: "precompute", 5: "predictions", 6: "published"}


@contextmanager
def opened() -> Iterator[Platform]:
    """The process's platform, closed at the end."""
    platform = platforms.shared()
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
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
        """One line a phase, in order."""
        return [
            [f"{phase} {PHASE_NAMES[phase]}", self.tables[phase], self.rows[phase], round(self.seconds[phase], 2)]
            for phase in sorted(self.tables)
        ]


def phase_of(table: str) -> int:
    """The phase of a table; the release counts as phase 6."""
    return PHASES[tables()[table].dataset] if table in tables() else 6


def with_progress(platform: Platform, title: str, action: Callable[[], RunReport], times: PhaseTimes) -> RunReport:
    """Run `action` under a progress bar over the tables, adding up the times per phase.

    Raises `PlatformError` naming the failed tables and how to see more.
    """
    with console.progress() as bar:
        task = bar.add_task(title, total=len(build_order()) + 1)

        def listener(table: str, rows: int, seconds: float) -> None:
            times.add(phase_of(table), rows, seconds)
            bar.update(task, advance=1, description=f"{title}: {table}")

        platform.listeners.append(listener)
        try:
            report = action()
        finally:
            platform.listeners.remove(listener)
    if not report.success:
        lines = "; ".join(f"{step}: {why}" for step, why in report.failures.items()) or "no step ran"
        raise PlatformError(f"run {report.run_id[:8]} failed: {lines}", "nba-assets status shows what is missing")
    return report
