"""American and decimal prices, and the main line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.sources.books import book_of
from nba_assets.sources.prices import Line, main_line, price


@pytest.mark.parametrize(
    ("given_price", "american", "decimal"),
    [
        (1.91, -110, 1.91),
        (2.0, 100, 2.0),
        (2.5, 150, 2.5),
        (-110, -110, 1 + 100 / 110),
        (150, 150, 2.5),
        (1.87, -115, 1.87),
    ],
)
def test_either_notation_gives_both(given_price: float, american: int, decimal: float) -> None:
    assert price(given_price).american == american
    assert price(given_price).decimal == pytest.approx(decimal)


@pytest.mark.parametrize("value", [0, 1, 1.0, -1.5, 99.5 + 0.5 - 200.25, 105.5, 1e9])
def test_neither_notation(value: float) -> None:
    with pytest.raises(ValueError, match="neither"):
        price(value)


@given(st.integers(100, 3000), st.sampled_from([1, -1]))
@settings(max_examples=100, deadline=None)
def test_american_to_decimal_and_back(size: int, sign: int) -> None:
    american = size * sign if size != 100 else 100
    assert price(price(american).decimal).american == american


def line(point: float, over: float | None, under: float | None) -> Line:
    return Line(point, price(over) if over else None, price(under) if under else None)


def test_the_main_line_is_the_one_nearest_even_without_the_margin() -> None:
    lines = [line(25.5, -200, 160), line(27.5, -112, -112), line(30.5, 180, -230)]
    assert main_line(lines).point == 27.5


def test_ties_go_to_the_smaller_hold_then_to_the_lower_line() -> None:
    assert main_line([line(20.5, -120, -120), line(21.5, -110, -110)]).point == 21.5
    assert main_line([line(21.5, -110, -110), line(20.5, -110, -110)]).point == 20.5


def test_a_one_sided_line_counts_only_if_none_has_both_sides() -> None:
    assert main_line([line(20.5, 100, None), line(29.5, -400, 300)]).point == 29.5
    assert main_line([line(24.5, None, -400), line(20.5, -105, None)]).point == 20.5


def test_books_have_one_name_for_all_sources() -> None:
    assert book_of("odds_api", "williamhill_us") == book_of("bettingpros", "13")
    assert book_of("odds_api", "PrizePicks").is_dfs
    assert book_of("odds_api", "draftkings").name == "draftkings"
