"""F24: kill -9 in the middle of a write, and in the middle of an ingest; whoever comes next makes it whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from pydantic import SecretStr

from nba_assets.clock import FixedClock
from nba_assets.engine.platform import Platform
from nba_assets.settings import Settings
from nba_assets.storage.warehouse import LocalWarehouse
from nba_assets_tests.conftest import new_database
from nba_assets_tests.engine.conftest import NOW, Home, take_in
from nba_assets_tests.engine.three_games import correction, season
from nba_assets_tests.faults.children import Death, killed
from nba_assets_tests.faults.soundness import assert_sound, versions
from nba_assets_tests.storage.backends import no_ledger
from nba_assets_tests.storage.tables import BOX, FIRST, SECOND, THIRD, box

OLD = box((FIRST, "g1", "BOS1", 1, "08:00", None), (SECOND, "g2", "BOS1", 1, "08:00", None))
NEW = box((FIRST, "g1", "BOS1", 2, "08:00", None), (THIRD, "g3", "BOS1", 2, "08:00", None))
DATES = [FIRST, SECOND, THIRD]
IN_A_WRITE = (
    Death("os:write", before=True),
    Death("os:fsync"),
    Death("pathlib:Path.replace", before=True),
    Death("pathlib:Path.replace"),
    Death("pathlib:Path.replace", call=2),
    Death("os:fsync", call=3),
    Death("pathlib:Path.unlink", call=3),
)
"""Staged and empty; synced; about to be renamed; one file renamed; both; folder synced; the emptied date removed."""
IN_AN_INGEST = (
    Death("nba_assets.storage.object_store:LocalObjectStore.put_many"),
    Death("nba_assets.storage.ledger:PostgresLedger.receive"),
    Death("nba_assets.storage.ledger:PostgresLedger.settle"),
    Death("nba_assets.storage.warehouse:LocalWarehouse.replace", call=12),
    Death("nba_assets.storage.ledger:PostgresLedger.record_executions", call=9),
    Death("nba_assets.storage.document_store:PostgresDocumentStore.put_many"),
)


def write(root: Path) -> None:
    LocalWarehouse(root, no_ledger).replace(BOX, DATES, NEW)


def of(frame: pd.DataFrame, day: object) -> pd.DataFrame:
    return frame[frame["game_date"] == pd.Timestamp(str(day))].reset_index(drop=True)


@pytest.mark.parametrize("death", IN_A_WRITE, ids=str)
def test_f24_a_kill_in_a_write_leaves_old_rows_or_new_ones_and_what_it_staged_is_cleaned(
    death: Death, tmp_path: Path
) -> None:
    LocalWarehouse(tmp_path, no_ledger).replace(BOX, DATES, OLD)
    killed(death, write, tmp_path)

    beside_it = LocalWarehouse(tmp_path, no_ledger)
    assert list((tmp_path / ".staging").iterdir()) == []
    found = {day: beside_it.read(BOX, dates=(day, day)) for day in DATES}
    assert all(rows.equals(of(OLD, day)) or rows.equals(of(NEW, day)) for day, rows in found.items())
    assert found[SECOND].equals(of(OLD, SECOND)) or found[FIRST].equals(of(NEW, FIRST))
    written = beside_it.replace(BOX, DATES, NEW)
    pd.testing.assert_frame_equal(beside_it.read(BOX), NEW)
    assert written["2024-11-02"] == "" and set(beside_it.versions(BOX)) == {"2024-11-01", "2024-11-03"}


@dataclass(frozen=True)
class Undisturbed:
    """A run that nobody killed: its drops, the versions in its tables, its published objects."""

    folder: Path
    tables: dict[str, dict[str, str]]
    objects: dict[str, bytes]


@pytest.fixture(scope="module")
def undisturbed(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed")
    drops = season(folder / "drops")
    correction(drops)
    with new_database(postgres) as url:
        platform = Platform.open(Settings(home=folder / "home", database_url=SecretStr(url)), FixedClock(NOW))
        take_in(platform, drops)
        assert_sound(platform)
        found = Undisturbed(drops, versions(platform), published(platform))
        platform.close()
    return found


def published(platform: Platform) -> dict[str, bytes]:
    return {name: platform.published.get(name) for name in platform.published.list("v1/objects/")}


def ingest(settings: Settings, folder: Path) -> None:
    take_in(Platform.open(settings, FixedClock(NOW)), folder)


@pytest.mark.parametrize("death", IN_AN_INGEST, ids=str)
def test_f24_a_rerun_after_a_kill_gives_the_bytes_of_an_undisturbed_run(
    death: Death, home: Home, undisturbed: Undisturbed
) -> None:
    after = home("killed")
    killed(death, ingest, after.settings, undisturbed.folder)

    take_in(after, undisturbed.folder)
    assert versions(after) == undisturbed.tables
    counts = after.ledger.counts()
    assert counts["applied"] == 22 and counts["pending"] == 0
    assert counts["received_total"] == sum(counts[k] for k in ("applied", "duplicate", "quarantined", "pending"))
    assert published(after).items() >= undisturbed.objects.items(), "every object of the undisturbed release is there"
