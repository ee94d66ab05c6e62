"""`backup` and `restore`: everything under the home, verified, and never over something else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from nba_assets_tests.commands.conftest import Command, new_command


@pytest.fixture
def other(postgres: str, tmp_path: Path) -> Iterator[Command]:
    """Commands on another home that is not there yet."""
    with new_command(postgres, tmp_path / "other") as made:
        yield made


def test_a_restored_home_is_the_one_that_was_backed_up(
    kept: Path, ingested: Command, other: Command, drops: Path
) -> None:
    said = other("restore", kept)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"{other.home}: ") and said.out.endswith(" bytes, verified.\n")
    assert other.contents() == ingested.contents()
    ours, theirs = (json.loads((c.home / "published/v1/manifest.json").read_text()) for c in (other, ingested))
    assert ours == theirs
    assert other("doctor").code == 0
    again = other("ingest", drops, "--json").json
    assert (again["new"], again["duplicate"]) == (0, 14)


def test_a_home_that_is_not_empty_is_not_restored_into(kept: Path, ingested: Command) -> None:
    before = ingested.contents()
    said = ingested("restore", kept)
    assert said.code == 1
    assert f"{ingested.home} is not empty (a backup is restored into an empty home" in said.error
    assert ingested.contents() == before


def test_a_folder_that_is_not_empty_is_not_backed_up_into(kept: Path, ingested: Command) -> None:
    said = ingested("backup", kept)
    assert said.code == 1
    assert f"{kept} is not empty (a backup is written into an empty folder" in said.error


def test_a_damaged_backup_is_not_restored(ingested: Command, other: Command, tmp_path: Path) -> None:
    said = ingested("backup", tmp_path / "damaged", "--json")
    assert (said.code, said.err) == (0, "")
    files = [path for path in (tmp_path / "damaged").rglob("*") if path.is_file()]
    assert said.json["files"] == len(files) - 1, "and the manifest"
    victim = next((tmp_path / "damaged").rglob("*.parquet"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"?")
    said = other("restore", tmp_path / "damaged")
    assert said.code == 1
    assert f"{victim} is missing or damaged" in said.error
    assert not other.home.exists() or not any(other.home.iterdir())
