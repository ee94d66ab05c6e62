"""The Parquet warehouse when things go wrong: a full disk, damaged files. Kill -9 is F24, a reader beside it F26."""

from __future__ import annotations

import errno
import os
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


@pytest.fixture
def warehouse(tmp_path: Path) -> LocalWarehouse:
    found = LocalWarehouse(tmp_path / "warehouse", no_ledger)
    found.replace(BOX, DATES, OLD)
    return found


def rows(warehouse: LocalWarehouse, day: Any) -> pd.DataFrame:
    return warehouse.read(BOX, dates=(day, day))


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
