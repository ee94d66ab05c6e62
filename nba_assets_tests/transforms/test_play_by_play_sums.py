"""Sums of play-by-play beside the box score: only what differs is listed, with both numbers."""

from __future__ import annotations

from typing import Any

import pytest

from nba_assets.transforms.play_by_play_sums import COLUMNS, differences
from nba_assets_tests.transforms.boxes import LISTED, inputs_of
from nba_assets_tests.transforms.leagues import at, day

DAY = [day("11-01")]
NBAC, BIGDATABALL = "nbac_play_by_play", "bigdataball_play_by_play"
GAME = {"game_date": LISTED["game_date"], "game_id": LISTED["game_id"], "known_at": at("11-02 08:00")}


def shot(team: str, value: int, zone: str | None, made: bool = True) -> dict[str, Any]:
    return GAME | {
        "team_tricode": team,
        "is_field_goal": True,
        "is_made": made,
        "shot_value": value,
        "shot_zone": zone,
    }


def free_throw(team: str) -> dict[str, Any]:
    return GAME | {"team_tricode": team, "is_field_goal": False, "is_made": True, "shot_value": 1}


BOS = [
    shot("BOS", 2, "Restricted Area"),
    shot("BOS", 2, "In The Paint (Non-RA)", made=False),
    shot("BOS", 2, "Mid-Range"),
    shot("BOS", 3, "Left Corner 3"),
    shot("BOS", 3, "Above the Break 3", made=False),
    shot("BOS", 3, "Backcourt", made=False),
    free_throw("BOS"),
]
NYK = [shot("NYK", 2, "Mid-Range"), shot("NYK", 3, "Right Corner 3", made=False)]
STARTS = GAME | {"team_tricode": None, "is_field_goal": False}
BOX = {"BOS": (8, 6), "NYK": (2, 2)}


def unlike(box: dict[str, tuple[int, int]] = BOX, **plays: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """(team, source, sum, play-by-play's, box score's) of what differs."""
    men = [(team, n, p - 1 if n == 0 else 1, a if n == 0 else 0) for team, (p, a) in box.items() for n in (0, 1)]
    summary = [GAME | {"player_id": f"{t}{n}", "team": t, "points": p, "fga": a} for t, n, p, a in men]
    told = {"player_game_summary": summary, **{n: _numbered(rows) for n, rows in plays.items()}}
    found = differences(inputs_of(**told), DAY)
    assert tuple(found.columns) == COLUMNS
    assert (found.dtypes[["play_by_play", "box_score"]] == "Int64").all()
    return list(found[["team", "source", "sum", "play_by_play", "box_score"]].itertuples(index=False, name=None))


def _numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"order_number": number} for number, row in enumerate(rows)]


def test_sums_that_are_the_box_scores_are_not_listed() -> None:
    assert unlike(**{NBAC: [STARTS, *BOS, *NYK]}) == []
    assert unlike() == []


def test_points_and_attempts_that_are_not() -> None:
    assert unlike(**{NBAC: [*BOS[1:], *NYK]}) == [
        ("BOS", NBAC, "points", 6, 8),
        ("BOS", NBAC, "attempts", 5, 6),
        ("BOS", NBAC, "zones", 5, 6),
    ]


def test_they_are_in_order_of_teams_and_sources() -> None:
    free = GAME | {"event_type": "free throw", "pts": 1}
    two = [team for team in ("NYK", "BOS") for _ in range(2)]
    sheet, play = [free | {"team_tricode": team} for team in two], [free_throw(team) for team in two]
    found = unlike({"NYK": (1, 0), "BOS": (1, 0)}, **{NBAC: play, BIGDATABALL: sheet})
    assert [row[:2] for row in found] == [(team, table) for team in ("BOS", "NYK") for table in (BIGDATABALL, NBAC)]


def test_paint_and_mid_range_and_three_are_the_attempts() -> None:
    lost = BOS[0] | {"shot_zone": None}
    assert unlike(**{NBAC: [lost, *BOS[1:], *NYK]}) == [("BOS", NBAC, "zones", 5, 6)]


def test_play_by_play_without_areas_is_not_asked_for_zones() -> None:
    assert unlike(**{NBAC: [event | {"shot_zone": None} for event in (*BOS, *NYK)]}) == []
    nowhere = [event | {"shot_zone": None} for event in BOS[1:]]
    assert unlike({"BOS": (8, 6)}, **{NBAC: [BOS[0], *nowhere]}) == [("BOS", NBAC, "zones", 1, 6)], "one has an area"


@pytest.mark.parametrize(("first", "expected"), [(2, []), (3, [("BOS", BIGDATABALL, "points", 4, 3)])])
def test_the_other_source_has_points_and_attempts(first: int, expected: list[Any]) -> None:
    made = GAME | {"team_tricode": "BOS", "event_type": "shot", "pts": first, "shot_value": first}
    free = GAME | {"team_tricode": "BOS", "event_type": "free throw", "pts": 1}
    missed = made | {"pts": 0}
    unknown = GAME | {"team_tricode": "BOS", "event_type": None}
    assert unlike({"BOS": (3, 2)}, **{BIGDATABALL: [made, free, missed, unknown]}) == expected


def test_a_game_without_a_box_score_is_not_compared() -> None:
    assert unlike({}, **{NBAC: BOS}) == []
    withdrawn = [event | {"superseded_at": at("11-03 08:00")} for event in BOS[:3]]
    assert unlike(**{NBAC: [*withdrawn, *NYK]}) == []
