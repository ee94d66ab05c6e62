"""`simulate` and `demo`: a made-up league from nothing to published predictions, and again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from nba_assets_tests.commands.conftest import Command, Said, new_command


def test_simulated_drops_are_counted_and_say_that_they_are_simulated(command: Command, tmp_path: Path) -> None:
    span = ("--start", "2025-10-21", "--end", "2025-10-22", "--seed", "3")
    said = command("simulate", tmp_path / "a", *span, "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["data_origin"] == "simulated"
    written = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert said.json["total"] == sum(said.json["files"].values()) == len(written)

    told = command("simulate", tmp_path / "b", *span)
    assert told.out.endswith(f"Next: nba-assets ingest {tmp_path / 'b'}\n")
    for path in written:
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes()


def test_a_negative_seed_is_bad_usage(command: Command, tmp_path: Path) -> None:
    said = command("simulate", tmp_path / "a", "--start", "2025-10-21", "--end", "2025-10-21", "--seed", "-1")
    assert said.code == 2 and "--seed -1 is negative (give 0 or more)" in said.error


@pytest.fixture(scope="module")
def demo(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Command, Said]]:
    """A demo of two dates, and what it said."""
    with new_command(postgres, tmp_path_factory.mktemp("demo") / "home") as made:
        yield made, made("demo", "--days", "2")


def test_a_demo_ends_with_the_phases_five_predictions_the_folder_and_what_to_do_next(
    demo: tuple[Command, Said],
) -> None:
    command, said = demo
    assert (said.code, said.err) == (0, "")
    blocks = said.out.split("\n\n")
    assert blocks[0].startswith("A simulated league, 2025-10-21 to 2025-10-22: ")
    assert [line.split()[0] for line in blocks[0].splitlines()[3:]] == list("123456")
    title, _, _, *predictions = blocks[1].splitlines()
    assert "simulated data: they prove the machinery, not any skill" in title
    assert len(predictions) == 5
    manifest = command.home / "published" / "v1" / "manifest.json"
    assert f"Published: {manifest} " in blocks[2]
    assert json.loads(manifest.read_text())["sequence"] == 1
    for verb in ("nba-assets serve", "nba-assets status", "nba-assets query", "make demo ARGS=--serve"):
        assert verb in blocks[2]


def test_a_second_demo_on_the_same_home_is_all_duplicates(demo: tuple[Command, Said]) -> None:
    command, _ = demo
    before = command.contents()
    said = command("demo", "--days", "2", "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["duplicate"] == said.json["files"] > 0
    assert [line["phase"] for line in said.json["phases"]] == ["1 landing"]
    assert len(said.json["predictions"]) == 5
    assert said.json["data_origin"] == "simulated"
    assert command.contents() == before
