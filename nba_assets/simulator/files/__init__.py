"""The files of a date, one module per source, each named after the table that its rows become."""

from __future__ import annotations

from nba_assets.simulator.files import (
    bdl_player_boxscores,
    nbac_gamebook_player_stats,
    nbac_player_boxscores,
    nbac_player_list,
    nbac_schedule,
    nbac_team_boxscore,
    odds_api_player_points_props,
)
from nba_assets.simulator.files.folder import Folder
from nba_assets.simulator.season import Day


def write_day(folder: Folder, seed: int, day: Day) -> None:
    """Write every source's files of a date."""
    nbac_schedule.write(folder, day)
    nbac_player_list.write(folder, day)
    nbac_gamebook_player_stats.write(folder, day)
    nbac_player_boxscores.write(folder, day)
    nbac_team_boxscore.write(folder, day)
    bdl_player_boxscores.write(folder, day)
    odds_api_player_points_props.write(folder, seed, day)
