"""Real answers of none of the thirteen tables: under the path of the nearest source each is refused, with why."""

from __future__ import annotations

from pathlib import Path

import pytest

from nba_assets import sources

BDL, SCHEDULE = "bdl_player_boxscores", "nbac_schedule"
NAMES = {
    BDL: "ball-dont-lie/boxscores/2025-01-15/20250116_080000.json",
    SCHEDULE: "nba-com/schedule/2024-25/20250116_080000.json",
}
OTHERS = {
    "bdl_active_players": (BDL, "bad", "top_key", "$.data[0] has no 'date'"),
    "bdl_game_adv_stats": (BDL, "bad", "top_key", "$.data[0] has no 'date'"),
    "bdl_game_detail": (BDL, "bad", "type", "data is an object, not a list"),
    "bdl_games": (BDL, "bad", "type", "players is None, not a list"),
    "bdl_injuries": (BDL, "bad", "top_key", "$.data[0] has no 'date'"),
    "bdl_live_box_scores": (BDL, "empty", "", ""),
    "bdl_odds": (BDL, "empty", "", ""),
    "bdl_player_box_scores": (BDL, "bad", "top_key", "$.data[0] has no 'date'"),
    "bdl_player_detail": (BDL, "bad", "type", "data is an object, not a list"),
    "bdl_players": (BDL, "bad", "top_key", "$.data[0] has no 'date'"),
    "bdl_team_detail": (BDL, "bad", "type", "data is an object, not a list"),
    "bdl_teams": (BDL, "bad", "top_key", "$.data[0] has no 'date'"),
    "nbac_game_ids_core": (SCHEDULE, "bad", "top_key", "$ has no 'leagueSchedule'"),
    "nbac_scoreboard_v2": (SCHEDULE, "bad", "top_key", "$ has no 'leagueSchedule'"),
}
"""Folder: the nearest source, and what its parser says of every file in it."""
OF_TABLES = {
    "bdl_box_scores",
    "bigdataball_discovery",
    "bigdataball_pbp",
    "bp_events",
    "nbac_gamebook_pdf",
    "nbac_injury_report",
    "nbac_play_by_play",
    "nbac_player_boxscore",
    "nbac_player_list",
    "nbac_referee_assignments",
    "nbac_schedule_api",
    "nbac_schedule_cdn",
    "nbac_team_boxscore",
    "odds_api_historical_game_lines",
    "oddsa_events_his",
    "oddsa_game_lines_his",
    "oddsa_player_props_his",
}
"""Folders whose every file has a test of its own: `test_payloads_*`, `sources/test_real_payloads`."""


def test_every_folder_of_real_files_is_accounted_for(shared: Path) -> None:
    assert {folder.name for folder in (shared / "data/payloads").iterdir()} == OF_TABLES | OTHERS.keys()


@pytest.mark.parametrize("folder", OTHERS)
def test_an_answer_of_another_kind_is_never_taken_for_rows(folder: str, shared: Path) -> None:
    source, outcome, rule, message = OTHERS[folder]
    files = sorted((shared / "data/payloads" / folder).glob("raw_*"))
    assert files
    for file in files:
        parsed = sources.parse(source, file.read_bytes(), NAMES[source])
        assert (parsed.outcome.value, len(parsed.rows)) == (outcome, 0), file
        assert [reject.rule for reject in parsed.rejects[:1]] == ([rule] if rule else []), file
        assert all(reject.message.startswith(message) for reject in parsed.rejects[:1]), file
