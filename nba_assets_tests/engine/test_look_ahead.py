"""What a date can know of later dates: a schedule that comes after its games have begun concerns it no more."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from nba_assets.contracts import tables
from nba_assets.contracts.model import Input
from nba_assets.engine.ingest import Window, affected
from nba_assets.engine.intake import scan, take
from nba_assets.engine.look_ahead import known_ahead, looks_ahead
from nba_assets.engine.platform import Platform
from nba_assets_tests.engine.conftest import Home, take_in, take_raw
from nba_assets_tests.engine.three_games import FIRST, SECOND
from nba_assets_tests.handmade import Drops

TABLE = tables()["upcoming_team_game_context"]
(AHEAD,) = (entry for entry in TABLE.inputs if looks_ahead(TABLE, entry))
DAY, LATER = FIRST.day, SECOND.day


def lines(platform: Platform, entry: Input = AHEAD) -> list[str]:
    return known_ahead(platform, entry, [DAY])[DAY]


def scheduled(platform: Platform, folder: Path, stamp: str, *, final: bool = False) -> None:
    """The later game's date as a file of that time lists it."""
    Drops(folder).schedule(LATER, [SECOND], final=final, stamp=stamp)
    take_raw(platform, folder)


def test_one_table_looks_ahead_at_the_schedule() -> None:
    found = {(t.name, e.table) for t in tables().values() for e in t.inputs if looks_ahead(t, e)}
    assert found == {("upcoming_team_game_context", "nbac_schedule")}


def test_a_later_date_that_was_listed_in_time_is_known(home: Home, tmp_path: Path) -> None:
    platform = home("a")
    assert lines(platform) == []
    scheduled(platform, tmp_path / "early", f"{DAY:%Y%m%d}_120000")
    assert [line.partition(" ")[0] for line in lines(platform)] == [str(LATER)]


def test_a_later_date_that_is_listed_afterwards_is_not(home: Home, tmp_path: Path) -> None:
    platform = home("a")
    scheduled(platform, tmp_path / "late", f"{LATER:%Y%m%d}_120000")
    assert lines(platform) == []


def test_what_becomes_of_it_afterwards_changes_nothing(home: Home, tmp_path: Path) -> None:
    platform = home("a")
    scheduled(platform, tmp_path / "early", f"{DAY:%Y%m%d}_120000")
    before = lines(platform)
    scheduled(platform, tmp_path / "final", f"{LATER + dt.timedelta(days=1):%Y%m%d}_070000", final=True)
    known_then = lines(platform)
    assert len(known_then) == 1
    scheduled(platform, tmp_path / "again", f"{LATER + dt.timedelta(days=2):%Y%m%d}_070000", final=True)
    assert lines(platform) == known_then
    assert [line.partition(" ")[0] for line in before] == [line.partition(" ")[0] for line in known_then]


def test_a_night_looks_at_the_dates_before_it_that_it_can_move(home: Home, tmp_path: Path) -> None:
    """Two for the registry; all that the schedule's file was in time for."""
    platform = home("a")
    Drops(tmp_path / "first").before(FIRST)
    Drops(tmp_path / "first").after(FIRST)
    take_in(platform, tmp_path / "first")
    day = DAY + dt.timedelta(days=10)
    Drops(tmp_path / "now").schedule(day, [], final=False, stamp=f"{day:%Y%m%d}_120000")
    Drops(tmp_path / "now").player_list(day)
    result = take(platform, scan(tmp_path / "now"))
    assert affected(platform, [day], result.drops) == Window(day, day), "no date with data is two days before"
    assert affected(platform, [day]) == Window(DAY, day)
    early = [{**drop, "known_at": dt.datetime.combine(DAY, dt.time(12), dt.UTC)} for drop in result.drops]
    assert affected(platform, [day], early) == Window(DAY, day)  # type: ignore[arg-type]
