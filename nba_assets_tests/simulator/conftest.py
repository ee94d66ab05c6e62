"""One simulated league for all tests here, its files read back as one who knows only the formats would."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nba_assets.simulator import simulate
from nba_assets.simulator.files import write_day
from nba_assets.simulator.files.folder import Folder
from nba_assets.simulator.season import Season

BULKY = ("nbac_play_by_play", "bigdataball_play_by_play", "bettingpros_player_points_props")
SEED = 7
START, END = dt.date(2025, 10, 21), dt.date(2025, 11, 29)
"""Forty dates, both sides of the change to winter time."""


@dataclass(frozen=True)
class Drops:
    """A folder of drops and what `simulate` said it wrote."""

    folder: Path
    counts: dict[str, int]

    def names(self, prefix: str = "") -> list[str]:
        """Object names, in order."""
        found = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())
        return sorted(name for name in found if name.startswith(prefix))

    def read(self, name: str) -> Any:
        return json.loads((self.folder / name).read_bytes())

    def table(self, name: str, result_set: int = 0) -> pd.DataFrame:
        """A result set of one of the league's tabular answers."""
        found = self.read(name)["resultSets"][result_set]
        return pd.DataFrame(found["rowSet"], columns=found["headers"])

    def tables(self, prefix: str, depth: int, result_set: int = 0) -> pd.DataFrame:
        """The result sets of all files with so many slashes in their names."""
        names = [name for name in self.names(prefix) if name.count("/") == depth]
        return pd.concat([self.table(name, result_set) for name in names], ignore_index=True)

    def final_games(self) -> list[dict[str, Any]]:
        """All games as the schedules after them give them."""
        payloads = (self.read(name) for name in self.names("nba-com/schedule/") if name.endswith("_070000.json"))
        return [game for p in payloads for day in p["leagueSchedule"]["gameDates"] for game in day["games"]]

    def gamebooks(self) -> list[dict[str, Any]]:
        return [self.read(name) for name in self.names("nba-com/gamebooks-data/")]


@pytest.fixture(scope="session")
def drops(tmp_path_factory: pytest.TempPathFactory) -> Drops:
    """The drops of seed 7 from opening night on, without those that tell every play or every book."""
    folder = Folder(tmp_path_factory.mktemp("drops"))
    for day in Season(SEED, START).days(END):
        write_day(folder, day, without=BULKY)
    return Drops(folder.out, dict(folder.written))


@pytest.fixture(scope="session")
def first_dates(tmp_path_factory: pytest.TempPathFactory) -> Drops:
    """Every source's drops of the first three dates."""
    folder = tmp_path_factory.mktemp("first_dates")
    return Drops(folder, simulate(folder, seed=SEED, start=START, end=START + dt.timedelta(days=2)))


@pytest.fixture(scope="session")
def posted(drops: Drops) -> pd.DataFrame:
    """Every outcome of every book: a row a side and line."""
    rows = []
    for name in drops.names("odds-api/player-props/"):
        event = drops.read(name)
        date, matchup = name.split("/")[2], name.split("/")[3][-6:]
        for book in event["bookmakers"]:
            for outcome in book["markets"][0]["outcomes"]:
                captured = pd.Timestamp(book["last_update"])
                tip = pd.Timestamp(event["commence_time"])
                rows.append(
                    {"date": date, "matchup": matchup, "book": book["key"], "captured": captured, "tip": tip, **outcome}
                )
    return pd.DataFrame(rows)
