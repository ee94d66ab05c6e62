"""F31-F33, F37, F39, F41: events that are lost, doubled, late or in disorder, and a takers' death between two steps."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from nba_assets.alarms.causes import causes
from nba_assets.contracts import tables
from nba_assets.engine.attention import QUIET, attend
from nba_assets.engine.due import due
from nba_assets.engine.graph import build_order
from nba_assets.engine.intake import applied
from nba_assets.engine.landing_zone import named, take_landed
from nba_assets.engine.step import run_step
from nba_assets.engine.sweep import missing
from nba_assets.engine.watch import LOOK_EVERY, Watch
from nba_assets.storage.embedded_postgres import engine_of
from nba_assets.storage.locks import partition_lock
from nba_assets.storage.records import Drop
from nba_assets_tests.engine.live import BORIS, DAY, Live
from nba_assets_tests.engine.three_games import FIRST, LINES, THIRD
from nba_assets_tests.faults.conftest import quiesce, swept
from nba_assets_tests.faults.soundness import assert_sound
from nba_assets_tests.handmade import Drops, Game, player_id, player_name
from nba_assets_tests.told import Told

PROPS = "odds_api_player_points_props"
PREDICTIONS = ("game_predictions", "points_model", "player_points_predictions")
MINUTE = dt.timedelta(minutes=1)
TOMORROW = Game("0022400104", DAY + dt.timedelta(days=1), "DEN", "NYK", {})
NEXT = player_name("BOS", 2)
WRITES: list[Callable[[Drops], Path]] = [
    lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22),
    lambda drops: drops.props(THIRD, LINES | {BORIS: 13.5}, hour=20),
    lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5, NEXT: 9.5}, hour=22, minute=10),
    lambda drops: drops.gamebook(FIRST, stamp="20241108_161000", edit={player_name("BOS", 0): {"ast": 9}}),
    lambda drops: drops.schedule(TOMORROW.day, [TOMORROW], final=False, stamp="20241108_221500"),
]
"""Of a live day: a line that moves, an older capture, a new line, a correction, tomorrow's schedule."""


def watch(live: Live, *told: list[str]) -> Watch:
    return Watch(live.platform, Told(*told), live.refresh, live.run)


def engine(live: Live) -> Engine:
    url = live.platform.settings.database_url
    assert url is not None
    return engine_of(url.get_secret_value())


def execute(live: Live, statement: str) -> None:
    with engine(live).begin() as connection:
        connection.execute(text(statement))


def test_f31_what_was_told_and_could_not_be_recorded_is_found_by_the_next_look(live: Live) -> None:
    """The notification is gone when the ledger refuses the row."""
    names = live.put(WRITES[0])
    execute(live, "ALTER TABLE nba_orchestration.drops ADD CONSTRAINT full_disk CHECK (size < 0) NOT VALID")
    with pytest.raises(Exception, match="full_disk"):
        watch(live, names).round()
    assert live.platform.ledger.drops(source=PROPS, status=["received", "pending"]) == []
    execute(live, "ALTER TABLE nba_orchestration.drops DROP CONSTRAINT full_disk")
    done = watch(live).round()
    assert done.taken.received == 1 and len(done.attended.applied) == 1
    quiesce(live)
    assert_sound(live.platform)


def test_f32_a_phase_that_nobody_started_is_told_at_its_deadline_and_started_by_the_sweep(live: Live) -> None:
    """Tomorrow's schedule ran to phase 4; the event that starts phase 5 was lost, its drop counts as applied."""
    take_landed(live.platform, named(live.platform, live.put(WRITES[4])))
    for name in build_order():
        if name not in PREDICTIONS and tables()[name].dataset != "nba_predictions":
            run_step(live.platform, name, [pd.Timestamp(TOMORROW.day)])
    applied(live.platform, live.platform.ledger.drops(status=["pending"]))
    deadline = f"missed_deadlines|predictions|{TOMORROW.day}"

    def alarms() -> set[str]:
        return {cause.cause for cause in causes(live.platform).causes}

    live.clock.moment = TOMORROW.tip - 61 * MINUTE
    assert deadline not in alarms()
    live.at(MINUTE)
    assert deadline in alarms()
    assert set(due(live.platform, [TOMORROW.day])[TOMORROW.day]) >= {"game_predictions", "points_model"}
    assert TOMORROW.day in missing(live.platform, [TOMORROW.day])
    assert swept(live)
    assert not live.platform.warehouse.read("game_predictions", dates=(TOMORROW.day, TOMORROW.day)).empty
    assert deadline not in alarms()
    quiesce(live)
    assert_sound(live.platform)


def test_f32_a_drop_of_which_nobody_was_told_is_found_by_the_next_look(live: Live) -> None:
    lane = watch(live, [], [], [])
    lane.round()
    live.put(WRITES[0])
    assert lane.round().idle, "nobody told, and too early for a look"
    live.at(LOOK_EVERY)
    assert len(lane.round().attended.keys) == 1
    quiesce(live)
    assert_sound(live.platform)


def test_f33_events_told_twice_and_in_disorder_to_two_subscribers_change_nothing(live: Live) -> None:
    watch(live).round()  # objects of a copied home look changed
    doubled = live.platform.ledger.counts()["duplicate"]
    names = [name for write in WRITES for name in live.put(write)]
    told = [[name] for name in (*names, *names)]
    random.Random(7).shuffle(told)
    lanes = [watch(live, *told[::2]), watch(live, *told[1::2])]
    for number in range(len(told)):
        lanes[number % 2].round()
    quiesce(live)
    counts = live.platform.ledger.counts()
    assert (counts["pending"], counts["duplicate"]) == (0, doubled)
    assert_sound(live.platform)

    before, ran = live.platform.ledger.frames("pipeline_execution_log")["status"].value_counts(), len(live.ran)
    again = watch(live, names)
    assert again.round().idle and again.round().idle
    live.run(DAY, DAY, [])
    after = live.platform.ledger.frames("pipeline_execution_log")["status"].value_counts()
    assert after["completed"] == before["completed"] and after["skipped"] > before["skipped"]
    assert len(live.ran) == ran + 1


def test_f37_what_was_put_off_and_is_made_meanwhile_is_run_by_nobody(live: Live) -> None:
    """The lines of before again, and the date is run for another reason before it is quiet."""
    done = live.drop(lambda drops: drops.props(THIRD, LINES, hour=22))
    assert len(done.put_off) == 1
    live.run(DAY, DAY, [])
    live.ran.clear()
    live.at(QUIET)
    assert len(live.attend().applied) == 1 and live.ran == []
    quiesce(live)
    assert_sound(live.platform)


def test_f41_a_backfill_of_sixty_dates_is_one_run_and_holds_up_no_live_drop(live: Live) -> None:
    """Sixty old schedules and a line land together; while the old dates are being made another line moves."""
    platform = live.platform
    old = [FIRST.day - dt.timedelta(days=number) for number in range(70, 10, -1)]
    began: list[object] = []

    def refresh(keys: Sequence[str], ids: Sequence[str]) -> bool:
        began.extend(keys)
        return live.refresh(keys, ids)

    def run(first: dt.date, last: dt.date, drops: Sequence[Drop]) -> bool:
        began.append((first, last))
        platform.settings.lock_seconds = 0.2
        with ExitStack() as locks:
            for name in tables():
                locks.enter_context(partition_lock(engine(live), name, old, 1))
            take_landed(platform, named(platform, live.put(WRITES[2])))
            done = attend(platform, "daemon", refresh, live.run)
        assert len(done.applied) == 1
        run_step(platform, "nbac_schedule", [pd.Timestamp(day) for day in old])
        return True

    for number, day in enumerate(old):
        game = Game(f"00224{number:05d}", day, "DEN", "LAL", {"DEN": [20] + [10] * 7, "LAL": [21] + [10] * 7})
        take_landed(platform, named(platform, live.put(partial(Drops.schedule, day=day, games=[game], final=True))))
    take_landed(platform, named(platform, live.put(WRITES[0])))
    assert len(attend(platform, "watch", refresh, run).applied) == 61
    assert began == [f"{DAY}|line|{player_id('BOS', 1)}", (old[0], old[-1]), f"{DAY}|line|{player_id('BOS', 2)}"]
    said = platform.warehouse.read("player_points_predictions", dates=(DAY, DAY)).query("run_kind == 'backfill'")
    rows = said.set_index("player_id")["line_value"]
    assert rows[[player_id("BOS", 1), player_id("BOS", 2)]].tolist() == [15.5, 9.5]
    assert platform.ledger.counts()["pending"] == 0
    assert_sound(platform, ["nbac_player_list", "nbac_schedule", "player_identity", PROPS])
