"""workload: rest, load and back-to-backs from the pairs of an ask and its earlier games; the ask is on 20 November."""

from __future__ import annotations

import pandas as pd
import pytest

from nba_assets.transforms import workload
from nba_assets_tests.transforms.leagues import day

DATE = day("11-20")


def asks(n: int = 1) -> pd.DataFrame:
    return pd.DataFrame({"game_date": pd.Series([DATE] * n).astype("datetime64[us]")})


def games(*days_ago: int, ask: int = 0) -> pd.DataFrame:
    """Pairs of the ask, oldest first."""
    dates = pd.Series([DATE - pd.Timedelta(days=days) for days in days_ago]).astype("datetime64[us]")
    return pd.DataFrame({"ask": pd.Series([ask] * len(days_ago), dtype="int64"), "game_date": dates})


def test_a_game_yesterday_is_one_day_ago_and_no_day_of_rest() -> None:
    assert workload.days_since(asks(), games(3, 1)).tolist() == [3, 1]
    assert workload.days_rest(asks(), games(3, 1)).tolist() == [0]
    assert workload.days_rest(asks(), games(4)).tolist() == [3]


def test_rest_before_the_last_game_needs_two() -> None:
    assert workload.days_rest_prev(asks(), games(9, 6, 1)).tolist() == [4]
    assert workload.days_rest_prev(asks(), games(2, 1)).tolist() == [0]
    assert workload.days_rest_prev(asks(), games(6)).isna().tolist() == [True]


def test_games_of_the_last_k_days_are_on_d_minus_k_to_d_minus_1() -> None:
    assert workload.games_in(asks(), games(8, 7, 1), 7).tolist() == [2]
    assert workload.games_in(asks(), games(15, 14, 1), 14).tolist() == [2]
    assert workload.recent(asks(), games(8, 7, 1), 7)["game_date"].tolist() == [day("11-13"), day("11-19")]


@pytest.mark.parametrize(
    ("days_ago", "pairs"),
    [((2, 1), 1), ((3, 2, 1), 2), ((3, 1), 0), ((14, 13), 1), ((15, 14), 0), ((1,), 0), ((), 0), ((5, 4, 2, 1), 2)],
)
def test_back_to_backs_are_pairs_of_consecutive_days_within_the_fourteen(days_ago: tuple[int, ...], pairs: int) -> None:
    assert workload.back_to_backs(asks(), games(*days_ago)).tolist() == [pairs]


def test_every_ask_has_its_own_and_one_without_games_has_none() -> None:
    pairs = pd.concat([games(5, 2), games(1, ask=2)], ignore_index=True)

    assert workload.games_in(asks(3), pairs, 4).tolist() == [1, 0, 1]
    assert workload.back_to_backs(asks(3), pairs).tolist() == [0, 0, 0], "two asks' games are no pair"
    rest = workload.days_rest(asks(3), pairs)
    assert (rest[0], rest[2], rest.isna().tolist()) == (1, 0, [False, True, False])
    assert workload.days_rest_prev(asks(3), pairs).isna().tolist() == [False, True, True]


def test_days_since_the_last_games_by_rank() -> None:
    found = workload.of_ranks(asks(), games(9, 6, 1), (1, 2, 3))

    assert found.iloc[0].tolist() == [1, 6, 9]
    assert workload.of_ranks(asks(), games(6), (1, 2)).iloc[0].isna().tolist() == [False, True]
