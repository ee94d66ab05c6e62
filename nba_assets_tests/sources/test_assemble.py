"""Raw tables from captures: small drops through the real parsers, placed, resolved and versioned."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets import contracts
from nba_assets.contracts.frames import conform, empty
from nba_assets.sources.assemble import Capture, RawBuilt, build_raw
from nba_assets.sources.parsed import Outcome
from nba_assets_tests.sources import events
from nba_assets_tests.sources.conftest import (
    FIRST,
    MEN,
    NAMES,
    PAYLOADS,
    SECOND,
    SOURCES,
    Json,
    bdl,
    book,
    box,
    log,
    odds,
    outcome,
    parsed,
    player,
    player_list,
    schedule,
    team_log,
)

NOON, MORNING = "20250115_120000", "20250116_080000"
"""Of the game's date, and of the day after."""
EMPTY: dict[str, object] = {
    "schedule": {"leagueSchedule": {"gameDates": []}},
    "list": player_list(0),
    "log": log(()),
    "box": box() | {"resultSets": [found | {"rowSet": []} for found in box()["resultSets"]]},
    "team_log": log(()),
    "bdl": {"data": []},
    "odds": odds() | {"bookmakers": []},
    "events": events.cdn(0),
    "events_v3": events.v3(0),
    "events_v2": events.v2(0),
    "referees": events.referees() | {"nba": {"Table": {"rows": []}}},
}


def capture(kind: str, payload: object, stamp: str, **more: Any) -> Capture:
    """A drop of that kind, captured at that time."""
    name = re.sub(r"\d{8}_\d{6}", stamp, more.pop("name", NAMES[kind]))
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    known = pd.Timestamp(f"{stamp[:8]}T{stamp[9:]}Z")
    return Capture(parsed(kind, data, name), name, hashlib.sha256(data).hexdigest(), known, **more)


def table_of(kind: str) -> contracts.Table:
    return contracts.table(SOURCES[kind])


def at(stamp: str) -> pd.Timestamp:
    return pd.Timestamp(f"{stamp[:8]}T{stamp[9:]}Z")


def rosters() -> Json:
    """A player list with the men of all four teams, and no suffix for the two who are out."""
    payload = player_list()
    rows = payload["resultSets"][0]["rowSet"]
    row = 0
    for team in ("NYK", "PHI", "UTA", "CHA"):
        for number in range(MEN + 2):
            who, name = player(team, number)
            first, last = name.split() if number <= MEN else ("Abe", "Williams Jr.")
            rows[row] = [who, last, first, 1610612738, team, *rows[row][5:]]
            row += 1
    return payload


@functools.cache
def known_games(stamp: str) -> pd.DataFrame:
    return build_raw(table_of("schedule"), [capture("schedule", schedule(), stamp)], nothing(), nothing()).frame


@functools.cache
def known_people() -> pd.DataFrame:
    captures = [capture("list", rosters(), "20250115_110000")]
    return build_raw(contracts.table("player_identity"), captures, nothing(), nothing()).frame


def build(kind: str, *captures: Capture, known: str = NOON) -> RawBuilt:
    """The table with the schedule known at that time, and the rosters of that morning."""
    return build_raw(table_of(kind), list(captures), known_games(known), known_people())


def nothing() -> pd.DataFrame:
    return pd.DataFrame()


def edited(make: Callable[[], Json], change: Callable[[Json], object]) -> Json:
    payload = make()
    change(payload)
    return payload


def spans(frame: pd.DataFrame) -> list[tuple[pd.Timestamp, pd.Timestamp | None]]:
    """(known, superseded) of rows, as they stand."""
    until = frame["superseded_at"].astype(object).where(frame["superseded_at"].notna(), None)
    return list(zip(frame["known_at"], until, strict=True))


def of(frame: pd.DataFrame, **where: Any) -> pd.DataFrame:
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame.sort_values("known_at", ignore_index=True)


KINDS = tuple(PAYLOADS)
GOOD: dict[str, Callable[[], Json]] = {**PAYLOADS, "list": rosters}
ROWS = {"schedule": 2, "list": 300, "log": 32, "box": 2, "team_log": 4, "book": 20, "bdl": 36, "odds": 2}
ROWS |= {"events": 19, "events_v3": 18, "events_v2": 20, "referees": 2}
PLACED = ("log", "team_log", "events", "events_v3", "events_v2", "referees")
"""Kinds of drops with the league's own ids and sides."""


@pytest.mark.parametrize("kind", KINDS)
def test_one_drop_is_its_rows_in_the_contracts_form(kind: str) -> None:
    table = table_of(kind)
    found = build(kind, capture(kind, GOOD[kind](), MORNING, known_at_assumed=True))
    frame = found.frame
    assert len(frame) == ROWS[kind] and found.unplaced.empty
    pd.testing.assert_frame_equal(frame, conform(frame, table))
    assert not frame[[c.name for c in table.columns if not c.nullable]].isna().any(axis=None)
    assert not frame.duplicated(list(table.key)).any()
    assert set(frame["known_at"]) == {at(MORNING)} and frame["known_at_assumed"].all()
    assert "superseded_at" not in frame.columns or frame["superseded_at"].isna().all()


@pytest.mark.parametrize("kind", KINDS)
def test_no_drop_is_no_rows(kind: str) -> None:
    pd.testing.assert_frame_equal(build(kind).frame, empty(table_of(kind)))


@pytest.mark.parametrize("kind", EMPTY)
def test_an_empty_capture_closes_nothing(kind: str) -> None:
    late = capture(kind, EMPTY[kind], "20250117_080000")
    assert late.parsed.outcome in (Outcome.EMPTY, Outcome.PARTIAL)
    good = capture(kind, GOOD[kind](), MORNING)
    pd.testing.assert_frame_equal(build(kind, good, late).frame, build(kind, good).frame)
    assert build(kind, late).frame.empty


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_capture_adds_nothing_and_closes_nothing(kind: str) -> None:
    good, bad = capture(kind, GOOD[kind](), MORNING), capture(kind, b"<html>", "20250117_080000")
    assert bad.parsed.outcome is Outcome.BAD
    pd.testing.assert_frame_equal(build(kind, good, bad).frame, build(kind, good).frame)
    assert build(kind, bad).frame.empty


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "odds"])
def test_the_same_bytes_later_add_nothing(kind: str) -> None:
    good, again = (capture(kind, GOOD[kind](), stamp) for stamp in (MORNING, "20250117_080000"))
    pd.testing.assert_frame_equal(build(kind, good, again).frame, build(kind, good).frame)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("schedule", "list", *PLACED)])
def test_without_a_schedule_rows_wait_unplaced(kind: str) -> None:
    games, people = empty(contracts.table("nbac_schedule")), empty(contracts.table("player_identity"))
    found = build_raw(table_of(kind), [capture(kind, GOOD[kind](), MORNING)], games, people)
    pd.testing.assert_frame_equal(found.frame, empty(table_of(kind)))
    assert len(found.unplaced) == ROWS[kind]


@pytest.mark.parametrize("kind", PLACED)
def test_what_has_the_leagues_own_ids_and_sides_needs_no_schedule(kind: str) -> None:
    games = empty(contracts.table("nbac_schedule"))
    found = build_raw(table_of(kind), [capture(kind, GOOD[kind](), MORNING)], games, nothing())
    assert len(found.frame) == ROWS[kind]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("schedule", "list")])
def test_rows_are_known_when_the_schedule_was(kind: str) -> None:
    found = build(kind, capture(kind, GOOD[kind](), MORNING), known="20250117_090000").frame
    assert set(found["known_at"]) == {at("20250117_090000")} and len(found) == ROWS[kind]


def assist(payload: Json) -> None:
    payload["active_players"][0]["stats"]["assists"] += 1


@pytest.mark.parametrize("first", [True, False])
def test_of_books_that_waited_for_a_late_schedule_the_last_captured_is_current(first: bool) -> None:
    """Whichever of the two has the greater hash."""
    payloads = [book(), edited(book, assist)]
    early, late = payloads if first else payloads[::-1]
    captures = [capture("book", early, "20250116_060000"), capture("book", late, "20250116_070000")]
    found = build("book", *captures, known="20250117_090000").frame
    assert len(found) == ROWS["book"] and found["superseded_at"].isna().all()
    name = late["active_players"][0]["name"]
    assert of(found, player_name=name)["ast"].tolist() == [late["active_players"][0]["stats"]["assists"]]


# The schedule


def upcoming(payload: Json) -> None:
    for game in payload["leagueSchedule"]["gameDates"][0]["games"]:
        game |= {"gameStatus": 1, "gameStatusText": "7:30 pm ET"}
        game["homeTeam"]["score"] = game["awayTeam"]["score"] = 0


def postponed(payload: Json) -> None:
    """The first game moves to February."""
    upcoming(payload)
    day = payload["leagueSchedule"]["gameDates"][0]
    game = day["games"].pop(0) | {
        "gameCode": "20250219/NYKPHI",
        "gameDateEst": "2025-02-19T00:00:00Z",
        "gameDateTimeUTC": "2025-02-20T00:30:00Z",
    }
    payload["leagueSchedule"]["gameDates"].append({"gameDate": "02/19/2025 00:00:00", "games": [game]})


def test_a_game_is_scheduled_then_final_and_a_stale_file_changes_nothing() -> None:
    before, after = capture("schedule", edited(schedule, upcoming), NOON), capture("schedule", schedule(), MORNING)
    stale = capture("schedule", edited(schedule, upcoming), "20250116_090000")
    found = of(build("schedule", before, after, stale).frame, game_id=FIRST)
    assert found["game_status"].tolist() == [1, 3]
    assert spans(found) == [(at(NOON), at(MORNING)), (at(MORNING), None)]
    assert found["home_score"].isna().tolist() == [True, False]


def test_a_postponed_game_leaves_its_old_date_in_the_same_write() -> None:
    before = capture("schedule", edited(schedule, upcoming), NOON)
    moved = capture("schedule", edited(schedule, postponed), "20250115_200000")
    found = build("schedule", before, moved).frame
    game = of(found, game_id=FIRST)
    assert game["game_date"].tolist() == [pd.Timestamp("2025-01-15"), pd.Timestamp("2025-02-19")]
    assert spans(game) == [(at(NOON), at("20250115_200000")), (at("20250115_200000"), None)]
    assert spans(of(found, game_id=SECOND)) == [(at(NOON), None)]


def test_a_game_that_a_file_of_its_date_no_longer_lists_is_closed_unless_it_began() -> None:
    without = edited(schedule, lambda p: p["leagueSchedule"]["gameDates"][0]["games"].pop(0))
    gone = capture("schedule", without, MORNING)
    unneeded = build("schedule", capture("schedule", edited(schedule, upcoming), NOON), gone).frame
    assert spans(of(unneeded, game_id=FIRST)) == [(at(NOON), at(MORNING))]
    final = build("schedule", capture("schedule", schedule(), NOON), gone).frame
    assert spans(of(final, game_id=FIRST)) == [(at(NOON), None)]


def test_the_cdns_form_of_the_same_games_changes_nothing() -> None:
    cdn = capture("schedule", schedule(), MORNING, name=f"nba-com/schedule-cdn/2024-25/{NOON}.json")
    assert set(cdn.parsed.rows["data_source"]) == {"cdn"}
    found = build("schedule", capture("schedule", schedule(), NOON), cdn).frame
    assert len(found) == 2 and set(found["data_source"]) == {"stats"}


# The player list and the registry


def test_a_list_speaks_for_its_date() -> None:
    shorter = edited(lambda: player_list(301), lambda p: p["resultSets"][0]["rowSet"].pop())
    longer = capture("list", player_list(301), "20250115_110000")
    same_day = build("list", longer, capture("list", shorter, NOON)).frame
    assert spans(of(same_day, player_id="301")) == [(at("20250115_110000"), at(NOON))]
    next_day = capture("list", shorter, "20250116_110000", name="nba-com/player-list/2025-01-16/20250116_110000.json")
    found = build("list", longer, next_day).frame
    assert len(found) == 601 and found["superseded_at"].isna().all()


def test_the_registry_learns_from_every_source_with_ids_and_forgets_nothing() -> None:
    shorter = edited(rosters, lambda p: p["resultSets"][0]["rowSet"].pop(0))
    shorter["resultSets"][0]["rowSet"].append([999, "New", "Abe", 1610612738, "BOS", 1.0, "1", "6-8", "243", 2020])
    captures = [
        capture("list", rosters(), "20250115_110000"),
        capture("list", shorter, NOON),
        capture("log", log(), "20250116_070500"),
        capture("box", box(), "20250116_071000"),
    ]
    table = contracts.table("player_identity")
    found = build_raw(table, captures, nothing(), nothing()).frame
    pd.testing.assert_frame_equal(found, conform(found, table))
    assert found["superseded_at"].isna().all()
    who, name = player("NYK", 0)
    seen = of(found, player_id=str(who))
    assert seen["source"].tolist() == ["nbac_player_list", "nbac_player_boxscores", "nbac_team_boxscore"]
    assert seen["game_id"].isna().tolist() == [True, False, False]
    assert set(seen["player_name"]) == {name} and set(seen["player_lookup"]) == {"nykmana"}
    assert of(found, player_id="999")["known_at"].tolist() == [at(NOON)]


def test_another_team_in_the_same_list_is_a_new_version_of_the_entry() -> None:
    traded = edited(rosters, lambda p: p["resultSets"][0]["rowSet"][0].__setitem__(4, "BOS"))
    captures = [capture("list", rosters(), "20250115_110000"), capture("list", traded, NOON)]
    found = build_raw(contracts.table("player_identity"), captures, nothing(), nothing()).frame
    seen = of(found, player_id=str(player("NYK", 0)[0]))
    assert seen["team_tricode"].tolist() == ["NYK", "BOS"]
    assert spans(seen) == [(at("20250115_110000"), at(NOON)), (at(NOON), None)]


def test_an_empty_registry() -> None:
    table = contracts.table("player_identity")
    for captures in ([], [capture("odds", odds(), MORNING)], [capture("list", b"<html>", MORNING)]):
        pd.testing.assert_frame_equal(build_raw(table, captures, nothing(), nothing()).frame, empty(table))


# Box scores


def test_a_gamebook_has_who_played_who_sat_and_who_was_out() -> None:
    found = build("book", capture("book", book(), MORNING))
    counts = found.frame["player_status"].value_counts().to_dict()
    assert counts == {"active": 2 * MEN, "dnp": 2, "inactive": 2}
    steps = found.frame["resolution"].value_counts().to_dict()
    assert steps == {"exact": 2 * MEN + 2, "last_name_set": 2} and found.unresolved.empty
    man = of(found.frame, player_name=player("PHI", 0)[1]).iloc[0]
    assert (man["game_id"], man["player_key"], man["is_home"]) == (FIRST, str(player("PHI", 0)[0]), True)
    assert man["opponent_tricode"] == "NYK" and man["pts"] == 11


def test_a_correction_of_a_gamebook_is_a_new_version_of_one_man() -> None:
    first, second = capture("book", book(), "20250116_060000"), capture("book", edited(book, assist), MORNING)
    found = build("book", first, second).frame
    assert len(found) == ROWS["book"] + 1
    man = of(found, player_name=book()["active_players"][0]["name"])
    assert man["ast"].tolist() == [2, 3]
    assert spans(man) == [(at("20250116_060000"), at(MORNING)), (at(MORNING), None)]


def test_a_man_whom_a_corrected_gamebook_does_not_have_is_closed() -> None:
    without = edited(book, lambda p: p["dnp_players"].pop(0))
    found = build("book", capture("book", book(), "20250116_060000"), capture("book", without, MORNING)).frame
    assert spans(of(found, player_name=player("NYK", MEN)[1])) == [(at("20250116_060000"), at(MORNING))]
    assert found["superseded_at"].isna().sum() == ROWS["book"] - 1


def test_who_is_nowhere_registered_is_listed_under_a_key_of_his_own_and_resolved_when_he_is() -> None:
    sources = [capture("log", log(), "20250116_070500"), capture("box", box(), "20250116_071000")]
    people = build_raw(contracts.table("player_identity"), sources, nothing(), nothing()).frame
    found = build_raw(table_of("book"), [capture("book", book(), "20250116_060000")], known_games(NOON), people)
    name = player("NYK", 0)[1]
    assert of(found.frame, player_name=name)["player_key"].tolist() == [
        "unresolved:NYK:nykmana#1",
        str(player("NYK", 0)[0]),
    ]
    resolved = [(at("20250116_060000"), at("20250116_070500")), (at("20250116_070500"), None)]
    assert spans(of(found.frame, player_name=name)) == resolved
    bench = of(found.frame, player_name=player("NYK", MEN)[1])
    assert bench["known_at"].tolist() == [at("20250116_060000"), at("20250116_071000")], "only the box score has him"
    assert found.unresolved["player_key"].tolist() == ["unresolved:NYK:williamsjr#1", "unresolved:PHI:williamsjr#1"]


def live(payload: Json) -> None:
    payload["data"][0] |= {"status": "3rd Qtr", "period": 3}
    for man in payload["data"][0]["home_team"]["players"][:MEN]:
        man |= {"ast": 0}


def test_a_live_capture_never_takes_a_final_game_back() -> None:
    early, final = capture("bdl", edited(bdl, live), "20250116_020000"), capture("bdl", bdl(), "20250116_050500")
    stale = capture("bdl", edited(bdl, live), MORNING)
    found = build("bdl", early, final, stale).frame
    pd.testing.assert_frame_equal(found, build("bdl", early, final).frame)
    man = of(found, player_name=player("PHI", 0)[1])
    assert man["is_final"].tolist() == [False, True] and man["ast"].tolist() == [0, 2]
    other = of(found, game_id=SECOND)
    assert other["superseded_at"].isna().all() and len(other) == 2 * (MEN + 1), "the other game was final before"


def test_a_correction_of_a_final_game_is_legal() -> None:
    more = edited(bdl, lambda p: p["data"][0]["home_team"]["players"][0].update(ast=3))
    found = build("bdl", capture("bdl", bdl(), "20250116_050500"), capture("bdl", more, MORNING)).frame
    assert of(found, player_name=player("PHI", 0)[1])["ast"].tolist() == [2, 3]


def test_a_start_time_that_moves_is_no_change_of_a_box_score() -> None:
    later = edited(bdl, lambda p: p["data"][0].update(datetime="2025-01-16T00:40:00.000Z"))
    found = build("bdl", capture("bdl", bdl(), "20250116_050500"), capture("bdl", later, MORNING)).frame
    assert len(found) == ROWS["bdl"]


def test_a_game_under_the_next_date_is_placed_by_its_start_and_still_speaks_for_itself() -> None:
    def off(payload: Json) -> None:
        for game in payload["data"]:
            game["date"] = "2025-01-16"

    def without(payload: Json) -> None:
        off(payload)
        payload["data"][0]["home_team"]["players"].pop()

    captures = [capture("bdl", edited(bdl, off), "20250116_050500"), capture("bdl", edited(bdl, without), MORNING)]
    found = build("bdl", *captures).frame
    assert len(found) == ROWS["bdl"] and set(found["game_date"]) == {pd.Timestamp("2025-01-15")}
    assert spans(of(found, player_name=player("PHI", MEN)[1])) == [(at("20250116_050500"), at(MORNING))]


def test_a_game_log_gives_each_game_its_players() -> None:
    found = build("log", capture("log", log((FIRST,)), "20250116_050000"), capture("log", log(), MORNING)).frame
    assert found["superseded_at"].isna().all() and len(found) == ROWS["log"]
    assert set(of(found, game_id=FIRST)["known_at"]) == {at("20250116_050000")}
    assert set(of(found, game_id=SECOND)["known_at"]) == {at(MORNING)}


def test_a_game_that_a_later_log_does_not_hold_stays() -> None:
    found = build("log", capture("log", log(), "20250116_050000"), capture("log", log((SECOND,)), MORNING)).frame
    assert found["superseded_at"].isna().all() and len(found) == ROWS["log"]


def test_the_team_log_and_the_box_score_are_one_row() -> None:
    found = build("box", capture("box", box(), "20250116_071000"), capture("team_log", team_log(), "20250116_071500"))
    team = of(found.frame, game_id=FIRST, team_tricode="PHI")
    assert team["tov"].tolist() == [8, 10], "the log counts the team's own turnovers"
    assert team["starter_ids"].tolist() == ["55000,55001,55002,55003,55004"] * 2, "the box score knows the starters"
    assert team["tov_includes_team"].tolist() == [False, True] and team["is_home"].all()
    assert spans(team) == [(at("20250116_071000"), at("20250116_071500")), (at("20250116_071500"), None)]
    alone = of(found.frame, game_id=SECOND)
    assert alone["starter_ids"].isna().all() and len(alone) == 2


# Props


def posted(*lines: tuple[str, float]) -> Json:
    payload = odds()
    payload["bookmakers"] = payload["bookmakers"][:1]
    payload["bookmakers"][0]["markets"][0]["outcomes"] = [
        outcome(side, name, -110, point) for name, point in lines for side in ("Over", "Under")
    ]
    return payload


def test_each_capture_of_a_line_is_a_row_and_nothing_closes() -> None:
    ann, bob = player("NYK", 0)[1], player("PHI", 0)[1]
    first = capture("odds", posted((ann, 20.5), (bob, 10.5)), "20250115_210000")
    second = capture("odds", posted((ann, 20.5)), "20250116_000000")
    found = build("odds", first, second).frame
    assert len(found) == 3 and "superseded_at" not in found.columns
    of_ann = of(found, player_name=ann)
    assert of_ann["minutes_to_tip"].tolist() == [210.0, 30.0] and not of_ann["is_in_play"].any()
    assert of_ann["player_id"].tolist() == [str(player("NYK", 0)[0])] * 2
    assert of(found, player_name=bob)["captured_at"].tolist() == [at("20250115_210000")]


def test_a_line_at_the_tip_is_in_play() -> None:
    found = build("odds", capture("odds", posted((player("NYK", 0)[1], 20.5)), "20250116_003000")).frame
    assert found["minutes_to_tip"].tolist() == [0.0] and found["is_in_play"].tolist() == [True]


def test_of_one_snapshot_under_two_names_the_first_known_stays() -> None:
    lines = posted((player("NYK", 0)[1], 20.5))
    envelope = {"timestamp": "2025-01-15T21:00:00Z", "data": posted((player("NYK", 0)[1], 21.5))}
    name = NAMES["odds"].replace("player-props", "player-props-history")
    captures = [capture("odds", lines, "20250115_210000"), capture("odds", envelope, "20250117_210000", name=name)]
    found = build("odds", *captures).frame
    assert found["line"].tolist() == [20.5] and found["known_at"].tolist() == [at("20250115_210000")]


def test_a_name_that_nobody_bears_is_listed() -> None:
    found = build("odds", capture("odds", posted(("J. Brunson", 20.5)), "20250115_210000"))
    assert found.unresolved["player_key"].tolist() == ["unresolved:NYKPHI:jbrunson#1"]


# The order of captures


def changed(kind: str) -> list[Capture]:
    """Captures of a source that disagree, some at one time, one empty, one bad."""
    many: dict[str, list[Json]] = {
        "schedule": [edited(schedule, upcoming), edited(schedule, postponed), schedule()],
        "list": [rosters(), player_list(301)],
        "log": [log(), log((SECOND,))],
        "box": [box(), team_log()],
        "team_log": [team_log(), log(())],
        "book": [book(), edited(book, assist), edited(book, lambda p: p["dnp_players"].pop(0))],
        "bdl": [edited(bdl, live), bdl()],
        "odds": [posted((player("NYK", 0)[1], 20.5)), posted((player("PHI", 0)[1], 10.5))],
        "events": [events.cdn(5), events.cdn()],
        "events_v3": [events.v3(5), events.v3()],
        "events_v2": [events.v2(5), events.v2()],
        "referees": [events.referees(), edited(events.referees, lambda p: p["nba"]["Table"]["rows"].pop())],
    }
    stamps = ("20250115_230000", "20250116_040000", MORNING)
    found = [capture(kind, payload, stamp) for payload in many[kind] for stamp in stamps]
    return [*found, capture(kind, EMPTY.get(kind, b""), stamps[1]), capture(kind, b"<html>", stamps[2])]


ALL = {kind: changed(kind) for kind in KINDS}
WHOLE: dict[str, pd.DataFrame] = {}


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(KINDS), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_of_captures_shows(kind: str, random: Any) -> None:
    if kind not in WHOLE:
        WHOLE[kind] = build(kind, *ALL[kind]).frame
    again = [*ALL[kind], *random.sample(ALL[kind], k=3)]
    random.shuffle(again)
    pd.testing.assert_frame_equal(build(kind, *again).frame, WHOLE[kind])
