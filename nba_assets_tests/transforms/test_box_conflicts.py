"""Both values of what the gamebook and BallDontLie tell differently."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nba_assets.transforms.box_conflicts import COLUMNS, conflicts
from nba_assets.transforms.box_scores import COUNTS
from nba_assets_tests.transforms.boxes import GAMEBOOK_AT, LISTED, bdl, gamebook, inputs_of, line, man, scheduled
from nba_assets_tests.transforms.leagues import at, day

DAY = [day("11-01")]


def values(**rows: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """(player, column, gamebook's value, BallDontLie's) of every conflict."""
    told = {"schedule": scheduled(LISTED), "gamebook": gamebook(), "bdl": bdl()} | rows
    found = conflicts(inputs_of(**told), DAY)
    assert tuple(found.columns) == COLUMNS
    assert found["player_name"].tolist() == [f"Man {who}" for who in found["player_id"]]
    return list(found[["player_id", "column", "gamebook", "bdl"]].itertuples(index=False, name=None))


def changed(rows: list[dict[str, Any]], number: int, **facts: Any) -> list[dict[str, Any]]:
    return [row | facts if place == number else row for place, row in enumerate(rows)]


def test_two_that_agree_have_no_conflicts() -> None:
    assert values() == []


def test_every_value_that_differs_is_shown_with_both_values() -> None:
    other = changed(changed(bdl(), 0, ast=5, reb=9, oreb=3), 6, tov=0, oreb=1)
    assert values(bdl=other) == [
        ("bos0", "oreb", "2", "3"),
        ("bos0", "reb", "8", "9"),
        ("bos0", "ast", "4", "5"),
        ("nyk1", "oreb", "2", "1"),
        ("nyk1", "tov", "2", "0"),
    ]


def test_time_may_differ_by_a_minute() -> None:
    assert values(bdl=changed(bdl(), 0, seconds_played=2820)) == []
    assert values(bdl=changed(bdl(), 0, seconds_played=2819)) == [("bos0", "seconds_played", "2880", "2819")]


def test_a_man_on_the_other_team() -> None:
    assert values(bdl=changed(bdl(), 0, team_tricode="NYK")) == [("bos0", "team_tricode", "BOS", "NYK")]


def test_a_man_who_played_by_one_of_them_only() -> None:
    bench = man(LISTED, "BOS", 7, GAMEBOOK_AT, player_status="dnp")
    scorer = man(LISTED, "BOS", 7, GAMEBOOK_AT, is_final=True, did_play=True, **line(2, 300))
    found = values(gamebook=[*gamebook(), bench], bdl=[*bdl(), scorer])
    assert ("bos7", "pts", "", "2") in found
    assert all(player == "bos7" for player, *_ in found)


def test_zero_and_no_number_are_one() -> None:
    zeros = dict.fromkeys((*COUNTS, "seconds_played"), 0)
    for ours, theirs in ((zeros, {}), ({}, zeros)):
        book = man(LISTED, "BOS", 7, GAMEBOOK_AT, player_status="dnp", **ours)
        idle = man(LISTED, "BOS", 7, GAMEBOOK_AT, is_final=True, did_play=False, **theirs)
        assert values(gamebook=[*gamebook(), book], bdl=[*bdl(), idle]) == []


def test_only_what_stands_now_counts() -> None:
    fixed = at("11-04 12:00")
    wrong = [row | {"superseded_at": fixed} for row in changed(bdl(), 0, ast=9)]
    assert values(bdl=[*wrong, *bdl(known_at=fixed)]) == []
    assert values(bdl=[]) == []
    assert values(gamebook=[]) == []
    assert conflicts({}, DAY).empty
    assert isinstance(conflicts({}, DAY), pd.DataFrame)
