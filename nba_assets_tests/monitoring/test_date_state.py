"""What a date waits for: one game by hand, from the morning before it to its box score."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from nba_assets.clock import FixedClock
from nba_assets.engine.ingest import Window, ingest
from nba_assets.engine.intake import scan, take
from nba_assets.engine.lateness import missing
from nba_assets.engine.platform import Platform
from nba_assets.engine.step import run_step
from nba_assets.errors import PlatformError
from nba_assets.monitoring.date_state import Blame, TableState, date_state
from nba_assets.settings import Settings
from nba_assets_tests.engine.conftest import early_steps
from nba_assets_tests.engine.three_games import FIRST, LINES
from nba_assets_tests.handmade import Drops

MORNING = dt.datetime(2024, 11, 1, 13, tzinfo=dt.UTC)
FINAL_KNOWN = dt.datetime(2024, 11, 2, 7, tzinfo=dt.UTC)
GAMEBOOK = Blame("nbac_gamebook_player_stats", FINAL_KNOWN + dt.timedelta(hours=3))
BDL = Blame("bdl_player_boxscores", FINAL_KNOWN + dt.timedelta(hours=2))
SUMMARY = "player_game_summary"
EARLY = ("nba_raw", "nba_analytics")


@pytest.fixture
def platform(settings: Settings) -> Iterator[Platform]:
    opened = Platform.open(settings, FixedClock(MORNING))
    yield opened
    opened.close()


def at(platform: Platform, moment: dt.datetime) -> Platform:
    platform.clock = FixedClock(moment)
    return platform


def take_in(platform: Platform, folder: Path) -> None:
    """Ingest the drops as far as the facts of games: phases 2 and 3 of the date."""
    ingest(platform, scan(folder), lambda *_: early_steps(platform, Window(FIRST.day, FIRST.day), EARLY))


def states(platform: Platform) -> dict[str, TableState]:
    return {one.table: one for one in date_state(platform, FIRST.day, missing(platform, FIRST.day))}


def test_a_date_of_which_nothing_is_known_waits_for_nothing(platform: Platform) -> None:
    assert {one.state for one in date_state(platform, FIRST.day, missing(platform, FIRST.day))} == {"nothing"}


def test_from_the_morning_to_the_box_score(platform: Platform, tmp_path: Path) -> None:
    drops = Drops(tmp_path / "drops")
    drops.before(FIRST, LINES)
    take_in(platform, drops.folder)
    found = states(platform)
    assert found["upcoming_player_game_context"].state == "current"
    assert found["player_daily_cache"].state == "due"
    waits = found[SUMMARY]
    assert (waits.state, waits.awaited) == ("waiting", ("nbac_gamebook_player_stats or bdl_player_boxscores",))
    assert waits.since == MORNING
    assert waits.blame == (Blame("bdl_player_boxscores"), Blame("nbac_gamebook_player_stats")), (
        "no final: nobody is late"
    )
    assert found["team_offense_game_summary"].blame == waits.blame, "who holds up its input holds it up"
    tip_plus_4 = dt.datetime.combine(FIRST.day, dt.time(4), dt.UTC) + dt.timedelta(days=1)
    assert found["nbac_schedule"].blame == (Blame("nbac_schedule", tip_plus_4),)
    assert found["nbac_schedule"].blame[0].told(MORNING) == "nbac_schedule, due 2024-11-02 04:00 UTC"

    drops.schedule(FIRST.day, [FIRST], final=True)
    take_in(at(platform, FINAL_KNOWN + dt.timedelta(hours=5)), drops.folder)
    found = states(platform)
    assert found["nbac_schedule"].state == "current"
    assert (found[SUMMARY].state, found[SUMMARY].since) == ("waiting", MORNING)
    assert found[SUMMARY].blame == (BDL, GAMEBOOK), "the longest overdue first"
    assert BDL.told(platform.clock.now()) == "bdl_player_boxscores, late since 2024-11-02 09:00 UTC"
    assert found["bdl_player_boxscores"].games == (FIRST.game_id,)

    drops.gamebook(FIRST)
    take(platform, scan(drops.folder))
    found = states(platform)
    assert (found["nbac_gamebook_player_stats"].state, found["nbac_gamebook_player_stats"].since) == (
        "due",
        platform.clock.now(),
    )
    take_in(platform, drops.folder)
    found = states(platform)
    assert {found[name].state for name in (SUMMARY, "team_offense_game_summary")} == {"current"}


def test_a_game_with_one_box_score_waits_for_the_other(platform: Platform, tmp_path: Path) -> None:
    drops = Drops(tmp_path / "drops")
    drops.before(FIRST)
    drops.schedule(FIRST.day, [FIRST], final=True)
    drops.bdl(FIRST.day, [FIRST])
    take_in(at(platform, FINAL_KNOWN + dt.timedelta(minutes=5)), drops.folder)
    waits = states(platform)[SUMMARY]
    assert (waits.state, waits.games) == ("waiting", (FIRST.game_id,))
    assert waits.awaited == ("one box score, the other is given two hours",)
    assert waits.blame == (GAMEBOOK,)
    assert waits.since == platform.clock.now()


def test_a_step_that_failed_says_so_and_is_to_blame(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drops = Drops(tmp_path / "drops")
    drops.before(FIRST, LINES)
    drops.after(FIRST)
    take(at(platform, FINAL_KNOWN + dt.timedelta(hours=9)), scan(drops.folder))
    days = [pd.Timestamp(FIRST.day)]
    for name in (
        "nbac_schedule",
        "nbac_player_list",
        "player_identity",
        "bdl_player_boxscores",
        "nbac_gamebook_player_stats",
    ):
        run_step(platform, name, days)
    with monkeypatch.context() as patch, pytest.raises(PlatformError, match="No space left"):
        patch.setattr("nba_assets.storage.partition_files.PartitionFiles.write", full)
        run_step(platform, SUMMARY, days)
    found = states(platform)
    assert (found[SUMMARY].state, found[SUMMARY].since) == ("failed", platform.clock.now())
    assert "No space left" in found[SUMMARY].awaited[0]
    assert found["team_offense_game_summary"].blame == (Blame(SUMMARY),)


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")
