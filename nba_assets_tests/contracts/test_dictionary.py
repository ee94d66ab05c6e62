"""The data dictionary has every table and every column of every contract, and is what the contracts give."""

from __future__ import annotations

from pathlib import Path

import pytest

from nba_assets import contracts
from nba_assets.contracts.columns import SUPERSEDED_AT, float64
from nba_assets.contracts.dictionary import UNSAID, dictionary, lines, null_meaning
from nba_assets.contracts.docs import escaped
from nba_assets.contracts.model import Table

DOCS = Path(__file__).resolve().parents[2] / "docs"
TABLES = list(contracts.tables().values())
PAGE = dictionary()
ROWS = [line.split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
"""The lines of columns, cell by cell."""


def test_the_committed_page_is_what_the_contracts_give() -> None:
    assert (DOCS / "data_dictionary.md").read_text(encoding="utf-8") == PAGE, "run `make docs`"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_a_table_is_there_with_its_grain_and_all_its_columns(table: Table) -> None:
    link = f"[{table.name}](tables/{table.name}.md)"
    assert f"| {link} | {', '.join(table.key)} | {len(table.columns)} |" in PAGE
    assert (DOCS / "tables" / f"{table.name}.md").exists()
    for column in table.columns:
        (row,) = [row for row in ROWS if row[0] == f"| `{column.name}`" and link in row[-1]]
        assert row[1] == escaped(f"{column.type}{'?' if column.nullable else ''}")
        assert row[2] == (column.unit or "")
        assert row[5] == escaped(column.description)
        for value in column.values:
            assert f"`{value}`" in row[3]
        for bound in (column.low, column.high):
            assert bound is None or column.values or f"{bound:g}" in row[3]
        assert bool(row[4]) == column.nullable


def test_columns_are_in_alphabetical_order_and_once_a_meaning() -> None:
    names = [row[0].removeprefix("| ").strip("`") for row in ROWS]
    assert names == sorted(names, key=str.casefold)
    assert len({tuple(row[:6]) for row in ROWS}) == len(ROWS) == len(lines())
    assert {len(row) for row in ROWS} == {7}, "no cell breaks the table"


def test_null_is_told_in_the_columns_own_words() -> None:
    assert (
        null_meaning(float64("share?", "Of his shots; null without attempts. More", low=0)) == "null without attempts"
    )
    assert null_meaning(SUPERSEDED_AT) == "null: current"
    assert null_meaning(float64("speed?", "Of the ball")) == UNSAID
    assert null_meaning(float64("speed", "Of the ball, nulls are left out")) == ""
