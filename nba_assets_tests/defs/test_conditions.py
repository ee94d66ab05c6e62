"""What starts what: the conditions derived from the contracts, evaluated by Dagster's own automation tester."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import dagster as dg
import pytest

from nba_assets.contracts import tables
from nba_assets.definitions import defs
from nba_assets.defs.metadata import asset_key

DAY, LATER = "2024-11-01", "2025-01-10"
BEFORE_GAMES = ("nbac_schedule", "nbac_player_list")
AFTER_GAMES = ("nbac_gamebook_player_stats", "bdl_player_boxscores")


class Automation:
    """An empty instance whose conditions are evaluated tick by tick."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self.result: dg.EvaluateAutomationConditionsResult | None = None
        self.tick()

    def tick(self) -> dict[str, set[str]]:
        """Evaluate once; the partitions requested by table (or landing source) name."""
        cursor = None if self.result is None else self.result.cursor
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.result = dg.evaluate_automation_conditions(defs, self.instance, cursor=cursor)
        found = {}
        for key in defs.resolve_asset_graph().get_all_asset_keys():
            if requested := self.result.get_requested_partitions(key):
                found[key.path[-1]] = {str(partition) for partition in requested}
        return found

    def drop(self, source: str, day: str = DAY, version: str = "1") -> None:
        """A drop of the source has landed for the date."""
        self._event(["landing", source], day, version)

    def built(self, *names: str, day: str = DAY, version: str = "1") -> None:
        """The tables were materialized for the date with this data version."""
        for name in names:
            self._event(asset_key(tables()[name]).path, day, version)

    def refreshed(self, name: str, day: str = DAY) -> None:
        """An entity refresh upserted rows into the table and marked the date."""
        key = asset_key(tables()[name])
        self.instance.report_runless_asset_event(dg.AssetObservation(asset_key=key, partition=day))

    def _event(self, key: object, day: str, version: str) -> None:
        tags = {"dagster/data_version": version}
        event = dg.AssetMaterialization(asset_key=key, partition=day, tags=tags)  # type: ignore[arg-type]
        self.instance.report_runless_asset_event(event)


@pytest.fixture
def automation() -> Iterator[Automation]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield Automation(instance)


def settle(automation: Automation, day: str = DAY) -> set[str]:
    """Everything that the drops of a date before and after its games request, built."""
    for source in (*BEFORE_GAMES, *AFTER_GAMES):
        automation.drop(source, day)
    requested = automation.tick()
    automation.built(*(name for name in requested), day=day)
    assert automation.tick() == {}, "nothing is left to do"
    return set(requested)


def test_a_schedule_requests_the_whole_chain_before_the_game_in_one_tick(automation: Automation) -> None:
    automation.drop("nbac_schedule")
    requested = automation.tick()
    assert {"nbac_schedule", "upcoming_player_game_context", "ml_feature_store", "slate"} <= set(requested)
    assert set().union(*requested.values()) == {DAY}


def test_a_missing_critical_input_blocks(automation: Automation) -> None:
    automation.drop("nbac_gamebook_player_stats")
    requested = automation.tick()
    assert "nbac_gamebook_player_stats" in requested
    assert "player_game_summary" not in requested, "the schedule is missing"
    automation.built("nbac_gamebook_player_stats")
    automation.drop("nbac_schedule")
    assert "player_game_summary" in automation.tick()


def test_one_of_two_alternative_critical_inputs_is_enough(automation: Automation) -> None:
    automation.drop("nbac_schedule")
    automation.drop("bdl_player_boxscores")
    assert "player_game_summary" in automation.tick()


def test_the_registry_is_fed_by_any_of_its_sources(automation: Automation) -> None:
    automation.drop("nbac_player_boxscores")
    assert "player_identity" in automation.tick()


def test_an_optional_input_neither_blocks_nor_fires(automation: Automation) -> None:
    settle(automation)
    automation.drop("odds_api_player_points_props")
    assert set(automation.tick()) == {"odds_api_player_points_props"}
    automation.built("odds_api_player_points_props")
    assert automation.tick() == {}


def test_history_neither_blocks_nor_fires(automation: Automation) -> None:
    settle(automation)
    settle(automation, LATER)
    automation.drop("nbac_gamebook_player_stats", version="corrected")
    requested = automation.tick()
    assert set().union(*requested.values()) == {DAY}, "later dates are the sweep's"


def test_a_correction_of_an_older_date_fires(automation: Automation) -> None:
    built = settle(automation)
    settle(automation, LATER)
    automation.drop("nbac_gamebook_player_stats", version="corrected")
    requested = automation.tick()
    expected = {"nbac_gamebook_player_stats", "player_game_summary", "team_offense_game_summary", "prediction_grades"}
    assert expected <= set(requested)
    assert "ml_feature_store" not in requested, "what was known before the game did not change"
    assert set(requested) <= built


def test_the_same_version_again_fires_nothing(automation: Automation) -> None:
    settle(automation)
    automation.drop("nbac_schedule", version="1")
    assert automation.tick() == {}


def test_entity_events_wake_nothing(automation: Automation) -> None:
    settle(automation)
    for name in ("player_game_summary", "upcoming_player_game_context", "ml_feature_store"):
        automation.refreshed(name)
    assert automation.tick() == {}


def test_a_model_of_the_date_is_enough_for_its_predictions(automation: Automation) -> None:
    settle(automation)
    automation.built("points_model", version="refitted")
    assert "player_points_predictions" in automation.tick()


def test_every_table_of_phases_2_to_6_has_a_condition() -> None:
    graph = defs.resolve_asset_graph()
    for contract in tables().values():
        if contract.dataset != "nba_orchestration":
            node = graph.get(asset_key(contract))
            assert node.automation_condition is not None, contract.full_name
