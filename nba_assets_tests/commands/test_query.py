"""`query`: rows as a table, as JSON and as CSV, and nothing else on stdout."""

from __future__ import annotations

import csv
import io

import pytest

from nba_assets_tests.commands.conftest import Command

POINTS = (
    "SELECT player_name, points, game_date FROM nba_analytics.player_game_summary"
    " WHERE player_name = 'Adam Bostwicka' ORDER BY game_date"
)


def test_json_is_a_list_of_objects(ingested: Command) -> None:
    said = ingested("query", POINTS, "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json == [
        {"player_name": "Adam Bostwicka", "points": points, "game_date": day}
        for points, day in ((22, "2024-11-01"), (30, "2024-11-03"))
    ]


def test_csv_has_a_header_and_a_line_a_row(ingested: Command) -> None:
    said = ingested("query", POINTS, "--csv")
    assert (said.code, said.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert [row["points"] for row in rows] == ["22", "30"]
    assert rows[0]["game_date"] == "2024-11-01"


def test_a_table_has_its_rows_and_their_number(ingested: Command) -> None:
    said = ingested("query", POINTS)
    lines = [line.split() for line in said.out.splitlines() if line.strip()]
    assert lines[0] == ["player_name", "points", "game_date"]
    assert lines[2] == ["Adam", "Bostwicka", "22", "2024-11-01"]
    assert lines[-1] == ["2", "rows"]


def test_nothing_found_is_an_empty_answer(command: Command) -> None:
    nothing = "SELECT game_id FROM nba_raw.nbac_schedule"
    assert command("query", nothing, "--json").json == []
    assert command("query", nothing, "--csv").out == "game_id\n"
    assert command("query", nothing).out.endswith("0 rows\n")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1", 1),
        ("1.5", 1.5),
        ("TRUE", True),
        ("NULL", None),
        ("'[/b] [bold] :smile: <NA>'", "[/b] [bold] :smile: <NA>"),
        ("'NaT'", "NaT"),
        ("[1, 2]", [1, 2]),
        ("DATE '2024-11-01'", "2024-11-01"),
        ("TIMESTAMP '2024-11-01 10:00:00.25'", "2024-11-01T10:00:00.250000Z"),
        ("STRUCT(1 AS a, 'x' AS b)", {"a": 1, "b": "x"}),
        ("CAST('inf' AS FLOAT64)", None),
    ],
)
def test_every_kind_of_value_is_plain_json_and_survives_the_table(
    expression: str, value: object, command: Command
) -> None:
    said = command("query", f"SELECT {expression} AS v", "--json")
    assert said.code == 0, said.err
    assert said.json == [{"v": value}]
    shown = command("query", f"SELECT {expression} AS v")
    assert shown.code == 0, shown.err
    if isinstance(value, str):
        assert value in shown.out


def test_columns_of_one_name_are_shown_side_by_side(command: Command) -> None:
    said = command("query", "SELECT 1, 1")
    assert said.code == 0, said.err
    assert "1  1" in said.out


def test_the_history_has_all_versions(ingested: Command) -> None:
    (now,) = ingested("query", "SELECT COUNT(*) AS n FROM nba_raw.nbac_schedule", "--json").json
    (ever,) = ingested("query", "SELECT COUNT(*) AS n FROM nba_raw.nbac_schedule__history", "--json").json
    assert (now["n"], ever["n"]) == (2, 4)


def test_the_ledger_can_be_asked(ingested: Command) -> None:
    asked = "SELECT source, COUNT(*) AS n FROM nba_orchestration.drops GROUP BY source ORDER BY source"
    counts = {row["source"]: row["n"] for row in ingested("query", asked, "--json").json}
    assert sum(counts.values()) == 14 and counts["nbac_schedule"] == 4
