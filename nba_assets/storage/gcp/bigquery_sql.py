"""The SQL that BigQuery is sent; every scan in it is bounded by partition.

Dates, versions and ids are literals: BigQuery prunes partitions by them before a job begins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import sqlglot
from sqlglot import exp

from nba_assets.contracts.model import Table, Versioning
from nba_assets.scope import TEAM_COLUMNS, Scope
from nba_assets.storage.arrow_warehouse import Wanted
from nba_assets.storage.gcp.bigquery_schema import PARTITION_VERSION, Names
from nba_assets.storage.sql import HISTORY, queryable

BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def row_restriction(table: Table, days: Sequence[str], together: bool, wanted: Wanted | None = None) -> str:
    """What a read session filters by: the days, and of the reader's own filters those that columns can tell.

    `together`: the table has no rows of other days between the first and the last.
    """
    parts = [f"game_date BETWEEN {_date(days[0])} AND {_date(days[-1])}" if together else _of_days(days)]
    names = set(table.column_names)
    if wanted is not None:
        if wanted.as_of is not None and "known_at" in names:
            parts.append(f"known_at <= {_timestamp(wanted.as_of)}")
        elif table.versioning is Versioning.CLOSED and not wanted.history:
            parts.append("superseded_at IS NULL")
        if wanted.scope is not None:
            parts.append(_of_scope(names, wanted.scope))
    return " AND ".join(parts)


def versions_restriction(written_since: dt.datetime | None) -> str:
    """What a read session of the versions' log filters by: its partition, the day on which a version was written."""
    return f"written_at >= {_timestamp(written_since or BEGINNING)}"


def replace_script(table: Table, names: Names, staged: str | None, versions: Mapping[str, str]) -> str:
    """One transaction: the dates' rows go, the staged ones come, and the log says so. `""`: a date without rows."""
    rows = names.rows(table)
    columns = ", ".join(f"`{name}`" for name in (*table.column_names, PARTITION_VERSION))
    written = [
        f"SELECT {_text(table.full_name)}, {_date(day)}, {_text(v)}, CURRENT_TIMESTAMP()" for day, v in versions.items()
    ]
    insert = [f"INSERT INTO `{rows}` ({columns})\nSELECT {columns} FROM `{staged}`"] if staged else []
    return ";\n".join(
        [
            "BEGIN TRANSACTION",
            f"DELETE FROM `{rows}` WHERE {_of_days(list(versions))}",
            *insert,
            f"INSERT INTO `{names.versions()}` (table_name, game_date, version, written_at)\n"
            + "\nUNION ALL ".join(written),
            "COMMIT TRANSACTION;",
        ]
    )


def compact_script(names: Names, before: dt.datetime) -> str:
    """Remove rows of the versions' log that newer ones had superseded by a time."""
    log, until = names.versions(), _timestamp(before)
    newest = (
        f"SELECT table_name, game_date, MAX(written_at) AS newest FROM `{log}` WHERE written_at < {until}"
        " GROUP BY table_name, game_date"
    )
    return (
        f"DELETE FROM `{log}` AS old WHERE written_at < {until} AND EXISTS (SELECT 1 FROM ({newest}) AS n"
        " WHERE n.table_name = old.table_name AND n.game_date = old.game_date AND n.newest > old.written_at)"
    )


def in_project(sql: str, names: Names, ledger: Mapping[str, str]) -> str:
    """A checked question with its tables' names in the project; `ledger`: where the ledger's tables lie staged."""
    statement = sqlglot.parse_one(sql, read="bigquery")
    known = queryable()
    defined = {cte.alias for cte in statement.find_all(exp.CTE)}
    for node in list(statement.find_all(exp.Table)):
        name = ".".join(part.name for part in node.parts)
        if name in defined:
            continue
        table = known[name.removesuffix(HISTORY)]
        full = ledger.get(table.name) or f"{names.dataset(table.dataset)}.{name.partition('.')[2]}"
        renamed = exp.to_table(f"`{full}`", dialect="bigquery")
        renamed.set("alias", node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name)))
        node.replace(renamed)
    return statement.sql(dialect="bigquery")


def _of_days(days: Sequence[str]) -> str:
    return f"game_date IN ({', '.join(map(_date, days))})"


def _of_scope(names: set[str], scope: Scope) -> str:
    looked_at = [("player_id", scope.players), ("game_id", scope.games), *((c, scope.teams) for c in TEAM_COLUMNS)]
    parts = [f"{column} IN ({_texts(values)})" for column, values in looked_at if values and column in names]
    return f"({' OR '.join(parts)})" if parts else "FALSE"


def _texts(values: Iterable[str]) -> str:
    return ", ".join(map(_text, sorted(values)))


def _text(value: str) -> str:
    return exp.Literal.string(value).sql(dialect="bigquery")


def _date(day: str) -> str:
    return f"DATE '{dt.date.fromisoformat(day).isoformat()}'"


def _timestamp(moment: dt.datetime) -> str:
    return f"TIMESTAMP '{moment.astimezone(dt.UTC).isoformat(sep=' ', timespec='microseconds')}'"
