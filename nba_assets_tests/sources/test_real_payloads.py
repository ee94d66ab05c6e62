"""Real payloads, as each source sent them, and real facts as drops."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from nba_assets import sources
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets.sources.paths import source_of

PATHS = {
    "nbac_schedule": "nba-com/schedule/2024-25/20250701_120000.json",
    "nbac_player_list": "nba-com/player-list/2025-09-01/20250901_110000.json",
    "nbac_player_boxscores": "nba-com/player-boxscores/2025-03-15/20250316_070500.json",
    "nbac_team_boxscore": "nba-com/team-boxscore/2025-01-15/0022400561/20250116_070000.json",
    "bdl_player_boxscores": "ball-dont-lie/boxscores/2026-01-09/20260110_070000.json",
    "odds_api_player_points_props": "odds-api/player-props-history/2024-01-24/x-ATLGSW/20240125_040000-snap-0355.json",
}


def of(shared: Path, source: str, file: str, name: str = "") -> Parsed:
    path = shared / "data" / "payloads" / file
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return sources.parse(source, data, name or PATHS.get(source, path.name))


def test_the_whole_schedule_of_a_season(shared: Path) -> None:
    found = of(shared, "nbac_schedule", "nbac_schedule_api/raw_80cb1fd6.json.gz")
    assert found.outcome is Outcome.OK and len(found.rows) == 1400
    counts = found.rows["season_type"].value_counts().to_dict()
    assert counts == {
        "preseason": 73,
        "regular": 1230,
        "all_star": 6,
        "playoffs": 84,
        "play_in": 6,
        "cup_final": 1,
    }
    other_day = [
        tip.date() != day.date() for tip, day in zip(found.rows["tip_at"], found.rows["game_date"], strict=True)
    ]
    assert sum(other_day) == 1036
    moved = found.rows[found.rows["game_id"] == "0022400524"].iloc[0]
    assert moved["game_date"] == pd.Timestamp("2025-02-19") and not moved["is_postponed"]


def test_the_cdn_schedule(shared: Path) -> None:
    name = "nba-com/schedule-cdn/2025-26/20250925_120000.json"
    found = of(shared, "nbac_schedule", "nbac_schedule_cdn/raw_68953816.json", name)
    assert found.outcome is Outcome.OK and len(found.rows) == 13 and set(found.rows["data_source"]) == {"cdn"}


def test_the_player_list(shared: Path) -> None:
    found = of(shared, "nbac_player_list", "nbac_player_list/raw_7af00b51.json")
    assert found.outcome is Outcome.OK and len(found.rows) == 594
    assert found.rows["player_lookup"].is_unique
    rows = found.rows.set_index("player_id")
    assert rows.loc["2544", "full_name"] == "LeBron James" and rows.loc["1630567", "full_name"] == "Scottie Barnes"
    assert ((found.rows["team_tricode"] == "OKC") & found.rows["last_name"].str.startswith("Williams")).sum() == 3


def test_the_game_log(shared: Path) -> None:
    found = of(shared, "nbac_player_boxscores", "nbac_player_boxscore/raw_2ad17718.json")
    assert found.outcome is Outcome.OK and len(found.rows) == 157 and len(found.speaks_for) == 8
    assert set(found.rows["minutes_precision"]) == {"minute"}
    zero = found.rows[found.rows["seconds_played"] == 0]
    assert (zero["pf"] > 0).any()


@pytest.mark.parametrize("file", ["8e5ec16f", "12f99055", "a45ca6e1"])
def test_the_team_box_score(shared: Path, file: str) -> None:
    found = of(shared, "nbac_team_boxscore", f"nbac_team_boxscore/raw_{file}.json")
    assert found.outcome is Outcome.OK and len(found.rows) == 2
    rows = found.rows.set_index("team_tricode")
    assert (rows.loc["NYK", "pts"], rows.loc["PHI", "pts"]) == (125, 119)
    assert set(rows["ot_periods"]) == {1} and set(rows["team_seconds"]) == {15900.0}
    assert all(len(ids.split(",")) == 5 for ids in rows["starter_ids"])


@pytest.mark.parametrize(
    ("file", "outcome", "games", "rows", "played"),
    [("71b3c5b2", "ok", 10, 347, 208), ("7a649e12", "ok", 11, 384, 229), ("d62cc934", "empty", 0, 0, 0)],
)
def test_balldontlie(shared: Path, file: str, outcome: str, games: int, rows: int, played: int) -> None:
    found = of(shared, "bdl_player_boxscores", f"bdl_box_scores/raw_{file}.json")
    assert found.outcome.value == outcome and len(found.speaks_for) == games and len(found.rows) == rows
    assert (found.rows["did_play"].sum() if rows else 0) == played


def test_the_gamebook_twins(shared: Path) -> None:
    name = "nba-com/gamebooks-data/2024-04-10/20240410-MEMCLE/20240411_060000.json"
    found = of(shared, "nbac_gamebook_player_stats", "nbac_gamebook_pdf/exp_0173bcd1.json", name)
    assert found.outcome is Outcome.OK
    inactive = found.rows[found.rows["player_status"] == "inactive"]
    assert inactive["team_tricode"].value_counts().to_dict() == {"MEM": 9, "CLE": 3}
    name = "nba-com/gamebooks-data/2021-10-08/20211008-MILBKN/20211009_060000.json"
    found = of(shared, "nbac_gamebook_player_stats", "nbac_gamebook_pdf/exp_d8072441.json", name)
    assert found.rows["player_status"].value_counts().to_dict() == {"active": 24, "dnp": 15}


def test_game_lines_in_the_place_of_props(shared: Path) -> None:
    found = of(shared, "odds_api_player_points_props", "oddsa_player_props_his/raw_815b3ee3.json")
    assert found.outcome is Outcome.BAD
    assert found.rejects[0].rule == "market" and "spreads, totals" in found.rejects[0].message


def test_two_weeks_of_real_drops(shared: Path, tmp_path: Path) -> None:
    tool = shared / "tools" / "make_real_drops.py"
    command = [sys.executable, str(tool), str(tmp_path), "--start", "2024-11-01", "--end", "2024-11-15"]
    subprocess.run(command, check=True, capture_output=True)
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert len(files) == 433
    outcomes: Counter[Outcome] = Counter()
    rows: dict[str, list[pd.DataFrame]] = {}
    for path in files:
        name = path.relative_to(tmp_path).as_posix()
        source = source_of(name)
        assert source is not None
        found = sources.parse(source, path.read_bytes(), name)
        assert not found.rejects, (name, found.rejects)
        outcomes[found.outcome] += 1
        rows.setdefault(source, []).append(found.rows)
    assert outcomes == {Outcome.OK: 433}
    books = pd.concat(rows["nbac_gamebook_player_stats"])
    assert books["player_status"].value_counts().to_dict() == {"active": 2531, "dnp": 555, "inactive": 1024}
    assert books["pts"].sum() == 26_438
    assert sum(map(len, rows["nbac_player_list"])) == 8148
    assert pd.concat(rows["nbac_schedule"])["game_id"].nunique() == 117
