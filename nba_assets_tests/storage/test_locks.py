"""Partition locks between processes."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from nba_assets.errors import PlatformError
from nba_assets.storage.embedded_postgres import engine_of
from nba_assets.storage.ledger import PostgresLedger
from nba_assets.storage.locks import no_writers
from nba_assets_tests.signals import as_at_a_terminal

DAYS = [dt.date(2024, 11, day) for day in (1, 2, 3)]
HOLDER = """
import datetime as dt, sys, time
from nba_assets.storage.ledger import PostgresLedger
with PostgresLedger(sys.argv[1]).lock("nba_raw.box", [dt.date(2024, 11, 2)]):
    print("held", flush=True)
    time.sleep(600)
"""


@contextmanager
def another_process(url: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds 2 November of nba_raw.box."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, url], stdout=subprocess.PIPE, text=True, preexec_fn=as_at_a_terminal
    ) as process:
        try:
            assert process.stdout is not None and process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_a_partition_that_another_process_holds_is_named_and_others_are_free(database_url: str) -> None:
    ledger = PostgresLedger(database_url)
    with another_process(database_url):
        told = pytest.raises(PlatformError, match=r"another process is writing nba_raw\.box 2024-11-02")
        with told as refused, ledger.lock("nba_raw.box", DAYS, timeout=0.3):
            pass
        assert "0.3 s" in refused.value.hint
        with ledger.lock("nba_raw.box", [DAYS[0], DAYS[2]], timeout=0.3), ledger.lock("other", DAYS, timeout=0.3):
            pass
        with pytest.raises(PlatformError, match="still writing"), no_writers(engine_of(database_url), timeout=0.2):
            pass


def test_a_lock_dies_with_its_process(database_url: str) -> None:
    ledger = PostgresLedger(database_url)
    with another_process(database_url) as holder:
        holder.send_signal(signal.SIGKILL)
        with ledger.lock("nba_raw.box", DAYS, timeout=30):
            pass


def test_a_lock_waits_until_the_partition_is_free(database_url: str) -> None:
    ledger = PostgresLedger(database_url)
    with another_process(database_url) as holder:
        stopper = subprocess.Popen(
            [sys.executable, "-c", f"import os, time; time.sleep(0.5); os.kill({holder.pid}, 15)"]
        )
        with ledger.lock("nba_raw.box", DAYS, timeout=30):
            assert holder.wait(timeout=30) == -signal.SIGTERM
        stopper.wait(timeout=30)


def test_a_lock_is_given_back_also_after_an_error(database_url: str) -> None:
    ledger = PostgresLedger(database_url)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), ledger.lock("t", DAYS, timeout=0.5):
            raise ZeroDivisionError
    told = pytest.raises(PlatformError, match="making a backup")
    with no_writers(engine_of(database_url), timeout=1), told, ledger.lock("t", DAYS, timeout=0.2):
        pass


def test_holders_of_overlapping_dates_never_wait_for_each_other(database_url: str) -> None:
    script = """
import datetime as dt, random, sys
from nba_assets.storage.ledger import PostgresLedger
ledger = PostgresLedger(sys.argv[1])
days = [dt.date(2024, 11, day) for day in range(1, 9)]
for number in range(25):
    with ledger.lock("t", random.Random(int(sys.argv[2]) * 100 + number).sample(days, 5), timeout=20):
        pass
"""
    children = [subprocess.Popen([sys.executable, "-c", script, database_url, str(number)]) for number in range(3)]
    assert [child.wait(timeout=120) for child in children] == [0, 0, 0]
