"""`monitor`, and what `status` tells of a drop, a date, a player and of failures, on the ledger by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nba_assets.engine.platform import Platform
from nba_assets.storage.records import Drop
from nba_assets_tests.commands.conftest import Command, new_command
from nba_assets_tests.engine.three_games import ADAM
from nba_assets_tests.monitoring.conftest import ERROR, STEPS, execution, fill, received


@pytest.fixture(scope="module")
def told(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Command, dict[str, Drop]]]:
    """Commands on the ledger of `monitoring/conftest.py`."""
    home = tmp_path_factory.mktemp("told") / "home"
    with new_command(postgres, home) as made:
        platform = Platform.open(made.settings)
        drops = fill(platform)
        platform.close()
        yield made, drops


LONG = "since=2024-11-01T00:00:00Z"
NOON = "now=2024-11-02T12:00:00Z"


def test_a_query_is_answered_as_a_table_and_as_json(told: tuple[Command, dict[str, Drop]]) -> None:
    command, drops = told
    (row, *_) = command("monitor", "stuck_updates", "--set", NOON, "--set", LONG, "--json").json
    assert (row["correlation_id"], row["phase"], row["since"]) == (
        drops["stuck"]["correlation_id"],
        2,
        "2024-11-02T09:00:20Z",
    )
    said = command("monitor", "stuck_updates", "--set", NOON, "--set", LONG, "--set", "minutes=100")
    assert said.code == 0 and said.out.endswith("1 rows\n")
    assert command("monitor", "stuck_updates", "--json").json == [], "that was years ago"


def test_the_queries_are_listed_with_their_parameters(told: tuple[Command, dict[str, Drop]]) -> None:
    command, _ = told
    found = {line["name"]: line["parameters"] for line in command("monitor", "--json").json}
    assert found["stuck_updates"] == {"minutes": "30", "now": "0 hours", "since": "168 hours"}
    assert "dead_letters" in command("monitor").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["stuck"], "no monitoring query"), (["drop_trace"], "is needed"), (["skip_reasons", "--set", "x"], "NAME=VALUE")],
)
def test_what_cannot_be_asked_is_bad_usage(
    told: tuple[Command, dict[str, Drop]], arguments: list[str], message: str
) -> None:
    said = told[0]("monitor", *arguments)
    assert said.code == 2 and message in said.error


@pytest.mark.parametrize(
    ("name", "where", "last_phase"),
    [
        ("published", "published in release 7, visible since 2024-11-02 10:01:00 UTC", "6 published"),
        ("third", "in phase 3 since 2024-11-02 11:50:30 UTC", "3 analytics"),
        ("failed", f"failed in phase 4 at 2024-11-02 11:00:40 UTC: {STEPS[4]}: {ERROR}", "4 precompute"),
        ("stuck", "in phase 2 since 2024-11-02 09:00:20 UTC", "2 raw"),
        ("refused", "in quarantine since 2024-11-02 11:30:00 UTC: rule json", "1 landing"),
    ],
)
def test_where_a_drop_is(told: tuple[Command, dict[str, Drop]], name: str, where: str, last_phase: str) -> None:
    command, drops = told
    facts = command("status", "--correlation-id", drops[name]["correlation_id"], "--json").json
    assert facts["where"].startswith(where)
    assert facts["phases"][-1]["phase"] == last_phase
    assert facts["release"] == (
        {"sequence": 7, "visible_at": "2024-11-02T10:01:00Z", "current": None} if name == "published" else None
    )
    shown = command("status", "--correlation-id", drops[name]["correlation_id"]).out
    assert f"The drop is {where}" in shown and last_phase in shown


def test_what_failed_in_the_last_day_with_the_id_to_look_it_up(command: Command) -> None:
    platform = Platform.open(command.settings)
    drop = received(platform, "a", "10:00")
    now = platform.clock.now()
    lost = {"status": "failed", "error_type": "OSError", "error_message": ERROR}
    platform.ledger.record_executions(
        [execution(drop, 4, **lost, started_at=now, completed_at=now), execution(drop, 3, **lost)]
    )
    platform.close()
    (row,) = command("status", "--failed", "--json").json["failed"]
    assert (row["phase"], row["error_message"], row["correlation_id"]) == (4, ERROR, drop["correlation_id"])
    said = command("status", "--failed").out
    assert all(word in said for word in ERROR.split())
    assert [row["processor_name"] for row in command("status", "--json").json["failed"]] == [STEPS[4], STEPS[3]], (
        "the other one is years old, and still failing"
    )


def test_an_ingested_date_is_current_and_names_whom_it_waits_for(ingested: Command) -> None:
    facts = ingested("status", "--date", "2024-11-01", "--json").json
    tables = {line["table"]: line for line in facts["tables"]}
    assert tables["player_game_summary"]["state"] == tables["prediction_grades"]["state"] == "current"
    assert tables["nbac_team_boxscore"]["state"] == "waiting"
    assert tables["nbac_team_boxscore"]["to blame"].startswith("nbac_team_boxscore, late since 2024-11-02")
    assert "nbac_team_boxscore, late since" in ingested("status", "--date", "2024-11-01").out


def test_a_players_updates_reached_the_page(ingested: Command) -> None:
    updates = ingested("status", "--player", ADAM, "--json").json["updates"]
    assert {update["release"] for update in updates} == {1}
    assert all(update["visible_at"] and update["phases"] == "1 2 3 4 5 6" for update in updates)
    assert updates[-1]["where"].startswith("published in release 1, visible since ")
