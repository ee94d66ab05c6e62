"""Team rows wait where the players' points are not the team box score's, and the reason says both."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nba_assets.transforms import TRANSFORMS
from nba_assets.transforms.team_readiness import games_of
from nba_assets_tests.transforms.boxes import (
    AWAY,
    BOX_AT,
    LISTED,
    POINTS,
    bdl,
    gamebook,
    inputs_of,
    scheduled,
    team_box,
)
from nba_assets_tests.transforms.leagues import at, day

DAY = [day("11-01")]


def told(box: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """The inputs of the team tables, the players' rows among them."""
    inputs = inputs_of(schedule=scheduled(LISTED), gamebook=gamebook(), bdl=bdl(), team_box=box)
    return inputs | {"player_game_summary": TRANSFORMS["player_game_summary"](inputs, DAY)}


def test_a_team_box_score_of_the_same_points_holds_nothing_up() -> None:
    inputs = told(team_box())
    assert games_of(inputs, DAY).empty
    assert BOX_AT in set(TRANSFORMS["team_offense_game_summary"](inputs, DAY)["known_at"])
    assert games_of(told([]), DAY).empty
    assert games_of({}, DAY).empty


def test_a_team_box_score_of_other_points_is_waited_for() -> None:
    inputs = told(team_box(points=POINTS | {"BOS": [AWAY[0] - 2, *AWAY[1:]]}))
    (row,) = games_of(inputs, DAY).to_dict("records")
    assert (row["game_id"], row["reason"]) == (
        LISTED["game_id"],
        "BOS: players' points 100 are not the team box score's 98",
    )
    assert BOX_AT not in set(TRANSFORMS["team_offense_game_summary"](inputs, DAY)["known_at"])


def test_both_teams_reasons_are_one() -> None:
    box = team_box(points={"BOS": [1], "NYK": [2]})
    (reason,) = games_of(told(box), DAY)["reason"]
    assert reason.count("players' points") == 2
    assert "; " in reason


def test_only_what_stands_now_counts() -> None:
    fixed = at("11-03 10:00")
    wrong = [row | {"superseded_at": fixed} for row in team_box(points={"BOS": [1], "NYK": [2]})]
    right = [row | {"known_at": fixed} for row in team_box()]
    assert fixed > BOX_AT
    assert games_of(told([*wrong, *right]), DAY).empty
