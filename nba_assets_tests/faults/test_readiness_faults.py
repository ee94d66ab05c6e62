"""F35-F37: what is ready is made, game by game; what is optional and absent, or late, holds up nothing."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from nba_assets.clock import FixedClock
from nba_assets.contracts import tables
from nba_assets.engine.attention import Attended
from nba_assets.engine.graph import build_order
from nba_assets.engine.landing_zone import named, take_landed
from nba_assets.engine.step import run_step
from nba_assets.sources.paths import capture_stamp
from nba_assets.storage.records import Drop
from nba_assets_tests.engine.live import Live
from nba_assets_tests.faults.conftest import BUILT, DATE, Night
from nba_assets_tests.faults.soundness import assert_sound, stored

Faulty = Callable[..., Night]

SCHEDULE, SUMMARY, BDL = "nbac_schedule", "player_game_summary", "bdl_player_boxscores"
BETTINGPROS = "bettingpros_player_points_props"
OPTIONAL = (
    "nbac_gamebook_player_stats",
    "nbac_player_boxscores",
    "nbac_team_boxscore",
    "nbac_play_by_play",
    "bigdataball_play_by_play",
)
"""Of a played game, with the second source's box score there."""
TO_THE_BOX = [*(name for name in BUILT if name in ("nbac_player_list", SCHEDULE, "player_identity", BDL)), SUMMARY]
ABSENT = {
    SUMMARY: (
        "nbac_gamebook_player_stats",
        "nbac_team_boxscore",
        "bigdataball_play_by_play",
        "nbac_play_by_play",
    ),
    "team_offense_game_summary": ("nbac_team_boxscore", "bigdataball_play_by_play", "nbac_play_by_play"),
}
"""What its rows miss of it."""
MINUTE = dt.timedelta(minutes=1)
NEVER = ",".join(f"{source}=never" for source in OPTIONAL)


def test_f35_seven_games_are_processed_and_four_wait_by_name(faulty: Faulty) -> None:
    night = faulty("in_progress=4", f"late:{NEVER}", games=11)
    (live,) = [effect.file for effect in night.effects if effect.fault == "in_progress"]
    final = [name for name in night.files if name.startswith("ball-dont-lie") and name != live]
    night.take([name for name in night.files if name not in final], build=TO_THE_BOX)
    ledger, games = night.platform.ledger, set(night.rows(SCHEDULE)["game_id"])
    waiting = {row["game_id"] for row in ledger.waiting(DATE) if row["table_name"].endswith(SUMMARY)}
    processed = set(night.rows(SUMMARY)["game_id"])
    assert (len(games), len(waiting), len(processed)) == (11, 4, 7)
    assert processed == games - waiting
    (said,) = [one for one in ledger.executions(date=DATE) if one["processor_name"] == f"nba_analytics.{SUMMARY}"]
    assert said["status"] == "completed" and said["records_processed"] == len(stored(night.platform, SUMMARY))
    assert_sound(night.platform, TO_THE_BOX)

    night.take(final, build=TO_THE_BOX)
    assert set(night.rows(SUMMARY)["game_id"]) == games
    assert [row for row in ledger.waiting(DATE) if row["table_name"].endswith(SUMMARY)] == []
    assert_sound(night.platform, TO_THE_BOX)


def test_f36_one_box_score_of_five_sources_is_enough_and_the_rows_say_what_is_absent(faulty: Faulty) -> None:
    night = faulty(f"late:{NEVER}")
    night.take(night.files)
    assert set(night.rows(SUMMARY)["game_id"]) == set(night.rows(SCHEDULE)["game_id"])
    for table, absent in ABSENT.items():
        assert {tuple(names) for names in night.rows(table)["missing_inputs"]} == {absent}
        assert (night.rows(table)["quality"] < 100).all()
    assert night.platform.ledger.work() == []
    assert_sound(night.platform, BUILT)


class Tables(Live):
    """The same without releases."""

    def run(self, first: dt.date, last: dt.date, _: Sequence[Drop]) -> bool:
        self.ran.append((first, last))
        for name in build_order():
            run_step(self.platform, name, list(pd.date_range(first, last)))
        return True


def reads(table: str) -> set[str]:
    """The tables that are built from it, near or far, and itself."""
    found = {table}
    for name in build_order():
        if found & {entry.table for entry in tables()[name].inputs}:
            found.add(name)
    return found


def test_f37_ten_late_files_of_an_optional_source_are_one_rebuild_of_what_reads_them(
    faulty: Faulty, tmp_path: Path
) -> None:
    """The date is built at 13:30 in New York, the files come from 15:05 on, one a minute."""
    night = faulty(f"late:{BETTINGPROS}=2h,files=10", games=4)
    platform = night.platform
    platform.clock = clock = FixedClock(dt.datetime.combine(DATE, dt.time(17, 30), dt.UTC))
    live = Tables(platform, clock, tmp_path)

    def land(name: str) -> Attended:
        target = platform.settings.landing / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(night.folder / name, target)
        take_landed(platform, named(platform, [name]))
        return live.attend()

    stamps = {name: capture_stamp(name) for name in night.files}
    early = [name for name in night.wave(1) if stamps[name] <= pd.Timestamp(clock.moment)]
    for name in early[:-1]:
        target = platform.settings.landing / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(night.folder / name, target)
    take_landed(platform, named(platform, early))
    land(early[-1])
    before = platform.ledger.frames("pipeline_execution_log")["sequence"].max()
    live.ran.clear()

    late = sorted((stamps[name], name) for name in night.wave(2))[:10]
    for stamp, name in late:
        clock.moment = stamp.to_pydatetime()
        assert not land(name).ranges
    for _ in range(30):
        live.at(MINUTE)
        live.attend()
    assert live.refreshed == []
    assert live.ran == [(DATE, DATE + dt.timedelta(days=1))]
    assert platform.ledger.counts()["pending"] == 0
    log = platform.ledger.frames("pipeline_execution_log")
    made = log[(log["sequence"] > before) & (log["status"] == "completed") & (log["game_date"] == pd.Timestamp(DATE))]
    names = {name.partition(".")[2] for name in made["processor_name"]}
    assert BETTINGPROS in names and names <= reads(BETTINGPROS) < set(build_order())
    assert_sound(platform)
