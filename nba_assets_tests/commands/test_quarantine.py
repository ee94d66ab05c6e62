"""`quarantine`: what did not pass is listed, shown, tried again, discarded."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nba_assets.engine.platform import Platform
from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.engine.test_quarantine import kept_out

GAMEBOOK = "nba-com/gamebooks-data/2024-11-01/20241101-BOSNYK/20241102_090000.json"


def test_nothing_is_in_quarantine_of_a_good_home(ingested: Command) -> None:
    assert ingested("quarantine", "list").out == "Nothing in quarantine is open.\n"
    assert ingested("quarantine", "list", "--json").json == {"groups": [], "entries": []}
    assert ingested("quarantine", "retry", "--all").out.startswith("0 tried again")


def test_bad_files_are_listed_shown_tried_and_discarded(mine: Command, tmp_path: Path) -> None:
    (tmp_path / GAMEBOOK).parent.mkdir(parents=True)
    (tmp_path / GAMEBOOK).write_text('{"game_code":')
    (tmp_path / "notes.txt").write_text("buy milk")
    assert mine("ingest", tmp_path).code == 1

    facts = mine("quarantine", "list", "--json").json
    assert [(g["source"], g["rule"], g["date"], g["count"]) for g in facts["groups"]] == [
        ("nbac_gamebook_player_stats", "json", "2024-11-01", 1),
        ("unknown", "path", "", 1),
    ]
    (book,) = mine("quarantine", "list", "--date", "2024-11-01", "--rule", "json", "--json").json["entries"]
    shown = mine("quarantine", "list").out
    assert GAMEBOOK in shown and "notes.txt" in shown
    assert mine("quarantine", "list", "--source", "nbac_schedule").out == "Nothing in quarantine is open.\n"

    (entry,) = mine("quarantine", "show", book["quarantine_id"], "--json").json
    assert (entry["place"], entry["rule"], entry["state"], entry["game"]) == ("byte 13", "json", "open", None)
    assert Path(entry["bytes"]).read_text() == '{"game_code":'
    for text in (entry["message"], entry["bytes"], entry["first_seen"]):
        assert str(text) in mine("quarantine", "show", entry["correlation_id"]).out

    said = mine("quarantine", "retry", "--source", "nbac_gamebook_player_stats")
    assert said.code == 1
    assert said.out.startswith("1 tried again: 0 pass, 1 do not.")
    assert f"still bad: nbac_gamebook_player_stats: {GAMEBOOK}: byte 13: rule json" in said.error
    (again,) = mine("quarantine", "show", book["quarantine_id"], "--json").json
    assert again["last_seen"] > entry["last_seen"] and again["first_seen"] == entry["first_seen"]

    assert mine("quarantine", "discard", book["quarantine_id"]).error.endswith("(give --reason TEXT)")
    discarded = mine("quarantine", "discard", book["quarantine_id"], "--reason", "cut on upload")
    assert (discarded.code, "cut on upload" in discarded.out) == (0, True)
    assert [e["source"] for e in mine("quarantine", "list", "--json").json["entries"]] == ["unknown"]
    kept = mine("quarantine", "list", "--state", "discarded", "--json").json["entries"]
    assert [(e["object_name"], e["reason"]) for e in kept] == [(GAMEBOOK, "cut on upload")]
    assert mine("status").out.splitlines()[0].endswith("2 quarantined + 0 pending.")


def test_what_passes_is_in_the_tables_as_it_always_was(mine: Command) -> None:
    before = mine.contents()
    platform = Platform.open(mine.settings)
    (drop,) = platform.ledger.drops(source="nbac_gamebook_player_stats", date=dt.date(2024, 11, 3))
    kept_out(platform, [drop])
    platform.close()
    said = mine("quarantine", "retry", drop["correlation_id"], "--json")
    assert (said.code, said.err) == (0, "")
    (tried,) = said.json["drops"]
    assert (tried["passed"], tried["status"], tried["rows"], tried["resolved"]) == (True, "applied", 16, 1)
    assert tried["known_at"] == "2024-11-04T06:00:00Z"
    assert said.json["ledger"]["pending"] == 0
    assert mine.contents() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("retry",), "what is to be tried again"),
        (("retry", "1", "--all"), "what is to be tried again"),
        (("show", "999"), "nothing in quarantine has the id '999'"),
        (("list", "--state", "shut"), "no state 'shut'"),
        (("list", "--date", "yesterday"), "'yesterday' is not a date"),
        (("discard",), "Missing argument"),
    ],
)
def test_a_wrong_request_is_one_line(arguments: tuple[str, ...], says: str, ingested: Command) -> None:
    said = ingested("quarantine", *arguments)
    assert said.code == 2 and says in said.error
