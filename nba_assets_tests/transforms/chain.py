"""All ten tables of Phases 3 and 4 from raw rows by hand: Boston at New York, again and again."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nba_assets import contracts
from nba_assets.transforms import TRANSFORMS
from nba_assets_tests.transforms.boxes import POINTS, bdl, gamebook, inputs_of, person, scheduled
from nba_assets_tests.transforms.leagues import game, listing

Rows = list[dict[str, Any]]
Raw = dict[str, Rows]


class Tables(dict[str, pd.DataFrame]):
    """Inputs, and the tables built from them, each when it is first asked for."""

    def __missing__(self, name: str) -> pd.DataFrame:
        if name not in TRANSFORMS:
            raise KeyError(name)
        inputs = {entry.table: self[entry.table] for entry in contracts.table(name).inputs if self.has(entry.table)}
        self[name] = TRANSFORMS[name](inputs, sorted(self["nbac_schedule"]["game_date"].unique()), None)
        return self[name]

    def has(self, name: str) -> bool:
        return name in self or name in TRANSFORMS


LOST = {"BOS": [28, 25, 20, 15, 10], "NYK": [30, 25, 20, 15, 10]}
"""Boston loses by 98 to 100."""
BOSTON, NEW_YORK = ([person(team, n) for n in range(5)] for team in POINTS)
ROSTER = dict.fromkeys(BOSTON, "BOS") | dict.fromkeys(NEW_YORK, "NYK")


def played(
    date: str,
    number: int,
    kind: str = "2",
    points: dict[str, list[int]] = POINTS,
    away: str = "BOS",
    home: str = "NYK",
    **facts: Any,
) -> Raw:
    """A game that was played: its listing and final, the gamebook and BallDontLie's box score of the next morning."""
    listed = game(date, number, away, home, kind, **facts)
    known = (listed["game_date"] + pd.Timedelta(hours=30)).tz_localize("UTC")
    return {
        "schedule": scheduled(listed, away=sum(points[away]), home=sum(points[home])),
        "gamebook": gamebook(listed, points, known),
        "bdl": bdl(listed, points, known),
    }


def ahead(
    date: str,
    number: int = 900,
    kind: str = "2",
    roster: dict[str, str] = ROSTER,
    away: str = "BOS",
    home: str = "NYK",
    **facts: Any,
) -> Raw:
    """A game to come, and the player list of its date."""
    listed = game(date, number, away, home, kind, **facts)
    return {"schedule": [listed], "nbac_player_list": listing(date, roster)}


def told(*parts: Raw) -> Raw:
    """The parts' rows together."""
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: [row for part in parts for row in part.get(name, [])] for name in names}


def tables(raw: Raw) -> Tables:
    """The inputs, and on demand every table, each in one call for all dates of the schedule."""
    return Tables(inputs_of(**raw))


def of_player(found: Tables, table: str, date: str, player: str = "bos0") -> pd.Series[Any]:
    """His current row of the date."""
    return _only(found[table], date, "player_id", player)


def of_team(found: Tables, table: str, date: str, team: str = "BOS") -> pd.Series[Any]:
    """The team's current row of the date."""
    return _only(found[table], date, "team", team)


def _only(rows: pd.DataFrame, date: str, column: str, value: str) -> pd.Series[Any]:
    rows = rows[(rows["game_date"] == pd.Timestamp(f"2024-{date}")) & (rows[column] == value)]
    if "superseded_at" in rows.columns:
        rows = rows[rows["superseded_at"].isna()]
    assert len(rows) == 1, f"{len(rows)} rows"
    return rows.iloc[0]
