"""The books' game lines, and BettingPros' view of the same books' player lines."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nba_assets import sources
from nba_assets.simulator.files import bettingpros_player_points_props as bettingpros
from nba_assets.simulator.files import odds_api_game_lines as game_lines
from nba_assets.simulator.files import odds_api_player_points_props as props
from nba_assets.simulator.files.folder import Folder
from nba_assets.simulator.game_market import GameOpinions, game_quotes
from nba_assets.simulator.market import BOOKS, normal
from nba_assets.simulator.season import Day, Season
from nba_assets.sources.names import player_lookup, without_suffix
from nba_assets.sources.parsed import Outcome

START, END = dt.date(2025, 10, 21), dt.date(2025, 11, 24)
WRITERS = {
    "odds_api_game_lines": game_lines.write,
    "bettingpros_player_points_props": bettingpros.write,
    "odds_api_player_points_props": props.write,
}
PLACE = {"odds_api_game_lines": "odds-api/game-lines", "bettingpros_player_points_props": "bettingpros/player-props"}
PLACE["odds_api_player_points_props"] = "odds-api/player-props"
GAME = ["game_date", "home_tricode"]


@pytest.fixture(scope="module")
def days() -> list[Day]:
    return list(Season(7, START).days(END))


@pytest.fixture(scope="module")
def tables(days: list[Day], tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """What the parsers make of the files; every one of them is whole."""
    out = tmp_path_factory.mktemp("books")
    written(out, days)
    found = {}
    for source, place in PLACE.items():
        parsed = []
        for path in sorted((out / place).rglob("*.json")):
            one = sources.parse(source, path.read_bytes(), path.relative_to(out).as_posix())
            assert one.outcome is Outcome.OK, (path, one.rejects)
            parsed.append(one.rows)
        found[source] = pd.concat(parsed, ignore_index=True)
    return found


def written(out: Path, days: list[Day]) -> dict[str, bytes]:
    folder = Folder(out)
    for day in days:
        for write in WRITERS.values():
            write(folder, day)
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.json")}


@pytest.fixture(scope="module")
def late(days: list[Day], tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Each game's median lines at the late capture, beside its result."""
    lines = tables["odds_api_game_lines"]
    lines = lines[pd.to_datetime(lines["captured_at"], utc=True).dt.hour == 22]
    numbers = ["home_spread", "total", "home_ml_price"]
    found = lines.astype(dict.fromkeys(numbers, float)).groupby(GAME)[numbers].median()
    for day in days:
        for game in day.games:
            key = (pd.Timestamp(day.day), game.home.team.tricode)
            found.loc[key, "margin"] = game.home.result.points - game.away.result.points
            found.loc[key, "points"] = game.home.result.points + game.away.result.points
    return found


def test_six_books_post_three_markets_of_every_game_twice_before_its_tip(
    days: list[Day], tables: dict[str, pd.DataFrame]
) -> None:
    lines = tables["odds_api_game_lines"]
    games = sum(len(day.games) for day in days)
    assert len(lines) == games * 2 * len(BOOKS)
    assert lines.drop(columns="game_id").notna().all().all()
    assert (pd.to_datetime(lines["captured_at"], utc=True) < pd.to_datetime(lines["starts_at"], utc=True)).all()
    assert lines["home_spread"].abs().max() <= 30 and lines["total"].between(180, 280).all()
    assert ((lines["total"] * 2) % 1 == 0).all() and ((lines["home_spread"] * 2) % 1 == 0).all()


def test_lines_stand_around_what_happens(late: pd.DataFrame) -> None:
    assert len(late) > 180
    assert abs((late["margin"] + late["home_spread"]).mean()) < 3.5
    assert abs((late["points"] - late["total"]).mean()) < 4.5
    assert late["margin"].corr(-late["home_spread"]) > 0.05
    favourite = late["home_spread"] <= -2
    assert (late.loc[favourite, "home_ml_price"] < -110).all()
    assert (late.loc[late["home_spread"] >= 2, "home_ml_price"] > 100).all()


def test_prices_hold_about_six_percent(tables: dict[str, pd.DataFrame]) -> None:
    lines = tables["odds_api_game_lines"]
    for home, away in (("home_ml", "away_ml"), ("over", "under"), ("home_spread", "away_spread")):
        prices = (lines[f"{side}_price"].astype(float) for side in (home, away))
        total = sum(np.where(p < 0, -p / (100 - p), 100 / (100 + p)) for p in prices)
        assert np.logical_and(total > 1.03, total < 1.10).all()


def test_a_line_by_hand() -> None:
    opinions = GameOpinions(np.zeros((2, 2)), np.zeros((2, len(BOOKS), 2)))
    quotes = game_quotes(opinions, "late", (115.0, 110.0))
    assert [(quote.spread, quote.total) for quote in quotes] == [(-5.0, 226.0)] * len(BOOKS)
    assert quotes[0].spread_prices == (-115, -115)
    assert normal(5 / 15) == pytest.approx(0.6306, abs=0.0005)
    assert quotes[3].moneyline == (-195, 150), "0.6306 + 0.031 and 0.3694 + 0.031"


def test_bettingpros_lists_the_same_books_at_the_same_lines(tables: dict[str, pd.DataFrame]) -> None:
    theirs, ours = (tables[f"{name}_player_points_props"].copy() for name in ("bettingpros", "odds_api"))
    ours = ours[pd.to_datetime(ours["captured_at"], utc=True).dt.strftime("%H:%M").isin(["17:00", "22:00"])].copy()
    for frame in (theirs, ours):
        frame["who"] = frame["player_name"].map(without_suffix).map(player_lookup)
        frame["hour"] = pd.to_datetime(frame["captured_at"], utc=True).dt.hour
    key = [*GAME, "who", "hour", "book"]
    pick_em = theirs["book"] == "prizepicks"
    assert set(theirs["book"]) == {"betmgm", "betrivers", "caesars", "draftkings", "fanduel", "prizepicks"}
    assert theirs.loc[pick_em, "is_dfs"].all() and not theirs.loc[~pick_em, "is_dfs"].any()
    standing = theirs[theirs["is_active"].astype(bool) & ~pick_em]
    both = standing.merge(ours, on=key, suffixes=("", "_ours"))
    assert len(both) == len(standing) > 10_000
    for column in ("line", "over_price", "under_price"):
        assert both[column].astype(float).equals(both[f"{column}_ours"].astype(float)), column
    gone = theirs[~theirs["is_active"].astype(bool)]
    assert 0 < len(gone) < 0.1 * len(theirs) and set(gone["hour"]) == {22}
    assert gone.merge(ours, on=key).empty, "a line that was taken down is not posted elsewhere"


def test_bettingpros_marks_one_line_as_the_best_and_keeps_the_opening(tables: dict[str, pd.DataFrame]) -> None:
    rows = tables["bettingpros_player_points_props"]
    assert rows["is_best"].mean() > 0.1
    opening = rows.groupby([*GAME, "player_name"])["opening_line"].nunique(dropna=False)
    assert (opening == 1).all()


def test_the_same_seed_gives_the_same_bytes_whatever_the_end(days: list[Day], tmp_path: Path) -> None:
    one = written(tmp_path / "one", days[:3])
    again = written(tmp_path / "again", list(Season(7, START).days(days[2].day)))
    assert one == again
    other = written(tmp_path / "other", list(Season(8, START).days(days[0].day)))
    assert not set(one.values()) & set(other.values())
