"""A source that is late for a game says so by name; off days, and games that are not due, are not late."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from nba_assets.clock import FixedClock
from nba_assets.contracts import tables
from nba_assets.contracts.model import Event
from nba_assets.engine.lateness import Late, late
from nba_assets.engine.platform import Platform
from nba_assets_tests.engine.conftest import Home
from nba_assets_tests.transforms.leagues import at, day, final, frame, game

DATE = dt.date(2024, 11, 1)
TIP = at("11-02 00:00")
FINAL_AT = at("11-02 07:00")
GAME = game("11-01", 101, "BOS", "NYK", arena_name="Garden")
BEFORE = {t.name for t in tables().values() if t.lag is not None and t.lag.event is Event.TIP}
AFTER = {t.name for t in tables().values() if t.lag is not None and t.lag.event is Event.FINAL}


@pytest.fixture
def platform(home: Home) -> Platform:
    return home("late")


def scheduled(platform: Platform, *rows: dict[str, Any]) -> None:
    write(platform, "nbac_schedule", *rows)


def write(platform: Platform, table: str, *rows: dict[str, Any]) -> None:
    made = frame(table, list(rows))
    platform.warehouse.replace(table, sorted({*made["game_date"].dt.date, DATE}), made)


def at_hour(clock: FixedClock, moment: pd.Timestamp) -> None:
    clock.moment = moment.to_pydatetime()


def sources(found: list[Late]) -> set[str]:
    return {each.source for each in found}


def test_every_source_declares_when_it_has_a_game() -> None:
    assert {t.name for t in tables().values() if t.paths} == BEFORE | AFTER


def test_an_off_day_is_late_for_nothing(platform: Platform, clock: FixedClock) -> None:
    at_hour(clock, at("11-02 12:00"))
    assert late(platform) == []


def test_what_is_due_before_the_tip(platform: Platform, clock: FixedClock) -> None:
    scheduled(platform, GAME)
    at_hour(clock, TIP - pd.Timedelta(hours=12))
    assert late(platform) == []
    at_hour(clock, TIP - pd.Timedelta(hours=2))
    assert sources(late(platform)) == {"nbac_referee_assignments"}
    at_hour(clock, TIP)
    assert sources(late(platform)) == BEFORE - {"nbac_schedule"}


def test_the_schedule_is_late_with_its_final(platform: Platform, clock: FixedClock) -> None:
    scheduled(platform, GAME)
    at_hour(clock, TIP + pd.Timedelta(hours=4))
    (found,) = (each for each in late(platform) if each.source == "nbac_schedule")
    assert str(found) == "nbac_schedule is late for BOS@NYK of 2024-11-01 (0022400101): due 2024-11-02 04:00 UTC"
    assert not AFTER & sources(late(platform)), "no box score is due before the final is known"
    scheduled(platform, *final(GAME, 100, 98, known_at=TIP + pd.Timedelta(hours=3)))
    assert "nbac_schedule" not in sources(late(platform))


def test_what_is_due_after_the_final(platform: Platform, clock: FixedClock) -> None:
    scheduled(platform, *final(GAME, 100, 98, known_at=FINAL_AT))
    at_hour(clock, FINAL_AT + pd.Timedelta(hours=2))
    early = {"nbac_play_by_play", "nbac_player_boxscores", "nbac_team_boxscore", "bdl_player_boxscores"}
    assert AFTER & sources(late(platform)) == early
    at_hour(clock, FINAL_AT + pd.Timedelta(hours=12))
    assert sources(late(platform)) >= AFTER


def test_a_game_that_is_there_is_not_late(platform: Platform, clock: FixedClock) -> None:
    other = game("11-01", 102, "DEN", "LAL")
    scheduled(platform, *final(GAME, 100, 98, known_at=FINAL_AT), *final(other, 90, 88, known_at=FINAL_AT))
    row = {"game_date": day("11-01"), "game_id": GAME["game_id"], "player_key": "1", "known_at": FINAL_AT}
    write(platform, "bdl_player_boxscores", row | {"is_final": True})
    at_hour(clock, FINAL_AT + pd.Timedelta(hours=3))
    found = [each.teams for each in late(platform) if each.source == "bdl_player_boxscores"]
    assert found == ["DEN@LAL"]
    write(platform, "bdl_player_boxscores", row | {"is_final": False})
    found = [each.teams for each in late(platform) if each.source == "bdl_player_boxscores"]
    assert found == ["BOS@NYK", "DEN@LAL"], "a live box score is not the final one"


def test_a_list_is_of_its_date(platform: Platform, clock: FixedClock) -> None:
    scheduled(platform, GAME)
    at_hour(clock, TIP)
    assert "nbac_player_list" in sources(late(platform))
    write(platform, "nbac_player_list", {"game_date": day("11-01"), "player_id": "1", "known_at": TIP})
    assert "nbac_player_list" not in sources(late(platform))


@pytest.mark.parametrize(
    "facts",
    [{"is_postponed": True}, {"season_type": "all_star"}, {"season_type": "preseason"}, {"tip_at": None}],
    ids=["postponed", "all-star", "preseason", "no tip yet"],
)
def test_games_that_no_source_owes(platform: Platform, clock: FixedClock, facts: dict[str, Any]) -> None:
    scheduled(platform, GAME | facts)
    at_hour(clock, TIP + pd.Timedelta(hours=20))
    assert late(platform) == []


def test_only_the_last_days_are_looked_at_unless_a_date_is_asked_for(platform: Platform, clock: FixedClock) -> None:
    scheduled(platform, GAME)
    at_hour(clock, at("11-08 12:00"))
    assert late(platform) == []
    assert sources(late(platform, DATE)) == BEFORE
