"""Every contract is whole: what it names exists, what it rules can be asked."""

from __future__ import annotations

import graphlib

import pytest
import sqlglot
from sqlglot import exp

from nba_assets import contracts
from nba_assets.contracts.frames import arrow_schema, conform, empty, from_arrow, to_arrow
from nba_assets.contracts.model import Role, Table, Versioning
from nba_assets.engine.graph import build_order

TABLES = list(contracts.tables().values())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_a_contract_names_what_exists(table: Table) -> None:
    names = table.column_names
    assert len(set(names)) == len(names)
    assert set(table.key) <= set(names)
    assert table.description and all(column.description for column in table.columns)
    assert ("superseded_at" in names) == (table.versioning is Versioning.CLOSED)
    for entry in table.inputs:
        assert entry.table in contracts.tables(), entry
        assert entry.span.before >= 0 and entry.span.after >= 0
        assert entry.role is not Role.HISTORY or entry.span.before > 0, "a history reaches back"
    for column in table.columns:
        assert column.low is None or column.high is None or column.low <= column.high
        for source in (*column.source, *([column.references] if column.references else [])):
            other, _, name = source.rpartition(".")
            contracts.table(other).column(name)


@pytest.mark.parametrize("table", [t for t in TABLES if t.checks], ids=lambda table: table.full_name)
def test_a_rule_is_sql_over_the_tables_own_columns(table: Table) -> None:
    for check in table.checks:
        rule = sqlglot.parse_one(check.predicate, read="bigquery")
        assert {column.name for column in rule.find_all(exp.Column)} <= set(table.column_names), check
        assert check.name not in ("types", "keys", "nulls", "schedule", "references", "ranges", "row_count")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_an_empty_frame_has_the_contracts_types_and_survives_arrow(table: Table) -> None:
    frame = conform(empty(table), table)
    again = from_arrow(to_arrow(frame, table), table)
    assert to_arrow(frame, table).schema.equals(arrow_schema(table))
    assert again.dtypes.equals(frame.dtypes)


def test_inputs_form_no_cycle_and_the_order_respects_them() -> None:
    place = {name: number for number, name in enumerate(build_order())}
    for name, number in place.items():
        for entry in contracts.table(name).inputs:
            if entry.table in place and entry.table != name:
                assert place[entry.table] < number, (name, entry.table)
    graphlib.TopologicalSorter(
        {n: [i.table for i in contracts.table(n).inputs if i.table != n] for n in place}
    ).prepare()


def test_an_unknown_table_is_named_with_those_that_exist() -> None:
    with pytest.raises(KeyError, match="nbac_schedule"):
        contracts.table("nbac_shedule")
    assert contracts.table("nba_raw.nbac_schedule") is contracts.table("nbac_schedule")
