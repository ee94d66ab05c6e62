"""`ingest` and `backfill`: what they say, what they refuse, and that any accident is made good by the same command."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nba_assets.commands import ingest as ingest_command
from nba_assets.commands.ingest import ingest_folder
from nba_assets.engine.intake import Incoming, scan
from nba_assets.engine.platform import Platform
from nba_assets.errors import UsageError
from nba_assets.settings import Settings
from nba_assets_tests.commands.conftest import Command, Said
from nba_assets_tests.engine.three_games import correction
from nba_assets_tests.signals import as_at_a_terminal

GAMEBOOK = "nba-com/gamebooks-data/2024-11-01/20241101-BOSNYK/20241102_090000.json"
HOLDER = """
import datetime as dt, sys
from nba_assets.engine.platform import Platform
from nba_assets_tests.signals import as_at_a_terminal
platform = Platform.open()
with platform.ledger.lock("nbac_schedule", [dt.date(2024, 11, 1)]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_first_ingest_tells_what_came_in_and_what_each_phase_did(first_ingest: tuple[Command, Said]) -> None:
    _, said = first_ingest
    assert (said.code, said.err) == (0, "")
    facts = said.json
    assert (facts["received"], facts["new"], facts["duplicate"], facts["quarantined"]) == (14, 14, 0, 0)
    assert facts["ledger"]["received_total"] == facts["ledger"]["applied"] == 14
    assert [line["phase"][0] for line in facts["phases"]] == list("123456")
    assert facts["phases"][0]["rows"] == 14 and facts["phases"][2]["rows"] > 0
    assert facts["quarantine"] == []


def test_the_same_folder_again_is_all_duplicates_and_changes_nothing(mine: Command, drops: Path) -> None:
    before, manifest = mine.contents(), (mine.home / "published/v1/manifest.json").read_bytes()
    said = mine("ingest", drops)
    assert (said.code, said.err) == (0, "")
    assert "14 files: 0 new, 14 duplicate, 0 quarantined" in said.out
    assert "28 received = 14 applied + 14 duplicate + 0 quarantined + 0 pending." in said.out
    assert mine.contents() == before
    assert (mine.home / "published/v1/manifest.json").read_bytes() == manifest


def test_bad_files_are_one_line_each_with_the_command_that_shows_more(mine: Command, tmp_path: Path) -> None:
    (tmp_path / GAMEBOOK).parent.mkdir(parents=True)
    (tmp_path / GAMEBOOK).write_text('{"game_code":')
    (tmp_path / "notes" / "to\ndo.txt").parent.mkdir()
    (tmp_path / "notes" / "to\ndo.txt").write_text("buy milk")
    said = mine("ingest", tmp_path)
    assert said.code == 1
    assert "2 files: 2 new, 0 duplicate, 2 quarantined" in said.out
    lines = sorted(said.err.splitlines())
    assert len(lines) == 2
    assert lines[0].startswith(f"error: nbac_gamebook_player_stats: {GAMEBOOK}: byte 13: rule json: truncated")
    assert lines[1].startswith("error: unknown: notes/to do.txt: object name: rule path: no source claims this path")
    for line, place in zip(lines, ("byte 13", "object name"), strict=True):
        command = line.rpartition("(")[2].removesuffix(")").split()
        assert command[:3] == ["nba-assets", "quarantine", "show"]
        more = mine(*command[1:], "--json")
        assert more.code == 0
        assert [(entry["place"], entry["drop_status"]) for entry in more.json] == [(place, "quarantined")]
        followed = mine("status", "--correlation-id", command[-1], "--json").json
        assert [entry["place"] for entry in followed["quarantine"]] == [place]


def test_a_quarantined_file_in_json_has_its_place_rule_and_id(mine: Command, tmp_path: Path) -> None:
    (tmp_path / "list.xlsx").write_bytes(b"")
    said = mine("ingest", tmp_path, "--json")
    assert said.code == 1
    (entry,) = said.json["quarantine"]
    assert (entry["object_name"], entry["place"], entry["rule"]) == ("list.xlsx", "object name", "path")
    assert f"quarantine show {entry['correlation_id']}" in said.error


def test_a_file_that_cannot_be_read_is_one_line_and_the_rest_goes_on(
    mine: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.txt").write_text("b")

    def vanishing(folder: Path) -> Iterator[Incoming]:
        files = list(scan(folder))
        (tmp_path / "a.txt").unlink()
        return iter(files)

    monkeypatch.setattr(ingest_command, "scan", vanishing)
    said = mine("ingest", tmp_path, "--json")
    assert said.code == 1
    assert (said.json["received"], said.json["unread"]) == (1, 1)
    assert said.json["unread_files"] == [{"path": str(tmp_path / "a.txt"), "reason": "No such file or directory"}]
    (first, last) = said.err.splitlines()
    assert first.startswith("error: unknown: b.txt")
    assert last.startswith(f"error: {tmp_path / 'a.txt'} cannot be read: No such file or directory; it is not recorded")


def test_a_folder_that_holds_the_home_is_refused(command: Command) -> None:
    platform = Platform.open(command.settings)
    with pytest.raises(UsageError, match="holds the platform's own home"):
        ingest_folder(platform, command.home.parent)
    assert platform.ledger.counts()["received_total"] == 0
    platform.close()


def test_a_backfill_of_unchanged_dates_says_what_it_looked_at(mine: Command) -> None:
    before = mine.contents()
    said = mine("backfill", "--start", "2024-11-01", "--end", "2024-11-03", "--from-phase", "5", "--json")
    assert (said.code, said.err) == (0, "")
    assert len(said.json["run_id"]) == 36
    assert [line["phase"] for line in said.json["phases"]] == ["5 predictions", "6 published"]
    assert said.json["phases"][0]["rows"] == 0, "nothing was built anew"
    assert mine.contents() == before
    table = mine("backfill", "--start", "2024-11-01", "--end", "2024-11-01", "--from-phase", "6")
    assert "6 published" in table.out and "5 predictions" not in table.out


def test_another_process_that_writes_the_partition_is_named_in_one_line(
    mine: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBA_ASSETS_LOCK_SECONDS", "0.5")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        env=os.environ | mine.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    said = mine("backfill", "--start", "2024-11-01", "--end", "2024-11-01")
    holder.communicate()
    assert (said.code, said.out) == (1, "")
    assert "nba_raw.nbac_schedule: another process is writing nbac_schedule 2024-11-01 (" in said.error
    assert "run the same command again" in said.error
    (log,) = (mine.home / "logs").glob("*.log")
    assert str(log) in said.error and "partition_lock" in log.read_text()


def full_disk(below: Path, after: int) -> Callable[[int, bytes], int]:
    """`os.write` that finds no space for files below a folder once `after` of its calls have gone well."""
    write, calls = os.write, []

    def limited(handle: int, data: bytes) -> int:
        if Path(f"/proc/self/fd/{handle}").readlink().is_relative_to(below):
            calls.append(1)
            if len(calls) > after:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, data)

    return limited


def test_a_full_disk_is_one_clear_line_and_the_rerun_makes_it_good(
    mine: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mine.contents()
    folder = correction(tmp_path / "corrected")
    for where in ("landing", "warehouse"):
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full_disk(mine.home / where, after=0))
            said = mine("ingest", folder)
        assert (said.code, said.out) == (1, "")
        assert "No space left on device" in said.error
        assert mine.contents() == before, "nothing is half written"
    again = mine("ingest", folder)
    assert (again.code, again.err) == (0, "")
    assert "+ 0 pending." in again.out
    changed = {table for table, versions in mine.contents().items() if versions != before[table]}
    assert {"nbac_gamebook_player_stats", "player_game_summary", "prediction_grades"} <= changed


def stopped_when(
    there: Callable[[], bool], process: subprocess.Popen[str], number: int = signal.SIGINT
) -> tuple[int, str, str]:
    """What a process leaves whose group gets the signal, as by Ctrl-C, as soon as something is there."""
    deadline = time.monotonic() + 120
    while not there():
        assert process.poll() is None and time.monotonic() < deadline, process.communicate()
        time.sleep(0.01)
    os.killpg(process.pid, number)
    out, err = process.communicate()
    return process.returncode, out, err


def test_a_stopped_ingest_leaves_one_line_and_a_rerun_gives_the_tables_of_an_undisturbed_run(
    command: Command, ingested: Command, drops: Path
) -> None:
    line = "error: interrupted (nothing is half written: run the same command again)\n"
    for place, number in (
        ("landing/nba-com", signal.SIGTERM),
        ("warehouse/nba_analytics/team_offense_game_summary", signal.SIGINT),
    ):
        said = stopped_when((command.home / place).is_dir, command.start("ingest", drops), number)
        assert said == (1, "", line)
    assert command.contents() != ingested.contents()
    again = command("ingest", drops)
    assert (again.code, again.err) == (0, "")
    assert "+ 0 pending." in again.out
    assert command.contents() == ingested.contents()


def test_an_embedded_home_leaves_no_server_behind_after_ctrl_c(drops: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    process = subprocess.Popen(
        [sys.executable, "-m", "nba_assets.cli", "ingest", str(drops)],
        env={"PATH": os.environ["PATH"], "NBA_ASSETS_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=as_at_a_terminal,
    )
    code, out, err = stopped_when(lambda: any((home / "landing").rglob("*.json")), process)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert not (home / "postgres" / "postmaster.pid").exists()
    shutil.rmtree(Settings(home=home).postgres)
