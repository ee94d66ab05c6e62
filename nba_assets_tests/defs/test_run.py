"""Runs on the platform's Dagster instance: a range through all phases, and the refresh of one player."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Iterator

import dagster as dg
import pytest
from pydantic import SecretStr

from nba_assets.commands.ingest import ingest_folder
from nba_assets.defs.plots.season import PLOTS, plot_or_warning
from nba_assets.defs.run import run_range, run_refresh
from nba_assets.engine import platform as platforms
from nba_assets.engine.platform import Platform
from nba_assets.engine.refresh import entity_key
from nba_assets.errors import UsageError
from nba_assets.settings import Settings
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets_tests.conftest import new_database
from nba_assets_tests.engine.three_games import GAMES, THIRD, season
from nba_assets_tests.handmade import player_id

KEY = dg.AssetKey(["nba_analytics", "player_game_summary"])


@pytest.fixture(scope="module")
def ingested(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The three games, taken in through Dagster once; no test changes what is in the tables."""
    work = tmp_path_factory.mktemp("run")
    with new_database(postgres) as url:
        platform = Platform.open(Settings(home=work / "home", database_url=SecretStr(url)))
        platforms.use(platform)
        ingest_folder(platform, season(work / "drops"))
        yield platform
        platforms.use(None)
        platform.close()


def test_a_range_materializes_its_dates_with_metadata_and_checks(ingested: Platform) -> None:
    with dagster_instance(ingested.settings) as instance:
        event = instance.get_latest_materialization_event(KEY)
        assert event is not None and event.asset_materialization is not None
        metadata = event.asset_materialization.metadata
        assert {"null_rates", "preview", "dates"} <= set(metadata)
        assert "| game_id |" in str(metadata["preview"].value)
        partitions = instance.get_materialized_partitions(KEY)
        assert {"2024-11-01", "2024-11-03", "2024-11-08"} <= set(partitions)
        checks = instance.event_log_storage.get_latest_asset_check_execution_by_key(
            [
                dg.AssetCheckKey(KEY, name)
                for name in ("integrity", "plausibility", "sources_agree", "play_by_play_agrees")
            ]
        )
        assert len(checks) == 4
        for record in checks.values():
            evaluation = record.event.dagster_event.asset_check_evaluation_data
            assert evaluation.passed, (evaluation.check_name, evaluation.description)


def plots(platform: Platform, asset: dg.AssetKey, run_id: str = "") -> dict[str, str]:
    """The pictures of an asset by partition, of all runs or of one."""
    with dagster_instance(platform.settings) as instance:
        records = instance.fetch_materializations(asset, limit=100).records
    events = [record for record in records if run_id in ("", record.run_id)]
    made = [(record.partition_key, record.asset_materialization) for record in events]
    return {
        str(day): str(one.metadata["plot"].value) for day, one in made if one is not None and "plot" in one.metadata
    }


@pytest.mark.parametrize("asset", [KEY, dg.AssetKey(["nba_analytics", "team_offense_game_summary"])])
def test_the_last_partition_of_a_run_has_the_seasons_picture(ingested: Platform, asset: dg.AssetKey) -> None:
    found = plots(ingested, asset)
    assert set(found) == {str(THIRD.day)}, "one picture a run, not one a partition"
    assert found[str(THIRD.day)].startswith("![") and ";base64," in found[str(THIRD.day)]
    assert plots(ingested, dg.AssetKey(["nba_analytics", "team_defense_game_summary"])) == {}


def test_a_plot_that_cannot_be_drawn_is_a_warning(
    ingested: Platform, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    log = logging.getLogger("test")
    table = "player_game_summary"
    assert plot_or_warning(ingested, table, THIRD.day, log) is not None and not caplog.records
    monkeypatch.setitem(PLOTS, table, dataclasses.replace(PLOTS[table], columns=("game_date", "no_such_column")))
    assert plot_or_warning(ingested, table, THIRD.day, log) is None
    assert f"{table} has no plot" in caplog.text and "no_such_column" in caplog.text


def test_the_landing_assets_carry_the_version_of_their_drops(ingested: Platform) -> None:
    with dagster_instance(ingested.settings) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["landing", "nbac_schedule"]))
        assert event is not None and event.asset_materialization is not None
        assert event.asset_materialization.partition == str(THIRD.day)
        assert len((event.asset_materialization.tags or {})["dagster/data_version"]) == 64


def test_unchanged_work_is_skipped_by_the_step(ingested: Platform) -> None:
    versions = ingested.warehouse.versions("player_game_summary")
    report = run_range(ingested, dt.date(2024, 11, 1), dt.date(2024, 11, 8), from_phase=3)
    assert report.success
    assert ingested.warehouse.versions("player_game_summary") == versions
    log = ingested.ledger.frames("pipeline_execution_log")
    last = log[(log["run_id"] == report.run_id) & (log["processor_name"] == "nba_analytics.player_game_summary")]
    assert last["status"].tolist() == ["skipped"] * 3
    assert plots(ingested, KEY, report.run_id) == {}, "nothing new to look at"
    with dagster_instance(ingested.settings) as instance:
        lines = [entry.user_message for entry in instance.all_logs(report.run_id)]
        assert "skipped: unchanged" in lines


def test_the_execution_log_names_the_drops_that_fed_a_step(ingested: Platform) -> None:
    log = ingested.ledger.frames("pipeline_execution_log")
    fed = log[(log["processor_name"] == "nba_analytics.player_game_summary") & (log["status"] == "completed")]
    assert [len(ids) for ids in fed["correlation_ids"]] == [7, 7, 7]


def test_a_refresh_carries_one_player_through_five_assets_and_wakes_nothing(ingested: Platform) -> None:
    before = {t: ingested.warehouse.versions(t) for t in ("ml_feature_store", "player_points_predictions")}
    key = entity_key(THIRD.day, "player", player_id("BOS", 0))
    report = run_refresh(ingested, [key])
    assert report.success, report.failures
    assert {t: ingested.warehouse.versions(t) for t in before} == before, "equality: a refresh gives the same rows"
    with dagster_instance(ingested.settings) as instance:
        for phase in ("raw", "analytics", "precompute", "predictions", "published"):
            asset = dg.AssetKey(["entity_refresh", phase])
            assert instance.get_materialized_partitions(asset) == {key}
        assert all("plot" not in str(entry.dagster_event) for entry in instance.all_logs(report.run_id))
        observed = instance.fetch_observations(KEY, limit=5).records
        assert [record.partition_key for record in observed] == [str(THIRD.day)]


def test_more_than_fifty_keys_at_once_are_one_run(ingested: Platform) -> None:
    keys = [
        entity_key(game.day, "player", player_id(team, number))
        for game in GAMES
        for team in (game.home, game.away)
        for number in range(8)
    ]
    keys += [entity_key(game.day, "team", team) for game in GAMES for team in (game.home, game.away)]
    report = run_refresh(ingested, keys)
    assert len(keys) == 54 and report.success and len(report.done) == 5
    with dagster_instance(ingested.settings) as instance:
        for phase in ("raw", "analytics", "precompute", "predictions", "published"):
            assert instance.get_materialized_partitions(dg.AssetKey(["entity_refresh", phase])) >= set(keys)


def test_dates_outside_the_partitions_are_refused(ingested: Platform) -> None:
    with pytest.raises(UsageError, match="not a partition"):
        run_range(ingested, dt.date(1999, 1, 1), dt.date(1999, 1, 2))
