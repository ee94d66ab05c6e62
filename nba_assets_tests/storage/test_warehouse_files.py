"""The Parquet warehouse when things go wrong: kill -9, a full disk, damaged files, readers beside a writer."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nba_assets import contracts
from nba_assets.contracts.frames import empty
from nba_assets.errors import PlatformError
from nba_assets.storage import partition_files
from nba_assets.storage.object_store import LocalObjectStore
from nba_assets.storage.warehouse import LocalWarehouse
from nba_assets_tests.storage.backends import no_ledger
from nba_assets_tests.storage.tables import BOX, FIRST, SECOND, THIRD, box

OLD = box((FIRST, "g1", "BOS1", 1, "08:00", None), (SECOND, "g2", "BOS1", 1, "08:00", None))
NEW = box((FIRST, "g1", "BOS1", 2, "08:00", None), (THIRD, "g3", "BOS1", 2, "08:00", None))
DATES = [FIRST, SECOND, THIRD]

CHILD = """
import os, pathlib, signal, sys, threading
from nba_assets.storage.warehouse import LocalWarehouse
from nba_assets_tests.storage.backends import no_ledger
from nba_assets_tests.storage.test_warehouse_files import BOX, DATES, NEW

warehouse = LocalWarehouse(pathlib.Path(sys.argv[1]), no_ledger)
owner = {"os": os, "Path": pathlib.Path}[sys.argv[2]]
name, when, count = sys.argv[3], sys.argv[4], int(sys.argv[5])
inner, calls, lock = getattr(owner, name), [], threading.Lock()

def deadly(*args, **kwargs):
    with lock:
        calls.append(1)
        mine = len(calls) == count
    if mine and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = inner(*args, **kwargs)
    if mine:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, name, deadly)
warehouse.replace(BOX, DATES, NEW)
"""
POINTS = [
    ("os", "write", "before", 1),
    ("os", "fsync", "after", 1),
    ("Path", "replace", "before", 1),
    ("Path", "replace", "after", 1),
    ("Path", "replace", "after", 2),
    ("os", "fsync", "after", 3),
    ("Path", "unlink", "after", 3),
]
"""Staged and empty; synced; about to be renamed; one file renamed; both; folder synced; the emptied date removed."""


@pytest.fixture
def warehouse(tmp_path: Path) -> LocalWarehouse:
    found = LocalWarehouse(tmp_path / "warehouse", no_ledger)
    found.replace(BOX, DATES, OLD)
    return found


def rows(warehouse: LocalWarehouse, day: Any) -> pd.DataFrame:
    return warehouse.read(BOX, dates=(day, day))


def of(frame: pd.DataFrame, day: Any) -> pd.DataFrame:
    return frame[frame["game_date"] == pd.Timestamp(day)].reset_index(drop=True)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: " ".join(map(str, point)))
def test_after_a_kill_each_date_has_the_old_rows_or_the_new_ones(
    warehouse: LocalWarehouse, point: tuple[str, str, str, int]
) -> None:
    command = [sys.executable, "-c", CHILD, str(warehouse.root), *map(str, point)]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert child.returncode == -signal.SIGKILL, child.stderr

    reopened = LocalWarehouse(warehouse.root, no_ledger)
    assert list((warehouse.root / ".staging").iterdir()) == []
    for day in DATES:
        found = rows(reopened, day)
        assert found.equals(of(OLD, day)) or found.equals(of(NEW, day))
    assert rows(reopened, SECOND).equals(of(OLD, SECOND)) or rows(reopened, FIRST).equals(of(NEW, FIRST))
    written = reopened.replace(BOX, DATES, NEW)
    pd.testing.assert_frame_equal(reopened.read(BOX), NEW)
    assert written["2024-11-02"] == "" and set(reopened.versions(BOX)) == {"2024-11-01", "2024-11-03"}


@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_one_line_and_harms_nothing(
    warehouse: LocalWarehouse, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    objects = LocalObjectStore(warehouse.root.parent / "objects")
    objects.put("a", b"old")

    def full(*_: Any) -> int:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as disk:
        disk.setattr(os, call, full)
        with pytest.raises(PlatformError) as refused:
            warehouse.replace(BOX, DATES, NEW)
        assert str(refused.value) == f"cannot write nba_raw.box: {os.strerror(code)}"
        assert "free some space" in refused.value.hint
        with pytest.raises(PlatformError, match=f"cannot write object a: {os.strerror(code)}"):
            objects.put("a", b"new")
    assert list((warehouse.root / ".staging").iterdir()) == []
    assert objects.get("a") == b"old"
    pd.testing.assert_frame_equal(warehouse.read(BOX), OLD)
    warehouse.replace(BOX, DATES, NEW)
    pd.testing.assert_frame_equal(warehouse.read(BOX), NEW)


def test_a_disk_that_fills_up_half_way_leaves_whole_dates(
    warehouse: LocalWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner, calls = os.write, []

    def nearly_full(handle: int, data: bytes) -> int:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return inner(handle, data)

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", nearly_full)
        with pytest.raises(PlatformError, match="No space left"):
            warehouse.replace(BOX, DATES, NEW)
    found = [rows(warehouse, day) for day in (FIRST, THIRD)]
    assert sum(len(frame) and frame["points"][0] == 2 for frame in found) == 1, "one of the two dates is new"
    assert rows(warehouse, FIRST)["points"].tolist() in ([1], [2])


def test_a_short_write_is_continued(warehouse: LocalWarehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = os.write
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", lambda handle, data: inner(handle, bytes(data[:100])))
        warehouse.replace(BOX, DATES, NEW)
    pd.testing.assert_frame_equal(LocalWarehouse(warehouse.root, no_ledger).read(BOX), NEW)


@pytest.mark.parametrize("text", ["2", "99\n", "two", ""])
def test_a_warehouse_of_a_newer_version_is_refused(warehouse: LocalWarehouse, text: str) -> None:
    (warehouse.root / "VERSION").write_text(text)
    with pytest.raises(PlatformError, match="newer version") as refused:
        LocalWarehouse(warehouse.root, no_ledger)
    assert "\n" not in str(refused.value) and refused.value.hint == "upgrade nba_assets"


def test_nothing_is_written_when_nothing_changed(warehouse: LocalWarehouse) -> None:
    def files() -> dict[str, tuple[int, int]]:
        return {p.name: (p.stat().st_mtime_ns, p.stat().st_ino) for p in (warehouse.root / "nba_raw/box").iterdir()}

    before = files()
    assert warehouse.replace(BOX, DATES, OLD)["2024-11-03"] == ""
    assert files() == before
    warehouse.replace(BOX, [FIRST], NEW.iloc[:1])
    assert before.items() < files().items(), "one file more"


def test_a_superseded_file_stays_for_its_readers_and_goes_later(
    warehouse: LocalWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = warehouse.root / "nba_raw" / "box"
    warehouse.replace(BOX, DATES, NEW)
    assert sorted(path.name[:17] for path in folder.iterdir()) == [
        "2024-11-01.000001",
        "2024-11-01.000002",
        "2024-11-03.000001",
    ]
    monkeypatch.setattr(partition_files, "GRACE", 0.0)
    warehouse.replace(BOX, DATES, NEW)
    assert sorted(path.name[:17] for path in folder.iterdir()) == ["2024-11-01.000002", "2024-11-03.000001"]


def test_a_reader_beside_a_writer_sees_whole_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partition_files, "GRACE", 0.0)
    players = [f"BOS{number}" for number in range(50)]
    contents = [box(*((FIRST, "g1", player, points, "08:00", None) for player in players)) for points in (1, 2)]
    writer, reader = (LocalWarehouse(tmp_path / "warehouse", no_ledger) for _ in range(2))
    writer.replace(BOX, [FIRST], contents[0])
    done = threading.Event()

    def write() -> None:
        for number in range(40):
            writer.replace(BOX, [FIRST], contents[number % 2])
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    seen = set()
    while not done.is_set():
        points = reader.read(BOX)["points"]
        assert len(points) == 50 and points.nunique() == 1
        seen.add(points[0])
    thread.join()
    assert seen <= {1, 2}


def test_a_column_that_came_later_is_null_in_older_files_and_one_that_went_is_not_read(
    warehouse: LocalWarehouse,
) -> None:
    column = replace(BOX.column("points"), name="assists")
    grown = replace(BOX, columns=(*BOX.columns[:4], column, *BOX.columns[5:]))
    found = warehouse.read(grown)
    assert found.columns.tolist() == grown.column_names and found["assists"].isna().all()
    assert found["player_id"].tolist() == OLD["player_id"].tolist()
    assert warehouse.read(grown, columns=["assists"]).shape == (2, 1)


def test_a_damaged_file_is_one_line(tmp_path: Path) -> None:
    schedule = contracts.table("nbac_schedule")
    folder = tmp_path / "nba_raw" / "nbac_schedule"
    folder.mkdir(parents=True)
    (folder / f"2024-11-01.000001.{'0' * 32}.parquet").write_bytes(b"PAR1 not at all")
    warehouse = LocalWarehouse(tmp_path, no_ledger)
    for ask in (lambda: warehouse.read(schedule), lambda: warehouse.query("SELECT game_id FROM nba_raw.nbac_schedule")):
        with pytest.raises(PlatformError) as refused:
            ask()
        assert "\n" not in str(refused.value) and "nbac_schedule" in str(refused.value)


def test_a_folder_that_is_no_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "warehouse").write_text("")
    with pytest.raises(PlatformError, match="cannot open the warehouse"):
        LocalWarehouse(tmp_path / "warehouse", lambda name: empty(BOX))
