"""`parse`: one file as the raw asset would see it; no home is needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.engine.three_games import FIRST
from nba_assets_tests.fuzzing.seeds import seeds
from nba_assets_tests.handmade import Drops


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Commands where there is no home and no database."""
    return Command(tmp_path / "none", "postgresql://localhost:1/none")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return Drops(tmp_path / "drops").gamebook(FIRST)


def test_json_is_an_object_of_rows_and_rejects(book: Path, command: Command) -> None:
    said = command("parse", "nbac_gamebook_player_stats", book, "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["outcome"] == "ok" and said.json["rejects"] == []
    assert len(said.json["rows"]) == 16
    adam = next(row for row in said.json["rows"] if row["player_name"] == "Adam Bostwicka")
    assert (adam["pts"], adam["game_date"], adam["game_id"]) == (22, "2024-11-01", None)


def test_the_table_has_the_first_columns_and_says_how_to_see_all(book: Path, command: Command) -> None:
    said = command("parse", "nbac_gamebook_player_stats", book)
    assert said.code == 0
    assert said.out.startswith("nbac_gamebook_player_stats: ok, 16 rows of ")
    assert "--json" in said.out


def test_a_reject_is_one_line_and_exit_code_1(book: Path, command: Command) -> None:
    payload = json.loads(book.read_text())
    payload["active_players"][0]["stats"]["points"] += 1
    book.write_text(json.dumps(payload))
    said = command("parse", "nbac_gamebook_player_stats", book, "--json")
    assert said.code == 1
    (reject,) = said.json["rejects"]
    assert reject["rule"] == "B1"
    assert f"{book}: {reject['place']}: rule B1: {reject['message']}" in said.error


def test_what_is_no_json_is_said(tmp_path: Path, command: Command) -> None:
    page = tmp_path / "page.json"
    page.write_text("<!doctype html><html><body>403 Forbidden</body></html>")
    said = command("parse", "nbac_schedule", page)
    assert said.code == 1
    assert said.out == "nbac_schedule: bad, 0 rows of 0 columns\n"
    assert "HTML" in said.error


def test_a_file_that_lies_elsewhere_is_parsed_under_a_given_name(book: Path, tmp_path: Path, command: Command) -> None:
    name = book.relative_to(tmp_path / "drops")
    moved = book.rename(tmp_path / "mail.json")
    said = command("parse", "nbac_gamebook_player_stats", moved, "--name", name, "--json")
    assert said.code == 0, said.err
    assert len(said.json["rows"]) == 16


@pytest.mark.parametrize("form", sorted(seeds()))
def test_every_form_of_every_source_is_parsed_and_rubbish_is_one_line(
    form: str, tmp_path: Path, command: Command
) -> None:
    seed = seeds()[form]
    path = tmp_path / seed.name
    path.parent.mkdir(parents=True)
    path.write_bytes(seed.data)
    said = command("parse", seed.source, path, "--name", seed.name, "--json")
    assert (said.code, said.err, said.json["rejects"]) == (0, "", [])
    assert said.json["outcome"] in ("ok", "partial")
    path.write_bytes(b"<html>")
    said = command("parse", seed.source, path, "--name", seed.name)
    assert said.code == 1 and said.error.count("\n") == 0
