"""What play-by-play adds to player_game_summary: which source a game takes at a moment, what is known, what is not."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets import contracts
from nba_assets.contracts.verify import verify
from nba_assets.transforms import TRANSFORMS
from nba_assets_tests.transforms.boxes import (
    FINAL_AT,
    GAMEBOOK_AT,
    LISTED,
    bdl,
    gamebook,
    inputs_of,
    man,
    scheduled,
)
from nba_assets_tests.transforms.leagues import at, day
from nba_assets_tests.transforms.plays import (
    BIGDATABALL,
    MEN,
    NBAC,
    TOLD_AT,
    UNPLACED,
    Row,
    change,
    event,
    game_of,
    shot,
    spot,
)

DAY = [day("11-01")]
SHEET_AT = at("11-02 20:00")
ZONES = [
    f"{zone}_{short}" for zone in ("ra", "paint_non_ra", "mid", "corner3", "above_break3") for short in ("fga", "fgm")
]
BLOCKS = ["blk_paint", "blk_mid", "blk_three"]
BOTH = pytest.mark.parametrize("table", [NBAC, BIGDATABALL])


def box(**men: Row) -> list[Row]:
    """The gamebook: ten attempts of every man, no assists and blocks, but what is said of some."""
    return [row | {"fga": 10, "ast": 0, "blk": 0} | men.get(row["player_id"], {}) for row in gamebook()]


def summary(dates: list[pd.Timestamp] = DAY, **rows: list[Row]) -> pd.DataFrame:
    given: dict[str, Any] = {"schedule": scheduled(LISTED), "gamebook": box()} | rows
    same = {row["player_id"]: {name: row.get(name) for name in ("fga", "ast", "blk")} for row in given["gamebook"]}
    given["bdl"] = [row | same[row["player_id"]] for row in bdl()]
    return TRANSFORMS["player_game_summary"](inputs_of(**given), dates, None)


def one(rows: pd.DataFrame, who: str = "bos0") -> pd.Series[Any]:
    """A man's current row."""
    return rows[(rows["player_id"] == who) & rows["superseded_at"].isna()].iloc[0]


@BOTH
@pytest.mark.parametrize(("unplaced", "known"), [(0, True), (5, True), (6, False)])
def test_zones_are_valid_from_95_percent(table: str, unplaced: int, known: bool) -> None:
    row = one(summary(**{table: game_of(table, unplaced)}))
    assert row["zone_coverage"] == pytest.approx(1 - unplaced / 100)
    assert row[[*ZONES, *BLOCKS]].notna().tolist() == [known] * 13
    assert row["quality"] == (100.0 if known else 90.0)
    assert row[["assisted_fgm", "unassisted_fgm", "and1", "shots_imputed"]].tolist() == [0, 0, 0, 0]
    assert row["zone_source"] == {NBAC: "nbac", BIGDATABALL: "bigdataball"}[table]


def test_without_play_by_play_nothing_is_known() -> None:
    row = one(summary())
    assert row[[*ZONES, *BLOCKS, "assisted_fgm", "and1", "minutes_q4", "zone_source", "zone_coverage"]].isna().all()
    assert row["quality"] == 90.0
    assert row["missing_inputs"][-2:] == [BIGDATABALL, NBAC]


def mid_or_paint(rows: pd.DataFrame) -> str:
    row = one(rows)
    return "mid" if row["mid_fga"] else "paint"


def in_paint(table: str, **facts: Any) -> list[Row]:
    return [row | (spot("paint_non_ra") if row.get("shot_value") == 2 else {}) | facts for row in game_of(table)]


def test_bigdataball_goes_first() -> None:
    rows = summary(**{NBAC: game_of(NBAC), BIGDATABALL: in_paint(BIGDATABALL)})
    assert mid_or_paint(rows) == "paint"
    row = one(rows)
    assert BIGDATABALL in row["sources_used"]
    assert NBAC not in row["sources_used"] and NBAC not in row["missing_inputs"], "nothing is taken from it"


def test_a_source_of_other_points_is_not_used_and_the_other_is() -> None:
    short = in_paint(BIGDATABALL)[1:]
    rows = summary(**{NBAC: game_of(NBAC), BIGDATABALL: short})
    assert mid_or_paint(rows) == "mid"
    row = one(rows)
    assert (BIGDATABALL in row["missing_inputs"], NBAC in row["sources_used"]) == (True, True)
    assert row["play_by_play_conflict"]


def test_a_source_that_locates_too_little_gives_way_to_one_that_does_not() -> None:
    lost = [row | (UNPLACED if n % 10 == 0 else {}) for n, row in enumerate(in_paint(BIGDATABALL))]
    rows = summary(**{NBAC: game_of(NBAC), BIGDATABALL: lost})
    assert mid_or_paint(rows) == "mid"
    enough = [row | (UNPLACED if n % 20 == 0 else {}) for n, row in enumerate(in_paint(BIGDATABALL))]
    rows = summary(**{NBAC: game_of(NBAC), BIGDATABALL: enough})
    assert (mid_or_paint(rows), one(rows)["zone_coverage"]) == ("paint", 0.95)
    both = summary(**{NBAC: game_of(NBAC, unplaced=50), BIGDATABALL: lost})
    assert one(both)[["zone_source", "zone_coverage"]].tolist() == ["bigdataball", 0.9], "neither does: the first"


def test_a_later_source_of_higher_rank_makes_a_version() -> None:
    rows = summary(**{NBAC: game_of(NBAC), BIGDATABALL: in_paint(BIGDATABALL, known_at=SHEET_AT)})
    his = rows[rows["player_id"] == "bos0"].sort_values("known_at")
    assert his["known_at"].tolist() == [FINAL_AT, TOLD_AT, SHEET_AT]
    assert his["zone_source"].astype(object).tolist()[1:] == ["nbac", "bigdataball"]
    assert his["mid_fga"].astype(object).tolist()[1:] == [10, 0]


def test_a_later_source_of_lower_rank_changes_nothing() -> None:
    first = {BIGDATABALL: in_paint(BIGDATABALL)}
    before = summary(**first)
    after = summary(**first, **{NBAC: game_of(NBAC, known_at=SHEET_AT)})
    own = ["known_at", "missing_inputs"]
    now = [rows[rows["superseded_at"].isna()].drop(columns=own).reset_index(drop=True) for rows in (before, after)]
    pd.testing.assert_frame_equal(now[1], now[0])
    assert [NBAC in one(rows)["missing_inputs"] for rows in (before, after)] == [True, False], (
        "it was absent, and is not"
    )


def without_id(rows: list[Row], who: str) -> list[Row]:
    """The man's events are of a name that nobody knows yet."""
    return [row | ({"player_id": None} if row["player_id"] == who else {}) for row in rows]


def test_a_name_that_is_not_resolved_leaves_its_man_unknown() -> None:
    rows = without_id(game_of(BIGDATABALL, more=[shot(BIGDATABALL, "nyk0", 2, made=False, **spot("ra"))] * 110), "bos0")
    found = summary(gamebook=box(nyk0={"fga": 120}), **{BIGDATABALL: rows})
    row = one(found)
    assert row["zone_coverage"] == pytest.approx(200 / 210)
    assert row[[*ZONES, "assisted_fgm", "unassisted_fgm", "and1", "shots_imputed"]].isna().all()
    assert (row["quality"], one(found, "bos1")["quality"]) == (90.0, 100.0)
    assert one(found, "bos1")["mid_fga"] == 10
    assert one(summary(**{BIGDATABALL: without_id(game_of(BIGDATABALL), "bos0")}), "bos1")[ZONES].isna().all(), (
        "90 of 100"
    )


def test_a_man_without_attempts_has_none_in_any_zone() -> None:
    rows = [row for row in game_of(NBAC) if row["player_id"] != "bos0" or row["action_type"] != "2pt"]
    row = one(summary(gamebook=box(bos0={"fga": 0}), **{NBAC: rows}))
    assert row[ZONES].tolist() == [0] * 10
    row = one(summary(gamebook=box(bos0={"fga": 1}), **{NBAC: rows}))
    assert row[ZONES].isna().all(), "the box score has one"


def test_who_did_not_play_has_no_counts() -> None:
    bench = man(LISTED, "BOS", 6, GAMEBOOK_AT, player_status="dnp")
    row = one(summary(gamebook=[*box(), bench], **{NBAC: game_of(NBAC)}), "bos6")
    assert row[[*ZONES, *BLOCKS, "assisted_fgm", "and1", "minutes_q4"]].isna().all()
    assert (row["zone_source"], row["quality"]) == ("nbac", 100.0), "of the game"


def test_assists_that_only_the_box_score_has_are_not_told() -> None:
    """stats.nba.com's v3 has them in its texts only."""
    with_assist = box(bos1={"ast": 1})
    told_one = shot(NBAC, "bos0", 2, made=False, **spot("mid"), assist_player_id=None)
    row = one(summary(gamebook=with_assist, **{NBAC: game_of(NBAC, more=[told_one])}))
    assert row[["assisted_fgm", "unassisted_fgm"]].isna().all()
    assert row[["and1", "mid_fga"]].tolist() == [0, 11]


def test_blocks_by_zone_of_who_has_some() -> None:
    three = shot(NBAC, "bos0", 3, made=False, **spot("corner3"), block_player_id="nyk0")
    book = box(nyk0={"blk": 1}, nyk1={"blk": 1})
    rows = summary(gamebook=book, **{NBAC: game_of(NBAC, more=[three])})
    assert one(rows, "nyk0")[BLOCKS].tolist() == [0, 0, 1]
    assert one(rows, "nyk1")[BLOCKS].isna().all(), "the play-by-play has none of his"
    assert one(rows, "nyk2")[BLOCKS].tolist() == [0, 0, 0]


def fourth(table: str, bench: bool = True) -> list[Row]:
    """A fourth quarter in which man 5 comes for man 0 of Boston with three minutes left, if there is a bench."""
    if table == NBAC:
        leaves = change("bos0", "bos5", "4 3:00") if bench else []
        acts = [event(NBAC, who, "rebound", "4 9:00") for who in MEN if who != "bos0" or not bench]
        return [*acts, *leaves, event(NBAC, "", "period", "4 0:00")]
    first, last = [",".join(sorted(men)) for men in (MEN[:5], [*MEN[1:5], "bos5"])]
    home = ",".join(sorted(MEN[5:]))
    fives = [(first, "4 12:00"), *([(last, "4 3:00")] if bench else [])]
    return [event(table, "", "timeout", when, away_on_court=five, home_on_court=home) for five, when in fives]


SIXTH = man(
    LISTED, "BOS", 5, GAMEBOOK_AT, player_status="active", **dict.fromkeys(("pts", "fga"), 0), seconds_played=180
)


@BOTH
def test_the_fourth_quarter_is_from_line_ups(table: str) -> None:
    book = [*box(), SIXTH]
    rows = summary(gamebook=book, **{table: game_of(table, more=fourth(table))})
    assert [one(rows, who)["minutes_q4"] for who in ("bos0", "bos1", "bos5", "nyk0")] == [9.0, 12.0, 3.0, 12.0]
    away = one(summary(gamebook=box(), **{table: game_of(table, more=fourth(table))}), "bos1")
    assert pd.isna(away["minutes_q4"]), "man 5 is not in the box score: nobody's minutes are certain"


def test_a_team_takes_its_fourth_quarter_from_whoever_knows_it() -> None:
    lost = [row | {"away_on_court": None} for row in fourth(BIGDATABALL)]
    rows = summary(
        gamebook=[*box(), SIXTH],
        **{BIGDATABALL: game_of(BIGDATABALL, more=lost), NBAC: game_of(NBAC, more=fourth(NBAC))},
    )
    assert [one(rows, who)["minutes_q4"] for who in ("bos0", "bos5", "nyk0")] == [9.0, 3.0, 12.0]
    assert {BIGDATABALL, NBAC} <= set(one(rows)["sources_used"])
    alone = summary(gamebook=[*box(), SIXTH], **{BIGDATABALL: game_of(BIGDATABALL, more=lost)})
    assert one(alone)["minutes_q4"] is None or pd.isna(one(alone)["minutes_q4"])
    assert one(alone, "nyk0")["minutes_q4"] == 12.0


def test_who_was_not_there_in_the_fourth_has_zero() -> None:
    rows = summary(gamebook=[*box(), SIXTH], **{NBAC: game_of(NBAC, more=fourth(NBAC, bench=False))})
    assert one(rows, "bos5")["minutes_q4"] == 0.0


@BOTH
def test_every_row_keeps_the_contract(table: str) -> None:
    contract = contracts.table("player_game_summary")
    rows = summary(gamebook=[*box(), SIXTH], **{table: game_of(table, more=fourth(table))})
    schedule = inputs_of(schedule=scheduled(LISTED))["nbac_schedule"]
    found = verify(contract, rows, {"nbac_schedule.game_id": schedule["game_id"]}, schedule)
    assert [finding.description for finding in found if not finding.passed] == []
