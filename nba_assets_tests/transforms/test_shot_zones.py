"""Where a shot was taken: each rule by hand, and what shots, assists, fouls and blocks add up to."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.transforms.shot_zones import NAMES, NOWHERE, counts, zones
from nba_assets_tests.transforms.plays import BIGDATABALL, NBAC, SPOTS, Row, event, events_of, shot, spot, throw

BOTH = pytest.mark.parametrize("table", [NBAC, BIGDATABALL])


def zone(value: int | None, x: float | None = None, y: float | None = None, **facts: Any) -> tuple[str | None, bool]:
    """(the zone of one shot, whether it was imputed)."""
    row = {"value": value, "x_ft": x, "y_ft": y, "distance_ft": None, "area": None, "in_paint": False} | facts
    numbers = dict.fromkeys(("value", "x_ft", "y_ft", "distance_ft"), "float64")
    (place,), (imputed,) = zones(pd.DataFrame([row]).astype(numbers | {"area": "string[pyarrow]"}))
    return (None if place == NOWHERE else NAMES[place]), bool(imputed)


@pytest.mark.parametrize("label", ["Mid-Range", "Restricted Area", None])
def test_a_two_without_a_place_in_the_paint_is_at_the_rim_and_imputed(label: str | None) -> None:
    assert zone(2, 0.0, 0.0, in_paint=True, area=label, distance_ft=0.0) == ("ra", True)


def test_any_other_shot_without_a_place_has_no_zone() -> None:
    assert zone(2, 0.0, 0.0, area="Restricted Area", distance_ft=0.0) == (None, False)
    assert zone(3, 0.0, 0.0, in_paint=True, area="Above the Break 3") == (None, False)


@pytest.mark.parametrize(
    ("value", "label", "expected"),
    [
        (2, "Restricted Area", "ra"),
        (2, "In The Paint (Non-RA)", "paint_non_ra"),
        (2, "Mid-Range", "mid"),
        (3, "Left Corner 3", "corner3"),
        (3, "Right Corner 3", "corner3"),
        (3, "Above the Break 3", "above_break3"),
        (3, "Backcourt", "above_break3"),
    ],
)
def test_the_leagues_area_counts_before_the_coordinates(value: int, label: str, expected: str) -> None:
    assert zone(value, 1.0, -1.7, area=label) == (expected, False), "a real one, 2.01 ft off, was labelled Non-RA"
    assert zone(value, area=label) == (expected, False)


def test_what_the_shot_is_worth_counts_before_the_area() -> None:
    assert zone(3, 22.5, 2.0, area="Mid-Range") == ("corner3", False)
    assert zone(2, 22.5, 2.0, area="Left Corner 3") == ("mid", False)
    assert zone(None, 0.0, 10.0, area="Mid-Range") == (None, False)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (0.0, 4.4, "ra"),
        (4.4, 0.0, "ra"),
        (0.0, 4.5, "paint_non_ra"),
        (3.2, -3.2, "paint_non_ra"),
        (8.0, 13.75, "paint_non_ra"),
        (-8.0, 13.7, "paint_non_ra"),
        (8.1, 5.0, "mid"),
        (0.0, 13.8, "mid"),
        (23.0, 3.0, "mid"),
    ],
)
def test_a_two_by_its_coordinates(x: float, y: float, expected: str) -> None:
    assert zone(2, x, y) == (expected, False)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (21.5, 9.25, "corner3"),
        (-22.0, -2.0, "corner3"),
        (21.4, 5.0, "above_break3"),
        (22.0, 9.3, "above_break3"),
        (0.0, 24.0, "above_break3"),
        (22.0, 41.8, "above_break3"),
        (3.0, 80.0, "above_break3"),
    ],
    ids=["boundary", "below the rim", "not wide enough", "past the break", "top", "heave", "own half"],
)
def test_a_three_by_its_coordinates(x: float, y: float, expected: str) -> None:
    assert zone(3, x, y) == (expected, False)


@pytest.mark.parametrize(("feet", "expected"), [(0, "ra"), (4, "ra"), (5, None), (16, None), (17, "mid"), (24, "mid")])
def test_a_two_of_which_only_the_distance_is_known(feet: float, expected: str | None) -> None:
    assert zone(2, distance_ft=feet) == (expected, False)


def test_a_three_of_which_only_the_distance_is_known_may_be_from_anywhere() -> None:
    assert [zone(3, distance_ft=feet)[0] for feet in (0, 22, 40)] == [None] * 3
    assert zone(2) == zone(3) == (None, False)


def told(table: str, *rows: Row) -> pd.DataFrame:
    """Counts by player."""
    return counts(table, events_of(table, list(rows))).droplevel("state")


@BOTH
def test_attempts_makes_and_assists_by_player(table: str) -> None:
    helper = {"assist_player_id": "bos1"} if table == NBAC else {"assist_name": "Man Nobody Knows Yet"}
    rows = [shot(table, "bos0", 3 if name.endswith("3") else 2, made=name != "mid", **spot(name)) for name in SPOTS]
    rows.append(shot(table, "bos0", 2, **spot("ra"), **helper))
    rows.append(shot(table, "bos1", 2, made=False, shot_x_ft=0.0, shot_y_ft=0.0))
    found = told(table, *rows, event(table, "bos0", "turnover"))
    assert found.loc["bos0", [f"{name}_fga" for name in SPOTS]].tolist() == [2, 1, 1, 1, 1]
    assert found.loc["bos0", [f"{name}_fgm" for name in SPOTS]].tolist() == [2, 1, 0, 1, 1]
    assert found.loc["bos0", ["assisted_fgm", "unassisted_fgm", "told_fga"]].tolist() == [1, 4, 6]
    assert found.loc["bos1", ["ra_fga", "told_fga", "shots_imputed"]].tolist() == [0, 1, 0]
    assert list(found.index) == ["bos0", "bos1"]


def test_imputed_shots_are_counted() -> None:
    rows = [shot(NBAC, "bos0", 2, shot_x_ft=0.0, shot_y_ft=0.0, qualifiers="2ndchance,pointsinthepaint")]
    assert told(NBAC, *rows).loc["bos0", ["ra_fga", "ra_fgm", "shots_imputed"]].tolist() == [1, 1, 1]
    sheet = [shot(BIGDATABALL, "bos0", 2, shot_x_ft=0.0, shot_y_ft=0.0, shot_distance_ft=0.0)]
    assert told(BIGDATABALL, *sheet).loc["bos0", ["ra_fga", "shots_imputed", "told_fga"]].tolist() == [0, 0, 1]


@BOTH
def test_blocks_are_the_blockers_by_the_zone_of_the_shot(table: str) -> None:
    column = "block_player_id" if table == NBAC else "block_id"
    rows = [
        shot(table, "bos0", 2, made=False, **spot("ra"), **{column: "nyk0"}),
        shot(table, "bos0", 2, made=False, **spot("paint_non_ra"), **{column: "nyk0"}),
        shot(table, "bos1", 2, made=False, **spot("mid"), **{column: "nyk0"}),
        shot(table, "bos1", 3, made=False, **spot("corner3"), **{column: "nyk1"}),
        shot(table, "bos1", 2, made=False, shot_x_ft=0.0, shot_y_ft=0.0, **{column: "nyk1"}),
        shot(table, "bos1", 2, made=False, **spot("ra")),
    ]
    found = told(table, *rows)[["blk_paint", "blk_mid", "blk_three", "told_blk", "told_fga"]]
    assert found.loc["nyk0"].tolist() == [2, 1, 0, 3, 0]
    assert found.loc["nyk1"].tolist() == [0, 0, 1, 2, 0], "an unplaced one is his, of no zone"
    assert found.loc["bos0"].tolist() == [0, 0, 0, 0, 2]


@pytest.mark.parametrize("table", [NBAC, BIGDATABALL])
@pytest.mark.parametrize(
    ("number", "facts", "expected"),
    [
        ("1 of 1", {}, 1),
        ("1 of 1", {"made": False}, 1),
        ("1 of 1", {"foul": "technical"}, 0),
        ("1 of 1", {"foul": "flagrant"}, 0),
        ("1 of 2", {}, 0),
        ("1 of 1", {"when": "1 9:59"}, 0),
        ("1 of 1", {"when": "2 10:00"}, 0),
        ("1 of 1", {"who": "bos1"}, 0),
        ("1 of 1", {"who": "bos"}, 0),
    ],
    ids=["made", "missed", "technical", "flagrant", "of two", "later", "next period", "a mate's", "nobody's"],
)
def test_and_one_is_a_make_and_then_his_one_free_throw_at_the_same_clock(
    table: str, number: str, facts: dict[str, Any], expected: int
) -> None:
    his = {"who": "bos0"} | facts
    make = shot(table, "bos0", 2, "1 10:00", **spot("ra"))
    assert told(table, make, throw(table, number=number, **his)).loc["bos0", "and1"] == expected


@BOTH
def test_neither_a_miss_nor_a_throw_before_the_make_is_an_and_one(table: str) -> None:
    missed, made = (shot(table, "bos0", 2, made=made, **spot("ra")) for made in (False, True))
    only = throw(table, "bos0", "1 of 1")
    assert told(table, missed, only).loc["bos0", "and1"] == 0
    assert told(table, only, made).loc["bos0", "and1"] == 0
    at_the_end, after_the_break = shot(table, "bos0", 2, "1 0:00"), throw(table, "bos0", "1 of 1", "2 12:00")
    assert told(table, at_the_end, after_the_break).loc["bos0", "and1"] == 0
    unknown = only | {"action_type" if table == NBAC else "event_type": "-" if table == NBAC else None}
    assert told(table, made, unknown).loc["bos0", "and1"] == 0
    assert told(table, made, throw(table, "bos0", "1 of 1", foul="technical"), only).loc["bos0", "and1"] == 1


@BOTH
def test_games_are_counted_apart(table: str) -> None:
    make, only = shot(table, "bos0", 2, **spot("ra")), throw(table, "bos0", "1 of 1")
    found = counts(table, events_of(table, [make], [make, make, event(table, "bos1", "turnover"), only]))
    assert found.loc[[(0, "bos0"), (1, "bos0")], ["ra_fgm", "and1"]].to_numpy().tolist() == [[1, 0], [2, 1]]
    assert counts(table, events_of(table, [make], [only])).loc[(0, "bos0"), "and1"] == 0
