"""Every scan of a table that the platform sends is bounded by its partitions; nothing reads a table whole."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from nba_assets.contracts import tables
from nba_assets.scope import Scope
from nba_assets.storage.gcp.bigquery_schema import clustering_of, stored_tables
from nba_assets.storage.gcp.bigquery_warehouse import BigQueryWarehouse
from nba_assets_tests.gcp.bounds import unbounded
from nba_assets_tests.gcp.conftest import another
from nba_assets_tests.storage.tables import BOX, EVERY_TYPE, FIRST, SECOND, THIRD, at, box, every_type


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM `p.nba_raw.box__rows`",
        "SELECT * FROM `p.nba_raw.box__rows` WHERE player_id = 'a'",
        "SELECT * FROM `p.nba_raw.box__rows` WHERE game_date = '2024-11-01' OR player_id = 'a'",
        "SELECT * FROM `p.nba_raw.box__rows` WHERE game_date = other_date",
        "BEGIN TRANSACTION; DELETE FROM `p.nba_raw.box__rows` WHERE TRUE; COMMIT TRANSACTION;",
        "SELECT * FROM `p.nba_warehouse.partition_versions` WHERE table_name = 'a'",
        "INSERT INTO `p.nba_raw.a__rows` (x) SELECT x FROM `p.nba_raw.b__rows`",
    ],
)
def test_an_unbounded_scan_is_seen(sql: str) -> None:
    assert unbounded(sql)


def test_whatever_the_warehouse_sends_is_bounded(warehouse: BigQueryWarehouse, statements: list[str]) -> None:
    rows = box((FIRST, "g1", "BOS1", 20, "08:00", "12:00"), (SECOND, "g2", "NYK1", 10, "08:00", None))
    warehouse.replace(BOX, [FIRST, SECOND], rows)
    warehouse.replace(BOX, [FIRST, SECOND, THIRD], rows.iloc[[1]])
    warehouse.replace(EVERY_TYPE, [FIRST], every_type(FIRST, "p1"))
    warehouse.upsert(BOX, rows.iloc[[0]], [FIRST], Scope(players=frozenset({"BOS1"})))
    cold = another(warehouse)
    for table in (BOX, EVERY_TYPE):
        cold.read(table)
        cold.read(table, dates=(FIRST, SECOND), history=True)
        cold.read(table, columns=["player_id"], as_of=at("10:00"))
        cold.read(table, dates=(FIRST, THIRD), scope=Scope(teams=frozenset({"BOS"}), games=frozenset({"g'1"})))
    cold.clean()
    assert len(statements) > 20
    assert [found for sql in statements for found in unbounded(sql)] == []
    transactions = [sql for sql in statements if sql.startswith("BEGIN TRANSACTION")]
    assert len(transactions) == 4 and all(sql.rstrip().endswith("COMMIT TRANSACTION;") for sql in transactions)


def test_many_days_of_few_rows_are_asked_by_cluster_too(warehouse: BigQueryWarehouse, statements: list[str]) -> None:
    days = [FIRST + dt.timedelta(days=number) for number in range(40)]
    rows = box(*((day, f"g{day}", player, 1, "08:00", None) for day in days for player in ("BOS1", "NYK1")))
    warehouse.replace(BOX, days, rows)
    cold = another(warehouse)
    scope = Scope(players=frozenset({"NYK1"}))
    found = cold.read(BOX, scope=scope)
    pd.testing.assert_frame_equal(found, rows[rows["player_id"] == "NYK1"].reset_index(drop=True))
    assert "player_id IN ('NYK1')" in statements[-1] and unbounded(statements[-1]) == []


def test_tables_are_clustered_by_what_they_are_asked_by() -> None:
    asked_by = {"player_id", "game_id", "player_key", "team", "team_tricode", "model_version", "prediction_id", "stage"}
    for table in stored_tables():
        assert set(clustering_of(table)) & asked_by, table.full_name
    assert len(stored_tables()) == sum(t.dataset not in ("nba_orchestration", "published") for t in tables().values())
