"""What an object name says."""

import datetime as dt

import pandas as pd
import pytest

from nba_assets.contracts import tables
from nba_assets.sources.paths import capture_stamp, path_date, source_of


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("nba-com/schedule/2024-25/20241101_120000.json", "nbac_schedule"),
        ("nba-com/schedule-cdn/2024-25/20241101_120000.json", "nbac_schedule"),
        ("nba-com/player-list/2024-11-01/20241101_110000.json", "nbac_player_list"),
        ("nba-com/player-boxscores/2024-11-01/20241102_070500.json", "nbac_player_boxscores"),
        ("nba-com/team-boxscore/2024-11-01/0022400130/20241102_071000.json", "nbac_team_boxscore"),
        ("nba-com/gamebooks-pdf/2024-11-01/20241101-BOSNYK/20241102_060000.pdf", "nbac_gamebook_player_stats"),
        ("nba-com/gamebooks-data/2024-11-01/20241101-BOSNYK/20241102_060000.json", "nbac_gamebook_player_stats"),
        ("nba-com/play-by-play-v3/2024-11-01/game-0022400130/20241102_060000.json", "nbac_play_by_play"),
        ("nba-com/injury-report-pdf/2024-11-01/12/20241101_163000.pdf", "nbac_injury_report"),
        ("nba-com/referee-assignments/2024-11-01/20241101_140000.json", "nbac_referee_assignments"),
        ("ball-dont-lie/boxscores/2024-11-01/20241102_050500.json", "bdl_player_boxscores"),
        (
            "odds-api/player-props-history/2024-11-01/x-BOSNYK/20250101_000000-snap-2100.json",
            "odds_api_player_points_props",
        ),
        ("odds-api/game-lines/2024-11-01/x-BOSNYK/20241101_210000-snap-2100.json", "odds_api_game_lines"),
        ("bettingpros/player-props/points/2024-11-01/20241101_210000.json", "bettingpros_player_points_props"),
        ("big-data-ball/2024-25/2024-11-01/game_1/[2024-11-01]-1-A@B-20241102_120000.csv", "bigdataball_play_by_play"),
        ("nba-com/shoe-sizes/2024-11-01/20241101_110000.json", None),
        ("nba-com/schedule/", None),
        ("my-drops/nba-com/schedule/2024-25/20241101_120000.json", None),
        ("", None),
    ],
)
def test_the_source_of_a_name(name: str, source: str | None) -> None:
    assert source_of(name) == source


def test_every_raw_table_with_drops_claims_its_own_paths() -> None:
    raw = [table for table in tables().values() if table.dataset == "nba_raw" and table.paths]
    assert len(raw) == 13
    assert all(source_of(f"{path}x") == table.name for table in raw for path in table.paths)


@pytest.mark.parametrize(
    ("name", "stamp"),
    [
        ("nba-com/schedule/2024-25/20241101_120000.json", "2024-11-01T12:00:00Z"),
        ("odds-api/player-props/2024-11-01/x-BOSNYK/20241101_210005-snap-2100.json", "2024-11-01T21:00:05Z"),
        ("big-data-ball/2024-25/2024-11-01/game_1/[2024-11-01]-1-A@B-20241102_120000.csv", "2024-11-02T12:00:00Z"),
    ],
)
def test_the_capture_time_of_a_name(name: str, stamp: str) -> None:
    assert capture_stamp(name) == pd.Timestamp(stamp)


@pytest.mark.parametrize("name", ["a/b.json", "a/20241301_120000.json", "a/20241101_120000", "a/20241101.json", ""])
def test_a_name_without_a_capture_time(name: str) -> None:
    assert capture_stamp(name) is None


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("nba-com/player-list/2024-11-01/20241101_110000.json", dt.date(2024, 11, 1)),
        ("big-data-ball/2024-25/2024-11-01/game_1/x-20241102_120000.csv", dt.date(2024, 11, 1)),
        ("nba-com/schedule/2024-25/20241101_120000.json", None),
        ("nba-com/player-list/2024-13-01/20241101_110000.json", None),
        ("2024-11-01", None),
    ],
)
def test_the_date_of_a_name(name: str, day: dt.date | None) -> None:
    assert path_date(name) == day
