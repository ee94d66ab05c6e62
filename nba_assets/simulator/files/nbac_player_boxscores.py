"""The league's game log of a date's players."""

from __future__ import annotations

import datetime as dt

from nba_assets.simulator.files.folder import Folder, morning_after
from nba_assets.simulator.files.game_log import leading, log
from nba_assets.simulator.files.league_tables import minutes, stat_line
from nba_assets.simulator.season import Day

CAPTURED = dt.time(7, 5)
WHO = ["PLAYER_ID", "PLAYER_NAME"]


def write(folder: Folder, day: Day) -> None:
    """One file: everybody who played on the date, with whole minutes."""
    rows = [
        [
            *leading(day.day, [line.player.player_id, line.player.full_name], game, own, other),
            minutes(line.seconds),
            *stat_line(line.counts, line.plus_minus),
            1,
        ]
        for game in day.games
        for own, other in game.sides
        for line in own.active
        if line.counts is not None
    ]
    name = f"nba-com/player-boxscores/{day.day}/{morning_after(day.day, CAPTURED)}.json"
    folder.write("nbac_player_boxscores", name, log(day, "P", WHO, rows))
