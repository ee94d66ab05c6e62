"""F01-F23, the faults of sources, each by name: what is done to a date's files, and what must come of it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import pandas as pd
import pytest

from nba_assets.contracts import tables
from nba_assets.contracts.model import Versioning
from nba_assets.engine.lateness import late
from nba_assets.simulator.faults import FAULTS
from nba_assets.sources.pdf import read_pdf
from nba_assets_tests.faults.conftest import BUILT, DATE, Night
from nba_assets_tests.laws.tables import assert_same

Faulty = Callable[..., Night]

BOOK, BDL, LOG = "nbac_gamebook_player_stats", "bdl_player_boxscores", "nbac_player_boxscores"
INJURIES = "nbac_injury_report"
PROPS, SCHEDULE, SUMMARY = "odds_api_player_points_props", "nbac_schedule", "player_game_summary"
FLAGS = {
    "late:nbac_gamebook_player_stats=6h": "F01",
    "empty_then_full": "F02",
    "html": "F03",
    "truncated": "F03",
    "schema:rename,prefix": "F04",
    "missing_games=2": "F06",
    "paging_cut": "F06",
    "duplicate": "F07",
    "out_of_order": "F08",
    "correction=3d": "F09",
    "postponed": "F10",
    "late_tip": "F11",
    "names:suffix,rename": "F13",
    "names:collision,rookie": "F14",
    "trade": "F15",
    "ids_as_int": "F16",
    "minutes_format": "F16",
    "line_move": "F17",
    "lines:alternate,one_sided": "F17",
    "no_lines=50%": "F18",
    "event_remap": "F19",
    "in_progress=2": "F20",
    "overtime=2": "F21",
    "forfeit": "F21",
    "injury_pdf:pages=4,layout=v2": "F22",
    "conflict=100%": "F23",
}
NIGHTS = [
    [
        "late:nbac_gamebook_player_stats=6h",
        "html",
        "truncated",
        "schema:rename,prefix",
        "ids_as_int",
        "late_tip",
        "forfeit",
    ],
    ["empty_then_full", "missing_games=2", "paging_cut", "duplicate", "in_progress=2", "line_move", "minutes_format"],
    ["out_of_order", "trade", "names:suffix,rename", "event_remap", "overtime=2"],
    ["correction=3d", "names:collision,rookie", "lines:alternate,one_sided", "injury_pdf:pages=4,layout=v2"],
    ["postponed", "conflict=100%", "no_lines=50%"],
]
"""What goes wrong on one night together."""
LINES = [SCHEDULE, "nbac_player_list", "player_identity", PROPS]
BOXES = ["nbac_player_list", SCHEDULE, "player_identity", BOOK, BDL, LOG, SUMMARY]


def test_every_fault_of_the_simulator_is_tested() -> None:
    assert {text.partition(":")[0].partition("=")[0] for text in FLAGS} == set(FAULTS)
    assert {flag for night in NIGHTS for flag in night} == set(FLAGS)


@pytest.mark.parametrize("flag", FLAGS, ids=[f"{fault}-{flag}" for flag, fault in FLAGS.items()])
def test_each_file_meets_its_fate_and_the_ledger_adds_up(flag: str, faulty: Faulty) -> None:
    night = faulty(flag)
    night.take(night.wave(1), build=[])
    night.take(night.wave(2), build=[])
    ledger = {drop["object_name"]: drop for drop in night.platform.ledger.drops()}
    for effect in night.effects:
        if effect.expected == "withheld":
            assert effect.file not in ledger
        else:
            assert ledger[effect.file]["outcome"] == effect.expected, effect
    counts = night.platform.ledger.counts()
    parts = counts["applied"] + counts["duplicate"] + counts["quarantined"] + counts["pending"]
    assert counts["received_total"] == parts == len(night.files)
    bad = {effect.file for effect in night.effects if effect.expected == "bad"}
    assert {name for name, drop in ledger.items() if drop["status"] == "quarantined"} == bad


@pytest.mark.parametrize("flags", NIGHTS, ids=[" ".join(sorted({FLAGS[flag] for flag in night})) for night in NIGHTS])
def test_the_tables_are_those_of_a_clean_run_over_the_valid_drops(flags: list[str], faulty: Faulty) -> None:
    night = faulty(*flags)
    night.take(night.wave(1))
    night.take(night.wave(2))
    clean = night.clean(BUILT)
    for name in BUILT:
        history = tables()[name].versioning is Versioning.CLOSED
        assert_same(tables()[name], night.rows(name, history=history), clean[name])


def test_f01_games_wait_for_the_late_source_by_name_and_are_built_when_it_comes(faulty: Faulty) -> None:
    night = faulty(f"late:{BOOK}=6h", f"late:{BDL}=6h")
    night.take(night.wave(1))
    games = set(night.rows(SCHEDULE)["game_id"])
    missing = late(night.platform, DATE)
    assert {(one.source, one.game_id) for one in missing} == {(name, game) for name in (BOOK, BDL) for game in games}
    assert night.rows(SUMMARY).empty
    night.take(night.wave(2))
    assert set(night.rows(SUMMARY)["game_id"]) == games
    assert late(night.platform, DATE) == []


def test_f03_f04_the_last_good_rows_stay_where_they_were(faulty: Faulty) -> None:
    night = faulty("schema:rename")
    night.take(night.wave(1), build=[SCHEDULE, LOG])
    assert not night.rows(LOG).empty
    found = night.platform.ledger.frames("quarantine")
    assert any("TOV" in message for message in found["message"])


def test_f06_a_partial_capture_never_replaces_a_fuller_one(faulty: Faulty) -> None:
    night = faulty("paging_cut")
    full = [name for name in night.files if name not in {effect.file for effect in night.effects}]
    night.take(full, build=[SCHEDULE, BDL])
    known = ["known_at", "source_path", "source_hash"]
    before = night.rows(BDL).drop(columns=known)
    night.take([effect.file for effect in night.effects], build=[SCHEDULE, BDL])
    pd.testing.assert_frame_equal(night.rows(BDL).drop(columns=known), before)


def test_f07_the_same_file_again_is_a_duplicate_and_rewrites_nothing(faulty: Faulty) -> None:
    night = faulty("duplicate")
    night.take(night.files)
    before = {name: night.platform.warehouse.versions(name) for name in BUILT}
    night.take(night.files)
    counts = night.platform.ledger.counts()
    assert counts["duplicate"] == len(night.files) == counts["received_total"] - counts["duplicate"]
    assert {name: night.platform.warehouse.versions(name) for name in BUILT} == before


def test_f08_an_older_capture_that_arrives_later_is_history_and_changes_nothing_now(faulty: Faulty) -> None:
    night = faulty("out_of_order")
    build = ["nbac_player_list", SCHEDULE, "player_identity", BOOK]
    night.take(night.wave(1), build=build)
    now, history = night.rows(BOOK), night.rows(BOOK, history=True)
    night.take(night.wave(2), build=build)
    facts = [name for name in now.columns if name not in ("known_at", "source_path", "source_hash")]
    pd.testing.assert_frame_equal(night.rows(BOOK)[facts], now[facts])
    assert len(night.rows(BOOK, history=True)) > len(history)


def test_f09_a_correction_is_a_version_and_the_old_one_is_kept(faulty: Faulty) -> None:
    night = faulty("correction=3d")
    night.take(night.files, build=BOXES)
    every = night.rows(SUMMARY, history=True).dropna(subset=["points"])
    told = every.drop_duplicates(["game_id", "player_id", "points"])
    moved = told[told.duplicated(["game_id", "player_id"], keep=False)].sort_values(["player_id", "known_at"])
    assert sorted(moved.groupby("player_id")["points"].agg(lambda points: points.diff().iloc[-1])) == [-2, 2]
    corrected = moved.groupby("player_id")["known_at"].max()
    assert (corrected >= pd.Timestamp(DATE, tz="UTC") + dt.timedelta(days=4)).all()
    assert (every.groupby(["game_id", "player_id"])["superseded_at"].agg(lambda ends: ends.isna().sum()) == 1).all()


@pytest.mark.parametrize("flag", ["postponed", "forfeit"])
def test_f10_f21_a_game_that_was_not_played_has_no_rows_and_its_predictions_are_void(flag: str, faulty: Faulty) -> None:
    night = faulty(flag)
    night.take(night.files, build=BOXES)
    listed = night.rows(SCHEDULE)
    assert not listed["game_id"].duplicated().any()
    game = listed.loc[listed["game_date"] > pd.Timestamp(DATE), "game_id"]
    if flag == "forfeit":
        game = listed.loc[listed["home_score"] + listed["away_score"] == 2, "game_id"]
    (game_id,) = game
    assert game_id not in set(night.rows(SUMMARY)["game_id"])
    assert game_id not in set(night.platform.ledger.frames("waiting")["game_id"])
    grades = night.clean()["prediction_grades"]
    settled = grades[(grades["game_id"] == game_id) & grades["superseded_at"].isna()]
    lined = settled[settled["outcome"] != "no_line"]
    assert set(lined.loc[lined["target"] == "points", "outcome"]) == {"void"}
    assert set(settled["void_reason"].dropna()) == {flag}


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "UTC"])
def test_f11_a_game_at_half_past_ten_is_on_its_new_york_date_wherever_the_machine_is(
    zone: str, faulty: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as there:
        there.setenv("TZ", zone)
        time.tzset()
        night = faulty("late_tip")
        night.take(night.files, build=[*BOXES, PROPS])
    time.tzset()
    tips = night.rows(SCHEDULE)["tip_at"]
    assert set(tips.dt.date) == {DATE + dt.timedelta(days=1)}
    for table in (SCHEDULE, BOOK, BDL, PROPS, SUMMARY):
        assert set(night.rows(table)["game_date"].dt.date) == {DATE}


def test_f13_a_name_without_its_suffix_resolves_and_a_nickname_stays_open(faulty: Faulty) -> None:
    night = faulty("names:suffix,rename")
    night.take(night.files, build=LINES)
    rows = night.rows(PROPS)
    opened = rows[rows["resolution"] == "unresolved"]
    assert set(opened["player_name"].str.split().str[0]) == {"Skip"}
    assert (rows["resolution"] == "no_suffix").any()
    assert opened["player_id"].isna().all()


def test_f14_two_men_of_one_name_are_nobody(faulty: Faulty) -> None:
    night = faulty("names:collision")
    night.take(night.files, build=LINES)
    names = night.rows("nbac_player_list")["player_lookup"]
    twice = set(names[names.duplicated()])
    rows = night.rows(PROPS)
    assert set(rows.loc[rows["player_lookup"].isin(twice), "resolution"]) == {"unresolved"}


def test_f15_a_man_who_was_traded_is_on_one_team_at_a_time(faulty: Faulty) -> None:
    night = faulty("trade")
    night.take(night.files, build=BOXES)
    listed = night.rows("nbac_player_list", history=True)
    both = listed[listed["player_id"].duplicated(keep=False)].sort_values("known_at")
    (before, after) = both["team_tricode"]
    assert set(both["player_id"].value_counts()) == {2} and before != after
    man, noon = both["player_id"].iloc[0], pd.Timestamp(DATE, tz="UTC") + dt.timedelta(hours=8)
    early = night.platform.warehouse.read("nbac_player_list", as_of=noon.to_pydatetime())
    assert early.loc[early["player_id"] == man, "team_tricode"].tolist() == [before]
    played = night.rows(SUMMARY)
    assert played.loc[played["player_id"] == man, "team"].tolist() == [after]


@pytest.mark.parametrize(("flag", "table"), [("ids_as_int", LOG), ("minutes_format", BOOK)])
def test_f16_ids_and_minutes_of_another_form_are_refused_and_never_made_null(
    flag: str, table: str, faulty: Faulty
) -> None:
    night = faulty(flag)
    night.take(night.files, build=BOXES)
    (effect,) = night.effects
    (refused,) = {entry["object_name"] for entry in night.platform.ledger.drops(status=["quarantined"])}
    assert refused == effect.file
    rows = night.rows(table)
    assert set(rows["game_id"]) == set(night.rows(SCHEDULE)["game_id"]) and rows["game_id"].str.len().eq(10).all()
    played = night.rows(SUMMARY)
    assert played.loc[played["status"] == "played", "minutes"].notna().all()


def test_f17_only_main_lines_with_both_sides_make_the_consensus(faulty: Faulty) -> None:
    night, plain = faulty("lines:alternate,one_sided"), faulty()
    night.take(night.files, build=LINES)
    rows = night.rows(PROPS)
    assert (rows["line_count"] > 1).any()
    assert rows["under_price"].isna().any()
    assert plain.effects == []


def test_f18_no_line_is_null_and_never_a_number(faulty: Faulty) -> None:
    night = faulty("no_lines")
    night.take(night.files)
    made = night.clean()["player_points_predictions"]
    assert made["line_value"].isna().all()
    assert set(made["decision"]) == {"PASS"}


def test_f19_both_events_are_the_same_game(faulty: Faulty) -> None:
    night = faulty("event_remap")
    night.take(night.files, build=LINES)
    rows = night.rows(PROPS)
    assert set(rows.groupby("game_id")["event_id"].nunique()) == {2}


def test_f20_only_running_games_wait(faulty: Faulty) -> None:
    night = faulty("in_progress=2", f"late:{BOOK}=never")
    (live,) = [effect.file for effect in night.effects if effect.fault == "in_progress"]
    later = [name for name in night.files if name.startswith("ball-dont-lie") and name != live]
    night.take([name for name in night.files if name not in later], build=BOXES)
    waiting = night.platform.ledger.frames("waiting").query("table_name.str.endswith(@SUMMARY)")
    assert len(waiting) == 2
    games = set(night.rows(SCHEDULE)["game_id"])
    assert set(night.rows(SUMMARY)["game_id"]) == games - set(waiting["game_id"])


def test_f21_overtime_is_a_valid_length(faulty: Faulty) -> None:
    night = faulty("overtime=2")
    night.take(night.files, build=BOXES)
    assert (night.rows(SCHEDULE)["ot_periods"] >= 1).sum() >= 2
    assert night.platform.ledger.frames("quarantine").empty
    assert night.rows(SUMMARY)["game_id"].nunique() == night.rows(SCHEDULE)["game_id"].nunique()


def test_f22_players_keep_their_team_over_pages_and_another_layout_is_refused_by_page(faulty: Faulty) -> None:
    night = faulty("injury_pdf:pages=4,layout=v2")
    night.take(night.files, build=[SCHEDULE, "nbac_player_list", "player_identity", INJURIES])
    (long, _) = [effect.file for effect in night.effects]
    pages = len(read_pdf((night.folder / long).read_bytes()))
    rows = night.rows(INJURIES)
    told = rows[rows["source_path"] == long]
    shown = told.merge(rows[rows["source_path"] != long], on=["game_id", "player_key"], suffixes=("", "_before"))
    assert pages >= 4 and len(told) > 10 and len(shown)
    assert (shown["team_tricode"] == shown["team_tricode_before"]).all()
    refused = night.platform.ledger.frames("quarantine")
    assert list(refused["place"].str.startswith("page 1")) == [True]


def test_f23_the_gamebook_wins_and_the_conflict_is_counted(faulty: Faulty) -> None:
    night = faulty("conflict=100%")
    night.take(night.files, build=BOXES)
    rows, book = night.rows(SUMMARY), night.rows(BOOK)
    conflicting = rows[rows["source_conflict"]]
    assert len(conflicting) == 2
    both = conflicting.merge(book, on=["game_id", "player_id"])
    assert (both["points"] == both["pts"]).all()
