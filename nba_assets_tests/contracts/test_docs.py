"""The docs pages say what the contracts say: the committed ones are those that the contracts give."""

from __future__ import annotations

from pathlib import Path

import pytest

from nba_assets import contracts
from nba_assets.contracts.columns import RAW_COMMON, SUPERSEDED_AT
from nba_assets.contracts.docs import dates_read, due, escaped, page, pages, write
from nba_assets.contracts.model import Event, Input, Lag, Role, Span, Table

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "tables"
TABLES = list(contracts.tables().values())
RAW = [table for table in TABLES if table.dataset == "nba_raw"]
COMMON = {column.name for column in (*RAW_COMMON, SUPERSEDED_AT)}


def test_the_committed_pages_are_what_the_contracts_give() -> None:
    there = {path.name: path.read_text(encoding="utf-8") for path in COMMITTED.glob("*.md")}
    assert there == pages(), "run `make docs`"


def test_every_table_has_a_page_in_the_list() -> None:
    found = pages()
    assert set(found) == {"README.md", *(f"{table.name}.md" for table in TABLES)}
    assert all(f"[{table.name}]({table.name}.md)" in found["README.md"] for table in TABLES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_a_page_has_the_grain_the_inputs_and_every_column(table: Table) -> None:
    text = page(table)
    assert text.startswith(f"# {table.full_name}\n\n{table.description}\n")
    assert f"| key | {', '.join(f'`{name}`' for name in table.key)} |" in text
    for entry in table.inputs:
        around = f" ({entry.span.before} day{'s' * (entry.span.before > 1)} before" if entry.span.before else ""
        assert f"[{entry.table}]({entry.table}.md){around}" in text
    columns = [line for line in text.splitlines() if line.startswith(("| `", "| **`"))]
    assert len(columns) == len(table.columns)
    for line, column in zip(columns, table.columns, strict=True):
        assert f"`{column.name}`" in line and escaped(column.description) in line
        assert all(f"`{source}`" in line for source in column.source) or column.name in table.fields
    assert ("## Checks" in text) == (table.dataset not in ("published", "nba_orchestration"))
    assert {line.count("|") for line in columns} == {6}, "no cell breaks the table"


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
        assert escaped(str(column.type)) in line
        assert escaped(column.description) in line
        assert escaped(table.fields[column.name]) in line
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


def test_a_cell_shows_what_it_says() -> None:
    assert escaped("a|b, v1/<path>, P(x < 3), ARRAY<STRING>") == "a&#124;b, v1/&lt;path>, P(x < 3), ARRAY&lt;STRING>"
    assert escaped("the name `v1/<path>`, not <path>") == "the name `v1/<path>`, not &lt;path>"


def test_dates_read_in_words() -> None:
    spans = (Span(), Span(before=1), Span(before=14, after=2), Span(after=1))
    told = [dates_read(Input("nbac_schedule", Role.OPTIONAL, span)) for span in spans]
    assert told == ["", "1 day before", "14 days before and 2 days after", "1 day after"]


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
