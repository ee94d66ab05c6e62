"""The formulas by the two worked examples, by what must always hold, and by a season's published numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.transforms import box_formulas as box

NAMES = ("points", "fga", "fgm", "fta", "oreb", "dreb", "tov")


def team(*values: float) -> dict[str, Any]:
    return {name: np.array([float(value)]) for name, value in zip(NAMES, values, strict=True)}


A = team(118, 90, 42, 20, 10, 32, 13)
B = team(115, 88, 40, 25, 12, 30, 15)


def test_example_a_one_overtime() -> None:
    poss = box.possessions(A, B)
    assert round(poss[0], 2) == 98.58
    assert poss[0] == box.possessions(B, A)[0], "both teams have the same number"
    assert round(box.pace(poss, box.game_minutes(np.array([1.0])))[0], 2) == 89.28
    assert round(box.pace(poss, box.game_minutes(np.array([0.0])))[0], 2) == 98.58, "if the overtime is forgotten"
    off, against = box.rating(A["points"], poss), box.rating(B["points"], poss)
    assert (round(off[0], 2), round(against[0], 2), round((off - against)[0], 2)) == (119.70, 116.66, 3.04)


def test_example_b_usage_in_overtime() -> None:
    own = {"fga": np.array([22.0]), "fta": np.array([8.0]), "tov": np.array([4.0])}
    mates = {"fga": np.array([90.0]), "fta": np.array([20.0]), "tov": np.array([12.0])}
    assert round(box.plays(own)[0], 2) == 29.52
    minutes = np.array([40.0])
    assert round(box.usage_rate(own, mates, minutes, np.array([265.0]))[0], 2) == 35.30
    assert round(box.usage_rate(own, mates, minutes, np.array([240.0]))[0], 2) == 31.97, "with 48 minutes"


@pytest.mark.parametrize(
    ("minutes", "periods"),
    [(240, 0), (239, 0), (242, 0), (265, 1), (290, 2), (0, 0), (252, 0), (253, 1), (277, 1), (278, 2)],
)
def test_overtimes_of_team_minutes(minutes: float, periods: int) -> None:
    assert box.overtimes(np.array([float(minutes)]))[0] == periods


def test_a_game_without_a_missed_shot_to_rebound_has_possessions() -> None:
    none = {"oreb": 0, "dreb": 0}
    own = {name: np.array([float(none.get(name, value[0]))]) for name, value in A.items()}

    assert box.possessions(own, own)[0] == 90 + 0.4 * 20 + 13


def test_zero_denominators_give_null() -> None:
    nothing = {name: np.zeros(1) for name in ("points", "fgm", "fga", "fg3m", "fta", "tov", "ast")}
    zero, length = np.zeros(1), np.array([240.0])
    assert np.isnan(box.ts_pct(nothing))
    assert np.isnan(box.efg_pct(nothing))
    assert np.isnan(box.tov_pct(nothing))
    assert np.isnan(box.usage_rate(nothing, nothing, zero, length))
    assert np.isnan(box.ast_pct(nothing, nothing, zero, length))
    assert np.isnan(box.rebound_pct(zero, zero, zero, zero, length))
    assert np.isnan(box.over(np.ones(1), zero)), "something over nothing is not infinite"


def test_a_short_stint_is_capped() -> None:
    own = {"fga": np.array([3.0]), "fta": np.zeros(1), "tov": np.zeros(1)}
    mates = {"fga": np.array([90.0]), "fta": np.zeros(1), "tov": np.zeros(1)}
    assert box.usage_rate(own, mates, np.array([0.2]), np.array([240.0]))[0] == 100.0
    one = np.ones(1)
    assert box.rebound_pct(one, 40 * one, 10 * one, 0.1 * one, np.array([240.0]))[0] == 1.0


def test_assists_are_a_share_between_nothing_and_all() -> None:
    own = {"ast": np.array([5.0, 5.0, 0.0]), "fgm": np.array([1.0, 30.0, 1.0])}
    mates = {"fgm": np.array([10.0, 30.0, 10.0])}
    found = box.ast_pct(own, mates, np.full(3, 24.0), np.full(3, 240.0))
    assert found[0] == 1.0, "5 assists on 4 team mates' field goals"
    assert np.isnan(found[1]), "none left for the others"
    assert found[2] == 0.0


@pytest.mark.parametrize(("seconds", "share"), [(1441, 1.0), (1440, np.nan), (1439, np.nan)])
def test_assists_need_a_denominator_above_zero(seconds: int, share: float) -> None:
    """His team made 2 field goals in 48 minutes, he made 1 of them in about half of it."""
    own, mates = {"ast": np.ones(1), "fgm": np.ones(1)}, {"fgm": np.array([2.0])}

    found = box.ast_pct(own, mates, np.array([seconds / 60]), np.array([240.0]))

    np.testing.assert_array_equal(found, [share])


COUNT = st.integers(0, 30)


@settings(max_examples=80, deadline=None)
@given(men=st.lists(st.tuples(COUNT, COUNT, COUNT, st.integers(12 * 60, 40 * 60)), min_size=5, max_size=13))
def test_usage_weighted_by_minutes_adds_up_to_the_length_of_the_game(men: list[tuple[int, ...]]) -> None:
    fga, fta, tov, seconds = (np.array(column, dtype=float) for column in zip(*men, strict=True))
    own = {"fga": fga + 1.0, "fta": fta, "tov": tov}
    mates = {name: np.full(len(men), values.sum()) for name, values in own.items()}
    length = np.full(len(men), 240.0)
    rates = box.usage_rate(own, mates, seconds / 60.0, length)
    if (rates < 100.0).all():
        assert (rates * seconds / 60.0).sum() == pytest.approx(100.0 * 48.0)


COUNTS = ["points", "fgm", "fga", "fg3m", "ftm", "fta", "oreb", "dreb", "ast", "tov"]


def season(shared: Path, kind: str) -> pd.DataFrame:
    return pd.read_csv(shared / f"data/facts/boxscores/{kind}_2023_24.csv.gz")


def test_players_of_a_season_as_basketball_reference_has_them(shared: Path) -> None:
    rows = season(shared, "players")
    rows = rows[rows["seconds"] > 0].rename(columns={"pts": "points"})
    sums = rows.groupby(["date", "home", "team"])[COUNTS].sum().reset_index()
    games = sums.groupby(["date", "home"])[COUNTS].sum().reset_index()
    rows = rows.merge(sums, on=["date", "home", "team"], suffixes=("", "_team"))
    rows = rows.merge(games, on=["date", "home"], suffixes=("", "_game"))
    rows = rows.merge(season(shared, "games")[["date", "home", "team_minutes"]], on=["date", "home"])
    rows = rows.merge(
        season(shared, "advanced_players"), on=["date", "home", "team", "player_id"], suffixes=("", "_br")
    )
    own = {name: rows[name].to_numpy(float) for name in COUNTS}
    mates = {name: rows[f"{name}_team"].to_numpy(float) for name in COUNTS}
    other = {name: rows[f"{name}_game"].to_numpy(float) - mates[name] for name in COUNTS}
    minutes, length = rows["seconds"].to_numpy(float) / 60.0, rows["team_minutes"].to_numpy(float)
    found = {
        "ts_pct": (box.ts_pct(own), 0.00051, 1.0),
        "efg_pct": (box.efg_pct(own), 0.00051, 1.0),
        "tov_pct": (100 * box.tov_pct(own), 0.051, 1.0),
        "orb_pct": (100 * box.rebound_pct(own["oreb"], mates["oreb"], other["dreb"], minutes, length), 0.051, 1.0),
        "drb_pct": (100 * box.rebound_pct(own["dreb"], mates["dreb"], other["oreb"], minutes, length), 0.051, 1.0),
        "ast_pct": (100 * box.ast_pct(own, mates, minutes, length), 0.051, 0.998),
        "usg_pct": (box.usage_rate(own, mates, minutes, length), 0.051, 0.9998),
    }
    for name, (ours, rounding, share) in found.items():
        both = ~np.isnan(ours) & rows[name].notna().to_numpy()
        agrees = np.abs(ours[both] - rows[name].to_numpy()[both]) <= rounding
        assert both.sum() > 26_000
        assert agrees.mean() >= share, name


def test_teams_of_a_season_as_basketball_reference_has_them(shared: Path) -> None:
    rows = season(shared, "players").rename(columns={"pts": "points"})
    sums = rows.groupby(["date", "home", "team"])[COUNTS].sum().reset_index()
    games = season(shared, "games")[["date", "home", "away", "home_tov", "away_tov", "team_minutes"]]
    sums = sums.merge(games, on=["date", "home"])
    at_home = sums["team"] == sums["home"]
    sums["tov"] = sums["home_tov"].where(at_home, sums["away_tov"])
    sums["opponent"] = sums["away"].where(at_home, sums["home"])
    sums = sums.merge(
        sums[["date", "team", *COUNTS]].rename(columns={"team": "opponent"}),
        on=["date", "opponent"],
        suffixes=("", "_opp"),
    )
    own = {name: sums[name].to_numpy(float) for name in COUNTS}
    other = {name: sums[f"{name}_opp"].to_numpy(float) for name in COUNTS}
    poss = box.possessions(own, other)
    pace = box.pace(poss, sums["team_minutes"].to_numpy(float))
    published = sums.merge(season(shared, "advanced_teams"), on=["date", "home", "team"], suffixes=("", "_br"))
    assert len(published) == len(sums) > 2_400
    assert np.abs(pace - published["pace"].to_numpy()).max() <= 0.051
    assert np.abs(box.rating(own["points"], poss) - published["off_rtg"].to_numpy()).max() <= 0.051
