"""injury_reports: the latest report known, who withheld it, what it says of a player, how often that changed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nba_assets.transforms import injury_reports
from nba_assets_tests.transforms.leagues import at, day, frame

Rows = list[dict[str, Any]]
GAMES = pd.DataFrame(
    {
        "game_date": [day("11-20")] * 3,
        "game_id": ["0022400900", "0022400900", "0022400901"],
        "team": ["BOS", "DEN", "NYK"],
        "decision_at": pd.Series([at("11-20 23:30")] * 2 + [at("11-21 01:30")]).astype("datetime64[us, UTC]").array,
    },
    index=[7, 8, 9],
)
"""DEN at BOS, decided at 23:30; NYK plays two hours later."""


def said(player: str, status: str, when: str, team: str = "BOS", **facts: Any) -> dict[str, Any]:
    """A line of the report of the hour, of the first game."""
    row = {"game_date": day("11-20"), "game_id": "0022400900", "team_tricode": team, "row_kind": "player"}
    man = {"player_id": player, "player_key": player, "injury_status": status}
    return row | man | {"report_at": at(f"11-20 {when}"), "known_at": at(f"11-20 {when}")} | facts


def withheld(when: str, team: str = "BOS", **facts: Any) -> dict[str, Any]:
    nobody = {"player_id": None, "injury_status": None, "player_key": f"team:{team}", "row_kind": "not_submitted"}
    return said("", "", when, team) | nobody | facts


def known(*rows: dict[str, Any]) -> pd.DataFrame:
    return injury_reports.known_reports(GAMES, frame("nbac_injury_report", list(rows)))


def statuses(*rows: dict[str, Any]) -> dict[str, str]:
    found = injury_reports.latest_statuses(known(*rows))
    return dict(zip(found["player_id"], found["injury_status"], strict=True))


def test_a_report_counts_from_when_it_is_known() -> None:
    early, late = said("1", "out", "18:00"), said("1", "probable", "22:00")

    assert statuses(early, late | {"known_at": at("11-20 23:30")}) == {"1": "probable"}
    assert statuses(early, late | {"known_at": at("11-20 23:31")}) == {"1": "out"}


def test_the_latest_report_is_the_one_of_the_latest_hour_not_the_last_to_be_known() -> None:
    old = said("1", "out", "18:00", known_at=at("11-20 23:00"))

    assert statuses(said("1", "probable", "19:00"), old) == {"1": "probable"}
    assert statuses(old, said("2", "out", "19:00")) == {"2": "out"}


def test_a_report_says_of_all_its_players() -> None:
    assert statuses(said("1", "out", "18:00"), said("4", "doubtful", "18:00")) == {"1": "out", "4": "doubtful"}
    both = [said("1", "out", "15:00"), said("2", "out", "15:00", "DEN")]
    assert changes(*both, said("2", "out", "16:00", "DEN")) == [1, 0]


def test_each_game_has_its_own_latest_report() -> None:
    other = said("3", "doubtful", "16:00", "NYK", game_id="0022400901")

    assert statuses(said("1", "out", "18:00"), other) == {"1": "out", "3": "doubtful"}


def test_each_game_has_its_own_decision() -> None:
    late = {"known_at": at("11-21 01:30")}
    other = said("3", "out", "16:00", "NYK", game_id="0022400901", **late)

    assert statuses(said("1", "out", "18:00", **late), other) == {"3": "out"}


def test_a_player_is_once_in_a_report_and_only_if_he_is_known() -> None:
    """Of two teams that list him the first by code counts, whatever the order of the rows."""
    twice = [said("1", "probable", "18:00", "DEN"), said("1", "out", "18:00", injury_reason="Rest")]
    nobody = said("", "out", "18:00", player_id=None)

    found = injury_reports.latest_statuses(known(*twice, nobody))

    assert found.to_numpy().tolist() == [[day("11-20"), "0022400900", "BOS", "1", "out", "Rest"]]
    assert changes(*twice, said("1", "out", "17:00")) == [0, 0]
    assert known(nobody).empty
    assert len(known(withheld("18:00"))) == 1


def test_a_team_that_withheld_the_latest_report_is_unknown() -> None:
    states = injury_reports.team_states(GAMES, known(said("2", "out", "17:00", "DEN"), withheld("18:00")))

    assert states["submitted"].to_dict() == {7: False, 8: True, 9: False}
    assert states.loc[[7, 8], "report_at"].tolist() == [at("11-20 18:00")] * 2
    assert pd.isna(states.loc[9, "report_at"])


def test_a_team_that_is_marked_twice_is_one() -> None:
    states = injury_reports.team_states(GAMES, known(withheld("18:00"), withheld("18:00", player_key="team:BOS#2")))

    assert states["submitted"].to_dict() == {7: False, 8: True, 9: False}


def test_a_team_that_withheld_an_older_report_only_has_submitted() -> None:
    states = injury_reports.team_states(GAMES, known(withheld("17:00"), said("2", "out", "18:00", "DEN")))

    assert states["submitted"].to_dict() == {7: True, 8: True, 9: False}


def test_nothing_to_report_is_submitted() -> None:
    states = injury_reports.team_states(GAMES, known(withheld("18:00", row_kind="nothing_to_report")))

    assert states.loc[7, "submitted"]


def test_reports_are_known_when_the_last_of_them_was() -> None:
    rows = known(said("1", "out", "17:00", known_at=at("11-20 22:00")), said("1", "out", "18:00"))

    assert injury_reports.team_states(GAMES, rows).loc[7, "reports_known_at"] == at("11-20 22:00")


def changes(*rows: dict[str, Any]) -> list[int | None]:
    """Of player 1, BOS, and player 2, DEN."""
    people = GAMES.head(2).assign(player_id=["1", "2"])
    found = injury_reports.status_changes(people, known(*rows))
    assert found.index.tolist() == [7, 8]
    return [None if pd.isna(count) else int(count) for count in found]


def test_a_status_changes_from_report_to_report() -> None:
    hours = [said("1", "questionable", "15:00"), said("1", "questionable", "16:00"), said("1", "out", "17:00")]

    assert changes(*hours) == [1, 0]
    assert changes(*reversed(hours)) == [1, 0]
    assert changes(*hours, said("1", "questionable", "18:00")) == [2, 0]


def test_who_is_not_on_a_submitted_report_is_available_there() -> None:
    assert changes(said("1", "out", "15:00"), said("2", "out", "16:00", "DEN"), said("1", "out", "17:00")) == [2, 2]
    assert changes(said("1", "available", "15:00"), said("2", "out", "16:00", "DEN")) == [0, 1]


def test_a_report_that_his_team_withheld_says_nothing_of_him() -> None:
    assert changes(said("1", "out", "15:00"), withheld("16:00"), said("1", "out", "17:00")) == [0, 0]
    assert changes(withheld("15:00"), said("2", "out", "15:00", "DEN")) == [None, 0]
    assert changes() == [None, None]


def test_the_last_of_one_man_and_the_first_of_the_next_are_no_change() -> None:
    assert changes(said("1", "out", "15:00"), said("2", "doubtful", "15:00", "DEN")) == [0, 0]
