"""Whether SQL reads tables whole."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from nba_assets.storage.gcp.bigquery_schema import STAGING, VERSIONS

PARTITION = {VERSIONS: "written_at"}
"""The column that a table is partitioned by, where that is not its date."""


def unbounded(sql: str) -> list[str]:
    """Tables that a script scans without a constant bound on the column that they are partitioned by.

    Staged tables are not partitioned: they hold what is to be written, and nothing else.
    """
    found = []
    for statement in sqlglot.parse(sql, read="bigquery"):
        for table in statement.find_all(exp.Table) if statement is not None else ():
            dataset, name = table.db, table.name
            if dataset.endswith(STAGING) or isinstance(table.parent, exp.Insert | exp.Schema):
                continue
            column = PARTITION.get(name, "game_date")
            if not _is_bounded(table, column):
                found.append(f"{dataset}.{name}: {statement.sql('bigquery')}")
    return found


def _is_bounded(table: exp.Table, column: str) -> bool:
    scan = table.find_ancestor(exp.Select, exp.Delete)
    where = scan.args.get("where") if scan is not None else None
    if where is None:
        return False
    condition = where.this
    conjuncts = list(condition.flatten()) if isinstance(condition, exp.And) else [condition]
    return any(
        isinstance(part, exp.Between | exp.In | exp.EQ | exp.GTE | exp.LT | exp.LTE)
        and part.this.name == column
        and not any(child.name != column for child in part.find_all(exp.Column))
        for part in conjuncts
    )
