"""season_phase: a team's game number as the schedule was known; DEN plays at BOS on 20 November."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.transforms.season_phase import season_phases
from nba_assets_tests.transforms.leagues import at, corrected, day, frame, game

Rows = list[dict[str, Any]]
AT = at("11-21 07:00")


def before(n: int) -> Rows:
    """The last `n` home games of BOS before the twentieth, one a day, listed in summer."""
    first = day("11-20") - pd.Timedelta(days=n)
    facts = {"known_at": at("08-15 12:00"), "season": 2024}
    return [game(str((first + pd.Timedelta(days=k)).date()), k, "NYK", "BOS", **facts) for k in range(n)]


def phase(schedule: Rows, kind: str = "2", team: str = "BOS") -> Any:
    """The phase of the team's game as known at 07:00 UTC of the next day."""
    target = game("11-20", 900, "DEN", "BOS", kind)
    wanted = {name: target[name] for name in ("game_date", "game_id", "season")} | {"team": team, "at": AT}
    return season_phases(pd.DataFrame([wanted]), frame("nbac_schedule", [*schedule, target]))[0]


@pytest.mark.parametrize(
    ("kind", "found"),
    [("1", "preseason"), ("2", "mid"), ("4", "playoffs"), ("5", "play_in"), ("6", "mid")],
)
def test_the_phase_by_the_type_of_game(kind: str, found: str) -> None:
    assert phase(before(20), kind) == found


def test_the_twentieth_game_is_the_last_early_one() -> None:
    assert (phase(before(19)), phase(before(20))) == ("early", "mid")
    assert (phase(before(59)), phase(before(60))) == ("mid", "late")


def test_the_number_is_the_teams_own_at_home_and_away() -> None:
    assert phase(before(20), team="DEN") == "early"
    assert phase([row | {"home_tricode": "NYK", "away_tricode": "BOS"} for row in before(20)]) == "mid"


@pytest.mark.parametrize(
    "instead",
    [
        game("11-19", 800, "NYK", "BOS", "6"),
        game("11-19", 800, "NYK", "BOS", "1"),
        game("11-19", 800, "NYK", "BOS", "4"),
        game("11-19", 800, "NYK", "BOS", is_postponed=True),
        game("11-19", 800, "NYK", "BOS", season=2023),
        game("11-19", 800, "NYK", "BOS", known_at=at("11-21 07:01")),
        game("11-19", 800, "NYK", "BOS", superseded_at=AT),
        game("11-20", 800, "NYK", "BOS"),
        game("11-21", 800, "NYK", "BOS", known_at=at("11-01 12:00")),
    ],
    ids=[
        "cup final",
        "preseason",
        "playoffs",
        "postponed",
        "last season",
        "known later",
        "closed",
        "same day",
        "later",
    ],
)
def test_what_is_no_earlier_game_of_the_season(instead: dict[str, Any]) -> None:
    assert phase([*before(20)[:19], instead]) == "early"


def test_a_game_known_by_then_counts_to_the_moment() -> None:
    late = game("11-19", 800, "NYK", "BOS", known_at=AT)
    moved = game("11-19", 800, "NYK", "BOS", superseded_at=at("11-21 07:01"))

    assert phase([*before(20)[:19], late]) == "mid"
    assert phase([*before(20)[:19], moved]) == "mid"


def test_a_corrected_game_counts_once() -> None:
    rows = before(19)

    assert phase([*corrected(rows[0], at("11-19 12:00"), game_status=3), *rows[1:]]) == "early"


def test_a_first_game_300_days_ago_counts_and_one_before_it_does_not() -> None:
    """A season of the pandemic's length."""
    rows = before(19)
    first, long_ago = (
        game(str((day("11-20") - pd.Timedelta(days=days)).date()), 800, "NYK", "BOS", season=2024)
        for days in (300, 301)
    )

    assert (phase([first, *rows]), phase([long_ago, *rows])) == ("mid", "early")


def test_every_ask_has_its_own_phase_in_order() -> None:
    target = game("11-20", 900, "DEN", "BOS")
    wanted = {name: target[name] for name in ("game_date", "game_id", "season")} | {"at": AT}
    asks = pd.DataFrame([wanted | {"team": team} for team in ("DEN", "DEN", "BOS")])

    found = season_phases(asks, frame("nbac_schedule", [*before(20), target]))

    assert found.tolist() == ["early", "early", "mid"]
