"""What a game waits for, and from when on its rows are known."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nba_assets.transforms import TRANSFORMS
from nba_assets.transforms.readiness import games_of
from nba_assets_tests.transforms.boxes import (
    AWAY,
    FINAL_AT,
    GAMEBOOK_AT,
    HOME,
    LISTED,
    bdl,
    gamebook,
    inputs_of,
    line,
    man,
    scheduled,
)
from nba_assets_tests.transforms.leagues import at, day, game

DAY = [day("11-01")]


def reason(**rows: list[dict[str, Any]]) -> str:
    found = games_of(inputs_of(**rows), DAY)
    assert found["game_id"].tolist() == [LISTED["game_id"]]
    return str(found["reason"].iloc[0])


def summary(**rows: list[dict[str, Any]]) -> pd.DataFrame:
    return TRANSFORMS["player_game_summary"](inputs_of(**rows), DAY)


def test_a_game_that_is_not_final() -> None:
    assert reason(schedule=[LISTED], gamebook=gamebook(), bdl=bdl()) == "schedule not final"
    assert summary(schedule=[LISTED], gamebook=gamebook(), bdl=bdl()).empty


def test_a_final_game_without_a_box_score() -> None:
    assert reason(schedule=scheduled(LISTED)) == "no box score yet"
    live = bdl(is_final=False)
    assert reason(schedule=scheduled(LISTED), bdl=live) == "no box score yet"


def test_a_game_with_both_is_ready_when_the_last_of_them_is_known() -> None:
    rows = {"schedule": scheduled(LISTED), "gamebook": gamebook(), "bdl": bdl()}
    assert reason(**rows) == ""
    assert summary(**rows)["known_at"].unique().tolist() == [FINAL_AT]
    late = summary(schedule=scheduled(LISTED), gamebook=gamebook(known_at=at("11-02 07:30")), bdl=bdl())
    assert late["known_at"].unique().tolist() == [at("11-02 07:30")]


def test_one_source_alone_is_ready_two_hours_after_the_final_was_known() -> None:
    rows = {"schedule": scheduled(LISTED), "bdl": bdl()}
    found = games_of(inputs_of(**rows), DAY).iloc[0]
    assert (found["reason"], found["not_before"]) == ("", at("11-02 09:00"))
    alone = summary(**rows)
    assert alone["known_at"].unique().tolist() == [at("11-02 09:00")]
    assert alone["box_source"].unique().tolist() == ["bdl"]
    later = summary(schedule=scheduled(LISTED), bdl=bdl(known_at=at("11-02 10:00")))
    assert later["known_at"].unique().tolist() == [at("11-02 10:00")]


def test_the_second_source_makes_new_versions() -> None:
    came = at("11-02 15:00")
    rows = summary(schedule=scheduled(LISTED), bdl=bdl(), gamebook=gamebook(known_at=came))
    one = rows[rows["player_id"] == "bos0"]
    assert one["box_source"].tolist() == ["bdl", "gamebook"]
    assert one["known_at"].tolist() == [at("11-02 09:00"), came]
    assert one["superseded_at"].iloc[0] == came
    assert pd.isna(one["superseded_at"].iloc[1])
    in_time = summary(schedule=scheduled(LISTED), bdl=bdl(), gamebook=gamebook(known_at=at("11-02 08:59")))
    assert in_time["box_source"].unique().tolist() == ["gamebook"]


def test_points_that_do_not_add_up_to_the_score() -> None:
    short = gamebook(points={"BOS": [29, *AWAY[1:]], "NYK": HOME})
    found = reason(schedule=scheduled(LISTED), gamebook=short, bdl=bdl())
    assert found == "BOS: players' points 99 do not add up to the score 100"
    assert summary(schedule=scheduled(LISTED), gamebook=short, bdl=bdl()).empty
    without = gamebook(points={"BOS": AWAY})
    assert "NYK: players' points 0" in reason(schedule=scheduled(LISTED), gamebook=without, bdl=bdl())


def test_a_scorer_without_a_league_id_is_named() -> None:
    book = gamebook()
    book[0] |= {"player_id": None, "player_key": "unresolved:BOS:manbos0#1", "resolution": "unresolved"}
    found = reason(schedule=scheduled(LISTED), gamebook=book, bdl=bdl())
    assert found == "no league id for Man bos0 (BOS), who scored 30"
    assert summary(schedule=scheduled(LISTED), gamebook=book, bdl=bdl()).empty


def test_an_unresolved_man_who_did_not_play_holds_nothing_up_and_feeds_nothing() -> None:
    nobody = man(LISTED, "BOS", 9, GAMEBOOK_AT, player_status="inactive", player_id=None, player_key="unresolved:x")
    rows = {"schedule": scheduled(LISTED), "gamebook": [*gamebook(), nobody], "bdl": bdl()}
    assert reason(**rows) == ""
    assert len(summary(**rows)) == 10


def test_a_correction_that_does_not_add_up_waits_and_keeps_what_was_known() -> None:
    wrong = at("11-04 12:00")
    book = [row | {"superseded_at": wrong} for row in gamebook()]
    book += gamebook(points={"BOS": [29, *AWAY[1:]], "NYK": HOME}, known_at=wrong)
    rows = {"schedule": scheduled(LISTED), "gamebook": book, "bdl": bdl()}
    assert "do not add up" in reason(**rows)
    kept = summary(**rows)
    assert len(kept) == 10
    assert kept["superseded_at"].isna().all()


def test_a_game_that_leaves_its_date_takes_its_rows_with_it() -> None:
    moved = at("11-03 12:00")
    listed, final = scheduled(LISTED)
    rows = summary(schedule=[listed, final | {"superseded_at": moved}], gamebook=gamebook(), bdl=bdl())
    assert rows["superseded_at"].unique().tolist() == [moved]


def test_postponed_and_all_star_games_are_not_waited_for() -> None:
    postponed = game("11-01", 102, "DEN", "LAL", is_postponed=True)
    stars = game("11-01", 1, "DEN", "LAL", kind="3")
    found = games_of(inputs_of(schedule=[*scheduled(LISTED, stars), postponed]), DAY)
    assert found["game_id"].tolist() == [LISTED["game_id"]]


def test_a_forfeited_game_is_not_waited_for() -> None:
    """2-0 or 0-2; a game that was played ends higher."""
    for away, home in ((2, 0), (0, 2)):
        assert games_of(inputs_of(schedule=scheduled(LISTED, away=away, home=home)), DAY).empty
    for away, home in ((2, 100), (100, 2)):
        assert len(games_of(inputs_of(schedule=scheduled(LISTED, away=away, home=home)), DAY)) == 1


def test_a_final_without_a_score_waits() -> None:
    rows = scheduled(LISTED, home_score=None)
    assert reason(schedule=rows, gamebook=gamebook(), bdl=bdl()).startswith("NYK: players' points 98 do not add up")


def test_a_single_point_without_a_league_id_holds_a_game_up() -> None:
    points = {"BOS": [1, 54, 20, 15, 10], "NYK": HOME}
    book = gamebook(points=points)
    book[0] |= {"player_id": None, "player_key": "unresolved:BOS:manbos0#1", "resolution": "unresolved"}
    found = reason(schedule=scheduled(LISTED), gamebook=book, bdl=bdl(points=points))
    assert found == "no league id for Man bos0 (BOS), who scored 1"


def test_scorers_without_a_league_id_are_named_by_team_and_name_with_all_their_points() -> None:
    book = gamebook()
    for number, name in ((0, "Zoe"), (1, "Abe"), (5, "Ann")):
        key = f"unresolved:x:{name}#1"
        book[number] |= {"player_id": None, "player_key": key, "player_name": name, "resolution": "unresolved"}
    found = reason(schedule=scheduled(LISTED), gamebook=book, bdl=bdl())
    assert found == "no league id for Abe (BOS), Zoe (BOS), Ann (NYK), who scored 83"


def test_an_unresolved_man_who_played_without_a_point_holds_a_game_up_for_all_sums_are_of_players() -> None:
    nobody = man(LISTED, "BOS", 9, GAMEBOOK_AT, player_status="active", **line(0))
    nobody |= {"player_id": None, "player_key": "unresolved:x"}
    assert (
        reason(schedule=scheduled(LISTED), gamebook=[*gamebook(), nobody], bdl=bdl())
        == "no league id for Man bos9 (BOS), who scored 0"
    )


def test_what_the_home_sides_points_are_not() -> None:
    short = gamebook(points={"BOS": AWAY, "NYK": [27, *HOME[1:]]})
    found = reason(schedule=scheduled(LISTED), gamebook=short, bdl=bdl())
    assert found == "NYK: players' points 97 do not add up to the score 98"


def test_three_of_four_games() -> None:
    others = [game("11-01", n, "DEN", "LAL") for n in (102, 103)]
    rows = {
        "schedule": [*scheduled(LISTED, *others), game("11-01", 104, "DEN", "LAL")],
        "gamebook": gamebook() + gamebook(others[0], {"DEN": AWAY, "LAL": HOME}),
        "bdl": bdl() + bdl(others[0], {"DEN": AWAY, "LAL": HOME}),
    }
    found = games_of(inputs_of(**rows), DAY)
    assert found["reason"].tolist() == ["", "", "no box score yet", "schedule not final"]
    assert summary(**rows)["game_id"].nunique() == 2
    assert games_of({}, DAY).empty
