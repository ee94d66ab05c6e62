"""team_schedule: sides of a game, numbers, record, distances and the days ahead; BOS plays DEN on 20 November."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nba_assets.transforms import asks, team_schedule
from nba_assets_tests.transforms.leagues import at, corrected, day, final, frame, game

Rows = list[dict[str, Any]]
TARGET = game("11-20", 900, "DEN", "BOS")
"""T is at 23:30 UTC of the twentieth."""


def sides(*schedule: dict[str, Any]) -> pd.DataFrame:
    return team_schedule.team_rows(frame("nbac_schedule", list(schedule)))


def test_a_game_has_a_row_a_side_with_its_own_margin() -> None:
    _, over = final(game("11-18", 1, "NYK", "BOS"), 100, 110)

    rows = sides(over).set_index("team")

    assert rows["margin"].to_dict() == {"BOS": 10, "NYK": -10}
    assert rows["host"].to_dict() == {"BOS": "BOS", "NYK": "BOS"}
    assert rows["is_final"].all()


@pytest.mark.parametrize(
    "facts", [{"game_status": 2}, {"home_score": None}, {"away_score": None}, {"game_status": None}]
)
def test_final_is_the_status_with_both_scores(facts: dict[str, Any]) -> None:
    _, over = final(game("11-18", 1, "NYK", "BOS"), 100, 110, **facts)

    assert not sides(over)["is_final"].any()


def test_preseason_all_star_and_postponed_games_have_no_side() -> None:
    off = game("11-18", 1, "NYK", "BOS", is_postponed=True)

    assert sides(off, game("11-18", 2, "NYK", "BOS", "1"), game("11-18", 3, "NYK", "BOS", "3")).empty
    assert len(sides(*(game("11-18", 2, "NYK", "BOS", kind) for kind in "2456"))) == 8


@pytest.mark.parametrize(
    ("before", "kind", "number", "phase"),
    [
        (0, "regular", 1, "early"),
        (19, "regular", 20, "early"),
        (20, "regular", 21, "mid"),
        (59, "regular", 60, "mid"),
        (60, "regular", 61, "late"),
        (60, "cup_final", None, "late"),
        (82, "play_in", None, "play_in"),
        (82, "playoffs", None, "playoffs"),
    ],
)
def test_the_number_and_phase_of_a_game(before: int, kind: str, number: int | None, phase: str) -> None:
    others = ["cup_final", "play_in", "playoffs"]
    listed = pd.DataFrame({"ask": [0] * (before + 3), "season_type": ["regular"] * before + others})

    found = team_schedule.numbers(pd.DataFrame({"season_type": [kind]}), listed).iloc[0]

    assert (None if pd.isna(found["game_number"]) else found["game_number"], found["season_phase"]) == (number, phase)


def test_the_record_of_every_team_is_its_own() -> None:
    """Team 0 lost, won by 3, won by 1; team 1 has not played; team 2 won, then lost twice, the last in the cup."""
    played = pd.DataFrame(
        {
            "ask": [0, 0, 0, 2, 2, 2],
            "margin": pd.array([-8, 3, 1, 20, -1, -2], dtype="Int64"),
            "season_type": ["regular"] * 5 + ["cup_final"],
        }
    )

    found = team_schedule.record(pd.DataFrame(index=range(3)), played)

    assert found["streak"].tolist()[::2] == [2, -2]
    assert found["last_margin"].tolist()[::2] == [1, -2]
    assert found["games_played"].tolist() == [3, 0, 2]
    assert found["team_win_pct"].tolist()[::2] == [pytest.approx(2 / 3), 0.5]
    assert found.loc[1, ["streak", "last_margin", "team_win_pct"]].isna().all()


@pytest.mark.parametrize(
    ("start", "end", "share"),
    [((0, 0), (0, 90), 1 / 4), ((0, 0), (90, 0), 1 / 4), ((60, 0), (60, 180), 1 / 6), ((-45, 10), (45, 10), 1 / 4)],
    ids=["along the equator", "to the pole", "over the pole", "along a meridian"],
)
def test_great_circles_are_shares_of_the_earths_girth(
    start: tuple[float, float], end: tuple[float, float], share: float
) -> None:
    points = (np.array([float(degrees)]) for degrees in (*start, *end))

    assert team_schedule.great_circle(*points)[0] == pytest.approx(2 * math.pi * 3958.8 * share)


def ahead(*schedule: dict[str, Any]) -> tuple[Any, Any, Any]:
    """next_days_rest, games_next_7d and the time of the latest row used, for BOS."""
    history = frame("nbac_schedule", [TARGET, *schedule])
    games = asks.team_games({"nbac_schedule": history}, [day("11-20")])
    found, used = team_schedule.ahead(games, team_schedule.team_rows(history))
    place = games["team"].tolist().index("BOS")
    told = (*found.iloc[place], used.iloc[place])
    return tuple(None if pd.isna(value) else value for value in told)  # type: ignore[return-value]


def listed(date: str, known_at: str = "11-01 12:00", away: str = "NYK", home: str = "BOS", **facts: Any) -> Any:
    return game(date, int(date[3:]) + 100, away, home, known_at=at(known_at), **facts)


def test_the_next_game_is_within_fourteen_days() -> None:
    assert ahead(listed("11-21"))[0] == 0
    assert ahead(listed("12-04"))[0] == 13
    assert ahead(listed("12-05")) == (None, None, None)
    assert ahead(listed("11-25"), listed("11-23"))[0] == 2


def test_the_week_ahead_is_the_seven_days_after_the_date() -> None:
    assert ahead(listed("11-21"), listed("11-27"), listed("11-28"))[1] == 2


def test_the_week_is_known_from_any_game_of_its_last_day_or_later() -> None:
    assert ahead(listed("11-26"))[1] is None
    assert ahead(listed("11-27", away="MIA", home="NYK"))[1] == 0
    assert ahead(listed("12-04", away="MIA", home="NYK"))[1] == 0
    assert ahead(listed("12-05", away="MIA", home="NYK"))[1] is None


def test_what_is_listed_after_the_decision_is_not_ahead() -> None:
    assert ahead(listed("11-22", "11-20 23:30"), listed("11-27", "11-20 23:30"))[:2] == (1, 2)
    assert ahead(listed("11-22", "11-20 23:31"), listed("11-27", "11-20 23:31"))[:2] == (None, None)
    moved = corrected(listed("11-22"), at("11-20 20:00"), is_postponed=True)
    assert ahead(*moved, listed("11-24"))[0] == 3


def test_another_teams_or_seasons_game_is_not_its_next() -> None:
    assert ahead(listed("11-22", home="MIA"), listed("11-23", season=2025), listed("11-24"))[0] == 3


def test_known_at_is_the_latest_of_its_games_and_of_what_first_reached_the_week() -> None:
    own, reach = listed("11-22", "11-02 12:00"), listed("11-28", "11-03 12:00", away="MIA", home="NYK")
    again = listed("11-28", "11-04 12:00", away="LAL", home="DEN")

    assert ahead(own, reach, again)[2] == at("11-03 12:00")
    assert ahead(own | {"known_at": at("11-05 12:00")}, reach, again)[2] == at("11-05 12:00")
    assert ahead(own, listed("11-25", "11-06 12:00"), reach)[2] == at("11-06 12:00")
    assert ahead(own, listed("11-29", "11-02 13:00", away="MIA", home="NYK"), reach)[2] == at("11-02 13:00")
