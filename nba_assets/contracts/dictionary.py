"""The data dictionary, written from the contracts: `python -m nba_assets.contracts.dictionary FILE`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from nba_assets.contracts import DATASETS, tables
from nba_assets.contracts.docs import MEANING, bounds, first_sentence, grid, link, of_dataset, target, type_of, values
from nba_assets.contracts.model import Column, Table

FOLDER = "tables/"
"""Where the tables' pages lie, seen from the dictionary."""
NULL = re.compile(r"\bnull\b[^;.]*", re.IGNORECASE)
"""The clause of a description that says what null means."""
UNSAID = "unknown"
"""What null means where a column's description has no other word for it."""
HEAD = """\
# Data dictionary

Every table and every column by name. Written from the contracts by `make docs`: change the contract, not the page.

Types are BigQuery's; `?`: may be null. Null is never 0 and never an average; `unknown` in its column means that the
value is not known or does not apply. What ends in `_pct`, `_share` or `_rate` is a fraction of 1 where the range says 0
to 1; usage and ratings are per 100; `_pp` are percentage points. Times are UTC, `game_date` is the league's date
(America/New_York). Formulas are in the column's meaning; a column that means something else in another table has a line
for each.
"""


def dictionary() -> str:
    """The page, as Markdown."""
    return "\n".join([HEAD, *_tables(), *_columns()]) + "\n"


def null_meaning(column: Column) -> str:
    """What null says in this column: the description's own words, `UNSAID` without any, '' where it cannot be."""
    if not column.nullable:
        return ""
    said = NULL.search(column.description)
    return said.group().strip() if said else UNSAID


def lines() -> list[tuple[Column, list[Table]]]:
    """Each meaning of each column with its tables; by name, a name's meanings in the order of the tables."""
    found: dict[Column, list[Table]] = {}
    for table in tables().values():
        for column in table.columns:
            found.setdefault(_told(column), []).append(table)
    return sorted(found.items(), key=lambda line: line[0].name.casefold())


def _told(column: Column) -> Column:
    """The column without what the page does not show."""
    return Column(
        column.name,
        column.type,
        column.description,
        nullable=column.nullable,
        unit=column.unit,
        low=column.low,
        high=column.high,
        values=column.values,
    )


def _tables() -> Iterator[str]:
    yield "## Tables"
    for dataset in DATASETS:
        yield from ("", f"### {dataset}", "", MEANING[dataset], "")
        yield from grid(
            ("table", "grain", "columns", "what it is"),
            [
                (link(t.name, FOLDER), ", ".join(t.key), str(len(t.columns)), first_sentence(t.description))
                for t in of_dataset(dataset)
            ],
        )
    yield ""


def _columns() -> Iterator[str]:
    yield "## Columns"
    for letter, found in groupby(lines(), key=lambda line: line[0].name[0].upper()):
        yield from ("", f"### {letter}", "")
        yield from grid(
            ("column", "type", "unit", "range", "null", "meaning", "in"),
            [
                (
                    f"`{column.name}`",
                    type_of(column),
                    column.unit or "",
                    values(column) or bounds(column),
                    null_meaning(column),
                    column.description,
                    ", ".join(link(table.name, FOLDER) for table in there),
                )
                for column, there in found
            ],
        )


if __name__ == "__main__":
    target(__doc__).write_text(dictionary(), encoding="utf-8")
