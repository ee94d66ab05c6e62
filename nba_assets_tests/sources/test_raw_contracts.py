"""Contracts of the raw tables: the columns that every parser's rows must fit."""

from __future__ import annotations

import pytest

from nba_assets.contracts import tables
from nba_assets.contracts.frames import conform, empty
from nba_assets.contracts.model import Role, Table, Versioning
from nba_assets.engine.graph import build_order

RAW = [table for table in tables().values() if table.dataset == "nba_raw"]


@pytest.mark.parametrize("table", RAW, ids=lambda table: table.name)
def test_a_raw_table_has_its_key_and_the_common_columns(table: Table) -> None:
    common = {"game_date", "known_at", "known_at_assumed", "source_path", "source_hash"}
    assert common | set(table.key) <= set(table.column_names)
    assert ("superseded_at" in table.column_names) == (table.versioning is Versioning.CLOSED)
    assert conform(empty(table), table).empty
    assert all(column.description for column in table.columns)


def test_only_tables_with_the_capture_time_in_their_key_never_close_rows() -> None:
    never = {table.name: table.key for table in RAW if table.versioning is Versioning.CAPTURES}
    assert set(never) == {
        "odds_api_player_points_props",
        "odds_api_game_lines",
        "bettingpros_player_points_props",
        "nbac_injury_report",
    }
    assert all({"captured_at", "report_at"} & set(key) for key in never.values())


def test_raw_tables_wait_for_nothing_and_come_after_what_they_are_placed_and_resolved_by() -> None:
    order = build_order()
    for table in RAW:
        assert all(entry.role is Role.OPTIONAL for entry in table.inputs)
        assert all(order.index(entry.table) < order.index(table.name) for entry in table.inputs)
        if "resolution" in table.column_names:
            assert {entry.table for entry in table.inputs} == {"nbac_schedule", "player_identity"}
