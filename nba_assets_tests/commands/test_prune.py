"""`prune`: what would go, what went, as a table and as JSON."""

from __future__ import annotations

from nba_assets_tests.commands.conftest import Command

KINDS = ["execution log", "failed work", "alarms", "quarantine entries", "quarantined files", "stamps of landed files"]
KINDS += ["releases", "published objects", "superseded and staged files", "log files"]
KINDS += ["entity keys", "Dagster runs", "reported events"]


def test_it_tells_what_is_kept_for_how_long(mine: Command) -> None:
    said = mine("prune", "--dry-run")
    assert said.code == 0 and "would be removed" in said.out
    found = dict.fromkeys(line.split("  ")[0].strip() for line in said.out.splitlines())
    assert [kind for kind in found if kind in KINDS] == KINDS
    assert "execution log                90 days" in said.out
    assert "kept for ever" in said.out.splitlines()[-1]


def test_nothing_of_a_young_home_goes(mine: Command) -> None:
    before = mine.contents()
    said = mine("prune", "--json")
    assert said.code == 0, said.err
    told = {kind["what"]: kind["removed"] for kind in said.json["kinds"]}
    assert said.json["dry_run"] is False and list(told) == KINDS
    assert {what for what, removed in told.items() if removed} <= {"superseded and staged files"}
    assert mine.contents() == before


def test_a_time_shorter_than_what_is_promised_is_refused(mine: Command, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("NBA_ASSETS_KEEP_LOG_DAYS", "6")
    said = mine("prune", "--dry-run")
    assert said.code == 2 and "NBA_ASSETS_KEEP_LOG_DAYS is wrong" in said.error
