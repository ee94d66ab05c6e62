"""Intake: games placed a day off, files that cannot be read, answers with nothing."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd

from nba_assets.engine.empty_answers import empty_answers
from nba_assets.engine.ingest import ingest
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.step import run_step
from nba_assets_tests.engine.conftest import Home, early_steps, rows, take_raw
from nba_assets_tests.engine.test_bad_input import GAMEBOOK
from nba_assets_tests.engine.three_games import FIRST, LINES, season
from nba_assets_tests.handmade import Drops

PROPS = "odds_api_player_points_props"
LOG = "nbac_player_boxscores"
NEXT_DAY = FIRST.day + dt.timedelta(days=1)


def off_by_a_day(folder: Path) -> Path:
    """Lines of the first game whose event starts at 04:30 UTC, half past midnight in New York: the date after."""
    return Drops(folder).props(replace(FIRST, tip_hour=5), LINES)


def test_lines_of_a_game_that_their_source_has_a_day_later_are_found_when_they_come_alone(
    home: Home, tmp_path: Path
) -> None:
    late, at_once = home("late"), home("at_once")
    Drops(tmp_path / "drops").before(FIRST)
    take_raw(late, tmp_path / "drops")
    assert rows(late, PROPS).empty
    off_by_a_day(tmp_path / "drops")
    result = take_raw(late, tmp_path / "drops")

    assert set(rows(late, PROPS)["game_date"].dt.date) == {FIRST.day}
    assert set(rows(late, PROPS)["game_id"]) == {FIRST.game_id}
    assert result.dirty[PROPS] == {FIRST.day, NEXT_DAY}
    (drop,) = late.ledger.drops(source=PROPS)
    assert (drop["pairs"], drop["game_dates"]) == (["BOSNYK"], [FIRST.day, NEXT_DAY])

    take_raw(at_once, tmp_path / "drops")
    assert at_once.warehouse.versions(PROPS) == late.warehouse.versions(PROPS)
    (index,) = late.capture_index(PROPS, [FIRST.day]).values()
    assert len(index) == 1


def test_lines_that_come_before_the_schedule_are_found_by_the_date_that_it_lists(home: Home, tmp_path: Path) -> None:
    platform = home("early")
    off_by_a_day(tmp_path / "lines")
    take_raw(platform, tmp_path / "lines")
    (drop,) = platform.ledger.drops(source=PROPS)
    assert drop["game_dates"] == [NEXT_DAY]
    Drops(tmp_path / "rest").before(FIRST)
    take_raw(platform, tmp_path / "rest")
    assert set(rows(platform, PROPS)["game_date"].dt.date) == {FIRST.day}


def test_lines_between_two_games_of_a_pair_are_of_neither_however_few_dates_are_built(
    home: Home, tmp_path: Path
) -> None:
    platform = home("twice")
    drops = Drops(tmp_path / "drops")
    drops.before(FIRST)
    again = replace(FIRST, game_id="0022400177", day=FIRST.day + dt.timedelta(days=2))
    drops.schedule(again.day, [again], final=False, stamp="20241101_130000")
    take_raw(platform, tmp_path / "drops")
    off_by_a_day(tmp_path / "drops")
    take(platform, scan(tmp_path / "drops"))
    for day in (FIRST.day, NEXT_DAY, again.day):
        assert platform.capture_index(PROPS, [day]), "it may speak for each of the three"
        run_step(platform, PROPS, [pd.Timestamp(day)])
    assert rows(platform, PROPS).empty


def test_a_game_on_its_own_date_looks_at_no_neighbours(home: Home, tmp_path: Path) -> None:
    platform = home("plain")
    take_raw(platform, season(tmp_path / "drops"))
    days = [FIRST.day + dt.timedelta(days=n) for n in range(-1, 4)]
    index = platform.capture_index(PROPS, days)
    assert {day: len(lines) for day, lines in index.items()} == {FIRST.day: 1, FIRST.day + dt.timedelta(days=2): 1}


def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(home: Home, tmp_path: Path) -> None:
    platform = home("gone")
    folder = season(tmp_path / "drops")
    files = list(scan(folder))
    vanished, turned = folder / GAMEBOOK, next(folder.rglob("player-boxscores/**/*.json"))
    vanished.unlink()
    turned.unlink()
    turned.mkdir()
    result = ingest(platform, files, lambda window, _: early_steps(platform, window))
    assert {(one.path, one.reason) for one in result.unread} == {
        (vanished, os.strerror(2)),
        (turned, os.strerror(21)),
    }
    counts = platform.ledger.counts()
    assert counts["received_total"] == counts["applied"] == 19 == result.received
    assert GAMEBOOK not in {drop["object_name"] for drop in platform.ledger.drops()}, "not recorded as received"


def empty_log(folder: Path, stamp: str) -> Path:
    """The league's answer before it has any row."""
    path = Drops(folder).game_log(FIRST.day, [FIRST])
    payload = json.loads(path.read_text())
    payload["resultSets"][0]["rowSet"] = []
    path.unlink()
    empty = path.with_name(f"{stamp}.json")
    empty.write_text(json.dumps(payload))
    return empty


def test_f02_an_empty_answer_is_not_done_and_the_full_one_is_used(home: Home, tmp_path: Path) -> None:
    platform = home("empty")
    drops = Drops(tmp_path / "drops")
    drops.before(FIRST)
    drops.schedule(FIRST.day, [FIRST], final=True)
    empty = empty_log(tmp_path / "drops", "20241102_040000")
    take_raw(platform, tmp_path / "drops")
    (drop,) = platform.ledger.drops(source=LOG)
    assert (drop["status"], drop["outcome"], drop["rows"]) == ("applied", "empty", 0)
    (line,) = empty_answers(platform)
    assert (line["table_name"], line["game_id"], line["game_date"]) == (LOG, FIRST.game_id, FIRST.day)
    assert line["reason"] == f"final, but the source answered with nothing: {empty.relative_to(tmp_path / 'drops')}"

    drops.game_log(FIRST.day, [FIRST])
    empty_log(tmp_path / "again", "20241103_040000")
    take_raw(platform, tmp_path / "drops")
    take_raw(platform, tmp_path / "again")

    full = rows(platform, LOG, FIRST.day)
    assert len(full) == 16 and full["superseded_at"].isna().all(), "an empty answer closes nothing"
    assert empty_answers(platform) == []
    assert table_of(home("clean"), tmp_path, empty).equals(full)


def table_of(clean: Platform, tmp_path: Path, empty: Path) -> pd.DataFrame:
    """The log of a run that never saw the empty answers."""
    empty.unlink()
    take_raw(clean, tmp_path / "drops")
    return rows(clean, LOG, FIRST.day)


def test_an_empty_answer_before_the_final_waits_for_nothing_yet(home: Home, tmp_path: Path) -> None:
    platform = home("early")
    Drops(tmp_path / "drops").before(FIRST)
    empty_log(tmp_path / "drops", "20241101_230000")
    take_raw(platform, tmp_path / "drops")
    assert empty_answers(platform) == []
