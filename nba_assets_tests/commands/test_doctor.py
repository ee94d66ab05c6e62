"""`doctor`: every part checked, and for what is wrong what to do."""

from __future__ import annotations

from nba_assets_tests.commands.conftest import Command

CHECKS = ["python", "packages", "disk", "stores", "ledger", "warehouse", "published", "dagster", "processes"]


def test_a_home_in_order(ingested: Command) -> None:
    said = ingested("doctor", "--json")
    assert (said.code, said.err) == (0, "")
    assert [line["check"] for line in said.json] == CHECKS
    assert all(line["ok"] for line in said.json)
    found = {line["check"]: line["found"] for line in said.json}
    assert found["warehouse"] == "2 dates with games, 1 on 2024-11-03"
    assert found["published"].startswith("release ") and found["published"].endswith(" files, verified")
    assert "NOT OK" not in ingested("doctor").out


def test_a_new_installation_is_in_order(command: Command) -> None:
    command.home.rmdir()
    said = command("doctor", "--json")
    assert said.code == 0
    found = {line["check"]: line["found"] for line in said.json}
    assert found["stores"] == "made anew: there was no home here"
    assert found["published"] == "nothing published yet"


def test_what_cannot_be_opened_is_said_with_what_to_do(command: Command) -> None:
    (command.home / "warehouse").mkdir()
    (command.home / "warehouse" / "VERSION").write_text("99\n")
    said = command("doctor", "--json")
    assert (said.code, said.err) == (1, "")
    found = {line["check"]: line for line in said.json}
    assert not found["stores"]["ok"]
    assert "written by a newer version" in found["stores"]["found"] and "upgrade" in found["stores"]["advice"]
    assert found["dagster"]["ok"], "the other checks go on"


def test_a_published_file_that_was_changed_is_found(mine: Command) -> None:
    victim = next((mine.home / "published" / "v1" / "objects").rglob("*.json"))
    victim.write_bytes(victim.read_bytes() + b" ")
    said = mine("doctor", "--json")
    assert said.code == 1
    (published,) = [line for line in said.json if line["check"] == "published"]
    assert not published["ok"] and "nba-assets backfill" in published["advice"]
