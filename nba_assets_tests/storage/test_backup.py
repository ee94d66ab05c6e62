"""Backup and restore: everything comes back, or one line says why not."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nba_assets.errors import PlatformError
from nba_assets.settings import Settings
from nba_assets.storage import backup as backups
from nba_assets.storage import embedded_postgres
from nba_assets.storage.backup import Done, backup, restore
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets.storage.opening import Stores, open_stores
from nba_assets.storage.records import Arrival
from nba_assets_tests.storage.tables import BOX, FIRST, SECOND, box

NOW = dt.datetime(2024, 11, 5, tzinfo=dt.UTC)
ROWS = box((FIRST, "g1", "BOS1", 1, "08:00", "09:00"), (FIRST, "g1", "BOS1", 2, "09:00", None))


def fill(settings: Settings) -> Stores:
    """Something in every store."""
    stores = open_stores(settings)
    for data in (b"one", b"two"):
        stores["landing"].put("a/b.json", data)
    stores["quarantine"].put("sha256/aa/aa", b"bad")
    stores["published"].put("v1/manifest.json", b"{}")
    stores["warehouse"].replace(BOX, [FIRST], ROWS)
    stores["ledger"].receive([Arrival("a/b.json", "hash", "s", 3, (FIRST,))], NOW)
    stores["documents"].put_many({"predictions/daily/2024-11-01": {"n": 1}}, 3)
    return stores


@pytest.fixture
def filled(settings: Settings) -> Settings:
    fill(settings)
    return settings


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[tuple[Settings, Settings]]:
    """A filled home with its own Postgres, and one that is not there yet."""
    here, there = (Settings(home=tmp_path / name, database_url=None) for name in ("here", "there"))
    yield here, there
    for settings in (here, there):
        embedded_postgres.release(settings)


def test_everything_comes_back(embedded: tuple[Settings, Settings], tmp_path: Path) -> None:
    here, there = embedded
    before = fill(here)
    with dagster_instance(here) as instance:
        instance.add_dynamic_partitions("entity_refresh", ["2024-11-01|player|1"])

    done = backup(here, tmp_path / "backup")
    listed = json.loads((tmp_path / "backup" / "manifest.json").read_text())["files"]
    assert done == Done(len(listed), sum(file["size"] for file in listed))
    assert restore(there, tmp_path / "backup") == done

    after = open_stores(there)
    assert after["landing"].get("a/b.json") == b"two"
    overwritten = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    assert after["landing"].get("a/b.json", overwritten) == b"one"
    assert after["quarantine"].get("sha256/aa/aa") == b"bad"
    assert after["published"].get("v1/manifest.json") == b"{}"
    pd.testing.assert_frame_equal(after["warehouse"].read(BOX, history=True), ROWS)
    assert after["warehouse"].versions(BOX) == before["warehouse"].versions(BOX)
    assert after["documents"].get("predictions/daily/2024-11-01") == {"n": 1}
    assert after["ledger"].drops() == before["ledger"].drops()
    again = after["ledger"].receive([Arrival("a/b.json", "hash", "s", 3, (FIRST,)), Arrival("c", "h", "s", 1)], NOW)
    assert [receipt.duplicate for receipt in again] == [True, False], "numbering goes on"
    with dagster_instance(there) as instance:
        assert instance.get_dynamic_partitions("entity_refresh") == ["2024-11-01|player|1"]


def test_a_backup_goes_into_an_empty_folder_outside_of_the_home(filled: Settings, tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "file").write_text("mine")
    with pytest.raises(PlatformError, match="used is not empty"):
        backup(filled, tmp_path / "used")
    with pytest.raises(PlatformError, match="lies in the home itself"):
        backup(filled, filled.home / "backups")
    with pytest.raises(PlatformError, match="there is no home"):
        backup(filled.model_copy(update={"home": tmp_path / "nowhere"}), tmp_path / "backup")
    assert [path.name for path in (tmp_path / "used").iterdir()] == ["file"]


def test_a_backup_waits_for_writers(filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "PATIENCE", 0.2)
    writer = open_stores(filled)["ledger"].lock("nba_raw.box", [SECOND])
    with writer, pytest.raises(PlatformError, match="still writing"):
        backup(filled, tmp_path / "backup")
    with pytest.raises(PlatformError, match="not a backup"):
        restore(filled.model_copy(update={"home": tmp_path / "new"}), tmp_path / "backup")


def test_restore_wants_an_empty_home_and_an_empty_database(filled: Settings, tmp_path: Path) -> None:
    backup(filled, tmp_path / "backup")
    with pytest.raises(PlatformError, match="home is not empty"):
        restore(filled, tmp_path / "backup")
    with pytest.raises(PlatformError, match="the database has the schemas nba_orchestration, documents"):
        restore(filled.model_copy(update={"home": tmp_path / "new"}), tmp_path / "backup")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["database.dump", "home/landing/a/b.json"])
@pytest.mark.parametrize("harm", ["change", "remove"])
def test_a_damaged_backup_is_refused_before_anything_is_written(
    filled: Settings, tmp_path: Path, name: str, harm: str
) -> None:
    backup(filled, tmp_path / "backup")
    file = tmp_path / "backup" / name
    if harm == "remove":
        file.unlink()
    else:
        data = bytearray(file.read_bytes())
        data[-1] ^= 1
        file.write_bytes(data)
    with pytest.raises(PlatformError, match="missing or damaged") as refused:
        restore(filled.model_copy(update={"home": tmp_path / "new"}), tmp_path / "backup")
    assert name in str(refused.value) and not (tmp_path / "new").exists()


def listing(*names: str) -> dict[str, object]:
    return {"files": [{"path": name, "size": 1, "sha256": ""} for name in names]}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": 99}, "newer version"),
        ({"files": []}, "damaged"),
        ({"files": [{"path": "database.dump"}]}, "damaged"),
        (listing("database.dump", "home/../../x"), "outside"),
        (listing("database.dump", "/etc/passwd"), "outside"),
        (listing("home/x"), "outside"),
    ],
)
def test_a_manifest_that_cannot_be_trusted_is_refused(tmp_path: Path, change: dict[str, object], says: str) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 1, "files": []} | change))
    with pytest.raises(PlatformError, match=says):
        restore(Settings(home=tmp_path / "new", database_url=None), tmp_path)
    assert not (tmp_path / "new").exists()


def test_a_home_whose_restore_was_interrupted_is_not_opened(
    embedded: tuple[Settings, Settings], filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, there = embedded
    backup(filled, tmp_path / "backup")

    inner = subprocess.run

    def interrupted(command: list[Any], *args: Any, **options: Any) -> Any:
        if Path(command[0]).name == "pg_restore":
            raise KeyboardInterrupt
        return inner(command, *args, **options)

    with monkeypatch.context() as system, pytest.raises(KeyboardInterrupt):
        system.setattr(subprocess, "run", interrupted)
        restore(there, tmp_path / "backup")
    with pytest.raises(PlatformError, match="did not finish"):
        open_stores(there)
