"""The games' model against Elo, walk-forward over the warehouse of NBA_ASSETS_HOME, which is only read.

Ratings that the warehouse does not have are made in memory, a season at a time. The weights are fitted again, each
season's on those before it, and compared with `game_weights.csv`. Raises `PlatformError` for a leak alarm.
"""

from __future__ import annotations

import datetime as dt
import itertools
import time

import pandas as pd
from rich.console import Console
from rich.table import Table

from nba_assets.contracts import tables
from nba_assets.contracts.model import Versioning
from nba_assets.engine.captures import season_of
from nba_assets.engine.graph import read_range
from nba_assets.engine.platform import Platform
from nba_assets.evaluation import games
from nba_assets.modeling.game_weights import as_table, of_season
from nba_assets.transforms import TRANSFORMS

FIRST, LAST = dt.date(2018, 10, 1), dt.date(2025, 11, 9)
RATINGS = ("team_rating", "player_rating")
out = Console()


def main(first: dt.date | None = None, last: dt.date | None = None) -> None:
    """Print the comparison of the range, by default of 2018-19 to 2025-11-09."""
    platform = Platform.open()
    began = time.perf_counter()
    inputs = games.read(platform.warehouse, dt.date.min, dt.date.max)
    out.print(f"read: {time.perf_counter() - began:.1f} s")
    for name in RATINGS:
        if inputs[name].empty:
            began = time.perf_counter()
            inputs[name] = _made(platform, name, inputs["upcoming_team_game_context"]["game_date"])
            out.print(f"{name}, {len(inputs[name]):,} rows: {time.perf_counter() - began:.1f} s")
    for boxed in (True, False):
        began = time.perf_counter()
        found = games.games(inputs, first or FIRST, last or LAST, boxed)
        _show(found, "games with a box score" if boxed else "all final games", time.perf_counter() - began)
        games.refuse_leaks(found)
    _show_weights(inputs)


def _made(platform: Platform, name: str, dates: pd.Series[pd.Timestamp]) -> pd.DataFrame:
    days = sorted({day.date() for day in dates})
    parts = []
    for _, season in itertools.groupby(days, season_of):
        these = list(season)
        inputs = {
            entry.table: platform.warehouse.read(
                entry.table,
                dates=read_range(entry, these),
                columns=entry.columns or None,
                history=tables()[entry.table].versioning is Versioning.CLOSED,
            )
            for entry in tables()[name].inputs
        }
        parts.append(TRANSFORMS[name](inputs, [pd.Timestamp(day) for day in these], None))
    return pd.concat(parts, ignore_index=True)


def _show(found: dict[str, object], what: str, seconds: float) -> None:
    title = f"{what}: {found['n_games']:,} on {found['n_dates']:,} dates, {found['start']} to {found['end']}"
    table = Table("measure", "model", "rival", "difference (95 %)", title=title)
    for name in games.MEASURES:
        rival = "league_total_mae" if name == "total_mae" else f"elo_{name}"
        low, high = (found[f"{name}_diff_{end}"] for end in ("lo", "hi"))
        difference = f"{found[f'{name}_diff']:+.4f} ({low:+.4f} to {high:+.4f})"
        table.add_row(name, f"{found[name]:.4f}", f"{found[rival]:.4f}", difference)
    out.print(table)
    out.print(f"left out: {found['left_out']}; alarms: {found['alarms'] or 'none'}; {seconds:.1f} s")
    out.print(f"floor: {found['floor']}; goal: {found['goal']}")


def _show_weights(inputs: dict[str, pd.DataFrame]) -> None:
    began = time.perf_counter()
    again = as_table(games.refitted(inputs))
    stored = as_table([of_season(int(season)) for season in again["season"]])
    same = "as in" if again.equals(stored) else "not as in"
    out.print(f"weights fitted on earlier seasons, {same} game_weights.csv; {time.perf_counter() - began:.1f} s")
    out.print(again.to_csv(index=False))
