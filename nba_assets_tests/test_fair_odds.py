"""Fair odds and expected profits by hand, and whom a name means."""

from __future__ import annotations

import numpy as np
import pytest

from nba_assets.engine.people import the_player
from nba_assets.errors import UsageError
from nba_assets.fair_odds import american, at_least, at_line, expected_profit, fair_decimal, hold

HALVES = 0.5 ** np.arange(1, 60)
"""P(points = k) = 1/2, 1/4, 1/8 ..."""
PEOPLE = {"203999": "Nikola Jokić", "1": "Jalen Williams", "2": "Jaylin Williams", "3": "Jaren Jackson Jr."}


@pytest.mark.parametrize(
    ("line", "over", "push", "under"), [(0.5, 0.5, 0, 0.5), (1, 0.25, 0.25, 0.5), (1.5, 0.25, 0, 0.75)]
)
def test_probabilities_at_a_line(line: float, over: float, push: float, under: float) -> None:
    chances = at_line(HALVES, line)
    assert (chances.p_over, chances.p_push, chances.p_under) == pytest.approx((over, push, under))


def test_the_ladder_starts_at_one() -> None:
    assert at_least(HALVES)[:4].tolist() == pytest.approx([1, 0.5, 0.25, 0.125])


def test_a_push_returns_the_stake_so_it_is_in_no_fair_price() -> None:
    """Over 1: wins 1/4, loses 1/2: three for one. Under: wins 1/2, loses 1/4."""
    assert (fair_decimal(0.25, 0.5), fair_decimal(0.5, 0.25)) == (3.0, 1.5)
    assert expected_profit(0.25, 0.5, 3.0) == 0
    assert expected_profit(0.5, 0.25, 1 + 100 / 110) == pytest.approx(0.204545, abs=1e-6)
    assert (fair_decimal(0.0, 1.0), fair_decimal(1.0, 0.0)) == (None, None)


@pytest.mark.parametrize(("decimal", "said"), [(3.0, 200), (1.5, -200), (2.0, 100), (1.909091, -110), (None, None)])
def test_american_odds(decimal: float | None, said: int | None) -> None:
    assert american(decimal) == said


def test_the_hold_of_two_prices() -> None:
    assert hold(1 + 100 / 110, 1 + 100 / 110) == pytest.approx(0.047619, abs=1e-6)


@pytest.mark.parametrize(
    ("asked", "player"),
    [
        ("Nikola Jokić", "203999"),
        ("nikola jokic", "203999"),
        ("Jokic", "203999"),
        ("203999", "203999"),
        ("jalen williams", "1"),
        ("jackson", "3"),
        ("Jaren Jackson Jr", "3"),
    ],
)
def test_a_player_is_found_by_any_spelling_or_a_part(asked: str, player: str) -> None:
    assert the_player(asked, PEOPLE) == player


def test_several_or_nobody_is_refused_with_names() -> None:
    with pytest.raises(UsageError, match=r"'williams' may be Jalen Williams \(1\), Jaylin Williams \(2\)"):
        the_player("williams", PEOPLE)
    with pytest.raises(UsageError, match="no player is called 'Nicola Jokitch'") as refused:
        the_player("Nicola Jokitch", PEOPLE)
    assert refused.value.hint.startswith("nearest: Nikola Jokić (203999)")
    with pytest.raises(UsageError, match="no letter"):
        the_player("...", PEOPLE)
