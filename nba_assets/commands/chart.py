"""`nba-assets chart`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets import console
from nba_assets.commands.session import opened
from nba_assets.data_origin import data_origin
from nba_assets.defs.plots import zone_chart
from nba_assets.defs.plots.card import png
from nba_assets.defs.plots.season import LONGEST_SEASON, newest_season
from nba_assets.defs.plots.zone_sums import COLUMNS, Side, sides
from nba_assets.errors import PlatformError, UsageError
from nba_assets.storage.files import storage_error

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

TABLE = "team_offense_game_summary"


def run(out: Path, *, team: str, day: dt.date, as_json: bool) -> None:
    """Draw where the team shot and let shoot in its last games before the date, and print the numbers."""
    if out.suffix.lower() != ".png":
        raise UsageError(f"{out} is not a PNG's name", "end it in .png")
    with opened() as platform:
        rows = season_before(platform, day)
        schedule = platform.warehouse.read(
            "nbac_schedule", dates=(rows["game_date"].min().date(), day), columns=["arena_name"]
        )
    teams = sorted(set(rows["team"]))
    if team not in teams:
        raise UsageError(f"no game of {team!r} in the season before {day}", f"teams: {', '.join(teams)}")
    origin = data_origin(schedule)
    shot, allowed = sides(rows, team)
    if not shot.games and not allowed.games:
        raise PlatformError(f"no shot of {team}'s games before {day} was located", "zones need play-by-play: ingest it")
    picture = png(zone_chart.draw(team, str(day), shot, allowed, origin))
    try:
        out.write_bytes(picture)
    except OSError as error:
        raise storage_error(error, f"write {out}") from error
    _say(out, team, shot, allowed, origin, as_json)


def season_before(platform: Platform, day: dt.date) -> pd.DataFrame:
    """All team games of the newest season before the date.

    Raises `PlatformError` if there is none.
    """
    before = day - dt.timedelta(days=1)
    rows = platform.warehouse.read(TABLE, dates=(day - LONGEST_SEASON, before), columns=COLUMNS)
    if rows.empty:
        raise PlatformError(f"no final game in the year before {day}", "nba-assets ingest or nba-assets demo first")
    return newest_season(rows)


def _say(out: Path, team: str, shot: Side, allowed: Side, origin: str, as_json: bool) -> None:
    if as_json:
        found = {"shoots": shot, "allows": allowed}
        zones = {name: console.records(side.zones.reset_index()) for name, side in found.items()}
        games = {name: side.games for name, side in found.items()}
        console.as_json({"picture": str(out), "team": team, "data_origin": origin, "games": games, "zones": zones})
        return
    console.say(
        f"{out}: {team} shoots {int(shot.zones['fga'].sum()):,} located attempts in {shot.games} games,"
        f" allows {int(allowed.zones['fga'].sum()):,} in {allowed.games}. Data: {origin}."
    )
