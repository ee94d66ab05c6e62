"""A date and a player's update in a warm process, as one that lives all day takes them: own seconds, Dagster apart.

Real files: the season 2024-25 to a date of fifteen games. The dates before are history, the last of them warms the
process up. In the morning the date's schedule and rosters land; a line of one player moves (the rows of those who have
one in his game), and one of another (all rows of his game, as if he were hurt); at night the results land.
"""

from __future__ import annotations

import cProfile
import datetime as dt
import io
import json
import pstats
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from nba_assets.commands.ingest import ingest_folder
from nba_assets.commands.session import PhaseTimes, with_progress
from nba_assets.defs.run import run_refresh
from nba_assets.engine.graph import build_order
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform, use
from nba_assets.engine.refresh import entity_key
from nba_assets.league import by_tricode
from nba_assets.settings import Settings
from nba_assets_tests.benchmarks.real_drops import drops, need_real_data

FIRST, DAY = dt.date(2024, 10, 22), dt.date(2025, 2, 12)
"""The first date of the history, and one of fifteen games."""
SHOWN = 40
"""Functions of a profile that are shown."""
PHASES = {1: "1 landing", 2: "2 raw", 3: "3 analytics", 4: "4 precompute", 5: "5 predictions", 6: "6 published"}


@dataclass(frozen=True)
class Took:
    """Rows computed in Phases 2 to 5, own seconds by phase, and the wall seconds of it all."""

    rows: int
    seconds: dict[int, float]
    wall: float


def main(first: dt.date | None = None, last: dt.date | None = None, *, profiled: bool = False) -> None:
    """Measure a date (`last`) after a history that begins at `first`; `profiled`: by function, and slower for it."""
    need_real_data()
    first, day = first or FIRST, last or DAY
    with tempfile.TemporaryDirectory(prefix="nba_assets_bench_", ignore_cleanup_errors=True) as work:
        platform = Platform.open(Settings(home=Path(work) / "home"))
        use(platform)
        try:
            for name, start, end in (("past", first, day - 2 * _ONE), ("yesterday", day - _ONE, day - _ONE)):
                ingest_folder(platform, drops(Path(work) / name, start, end))
            today = drops(Path(work) / "today", day, day)
            morning = _morning(today, Path(work) / "morning", day)
            timed = _profiled if profiled else _timed
            measured = [("the morning", timed(lambda: ingest_folder(platform, morning)[1]))]
            rows = _rows_of(platform, day)
            men = _men(platform, day)
            for number, (label, kind) in enumerate((("", "line"), ("a line", "line"), ("his game", "player"))):
                folder = Path(work) / f"line{number}"
                _write_line(folder, day, men.iloc[number])
                key = entity_key(day, kind, str(men["player_id"].iloc[number]))
                found = timed(lambda f=folder, k=key: _refreshed(platform, f, k))  # type: ignore[misc]
                measured += [(label, found)] if label else []
            measured.append(("the night", timed(lambda: ingest_folder(platform, today)[1])))
        finally:
            use(None)
            platform.close()
        _show(day, rows, measured)


_ONE = dt.timedelta(days=1)


def _morning(today: Path, folder: Path, day: dt.date) -> Path:
    """Moves what was captured on the date itself into a folder of its own."""
    for path in sorted(today.rglob("*.json")):
        if path.stem.startswith(f"{day:%Y%m%d}"):
            target = folder / path.relative_to(today)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
    return folder


def _timed(action: Callable[[], PhaseTimes]) -> Took:
    began = time.perf_counter()
    times = action()
    wall = time.perf_counter() - began
    return Took(sum(rows for phase, rows in times.rows.items() if 2 <= phase <= 5), times.seconds, wall)


def _profiled(action: Callable[[], PhaseTimes]) -> Took:
    """The same, and our own functions that took longest, with what they call."""
    profile = cProfile.Profile()
    took = _timed(lambda: profile.runcall(action))
    text = io.StringIO()
    pstats.Stats(profile, stream=text).sort_stats("cumulative").print_stats("nba_assets/", SHOWN)
    Console().print(text.getvalue().partition("Ordered by")[2], soft_wrap=True)
    return took


def _refreshed(platform: Platform, folder: Path, key: str) -> PhaseTimes:
    times = PhaseTimes()
    began = time.perf_counter()
    take(platform, scan(folder))
    times.add(1, 1, time.perf_counter() - began)
    with_progress(platform, key, lambda: run_refresh(platform, [key]), times)
    return times


def _rows_of(platform: Platform, day: dt.date) -> int:
    return sum(len(platform.warehouse.read(name, dates=(day, day), history=True)) for name in build_order())


def _men(platform: Platform, day: dt.date) -> pd.DataFrame:
    """Players of the date, of different games."""
    rows = platform.warehouse.read("upcoming_player_game_context", dates=(day, day))
    rows = rows[rows["points_avg_l10"].notna()].sort_values("points_avg_l10", ascending=False)
    return rows.drop_duplicates("game_id", ignore_index=True)


def _write_line(folder: Path, day: dt.date, man: pd.Series) -> None:  # type: ignore[type-arg]
    """A drop of The Odds API with one line of the man, captured an hour before the tip."""
    home, away = (man["team"], man["opponent"]) if man["is_home"] else (man["opponent"], man["team"])
    captured = man["tip_at"] - pd.Timedelta(hours=1)
    point = round(float(man["points_avg_l10"])) + 0.5
    sides = [{"name": n, "description": man["player_name"], "price": -110, "point": point} for n in ("Over", "Under")]
    market = {"key": "player_points", "last_update": f"{captured:%Y-%m-%dT%H:%M:%SZ}", "outcomes": sides}
    payload = {
        "id": "1",
        "sport_key": "basketball_nba",
        "commence_time": f"{man['tip_at']:%Y-%m-%dT%H:%M:%SZ}",
        "home_team": by_tricode()[home].full_name,
        "away_team": by_tricode()[away].full_name,
        "bookmakers": [{"key": "draftkings", "title": "DraftKings", "markets": [market]}],
    }
    name = f"odds-api/player-props/{day}/1-{away}{home}/{captured:%Y%m%d_%H%M%S}-snap-{captured:%H%M}.json"
    path = folder / name
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(payload))


def _show(day: dt.date, rows: int, measured: list[tuple[str, Took]]) -> None:
    table = Table(title=f"{day}, {rows:,} rows in Phases 2 to 5 by noon, in a warm process", title_justify="left")
    for head in ("", *(name for name, _ in measured)):
        table.add_column(head, justify="right" if head else "left")
    table.add_row("rows computed", *(f"{took.rows:,}" for _, took in measured))
    table.add_row("rows by noon to these", *(f"{rows / max(took.rows, 1):,.0f}" for _, took in measured))
    for phase, name in PHASES.items():
        table.add_row(f"{name}, s", *(f"{took.seconds.get(phase, 0.0):.2f}" for _, took in measured))
    table.add_row("own work, s", *(f"{sum(took.seconds.values()):.2f}" for _, took in measured))
    table.add_row("with Dagster, s", *(f"{took.wall:.2f}" for _, took in measured))
    Console().print(table)
