"""Known edges of Dagster, by the number of their public thread, as they are on the locked version.

| thread | test |
|---|---|
| 33656 | `test_33656_…` |
| 33586, 24650 | `test_33586_…`; test_sensors: `test_the_sweep_asks_for_what_nobody_did_and_once` |
| 34067 | `test_34067_…` |
| 34094 | `test_34094_…` |
| 24474 | test_conditions: `test_a_correction_of_an_older_date_fires` |
| 25439 | test_conditions: `test_the_same_version_again_fires_nothing` |
| 30421 | test_conditions: `test_an_optional_input_neither_blocks_nor_fires` |
| 32935 | test_conditions: `test_a_model_of_the_date_is_enough_for_its_predictions` |
| 28063 | test_conditions: `test_entity_events_wake_nothing` |
| 28943 | test_conditions: every test evaluates once before the first event |
| 17403, 4319 | faults: `test_f38_…`; test_backfills: `test_a_run_whose_process_is_gone_…` |
| 32560 | `test_32560_…` |
| 16168, 13427 and mitodl/ol-data-platform 2564 | `test_16168_…` |
| 14830 | faults: `test_f39_…` |
| 34219, 17745 | test_run: `test_unchanged_work_is_skipped_by_the_step`; `test_34219_…` |
| 17251, 20659 | test_checks: `test_a_blocking_error_stops_what_descends_and_nothing_else` |
| 33815, 32631 | `test_33815_…` |
| 2884, 3238 | storage/test_dagster_storage: all of it |
| PR 32998, 21278 | faults: `test_f26_…` |
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pytest

from nba_assets.contracts import tables
from nba_assets.definitions import defs
from nba_assets.defs.landing.assets import landing_assets
from nba_assets.defs.metadata import asset_key
from nba_assets.defs.partitions import entity_keys, game_dates
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.tables.assets import table_asset
from nba_assets.engine.graph import build_order
from nba_assets.settings import Settings
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets_tests.defs.test_conditions import DAY, Automation, settle


@pytest.fixture
def automation() -> Iterator[Automation]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield Automation(instance)


def test_33656_after_a_reload_of_the_code_conditions_go_on_from_their_cursor(automation: Automation) -> None:
    settle(automation)
    assert automation.result is not None
    cursor = dg.deserialize_value(dg.serialize_value(automation.result.cursor))
    reloaded = dg.Definitions(
        assets=[*landing_assets, *(table_asset(tables()[name]) for name in build_order())],
        resources={"platform": PlatformResource()},
    )
    again = dg.evaluate_automation_conditions(reloaded, automation.instance, cursor=cursor)
    assert again.total_requested == 0, "nothing is requested anew"
    automation.drop("nbac_schedule", version="2")
    after = dg.evaluate_automation_conditions(reloaded, automation.instance, cursor=again.cursor)
    for name in ("nbac_schedule", "ml_feature_store"):
        assert set(after.get_requested_partitions(asset_key(tables()[name]))) == {DAY}


def test_33586_a_drop_that_lands_while_its_table_is_being_made_is_lost_to_conditions(automation: Automation) -> None:
    """It is seen in the same tick as the table that was made without it: the sweep finds it by its hash, F32."""
    automation.drop("nbac_schedule")
    requested = automation.tick()
    automation.drop("nbac_schedule", version="2")
    automation.built(*requested)
    assert automation.tick() == {}


def test_33586_a_drop_that_lands_after_the_tick_is_seen(automation: Automation) -> None:
    automation.drop("nbac_schedule")
    automation.built(*automation.tick())
    automation.tick()
    automation.drop("nbac_schedule", version="2")
    assert "nbac_schedule" in automation.tick()


def test_34067_what_reads_a_table_is_requested_when_that_recovers(automation: Automation) -> None:
    """Its run failed, and so nothing after it was made."""
    settle(automation)
    automation.drop("nbac_gamebook_player_stats", version="corrected")
    assert "player_game_summary" in automation.tick()
    assert automation.tick() == {}, "requested once"
    automation.built("nbac_gamebook_player_stats", version="corrected")
    assert "player_game_summary" in automation.tick()


def test_34094_a_date_of_one_asset_is_a_date_of_all() -> None:
    graph = defs.resolve_asset_graph()
    daily = {key for key in graph.get_all_asset_keys() if key.path[0] not in ("entity_refresh", "nba_orchestration")}
    assert len(daily) > 30
    assert {str(graph.get(key).partitions_def) for key in daily} == {str(game_dates)}


def test_32560_a_dead_runs_slots_are_given_back(settings: Settings) -> None:
    with dagster_instance(settings) as instance:
        assert instance.run_monitoring_enabled
        assert instance.get_settings("run_monitoring")["free_slots_after_run_end_seconds"] == 300


def test_16168_only_the_ledger_retries(settings: Settings) -> None:
    """No policy of an op or a run, and no condition that looks at a failure: it would ask again every tick."""
    for definition in defs.resolve_all_job_defs():
        for node in definition.graph.iterate_op_defs():
            assert node.retry_policy is None
    graph = defs.resolve_asset_graph()
    for key in graph.materializable_asset_keys:
        condition = graph.get(key).automation_condition
        assert "execution_failed" not in str(condition) and "ExecutionFailed" not in str(condition)
    with dagster_instance(settings) as instance:
        assert not instance.run_retries_enabled


def test_34219_a_step_that_skips_unchanged_dates_still_gives_its_output() -> None:
    for key in (asset_key(tables()[name]) for name in build_order()):
        definition = defs.resolve_assets_def(key)
        assert all(output.is_required for output in definition.op.output_defs)


def test_33815_an_entity_is_one_string_key() -> None:
    assert isinstance(entity_keys, dg.DynamicPartitionsDefinition)
    graph = defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        assert not isinstance(graph.get(key).partitions_def, dg.MultiPartitionsDefinition)
