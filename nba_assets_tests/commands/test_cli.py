"""The command line as an operator meets it: help, exit codes, errors of one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nba_assets_tests.commands.conftest import Command

VERBS = ("demo", "simulate", "ingest", "backfill", "refresh", "parse", "query", "status", "publish", "serve")
VERBS += ("backup", "restore", "doctor", "chart", "prune", "odds", "whatif", "schema", "migrate")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A verb in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "nba_assets.cli", *arguments],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"]} | environment,
        check=False,
    )


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb: str, command: Command) -> None:
    said = command(verb, "--help")
    assert said.code == 0
    assert "Example: " in said.out
    assert f"nba-assets {verb}" in said.out


def test_without_a_verb_it_lists_them(command: Command) -> None:
    said = command()
    assert (said.code, said.err) == (0, "")
    assert all(f" {verb} " in said.out for verb in VERBS)


def test_the_command_line_is_light_to_import() -> None:
    heavy = "{'pandas', 'numpy', 'dagster', 'duckdb', 'pyarrow', 'lightgbm', 'sqlalchemy', 'rich.progress'}"
    code = f"import sys, nba_assets.cli; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("predict",), "No such command 'predict'. (nba-assets --help)"),
        (("status", "--team", "LAL"), "No such option: --team"),
        (("ingest",), "Missing argument 'folder'. (nba-assets ingest --help)"),
        (("demo", "--days", "many"), "Invalid value for '--days'"),
        (("demo", "--days", "0"), "Invalid value for '--days'"),
        (("publish", "--rollback", "0"), "Invalid value for '--rollback'"),
        (("status", "--date", "2024-13-01"), "'2024-13-01' is not a date (write it as 2024-11-15)"),
        (("backfill", "--start", "2024-11-05", "--end", "2024-11-01"), "--end 2024-11-01 is before --start"),
        (("backfill", "--start", "1999-01-01", "--end", "1999-01-02"), "1999-01-01 is not a partition"),
        (("simulate", "x", "--start", "2025-11-05", "--end", "2025-11-01"), "--end 2025-11-01 is before --start"),
        (("refresh", "--date", "2024-11-05"), "nothing to refresh (give --player ID"),
        (("refresh", "--date", "2024-11-05", "--player", "1"), "player 1 has no game on 2024-11-05"),
        (("query", "SELECT 1", "--json", "--csv"), "--json and --csv exclude each other"),
        (("query", "SELECT * FROM nba_raw.nbac_schedul"), "no table 'nba_raw.nbac_schedul' (did you mean nba_raw."),
        (("query", "DROP TABLE nba_raw.nbac_schedule"), "only one SELECT is allowed, not DROP"),
        (("query", "SELEC 1"), "this is not SQL"),
        (("query", "SELECT 1, 1", "--json"), "two columns are called '1' (name one of them otherwise with AS)"),
        (("status", "--correlation-id", "none"), "no drop has the correlation id 'none'"),
        (("status", "--player", "1"), "no player has the league id '1'"),
        (("publish", "--rollback", "3"), "there is no release 3"),
        (("parse", "no_such_source", "file"), "no source 'no_such_source' (one of bdl_player_boxscores"),
        (("migrate",), "Missing option '--to'. (nba-assets migrate --help)"),
        (("migrate", "--to", "aws"), "there is no profile 'aws' to migrate to (--to gcp or --to local)"),
        (("ingest", "/no/such/folder"), "/no/such/folder is not a folder (give the folder that holds the drops)"),
    ],
)
def test_a_wrong_request_is_one_line_and_exit_code_2(arguments: tuple[str, ...], says: str, command: Command) -> None:
    said = command(*arguments)
    assert (said.code, said.out) == (2, "")
    assert says in said.error


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("parse", "nbac_schedule", "/no/such/file"), "/no/such/file cannot be read: No such file or directory"),
        (("publish",), "nothing is published"),
        (("serve", "--port", "0"), "nothing is published in "),
        (("restore", "/no/such/folder"), "/no/such/folder is not a backup"),
        (("migrate", "--to", "gcp"), "there is no installation in "),
        (("migrate", "--to", "local"), "the gcp profile needs NBA_ASSETS_GCP_PROJECT"),
        (("simulate", "/proc/x", "--start", "2025-11-01", "--end", "2025-11-01"), "cannot write drops below /proc/x"),
    ],
)
def test_what_fails_is_one_line_and_exit_code_1(arguments: tuple[str, ...], says: str, command: Command) -> None:
    said = command(*arguments)
    assert (said.code, said.out) == (1, "")
    assert says in said.error


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("demo",), "the demo is simulated data, which has no place in the cloud (set NBA_ASSETS_PROFILE=local)"),
        (("serve",), "the published bucket serves itself (https://storage.googleapis.com/shown/v1/manifest.json"),
        (("backup", "folder"), "backup and restore are of a local home"),
        (("restore", "folder"), "backup and restore are of a local home"),
    ],
)
def test_what_is_of_a_local_home_alone_is_refused_in_the_cloud(
    arguments: tuple[str, ...], says: str, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBA_ASSETS_PROFILE", "gcp")
    monkeypatch.setenv("NBA_ASSETS_PUBLISHED_BUCKET", "shown")
    said = command(*arguments)
    assert (said.code, said.out) == (2, "")
    assert says in said.error


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("query", "SELECT 1"),
        ("publish",),
        ("refresh", "--date", "2024-11-05", "--player", "1"),
        ("backfill", "--start", "2024-11-01", "--end", "2024-11-02"),
        ("backup", "/tmp/nba_assets_no_backup"),
    ],
)
def test_a_home_that_is_not_there_is_said_and_not_made(
    arguments: tuple[str, ...], command: Command, tmp_path: Path
) -> None:
    said = Command(tmp_path / "mistyped", command.url)(*arguments)
    assert said.code == 1
    assert f"there is no home at {tmp_path / 'mistyped'} (set NBA_ASSETS_HOME to " in said.error
    assert not (tmp_path / "mistyped").exists()


def test_a_fault_nobody_foresaw_goes_to_the_log_file_it_names(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nba_assets.commands.status.run", lambda **_: 1 / 0)
    said = command("status")
    assert said.code == 1
    (log,) = (command.home / "logs").glob("*.log")
    assert said.error == f"error: ZeroDivisionError: division by zero (the traceback is in {log})"
    assert "Traceback" in log.read_text()


@pytest.mark.parametrize("verb", [("ingest", "."), ("doctor", "--json")])
def test_an_unwritable_home_is_one_clear_line(verb: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    found = run(*verb, NBA_ASSETS_HOME=str(tmp_path / "file" / "home"))
    assert found.returncode == 1
    said = found.stdout + found.stderr
    assert f"cannot keep the platform in {tmp_path / 'file' / 'home'}: Not a directory" in said
    assert "Traceback" not in said
    if verb[0] == "ingest":
        assert found.stderr.count("\n") == 1 and found.stdout == ""


@pytest.mark.parametrize(
    ("name", "value", "code", "says"),
    [
        ("NBA_ASSETS_FIRST_DATE", "yesterday", 2, "NBA_ASSETS_FIRST_DATE is wrong: "),
        ("NBA_ASSETS_PROFILE", "aws", 2, "NBA_ASSETS_PROFILE is wrong: "),
        ("NBA_ASSETS_PROFILE", "gcp", 1, "the gcp profile needs NBA_ASSETS_GCP_PROJECT"),
        ("NBA_ASSETS_DATABASE_URL", "mysql://x", 1, "NBA_ASSETS_DATABASE_URL is not a Postgres URL"),
        ("NBA_ASSETS_DATABASE_URL", "postgresql://me:s3cret@localhost:1/x", 1, "Connection refused"),
    ],
)
def test_a_wrong_setting_is_one_line_without_the_secret(
    name: str, value: str, code: int, says: str, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Command, "environment", {"NBA_ASSETS_HOME": str(command.home), name: value})
    said = command("status")
    assert said.code == code
    assert says in said.error
    assert "s3cret" not in said.err


def test_a_warehouse_of_a_newer_version_is_not_opened(command: Command) -> None:
    (command.home / "warehouse").mkdir()
    (command.home / "warehouse" / "VERSION").write_text("99\n")
    said = command("status")
    assert said.code == 1
    assert said.error.endswith(
        "written by a newer version of nba_assets (layout 99, this one knows 1) (upgrade nba_assets)"
    )


def test_two_commands_at_once_share_one_embedded_database(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    ask = [sys.executable, "-m", "nba_assets.cli", "query", "SELECT COUNT(*) AS n FROM nba_raw.nbac_schedule", "--csv"]
    env = {"PATH": os.environ["PATH"], "NBA_ASSETS_HOME": str(home)}
    both = [subprocess.Popen(ask, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in "ab"]
    said = [process.communicate() for process in both]
    assert said == [("n\n0\n", "")] * 2
    assert [process.returncode for process in both] == [0, 0]
    assert not (home / "postgres" / "postmaster.pid").exists(), "the last one to leave stopped it"


def test_output_into_a_closed_pipe_ends_quietly(ingested: Command) -> None:
    process = ingested.start("query", "SELECT * FROM nba_raw.nbac_player_list")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 1


def test_shell_completion() -> None:
    program = Path(sys.executable).with_name("nba-assets")
    script = f"{program} --show-completion\ntrue\n"
    shown = subprocess.run(["bash"], input=script, capture_output=True, text=True, check=True).stdout
    assert "complete -o default -F _nba_assets_completion nba-assets" in shown
    typed = {"_NBA_ASSETS_COMPLETE": "complete_bash", "COMP_WORDS": "nba-assets re", "COMP_CWORD": "1"}
    offered = subprocess.run([program], env=os.environ | typed, capture_output=True, text=True, check=False).stdout
    assert offered.split() == ["refresh", "resume", "restore", "replay"]
