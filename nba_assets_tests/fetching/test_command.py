"""`nba-assets fetch` as the shell runs it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from nba_assets.fetching.hosts import hosts
from nba_assets.settings import Settings
from nba_assets_tests.commands.conftest import Command, new_command
from nba_assets_tests.fetching.conftest import CANARY, PAGE, PDF, Reply, Site
from nba_assets_tests.handmade import Drops, Game

DAY = dt.date(2024, 11, 1)
GAME = Game("0022400101", DAY, "BOS", "NYK", {"BOS": [12] * 8, "NYK": [13] * 8})
SCHEDULE = "/stats/scheduleleaguev2int"
BOOK = "/pdfs/20241101/20241101_BOSNYK.pdf"


@pytest.fixture
def command(postgres: str, tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Commands on an empty home whose every source is the site, which has the schedule of one game."""
    monkeypatch.setenv("NBA_ASSETS_FETCH_BASES", json.dumps(dict.fromkeys(hosts(Settings()), site.base)))
    body = Drops(tmp_path / "payloads").schedule(DAY, [GAME], final=True).read_bytes()
    site.serve(SCHEDULE, body)
    with new_command(postgres, tmp_path / "home") as made:
        yield made


def test_a_source_is_fetched_and_landed(command: Command, site: Site) -> None:
    site.serve(BOOK, PDF)
    said = command("fetch", "nbac_gamebook_player_stats", "--date", DAY, "--no-process", "--json")
    sources = {record["source"]: record for record in said.json["sources"]}
    book = sources["nbac_gamebook_player_stats"]
    assert (book["outcome"], book["requests"], book["bytes"]) == ("landed", 1, len(PDF))
    assert book["files"][0]["object_name"].startswith("nba-com/gamebooks-pdf/2024-11-01/20241101-BOSNYK/")
    assert book["files"][0]["request_id"]
    assert said.json["new"] == 2
    assert said.json["phases"] == []


def test_what_is_fetched_is_processed_as_ingest_does(command: Command, site: Site) -> None:
    said = command("fetch", "nbac_schedule", "--date", DAY)
    assert said.code == 0, said.err
    assert "nbac_schedule" in said.out and "landed" in said.out
    assert "2 raw" in said.out and "6 published" in said.out
    count = command("query", "SELECT COUNT(*) AS n FROM nba_raw.nbac_schedule", "--json")
    assert count.json[0]["n"] == 1


def test_not_published_yet_is_said_and_no_failure(command: Command, site: Site) -> None:
    said = command("fetch", "nbac_gamebook_player_stats", "--date", DAY, "--no-process")
    assert said.code == 0, said.err
    assert "not yet" in said.out
    assert "BOS@NYK: not published (404)" in said.out


def test_a_failure_is_one_line_with_the_next_step(command: Command, site: Site) -> None:
    site.serve("/stats/playerindex", Reply(PAGE, 403))
    said = command("fetch", "nbac_player_list", "--date", DAY, "--no-process")
    assert said.code == 1
    assert "nbac_player_list: stats.nba.com answers 403" in said.error
    assert "HTTPS_PROXY" in said.error
    assert "nba-assets fetch nbac_player_list --date 2024-11-01" in said.error


def test_a_missing_key_is_one_line_that_names_it(command: Command, no_keys: None) -> None:
    said = command("fetch", "bdl_player_boxscores", "--date", DAY)
    assert said.code == 1
    assert "BDL_API_KEY is not set" in said.error


def test_f57_a_wrong_key_is_not_said(command: Command, site: Site, keys: str) -> None:
    site.serve("/v1/box_scores", Reply(f"no such key: {CANARY}".encode(), 401))
    said = command("fetch", "bdl_player_boxscores", "--date", DAY, "--no-process", "--json")
    assert said.code == 1
    assert "api.balldontlie.io answers 401: no such key: ***" in said.error
    assert "canary" not in said.out + said.err


def test_a_file_that_goes_to_quarantine_is_said(command: Command, site: Site) -> None:
    site.serve(SCHEDULE, {"leagueSchedule": {"seasonYear": "2024-25"}})
    said = command("fetch", "nbac_schedule", "--date", DAY, "--no-process")
    assert said.code == 1
    assert "nba-assets quarantine show" in said.error


@pytest.mark.parametrize(
    "arguments, said",
    [
        ((), "name one source, or say --all"),
        (("nbac_schedule", "--all"), "name one source, or say --all"),
        (("nbac_scores",), "no source 'nbac_scores' can be fetched"),
        (("nbac_schedule", "--date", "yesterday"), "'yesterday' is not a date"),
    ],
)
def test_bad_usage(command: Command, site: Site, arguments: tuple[str, ...], said: str) -> None:
    answer = command("fetch", *arguments)
    assert answer.code == 2
    assert said in answer.error
    assert site.asked == []


def test_a_stand_in_that_is_not_on_this_machine_is_bad_usage(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBA_ASSETS_FETCH_BASES", '{"cdn.nba.com": "http://10.1.2.3"}')
    assert command("fetch", "nbac_schedule", "--date", DAY).code == 2


def test_help_has_an_example(command: Command) -> None:
    said = command("fetch", "--help")
    assert "Example: nba-assets fetch nbac_schedule --date 2024-11-15" in said.out
