"""When a source is due: around the games, in New York time, and not at all on dates without any."""

from __future__ import annotations

import datetime as dt

import pytest

from nba_assets.fetching.cadence import GRID, Cadence, Window, due
from nba_assets.fetching.fetchers import Fetcher, fetchers
from nba_assets.fetching.slate import Slate, SlateGame
from nba_assets.league import LEAGUE_ZONE
from nba_assets_tests.fetching.conftest import DAY

LINES = Cadence(window=Window(opens=dt.time(10, 0), closes=dt.timedelta(), every=30), closing=True)
BOXES = Cadence(
    window=Window(opens=dt.timedelta(hours=2), closes=dt.timedelta(hours=4), every=30), next_day=(dt.time(9, 0),)
)


def york(hour: int, minute: int = 0, day: dt.date = DAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), LEAGUE_ZONE).astimezone(dt.UTC)


def slate(*tips: dt.datetime | None, day: dt.date = DAY) -> Slate:
    games = [SlateGame(f"002240010{n}", "BOS", "NYK", tip, 1, "regular", "2024-25") for n, tip in enumerate(tips)]
    return Slate(day, tuple(games))


EVENING = slate(york(19), york(22, 10))


@pytest.mark.parametrize(
    "tick, is_due",
    [
        (york(9, 30), False),
        (york(10), True),
        (york(10, 5), False),
        (york(18, 30), True),
        (york(18, 55), True),
        (york(22, 0), True),
        (york(22, 5), True),
        (york(22, 10), False),
        (york(22, 30), False),
    ],
)
def test_lines_are_captured_until_the_last_tip_and_five_minutes_before_each(tick: dt.datetime, is_due: bool) -> None:
    assert (due(LINES, EVENING, tick) is not None) is is_due


def test_the_closing_capture_says_so() -> None:
    assert due(LINES, EVENING, york(18, 55)) == due(LINES, EVENING, york(22, 5)) == "closing capture"


def test_an_odd_tip_is_captured_on_the_grid_before() -> None:
    odd = slate(york(19, 42))
    assert due(LINES, odd, york(19, 35)) == "closing capture"
    assert due(LINES, odd, york(19, 40)) is None


NEXT = DAY + dt.timedelta(days=1)


@pytest.mark.parametrize(
    "tick, is_due",
    [
        (york(20, 30), False),
        (york(21), True),
        (york(23, 30), True),
        (york(1, day=NEXT), True),
        (york(2, day=NEXT), True),
        (york(2, 30, day=NEXT), False),
        (york(9, day=NEXT), True),
        (york(9), False),
    ],
)
def test_results_are_asked_for_after_the_games_past_midnight_and_the_day_after(tick: dt.datetime, is_due: bool) -> None:
    assert (due(BOXES, EVENING, tick) is not None) is is_due


def test_an_off_day_costs_nothing() -> None:
    off = slate()
    ticks = [york(0) + dt.timedelta(minutes=GRID * n) for n in range(36 * 60 // GRID)]
    asked = {
        source for source, kind in fetchers().items() if any(due(kind.cadence, off, tick) is not None for tick in ticks)
    }
    assert asked == {"nbac_schedule"}, "only the schedule can say that there are games after all"
    schedule = fetchers()["nbac_schedule"].cadence
    assert sum(due(schedule, off, tick) is not None for tick in ticks) == len(schedule.at)


def test_a_tip_to_be_determined_may_be_at_any_time_of_the_day() -> None:
    unset = slate(None)
    assert due(LINES, unset, york(22)) is not None
    assert due(BOXES, unset, york(14)) is not None


def test_hours_are_those_of_new_york_in_winter_too() -> None:
    winter = dt.date(2024, 12, 1)
    night = slate(york(19, day=winter), day=winter)
    assert due(LINES, night, dt.datetime(2024, 12, 1, 15, 0, tzinfo=dt.UTC)) is not None
    assert due(LINES, night, dt.datetime(2024, 12, 1, 14, 0, tzinfo=dt.UTC)) is None


def test_every_source_has_a_fetcher_and_lines_and_injuries_have_a_closing_capture() -> None:
    assert set(fetchers()) == {
        "nbac_schedule",
        "nbac_player_list",
        "nbac_gamebook_player_stats",
        "nbac_player_boxscores",
        "nbac_team_boxscore",
        "nbac_play_by_play",
        "nbac_injury_report",
        "nbac_referee_assignments",
        "bdl_player_boxscores",
        "bigdataball_play_by_play",
        "odds_api_player_points_props",
        "odds_api_game_lines",
        "bettingpros_player_points_props",
    }
    closing = {source for source, kind in fetchers().items() if kind.cadence.closing}
    assert closing == {
        "nbac_injury_report",
        "odds_api_player_points_props",
        "odds_api_game_lines",
        "bettingpros_player_points_props",
    }


@pytest.mark.parametrize("kind", fetchers().values(), ids=fetchers())
def test_the_ticks_of_a_schedule_reach_every_time_of_its_cadence(kind: Fetcher) -> None:
    def on_tick(minute: int, hour: int) -> bool:
        for cron in kind.cadence.crons:
            minutes, hours, *rest = cron.split()
            assert rest == ["*", "*", "*"]
            every = int(minutes.removeprefix("*/"))
            if (minute % every == 0) if minutes.startswith("*/") else (every, int(hours)) == (minute, hour):
                return True
        return False

    for time in (*kind.cadence.at, *kind.cadence.next_day):
        assert on_tick(time.minute, time.hour), time
    if kind.cadence.window is not None:
        assert 60 % kind.cadence.window.every == 0
        assert all(on_tick(minute, 12) for minute in range(0, 60, kind.cadence.window.every))
    if kind.cadence.closing:
        assert all(on_tick(minute, 12) for minute in range(0, 60, GRID))
