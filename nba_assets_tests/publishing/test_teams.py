"""A team's document: its newest game on a slate, its last games, who is on its list."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from nba_assets.publishing.rows import Record
from nba_assets_tests.publishing.conftest import body_of, documents
from nba_assets_tests.release_rows import FRIDAY, SATURDAY, facts, frame, utc, weekend

BOSTON = "latest/teams/BOS.json"


def played(day: dt.date, game_id: str, points: int, margin: int) -> Record:
    """A game of Boston's at home."""
    return {
        "game_date": pd.Timestamp(day),
        "game_id": game_id,
        "team": "BOS",
        "opponent": "NYK",
        "is_home": True,
        "won": margin > 0,
        "points": points,
        "margin": margin,
        "pace": 98.76,
        "off_rating": 115.0,
        "def_rating": 110.0,
        "known_at": utc(day, 23),
    }


def test_the_newest_game_the_last_ones_and_the_list() -> None:
    days = [FRIDAY - dt.timedelta(days=n) for n in (*range(1, 26), 400)]
    tables = weekend()
    tables["team_offense_game_summary"] = frame(
        "team_offense_game_summary", [played(day, f"00224{n:05d}", 100 + n, 5 - n) for n, day in enumerate(days)]
    )
    tables["upcoming_player_game_context"] = tables["upcoming_player_game_context"].assign(injury_status="questionable")
    body = body_of(facts(tables), BOSTON)
    data = body["data"]
    assert (body["game_date"], data["name"]) == (str(SATURDAY), "Boston Celtics")
    assert data["next"] == {
        "game_date": str(SATURDAY),
        "game_id": "0022400140",
        "tip_at": "2024-11-02T23:00:00Z",
        "game_status": "scheduled",
        "opponent": "CHA",
        "is_home": False,
    }
    assert [game["game_date"] for game in data["recent"]] == [str(day) for day in days[:20]]
    newest = data["recent"][0]
    assert (newest["points"], newest["opponent_points"], newest["won"], newest["pace"]) == (100, 95, True, 98.8)
    assert [(man["name"], man["injury_status"]) for man in data["roster"]] == [("Jayson Tatum", "questionable")]


def test_it_is_the_same_whichever_of_its_dates_is_published() -> None:
    tables = weekend()
    whole = documents(facts(tables))[BOSTON]
    for day in (FRIDAY, SATURDAY):
        assert documents(facts(tables, day))[BOSTON] == whole


def test_a_game_that_is_postponed_says_so() -> None:
    tables = weekend()
    schedule = tables["nbac_schedule"].copy()
    schedule.loc[schedule["game_id"] == "0022400140", "is_postponed"] = True
    tables["nbac_schedule"] = schedule
    assert body_of(facts(tables), BOSTON)["data"]["next"]["game_status"] == "postponed"
