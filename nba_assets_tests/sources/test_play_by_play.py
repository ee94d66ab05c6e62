"""The league's play-by-play in its three forms."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from nba_assets import sources
from nba_assets.sources.game_clock import clock_seconds, elapsed_seconds
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets_tests.sources.events import (
    BRUNSON,
    CDN_NAME,
    DAY,
    GAME,
    HART,
    MAXEY,
    NYK,
    OUBRE,
    TOWNS,
    V2_NAME,
    V3_NAME,
    Json,
    cdn,
    v2,
    v3,
)


def parse(payload: Json, name: str = CDN_NAME) -> Parsed:
    return sources.parse("nbac_play_by_play", json.dumps(payload).encode(), name)


def rejected(payload: Json, name: str = CDN_NAME) -> tuple[str, str]:
    """(rule, place) of the one reject of a file of which nothing is used."""
    found = parse(payload, name)
    assert found.outcome is Outcome.BAD and found.rows.empty
    (reject,) = found.rejects
    return reject.rule, reject.place


def events(payload: Json) -> list[Json]:
    listed: list[Json] = payload["game"]["actions"]
    return listed


def of_type(found: Parsed, type_: str) -> list[Any]:
    return list(found.rows[found.rows["action_type"] == type_].itertuples())


class TestClock:
    @pytest.mark.parametrize(
        ("text", "seconds"),
        [("PT11M44.00S", 704), ("PT00M03.20S", 3.2), ("PT12M", 720), ("11:44", 704), ("0:11:44", 704), ("0:03.2", 3.2)],
    )
    def test_every_form_is_read(self, text: str, seconds: float) -> None:
        assert clock_seconds(text) == seconds

    @pytest.mark.parametrize("text", ["", "PT", "11", "11:60", "1:11:44", "PT61M61S", "-0:01", "11:4"])
    def test_anything_else_is_not(self, text: str) -> None:
        with pytest.raises(ValueError, match="game clock"):
            clock_seconds(text)

    @pytest.mark.parametrize(("period", "left", "since"), [(1, 720, 0), (4, 0.1, 2879.9), (5, 300, 2880), (6, 0, 3480)])
    def test_time_since_the_tip_counts_overtimes_of_five_minutes(self, period: int, left: float, since: float) -> None:
        assert elapsed_seconds(period, left) == since


class TestContentNetwork:
    def test_a_whole_game(self) -> None:
        found = parse(cdn())
        assert (
            found.outcome is Outcome.OK and len(found.rows) == 19 and found.rows["order_number"].is_monotonic_increasing
        )
        unit = found.speaks_for.iloc[0]
        assert (unit["game_date"], unit["game_id"]) == (pd.Timestamp(DAY), GAME)
        assert (unit["away_tricode"], unit["home_tricode"]) == ("NYK", "PHI"), "as the score tells them apart"

    def test_a_made_shot_with_its_place(self) -> None:
        (shot,) = of_type(parse(cdn()), "2pt")
        assert (shot.player_id, shot.assist_player_id, shot.team_tricode) == (str(BRUNSON), str(HART), "NYK")
        assert shot.is_field_goal and shot.is_made and shot.shot_value == 2
        assert (shot.shot_x_ft, shot.shot_y_ft, shot.shot_distance_ft) == (-3.0, 4.0, 5.0)
        assert shot.shot_zone == "In The Paint (Non-RA)" and shot.qualifiers == "pointsinthepaint,fastbreak"
        assert (shot.clock_seconds, shot.elapsed_seconds) == (700.0, 20.0)
        assert (shot.score_home, shot.score_away) == (0, 2)
        assert shot.wall_time == pd.Timestamp("2025-01-16T00:10:00.5Z")

    def test_who_else_takes_part(self) -> None:
        found = parse(cdn())
        assert of_type(found, "3pt")[0].block_player_id == str(TOWNS)
        assert of_type(found, "turnover")[0].steal_player_id == str(MAXEY)
        assert of_type(found, "foul")[0].foul_drawn_player_id == str(MAXEY)
        assert [e.player_id for type_ in ("block", "steal") for e in of_type(found, type_)] == [str(TOWNS), str(MAXEY)]

    def test_a_team_event_has_a_team_and_no_player(self) -> None:
        of_team = of_type(parse(cdn()), "rebound")[1]
        assert of_team.team_tricode == "NYK" and of_team.player_id is None

    def test_the_area_of_what_is_no_shot_is_no_zone(self) -> None:
        assert of_type(parse(cdn()), "rebound")[0].shot_zone is None

    def test_only_shots_have_a_result(self) -> None:
        rows = parse(cdn()).rows
        assert set(rows.loc[rows["is_made"].notna(), "action_type"]) == {"2pt", "3pt", "freethrow"}

    def test_names_and_teams_go_to_the_registry(self) -> None:
        people = parse(cdn()).identities.set_index("player_id")
        assert set(people.index) == {str(p) for p in (BRUNSON, TOWNS, MAXEY, OUBRE)}, "Hart only fouled"
        assert people.loc[str(OUBRE), ["player_name", "team_tricode", "game_id"]].tolist() == [
            "K. Oubre Jr.",
            "PHI",
            GAME,
        ]

    def test_a_coach_with_a_technical_foul_is_no_player(self) -> None:
        payload = cdn()
        events(payload)[7] |= {"subType": "technical", "personId": 99, "playerNameI": "A. Coach"}
        assert "99" not in set(parse(payload).identities["player_id"])

    def test_events_stand_by_their_order_number(self) -> None:
        payload = cdn()
        events(payload).reverse()
        assert parse(payload).rows.equals(parse(cdn()).rows)

    def test_a_live_game_gives_its_rows_and_waits_for_the_rest(self) -> None:
        found = parse(cdn(last=5))
        assert found.outcome is Outcome.PARTIAL and not found.rejects
        assert len(found.rows) == 5 and not found.rows["is_final"].any() and len(found.speaks_for) == 1

    def test_before_the_tip_there_is_nothing(self) -> None:
        assert parse(cdn(last=0)).outcome is Outcome.EMPTY

    def test_a_falling_score_is_kept(self) -> None:
        payload = cdn()
        events(payload)[2]["scoreAway"] = "4"
        assert parse(payload).outcome is Outcome.OK

    @pytest.mark.parametrize(
        ("event", "change", "rule"),
        [
            (1, {"clock": "12:61"}, "clock"),
            (1, {"clock": "PT12M01.00S"}, "clock"),
            (1, {"period": 0}, "range"),
            (1, {"scoreHome": "1e1"}, "type"),
            (1, {"scoreHome": 2}, "type"),
            (1, {"shotResult": None}, "shot"),
            (1, {"area": "Downtown"}, "area"),
            (1, {"xLegacy": 9999}, "range"),
            (1, {"xLegacy": "left"}, "type"),
            (1, {"timeActual": "yesterday"}, "time"),
            (1, {"qualifiers": "team"}, "type"),
            (1, {"personId": "Brunson"}, "type"),
            (2, {"orderNumber": 40000}, "order"),
        ],
    )
    def test_an_event_that_is_none_names_its_place(self, event: int, change: Json, rule: str) -> None:
        payload = cdn()
        events(payload)[event] |= change
        found = rejected(payload)
        assert found == (rule, f"$.game.actions[{event}].{next(iter(change))}")

    def test_a_final_score_that_the_shots_do_not_give(self) -> None:
        payload = cdn()
        del events(payload)[1]
        assert rejected(payload) == ("points", "$.game.actions[17]")

    def test_a_final_game_with_a_period_that_does_not_end(self) -> None:
        payload = cdn()
        payload["game"]["actions"] = [e for e in events(payload) if (e["period"], e["subType"]) != (3, "end")]
        found = parse(payload)
        assert found.outcome is Outcome.BAD and found.rejects[0].rule == "periods"
        assert found.rejects[0].message == "no end of period 3"

    def test_events_of_a_third_team(self) -> None:
        payload = cdn(last=5)
        events(payload)[4]["teamTricode"] = "BOS"
        assert rejected(payload) == ("teams", "$.game.actions[4]")


class TestForm:
    def test_the_game_is_that_of_the_folder(self) -> None:
        name = CDN_NAME.replace(f"game-{GAME}", "game-0022400562")
        assert rejected(cdn(), name) == ("path", "$.game.gameId")

    @pytest.mark.parametrize(
        ("payload", "name"), [(v3(), CDN_NAME), (v2(), CDN_NAME), (cdn(), V3_NAME), (v3(), V2_NAME)]
    )
    def test_a_form_in_another_forms_folder_is_bad(self, payload: Json, name: str) -> None:
        assert rejected(payload, name) == ("form", "$")

    def test_a_file_outside_of_the_folders_needs_a_date(self) -> None:
        assert rejected(cdn(), "playbyplay.json") == ("path", "object name")
        assert parse(cdn(), f"{DAY}/playbyplay.json").outcome is Outcome.OK


class TestV3:
    def test_types_in_the_content_networks_words(self) -> None:
        found = parse(v3(), V3_NAME)
        assert found.outcome is Outcome.OK
        types = [
            "period",
            "2pt",
            "3pt",
            "block",
            "turnover",
            "steal",
            "freethrow",
            "freethrow",
            "timeout",
            "substitution",
        ]
        assert found.rows["action_type"].tolist()[:10] == types
        assert found.rows["order_number"].tolist() == list(range(len(found.rows))), "numbers of events repeat"

    def test_shots_and_free_throws(self) -> None:
        found = parse(v3(), V3_NAME)
        (two,) = of_type(found, "2pt")
        assert (two.is_made, two.shot_value, two.shot_x_ft, two.shot_distance_ft) == (True, 2, -3.0, 5.0)
        assert two.assist_player_id is None and two.shot_zone is None
        assert [(e.is_made, e.shot_value, e.sub_type) for e in of_type(found, "freethrow")] == [
            (True, 1, "1 of 1"),
            (False, 1, "Free Throw Technical"),
        ]

    def test_an_empty_score_is_that_of_before(self) -> None:
        rows = parse(v3(), V3_NAME).rows
        assert list(zip(rows["score_away"], rows["score_home"], strict=True))[:8] == [
            (0, 0),
            *[(2, 0)] * 5,
            *[(2, 1)] * 2,
        ]

    def test_a_teams_id_is_no_player(self) -> None:
        (timeout,) = of_type(parse(v3(), V3_NAME), "timeout")
        assert timeout.player_id is None and timeout.team_tricode == "NYK"

    def test_it_is_over_when_the_fourth_ends_with_a_winner(self) -> None:
        assert parse(v3(last=-1), V3_NAME).outcome is Outcome.PARTIAL
        tied = v3()
        events(tied)[-2]["scoreHome"] = "2"
        assert parse(tied, V3_NAME).outcome is Outcome.PARTIAL

    def test_a_shot_worth_nothing(self) -> None:
        payload = v3()
        events(payload)[1]["shotValue"] = 0
        assert rejected(payload, V3_NAME) == ("shot", "$.game.actions[1].shotValue")


class TestV2:
    def test_types_in_the_content_networks_words(self) -> None:
        found = parse(v2(), V2_NAME)
        assert found.outcome is Outcome.OK and found.rows["order_number"].tolist() == list(range(len(found.rows)))
        types = ["period", "2pt", "3pt", "rebound", "turnover", "foul", "freethrow", "freethrow", "timeout"]
        assert found.rows["action_type"].tolist()[:13] == [*types, "substitution", "substitution", "type 18", "period"]

    def test_persons(self) -> None:
        found = parse(v2(), V2_NAME)
        assert of_type(found, "2pt")[0].assist_player_id == str(HART)
        assert of_type(found, "3pt")[0].block_player_id == str(TOWNS)
        assert of_type(found, "turnover")[0].steal_player_id == str(MAXEY)
        assert of_type(found, "foul")[0].foul_drawn_player_id == str(MAXEY)
        assert of_type(found, "2pt")[0].steal_player_id is None

    def test_a_substitution_is_two_events(self) -> None:
        out, in_ = of_type(parse(v2(), V2_NAME), "substitution")
        assert (out.player_id, out.sub_type, in_.player_id, in_.sub_type) == (str(BRUNSON), "out", str(HART), "in")
        assert out.action_number == in_.action_number

    def test_results_and_score_stand_in_the_text(self) -> None:
        found = parse(v2(), V2_NAME)
        assert [(e.is_made, e.sub_type) for e in of_type(found, "freethrow")] == [(True, "1 of 2"), (False, "2 of 2")]
        assert [(e.is_made, e.shot_value) for e in of_type(found, "3pt")] == [(False, 3), (True, 3)]
        assert found.rows["score_home"].tolist()[-1] == 4 and found.rows["score_away"].tolist()[-1] == 2
        assert found.rows["shot_x_ft"].isna().all()

    def test_a_teams_id_is_a_team_event(self) -> None:
        (timeout,) = of_type(parse(v2(), V2_NAME), "timeout")
        assert timeout.player_id is None and timeout.team_tricode == "NYK" and NYK not in (timeout.player_id,)

    def test_full_names_go_to_the_registry(self) -> None:
        people = parse(v2(), V2_NAME).identities.set_index("player_id")["player_name"]
        assert people.loc[str(OUBRE)] == "Kelly Oubre Jr." and str(NYK) not in people.index

    def test_rows_of_two_games(self) -> None:
        payload = v2()
        payload["resultSets"][0]["rowSet"][3][0] = "0022400562"
        assert rejected(payload, V2_NAME) == ("game_id", "$.resultSets[0].rowSet[].GAME_ID")

    def test_no_rows_are_empty(self) -> None:
        assert parse(v2(last=0), V2_NAME).outcome is Outcome.EMPTY
