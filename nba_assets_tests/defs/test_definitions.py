"""The graph as Dagster sees it: every table of the design, with what its contract says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from nba_assets.contracts import tables
from nba_assets.definitions import defs
from nba_assets.defs.metadata import asset_key
from nba_assets.engine.graph import PHASES

ROOT = Path(__file__).resolve().parents[2]
DESIGN = {
    "nba_raw": {
        "nbac_schedule",
        "nbac_player_list",
        "nbac_gamebook_player_stats",
        "nbac_player_boxscores",
        "nbac_team_boxscore",
        "nbac_play_by_play",
        "nbac_injury_report",
        "nbac_referee_assignments",
        "bdl_player_boxscores",
        "bigdataball_play_by_play",
        "odds_api_player_points_props",
        "odds_api_game_lines",
        "bettingpros_player_points_props",
    },
    "nba_analytics": {
        "player_game_summary",
        "team_offense_game_summary",
        "team_defense_game_summary",
        "upcoming_team_game_context",
        "upcoming_player_game_context",
    },
    "nba_precompute": {
        "player_daily_cache",
        "player_shot_zone_analysis",
        "team_defense_zone_analysis",
        "player_composite_factors",
        "ml_feature_store",
    },
    "nba_predictions": {
        "points_model",
        "player_points_predictions",
        "game_predictions",
        "prediction_grades",
        "model_performance_daily",
    },
    "published": {"slate", "games", "players", "track_record", "status"},
}
GRAPH = defs.resolve_asset_graph()
BUILT = [contract for contract in tables().values() if contract.dataset in PHASES]


def test_every_table_of_the_design_is_an_asset() -> None:
    keys = {tuple(key.path) for key in GRAPH.get_all_asset_keys()}
    for dataset, names in DESIGN.items():
        assert {(dataset, name) for name in names} <= keys
    for phase in ("raw", "analytics", "precompute", "predictions", "published"):
        assert ("entity_refresh", phase) in keys


def test_the_landing_datasets_are_external_and_one_to_one_to_the_raw_tables() -> None:
    external = {key.path[-1] for key in GRAPH.external_asset_keys if key.path[0] == "landing"}
    assert external == DESIGN["nba_raw"]
    for name in external:
        children = GRAPH.get(dg.AssetKey(["landing", name])).child_keys
        assert dg.AssetKey(["nba_raw", name]) in children


@pytest.mark.parametrize("contract", BUILT, ids=lambda contract: contract.full_name)
def test_an_asset_says_what_its_contract_says(contract) -> None:  # type: ignore[no-untyped-def]
    node = GRAPH.get(asset_key(contract))
    assert node.group_name == contract.dataset
    assert isinstance(node.partitions_def, dg.DailyPartitionsDefinition)
    assert node.partitions_def.timezone == "America/New_York"
    assert node.description == contract.description
    assert node.kinds and node.owners and node.tags["phase"] == str(PHASES[contract.dataset])
    assert node.code_version
    schema = node.metadata["dagster/column_schema"]
    assert [column.name for column in schema.columns] == contract.column_names
    derived = [column for column in contract.columns if column.source]
    assert ("dagster/column_lineage" in node.metadata) == bool(derived)
    if contract.dataset != "published":
        checks = {key.name for key in GRAPH.asset_check_keys if key.asset_key == asset_key(contract)}
        assert {"integrity", "plausibility"} <= checks


def test_inputs_of_a_contract_are_the_lineage() -> None:
    for contract in BUILT:
        parents = GRAPH.get(asset_key(contract)).parent_keys
        for entry in contract.inputs:
            source = tables()[entry.table]
            if source.dataset != "published" and entry.table != contract.name:
                assert asset_key(source) in parents, (contract.full_name, entry.table)
                reads = GRAPH.get(asset_key(contract)).metadata["reads"].value
                (line,) = [
                    line for line in reads.splitlines() if line.startswith(f"| {source.full_name} | {entry.role}")
                ]
                assert not entry.span.before or f"{entry.span.before} day" in line


def test_a_range_is_one_run_of_every_asset() -> None:
    for contract in BUILT:
        policy = GRAPH.get(asset_key(contract)).backfill_policy
        assert policy is not None and policy.policy_type is dg.BackfillPolicy.single_run().policy_type


@pytest.mark.parametrize("command", [("definitions", "validate", "-w", "workspace.yaml")])
def test_the_workspace_loads_clean_and_silent(command: tuple[str, ...], tmp_path: Path) -> None:
    env = os.environ | {"NBA_ASSETS_HOME": str(tmp_path / "home"), "DAGSTER_HOME": str(tmp_path)}
    env |= {"DAGSTER_DISABLE_TELEMETRY": "1"}
    (tmp_path / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    dagster = Path(sys.executable).parent / "dagster"
    done = subprocess.run([dagster, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = [line for line in (done.stderr + done.stdout).splitlines() if "Warning" in line]
    assert [line for line in said if "definitions_validate_command" not in line] == []
    assert not (tmp_path / "home").exists(), "loading the definitions opens nothing"
