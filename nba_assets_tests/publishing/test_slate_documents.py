"""The slate, game and player documents of a weekend: Friday played, Saturday to come, Sunday without games."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from nba_assets.publishing.envelope import Published
from nba_assets_tests.publishing.conftest import body_of, documents
from nba_assets_tests.release_rows import (
    FRIDAY,
    SATURDAY,
    box,
    facts,
    frame,
    game,
    game_prediction,
    prediction,
    utc,
    weekend,
)

FRIDAYS, SATURDAYS, SUNDAYS = (f"historical/2024-11-0{day}/daily.json" for day in (1, 2, 3))


def test_every_date_game_and_player_has_its_document(published: dict[str, Published]) -> None:
    assert sorted(published) == [
        "historical/2024-11-01/daily.json",
        "historical/2024-11-01/games/0022400130.json",
        "historical/2024-11-01/games/0022400131.json",
        "historical/2024-11-02/daily.json",
        "historical/2024-11-02/games/0022400140.json",
        "historical/2024-11-03/daily.json",
        "latest/players/1628369.json",
        "latest/players/1630163.json",
        "latest/players/203999.json",
        "latest/players/2544.json",
        "latest/teams/BOS.json",
        "latest/teams/CHA.json",
        "latest/teams/DEN.json",
        "latest/teams/LAL.json",
        "schedule.json",
        "search.json",
        "status.json",
        "track-record/2024-25.json",
        "track-record/days/2024-11-01.json",
        "track-record/days/2024-11-02.json",
    ]


def test_a_slate_is_sorted_by_tip_and_then_by_most_expected_points(published: dict[str, Published]) -> None:
    data = published[FRIDAYS].data
    assert [g["game_id"] for g in data["games"]] == ["0022400130", "0022400131"]
    assert [p["name"] for p in data["players"]] == ["Jayson Tatum", "LaMelo Ball", "Nikola Jokić", "LeBron James"]
    assert data["counts"] == {"games": 2, "players": 4, "lined": 4, "over": 0, "under": 0, "pass": 4}


def test_numbers_are_rounded_and_unknown_is_null(published: dict[str, Published]) -> None:
    tatum = published[SATURDAYS].data["players"][1]
    assert tatum["name"] == "Jayson Tatum"
    assert (tatum["points_mean"], tatum["minutes_mean"], tatum["consensus_line"]) == (23.0, 35.3, 24.75)
    assert (tatum["p_over"], tatum["p_under"], tatum["market_p_over"], tatum["ev"]) == (0.5123, 0.4877, 0.5012, -0.0188)
    assert (tatum["actual_points"], tatum["result"], tatum["injury_status"]) == (None, None, None)
    assert tatum["line_captured_at"] == "2024-11-02T21:00:00Z"


def test_a_final_game_shows_its_score_and_its_decisions_their_results(published: dict[str, Published]) -> None:
    data = published[FRIDAYS].data
    assert [(g["game_status"], g["home_score"], g["away_score"]) for g in data["games"]] == [("final", 110, 100)] * 2
    assert {(p["actual_points"], p["outcome"], p["result"]) for p in data["players"]} == {(27, "over", "no_bet")}


def test_the_envelope_says_how_current_and_from_where(published: dict[str, Published]) -> None:
    body = published[SATURDAYS].body
    assert (body["document"], body["status"], body["game_date"]) == ("daily", "complete", "2024-11-02")
    assert body["as_of"] == "2024-11-02T21:00:00Z"
    assert body["correlation_ids"] == ["c0022400140"]
    assert body["sources_seen"] == ["nbac_schedule"]
    assert "odds_api_player_points_props" in body["sources_missing"]
    assert (body["data_origin"], body["model_version"]) == ("real", "m1")


def test_a_date_without_games_is_empty_and_names_the_next_one() -> None:
    friday_and_monday = weekend()
    friday_and_monday["nbac_schedule"] = frame(
        "nbac_schedule",
        [game(FRIDAY, "0022400130", "BOS", "CHA"), game(dt.date(2024, 11, 4), "0022400150", "BOS", "ATL")],
    )
    body = body_of(facts(friday_and_monday), SUNDAYS)
    assert (body["status"], body["as_of"]) == ("empty", None)
    assert body["reasons"] == [{"code": "no_games", "text": "No games on this date"}]
    assert body["data"]["next_game_date"] == "2024-11-04"


def test_a_game_without_predictions_waits_and_the_others_are_full() -> None:
    tables = weekend()
    rows = tables["player_points_predictions"]
    tables["player_points_predictions"] = rows[rows["game_id"] != "0022400131"]
    found = documents(facts(tables))
    body = found[FRIDAYS].body
    assert body["status"] == "partial"
    assert body["reasons"][0] == {"code": "waiting", "text": "1 of 2 games wait: each says for what"}
    assert [g["waiting"] for g in body["data"]["games"]] == [[], ["no predictions"]]
    assert body["data"]["counts"]["players"] == 2
    assert found["historical/2024-11-01/games/0022400131.json"].body["status"] == "partial"


def test_a_final_game_says_what_the_ledger_says_it_waits_for() -> None:
    reason = "players' points 109, score 110"
    waiting = pd.DataFrame({"game_date": [pd.Timestamp(FRIDAY)], "game_id": ["0022400130"], "reason": [reason]})
    body = body_of(facts(weekend(), waiting=waiting), FRIDAYS)
    assert [g["waiting"] for g in body["data"]["games"]] == [[reason], []]
    assert body["status"] == "partial"


def test_a_game_to_come_does_not_wait_for_its_box_score() -> None:
    waiting = pd.DataFrame({"game_date": [pd.Timestamp(SATURDAY)], "game_id": ["0022400140"], "reason": ["not final"]})
    assert body_of(facts(weekend(), waiting=waiting), SATURDAYS)["status"] == "complete"


def unlined(rows: pd.DataFrame, chosen: pd.Series[bool]) -> pd.DataFrame:
    """The rows with those chosen as they are before lines: everything about the line null, PASS for want of one."""
    rows = rows.copy()
    names = ["line_value", "consensus_line", "line_range", "line_captured_at", "minutes_to_tip", "over_price"]
    names += ["under_price", "market_p_over", "p_over", "p_push", "p_under", "ev_over", "ev_under"]
    for name in names:
        rows.loc[chosen, name] = None
    rows.loc[chosen, "line_source"] = "none"
    rows["reasons"] = [["no_line"] if flag else why for flag, why in zip(chosen, rows["reasons"], strict=True)]
    return rows


def test_a_day_without_lines_has_distributions_and_says_so() -> None:
    tables = weekend()
    rows = tables["player_points_predictions"]
    tables["player_points_predictions"] = unlined(rows, rows["game_date"] == pd.Timestamp(SATURDAY))
    found = documents(facts(tables))
    body = found[SATURDAYS].body
    assert (body["status"], [r["code"] for r in body["reasons"]]) == ("partial", ["no_lines"])
    assert body["data"]["counts"] == {"games": 1, "players": 2, "lined": 0, "over": 0, "under": 0, "pass": 2}
    player = found["historical/2024-11-02/games/0022400140.json"].data["players"][0]
    assert (player["line_value"], player["p_over"], player["ev"], player["reasons"]) == (None, None, None, ["no_line"])
    assert sum(player["points_pmf"]) == pytest.approx(1)


def test_games_without_lines_among_others_are_counted() -> None:
    tables = weekend()
    rows = tables["player_points_predictions"]
    tables["player_points_predictions"] = unlined(rows, rows["game_id"] == "0022400131")
    body = body_of(facts(tables), FRIDAYS)
    assert body["reasons"] == [{"code": "lines_missing", "text": "1 of 2 games have no lines"}]


def test_a_game_that_moved_away_stays_on_its_slate_as_postponed() -> None:
    tables = weekend()
    schedule = tables["nbac_schedule"]
    tables["nbac_schedule"] = schedule[schedule["game_id"] != "0022400140"]
    found = documents(facts(tables))
    listed = found[SATURDAYS].data["games"]
    assert [(g["game_id"], g["home"], g["away"], g["game_status"], g["home_score"]) for g in listed] == [
        ("0022400140", "CHA", "BOS", "postponed", None)
    ]
    assert len(found[SATURDAYS].data["players"]) == 2
    assert found[SATURDAYS].body["status"] == "complete"


def test_who_was_predicted_for_a_game_that_left_before_its_own_prediction_is_on_no_slate() -> None:
    """A kill between the two tables, then a move: the players' live rows stay, nothing says of whom the game was."""
    tables = weekend()
    for name in ("nbac_schedule", "game_predictions"):
        tables[name] = tables[name][tables[name]["game_id"] != "0022400140"]
    found = documents(facts(tables))
    assert found[SATURDAYS].data["games"] == found[SATURDAYS].data["players"] == []
    assert found[FRIDAYS].data["players"]
    nexts = [document.data["next"]["game_date"] for document in found.values() if document.document == "player"]
    assert set(nexts) == {"2024-11-01"}


def test_preseason_and_all_star_games_are_not_on_a_slate() -> None:
    tables = weekend()
    extra = game(FRIDAY, "0012400001", "BOS", "CHA", season_type="preseason")
    tables["nbac_schedule"] = pd.concat([tables["nbac_schedule"], frame("nbac_schedule", [extra])])
    assert len(body_of(facts(tables), FRIDAYS)["data"]["games"]) == 2


def test_the_last_live_row_of_the_serving_model_is_shown_and_no_shadow() -> None:
    tables = weekend()
    said = {"day": SATURDAY, "game_id": "0022400140", "team": "BOS", "opponent": "CHA"}
    more = [
        prediction(**said, run_kind="live", decision_at=utc(SATURDAY, 15), points_mean=20.0),
        prediction(**said, run_kind="live", decision_at=utc(SATURDAY, 20), points_mean=21.0),
        prediction(**said, run_kind="live", role="shadow", decision_at=utc(SATURDAY, 21), points_mean=90.0),
    ]
    rows = tables["player_points_predictions"]
    tables["player_points_predictions"] = pd.concat([rows, frame("player_points_predictions", more)])
    players = body_of(facts(tables), SATURDAYS)["data"]["players"]
    tatum = [p for p in players if p["name"] == "Jayson Tatum"]
    assert [(p["points_mean"], p["run_kind"], p["decision_at"]) for p in tatum] == [
        (21.0, "live", "2024-11-02T20:00:00Z")
    ]


def test_a_player_without_context_is_named_by_his_newest_box_score() -> None:
    tables = weekend()
    rows = tables["upcoming_player_game_context"]
    tables["upcoming_player_game_context"] = rows[rows["game_date"] == pd.Timestamp(FRIDAY)]
    assert {p["name"] for p in body_of(facts(tables), SATURDAYS)["data"]["players"]} == {"Jayson Tatum", "LaMelo Ball"}
    tables["player_game_summary"] = tables["player_game_summary"].iloc[:0]
    assert {p["name"] for p in body_of(facts(tables), SATURDAYS)["data"]["players"]} == {None}


def test_a_game_document_has_both_sides_and_who_is_out() -> None:
    tables = weekend()
    rows = tables["upcoming_player_game_context"].copy()
    hurt = (rows["game_id"] == "0022400140") & (rows["team"] == "BOS")
    rows.loc[hurt, "injury_status"] = "questionable"
    rows.loc[hurt, "injury_reason"] = "left ankle"
    tables["upcoming_player_game_context"] = rows
    home, away = body_of(facts(tables), "historical/2024-11-02/games/0022400140.json")["data"]["teams"]
    assert (home["team"], home["name"], home["is_home"], home["out"]) == ("CHA", "Charlotte Hornets", True, [])
    assert away["out"] == [
        {
            "player_id": "1628369",
            "name": "Jayson Tatum",
            "injury_status": "questionable",
            "injury_reason": "left ankle",
        }
    ]


@pytest.mark.parametrize(("home_mean", "expected"), [(20.0, [20.0, 9.0]), (None, [12.52, 11.52])])
def test_a_sides_players_add_up_to_its_expected_points(home_mean: float | None, expected: list[float]) -> None:
    """One man a side who plays one time in two; without a prediction of the game there is nothing to agree with."""
    tables = weekend()
    tables["player_points_predictions"] = tables["player_points_predictions"].assign(p_play=0.5)
    games = tables["game_predictions"].assign(home_mean=home_mean, away_mean=9.0)
    tables["game_predictions"] = games if home_mean else games.iloc[:0]
    data = body_of(facts(tables), "historical/2024-11-02/games/0022400140.json")["data"]
    men = {player["team"]: player["expected_points"] for player in data["players"]}
    assert [men["CHA"], men["BOS"]] == expected
    assert [team["expected_points"] for team in data["teams"]] == (expected if home_mean else [None, None])


def test_a_player_document_shows_his_newest_slate_row_and_his_past(published: dict[str, Published]) -> None:
    data = published["latest/players/1628369.json"].data
    assert (data["name"], data["team"]) == ("Jayson Tatum", "BOS")
    assert (data["next"]["game_date"], data["next"]["game_status"]) == ("2024-11-02", "scheduled")
    assert len(data["next"]["points_pmf"]) == 61
    assert [(r["game_date"], r["opponent"], r["points"], r["outcome"]) for r in data["recent"]] == [
        ("2024-11-01", "CHA", 27, "over")
    ]
    assert [(r["line_value"], r["decision"], r["result"], r["dnp"]) for r in data["recent"]] == [
        (24.5, "PASS", "no_bet", False)
    ]
    assert data["season"] == {"season": "2024-25", "games": 1, "ppg": 27.0, "mpg": 36.5}
    assert data["record"] == {"n": 1, "mae": 1.96, "line_mae": 2.25}


def test_a_player_document_is_the_same_whichever_of_his_dates_is_published() -> None:
    name = "latest/players/1628369.json"
    assert body_of(facts(weekend(), FRIDAY), name) == body_of(facts(weekend(), SATURDAY), name)


def test_recent_holds_the_last_twenty_games_newest_first_also_those_he_did_not_play() -> None:
    tables = weekend()
    days = [FRIDAY - dt.timedelta(days=n) for n in range(1, 26)]
    past = [box(day, f"00224{n:05d}", "BOS", "NYK", None if n == 0 else 20 + n) for n, day in enumerate(days)]
    tables["player_game_summary"] = pd.concat([tables["player_game_summary"], frame("player_game_summary", past)])
    recent = body_of(facts(tables), "latest/players/1628369.json")["data"]["recent"]
    assert [r["game_date"] for r in recent] == [str(FRIDAY), *(str(day) for day in days[:19])]
    assert (recent[1]["dnp"], recent[1]["points"], recent[1]["minutes"]) == (True, None, None)


def test_games_more_than_a_year_before_his_newest_are_not_in_his_document() -> None:
    tables = weekend()
    old = box(SATURDAY - dt.timedelta(days=365), "0022300001", "BOS", "NYK", 50, season=2023)
    tables["player_game_summary"] = pd.concat([tables["player_game_summary"], frame("player_game_summary", [old])])
    data = body_of(facts(tables), "latest/players/1628369.json")["data"]
    assert [r["points"] for r in data["recent"]] == [27]
    assert data["season"]["games"] == 1


def test_a_simulated_league_says_so_in_every_document() -> None:
    tables = weekend()
    tables["nbac_schedule"] = tables["nbac_schedule"].assign(arena_name="Simulated Garden")
    origins = {name: document.body["data_origin"] for name, document in documents(facts(tables)).items()}
    assert {name for name, origin in origins.items() if origin != "simulated"} == {"schedule.json", "search.json"}


def test_the_indexes_list_what_there_is(published: dict[str, Published]) -> None:
    dates = published["schedule.json"].data["dates"]
    assert [(d["game_date"], d["games"], d["status"]) for d in dates] == [
        ("2024-11-01", 2, "complete"),
        ("2024-11-02", 1, "complete"),
        ("2024-11-03", 0, "empty"),
    ]
    search = published["search.json"].data
    assert [p["name"] for p in search["players"]] == ["Jayson Tatum", "LaMelo Ball", "Nikola Jokić", "LeBron James"]
    assert {p["path"] for p in search["players"]} <= set(published)
    assert [(g["game_date"], g["home"], g["away"]) for g in search["games"]] == [
        ("2024-11-01", "BOS", "CHA"),
        ("2024-11-01", "DEN", "LAL"),
        ("2024-11-02", "CHA", "BOS"),
    ]
    assert len(search["teams"]) == 30


def test_a_game_line_is_shown_with_the_market() -> None:
    tables = weekend()
    lined = game_prediction(
        SATURDAY, "0022400140", "CHA", "BOS", home_spread=8.5, total_line=221.25, market_p_home=0.21
    )
    tables["game_predictions"] = frame("game_predictions", [lined])
    listed = body_of(facts(tables, SATURDAY), SATURDAYS)["data"]["games"][0]
    assert (listed["home_spread"], listed["total_line"], listed["market_p_home"]) == (8.5, 221.25, 0.21)


def test_every_number_says_which_model_made_it(published: dict[str, Published]) -> None:
    """The slate's and the game's rows, not the envelope alone: the models of two games may differ."""
    for name in (FRIDAYS, "historical/2024-11-01/games/0022400130.json"):
        data = published[name].data
        games = data["games"] if "games" in data else [data["game"]]
        assert {g["model_version"] for g in games} == {"g1"}
        assert {p["model_version"] for p in data["players"]} == {"m1"}
    tables = weekend()
    said = tables["player_points_predictions"]
    one = said["player_id"] == "203999"
    tables["player_points_predictions"] = said.assign(model_version=said["model_version"].mask(one, "m2"))
    tables["game_predictions"] = tables["game_predictions"].iloc[1:]
    data = body_of(facts(tables), FRIDAYS)["data"]
    assert [p["model_version"] for p in data["players"]] == ["m1", "m1", "m2", "m1"]
    assert [g["model_version"] for g in data["games"]] == [None, "g1"]
