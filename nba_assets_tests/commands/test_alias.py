"""`alias` and `status --unresolved`: a person names a man, what that touches is rebuilt."""

from __future__ import annotations

from pathlib import Path

import pytest

from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.engine.three_games import ADAM, SECOND
from nba_assets_tests.handmade import Drops

PROPS = "odds_api_player_points_props"
NICKNAME = "Addy Bostwicka"


@pytest.mark.long
def test_a_name_is_listed_told_and_taken_back(mine: Command, tmp_path: Path) -> None:
    Drops(tmp_path).props(SECOND, {NICKNAME: 21.5}, hour=22)
    assert mine("ingest", tmp_path).code == 0
    (line,) = mine("status", "--unresolved", "--json").json["unresolved"]
    assert (line["source"], line["player_name"], line["game"], line["rows"]) == (PROPS, NICKNAME, "DEN@BOS", 3)
    assert (line["game_date"], line["first_seen"]) == ("2024-11-03", "2024-11-03T22:00:00Z")
    assert line["candidates"][0]["player_id"] == ADAM
    shown = mine("status", "--unresolved").out
    assert f"Adam Bostwicka BOS {ADAM} (" in shown and "nba-assets alias add NAME ID" in shown

    before = mine.contents()
    unknown = mine("alias", "add", NICKNAME, "777")
    assert unknown.code == 1 and "the registry knows no player '777' (" in unknown.error
    assert mine.contents() == before

    said = mine("alias", "add", NICKNAME, ADAM, "--source", PROPS, "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["registered_as"] == "Adam Bostwicka"
    assert [(n["game_date"], n["resolution"], n["player_id"], n["rows"]) for n in said.json["names"]] == [
        ("2024-11-03", "alias", ADAM, 3)
    ]
    assert said.json["changed"][PROPS] == ["2024-11-03"] and "player_points_predictions" in said.json["changed"]
    assert {day for days in said.json["changed"].values() for day in days} == {"2024-11-03"}
    assert mine("status", "--unresolved", "--json").json["unresolved"] == []
    kept = mine("alias", "list", "--json").json
    assert kept["own"] == [{"source": PROPS, "lookup": "addybostwicka", "name": NICKNAME, "player_id": ADAM}]
    assert len(kept["shipped"]) > 5 and NICKNAME in mine("alias", "list").out

    elsewhere = mine("alias", "remove", NICKNAME)
    assert elsewhere.code == 2 and f"no alias of '{NICKNAME}' is kept for every source" in elsewhere.error
    gone = mine("alias", "remove", "addybostwicka", "--source", PROPS)
    assert (gone.code, gone.err) == (0, "")
    assert "unresolved" in gone.out and "Rebuilt" in gone.out
    assert mine.contents() == before
    assert mine("alias", "list", "--json").json["own"] == []


def test_an_alias_of_nobody_seen_so_far_is_kept(mine: Command) -> None:
    before = mine.contents()
    said = mine("alias", "add", "Nobody Known", "777", "--force")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "Nobody Known is 777, whom the registry does not know yet in every source.",
        "No row has that name so far; it will be used when one comes.",
    ]
    assert mine.contents() == before
    rows = mine("query", "SELECT change, lookup, player_id FROM nba_orchestration.aliases", "--json").json
    assert rows[-1] == {"change": "add", "lookup": "nobodyknown", "player_id": "777"}


def test_a_source_without_names_is_refused(ingested: Command) -> None:
    said = ingested("alias", "add", NICKNAME, ADAM, "--source", "nbac_schedule")
    assert said.code == 2 and "'nbac_schedule' is no source of names" in said.error
