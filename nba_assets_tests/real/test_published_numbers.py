"""The season 2023-24 through the platform's own tables, against the numbers that basketball-reference printed of it.

Equal means: rounded to the printed digits as the site rounds, halves up. In printed units every number is a fraction
with a denominator below 10^8: one that is not exactly a half is 5e-9 or more from it, and a double is closer than that.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import SecretStr

from nba_assets.engine.graph import build_order
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.step import run_step
from nba_assets.settings import Settings
from nba_assets.transforms import box_formulas
from nba_assets_tests.conftest import new_database
from nba_assets_tests.real.identities import broken, capped

FIRST, LAST = dt.date(2023, 10, 24), dt.date(2024, 6, 17)
SOURCES = "schedule,gamebook,team"
"""All that the numbers need; the team box scores name the players."""
TABLES = (
    "nbac_schedule",
    "player_identity",
    "nbac_gamebook_player_stats",
    "nbac_team_boxscore",
    "player_game_summary",
    "team_offense_game_summary",
    "team_defense_game_summary",
)
HALF = 1e-9
"""Of a printed unit: a number nearer to a half is that half."""

OF_TEAMS = {
    "pace": ("pace", 1, 1),
    "off_rating": ("off_rtg", 1, 1),
    "efg_pct": ("efg_pct", 1, 3),
    "oreb_pct": ("orb_pct", 100, 1),
    "ft_rate": ("ft_rate", 1, 3),
}
OF_PLAYERS = {
    "ts_pct": ("ts_pct", 1, 3),
    "efg_pct": ("efg_pct", 1, 3),
    "tov_pct": ("tov_pct", 100, 1),
    "usage_rate": ("usg_pct", 1, 1),
    "oreb_pct": ("orb_pct", 100, 1),
    "dreb_pct": ("drb_pct", 100, 1),
}
"""Our column: the printed one, how many of its units ours is, its decimals."""

NOTHING_TO_ASSIST = {
    "2023-10-24 Jalen Pickett": "0.0",
    "2023-10-28 Cole Swider": "0.0",
    "2023-10-28 Dalen Terry": "0.0",
    "2023-11-12 Brandin Podziemski": "0.0",
    "2023-11-12 Trayce Jackson-Davis": "-1000.0",
    "2023-11-17 Eugene Omoruyi": "0.0",
    "2023-12-08 Saben Lee": "0.0",
    "2023-12-12 Terry Taylor": "0.0",
    "2023-12-18 Luka Šamanić": "0.0",
    "2023-12-27 Jett Howard": "0.0",
    "2024-01-06 Jared Butler": "-1000.0",
    "2024-01-06 Oscar Tshiebwe": "0.0",
    "2024-01-19 Terquavion Smith": "0.0",
    "2024-01-23 Maxwell Lewis": "0.0",
    "2024-01-24 Patrick Baldwin Jr.": "0.0",
    "2024-01-26 Taze Moore": "0.0",
    "2024-02-02 Collin Gillespie": "0.0",
    "2024-02-28 A.J. Lawson": "0.0",
    "2024-03-13 Kessler Edwards": "0.0",
    "2024-03-13 Trendon Watford": "0.0",
    "2024-03-14 Jules Bernard": "0.0",
    "2024-03-15 Nick Smith Jr.": "0.0",
    "2024-03-16 Josh Minott": "0.0",
    "2024-03-17 David Roddy": "0.0",
    "2024-03-17 Xavier Moon": "-178.2",
    "2024-03-21 A.J. Lawson": "0.0",
    "2024-03-26 Gui Santos": "0.0",
    "2024-03-27 Mãozinha Pereira": "0.0",
    "2024-03-29 Hunter Tyson": "0.0",
    "2024-03-31 Jamal Cain": "0.0",
    "2024-04-02 Colby Jones": "0.0",
    "2024-04-09 Nassir Little": "0.0",
    "2024-04-10 Olivier-Maxence Prosper": "0.0",
    "2024-04-23 Nassir Little": "0.0",
    "2024-05-30 Luka Garza": "0.0",
}
"""Men with a few minutes who made all that their team makes in so many, or more: no field goal of another was left for
them to assist. The site prints the quotient all the same, down to -1000; ours is null. By game and player, as printed.
"""

NEVER_ON_THE_FLOOR = [
    "2023-11-01 Trayce Jackson-Davis",
    "2023-11-03 Bismack Biyombo",
    "2023-11-08 Bol Bol",
    "2023-11-22 Justin Holiday",
    "2023-11-27 Jay Huff",
    "2023-11-28 Seth Curry",
    "2023-12-26 Cody Zeller",
    "2024-03-09 Jontay Porter",
    "2024-03-13 Isaiah Jackson",
    "2024-05-15 Dwight Powell",
]
"""Printed among those who played, with 0:00 and nothing else to their name: they did not."""


@dataclass(frozen=True, repr=False)
class Season:
    """The current rows of three tables; those with a printed row have its columns under `said_`."""

    players: pd.DataFrame
    played: pd.DataFrame
    offense: pd.DataFrame
    defense: pd.DataFrame


@pytest.fixture(scope="module")
def season(shared: Path, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Season:
    work = tmp_path_factory.mktemp("season")
    tool = [sys.executable, str(shared / "tools" / "make_real_drops.py"), str(work / "drops")]
    span = ["--start", str(FIRST), "--end", str(LAST), "--sources", SOURCES]
    subprocess.run([*tool, *span], check=True, capture_output=True)
    days = list(pd.date_range(FIRST, LAST))
    with new_database(postgres) as url:
        platform = Platform.open(Settings(home=work / "home", database_url=SecretStr(url)))
        take(platform, scan(work / "drops"))
        for name in (name for name in build_order() if name in TABLES):
            run_step(platform, name, days)
        players, offense, defense = (platform.warehouse.read(name) for name in TABLES[-3:])
        platform.close()
    men, teams = (printed(shared, kind) for kind in ("players", "teams"))
    played = players[players["status"] == "played"]
    return Season(
        players,
        beside(played, men, "player_id"),
        beside(offense, teams, "team"),
        beside(defense, teams.rename(columns={"said_team": "said_opponent"}), "opponent"),
    )


def printed(shared: Path, kind: str) -> pd.DataFrame:
    """The site's file as text, every column under `said_`."""
    file = shared / "data" / "facts" / "boxscores" / f"advanced_{kind}_2023_24.csv.gz"
    said = pd.read_csv(file, dtype=str, keep_default_na=False).add_prefix("said_")
    return said.assign(game_date=pd.to_datetime(said["said_date"]).astype("datetime64[us]"))


def beside(rows: pd.DataFrame, said: pd.DataFrame, key: str) -> pd.DataFrame:
    """Our rows and the printed ones of the same date and `key`, also those without the other; `_merge` says which."""
    theirs = said.assign(**{key: said[f"said_{key}"].astype("string[pyarrow]")})
    return rows.merge(theirs, on=["game_date", key], how="outer", indicator=True, validate="one_to_one")


def unlike(values: pd.Series[Any], said: pd.Series[str], times: float, decimals: int) -> np.ndarray[Any, Any]:
    """Which of our numbers are not what is printed: other digits, or a number on one side only."""
    units = values.to_numpy(dtype=np.float64) * times * 10**decimals
    from_half = np.abs(np.abs(units - np.rint(units)) - 0.5)
    assert not ((from_half > HALF / 10) & (from_half < 4 * HALF)).any(), "neither a half nor far enough from one"
    theirs = np.rint(pd.to_numeric(said).to_numpy(dtype=np.float64) * 10**decimals)
    ours = np.floor(units + 0.5 + HALF)
    return np.asarray(~((ours == theirs) | (np.isnan(ours) & np.isnan(theirs))))


def named(rows: pd.DataFrame) -> list[str]:
    return sorted(rows["said_date"] + " " + rows["said_player"])


def test_every_game_of_the_season_is_there(season: Season) -> None:
    for rows in (season.offense, season.defense):
        assert (rows["_merge"] == "both").all() and len(rows) == 2638
    assert season.offense["team_turnovers_known"].all()
    games = season.offense.drop_duplicates("game_id")
    assert games["ot_periods"].value_counts().to_dict() == {0: 1257, 1: 54, 2: 8}


@pytest.mark.parametrize("name", OF_TEAMS)
def test_both_teams_of_every_game_to_the_last_digit(season: Season, name: str) -> None:
    column, times, decimals = OF_TEAMS[name]
    rows = season.offense
    off = unlike(rows[name], rows[f"said_{column}"], times, decimals)
    assert rows[off].empty, rows.loc[off, ["said_date", "team", name, f"said_{column}"]].head()


def test_the_pace_of_overtime_is_by_its_length(season: Season) -> None:
    rows = season.offense[season.offense["ot_periods"] > 0]
    assert len(rows) == 124
    of_48_minutes = rows["pace"] * rows["minutes"].astype("float64") / 240.0
    assert unlike(of_48_minutes, rows["said_pace"], 1, 1).all()


def test_what_a_team_allows_is_what_its_opponent_scores(season: Season) -> None:
    rows = season.defense
    assert not unlike(rows["def_rating"], rows["said_off_rtg"], 1, 1).any()


def test_printed_turnovers_of_a_team_are_its_players_and_its_own(season: Season) -> None:
    """The site's TOV% of a team counts both; `tov_pct` of our table its players' alone."""
    rows = season.offense
    counts = {name: rows[name].to_numpy(dtype=np.float64) for name in ("fga", "fta", "tov", "team_turnovers")}
    both = counts | {"tov": counts["tov"] + counts["team_turnovers"]}
    assert not unlike(pd.Series(box_formulas.tov_pct(both)), rows["said_tov_pct"], 100, 1).any()
    of_players = unlike(rows["tov_pct"], rows["said_tov_pct"], 100, 1)
    assert of_players.sum() == 1361 and (counts["team_turnovers"][of_players] > 0).all()


def test_every_man_who_played_is_there(season: Season) -> None:
    only_said = season.played[season.played["_merge"] == "right_only"]
    assert season.played["_merge"].value_counts().to_dict() == {"both": 28221, "right_only": 10, "left_only": 0}
    assert named(only_said) == NEVER_ON_THE_FLOOR
    assert (only_said["said_seconds"] == "0").all() and (only_said[["said_ts_pct", "said_usg_pct"]] == "").all(None)
    listed = season.players.merge(only_said[["game_date", "player_id"]], on=["game_date", "player_id"])
    assert list(listed["status"]) == ["dnp"] * 10


@pytest.mark.parametrize("name", OF_PLAYERS)
def test_every_man_of_every_game_to_the_last_digit(season: Season, name: str) -> None:
    column, times, decimals = OF_PLAYERS[name]
    rows = season.played
    off = unlike(rows[name], rows[f"said_{column}"], times, decimals)
    assert rows[off].empty, rows.loc[off, ["said_date", "said_player", name, f"said_{column}"]].head()
    assert rows[name].notna().sum() > 26_000


def test_assists_are_null_where_there_was_nothing_to_assist(season: Season) -> None:
    rows = season.played
    off = rows[unlike(rows["ast_pct"], rows["said_ast_pct"], 100, 1)]
    assert dict(zip(named(off), off.sort_values(["said_date", "said_player"])["said_ast_pct"], strict=True)) == (
        NOTHING_TO_ASSIST
    )
    assert off["ast_pct"].isna().all() and len(off) / rows["ast_pct"].count() < 0.002
    made = season.offense.set_index(["game_id", "team"])["fgm"]
    team = made.reindex(pd.MultiIndex.from_frame(off[["game_id", "team"]])).to_numpy(dtype=np.float64)
    minutes = off["minutes"].to_numpy() / (48.0 + 5.0 * off["ot_periods"].to_numpy(dtype=np.float64))
    others = minutes * team - off["fgm"].to_numpy(dtype=np.float64)
    assert (others <= 0).all()
    quotient = np.maximum(off["ast"].to_numpy(dtype=np.float64) / others, -10.0)
    assert not unlike(pd.Series(quotient), off["said_ast_pct"].reset_index(drop=True), 100, 1).any()


def test_the_site_rounds_halves_up(season: Season) -> None:
    """Of 16 shots, say: 0.5625 is printed as .563, where rounding to even gives .562."""
    rows = season.played
    thousandths = 1000 * rows["efg_pct"].to_numpy()
    halves = np.abs(thousandths - np.floor(thousandths) - 0.5) <= HALF
    even = halves & (np.floor(thousandths) % 2 == 0)
    assert (halves.sum(), even.sum()) == (861, 433)
    theirs = pd.to_numeric(rows["said_efg_pct"]).to_numpy()
    assert (np.rint(1000 * theirs[halves]) == np.floor(thousandths[halves]) + 1).all()


def test_the_seasons_numbers_fit_together(season: Season) -> None:
    found = broken(season.players, season.offense)
    assert len(found) == 4 and not any(found.values()), found
    assert len(capped(season.players)) == 7


def test_numbers_that_do_not_fit_are_named(season: Season) -> None:
    """Of one game: a possession more for one team, a rebound rate and a man's usage moved."""
    side = season.offense.iloc[0]
    label = f"{side['game_id']} {side['team']}"
    teams, players = season.offense.head(400).copy(), season.players
    place = teams.index[0]
    teams.loc[place, ["possessions", "net_rating", "oreb_pct"]] += [1.0, 0.1, 0.01]
    own = players[(players["game_id"] == side["game_id"]) & (players["team"] == side["team"])]
    own = own.assign(usage_rate=own["usage_rate"].where(own["usage_rate"] != own["usage_rate"].max(), 1.0))
    found = broken(own, teams[teams["game_id"] == side["game_id"]])
    assert list(found.values()) == [[side["game_id"]], [side["game_id"]], [label], [label]]
