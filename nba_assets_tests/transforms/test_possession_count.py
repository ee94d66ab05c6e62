"""Possessions counted in play-by-play, by hand and against the possessions that a simulated game was made of."""

from __future__ import annotations

import pytest

from nba_assets.transforms.possession_count import possessions
from nba_assets_tests.transforms.plays import BIGDATABALL, NBAC, Row, event, events_of, shot, throw

BOTH = pytest.mark.parametrize("table", [NBAC, BIGDATABALL])


def count(table: str, *rows: Row) -> float:
    found = possessions(table, events_of(table, list(rows)))
    assert list(found.index) == [0]
    return float(found.iloc[0])


@BOTH
def test_shots_turnovers_and_rebounds_change_possession(table: str) -> None:
    rows = [
        shot(table, "bos0", 2, "1 11:40"),
        shot(table, "nyk0", 3, "1 11:20", made=False),
        event(table, "bos1", "rebound", "1 11:18", sub_type="defensive"),
        event(table, "bos1", "turnover", "1 11:05"),
        event(table, "nyk1", "steal" if table == NBAC else "timeout", "1 11:05"),
        shot(table, "nyk1", 2, "1 11:00"),
    ]
    assert count(table, *rows) == 2.0, "two of each team"


@BOTH
def test_an_offensive_rebound_and_an_and_one_go_on_with_it(table: str) -> None:
    rows = [
        shot(table, "bos0", 2, "1 11:40", made=False),
        event(table, "bos1", "rebound", "1 11:38", sub_type="offensive"),
        shot(table, "bos1", 2, "1 11:36"),
        throw(table, "bos1", "1 of 1", "1 11:36"),
        shot(table, "nyk0", 2, "1 11:20"),
    ]
    assert count(table, *rows) == 1.0


@BOTH
def test_a_technical_free_throw_is_none(table: str) -> None:
    rows = [
        shot(table, "bos0", 2, "1 11:40", made=False),
        throw(table, "nyk0", "1 of 1", "1 11:39", foul="technical"),
        event(table, "bos1", "rebound", "1 11:38", sub_type="offensive"),
        shot(table, "bos1", 2, "1 11:36"),
    ]
    assert count(table, *rows) == 0.5
    rows[1] = throw(table, "nyk0", "1 of 2", "1 11:39")
    assert count(table, *rows) == 1.5


def test_a_dead_ball_rebound_is_none() -> None:
    rebound = event(NBAC, "nyk", "rebound", "1 11:39", qualifiers="deadball,team", sub_type="offensive")
    rows = [shot(NBAC, "bos0", 2, "1 11:40", made=False), rebound, shot(NBAC, "bos1", 2, "1 11:36")]
    assert count(NBAC, *rows) == 0.5
    rows[1] = rebound | {"qualifiers": "team"}
    assert count(NBAC, *rows) == 1.5


def test_an_event_of_no_known_kind_is_none() -> None:
    rows = [shot(BIGDATABALL, "bos0", 2, "1 11:40"), event(BIGDATABALL, "nyk0", "", "1 11:30", event_type=None)]
    assert count(BIGDATABALL, *rows) == 0.5


@BOTH
def test_a_period_begins_another_and_a_rebound_after_its_end_none(table: str) -> None:
    rows = [shot(table, "bos0", 2, "1 0:10"), shot(table, "bos0", 2, "2 11:40", made=False)]
    assert count(table, *rows) == 1.0
    assert count(table, *rows, event(table, "nyk", "rebound", "2 0:00")) == 1.0
    assert count(table, *rows, event(table, "nyk", "rebound", "2 0:01")) == 1.5
    assert count(table, *rows, event(table, "nyk", "rebound", "5 4:40")) == 1.5
