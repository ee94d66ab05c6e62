"""The rate budget: turns are apart, for all processes of a home together."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nba_assets.fetching.errors import Transient
from nba_assets.fetching.hosts import Host, hosts
from nba_assets.fetching.pace import Pace
from nba_assets.settings import Settings
from nba_assets_tests.fetching.conftest import Time

HOST = Host("stats.nba.com", pause=1.0)


def test_the_documented_budgets() -> None:
    known = hosts(Settings())
    assert known["api.bettingpros.com"].pause >= 2.5
    assert known["api.bettingpros.com"].read == 45
    assert known["stats.nba.com"].pause >= 1.0
    assert 30 <= known["stats.nba.com"].read <= 60


def test_turns_are_a_pause_apart(tmp_path: Path, time: Time) -> None:
    pace = Pace(tmp_path, time.clock, time.sleep)
    for _ in range(4):
        pace.turn(HOST)
    assert time.slept == [1.0, 1.0, 1.0]


def test_two_processes_share_one_budget(tmp_path: Path, time: Time) -> None:
    here, there = (Pace(tmp_path, time.clock, time.sleep) for _ in range(2))
    here.turn(HOST)
    there.turn(HOST)
    here.turn(HOST)
    assert time.slept == [1.0, 1.0]


def test_hosts_do_not_wait_for_each_other(tmp_path: Path, time: Time) -> None:
    pace = Pace(tmp_path, time.clock, time.sleep)
    pace.turn(HOST)
    pace.turn(Host("cdn.nba.com", pause=5.0))
    assert time.slept == []


def test_time_that_passed_is_not_waited_for_again(tmp_path: Path, time: Time) -> None:
    pace = Pace(tmp_path, time.clock, time.sleep)
    pace.turn(HOST)
    time.clock.moment += dt.timedelta(seconds=3)
    pace.turn(HOST)
    assert time.slept == []


def test_a_hold_is_obeyed_by_everybody_and_too_long_a_one_is_refused(tmp_path: Path, time: Time) -> None:
    here, there = (Pace(tmp_path, time.clock, time.sleep) for _ in range(2))
    here.hold(HOST, 30)
    there.turn(HOST)
    assert time.slept == [30.0]
    here.hold(HOST, 500)
    with pytest.raises(Transient, match="another 500 s"):
        there.turn(HOST)


def test_a_slot_of_a_clock_gone_wrong_does_not_count(tmp_path: Path, time: Time) -> None:
    (tmp_path / "stats.nba.com.slot").write_text(str(time.monotonic() + 10 * 86_400))
    Pace(tmp_path, time.clock, time.sleep).turn(HOST)
    (tmp_path / "stats.nba.com.slot").write_text("no number")
    Pace(tmp_path, time.clock, time.sleep).turn(HOST)
    assert time.slept == []
