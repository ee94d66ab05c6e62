"""Lines and prices of the books."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nba_assets.simulator.market import BOOKS, american, probability_over
from nba_assets.sources.names import player_lookup, without_suffix

from .conftest import Drops

MAIN_KEY = ["date", "matchup", "captured", "book", "description"]


def implied(price: pd.Series) -> pd.Series:
    return pd.Series(np.where(price < 0, -price / (100 - price), 100 / (100 + price)), index=price.index)


@pytest.fixture(scope="session")
def pairs(posted: pd.DataFrame) -> pd.DataFrame:
    """A row a line, with both prices."""
    return posted.pivot(index=[*MAIN_KEY, "point", "tip"], columns="name", values="price").reset_index()


def test_american_prices_by_hand() -> None:
    assert american(0.5, 1) == -100
    assert american(110 / 210, 1) == -110
    assert american(100 / 220, 1) == 120
    assert american(0.5357, 5) == -115
    assert american(0.499, 5) == 100


def test_the_chance_of_an_over_by_hand() -> None:
    assert probability_over(20.4, 20.0) == pytest.approx(0.5)
    assert probability_over(20.0, 18.5) > 0.5 > probability_over(20.0, 21.5)
    assert probability_over(20.0, 60.0) == pytest.approx(0.055, abs=0.01)


TIP_DELAY = pd.Timedelta(minutes=10)
"""Books give a start some minutes after the league's tip."""
AT_TIMES = ["17:00", "22:00"]


def test_every_line_is_captured_before_tip_at_two_times_and_ten_minutes_before_it(posted: pd.DataFrame) -> None:
    assert (posted["captured"] < posted["tip"]).all()
    close = posted["captured"] == posted["tip"] - TIP_DELAY - pd.Timedelta(minutes=10)
    assert set(posted.loc[~close, "captured"].dt.strftime("%H:%M")) == set(AT_TIMES)
    every = posted.groupby(["date", "matchup"])["captured"].nunique()
    assert (every == 3).all()


def test_the_close_is_nearer_to_what_happens_and_knows_the_late_news(drops: Drops, posted: pd.DataFrame) -> None:
    """By capture, how far the lines of men who played are from their points, and of how many who did not there are."""
    scored = {
        (book["date"], plain(man["name"])): man["stats"]["points"]
        for book in drops.gamebooks()
        for man in book["active_players"]
    }
    overs = posted[(posted["name"] == "Over") & (posted["book"] == "fanduel")].copy()
    time = overs["captured"].dt.strftime("%H:%M")
    overs["capture"] = time.where(time.isin(AT_TIMES), "close")
    who = zip(overs["date"], overs["description"], strict=True)
    overs["points"] = [scored.get((date, plain(name)), np.nan) for date, name in who]
    overs["error"] = (overs["points"] - overs["point"]).abs()
    everywhere = overs.groupby(["date", "description"])["capture"].transform("nunique") == 3
    error = overs[everywhere].groupby("capture")["error"].mean()
    assert error["17:00"] > error["22:00"] > error["close"]
    absent = overs["points"].isna().groupby(overs["capture"]).sum()
    assert absent["17:00"] > absent["22:00"] > absent["close"] == 0


def test_six_books_post_about_eight_men_a_team_on_half_points(posted: pd.DataFrame) -> None:
    assert set(posted["book"]) == {book.key for book in BOOKS}
    assert (posted["point"] % 1 == 0.5).all()
    assert posted["point"].between(0.5, 70).all()
    men = posted.groupby(["date", "matchup", "captured"])["description"].nunique()
    assert 13 <= men.mean() <= 17


def test_prices_are_american_with_a_hold_of_about_six_percent(pairs: pd.DataFrame) -> None:
    two_sided = pairs.dropna(subset=["Over", "Under"])
    for side in ("Over", "Under"):
        assert (two_sided[side].abs() >= 100).all()
    total = implied(two_sided["Over"]) + implied(two_sided["Under"])
    assert total.between(1.03, 1.10).all()
    assert (1 - 1 / total).mean() == pytest.approx(0.06, abs=0.01)


def test_a_main_line_is_nearly_even_and_alternates_are_not(pairs: pd.DataFrame) -> None:
    fair = implied(pairs["Over"]) / (implied(pairs["Over"]) + implied(pairs["Under"]))
    lines = pairs.assign(distance=(fair - 0.5).abs()).dropna(subset=["distance"])
    per_player = lines.groupby(MAIN_KEY)["distance"].agg(["size", "min", "max"])
    assert (per_player["min"] < 0.12).all()
    several = per_player[per_player["size"] > 1]
    assert set(several.index.get_level_values("book")) == {"bovada"}
    assert (several["max"] > 0.1).all()


def test_some_men_are_one_sided_some_missing_at_a_book_and_some_spelled_without_suffix(
    pairs: pd.DataFrame, posted: pd.DataFrame
) -> None:
    assert 0 < pairs["Under"].isna().mean() < 0.05
    assert pairs["Over"].notna().all()
    books = posted.groupby(["date", "matchup", "captured", "description"])["book"].nunique()
    assert (books < len(BOOKS)).any()
    suffixed = posted["description"].str.contains(r" (?:Jr\.|II|III)$")
    assert set(posted.loc[suffixed, "book"]) == {"betmgm", "draftkings", "fanduel", "williamhill_us"}


def test_books_withdraw_a_man_when_they_hear_that_he_is_out_and_not_all_do_in_time(
    drops: Drops, posted: pd.DataFrame
) -> None:
    """By the late capture some of the early one's men are gone, most of them because they do not play."""
    active = {(book["date"], plain(man["name"])) for book in drops.gamebooks() for man in book["active_players"]}
    men = posted.assign(bare=posted["description"].map(plain)).groupby(["date", "bare"])["captured"].agg(["min", "max"])
    plays = pd.Series([key in active for key in men.index], index=men.index)
    early = men["min"].dt.hour == 17
    withdrawn = early & (men["max"].dt.hour == 17)
    assert withdrawn.sum() > 5
    assert (~plays[withdrawn]).mean() > 0.5
    void = ~plays & (men["max"].dt.hour == 22)
    assert 0 < void.mean() < 0.03


def plain(name: str) -> str:
    """A name's key in whatever spelling."""
    return player_lookup(without_suffix(name))


def test_lines_foretell_points_well_but_not_perfectly(drops: Drops, posted: pd.DataFrame) -> None:
    scored = {
        (book["date"], plain(man["name"])): man["stats"]["points"]
        for book in drops.gamebooks()
        for man in book["active_players"]
    }
    late = posted[
        (posted["captured"].dt.strftime("%H:%M") == "22:00")
        & (posted["name"] == "Over")
        & (posted["book"] == "draftkings")
    ]
    points = pd.Series([scored.get((d, plain(n))) for d, n in zip(late["date"], late["description"], strict=True)])
    lines = late["point"].reset_index(drop=True)[points.notna()]
    points = points.dropna()
    assert len(points) > 2000
    assert 0.6 < points.corr(lines) < 0.85
    assert 0.45 < (points > lines).mean() < 0.53
    assert (points - lines).mean() == pytest.approx(0.4, abs=0.5)
    assert 4.0 < (points - lines).abs().mean() < 6.5
