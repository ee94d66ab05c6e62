"""asks: which games and players a date has, and when they are decided, as schedule and registry were known."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.transforms import asks
from nba_assets_tests.transforms.leagues import at, corrected, day, final, frame, game, league, listing, man


def games(*rows: dict[str, Any], date: str = "11-05") -> pd.DataFrame:
    return asks.team_games({"nbac_schedule": frame("nbac_schedule", list(rows))}, [day(date)])


def test_a_game_has_a_row_for_each_team() -> None:
    found = games(game("11-05", 1, "DEN", "BOS"))

    assert found[["team", "opponent"]].to_numpy().tolist() == [["BOS", "DEN"], ["DEN", "BOS"]]
    assert found["is_home"].tolist() == [True, False]
    assert set(found["decision_at"]) == {at("11-05 23:30")}
    assert set(found["known_at"]) == {at("11-05 12:00")}


def test_the_tip_is_the_one_of_the_schedule_known_at_the_decision() -> None:
    """Moved at 15:00 from 19:00 to 21:00 in New York."""
    rows = corrected(game("11-05", 1, "DEN", "BOS"), at("11-05 15:00"), tip_at=at("11-06 02:00"))

    found = games(*rows)

    assert set(found["decision_at"]) == {at("11-06 01:30")}
    assert set(found["known_at"]) == {at("11-05 15:00")}


def test_a_delay_after_the_decision_moves_nothing() -> None:
    rows = corrected(game("11-05", 1, "DEN", "BOS"), at("11-05 23:45"), tip_at=at("11-06 02:00"))

    assert set(games(*rows)["tip_at"]) == {at("11-06 00:00")}


def test_a_tip_moved_forward_past_its_decision_decides_when_it_is_known() -> None:
    rows = corrected(game("11-05", 1, "DEN", "BOS"), at("11-05 22:00"), tip_at=at("11-05 22:20"))

    found = games(*rows)

    assert set(found["decision_at"]) == {at("11-05 22:00")}
    assert set(found["tip_at"]) == {at("11-05 22:20")}


def test_a_tip_that_had_passed_when_it_became_known_decides_nothing() -> None:
    rows = corrected(game("11-05", 1, "DEN", "BOS"), at("11-05 22:30"), tip_at=at("11-05 22:20"))

    assert games(*rows).empty


def test_a_tip_that_becomes_known_at_the_tip_decides_nothing() -> None:
    rows = corrected(game("11-05", 1, "DEN", "BOS"), at("11-05 22:20"), tip_at=at("11-05 22:20"))

    assert games(*rows).empty


def test_a_game_listed_at_its_decision_is_decided() -> None:
    assert len(games(game("11-05", 1, "DEN", "BOS", known_at=at("11-05 23:30")))) == 2


def test_of_versions_that_all_decide_the_first_counts_whatever_their_order() -> None:
    rows = corrected(game("11-05", 1, "DEN", "BOS"), at("11-05 23:45"), tip_at=at("11-06 02:00"))

    found = asks.team_games({"nbac_schedule": frame("nbac_schedule", rows).iloc[::-1]}, [day("11-05")])

    assert set(found["tip_at"]) == {at("11-06 00:00")}


def test_every_date_has_its_own_games_and_players() -> None:
    inputs = {
        "nbac_schedule": frame("nbac_schedule", [game("11-05", 1, "DEN", "BOS"), game("11-06", 2, "DEN", "BOS")]),
        "nbac_player_list": frame("nbac_player_list", listing("11-05", {"9": "BOS", "7": "BOS", "8": "DEN"})),
    }
    dates = [day("11-05"), day("11-06")]

    assert asks.team_games(inputs, dates)["team"].tolist() == ["BOS", "DEN"] * 2
    assert asks.players(inputs, dates)["player_id"].tolist() == ["7", "8", "9"] * 2


def test_the_final_version_does_not_decide() -> None:
    found = games(*final(game("11-05", 1, "DEN", "BOS"), 100, 110))

    assert set(found["known_at"]) == {at("11-05 12:00")}


@pytest.mark.parametrize(
    "facts",
    [
        {"known_at": at("11-05 23:31")},
        {"known_at": at("11-06 07:00"), "game_status": 3},
        {"tip_at": None},
        {"is_postponed": True},
    ],
    ids=["listed after the decision", "known from its final only", "no tip", "postponed"],
)
def test_no_rows(facts: dict[str, Any]) -> None:
    assert games(game("11-05", 1, "DEN", "BOS") | facts).empty


@pytest.mark.parametrize(("kind", "rows"), [("1", 0), ("2", 2), ("3", 0), ("4", 2), ("5", 2), ("6", 2)])
def test_preseason_and_all_star_games_have_no_rows(kind: str, rows: int) -> None:
    assert len(games(game("11-05", 1, "DEN", "BOS", kind))) == rows


def test_a_postponed_game_counts_on_its_new_date_only() -> None:
    """Moved on the morning: the old date's row is closed, the new date has one."""
    old = game("11-05", 1, "DEN", "BOS", known_at=at("11-04 12:00"), superseded_at=at("11-05 14:00"))
    new = game("11-09", 1, "DEN", "BOS", known_at=at("11-05 14:00"))

    assert games(old, new).empty
    assert len(games(old, new, date="11-09")) == 2


def test_a_game_postponed_after_its_decision_had_been_decided() -> None:
    rows = corrected(game("11-05", 1, "DEN", "BOS"), at("11-05 23:40"), is_postponed=True)

    assert len(games(*rows)) == 2


def test_of_two_games_of_a_team_the_one_that_is_not_postponed_stays() -> None:
    off = game("11-05", 1, "DEN", "BOS", is_postponed=True)
    on = game("11-05", 2, "NYK", "BOS")

    assert games(off, on)["opponent"].tolist() == ["NYK", "BOS"]


def test_two_games_of_a_team_that_are_both_on_contradict_each_other() -> None:
    found = games(game("11-05", 1, "DEN", "BOS"), game("11-05", 2, "NYK", "BOS"), game("11-05", 3, "LAL", "MIA"))

    assert found["team"].tolist() == ["LAL", "MIA"]


@pytest.mark.parametrize(("away", "home"), [("NYK", "BOS"), ("BOS", "NYK"), ("DEN", "NYK"), ("NYK", "DEN")])
def test_they_contradict_each_other_on_whatever_side_the_team_is(away: str, home: str) -> None:
    assert games(game("11-05", 1, "DEN", "BOS"), game("11-05", 2, away, home)).empty


def test_of_two_games_of_a_team_the_one_decided_before_the_other_was_listed_stays() -> None:
    """The first is postponed after its decision, when the second is listed, with the lower id."""
    first = game("11-05", 2, "DEN", "BOS", tip_at=at("11-05 18:00"))
    second = game("11-05", 1, "NYK", "BOS", known_at=at("11-05 21:00"))

    found = games(*corrected(first, at("11-05 20:00"), is_postponed=True), second)

    assert found[["team", "opponent"]].to_numpy().tolist() == [["BOS", "DEN"], ["DEN", "BOS"]]


def people(
    lists: list[dict[str, Any]], boxes: list[dict[str, Any]] | None = None, date: str = "11-05"
) -> dict[str, tuple[str, str]]:
    """Player to team and its source, for DEN at BOS with T at 23:30 UTC."""
    inputs = {
        "nbac_schedule": frame("nbac_schedule", [game(date, 900, "DEN", "BOS")]),
        "nbac_player_list": frame("nbac_player_list", lists),
        "player_game_summary": frame("player_game_summary", boxes or []),
    }
    found = asks.players(inputs, [day(date)])
    return {row.player_id: (row.team, row.team_source) for row in found.itertuples()}


def test_players_are_those_of_the_newest_list() -> None:
    """Player 7 was traded to DEN, 9 was waived."""
    lists = [*listing("11-04", {"7": "BOS", "8": "DEN", "9": "BOS"}), *listing("11-05", {"7": "DEN", "8": "DEN"})]

    assert people(lists) == {"7": ("DEN", "player_list"), "8": ("DEN", "player_list")}


def test_a_list_known_after_the_decision_is_not_used() -> None:
    lists = [*listing("11-04", {"7": "BOS"}), *listing("11-05", {"7": "DEN"}, known_at=at("11-05 23:31"))]

    assert people(lists) == {"7": ("BOS", "player_list")}


def test_a_list_known_at_the_decision_is_used() -> None:
    lists = [*listing("11-04", {"7": "BOS"}), *listing("11-05", {"7": "DEN"}, known_at=at("11-05 23:30"))]

    assert people(lists) == {"7": ("DEN", "player_list")}


def test_known_at_is_the_later_of_the_schedules_and_of_the_row_that_placed_him() -> None:
    lists = [*listing("11-05", {"7": "BOS"}), *listing("11-05", {"8": "BOS"}, known_at=at("11-05 20:00"))]
    box = man(game("11-04", 1, "DEN", "BOS"), "9", "BOS", 10, known_at=at("11-05 21:00"))
    inputs = {
        "nbac_schedule": frame("nbac_schedule", [game("11-05", 900, "DEN", "BOS")]),
        "nbac_player_list": frame("nbac_player_list", lists),
        "player_game_summary": frame("player_game_summary", [box]),
    }

    found = asks.players(inputs, [day("11-05")]).set_index("player_id")["known_at"]

    assert found.to_dict() == {"7": at("11-05 12:00"), "8": at("11-05 20:00"), "9": at("11-05 21:00")}


def test_a_list_is_used_for_two_weeks() -> None:
    assert people(listing("10-22", {"7": "BOS"})) == {"7": ("BOS", "player_list")}
    assert people(listing("10-21", {"7": "BOS"})) == {}


def test_a_corrected_list_counts_from_when_it_is_known() -> None:
    (row,) = listing("11-05", {"7": "BOS"})

    assert people(corrected(row, at("11-05 23:00"), team_tricode="DEN")) == {"7": ("DEN", "player_list")}
    assert people(corrected(row, at("11-05 23:31"), team_tricode="DEN")) == {"7": ("BOS", "player_list")}


def test_who_is_not_on_the_roster_has_no_row() -> None:
    assert people(listing("11-05", {"7": "BOS"}, is_rostered=False)) == {}


def test_who_is_on_no_list_is_with_the_team_of_his_last_game() -> None:
    first, second = game("11-01", 1, "DEN", "BOS"), game("11-03", 2, "NYK", "BOS")
    boxes = [man(first, "7", "DEN", 10), man(second, "7", "BOS", 10), man(first, "8", "DEN")]

    assert people([], boxes) == {"7": ("BOS", "last_game"), "8": ("DEN", "last_game")}


def test_who_went_to_the_other_team_of_the_game_is_with_that_one() -> None:
    first, second = game("11-01", 1, "DEN", "BOS"), game("11-03", 2, "DEN", "NYK")

    assert people([], [man(first, "7", "BOS", 10), man(second, "7", "DEN", 10)]) == {"7": ("DEN", "last_game")}


def test_who_is_on_no_list_is_placed_beside_those_who_are() -> None:
    """Player 9 was waived on the fourth."""
    played = game("11-01", 1, "DEN", "BOS")
    lists = [*listing("11-03", {"7": "BOS", "9": "BOS"}), *listing("11-04", {"7": "BOS"})]

    found = people(lists, [man(played, player, "BOS", 10) for player in "789"])

    assert found == {"7": ("BOS", "player_list"), "8": ("BOS", "last_game")}


def test_a_list_of_more_than_two_weeks_ago_keeps_nobody_from_his_last_game() -> None:
    box = man(game("11-01", 1, "DEN", "BOS"), "7", "BOS", 10)

    assert people(listing("10-21", {"7": "BOS"}), [box]) == {"7": ("BOS", "last_game")}
    assert people([*listing("10-22", {"7": "BOS"}), *listing("11-05", {"8": "BOS"})], [box]) == {
        "8": ("BOS", "player_list")
    }


def test_the_last_game_is_as_known_at_the_decision() -> None:
    (box,) = [man(game("11-01", 1, "DEN", "BOS"), "7", "BOS", 10)]

    assert people([], [box | {"known_at": at("11-05 23:30")}]) == {"7": ("BOS", "last_game")}
    assert people([], [box | {"superseded_at": at("11-05 12:00")}]) == {}, "withdrawn"
    own = man(game("11-05", 900, "DEN", "BOS"), "7", "BOS", 10)
    assert people([], [box, own]) == {"7": ("BOS", "last_game")}, "the game itself, known later, changes nothing"


def test_who_is_on_an_older_list_does_not_return_by_his_last_game() -> None:
    """Waived on the fourth."""
    lists = [*listing("11-03", {"7": "BOS", "8": "BOS"}), *listing("11-04", {"8": "BOS"})]

    assert people(lists, [man(game("11-01", 1, "DEN", "BOS"), "7", "BOS", 10)]) == {"8": ("BOS", "player_list")}


def test_a_last_game_known_after_the_decision_places_nobody() -> None:
    box = man(game("11-04", 1, "DEN", "BOS"), "7", "BOS", 10, known_at=at("11-05 23:31"))

    assert people([], [box]) == {}


@pytest.mark.parametrize("numbers", [(1, 2), (2, 1)])
def test_who_is_traded_between_two_tips_of_a_date_is_in_the_game_decided_first(numbers: tuple[int, int]) -> None:
    """BOS play at 19:00, LAL at 22:00; at 20:00 the list has player 7 with LAL."""
    early = game("11-05", numbers[0], "DEN", "BOS")
    late = game("11-05", numbers[1], "NYK", "LAL", tip_at=at("11-06 03:00"))
    (before,) = listing("11-05", {"7": "BOS"})
    lists = corrected(before, at("11-06 01:00"), team_tricode="LAL")
    inputs = {
        "nbac_schedule": frame("nbac_schedule", [early, late]),
        "nbac_player_list": frame("nbac_player_list", lists),
    }

    found = asks.players(inputs, [day("11-05")])

    assert found[["player_id", "team", "game_id"]].to_numpy().tolist() == [["7", "BOS", early["game_id"]]]


def test_nothing_in_gives_nothing() -> None:
    assert asks.team_games({}, [day("11-05")]).empty
    assert asks.players({}, [day("11-05")]).empty


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_no_row_knows_more_than_its_decision_and_no_team_plays_twice(seed: int) -> None:
    inputs = league(seed)
    dates = list(pd.date_range("2024-11-01", periods=24))

    teams, found = asks.team_games(inputs, dates), asks.players(inputs, dates)

    for rows in (teams, found):
        assert (rows["known_at"] <= rows["decision_at"]).all()
        assert (rows["decision_at"] < rows["tip_at"]).all()
    assert not teams.duplicated(["game_date", "team"]).any()
    assert not found.duplicated(["game_date", "player_id"]).any()
