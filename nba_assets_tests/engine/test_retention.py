"""What the stores need not keep: old releases and their objects go, all that a reader may still want stays."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from nba_assets.clock import FixedClock
from nba_assets.engine.manifest import RELEASES, object_name, read_manifest, release_name
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import current_manifest, publish, rollback_release, verify_release
from nba_assets.engine.retention import OBJECTS, Retained, prune_stores, remove_unneeded
from nba_assets.errors import UsageError
from nba_assets.storage.records import QuarantineEntry, kept_at
from nba_assets_tests.engine.conftest import Kept, kept
from nba_assets_tests.engine.test_release import (
    NOW,
    WEEKEND,
    assert_settled,
    changed_prediction,
    written,
)
from nba_assets_tests.release_rows import SATURDAY

__all__ = ["written"]
DAY = dt.timedelta(days=1)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW + 20 * DAY)


@pytest.fixture(scope="module")
def five(postgres: str, written: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Releases 1 to 5, of days 0, 1, 2, 10 and 20."""

    def fill(platform: Platform) -> None:
        for sequence, day in enumerate((0, 1, 2, 10, 20), 1):
            platform.clock = FixedClock(NOW + day * DAY)
            if sequence > 1:
                changed_prediction(platform, SATURDAY, 20.0 + sequence)
            assert publish(platform, WEEKEND).sequence == sequence

    folder = tmp_path_factory.mktemp("five") / "home"
    shutil.copytree(written, folder / "warehouse")
    with kept(postgres, folder, fill) as made:
        yield made


@pytest.fixture
def home(five: Kept, copied: Callable[[Kept], Platform]) -> Platform:
    """A copy of these five, on day 20."""
    return copied(five)


@pytest.fixture
def empty(platform: Platform, clock: FixedClock) -> Platform:
    platform.clock = clock
    return platform


def prune(platform: Platform, *, dry_run: bool = False) -> dict[str, Retained]:
    return {kind.what: kind for kind in prune_stores(platform, dry_run=dry_run)}


def releases(platform: Platform) -> list[int]:
    return sorted(int(Path(name).stem) for name in platform.published.list(RELEASES))


def files(platform: Platform) -> dict[str, bytes]:
    """Every file below the home but Postgres' and what is staged."""
    found = sorted(path for path in platform.settings.home.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in found}


def test_a_release_stays_that_readers_saw_within_the_last_days(home: Platform) -> None:
    gone = [read_manifest(home.published, release_name(sequence))["files"] for sequence in (1, 2)]
    told = prune(home)
    assert releases(home) == [3, 4, 5], "the third was the newest until day 10, six days ago it still was"
    assert (told["releases"].removed, told["releases"].kept) == (2, 3)
    assert told["published objects"].removed > 0
    assert verify_release(home) == len((current_manifest(home) or {})["files"])
    assert_settled(home)
    for sequence in (3, 4):
        assert rollback_release(home, sequence).changed
        verify_release(home)
    with pytest.raises(UsageError, match="there is no release 2"):
        rollback_release(home, 2)
    kept = {file["sha256"] for file in (current_manifest(home) or {})["files"].values()}
    old = {file["sha256"] for found in gone for file in found.values()}
    there = {Path(name).stem for name in home.published.list(OBJECTS)}
    assert kept <= there and not (old - kept) <= there


def test_a_dry_run_says_the_same_and_removes_nothing(home: Platform) -> None:
    before = files(home)
    told = prune(home, dry_run=True)
    assert files(home) == before
    assert told == prune(home)
    assert files(home) != before
    assert all(kind.removed == 0 for kind in prune(home).values()), "a second time there is nothing to do"


def test_a_release_made_meanwhile_keeps_its_objects(home: Platform) -> None:
    """Release 6 shows again what only release 1 had, after the objects of release 1 were found unneeded."""
    first = [object_name(file["sha256"]) for file in read_manifest(home.published, release_name(1))["files"].values()]
    rollback_release(home, 1)
    remove_unneeded(home, first, 5)
    assert set(first) <= set(home.published.list(OBJECTS))
    verify_release(home)


def test_the_landing_zone_is_never_pruned(home: Platform, clock: FixedClock) -> None:
    home.landing.put("nba-com/schedule/2024-25/20241101_120000.json", b"old")
    home.landing.put("nba-com/schedule/2024-25/20241101_120000.json", b"new")
    clock.moment += 4000 * DAY
    before = {name: data for name, data in files(home).items() if "/landing/" in name}
    assert len(before) == 2
    told = prune(home)
    assert {name: data for name, data in files(home).items() if "/landing/" in name} == before
    assert told["releases"].kept == 1, "of the releases only the newest is left"
    verify_release(home)


def test_a_stamp_goes_with_its_object(empty: Platform) -> None:
    empty.landing.put("a.json", b"a")
    empty.ledger.stamp({"a.json": "1", "gone.json": "2"})
    assert prune(empty)["stamps of landed files"] == Retained("stamps of landed files", "while needed", 1, 1)
    assert empty.ledger.landed() == ["a.json"]


def test_bytes_of_rejects_that_passed_in_the_end_go(empty: Platform, clock: FixedClock) -> None:
    for name, sha in (("passed", "aa"), ("open", "bb")):
        empty.quarantine.put(kept_at(sha), name.encode())
        empty.ledger.quarantine([QuarantineEntry("nbac_schedule", name, sha, "line 1", "json", "bad")], NOW)
    (entry, _) = empty.ledger.quarantined()
    empty.ledger.close_quarantine([entry["quarantine_id"]], "resolved", "passed", NOW)
    clock.moment = NOW + 91 * DAY
    prune(empty)
    assert list(empty.quarantine.list()) == [kept_at("bb")]
    assert [one["object_name"] for one in empty.ledger.quarantined()] == ["open"]


def test_superseded_and_staged_files_go_and_the_newest_stay(home: Platform) -> None:
    rows = home.warehouse.read("player_points_predictions", history=True)
    folder = home.settings.warehouse / "nba_predictions" / "player_points_predictions"
    *superseded, newest = sorted(folder.glob(f"{SATURDAY}.*"))
    os.utime(newest, (0, 0))
    staged = home.settings.published / ".staging" / "left"
    staged.write_bytes(b"half a file")
    gone = [*superseded, staged]
    assert superseded and prune(home, dry_run=True)["superseded and staged files"].removed == len(gone)
    assert all(path.exists() for path in gone)
    assert prune(home)["superseded and staged files"].removed == len(gone)
    assert not any(path.exists() for path in gone) and newest.exists()
    pd.testing.assert_frame_equal(home.warehouse.read("player_points_predictions", history=True), rows)


def test_log_files_go_that_nothing_was_written_to_for_long(empty: Platform) -> None:
    empty.settings.logs.mkdir()
    for name in ("2024-01-01.log", "daemon.log"):
        (empty.settings.logs / name).write_text("x")
    os.utime(empty.settings.logs / "2024-01-01.log", (0, 0))
    prune(empty)
    assert [path.name for path in empty.settings.logs.iterdir()] == ["daemon.log"]
