"""Names in events to the league's ids, as they were known."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence

import pandas as pd
import pytest

from nba_assets import contracts, sources
from nba_assets.contracts.frames import empty
from nba_assets.sources.assemble import Capture, build_identity, build_raw
from nba_assets.sources.paths import capture_stamp
from nba_assets_tests.sources.conftest import player_list, schedule
from nba_assets_tests.sources.events import COURT, SHEET_NAME, as_csv, sheet

TABLE = contracts.table("bigdataball_play_by_play")
Rows = list[dict[str, str]]
EVERYONE = {
    team: {100 * side + n: name for n, name in enumerate(five)} for side, (team, five) in enumerate(COURT.items(), 1)
}
"""Team to id to name: 100 Brunson, 101 Hart, … 200 Maxey, …"""
EVERYONE["NYK"][99] = "Miles McBride"


def capture(source: str, name: str, data: bytes) -> Capture:
    known = capture_stamp(name)
    assert known is not None
    return Capture(sources.parse(source, data, name), name, hashlib.sha256(data).hexdigest(), known)


def rosters(stamp: str, people: dict[str, dict[int, str]]) -> Capture:
    """A player list of that time with those people and three hundred others of Boston."""
    payload = player_list()
    rows = payload["resultSets"][0]["rowSet"]
    rest = rows[0][6:]
    for team, men in people.items():
        for who, name in men.items():
            first, last = name.split(" ", 1)
            rows.append([9000 + who, last, first, 1610612738, team, 1.0, *rest])
    name = f"nba-com/player-list/{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}/{stamp}.json"
    return capture("nbac_player_list", name, json.dumps(payload).encode())


def game(rows: Rows, hour: int = 6) -> Capture:
    name = SHEET_NAME.replace("_060000", f"_{hour:02d}0000")
    return capture("bigdataball_play_by_play", name, as_csv(rows))


@functools.cache
def listed() -> pd.DataFrame:
    nothing = pd.DataFrame()
    found = capture("nbac_schedule", "nba-com/schedule/2024-25/20250115_120000.json", json.dumps(schedule()).encode())
    return build_raw(contracts.table("nbac_schedule"), [found], nothing, nothing).frame


def built(games: Sequence[Capture], lists: Sequence[Capture]) -> pd.DataFrame:
    identity = build_identity(lists) if lists else empty(contracts.table("player_identity"))
    return build_raw(TABLE, games, listed(), identity).frame


def at(frame: pd.DataFrame, hour: int) -> pd.DataFrame:
    """The events as they were known then."""
    time = pd.Timestamp(f"2025-01-16T{hour:02d}:30Z")
    known = frame[(frame["known_at"] <= time) & ~(frame["superseded_at"] <= time)]
    return known.set_index("order_number")


def event(rows: pd.DataFrame, type_: str) -> pd.Series:  # type: ignore[type-arg]
    (found,) = [row for _, row in rows[rows["event_type"] == type_].iterrows()]
    return found


def without(who: int) -> dict[str, dict[int, str]]:
    return {team: {n: name for n, name in men.items() if n != who} for team, men in EVERYONE.items()}


MORNING = "20250115_110000"


def test_every_name_has_its_id() -> None:
    rows = at(built([game(sheet())], [rosters(MORNING, EVERYONE)]), 6)
    assert len(rows) == len(sheet())
    shot = rows.loc[2]
    assert (shot["player_id"], shot["assist_id"], shot["steal_id"]) == ("9100", "9101", pd.NA) or pd.isna(
        shot["steal_id"]
    )
    assert rows.loc[3, "block_id"] == "9102" and rows.loc[4, "steal_id"] == "9200"
    assert event(rows, "foul")["opponent_id"] == "9200"
    sub = event(rows, "substitution")
    assert (sub["entered_id"], sub["left_id"], sub["player_id"]) == ("9099", "9101", "9101")
    for role in ("player", "assist", "block", "steal", "entered", "left", "opponent"):
        assert rows[f"{role}_id"].notna().tolist() == rows[f"{role}_name"].notna().tolist()


def test_the_five_on_the_court_stand_sorted_by_id() -> None:
    rows = at(built([game(sheet())], [rosters(MORNING, EVERYONE)]), 6)
    assert rows.loc[1, "away_on_court"] == "9100,9101,9102,9103,9104"
    assert event(rows, "substitution")["away_on_court"] == "9099,9100,9102,9103,9104"
    assert set(rows["home_on_court"]) == {"9200,9201,9202,9203,9204"}


def test_a_name_that_nobody_bears_is_null_and_so_is_each_five_with_it() -> None:
    rows = at(built([game(sheet())], [rosters(MORNING, without(101))]), 6)
    assert pd.isna(rows.loc[2, "assist_id"]) and rows.loc[2, "player_id"] == "9100"
    assert pd.isna(rows.loc[1, "away_on_court"]) and rows.loc[1, "home_on_court"] == "9200,9201,9202,9203,9204"
    assert event(rows, "substitution")["away_on_court"] == "9099,9100,9102,9103,9104", "he has left"


def test_the_other_teams_man_of_that_name_is_not_taken() -> None:
    people = without(101)
    people["PHI"][77] = "Josh Hart"
    rows = at(built([game(sheet())], [rosters(MORNING, people)]), 6)
    assert pd.isna(rows.loc[2, "assist_id"])


def test_a_name_on_both_sides_is_nobodys() -> None:
    rows = [
        row | {"h5": "Jalen Brunson", "a1": "OG Anunoby", "a4": "Jalen Brunson"} if n == 7 else row
        for n, row in enumerate(sheet())
    ]
    rows[7]["a4"] = "Miles McBride"
    found = at(built([game(rows)], [rosters(MORNING, EVERYONE)]), 6)
    assert found.loc[2, "player_id"] == "9100", "among both teams there is one of that name"
    people = {"NYK": EVERYONE["NYK"], "PHI": EVERYONE["PHI"] | {88: "Jalen Brunson"}}
    found = at(built([game(rows)], [rosters(MORNING, people)]), 6)
    assert pd.isna(found.loc[2, "player_id"])


def test_a_man_who_never_stands_on_the_court_is_looked_for_in_both_teams() -> None:
    people = {"NYK": EVERYONE["NYK"], "PHI": EVERYONE["PHI"] | {66: "Joel Embiid"}}
    rows = [row | {"player": "Joel Embiid"} if row["event_type"] == "foul" else row for row in sheet()]
    assert event(at(built([game(rows)], [rosters(MORNING, people)]), 6), "foul")["player_id"] == "9066"


def test_aliases_and_suffixes_count_as_everywhere() -> None:
    people = {
        "NYK": without(104)["NYK"] | {1629651 - 9000: "Nic Claxton"},
        "PHI": without(201)["PHI"] | {55: "Kelly Oubre"},
    }
    rows = json.loads(json.dumps(sheet()).replace("Mikal Bridges", "Nicolas Claxton"))
    found = at(built([game(rows)], [rosters(MORNING, people)]), 6)
    assert found["home_on_court"].iloc[0] == "9055,9200,9202,9203,9204"
    assert found["away_on_court"].iloc[0] == "9100,9101,9102,9103,1629651", "sorted as numbers"


def test_a_registry_that_grows_gives_the_game_again_at_that_time() -> None:
    later = rosters("20250116_080000", EVERYONE)
    frame = built([game(sheet(), 6)], [rosters(MORNING, without(101)), later])
    assert pd.isna(at(frame, 6).loc[2, "assist_id"]) and at(frame, 8).loc[2, "assist_id"] == "9101"
    assert at(frame, 8)["away_on_court"].notna().all() and len(at(frame, 8)) == len(sheet())
    again = frame[frame["known_at"] == pd.Timestamp("2025-01-16T08:00Z")]
    assert 0 < len(again) < len(sheet()), "events that he has no part in stand as they were"
    assert frame["source_path"].nunique() == 1


def test_what_a_newer_file_replaced_is_not_given_again() -> None:
    rows = [row | {"description": "corrected"} for row in sheet()]
    later = rosters("20250116_080000", EVERYONE)
    frame = built([game(sheet(), 6), game(rows, 7)], [rosters(MORNING, without(101)), later])
    assert set(at(frame, 8)["description"]) == {"corrected"} and at(frame, 8).loc[2, "assist_id"] == "9101"
    assert pd.isna(at(frame, 7).loc[2, "assist_id"])


def test_a_part_of_the_game_does_not_take_the_whole_back() -> None:
    games = [game(sheet(last=5), 5), game(sheet(), 6), game(sheet(last=5), 7)]
    frame = built(games, [rosters(MORNING, EVERYONE)])
    pd.testing.assert_frame_equal(frame, built(games[::-1], [rosters(MORNING, EVERYONE)]))
    assert len(at(frame, 5)) == 5 and len(at(frame, 7)) == len(sheet()) and frame["superseded_at"].isna().all()


def test_the_same_bytes_again_say_nothing_new() -> None:
    known = [rosters(MORNING, without(101)), rosters("20250116_080000", EVERYONE)]
    pd.testing.assert_frame_equal(built([game(sheet(), 6), game(sheet(), 9)], known), built([game(sheet(), 6)], known))


def test_without_a_registry_nobody_is_known() -> None:
    rows = at(built([game(sheet())], []), 6)
    assert rows["player_id"].isna().all() and rows["home_on_court"].isna().all() and rows["player_name"].notna().any()


@pytest.mark.parametrize("gone", [[101], [99, 200], [100, 102, 201]])
def test_what_is_known_at_a_time_depends_on_nothing_known_later(gone: list[int]) -> None:
    early = {team: {n: name for n, name in men.items() if n not in gone} for team, men in EVERYONE.items()}
    lists = [rosters(MORNING, early), rosters("20250116_080000", EVERYONE)]
    grown, before = built([game(sheet())], lists), built([game(sheet())], lists[:1])
    columns = [c for c in TABLE.column_names if c not in ("superseded_at", "order_number")]
    pd.testing.assert_frame_equal(at(grown, 7)[columns], at(before, 7)[columns])
    assert at(grown, 8)["away_on_court"].notna().all()
