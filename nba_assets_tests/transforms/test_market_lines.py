"""The line of a player at a moment: which captures count, what the books together say, and every known line trap."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets import market_lines
from nba_assets.contracts import table
from nba_assets.contracts.frames import conform
from nba_assets.market_lines import consensus, opening

DAY = pd.Timestamp("2024-11-15")
TIP = pd.Timestamp("2024-11-16 00:00", tz="UTC")
DECISION = TIP - pd.Timedelta(minutes=30)
PLAYER = "1630567"


def clock(text: str) -> pd.Timestamp:
    """A time before the tip, on the 15th, UTC."""
    return pd.Timestamp(f"2024-11-15 {text}", tz="UTC")


def prop(book: str, line: float, over: Any = -110, under: Any = -110, **facts: Any) -> dict[str, Any]:
    """A book's row; captured at 21:00 unless said otherwise."""
    captured = facts.pop("captured_at", clock("21:00"))
    player = facts.get("player_id", PLAYER)
    return {
        "game_date": DAY,
        "game_id": "0022400101",
        "player_key": player or "unresolved:TOR:somebody#1",
        "player_id": player,
        "player_name": "A. Player",
        "player_lookup": "aplayer",
        "book": book,
        "captured_at": captured,
        "known_at": captured,
        "line": line,
        "over_price": over,
        "under_price": under,
        "line_count": 1,
        "is_dfs": book in ("prizepicks", "underdog"),
        "is_in_play": captured >= TIP,
        "resolution": "exact" if player else "unresolved",
        "known_at_assumed": False,
        "source_path": "odds-api/player-props/x.json",
        "source_hash": "0" * 64,
        "feed": "odds_api",
    } | facts


def lines_of(*rows: dict[str, Any]) -> pd.DataFrame:
    """Rows of both feeds as `market_lines.props` stacks them."""
    frames = {}
    for name, feed in market_lines.FEEDS.items():
        extra = {"event_id": "e"} if feed == "odds_api" else {"bp_event_id": 1, "bp_player_id": 2}
        extra |= {} if feed == "odds_api" else {"is_active": True, "is_best": False}
        found = [extra | {k: v for k, v in row.items() if k != "feed"} for row in rows if row["feed"] == feed]
        if found:
            frames[name] = conform(pd.DataFrame(found), table(name))
    return market_lines.props(frames)


def ask(at: pd.Timestamp = DECISION, player: str = PLAYER, tip: pd.Timestamp = TIP) -> pd.DataFrame:
    asked = pd.DataFrame({"game_date": [DAY], "game_id": ["0022400101"], "player_id": [player]})
    return asked.assign(tip_at=tip, at=at)


def said(*rows: dict[str, Any], at: pd.Timestamp = DECISION, **options: Any) -> pd.Series[Any]:
    return consensus(lines_of(*rows), ask(at), **options).iloc[0]


def test_three_books_one_line() -> None:
    row = said(prop("draftkings", 20.5, -120, -102), prop("fanduel", 20.5, -110, -110), prop("betmgm", 21.5, 100, -125))
    assert row["consensus_line"] == row["line_value"] == 20.5
    assert (row["n_books"], row["line_range"], row["line_source"]) == (3, 1.0, "odds_api")
    assert (row["over_book"], row["over_price"]) == ("fanduel", -110)
    assert (row["under_book"], row["under_price"]) == ("draftkings", -102)
    assert row["line_captured_at"] == row["line_known_at"] == clock("21:00")
    assert row["minutes_to_tip"] == 180.0
    assert not row[["one_sided", "stale_line", "tipped", "devig_conflict"]].any()


def test_the_market_is_the_median_of_the_books_at_the_line_without_their_margin() -> None:
    row = said(prop("draftkings", 20.5, -120, 100), prop("fanduel", 20.5, -110, -110), prop("betmgm", 20.5, -130, 110))
    chances = [(120 / 220) / (120 / 220 + 0.5), 0.5, (130 / 230) / (130 / 230 + 100 / 210)]
    assert row["market_p_over"] == pytest.approx(sorted(chances)[1], abs=1e-9)
    assert row["hold"] == pytest.approx(
        sorted([120 / 220 - 0.5, 220 / 210 - 1, 130 / 230 + 100 / 210 - 1])[1], abs=1e-9
    )


def test_prices_of_books_at_other_lines_do_not_count() -> None:
    row = said(prop("draftkings", 20.5, -110, -110), prop("fanduel", 20.5, -112, -108), prop("betmgm", 22.5, 250, -330))
    assert (row["over_book"], row["over_price"]) == ("draftkings", -110)
    assert row["hold"] < 0.05


def test_an_even_number_of_books_gives_a_consensus_nobody_offers_and_a_line_somebody_does() -> None:
    row = said(prop("draftkings", 20.5), prop("fanduel", 21.5))
    assert row["consensus_line"] == 21.0
    assert row["line_value"] == 20.5, "equally near, equally many books: the lower"
    row = said(prop("draftkings", 20.5), prop("fanduel", 21.5), prop("betmgm", 21.5), prop("caesars", 19.5))
    assert row["consensus_line"] == 21.0
    assert row["line_value"] == 21.5, "equally near: more books"


def test_alternates_are_never_averaged() -> None:
    alternates = '[{"line": 15.5, "over_price": -400, "under_price": 290}, {"line": 30.5, "over_price": 500}]'
    row = said(prop("draftkings", 20.5, alternates=alternates, line_count=3), prop("fanduel", 20.5))
    assert (row["consensus_line"], row["line_range"], row["n_books"]) == (20.5, 0.0, 2)


def test_a_capture_at_or_after_the_tip_is_no_line() -> None:
    early, late = prop("draftkings", 20.5), prop("draftkings", 9.5, captured_at=TIP, is_in_play=True)
    row = said(early, late, at=TIP + pd.Timedelta(hours=5), max_age=None)
    assert row["consensus_line"] == 20.5
    assert not row["tipped"]


def test_a_game_that_had_tipped_at_its_only_capture_has_no_line_and_says_so() -> None:
    row = said(prop("draftkings", 20.5, captured_at=TIP + pd.Timedelta(minutes=19)))
    assert pd.isna(row["line_value"])
    assert row["tipped"]


def test_a_one_sided_line_never_enters_the_consensus() -> None:
    one = prop("fanduel", 25.5, over=-110, under=None)
    row = said(prop("draftkings", 20.5), one)
    assert (row["consensus_line"], row["n_books"], row["one_sided"]) == (20.5, 1, False)
    row = said(one)
    assert pd.isna(row["consensus_line"])
    assert row["one_sided"]


def test_the_newest_capture_of_a_book_counts_even_if_it_is_one_sided() -> None:
    row = said(prop("fanduel", 20.5), prop("fanduel", 24.5, under=None, captured_at=clock("22:00")))
    assert pd.isna(row["line_value"])
    assert row["one_sided"]


def test_each_books_newest_capture_known_at_the_decision_counts() -> None:
    moved = prop("draftkings", 22.5, captured_at=clock("23:00"))
    too_late = prop("draftkings", 23.5, captured_at=clock("23:20"), known_at=clock("23:31"))
    row = said(prop("draftkings", 20.5), moved, too_late)
    assert row["line_value"] == 22.5
    assert row["minutes_to_tip"] == 60.0


def test_who_is_absent_from_the_newest_capture_of_a_book_has_no_line_there() -> None:
    other = prop("draftkings", 15.5, captured_at=clock("22:00"), player_id="201142")
    row = said(prop("draftkings", 20.5), prop("fanduel", 21.5), other)
    assert (row["consensus_line"], row["n_books"]) == (21.5, 1)
    row = said(prop("draftkings", 20.5), other)
    assert pd.isna(row["line_value"])
    assert not row[["one_sided", "stale_line", "tipped"]].any()


def test_a_capture_of_a_book_in_which_no_player_is_known_withdraws_nobody() -> None:
    """Whom it names may become known after the decision, and must not move it then."""
    nobody = prop("draftkings", 15.5, captured_at=clock("22:00"), player_id=None)
    known_later = prop("draftkings", 15.5, captured_at=clock("22:00"), player_id="201142", known_at=clock("23:31"))
    assert said(prop("draftkings", 20.5), nobody)["line_value"] == 20.5
    assert said(prop("draftkings", 20.5), known_later)["line_value"] == 20.5


def test_an_inactive_offer_is_withdrawn() -> None:
    assert pd.isna(said(prop("draftkings", 20.5, feed="bettingpros", is_active=False))["line_value"])


def test_a_line_older_than_twelve_hours_is_stale() -> None:
    old = prop("draftkings", 20.5, captured_at=DECISION - pd.Timedelta(hours=12, seconds=1))
    row = said(old)
    assert pd.isna(row["line_value"])
    assert row["stale_line"]
    assert said(old, max_age=None)["line_value"] == 20.5
    exactly = prop("draftkings", 20.5, captured_at=DECISION - pd.Timedelta(hours=12))
    assert said(exactly)["line_value"] == 20.5


def test_pickem_books_give_a_line_and_no_probability() -> None:
    row = said(prop("prizepicks", 20.5, -137, -137), prop("underdog", 21.5, -137, -137))
    assert (row["consensus_line"], row["line_value"], row["n_books"]) == (21.0, 20.5, 2)
    nothing = ["market_p_over", "market_p_over_power", "hold", "over_price", "over_book", "under_price", "under_book"]
    assert row[nothing].isna().all()


def test_a_pickem_price_is_never_the_best_price() -> None:
    row = said(prop("draftkings", 20.5, -115, -105), prop("prizepicks", 20.5, 100, 100))
    assert (row["over_book"], row["over_price"], row["under_price"]) == ("draftkings", -115, -105)


def test_one_row_a_book_over_both_feeds_the_newest() -> None:
    row = said(
        prop("caesars", 20.5, captured_at=clock("21:00")),
        prop("caesars", 21.5, captured_at=clock("22:00"), feed="bettingpros"),
    )
    assert (row["line_value"], row["n_books"], row["line_source"]) == (21.5, 1, "bettingpros")
    row = said(prop("caesars", 20.5), prop("fanduel", 20.5, feed="bettingpros"))
    assert (row["n_books"], row["line_source"]) == (2, "both")
    row = said(prop("caesars", 20.5), prop("caesars", 21.5, feed="bettingpros"))
    assert (row["line_value"], row["line_source"]) == (20.5, "odds_api"), "same time: The Odds API"


def test_no_props_no_line() -> None:
    row = said()
    assert row[["consensus_line", "line_value", "line_source", "line_captured_at", "n_books"]].isna().all()
    assert not row[["one_sided", "stale_line", "tipped", "devig_conflict"]].any()


def test_a_lopsided_price_on_which_the_two_methods_disagree_is_a_conflict() -> None:
    row = said(prop("draftkings", 20.5, -400, 290))
    assert row["market_p_over_power"] - row["market_p_over"] > 0.02
    assert row["devig_conflict"]


def test_power_method_by_hand() -> None:
    over, under = np.array([0.75, 0.5238095238, 0.4]), np.array([0.3125, 0.5238095238, 0.5])
    found = market_lines.power(over, under)
    k = np.log(found[0]) / np.log(0.75)
    assert 0.75**k + 0.3125**k == pytest.approx(1.0, abs=1e-12)
    assert found[1] == pytest.approx(0.5, abs=1e-9)
    assert found[2] == pytest.approx(0.4 / 0.9), "no margin to remove: multiplicative"


@pytest.mark.parametrize(
    ("american", "chance"), [(-110, 110 / 210), (100, 0.5), (-100, 0.5), (250, 100 / 350), (0, np.nan), (50, np.nan)]
)
def test_implied_probability(american: int, chance: float) -> None:
    assert market_lines.implied([american])[0] == pytest.approx(chance, nan_ok=True)


def test_the_opening_is_each_books_first_line_before_the_tip() -> None:
    rows = (
        prop("draftkings", 19.5, captured_at=clock("15:00")),
        prop("draftkings", 22.5, captured_at=clock("22:00")),
        prop("fanduel", 18.5, captured_at=clock("14:00"), under=None),
        prop("fanduel", 20.5, captured_at=clock("21:00")),
        prop("betmgm", 30.5, captured_at=TIP),
    )
    found = opening(lines_of(*rows), ask()).iloc[0]
    assert found["opening_line"] == 20.0
    assert found["opening_known_at"] == clock("21:00")
    assert pd.isna(opening(lines_of(), ask())["opening_line"].iloc[0])


def test_asks_keep_their_order_and_two_moments_of_one_player_differ() -> None:
    lines = lines_of(prop("draftkings", 20.5), prop("draftkings", 22.5, captured_at=clock("23:00")))
    asks = pd.concat([ask(DECISION), ask(clock("22:00")), ask(DECISION, player="nobody"), ask(clock("20:00"))])
    found = consensus(lines, asks)
    assert found["consensus_line"].tolist()[:2] == [22.5, 20.5]
    assert found["consensus_line"].isna().tolist() == [False, False, True, True]
    assert found.index.tolist() == [0, 1, 2, 3]


BOOKS = ("draftkings", "fanduel", "betmgm", "caesars", "prizepicks")
PROPS = st.lists(
    st.tuples(
        st.sampled_from(BOOKS),
        st.sampled_from([PLAYER, "201142", None]),
        st.integers(0, 9),
        st.integers(10, 14),
        st.sampled_from([-150, -110, 100, 130]),
        st.sampled_from([-150, -110, 100, None]),
        st.sampled_from(["odds_api", "bettingpros"]),
    ),
    max_size=25,
    unique_by=lambda row: (row[0], row[1], row[2], row[6]),
)


@settings(max_examples=20, deadline=None)
@given(rows=PROPS, seed=st.integers(0, 1000))
def test_the_order_of_rows_never_matters_and_nothing_later_moves_a_line(rows: list[Any], seed: int) -> None:
    made = [
        prop(book, line + 0.5, over, under, player_id=player, feed=feed, captured_at=DECISION + (when - 6) * HOUR)
        for book, player, when, line, over, under, feed in rows
    ]
    asks = pd.concat([ask(), ask(player="201142")])
    lines = lines_of(*made)
    found = consensus(lines, asks)
    pd.testing.assert_frame_equal(found, consensus(lines.sample(frac=1, random_state=seed), asks))
    pd.testing.assert_frame_equal(found.iloc[:1], consensus(lines, asks.iloc[:1]))
    known = consensus(lines[lines["known_at"] <= DECISION], asks)
    pd.testing.assert_frame_equal(found.drop(columns="tipped"), known.drop(columns="tipped"))
    lined = found[found["consensus_line"].notna()]
    assert (lined["minutes_to_tip"] > 0).all()
    assert (lined["line_value"] - lined["consensus_line"]).abs().le(lined["line_range"] / 2 + 1e-9).all()
    assert lined[["over_price", "under_price", "hold", "market_p_over"]].isna().nunique(axis=1).eq(1).all()


HOUR = pd.Timedelta(hours=1)
