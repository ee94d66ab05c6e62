"""BigQuery's warehouse against a plain dictionary, also as another process would read it."""

from __future__ import annotations

import datetime as dt

from hypothesis import HealthCheck, settings

from nba_assets.contracts.frames import empty
from nba_assets.scope import Scope
from nba_assets.storage.gcp.bigquery_warehouse import BigQueryWarehouse
from nba_assets_tests.gcp.conftest import another
from nba_assets_tests.storage.tables import BOX, FIRST, SECOND, THIRD, box
from nba_assets_tests.storage.test_warehouse_model import DATES, Operations, assert_like_a_dictionary, histories


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@histories
def test_any_history_of_writes_reads_as_the_dictionary_says(
    warehouse: BigQueryWarehouse, operations: Operations, as_of: str, scope: Scope, span: list[dt.date]
) -> None:
    warehouse.replace(BOX, DATES, empty(BOX))
    assert_like_a_dictionary(warehouse, lambda: another(warehouse), operations, as_of, scope, span)


def test_a_process_reads_what_another_has_written_since(warehouse: BigQueryWarehouse) -> None:
    other = another(warehouse)
    for points in (1, 2, 1):
        rows = box((FIRST, "g1", "BOS1", points, "08:00", None))
        versions = warehouse.replace(BOX, [FIRST], rows)
        seen: dict[str, str] = {}
        assert other.read(BOX, seen=seen)["points"].tolist() == [points]
        assert seen == versions == other.versions(BOX)
    with other.listed_once():
        before = other.versions(BOX)
        warehouse.replace(BOX, [FIRST], rows.assign(points=rows["points"] + 5))
        seen = {}
        assert other.read(BOX, seen=seen)["points"].tolist() == [1] and seen == before, "as it began"
        other.replace(BOX, [FIRST], rows.assign(points=rows["points"] + 9))
        assert other.read(BOX)["points"].tolist() == [10], "what it wrote itself"
    assert other.read(BOX)["points"].tolist() == [10]


def test_a_process_that_has_just_begun_leaves_the_dates_between_alone(warehouse: BigQueryWarehouse) -> None:
    played = ((FIRST, "BOS1"), (SECOND, "NYK1"), (THIRD, "BOS1"))
    rows = box(*((day, f"g{day}", player, 1, "08:00", None) for day, player in played))
    before = warehouse.replace(BOX, [FIRST, SECOND, THIRD], rows)
    fresh = box(*((day, f"g{day}", "BOS1", 2, "08:00", None) for day in (FIRST, THIRD)))
    another(warehouse).upsert(BOX, fresh, [FIRST, THIRD], Scope(players=frozenset({"BOS1"})))
    assert warehouse.read(BOX)["points"].tolist() == [2, 1, 2]
    assert warehouse.versions(BOX)[str(SECOND)] == before[str(SECOND)]
