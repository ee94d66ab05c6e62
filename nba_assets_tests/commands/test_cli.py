"""The command line as an operator meets it: help, exit codes, errors of one line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nba_assets_tests.commands.conftest import Command

VERBS = ("demo", "simulate", "ingest", "backfill", "refresh", "parse", "query", "status", "publish", "serve")
VERBS += ("backup", "restore", "doctor")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb: str, command: Command) -> None:
    said = command(verb, "--help")
    assert said.code == 0
    assert "Example: " in said.out
    assert f"nba-assets {verb}" in said.out


def test_the_command_line_is_light_to_import() -> None:
    heavy = "{'pandas', 'numpy', 'dagster', 'duckdb', 'pyarrow', 'lightgbm', 'sqlalchemy', 'rich.progress'}"
    code = f"import sys, nba_assets.cli; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_an_unknown_verb_or_option_is_bad_usage(command: Command) -> None:
    assert command("predict").code == 2
    assert command("status", "--team", "LAL").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "--date", "2024-13-01"),
        ("backfill", "--start", "2024-11-05", "--end", "2024-11-01"),
        ("backfill", "--start", "1999-01-01", "--end", "1999-01-02"),
        ("refresh", "--date", "2024-11-05"),
        ("refresh", "--date", "2024-11-05", "--player", "1"),
        ("query", "SELECT 1", "--json", "--csv"),
        ("status", "--correlation-id", "none"),
        ("parse", "no_such_source", "file"),
    ],
)
def test_a_wrong_request_is_one_line_and_exit_code_2(arguments: tuple[str, ...], command: Command) -> None:
    said = command(*arguments)
    assert said.code == 2, said
    assert said.err.count("\n") == 1
    assert said.err.startswith("error: ")
    assert "(" in said.err, "it says what to do next"


@pytest.mark.parametrize(
    "arguments",
    [
        ("ingest", "/no/such/folder"),
        ("parse", "nbac_schedule", "/no/such/file"),
        ("query", "SELECT * FROM nba_raw.no_such_table"),
        ("query", "DROP TABLE nba_raw.nbac_schedule"),
        ("query", "SELEC 1"),
        ("publish",),
        ("publish", "--rollback", "3"),
        ("serve", "--port", "0"),
    ],
)
def test_what_fails_is_one_line_and_exit_code_1(arguments: tuple[str, ...], command: Command) -> None:
    said = command(*arguments)
    assert said.code in (1, 2), said
    assert "Traceback" not in said.err
    assert said.err.count("\n") == 1


def test_a_fault_nobody_foresaw_goes_to_the_log_file_it_names(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nba_assets.commands.status.run", lambda **_: 1 / 0)
    said = command("status")
    assert said.code == 1
    assert "ZeroDivisionError" in said.err and "Traceback" not in said.err
    logs = list((tmp_path / "home" / "logs").glob("*.log"))
    assert len(logs) == 1 and "Traceback" in logs[0].read_text()


def test_an_unwritable_home_is_one_clear_line(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    env = {"NBA_ASSETS_HOME": str(blocked / "home"), "PATH": "/usr/bin:/bin"}
    found = subprocess.run(
        [sys.executable, "-m", "nba_assets.cli", "status"], capture_output=True, text=True, env=env, check=False
    )
    assert found.returncode == 1
    assert found.stderr.count("\n") == 1 and found.stderr.startswith("error: ")
