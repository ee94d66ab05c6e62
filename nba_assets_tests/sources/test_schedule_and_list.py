"""The schedule and the player list."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.contracts import tables
from nba_assets.sources.assemble import Capture, build_raw
from nba_assets.sources.parsed import Outcome
from nba_assets_tests.sources.conftest import FIRST, SECOND, Json, parsed, player_list, schedule


def games(payload: Json) -> list[Json]:
    found: list[Json] = payload["leagueSchedule"]["gameDates"][0]["games"]
    return found


def test_a_schedule_speaks_for_the_dates_it_lists() -> None:
    payload = schedule()
    payload["leagueSchedule"]["gameDates"].append({"gameDate": "01/16/2025 00:00:00", "games": []})
    found = parsed("schedule", payload)
    assert found.outcome is Outcome.OK
    assert list(found.speaks_for["game_date"]) == [pd.Timestamp("2025-01-15"), pd.Timestamp("2025-01-16")]
    assert found.speaks_for["game_id"].isna().all()
    game = found.rows.iloc[0]
    assert (game["game_id"], game["home_tricode"], game["away_tricode"]) == (FIRST, "PHI", "NYK")
    assert (game["season"], game["season_label"], game["season_type"]) == (2024, "2024-25", "regular")
    assert (game["home_score"], game["away_score"], game["ot_periods"]) == (110, 105, 1)
    assert game["tip_at"] == pd.Timestamp("2025-01-16T00:30:00Z"), "only the UTC field is UTC"
    assert (game["national_tv"], game["game_label"], game["is_postponed"]) == ("ESPN", None, False)
    assert game["data_source"] == "stats"


def test_the_cdn_form_is_told_by_its_path() -> None:
    found = parsed("schedule", schedule(), "nba-com/schedule-cdn/2024-25/20250115_120000.json")
    assert set(found.rows["data_source"]) == {"cdn"}


def test_before_the_tip_there_is_no_score() -> None:
    payload = schedule()
    for game in games(payload):
        game |= {"gameStatus": 1, "gameStatusText": "7:30 pm ET"}
        game["homeTeam"]["score"] = game["awayTeam"]["score"] = 0
    rows = parsed("schedule", payload).rows
    assert rows["home_score"].isna().all() and rows["ot_periods"].isna().all()


def test_a_tip_to_be_determined_is_null_and_a_postponed_game_says_so() -> None:
    payload = schedule()
    games(payload)[0] |= {"gameStatus": 1, "gameStatusText": "TBD"}
    games(payload)[1] |= {"gameStatus": 1, "gameStatusText": "PPD"}
    rows = parsed("schedule", payload).rows
    assert rows["tip_at"].isna().tolist() == [True, False]
    assert rows["is_postponed"].tolist() == [False, True]


def test_a_preseason_game_against_a_foreign_team_is_no_error() -> None:
    payload = schedule()
    games(payload)[0] |= {"gameId": "0012400001", "gameCode": "20250115/MELPHI"}
    games(payload)[0]["awayTeam"] |= {"teamId": 15016, "teamTricode": "MEL"}
    found = parsed("schedule", payload)
    assert found.outcome is Outcome.OK and found.rows["season_type"].iloc[0] == "preseason"


def test_a_game_whose_sides_are_not_decided_is_no_game_yet() -> None:
    payload = schedule()
    games(payload)[0] |= {"gameStatus": 1, "gameStatusText": "TBD", "gameCode": "20250115/TBDTBD"}
    games(payload)[0]["homeTeam"] = {"teamId": 0, "teamTricode": None, "score": 0}
    found = parsed("schedule", payload)
    assert found.outcome is Outcome.OK and list(found.rows["game_id"]) == [SECOND]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"gameId": "22400561"}, "game_id"),
        ({"gameId": 22400561}, "type"),
        ({"gameId": SECOND}, "unique"),
        ({"gameCode": "20250115/PHINYK"}, "code"),
        ({"gameDateEst": "2025-01-16T00:00:00Z"}, "date"),
        ({"gameStatus": "3"}, "type"),
        ({"gameStatus": 4}, "range"),
        ({"gameDateTimeUTC": "tonight"}, "time"),
        ({"isNeutral": None}, "type"),
        ({"homeTeam": None}, "type"),
        ({"homeTeam": {"teamId": 1610612755, "teamTricode": "PHI", "score": 105}}, "score"),
        ({"homeTeam": {"teamId": 1610612755, "teamTricode": "PHI", "score": 0}}, "score"),
    ],
)
def test_a_bad_game_is_left_out_and_its_date_not_spoken_for(change: dict[str, Any], rule: str) -> None:
    payload = schedule()
    other = dict(games(payload)[1]) | {"gameId": "0022400570", "gameCode": "20250116/UTACHA"}
    other["gameDateEst"] = "2025-01-16T00:00:00Z"
    payload["leagueSchedule"]["gameDates"].append({"gameDate": "01/16/2025 00:00:00", "games": [other]})
    games(payload)[0] |= change
    found = parsed("schedule", payload)
    assert found.outcome is Outcome.PARTIAL
    assert rule in {reject.rule for reject in found.rejects}
    assert "0022400570" in set(found.rows["game_id"]) and FIRST not in set(found.rows["game_id"])
    assert list(found.speaks_for["game_date"]) == [pd.Timestamp("2025-01-16")]


def test_a_schedule_that_speaks_for_no_date_still_gives_its_good_games() -> None:
    payload = schedule()
    games(payload)[0]["gameStatus"] = "3"
    capture = Capture(parsed("schedule", payload), "x.json", "0" * 64, pd.Timestamp("2025-01-16T08:00:00Z"))
    table = tables()["nbac_schedule"]
    assert list(build_raw(table, [capture], pd.DataFrame(), pd.DataFrame()).frame["game_id"]) == [SECOND]


def test_a_schedule_without_dates_is_empty() -> None:
    assert parsed("schedule", {"leagueSchedule": {"gameDates": []}}).outcome is Outcome.EMPTY


def test_a_player_list_is_the_registry_of_its_date() -> None:
    payload = player_list()
    rows = payload["resultSets"][0]["rowSet"]
    rows[0][1:3] = ["Butler III", "Jimmy"]
    rows[1][1:3] = ["Miličić, Jr.", ""]
    found = parsed("list", payload)
    assert found.outcome is Outcome.OK and len(found.rows) == len(found.identities) == 300
    first, second = found.rows.iloc[0], found.rows.iloc[1]
    assert (first["full_name"], first["player_lookup"], first["suffix"]) == (
        "Jimmy Butler III",
        "jimmybutleriii",
        "III",
    )
    assert (second["full_name"], second["player_lookup"], second["suffix"]) == ("Miličić, Jr.", "milicicjr", "Jr.")
    assert (first["height_in"], first["weight_lb"], first["draft_year"], first["jersey_number"]) == (
        80,
        243,
        2020,
        "00",
    )
    assert first["college"] is None, "a fact that the list lacks is null"
    assert list(found.speaks_for["game_date"]) == [pd.Timestamp("2025-01-15")]
    assert found.identities["game_id"].isna().all()


def test_a_man_off_the_roster_identifies_nobody() -> None:
    payload = player_list()
    payload["resultSets"][0]["rowSet"][0][5] = 0.0
    payload["resultSets"][0]["rowSet"][1][4] = None
    found = parsed("list", payload)
    assert len(found.rows) == 300 and len(found.identities) == 298
    assert found.rows["is_rostered"].tolist()[:2] == [False, True]


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        (0, "1", "type"),
        (0, 2, "unique"),
        (1, "", "empty"),
        (4, "XYZ", "team"),
        (5, "1", "type"),
        (7, "tall", "type"),
        (8, "heavy", "type"),
        (9, 2020.5, "type"),
    ],
)
def test_one_bad_row_makes_the_whole_list_bad(column: int, value: object, rule: str) -> None:
    payload = player_list()
    payload["resultSets"][0]["rowSet"][0][column] = value
    found = parsed("list", payload)
    assert found.outcome is Outcome.BAD and rule in {reject.rule for reject in found.rejects}


def test_a_short_list_is_not_the_leagues() -> None:
    assert parsed("list", player_list(299)).rejects[0].rule == "row_count"
    assert parsed("list", player_list(0)).outcome is Outcome.EMPTY


def test_a_list_needs_the_date_of_its_path() -> None:
    assert parsed("list", player_list(), "nba-com/player-list/today/20250115_110000.json").rejects[0].rule == "path"
