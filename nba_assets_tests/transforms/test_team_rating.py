"""Ratings of a league of three teams by hand, and what counts for them when."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.transforms import team_rating
from nba_assets_tests.transforms.leagues import at, day, final, frame, game


def rated(*results: list[dict[str, Any]], date: str = "11-30") -> pd.DataFrame:
    """The ratings of a date on which DEN plays at BOS, by team."""
    rows = [game(date, 900, "DEN", "BOS"), *(row for versions in results for row in versions)]
    return team_rating.build({"nbac_schedule": frame("nbac_schedule", rows)}, [day(date)]).set_index("team")


def beaten(date: str, number: int, away: str, home: str, points: tuple[int, int], **facts: Any) -> list[dict[str, Any]]:
    listed = game(date, number, away, home, facts.pop("kind", "2"))
    return final(listed | {"is_neutral": facts.pop("is_neutral", False)}, *points, **facts)


def test_before_the_first_result_all_are_average() -> None:
    row = rated().loc["BOS"]

    assert (row["strength"], row["total_strength"], row["games_n"], row["quality"]) == (0, 0, 0, 0)
    assert (row["home_advantage"], row["league_total"]) == (2.5, 222)


def test_one_game_ten_days_ago_by_hand() -> None:
    """BOS beat NYK 121-110 at home: 8.5 more than home is worth, 9 points more than is usual."""
    found = rated(beaten("11-20", 1, "NYK", "BOS", (110, 121)))

    error = 8.5 / (1 / 0.5 ** (10 / 100) + 2 / 8 + 1 / 40)
    assert found.loc["BOS", "strength"] == pytest.approx(error / 8, abs=1e-4)
    assert found.loc["BOS", "home_advantage"] == pytest.approx(2.5 + error / 40, abs=1e-4)
    error = 9 / (1 / 0.5 ** (10 / 30) + 2 / 4 + 1 / 4)
    assert found.loc["BOS", "total_strength"] == pytest.approx(error / 4, abs=1e-4)
    assert found.loc["BOS", "league_total"] == pytest.approx(222 + error / 4, abs=1e-4)
    assert (found.loc["DEN", "strength"], found.loc["DEN", "games_n"], found.loc["BOS", "games_n"]) == (0, 0, 1)


def test_who_beats_the_winner_is_better_than_the_winner() -> None:
    found = rated(
        beaten("11-18", 1, "NYK", "BOS", (100, 110)),
        beaten("11-20", 2, "BOS", "DEN", (100, 110)),
    )

    assert found.loc["DEN", "strength"] > found.loc["BOS", "strength"]


def test_on_neutral_ground_home_is_worth_nothing() -> None:
    found = rated(beaten("11-20", 1, "NYK", "BOS", (110, 121), is_neutral=True))

    assert found.loc["BOS", "home_advantage"] == 2.5
    assert found.loc["BOS", "strength"] == pytest.approx(11 / (1 / 0.5 ** (10 / 100) + 2 / 8) / 8, abs=1e-4)


def test_a_playoff_game_of_fewer_points_is_a_usual_one() -> None:
    found = rated(beaten("11-20", 1, "NYK", "BOS", (106, 107), kind="4"))

    assert (found.loc["BOS", "league_total"], found.loc["BOS", "total_strength"]) == (222, 0)


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(beaten("11-20", 1, "NYK", "BOS", (90, 121), kind="1"), id="preseason"),
        pytest.param(beaten("11-20", 1, "NYK", "BOS", (0, 2)), id="forfeit"),
        pytest.param(beaten("11-29", 1, "NYK", "BOS", (90, 121), known_at=at("11-30 23:31")), id="known after T"),
        pytest.param(beaten("11-30", 1, "NYK", "LAL", (90, 121), known_at=at("11-30 14:00")), id="of the day"),
        pytest.param(beaten("2023-11-30", 1, "NYK", "BOS", (90, 121)), id="more than a year ago"),
    ],
)
def test_what_does_not_count(result: list[dict[str, Any]]) -> None:
    assert rated(result).loc["BOS", ["strength", "home_advantage", "league_total"]].tolist() == [0, 2.5, 222]


def test_a_correction_counts_for_who_decides_after_it() -> None:
    first = beaten("11-20", 1, "NYK", "BOS", (110, 121))
    wrong = [first[0], first[1] | {"superseded_at": at("11-30 12:00")}]
    fixed = first[1] | {"away_score": 112, "known_at": at("11-30 12:00")}
    late = [wrong[0], wrong[1] | {"superseded_at": at("11-30 23:31")}, fixed | {"known_at": at("11-30 23:31")}]

    assert rated(late).loc["BOS", "strength"] == rated(first).loc["BOS", "strength"]
    row = rated([*wrong, fixed]).loc["BOS"]
    assert row["strength"] < rated(first).loc["BOS", "strength"]
    assert row["known_at"] == at("11-30 12:00")
