"""Drops of a live day by hand: what each asks for, who sees to it, and that the tables are those of a clean ingest.

The history is two games; on 8 November Boston plays at Los Angeles. Files appear in the landing zone as they do live.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from nba_assets.contracts import tables
from nba_assets.engine.attention import AGAIN, LONGEST, QUIET, Attended, ranges, settle
from nba_assets.engine.due import due
from nba_assets.engine.graph import build_order
from nba_assets.engine.landing_zone import named, take_landed
from nba_assets.engine.notifications import FolderNotifications
from nba_assets.engine.platform import Platform
from nba_assets.engine.step import run_step
from nba_assets.engine.sweep import JUST_NOW, missing, sweep, swept_dates
from nba_assets.engine.watch import Watch
from nba_assets.errors import PlatformError, TransientError
from nba_assets.modeling.prediction_grades import official
from nba_assets_tests.engine.conftest import Home, rows, take_in
from nba_assets_tests.engine.live import BORIS, DAY, Live, past
from nba_assets_tests.engine.three_games import ADAM, FIRST, LINES, SECOND, THIRD
from nba_assets_tests.handmade import Drops, player_id, player_name
from nba_assets_tests.told import Told


def line_of(platform: Platform, player: str = ADAM) -> list[float]:
    said = rows(platform, "player_points_predictions", DAY)
    said = said[official(said, ["game_id", "player_id"])]
    return said.loc[said["player_id"] == player, "line_value"].tolist()


def test_the_first_drops_of_a_date_run_it_with_tomorrow(live: Live) -> None:
    done = live.drop(lambda drops: drops.before(THIRD, LINES))
    assert done.ranges == live.ran == [(DAY, DAY + dt.timedelta(days=1))]
    assert len(done.applied) == 3 and not live.refreshed
    assert live.platform.ledger.counts()["pending"] == 0
    assert line_of(live.platform) == [20.5]


def test_a_line_that_moves_refreshes_one_player(lined: Live) -> None:
    done = lined.drop(lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22))
    assert done.keys == [f"{DAY}|line|{player_id('BOS', 1)}"]
    assert lined.ran == []
    assert line_of(lined.platform, player_id("BOS", 1)) == [15.5]
    assert lined.platform.ledger.counts()["pending"] == 0


def test_the_same_lines_again_are_put_off_until_it_is_quiet(lined: Live) -> None:
    done = lined.drop(lambda drops: drops.props(THIRD, LINES, hour=22))
    assert (len(done.put_off), lined.refreshed, lined.ran) == (1, [], [])
    assert lined.attend() == Attended(), "nobody looks at it before"
    lined.at(QUIET)
    done = lined.attend()
    assert len(done.applied) == 1 and lined.ran
    assert due(lined.platform, [DAY]) == {}


def test_a_refresh_is_for_the_drops_that_ask_for_it_and_no_other(lined: Live) -> None:
    """A line that moves, a box score that says nothing new, a date that was never built, all at once."""
    later = replace(THIRD, game_id="0022400104", day=DAY + dt.timedelta(days=3))
    names = lined.put(lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22))
    names += lined.put(lambda drops: drops.gamebook(FIRST, stamp="20241108_161000"))
    names += lined.put(lambda drops: drops.schedule(later.day, [later], final=False, stamp="20241108_160000"))
    take_landed(lined.platform, named(lined.platform, names))
    lined.attend()
    (line,) = lined.platform.ledger.drops(correlation_ids=lined.answered)
    assert line["source"] == "odds_api_player_points_props"
    (waits,) = lined.platform.ledger.drops(status=["pending"])
    assert waits["source"] == "nbac_gamebook_player_stats"


def test_a_line_that_is_taken_down_is_a_change(lined: Live) -> None:
    (gone, stays) = LINES
    lined.drop(lambda drops: drops.props(THIRD, {stays: LINES[stays]}, hour=22))
    assert len(lined.refreshed) == 1
    said = rows(lined.platform, "player_points_predictions", DAY)
    lined = said[official(said, ["game_id", "player_id"])].set_index("player_id")["line_value"]
    assert pd.isna(lined[ADAM]) and gone == player_name("BOS", 0)


def test_a_final_box_score_refreshes_its_game_and_the_sweep_does_the_rest(lined: Live) -> None:
    lined.clock.moment = dt.datetime(2024, 11, 9, 6, tzinfo=dt.UTC)
    lined.drop(lambda drops: drops.schedule(DAY, [THIRD], final=True, stamp="20241109_055000"))
    lined.drop(lambda drops: drops.gamebook(THIRD, stamp="20241109_055500"))
    lined.refreshed.clear()
    done = lined.drop(lambda drops: drops.bdl(DAY, [THIRD], stamp="20241109_055800"))
    assert done.keys == [f"{DAY}|game|{THIRD.game_id}"]
    box = rows(lined.platform, "player_game_summary", DAY)
    assert box.loc[box["player_id"] == ADAM, "points"].unique().tolist() == [16]
    grades = rows(lined.platform, "prediction_grades", DAY)
    assert "under" in set(grades.loc[grades["player_id"] == ADAM, "outcome"])


def test_a_correction_of_an_old_date_runs_that_date_now_and_later_ones_by_the_sweep(lined: Live) -> None:
    done = lined.drop(lambda drops: drops.schedule(FIRST.day, [FIRST], final=True, stamp="20241108_160000"))
    assert done.applied or done.put_off
    done = lined.drop(_corrected)
    assert done.keys == [f"{FIRST.day}|game|{FIRST.game_id}"]
    lined.ran.clear()
    lined.at(QUIET)
    lined.attend()
    assert {SECOND.day, DAY} <= set(missing(lined.platform, swept_dates(lined.platform))), "they look back at it"
    while sweep(lined.platform, lined.run, swept_dates(lined.platform)):
        pass
    assert due(lined.platform, swept_dates(lined.platform, season=True)) == {}


def test_a_failure_is_taken_up_again_and_its_neighbour_is_not_held_up(lined: Live) -> None:
    lined.fails = True
    done = lined.drop(lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22))
    assert (len(done.failed), done.applied) == (1, [])
    lined.fails = False
    assert lined.attend() == Attended()
    assert lined.platform.ledger.counts()["pending"] == 1
    done = lined.drop(lambda drops: drops.gamebook(FIRST, stamp="20241108_161000"), owner="another")
    assert len([*done.applied, *done.put_off]) == 1
    lined.at(AGAIN)
    assert lined.attend("another").applied, "whoever comes first"
    assert lined.platform.ledger.counts()["pending"] == 0
    assert line_of(lined.platform, player_id("BOS", 1)) == [15.5]


def test_f32_a_date_whose_release_was_lost_is_due_until_it_is_made(lined: Live) -> None:
    """Its process is killed after the last table: nothing but the release is missing."""
    platform, days = lined.platform, list(pd.date_range(DAY, DAY))
    moved = {**LINES, player_name("BOS", 0): 23.5}
    take_landed(platform, named(platform, lined.put(lambda drops: drops.props(THIRD, moved, hour=22))))
    lined.at(QUIET)
    for name in build_order():
        run_step(platform, name, days)
    assert due(platform, [DAY]) == {DAY: ["published.release"]}
    assert settle(platform) == [], "a drop that is not on the page is not applied"
    lined.at(JUST_NOW)
    assert sweep(platform, lined.run, [DAY]) == [(DAY, DAY + dt.timedelta(days=1))]
    assert due(platform, [DAY]) == {}
    assert len(settle(platform)) == 1


@pytest.mark.long
def test_the_end_is_that_of_a_clean_ingest(lined: Live, home: Home, tmp_path: Path) -> None:
    """Lines one by one, doubled, out of order, a late correction: the tables are those of all files at once."""
    writes: list[Callable[[Drops], Path | None]] = [
        lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22),
        lambda drops: drops.props(THIRD, LINES | {BORIS: 13.5}, hour=20),
        lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22),
        lambda drops: drops.gamebook(FIRST, stamp="20241108_161000", edit={player_name("BOS", 0): {"ast": 9}}),
        lambda drops: drops.after(THIRD),
    ]
    for write in writes:
        if write is writes[-1]:
            lined.clock.moment = dt.datetime(2024, 11, 9, 8, tzinfo=dt.UTC)
        lined.drop(write)
    lined.at(dt.timedelta(hours=3))
    lined.attend()
    while sweep(lined.platform, lined.run, swept_dates(lined.platform, season=True)):
        pass
    counts = lined.platform.ledger.counts()
    assert counts["received_total"] == counts["applied"] + counts["duplicate"]
    clean = home("clean")
    folder = past(tmp_path / "clean_drops")
    Drops(folder).before(THIRD, LINES)
    for write in writes:
        write(Drops(folder))
    take_in(clean, folder)
    for name in build_order():
        if tables()[name].dataset != "nba_predictions":
            pd.testing.assert_frame_equal(rows(lined.platform, name), rows(clean, name), obj=name)


def test_ranges_are_dates_side_by_side_the_newest_first() -> None:
    today = dt.date(2024, 11, 8)
    old = dt.date(2024, 10, 25)
    assert ranges({old, old + dt.timedelta(days=1)}, today) == [(old, old + dt.timedelta(days=1))]
    assert ranges({old, today - dt.timedelta(days=1)}, today) == [
        (today - dt.timedelta(days=1), today + dt.timedelta(days=1)),
        (old, old),
    ]
    assert ranges(set(), today) == []


def test_a_watch_is_told_of_files_and_finds_what_it_was_not_told_of(lined: Live) -> None:
    landing = lined.platform.settings.landing
    notifications = FolderNotifications(landing)
    watch = Watch(lined.platform, notifications, lined.refresh, lined.run)
    try:
        watch.round()
        lined.put(lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22))
        assert watch.round(wait=5.0).attended.keys == [f"{DAY}|line|{player_id('BOS', 1)}"]
        assert watch.round().idle
    finally:
        notifications.close()
    lined.put(lambda drops: drops.props(THIRD, LINES | {BORIS: 16.5}, hour=23))
    assert watch.round().idle, "not told, and too early for a look"
    lined.at(dt.timedelta(minutes=45))
    assert watch.round().taken.received == 1
    assert line_of(lined.platform, player_id("BOS", 1)) == [16.5]


def test_a_watch_that_cannot_be_told_for_now_looks_at_once_and_goes_on(lined: Live) -> None:
    away = TransientError("cannot listen to drops: the service is away")
    watch = Watch(lined.platform, Told([], away), lined.refresh, lined.run)
    watch.round()
    lined.put(lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22))
    done = watch.round()
    assert done.unheard is away and done.taken.received == 1
    assert watch.round().unheard is None


def test_a_watch_that_can_never_be_told_again_ends(lined: Live) -> None:
    gone = PlatformError("cannot listen to drops: no such subscription")
    with pytest.raises(PlatformError, match="no such subscription"):
        Watch(lined.platform, Told(gone), lined.refresh, lined.run).round()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def watch(lined: Live, told: Told) -> Watch:
    """One that has just begun, and a correction of the first game, for which the dates after it are to be swept."""
    found = Watch(lined.platform, told, lined.refresh, lined.run)
    told.told.append(lined.put(_corrected))
    assert found.round().attended.keys == [f"{FIRST.day}|game|{FIRST.game_id}"]
    return found


def test_a_watch_sweeps_once_it_is_quiet(lined: Live, watch: Watch) -> None:
    second = dt.timedelta(seconds=1)
    lined.at(QUIET - second)
    assert watch.round().swept == [], "who comes now would wait for it"
    lined.at(second)
    assert watch.round().swept != []


def test_a_watch_that_is_never_left_alone_sweeps_all_the_same(lined: Live, watch: Watch, told: Told) -> None:
    """The same lines come again and again."""
    step = dt.timedelta(minutes=2, seconds=30)
    swept = []
    for number in range(LONGEST // step):
        told.told.append(lined.put(partial(_lines, number)))
        lined.at(step)
        swept.append(watch.round().swept != [])
    assert swept == [False] * (len(swept) - 1) + [True]


def _corrected(drops: Drops) -> Path:
    edit = {player_name("BOS", 0): {"ast": 9}, player_name("BOS", 1): {"ast": 0}}
    return drops.gamebook(FIRST, stamp="20241108_161000", edit=edit)


def _lines(number: int, drops: Drops) -> Path:
    return drops.props(THIRD, LINES, hour=22, minute=number)
