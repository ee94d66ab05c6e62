"""Lines by noon, predictions an hour before the tip, grades at nine: New York's clock, game by game."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from nba_assets.alarms.deadlines import missed_deadlines
from nba_assets.clock import FixedClock
from nba_assets.engine.platform import Platform
from nba_assets.league import LEAGUE_ZONE
from nba_assets_tests.transforms.leagues import day, final, frame, game

EARLY = game("11-01", 1, "BOS", "NYK")
"""Tips at 20:00 in New York, daylight saving time."""
LATE = game("11-01", 2, "DEN", "LAL", tip_at=pd.Timestamp("2024-11-02 02:00", tz="UTC"))
PLAYER, GAME = "player_points_predictions", "game_predictions"


def new_york(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2024-{text}").replace(tzinfo=LEAGUE_ZONE).astimezone(dt.UTC)


def write(platform: Platform, table: str, *rows: dict[str, Any]) -> None:
    made = frame(table, list(rows))
    platform.warehouse.replace(table, sorted({*made["game_date"].dt.date}), made)


def of(played: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """A row of a game in some table."""
    return {"game_date": played["game_date"], "game_id": played["game_id"]} | facts


def missed(platform: Platform, clock: FixedClock, text: str) -> dict[str, str]:
    """By cause, what is said at a time in New York."""
    clock.moment = new_york(text)
    return {cause.cause: cause.message for cause in missed_deadlines(platform)}


def test_a_date_without_games_has_no_deadlines(desk: Platform, clock: FixedClock) -> None:
    assert missed(desk, clock, "11-01 23:59") == {}


def test_lines_are_due_at_noon_in_new_york(desk: Platform, clock: FixedClock) -> None:
    write(desk, "nbac_schedule", EARLY, LATE)
    write(desk, "odds_api_player_points_props", of(EARLY, player_id="1"))
    assert missed(desk, clock, "11-01 11:59") == {}
    assert missed(desk, clock, "11-01 12:00") == {
        "missed_deadlines|lines|2024-11-01": (
            "lines of 2024-11-01 were due at 2024-11-01 16:00 UTC and are missing for DEN@LAL (no lines): nba-assets"
            " fetch odds_api_player_points_props --date 2024-11-01, or import-lines"
        )
    }
    write(desk, "bettingpros_player_points_props", of(LATE, player_id="2"))
    assert missed(desk, clock, "11-01 12:05") == {}


def test_predictions_are_due_an_hour_before_the_tip_of_each_game(desk: Platform, clock: FixedClock) -> None:
    write(desk, "nbac_schedule", EARLY, LATE)
    write(desk, "odds_api_player_points_props", of(EARLY, player_id="1"), of(LATE, player_id="2"))
    cause = "missed_deadlines|predictions|2024-11-01"
    assert missed(desk, clock, "11-01 18:59") == {}
    (said,) = missed(desk, clock, "11-01 19:00").values()
    assert f"BOS@NYK (no {PLAYER} and no {GAME}): nba-assets status --date 2024-11-01" in said and "DEN" not in said
    assert "DEN@LAL" in missed(desk, clock, "11-01 21:00")[cause]
    write(desk, PLAYER, of(EARLY, player_id="1"), of(LATE, player_id="2"))
    write(desk, GAME, of(LATE))
    assert f"BOS@NYK (no {GAME}): " in missed(desk, clock, "11-01 21:00")[cause]
    write(desk, GAME, of(EARLY), of(LATE))
    assert missed(desk, clock, "11-01 21:00") == {}


def graded(played: dict[str, Any], number: int, result: str, **facts: Any) -> dict[str, Any]:
    return of(played, prediction_id=f"{played['game_id']} {number}", result=result, is_official=True) | facts


def test_grades_of_final_games_are_due_at_nine_the_next_morning(desk: Platform, clock: FixedClock) -> None:
    write(desk, "nbac_schedule", *final(EARLY, 100, 98), LATE)
    both = (of(EARLY, player_id="1"), of(LATE, player_id="2"))
    for table in ("odds_api_player_points_props", PLAYER):
        write(desk, table, *both)
    write(desk, GAME, of(EARLY), of(LATE))
    cause = "missed_deadlines|grades|2024-11-01"
    assert missed(desk, clock, "11-02 08:59") == {}
    said = missed(desk, clock, "11-02 09:00")[cause]
    assert "BOS@NYK (no grades): " in said and "DEN" not in said, "the other game is not final"
    shadow = graded(EARLY, 3, "pending", is_official=False)
    write(desk, "prediction_grades", graded(EARLY, 1, "win"), graded(EARLY, 2, "pending"), shadow)
    assert "BOS@NYK (1 of 2 pending): " in missed(desk, clock, "11-02 09:00")[cause]
    write(desk, "prediction_grades", graded(EARLY, 1, "win"), graded(EARLY, 2, "void", void_reason="dnp"), shadow)
    assert missed(desk, clock, "11-02 09:00") == {}


def test_a_game_that_nobody_predicted_lacks_predictions_not_grades(desk: Platform, clock: FixedClock) -> None:
    write(desk, "nbac_schedule", *final(EARLY, 100, 98))
    write(desk, "odds_api_player_points_props", of(EARLY, player_id="1"))
    assert list(missed(desk, clock, "11-02 09:00")) == ["missed_deadlines|predictions|2024-11-01"]


@pytest.mark.parametrize(("date", "utc_hour"), [("11-02", 16), ("11-03", 17)], ids=["daylight saving", "standard"])
def test_f12_noon_is_an_instant_on_the_days_around_a_change_of_clocks(
    desk: Platform, clock: FixedClock, date: str, utc_hour: int
) -> None:
    write(desk, "nbac_schedule", game(date, 1, "BOS", "NYK", tip_at=pd.Timestamp(f"2024-{date} 23:30", tz="UTC")))
    noon = pd.Timestamp(f"2024-{date}", tz="UTC") + pd.Timedelta(hours=utc_hour)
    clock.moment = (noon - pd.Timedelta(seconds=1)).to_pydatetime()
    assert missed_deadlines(desk) == []
    clock.moment = noon.to_pydatetime()
    assert len(missed_deadlines(desk)) == 1


def test_postponed_games_and_old_dates_are_let_be(desk: Platform, clock: FixedClock) -> None:
    write(desk, "nbac_schedule", EARLY | {"is_postponed": True})
    assert missed(desk, clock, "11-01 23:00") == {}
    write(desk, "nbac_schedule", EARLY)
    assert len(missed(desk, clock, "11-04 23:00")) == 2
    assert missed(desk, clock, "11-05 00:00") == {}


def test_what_lies_far_back_is_not_read(desk: Platform, clock: FixedClock) -> None:
    write(desk, "nbac_schedule", game("10-22", 9, "BOS", "NYK", game_date=day("10-22")))
    assert missed(desk, clock, "11-01 23:00") == {}
