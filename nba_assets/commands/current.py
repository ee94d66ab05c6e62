"""What commands do once they know which dates are no longer current: report the landing zone, run the range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nba_assets.commands.session import PhaseTimes, with_progress

if TYPE_CHECKING:
    from nba_assets.engine.ingest import Window
    from nba_assets.engine.intake import IntakeResult
    from nba_assets.engine.platform import Platform
    from nba_assets.storage.records import Drop


def landed(platform: Platform, result: IntakeResult) -> None:
    """Tell Dagster of the dates whose drops changed."""
    from nba_assets.defs.run import report_landing

    report_landing(platform, result.dirty)


def make_current(platform: Platform, window: Window, times: PhaseTimes, drops: Sequence[Drop] = ()) -> None:
    """All phases of the window's dates, for these drops, with progress on stderr; what is unchanged is skipped."""
    from nba_assets.defs.run import run_range

    title = f"{window.first} to {window.last}"
    with_progress(platform, title, lambda: run_range(platform, window.first, window.last), times, drops=drops)
