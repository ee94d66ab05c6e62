"""What the pre-game tables share: rows of who is asked about, joined as of a decision, and the inputs a row names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.scope import Scope
from nba_assets.transforms.pregame import about, attach, counts, latest, names_where, with_inputs, within
from nba_assets_tests.transforms.leagues import at

DECISION = at("11-20 23:30")


def rows_of(*players: str, **facts: list[Any]) -> pd.DataFrame:
    return pd.DataFrame({"player_id": list(players), **facts}, index=range(5, 5 + len(players)))


def test_the_rows_of_a_scope_are_numbered_anew() -> None:
    rows = rows_of("7", "8", "9")
    assert within(rows, Scope(players=frozenset({"8", "9"}))).to_dict() == {"player_id": {0: "8", 1: "9"}}
    assert within(rows, None).to_dict() == {"player_id": {0: "7", 1: "8", 2: "9"}}


def test_only_rows_of_who_is_asked_about_are_kept() -> None:
    found = about(rows_of("7", "9", "8", "7", "6"), rows_of("7", "8", "8"), "player_id")
    assert found["player_id"].tolist() == ["7", "8", "7"]


def joined(*known_at: pd.Timestamp) -> pd.DataFrame:
    rows = rows_of("9", "7", "8", decision_at=[DECISION] * 3)
    other = pd.DataFrame({"player_id": ["7", "8"], "points": [10, 20], "known_at": list(known_at)})
    return attach(rows, other, ["player_id"], ["points"], "last_")


def test_what_is_known_at_the_decision_is_joined_and_nothing_later() -> None:
    found = joined(DECISION, DECISION + pd.Timedelta(microseconds=1))
    assert found["player_id"].tolist() == ["9", "7", "8"]
    assert found["last_points"].fillna(-1).tolist() == [-1, 10, -1]
    assert found["last_known_at"].isna().tolist() == [True, False, True]
    assert joined(DECISION, DECISION)["last_points"].fillna(-1).tolist() == [-1, 10, 20]


def test_an_ask_without_rows_counts_none() -> None:
    assert counts(pd.Series([3, 1], index=[2, 0]), 4).tolist() == [1.0, 0.0, 3.0, 0.0]


def test_the_latest_time_is_of_the_ask_or_of_any_of_its_pairs() -> None:
    own = pd.Series([at("11-02"), at("11-02")], index=[4, 7])
    pairs = pd.DataFrame({"ask": [1, 0, 1], "known_at": [at("11-05"), at("11-01"), at("11-03")]})
    other = pd.DataFrame({"ask": [0], "known_at": [at("11-04")]})
    assert latest(own, pairs).to_dict() == {4: at("11-02"), 7: at("11-05")}
    assert latest(own, pairs, other).to_dict() == {4: at("11-04"), 7: at("11-05")}


def test_each_input_is_used_or_missing_in_the_order_they_are_named() -> None:
    used = {
        "b": np.array([True, False, True]),
        "a": np.array([True, False, False]),
        "c": np.array([False, False, True]),
    }
    assert names_where(used).tolist() == [["b", "a"], [], ["b", "c"]]
    rows = with_inputs(rows_of("7", "8", "9"), used)
    assert rows["sources_used"].tolist() == [["b", "a"], [], ["b", "c"]]
    assert rows["missing_inputs"].tolist() == [["c"], ["b", "a", "c"], ["a"]]
