"""The officials of a date's games, announced on its morning."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nba_assets.simulator.calendar import season_start
from nba_assets.simulator.files.folder import Folder, stamp
from nba_assets.simulator.names import referees
from nba_assets.simulator.season import Day, GameNight

CAPTURED = dt.time(14, 5)
FIRST_CODE = 199_001
"""Of the league's officials."""
FIRST_NUMBER = 4
COLUMNS = ("official1", "official2", "official3", "official4")


def write(folder: Folder, day: Day) -> None:
    """One file with the date's games; the other leagues' tables are empty."""
    rows = [_row(game) for game in day.games]
    nobody: dict[str, Any] = {"Table": {"rows": []}, "Table1": {"rows": []}}
    payload = {"nba": nobody | {"Table": {"rows": rows}}, "gl": nobody, "wnba": nobody}
    name = f"nba-com/referee-assignments/{day.day}/{stamp(day.day, CAPTURED)}.json"
    folder.write("nbac_referee_assignments", name, payload)


def _row(game: GameNight) -> dict[str, Any]:
    day, home, away = game.fixture.day, game.home.team, game.away.team
    crew: dict[str, Any] = {}
    for column, name in zip(COLUMNS, (*game.referees, None), strict=True):
        place = referees().index(name) if name is not None else None
        crew |= {
            column: name,
            f"{column}_code": FIRST_CODE + place if place is not None else None,
            f"{column}_JNum": str(FIRST_NUMBER + place) if place is not None else None,
        }
    return {
        "game_id": game.fixture.game_id,
        "game_date": f"{day:%m/%d/%Y}",
        "season": f"2{season_start(day)}",
        "game_code": f"{day:%Y%m%d}/{away.tricode}{home.tricode}",
        "home_team_id": home.team_id,
        "home_team": home.city,
        "home_team_abbr": home.tricode,
        "away_team_id": away.team_id,
        "away_team": away.city,
        "away_team_abbr": away.tricode,
        **crew,
    }
