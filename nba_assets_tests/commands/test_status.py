"""`status`: where things are, in all, of a date, of a player, of a drop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nba_assets.engine.platform import Platform
from nba_assets_tests.commands.conftest import Command, new_command
from nba_assets_tests.engine.conftest import take_in
from nba_assets_tests.engine.three_games import ADAM, FIRST
from nba_assets_tests.handmade import Drops, player_name

STRANGER = "Somebody Else"


def test_it_adds_up_and_names_the_release_and_the_phases(ingested: Command) -> None:
    said = ingested("status")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == "Ledger: 14 received = 14 applied + 0 duplicate + 0 quarantined + 0 pending."
    assert lines[1].startswith("Release 1 of ")
    for phase in ("2 raw", "3 analytics", "4 precompute", "5 predictions"):
        (line,) = [line.split() for line in lines if line.startswith(phase)]
        assert line[-3:] == ["2", "2024-11-01", "2024-11-03"]
    assert "Failed" not in said.out and "Quarantine" not in said.out


def test_json_has_the_same_facts(ingested: Command) -> None:
    facts = ingested("status", "--json").json
    assert facts["ledger"]["received_total"] == 14
    assert facts["release"]["sequence"] == 1
    assert [line["dates"] for line in facts["phases"]] == [2, 2, 2, 2]
    assert facts["failed"] == facts["waiting"] == facts["quarantine"] == facts["unresolved"] == []


def test_an_empty_home_has_received_nothing(command: Command) -> None:
    facts = command("status", "--json").json
    assert set(facts["ledger"].values()) == {0}
    assert facts["release"] is None
    assert command("status").code == 0


def test_a_date_has_its_games_and_the_tables_without_rows(ingested: Command) -> None:
    facts = ingested("status", "--date", "2024-11-01", "--json").json
    assert [(g["away_tricode"], g["home_tricode"], g["home_score"]) for g in facts["games"]] == [("BOS", "NYK", 103)]
    assert facts["ledger"]["received_total"] == 7
    raw = facts["phases"][0]
    assert "nbac_team_boxscore" in raw["without"] and "nbac_schedule" not in raw["without"]
    assert "0022400101" in ingested("status", "--date", "2024-11-01").out


def test_a_date_without_games_says_so(ingested: Command) -> None:
    said = ingested("status", "--date", "2024-12-24")
    assert said.code == 0
    assert said.out.endswith("No games are known on 2024-12-24.\n")


def test_a_player_is_followed_through_the_phases(ingested: Command) -> None:
    facts = ingested("status", "--player", ADAM, "--json").json
    assert facts["player"] == [{"player_id": ADAM, "name": "Adam Bostwicka", "team": "BOS"}]
    rows = {line["table"]: line for line in facts["rows"]}
    assert rows["nba_predictions.player_points_predictions"]["rows"] == 2
    assert rows["nba_analytics.player_game_summary"]["last"] == "2024-11-03"
    one = ingested("status", "--player", ADAM, "--date", "2024-11-03", "--json").json
    assert {line["first"] for line in one["rows"]} == {"2024-11-03"}


def test_a_drop_is_followed_through_the_phases(ingested: Command) -> None:
    asked = "SELECT correlation_id FROM nba_orchestration.drops WHERE object_name LIKE '%gamebooks-data/2024-11-03%'"
    (drop,) = ingested("query", asked, "--json").json
    facts = ingested("status", "--correlation-id", drop["correlation_id"], "--json").json
    assert [d["status"] for d in facts["drops"]] == ["applied"]
    built = {(e["processor_name"], e["status"]) for e in facts["executions"] if e["game_date"] == "2024-11-03"}
    assert ("nba_raw.nbac_gamebook_player_stats", "completed") in built
    assert ("nba_predictions.prediction_grades", "completed") in built
    shown = ingested("status", "--correlation-id", drop["correlation_id"]).out
    assert "gamebooks-data/2024-11-03" in shown and "nba_analytics.player_game_summary" in shown


@pytest.fixture(scope="module")
def strangers(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """A home whose only game has a line for somebody whom no file knows, and a gamebook that does not add up."""
    work = tmp_path_factory.mktemp("strangers")
    Drops(work / "drops").before(FIRST, {STRANGER: 9.5})
    Drops(work / "drops").gamebook(FIRST, edit={player_name("BOS", 0): {"pts": 23}})
    with new_command(postgres, work / "home") as made:
        platform = Platform.open(made.settings)
        take_in(platform, work / "drops")
        platform.close()
        yield made


def test_names_without_a_league_id_are_listed(strangers: Command) -> None:
    (line,) = strangers("status", "--unresolved", "--json").json["unresolved"]
    assert (line["source"], line["player_name"]) == ("odds_api_player_points_props", STRANGER)
    assert (line["rows"], line["game_date"], line["game"]) == (3, "2024-11-01", "BOS@NYK")
    only = strangers("status", "--unresolved").out
    assert STRANGER in only and "Phases" not in only
    assert STRANGER in strangers("status").out


def test_what_is_in_quarantine_is_shown_on_its_date_alone(strangers: Command) -> None:
    (entry, *_) = strangers("status", "--date", "2024-11-01", "--json").json["quarantine"]
    assert entry["object_name"].startswith("nba-com/gamebooks-data/2024-11-01/")
    assert entry["rule"] and entry["message"] and entry["place"]
    assert strangers("status", "--date", "2024-11-02", "--json").json["quarantine"] == []
    assert "gamebooks-data" in strangers("status").out
    (alarm,) = strangers("status", "--json").json["alarms"]
    assert alarm["alarm"].startswith("nbac_gamebook_player_stats: 1 of its newest 1 receipts are in quarantine")
