"""A table's checks: what they find in rows that a foreign hand has put there, and what a failed one stops."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pandas as pd
import pytest

from nba_assets.contracts import tables
from nba_assets.contracts.model import Table
from nba_assets.defs.tables.checks import INTEGRITY, PLAUSIBILITY, check_results, check_specs, critical_tables
from nba_assets.defs.tables.own_rules import findings
from nba_assets.engine.graph import PHASES
from nba_assets.engine.platform import Platform
from nba_assets_tests.transforms.boxes import GAMEBOOK, GAMEBOOK_AT, LISTED, bdl, gamebook, man, scheduled
from nba_assets_tests.transforms.leagues import day, frame
from nba_assets_tests.transforms.test_play_by_play import plays

DAY = [day("11-01")]
BUILT = [table for table in tables().values() if table.dataset in PHASES and table.dataset != "published"]
OF_THEIR_OWN = {
    "nbac_schedule": {"season_has_no_holes"},
    "player_game_summary": {"sources_agree", "play_by_play_agrees"},
}


def write(platform: Platform, table: str, rows: list[dict[str, Any]]) -> None:
    platform.warehouse.replace(table, [DAY[0].date()], frame(table, rows))


def results(platform: Platform, table: str) -> dict[str, dg.AssetCheckResult]:
    found = check_results(platform, tables()[table], DAY)
    return {str(result.check_name): result for result in found}


def failing(result: dg.AssetCheckResult, rule: str) -> list[dict[str, Any]]:
    """The failing rows of a rule, as the UI shows them."""
    value = result.metadata[rule]
    assert isinstance(value, dg.TableMetadataValue)
    return [dict(record.data) for record in value.records]


@pytest.fixture
def boxed(platform: Platform) -> Platform:
    """A final game with its two box scores."""
    write(platform, "nbac_schedule", scheduled(LISTED))
    write(platform, GAMEBOOK, gamebook())
    write(platform, "bdl_player_boxscores", bdl())
    return platform


def test_good_rows_pass(boxed: Platform) -> None:
    found = results(boxed, GAMEBOOK)
    assert all(result.passed for result in found.values())
    assert found[INTEGRITY].metadata["rules"] == dg.MetadataValue.json(
        {"types": 0, "keys": 0, "nulls": 0, "schedule": 0}
    )


def test_a_game_that_the_schedule_never_had_is_an_error(boxed: Platform) -> None:
    write(boxed, GAMEBOOK, [*gamebook(), man(LISTED, "BOS", 7, GAMEBOOK_AT, game_id="0022409999", player_status="dnp")])
    result = results(boxed, GAMEBOOK)[INTEGRITY]
    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.ERROR)
    (row,) = failing(result, "schedule")
    assert (row["game_id"], row["broken"]) == ("0022409999", "no nbac_schedule.game_id")


def test_a_game_that_left_its_date_is_still_known_there(boxed: Platform) -> None:
    write(boxed, "nbac_schedule", [row | {"superseded_at": GAMEBOOK_AT} for row in scheduled(LISTED)])
    assert results(boxed, GAMEBOOK)[INTEGRITY].passed


def test_an_odd_row_warns_and_is_shown_with_its_columns(boxed: Platform) -> None:
    write(boxed, GAMEBOOK, [row | {"reb": 99} if row["player_id"] == "bos0" else row for row in gamebook()])
    result = results(boxed, GAMEBOOK)[PLAUSIBILITY]
    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "rebounds" in str(result.description) and "1 row fails" in str(result.description)
    (row,) = failing(result, "rebounds")
    assert (row["player_key"], row["reb"], row["oreb"], row["dreb"]) == ("bos0", "99", "2", "6")


def test_both_values_of_a_conflict_are_shown(boxed: Platform) -> None:
    write(boxed, "bdl_player_boxscores", [row | {"ast": 9} if row["player_id"] == "nyk2" else row for row in bdl()])
    result = results(boxed, "player_game_summary")["sources_agree"]
    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.WARN)
    (row,) = failing(result, "sources_agree")
    assert (row["player_id"], row["column"], row["gamebook"], row["bdl"]) == ("nyk2", "ast", "4", "9")


def test_play_by_play_of_other_points_is_shown_beside_the_box_score(boxed: Platform) -> None:
    box = {"game_date": LISTED["game_date"], "game_id": LISTED["game_id"], "known_at": GAMEBOOK_AT}
    summary = [box | {"player_id": team, "team": team, "points": p} for team, p in (("BOS", 100), ("NYK", 98))]
    write(boxed, "player_game_summary", summary)
    events = [{k: v for k, v in row.items() if k != "pts"} for row in plays({"BOS": [90], "NYK": [98]})]
    write(boxed, "nbac_play_by_play", events)
    result = results(boxed, "player_game_summary")["play_by_play_agrees"]
    shown = {
        (row["team"], row["sum"]): (row["play_by_play"], row["box_score"])
        for row in failing(result, result.check_name or "")
    }
    assert shown[("BOS", "points")] == ("90", "100")
    assert ("NYK", "points") not in shown


def test_a_frame_of_other_columns_fails_by_its_type(boxed: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    read = boxed.warehouse.read

    def without(table: str, **asked: Any) -> pd.DataFrame:
        rows = read(table, **asked)
        return rows.astype({"fgm": "float64"}) if table == GAMEBOOK else rows

    monkeypatch.setattr(boxed.warehouse, "read", without)
    result = results(boxed, GAMEBOOK)[INTEGRITY]
    assert not result.passed
    assert "fgm" in str(result.description)


@pytest.mark.parametrize("table", BUILT, ids=lambda table: table.name)
def test_a_table_has_as_few_checks_as_say_something(table: Table) -> None:
    specs = {spec.name: spec for spec in check_specs(table)}
    own = OF_THEIR_OWN.get(table.name, set())
    assert set(specs) == {INTEGRITY, PLAUSIBILITY} | own
    assert {name for name, spec in specs.items() if spec.blocking} == (
        {INTEGRITY} & set(specs) if table.name in critical_tables() else set()
    )


def test_critical_inputs_block_and_others_do_not() -> None:
    assert {"nbac_schedule", GAMEBOOK, "player_game_summary", "ml_feature_store"} <= critical_tables()
    assert not {"nbac_injury_report", "odds_api_game_lines", "model_performance_daily"} & critical_tables()


def test_a_rule_that_comes_out_null_is_kept() -> None:
    table = tables()[GAMEBOOK]
    rows = frame(GAMEBOOK, [man(LISTED, "BOS", 7, GAMEBOOK_AT, player_status="dnp")])
    assert all(finding.passed for finding in findings(table, rows))
    assert [finding.rule for finding in findings(table, rows.iloc[:0])] == [rule.name for rule in table.checks]


@pytest.mark.parametrize(
    ("blocking", "severity", "ran"),
    [
        (True, dg.AssetCheckSeverity.ERROR, {"broken", "apart", "beside"}),
        (True, dg.AssetCheckSeverity.WARN, {"broken", "below", "far_below", "apart", "beside"}),
        (False, dg.AssetCheckSeverity.ERROR, {"broken", "below", "far_below", "apart", "beside"}),
    ],
)
def test_a_blocking_error_stops_what_descends_and_nothing_else(
    blocking: bool, severity: dg.AssetCheckSeverity, ran: set[str]
) -> None:
    """What the installed Dagster does with it: the reason why integrity may block."""
    told: set[str] = set()

    def chain(name: str, above: str | None, *, passed: bool = True) -> dg.AssetsDefinition:
        @dg.asset(
            name=name,
            deps=[above] if above else [],
            check_specs=[dg.AssetCheckSpec("check", asset=name, blocking=blocking)],
        )
        def link() -> dg.MaterializeResult:  # type: ignore[type-arg]
            told.add(name)
            return dg.MaterializeResult(
                check_results=[dg.AssetCheckResult(passed=passed, severity=severity, check_name="check")]
            )

        return link

    assets = [
        chain("broken", None, passed=False),
        chain("below", "broken"),
        chain("far_below", "below"),
        chain("apart", None),
        chain("beside", "apart"),
    ]
    with dg.DagsterInstance.ephemeral() as instance:
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        run = dg.materialize(assets, instance=instance, raise_on_error=False, run_config=quiet)
        assert instance.get_latest_materialization_event(dg.AssetKey("broken")) is not None
    assert told == ran
    assert run.success == (len(ran) == 5)
