"""`dead-letters` and `replay`: work that failed is shown, run again, given up; a replay says who asked for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.engine.three_games import FIRST, SECOND

SUMMARY = "player_game_summary"
LOG = "nbac_player_boxscores"
"""An input of the summary whose file is damaged."""


def partition(command: Command, table: str) -> Path:
    (file,) = (command.home / "warehouse" / "nba_raw" / table).glob(f"{SECOND.day}.*")
    return file


def replayed_table(command: Command) -> tuple[str, ...]:
    return ("replay", "--date", str(SECOND.day), "--table", SUMMARY)


def test_without_failures_there_is_nothing_to_do(mine: Command) -> None:
    said = mine("dead-letters", "list")
    assert (said.code, said.out) == (0, "No dead letters.\n")
    assert mine("dead-letters", "list", "--json").json == {"dead_letters": [], "retrying": []}
    said = mine("dead-letters", "replay", "--all")
    assert (said.code, said.out) == (0, "0 tried again: 0 done, 0 not.\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("dead-letters", "replay"), "which dead letters are to be replayed (give IDs, or --all)"),
        (("dead-letters", "replay", "ffff"), "no dead letter has the id 'ffff'"),
        (("dead-letters", "discard", "ffff", "--reason", "x"), "no dead letter has the id 'ffff'"),
        (("replay",), "what is to be replayed"),
        (("replay", "--date", "2024-11-01", "--key", "2024-11-01|team|BOS"), "what is to be replayed"),
        (("replay", "--key", "BOS"), "'BOS' is not <date>|<kind>|<id>"),
        (("replay", "--correlation-id", "ffff"), "no drop has the correlation id 'ffff'"),
        (("replay", "--date", "2024-11-01", "--table", "slate"), "no step builds a table 'slate'"),
        (("replay", "--date", "yesterday"), "'yesterday' is not a date"),
    ],
)
def test_what_is_not_there_is_bad_usage(arguments: tuple[str, ...], says: str, mine: Command) -> None:
    said = mine(*arguments)
    assert said.code == 2 and says in said.error


def test_a_replay_of_a_key_and_of_a_drop_moves_nothing(mine: Command) -> None:
    before = mine.contents()
    said = mine("replay", "--key", f"{FIRST.day}|team|NYK", "--start-phase", 4, "--json")
    assert said.code == 0, said.err
    assert [line["phase"][0] for line in said.json["phases"]] == list("456")
    asked = "SELECT correlation_id FROM nba_orchestration.drops WHERE source = 'nbac_gamebook_player_stats' LIMIT 1"
    drop = mine("query", asked, "--json").json[0]["correlation_id"]
    said = mine("replay", "--correlation-id", drop, "--start-phase", 6, "--json")
    assert said.code == 0, said.err
    assert said.json["dates"] in ([str(FIRST.day)], [str(SECOND.day)]) and "@" in said.json["asked_by"]
    assert mine.contents() == before


def test_what_fails_for_good_is_listed_replayed_once_the_cause_is_gone_and_kept(mine: Command) -> None:
    file = partition(mine, LOG)
    whole, before = file.read_bytes(), mine.contents()
    file.write_bytes(whole[:1000])
    said = mine(*replayed_table(mine))
    assert said.code == 1 and f"cannot read nba_raw.{LOG}" in said.error and "dead-letters list" in said.error

    (letter,) = mine("dead-letters", "list", "--json").json["dead_letters"]
    assert (letter["processor_name"], letter["dates"]) == (f"nba_analytics.{SUMMARY}", [str(SECOND.day)])
    said = mine("dead-letters", "list")
    assert letter["work_id"] in said.out and "dead-letters replay" in said.out
    said = mine("dead-letters", "replay", "--all")
    assert said.code == 1 and said.out == "1 tried again: 0 done, 1 not.\n"
    assert letter["work_id"] in said.error

    file.write_bytes(whole)
    said = mine("dead-letters", "replay", letter["work_id"][:8], "--json")
    assert said.code == 0, said.err
    assert [one["reason"].split(" in run ")[0] for one in said.json["replayed"]] == [
        f"replayed by {mine('replay', '--date', SECOND.day, '--start-phase', 6, '--json').json['asked_by']}"
    ]
    assert mine("dead-letters", "list").out == "No dead letters.\n"
    assert mine.contents() == before


def test_a_discard_gives_up_and_says_why(mine: Command) -> None:
    file = partition(mine, LOG)
    whole = file.read_bytes()
    file.write_bytes(whole[:1000])
    assert mine(*replayed_table(mine)).code == 1
    file.write_bytes(whole)
    (letter,) = mine("dead-letters", "list", "--json").json["dead_letters"]
    said = mine("dead-letters", "discard", letter["work_id"])
    assert said.code == 2 and "a discard needs a reason" in said.error
    said = mine("dead-letters", "discard", letter["work_id"], "--reason", "a game that never was")
    assert said.code == 0 and said.out.endswith(": a game that never was\n")
    assert mine("dead-letters", "list").out == "No dead letters.\n"
