"""The docs pages say what the contracts say: the committed ones are those that the contracts give."""

from __future__ import annotations

from pathlib import Path

import pytest

from nba_assets import contracts
from nba_assets.contracts.columns import RAW_COMMON, SUPERSEDED_AT
from nba_assets.contracts.docs import due, page, pages, write
from nba_assets.contracts.model import Event, Lag, Table

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "tables"
RAW = [table for table in contracts.tables().values() if table.dataset == "nba_raw"]
COMMON = {column.name for column in (*RAW_COMMON, SUPERSEDED_AT)}


def test_the_committed_pages_are_what_the_contracts_give() -> None:
    there = {path.name: path.read_text(encoding="utf-8") for path in COMMITTED.glob("*.md")}
    assert there == pages(), "run `make docs`"


def test_every_raw_table_has_a_page_in_the_list() -> None:
    found = pages()
    assert set(found) == {"README.md", *(f"{table.name}.md" for table in RAW)}
    assert all(f"[{table.name}]({table.name}.md)" in found["README.md"] for table in RAW)


@pytest.mark.parametrize("table", RAW, ids=lambda table: table.name)
def test_a_page_says_where_every_value_stands(table: Table) -> None:
    own = [column for column in table.columns if column.name not in COMMON]
    assert set(table.fields) == {column.name for column in own}
    assert table.quirks
    text = page(table)
    for column in own:
        (line,) = [
            line for line in text.splitlines() if line.startswith((f"| `{column.name}`", f"| **`{column.name}`"))
        ]
        assert str(column.type) in line
        assert column.description in line
        assert table.fields[column.name].replace("|", "&#124;") in line
    for told in (*table.quirks, *table.refused, *table.paths, *table.unverified_formats):
        assert told in text
    for rule in table.checks:
        assert rule.description in text
    assert ("unverified_format" in text) == bool(table.unverified_formats or "unverified_format" in table.description)
    width = {line.count("|") for line in text.splitlines() if line.startswith(("| `", "| **`"))}
    assert width == {6}, "no cell breaks the table"


@pytest.mark.parametrize("table", RAW, ids=lambda table: table.name)
def test_a_source_says_when_it_is_due_and_what_it_refuses(table: Table) -> None:
    assert bool(table.lag) == bool(table.refused) == bool(table.paths)


def test_lags_in_words() -> None:
    assert due(Lag(Event.TIP, -1)) == "1 hour before the tip"
    assert due(Lag(Event.FINAL, 2.5)) == "2.5 hours after the final was known"
    assert due(None) == ""


def test_pages_of_tables_that_are_gone_are_removed(tmp_path: Path) -> None:
    (tmp_path / "old_table.md").write_text("gone")
    write(tmp_path / "docs")
    write(tmp_path)
    assert not (tmp_path / "old_table.md").exists()
    assert {path.name for path in tmp_path.glob("*.md")} == set(pages())


def test_the_diff_of_a_new_source_is_that_of_a_real_one() -> None:
    root = COMMITTED.parents[1]
    text = (root / "docs" / "adding_a_source.md").read_text(encoding="utf-8")
    shown = 0
    for block in text.split("```diff\n")[1:]:
        name, *lines = block.partition("\n```")[0].splitlines()
        module = (root / name.removeprefix("+++ ")).read_text(encoding="utf-8").splitlines()
        for part in "\n".join(lines).split("\n⋮\n"):
            added = [line.removeprefix("+") for line in part.splitlines()]
            assert any(module[n : n + len(added)] == added for n in range(len(module))), added
            shown += len(added)
    assert shown > 30
