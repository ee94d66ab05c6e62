"""Box scores: game log, team box score, BallDontLie and the gamebook's twin."""

from __future__ import annotations

import copy
from typing import Any

import pandas as pd
import pytest

from nba_assets.sources.parsed import Outcome
from nba_assets_tests.sources.conftest import (
    BOX_HEAD,
    FIRST,
    LOG_HEAD,
    MEN,
    SECOND,
    Json,
    bdl,
    book,
    box,
    log,
    parsed,
    player,
    team_log,
)


def rows_of(payload: Json, number: int = 0) -> list[list[Any]]:
    found: list[list[Any]] = payload["resultSets"][number]["rowSet"]
    return found


def test_a_game_log_gives_a_row_per_man_and_names_everyone() -> None:
    found = parsed("log", log())
    assert found.outcome is Outcome.OK
    assert len(found.rows) == 4 * MEN
    first = found.rows.iloc[0]
    assert first["game_id"] == FIRST and first["game_date"] == pd.Timestamp("2025-01-15")
    assert (first["team_tricode"], first["opponent_tricode"], first["is_home"], first["won"]) == (
        "NYK",
        "PHI",
        False,
        False,
    )
    assert first["player_id"] == str(player("NYK", 0)[0]) and first["player_lookup"] == "nykmana"
    assert first["seconds_played"] == 1800 and first["minutes_precision"] == "minute"
    assert first["pts"] == 11 and first["plus_minus"] == -5
    assert set(found.speaks_for["game_id"]) == {FIRST, SECOND}
    assert set(found.speaks_for["home_tricode"]) == {"PHI", "CHA"}
    assert len(found.identities) == 4 * MEN and set(found.identities["source"]) == {"nbac_player_boxscores"}


def test_zero_minutes_with_a_foul_is_a_man_who_played() -> None:
    payload = log()
    for row, minutes in zip(rows_of(payload)[:6], (0, 36, 36, 36, 36, 36), strict=True):
        row[LOG_HEAD.index("MIN")] = minutes
    found = parsed("log", payload)
    assert found.outcome is Outcome.OK
    assert found.rows["seconds_played"].iloc[0] == 0 and found.rows["pf"].iloc[0] == 2


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("AST", "two", "type"),
        ("AST", 2.0, "type"),
        ("AST", True, "type"),
        ("AST", None, "type"),
        ("AST", -1, "range"),
        ("AST", 10**18, "range"),
        ("PTS", 12, "B1"),
        ("OREB", 2, "B2"),
        ("FGA", 3, "B2"),
        ("MIN", 55, "B10"),
        ("MIN", "30", "type"),
        ("GAME_DATE", "2025-01-17", "date"),
        ("GAME_DATE", ["x"], "type"),
        ("MATCHUP", "NYK vs PHI", "matchup"),
        ("TEAM_ABBREVIATION", ["NYK"], "type"),
        ("WL", "X", "range"),
        ("PLAYER_NAME", " ", "empty"),
        ("PLAYER_ID", "1", "type"),
    ],
)
def test_one_bad_cell_quarantines_its_game_alone(column: str, value: object, rule: str) -> None:
    payload = log()
    head = [*LOG_HEAD, "PLAYER_ID", "PLAYER_NAME"]
    rows_of(payload)[3][head.index(column)] = value
    found = parsed("log", payload)
    assert found.outcome is Outcome.PARTIAL
    assert rule in {reject.rule for reject in found.rejects}
    assert {reject.game for reject in found.rejects} == {FIRST}
    assert (
        set(found.rows["game_id"]) == set(found.speaks_for["game_id"]) == set(found.identities["game_id"]) == {SECOND}
    )


def test_a_reject_names_row_column_and_value() -> None:
    payload = log()
    rows_of(payload)[12][LOG_HEAD.index("PTS")] = "eleven"
    (reject,) = parsed("log", payload).rejects
    assert reject.place == "$.resultSets[0].rowSet[12].PTS"
    assert reject.rule == "type" and "'eleven'" in reject.message and "integer" in reject.message


def test_a_man_who_stands_twice_in_a_game() -> None:
    payload = log()
    rows_of(payload)[1][-2:] = rows_of(payload)[0][-2:]
    found = parsed("log", payload)
    assert {(r.rule, r.game) for r in found.rejects} == {("B9", FIRST)}


def test_a_team_whose_men_miss_minutes() -> None:
    payload = log()
    del rows_of(payload)[0]
    assert {(r.rule, r.game) for r in parsed("log", payload).rejects} == {("B6", FIRST)}


def test_an_overtime_game_has_its_25_minutes_more() -> None:
    payload = log()
    for row in rows_of(payload)[: 2 * MEN]:
        row[LOG_HEAD.index("MIN")] = 33
    assert parsed("log", payload).outcome is Outcome.OK


def test_a_live_game_waits() -> None:
    payload = log()
    for row in rows_of(payload)[: 2 * MEN]:
        row[LOG_HEAD.index("WL")] = None
        row[LOG_HEAD.index("MIN")] = 11
    found = parsed("log", payload)
    assert found.outcome is Outcome.PARTIAL and not found.rejects
    assert set(found.rows["game_id"]) == set(found.speaks_for["game_id"]) == {SECOND}


def test_a_game_with_one_team_waits() -> None:
    payload = log()
    del rows_of(payload)[:MEN]
    found = parsed("log", payload)
    assert found.outcome is Outcome.PARTIAL and not found.rejects
    assert set(found.rows["game_id"]) == {SECOND}


def test_a_log_without_rows_is_empty() -> None:
    found = parsed("log", log(()))
    assert found.outcome is Outcome.EMPTY and found.rows.empty and found.speaks_for.empty and not found.rejects


def test_the_columns_of_a_log_are_read_by_name() -> None:
    payload = log()
    result = payload["resultSets"][0]
    result["headers"] = result["headers"][::-1]
    result["rowSet"] = [row[::-1] for row in result["rowSet"]]
    pd.testing.assert_frame_equal(parsed("log", payload).rows, parsed("log", log()).rows)


def test_a_team_log_has_the_teams_own_turnovers() -> None:
    found = parsed("team_log", team_log())
    assert found.outcome is Outcome.OK and len(found.rows) == 4 and found.identities.empty
    assert set(found.rows["tov"]) == {10} and found.rows["tov_includes_team"].all()
    assert set(found.rows["team_seconds"]) == {14400.0} and set(found.rows["ot_periods"]) == {0}
    assert found.rows["starter_ids"].isna().all()


def test_a_box_score_has_starters_and_everyones_id() -> None:
    found = parsed("box", box())
    assert found.outcome is Outcome.OK and list(found.rows["team_tricode"]) == ["PHI", "NYK"]
    assert list(found.rows["opponent_tricode"]) == ["NYK", "PHI"]
    assert found.rows["starter_ids"].iloc[1] == ",".join(str(player("NYK", n)[0]) for n in range(5))
    assert set(found.rows["pts"]) == {88} and not found.rows["tov_includes_team"].any()
    assert len(found.identities) == 2 * (MEN + 1), "the man who did not play is identified too"
    assert found.speaks_for["home_tricode"].isna().all(), "the sides are the schedule's to say"


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [("START_POSITION", "", "B9"), ("AST", 3, "B4"), ("PTS", 12, "B1"), ("MIN", None, "type"), ("MIN", "48:30", "B10")],
)
def test_a_box_score_with_a_breach_is_bad(column: str, value: object, rule: str) -> None:
    payload = box()
    rows_of(payload)[0][BOX_HEAD.index(column)] = value
    found = parsed("box", payload)
    assert found.outcome is Outcome.BAD and found.rows.empty
    assert rule in {reject.rule for reject in found.rejects}


def test_a_box_score_without_rows_is_empty() -> None:
    payload = box()
    rows_of(payload, 1).clear()
    assert parsed("box", payload).outcome is Outcome.EMPTY
    assert parsed("box", {"boxScoreTraditional": {"gameId": FIRST, "homeTeam": None}}).outcome is Outcome.EMPTY


def v3() -> Json:
    """The v3 form of the same box score."""
    names = {
        "FGM": "fieldGoalsMade",
        "FGA": "fieldGoalsAttempted",
        "FG3M": "threePointersMade",
        "FG3A": "threePointersAttempted",
        "FTM": "freeThrowsMade",
        "FTA": "freeThrowsAttempted",
        "OREB": "reboundsOffensive",
        "DREB": "reboundsDefensive",
        "REB": "reboundsTotal",
        "AST": "assists",
        "STL": "steals",
        "BLK": "blocks",
        "TO": "turnovers",
        "PF": "foulsPersonal",
        "PTS": "points",
    }
    men, teams = box()["resultSets"]
    sides: dict[str, Json] = {}
    for row in teams["rowSet"]:
        cells = dict(zip(teams["headers"], row, strict=True))
        statistics = {theirs: cells[ours] for ours, theirs in names.items()}
        statistics |= {"minutes": cells["MIN"], "plusMinusPoints": float(cells["PLUS_MINUS"])}
        head = {"teamId": cells["TEAM_ID"], "teamTricode": cells["TEAM_ABBREVIATION"]}
        sides[cells["TEAM_ABBREVIATION"]] = {**head, "statistics": statistics, "players": []}
    for row in men["rowSet"]:
        cells = dict(zip(men["headers"], row, strict=True))
        first, last = cells["PLAYER_NAME"].split(" ")
        statistics = {theirs: cells[ours] or 0 for ours, theirs in names.items()}
        statistics |= {"minutes": "PT30M00.00S" if cells["MIN"] else "", "plusMinusPoints": 0.0}
        man = {"personId": cells["PLAYER_ID"], "firstName": first, "familyName": last}
        man |= {"position": cells["START_POSITION"], "comment": cells["COMMENT"], "statistics": statistics}
        sides[cells["TEAM_ABBREVIATION"]]["players"].append(man)
    return {"boxScoreTraditional": {"gameId": FIRST, "homeTeam": sides["PHI"], "awayTeam": sides["NYK"]}}


def test_the_v3_form_says_the_same_and_knows_its_sides() -> None:
    found, old = parsed("box", v3()), parsed("box", box())
    assert found.outcome is Outcome.OK
    shared = [c for c in old.rows.columns if c not in ("away_tricode", "home_tricode", "is_home")]
    of_team = [rows.rows.set_index("team_tricode").sort_index() for rows in (found, old)]
    columns = [c for c in shared if c != "team_tricode"]
    pd.testing.assert_frame_equal(of_team[0][columns], of_team[1][columns])
    assert list(found.rows["home_tricode"]) == ["PHI", "PHI"]
    assert set(found.identities["player_name"]) == set(old.identities["player_name"])


def test_a_twin_gives_active_dnp_and_inactive_men() -> None:
    found = parsed("book", book())
    assert found.outcome is Outcome.OK
    assert found.rows["player_status"].value_counts().to_dict() == {"active": 2 * MEN, "dnp": 2, "inactive": 2}
    dnp = found.rows[found.rows["player_status"] == "dnp"].iloc[0]
    assert (dnp["status_code"], dnp["reason"], dnp["reason_category"]) == ("DNP", "Coach's Decision", "coach_decision")
    out = found.rows[found.rows["player_status"] == "inactive"].iloc[0]
    assert (out["status_code"], out["player_lookup"], out["reason_category"]) == ("INACTIVE", "williamsjr", "injury")
    assert out["pts"] is None and dnp["seconds_played"] is None
    unit = found.speaks_for.iloc[0]
    assert (unit["game_id"], unit["away_tricode"], unit["home_tricode"]) == (None, "NYK", "PHI")


@pytest.mark.parametrize("code", ["20250115/NYKPHI", "20250115_NYK_PHI", "20250115-NYKPHI"])
def test_the_forms_of_a_game_code(code: str) -> None:
    assert parsed("book", book() | {"game_code": code}).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"game_code": "20250115/NYKBOS"}, "code"),
        ({"game_code": "nonsense"}, "code"),
        ({"date": "2025-01-16"}, "code"),
        ({"home_team": "XYZ"}, "teams"),
        ({"active_players": []}, "row_count"),
        ({"active_players": [None]}, "type"),
        ({"dnp_players": {}}, "type"),
    ],
)
def test_a_twin_that_is_not_of_its_game_is_bad(change: Json, rule: str) -> None:
    found = parsed("book", book() | change)
    assert found.outcome is Outcome.BAD and [reject.rule for reject in found.rejects] == [rule]


def test_a_twin_in_the_folder_of_another_date_is_bad() -> None:
    found = parsed("book", book(), "nba-com/gamebooks-data/2025-01-16/20250115-NYKPHI/20250116_060000.json")
    assert found.outcome is Outcome.BAD and found.rejects[0].rule == "path"


@pytest.mark.parametrize(
    ("key", "value", "rule"), [("points", 12, "B1"), ("points", "11", "type"), ("minutes", "x", "minutes")]
)
def test_one_bad_line_makes_the_book_bad(key: str, value: object, rule: str) -> None:
    payload = book()
    payload["active_players"][5]["stats"][key] = value
    found = parsed("book", payload)
    assert found.outcome is Outcome.BAD
    assert found.rejects[0].rule == rule and found.rejects[0].place == f"$.active_players[5].stats.{key}"


def test_a_stat_that_is_missing_is_never_a_zero() -> None:
    payload = book()
    del payload["active_players"][0]["stats"]["steals"]
    (reject,) = parsed("book", payload).rejects
    assert reject.place == "$.active_players[0].stats.steals" and "missing" in reject.message


def test_two_inactive_men_of_one_last_name_are_two_rows() -> None:
    payload = book()
    payload["inactive_players"].append(copy.deepcopy(payload["inactive_players"][0]))
    found = parsed("book", payload)
    assert (found.rows["player_lookup"] == "williamsjr").sum() == 3 and found.outcome is Outcome.OK


def test_an_inactive_list_that_ran_into_the_next_is_cut_at_the_label() -> None:
    payload = book()
    payload["inactive_players"] = [
        {"name": "Hart", "team": "New York Knicks", "reason": "Rest) Inactive: 76ers - Oubre (Personal"},
        {"name": "Embiid", "team": "New York Knicks", "reason": "Rest"},
        {"name": "Oubre", "team": "Philadelphia 76ers", "reason": "Personal"},
        {"name": "Embiid", "team": "Philadelphia 76ers", "reason": "Rest"},
    ]
    rows = parsed("book", payload).rows
    out = rows[rows["player_status"] == "inactive"]
    assert list(zip(out["player_name"], out["team_tricode"], out["reason"], strict=True)) == [
        ("Hart", "NYK", "Rest"),
        ("Oubre", "PHI", "Personal"),
        ("Embiid", "PHI", "Rest"),
    ]


def test_bdl_tells_those_who_played_from_those_who_did_not() -> None:
    found = parsed("bdl", bdl())
    assert found.outcome is Outcome.OK and len(found.rows) == 4 * (MEN + 1)
    assert found.rows["did_play"].sum() == 4 * MEN
    bench = found.rows[~found.rows["did_play"].astype(bool)]
    assert bench["pts"].isna().all() and bench["seconds_played"].isna().all()
    assert found.rows["is_final"].all() and set(found.rows["minutes_precision"].dropna()) == {"minute"}
    assert found.rows["starts_at"].iloc[0] == pd.Timestamp("2025-01-16T00:30:00Z")


def test_no_time_but_a_foul_is_a_man_who_played() -> None:
    payload = bdl()
    payload["data"][0]["home_team"]["players"][MEN]["pf"] = 1
    found = parsed("bdl", payload)
    assert found.rows["did_play"].sum() == 4 * MEN + 1


def test_the_older_form_has_no_ids_quarters_or_plus_minus() -> None:
    payload = bdl()
    for game in payload["data"]:
        for key in [k for k in game if k in ("id", "datetime") or k[-3:-1] == "_q"]:
            del game[key]
        for side in ("home_team", "visitor_team"):
            for man in game[side]["players"]:
                del man["plus_minus"]
    found = parsed("bdl", payload)
    assert found.outcome is Outcome.OK
    assert found.rows[["bdl_game_id", "starts_at", "plus_minus"]].isna().all().all()


@pytest.mark.parametrize("blank", ["", None])
def test_a_man_of_one_name_has_a_name(blank: str | None) -> None:
    payload = bdl()
    person = payload["data"][0]["home_team"]["players"][0]["player"]
    person |= {"first_name": "Nenê", "last_name": blank}
    assert "Nenê" in set(parsed("bdl", payload).rows["player_name"])
    person["first_name"] = blank
    (reject,) = parsed("bdl", payload).rejects
    assert reject.rule == "empty" and reject.place.endswith("home_team.players[0].player.last_name")


def test_a_bdl_game_that_is_not_final_is_written_as_such() -> None:
    payload = bdl()
    payload["data"][0] |= {"status": "Halftime", "period": 2}
    for side in ("home_team", "visitor_team"):
        for man in payload["data"][0][side]["players"][:MEN]:
            man["min"] = "15"
    found = parsed("bdl", payload)
    assert found.outcome is Outcome.PARTIAL and not found.rejects
    assert found.rows.groupby("home_tricode")["is_final"].all().to_dict() == {"CHA": True, "PHI": False}


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        (("home_q1",), 23, "B8"),
        (("period",), 3, "B10"),
        (("period",), "4", "type"),
        (("period",), 5, "B6"),
        (("home_team_score",), None, "type"),
        (("home_team", "id"), 42, "teams"),
        (("home_team", "abbreviation"), "XYZ", "teams"),
        (("home_team", "players"), None, "type"),
        (("home_team", "players", 0, "ast"), "2", "type"),
        (("home_team", "players", 0, "ast"), None, "type"),
        (("home_team", "players", 0, "pts"), 12, "B1"),
        (("home_team", "players", 0, "min"), "3x", "minutes"),
        (("home_team", "players", 0, "player"), None, "type"),
        (("home_team", "players", 0), None, "type"),
        (("datetime",), "soon", "time"),
        (("status",), None, "type"),
    ],
)
def test_a_bad_bdl_game_quarantines_itself_alone(path: tuple[Any, ...], value: object, rule: str) -> None:
    payload = bdl()
    target: Any = payload["data"][0]
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    found = parsed("bdl", payload)
    assert found.outcome is Outcome.PARTIAL
    assert rule in {reject.rule for reject in found.rejects}
    assert len({reject.game for reject in found.rejects}) == 1 and str(found.rejects[0].game).startswith("20250115/NYK")
    assert set(found.rows["home_tricode"]) == set(found.speaks_for["home_tricode"]) == {"CHA"}


def test_more_pages_to_come_make_an_answer_partial() -> None:
    assert parsed("bdl", bdl() | {"meta": {"next_cursor": 25}}).outcome is Outcome.PARTIAL
    assert parsed("bdl", {"data": []}).outcome is Outcome.EMPTY
