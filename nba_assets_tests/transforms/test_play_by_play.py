"""Play-by-play that tells other points than the score is not used, and the rows of the game say so."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.transforms import TRANSFORMS
from nba_assets_tests.transforms.boxes import (
    FINAL_AT,
    GAMEBOOK_AT,
    LISTED,
    POINTS,
    bdl,
    gamebook,
    inputs_of,
    scheduled,
)
from nba_assets_tests.transforms.leagues import at, day

DAY = [day("11-01")]
NBAC, BIGDATABALL = "nbac_play_by_play", "bigdataball_play_by_play"
PLAYS_AT, FIXED_AT = at("11-02 08:00"), at("11-03 09:00")


def of(team: str | None) -> dict[str, Any]:
    return {"game_date": LISTED["game_date"], "game_id": LISTED["game_id"], "team_tricode": team}


def plays(
    points: dict[str | None, list[int]] = POINTS, known_at: pd.Timestamp = PLAYS_AT, **facts: Any
) -> list[dict[str, Any]]:
    """A two or a free throw after the other for every man's points, a miss, and an event of no team."""
    made = [
        of(team) | {"is_made": True, "shot_value": value, "pts": value}
        for team, scored in points.items()
        for value in [2 if place < total // 2 else 1 for total in scored for place in range(total // 2 + total % 2)]
    ]
    missed = of("BOS") | {"is_made": False, "shot_value": 3, "pts": 0}
    events = [of(None), missed, *made]
    return [event | {"order_number": n, "known_at": known_at} | facts for n, event in enumerate(events, 1)]


def summary(**rows: list[dict[str, Any]]) -> pd.DataFrame:
    if NBAC in rows:
        rows[NBAC] = [{name: value for name, value in row.items() if name != "pts"} for row in rows[NBAC]]
    told = {"schedule": scheduled(LISTED), "gamebook": gamebook(), "bdl": bdl()} | rows
    return TRANSFORMS["player_game_summary"](inputs_of(**told), DAY)


def one(rows: pd.DataFrame) -> pd.DataFrame:
    """One man's versions, oldest first."""
    return rows[rows["player_id"] == "bos0"].sort_values("known_at", ignore_index=True)


@pytest.mark.parametrize("table", [NBAC, BIGDATABALL])
def test_play_by_play_of_the_scores_points_is_used(table: str) -> None:
    (row,) = one(summary(**{table: plays(known_at=GAMEBOOK_AT)})).to_dict("records")
    assert table in row["sources_used"]
    assert row["play_by_play_conflict"] is False


@pytest.mark.parametrize("table", [NBAC, BIGDATABALL])
@pytest.mark.parametrize(
    "points",
    [
        {"BOS": [28, 25, 20, 15, 10], "NYK": POINTS["NYK"]},
        {"BOS": POINTS["NYK"], "NYK": POINTS["BOS"]},
        {"BOS": POINTS["BOS"]},
        {**POINTS, "DEN": [2]},
        {**POINTS, None: [2]},
    ],
    ids=["a basket short", "sides swapped", "one side only", "a third team", "nobody's"],
)
def test_play_by_play_of_other_points_is_not_used_and_said_to_be_in_conflict(
    table: str, points: dict[str | None, list[int]]
) -> None:
    (row,) = one(summary(**{table: plays(points, known_at=GAMEBOOK_AT)})).to_dict("records")
    assert table in row["missing_inputs"]
    assert row["play_by_play_conflict"] is True
    assert row["points"] == 30, "the box score stands"


def test_without_play_by_play_nothing_is_said() -> None:
    (row,) = one(summary()).to_dict("records")
    assert row["play_by_play_conflict"] is None or pd.isna(row["play_by_play_conflict"])
    assert {NBAC, BIGDATABALL} <= set(row["missing_inputs"])


def test_one_that_agrees_is_used_beside_one_that_does_not() -> None:
    wrong = plays({"BOS": POINTS["BOS"]}, known_at=GAMEBOOK_AT)
    (row,) = one(summary(**{NBAC: wrong, BIGDATABALL: plays(known_at=GAMEBOOK_AT)})).to_dict("records")
    assert row["play_by_play_conflict"] is True
    assert BIGDATABALL in row["sources_used"]
    assert NBAC in row["missing_inputs"]


def test_what_comes_later_makes_a_version_from_when_it_was_known() -> None:
    rows = one(summary(**{NBAC: plays()}))
    assert rows["known_at"].tolist() == [FINAL_AT, PLAYS_AT]
    assert rows["play_by_play_conflict"].astype(object).tolist()[1] is False
    assert pd.isna(rows["play_by_play_conflict"].iloc[0])


def test_a_corrected_play_by_play_agrees_from_its_correction_on() -> None:
    short = plays({"BOS": [28, 25, 20, 15, 10], "NYK": POINTS["NYK"]})
    event = of("BOS") | {"is_made": True, "shot_value": 2, "order_number": 999, "known_at": FIXED_AT}
    rows = one(summary(**{NBAC: [*short, event]}))
    assert rows["known_at"].tolist() == [FINAL_AT, PLAYS_AT, FIXED_AT]
    assert rows["play_by_play_conflict"].tolist()[1:] == [True, False]
    withdrawn = one(summary(**{NBAC: plays(superseded_at=FIXED_AT)}))
    assert pd.isna(withdrawn["play_by_play_conflict"].iloc[-1])
    assert withdrawn["known_at"].iloc[-1] == FIXED_AT


def test_play_by_play_of_a_running_game_says_nothing_before_the_final() -> None:
    live = plays({"BOS": [30], "NYK": [28]}, known_at=at("11-02 01:00"), superseded_at=at("11-02 05:00"))
    rows = one(summary(**{NBAC: [*live, *plays(known_at=at("11-02 05:00"))]}))
    assert len(rows) == 1
    assert rows["play_by_play_conflict"].tolist() == [False]
