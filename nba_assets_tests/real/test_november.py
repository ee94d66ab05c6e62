"""433 real files, 1 to 15 November 2024, through all six phases: the numbers that must come out, exactly."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from nba_assets.commands.status import unresolved_names
from nba_assets.engine.manifest import read_manifest
from nba_assets.engine.platform import Platform
from nba_assets.publishing.schemas import schema_of
from nba_assets.storage.object_store import LocalObjectStore
from nba_assets_tests.real.conftest import Ingested


def ask(platform: Platform, sql: str) -> list[tuple[object, ...]]:
    """The rows of a query as tuples."""
    return [tuple(row) for row in platform.warehouse.query(sql).itertuples(index=False)]


def test_the_ledger_adds_up(ingested: Ingested) -> None:
    assert ingested.first["ledger"] == {
        "received_total": 433,
        "applied": 433,
        "duplicate": 0,
        "quarantined": 0,
        "pending": 0,
    }
    assert (ingested.second["new"], ingested.second["duplicate"]) == (0, 433)
    assert ingested.second["ledger"]["duplicate"] == 433
    assert ingested.second["ledger"]["applied"] == 433


def test_a_second_ingest_rewrites_no_table_and_makes_no_release(ingested: Ingested) -> None:
    assert ingested.manifests[0] == ingested.manifests[1]
    assert ingested.partitions[0] == ingested.partitions[1]
    assert len(ingested.partitions[0]) > 200


def test_the_schedule_has_117_final_games_and_its_earlier_versions(real: Platform) -> None:
    current = (
        "SELECT COUNT(*), COUNTIF(game_status = 3 AND home_score > 0 AND away_score > 0) FROM nba_raw.nbac_schedule"
    )
    assert ask(real, current) == [(117, 117)]
    old = (
        "SELECT COUNT(*), MIN(game_status), MAX(game_status) FROM nba_raw.nbac_schedule__history"
        " WHERE superseded_at IS NOT NULL"
    )
    assert ask(real, old) == [(117, 1, 1)]


def test_the_player_list_has_14_dates_of_582(real: Platform) -> None:
    counts = "SELECT COUNT(*), COUNT(DISTINCT game_date), COUNT(DISTINCT player_id) FROM nba_raw.nbac_player_list"
    assert ask(real, counts) == [(8148, 14, 582)]


def test_the_gamebooks(real: Platform) -> None:
    rows = real.warehouse.read("nbac_gamebook_player_stats")
    assert len(rows) == 4110
    assert rows["player_status"].value_counts().to_dict() == {"active": 2531, "inactive": 1024, "dnp": 555}
    active = rows[rows["player_status"] == "active"]
    assert int(active["pts"].sum()) == 26438
    present = rows[rows["player_status"].isin(["active", "dnp"])]
    assert present["player_id"].notna().all()


def test_inactive_men_resolve_by_last_name_or_stay_open(real: Platform) -> None:
    rows = real.warehouse.read("nbac_gamebook_player_stats")
    inactive = rows[rows["player_status"] == "inactive"]
    open_ = inactive[inactive["player_id"].isna()]
    assert len(open_) == 14 and open_["player_lookup"].nunique() == 2
    assert open_["player_key"].str.startswith("unresolved:").all()
    found = inactive[inactive["player_id"].notna()]
    alike = found.groupby(["game_id", "team_tricode", "player_lookup"])["player_id"].transform("size")
    assert (alike == 1).sum() == 998 and (alike == 2).sum() == 12
    pairs = found[alike == 2]
    assert set(pairs["team_tricode"]) == {"OKC"} and set(pairs["player_lookup"]) == {"williams"}
    assert not pairs.duplicated(["game_id", "player_id"]).any()
    listed = unresolved_names(real)
    assert listed.loc[listed["source"] == "nbac_gamebook_player_stats", "rows"].sum() == 14


def test_player_game_summary_has_the_resolved_rows(real: Platform) -> None:
    assert ask(real, "SELECT COUNT(*) FROM nba_analytics.player_game_summary") == [(4096,)]


def test_team_rows_add_up_to_the_scores(real: Platform) -> None:
    sql = """
        SELECT COUNT(*), COUNTIF(t.points = IF(t.is_home, s.home_score, s.away_score))
        FROM nba_analytics.team_offense_game_summary t JOIN nba_raw.nbac_schedule s USING (game_id)
    """
    assert ask(real, sql) == [(234, 234)]


def official(platform: Platform) -> pd.DataFrame:
    rows = platform.warehouse.read("player_points_predictions")
    return rows[(rows["role"] == "serving") & (rows["run_kind"] == "backfill")]


def test_every_player_of_the_feature_store_has_a_prediction(real: Platform) -> None:
    said = official(real)
    store = real.warehouse.read("ml_feature_store", columns=["game_id", "player_id"])
    assert len(said) == len(store) and not said.duplicated(["game_id", "player_id"]).any()
    quantiles = [c for c in said.columns if c.startswith("points_q")]
    assert said[["points_mean", *quantiles]].notna().all().all()
    lined = said[said["line_value"].notna()]
    assert len(lined) == 1198
    tipped = said[said["reasons"].map(lambda found: "tipped" in found)]
    assert len(tipped) == 13 and tipped["game_id"].nunique() == 1 and tipped["line_value"].isna().all()
    rest = said[said["line_value"].isna() & ~said.index.isin(tipped.index)]
    assert rest["reasons"].map(lambda found: "no_line" in found).all()
    assert said["decision"].isin(["OVER", "UNDER", "PASS"]).all()
    assert ((said["decision"] == "PASS") == (said["reasons"].map(len) > 0)).all()


def test_the_grades_of_the_lined(real: Platform) -> None:
    lined = official(real).dropna(subset=["line_value"])
    grades = real.warehouse.read("prediction_grades").merge(lined[["prediction_id", "line_value"]], on="prediction_id")
    assert len(grades) == 1198
    assert grades["outcome"].isin(["over", "under", "push"]).sum() == 1168
    assert grades["void_reason"].value_counts().to_dict() == {"inactive": 19, "dnp": 11}
    equal = grades["actual_points"].astype("float64") == grades["line_value"]
    assert equal.any() and (equal == (grades["outcome"] == "push")).all()


def test_the_release_parses_and_validates(ingested: Ingested) -> None:
    import jsonschema

    root = ingested.home / "published" / "v1"
    manifest = read_manifest(LocalObjectStore(root.parent))
    assert manifest is not None and manifest["sequence"] == 1 and len(manifest["files"]) > 117
    checkers: dict[str, jsonschema.Draft202012Validator] = {}
    for entry in manifest["files"].values():
        path: Path = root / "objects" / "sha256" / entry["sha256"][:2] / f"{entry['sha256']}.json"
        body = json.loads(path.read_text())
        kind = body["document"]
        checker = checkers.setdefault(kind, jsonschema.Draft202012Validator(schema_of(kind)))
        assert checker.is_valid(body), (kind, next(checker.iter_errors(body)).message)
    assert {"daily", "game", "player", "track_record", "status"} <= set(checkers)
