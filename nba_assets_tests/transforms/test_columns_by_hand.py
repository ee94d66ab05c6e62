"""Columns that are one of many alike: with numbers that all differ, so that none can stand for another."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.transforms import TRANSFORMS
from nba_assets_tests.transforms.boxes import GAMEBOOK_AT, LISTED, inputs_of, man, scheduled
from nba_assets_tests.transforms.leagues import at, day, game
from nba_assets_tests.transforms.leagues import man as played_by
from nba_assets_tests.transforms.test_player_daily_cache import cache
from nba_assets_tests.transforms.test_player_shot_zone_analysis import box, shots, zones
from nba_assets_tests.transforms.test_team_defense_zone_analysis import allowed, defenses
from nba_assets_tests.transforms.test_team_defense_zone_analysis import shots as allowed_shots
from nba_assets_tests.transforms.test_upcoming_player_game_context import context

DAY = [day("11-01")]
ONE = {
    "fgm": 20, "fga": 41, "fg3m": 5, "fg3a": 13, "ftm": 7, "fta": 9, "oreb": 3, "dreb": 8, "reb": 11,
    "ast": 4, "stl": 2, "blk": 1, "tov": 6, "pf": 10, "pts": 52,
}  # fmt: skip
"""A man of Boston: 2·20 + 5 + 7."""
TWO = {
    "fgm": 21, "fga": 44, "fg3m": 6, "fg3a": 17, "ftm": 12, "fta": 14, "oreb": 5, "dreb": 15, "reb": 20,
    "ast": 16, "stl": 18, "blk": 19, "tov": 22, "pf": 23, "pts": 60,
}  # fmt: skip
"""His one team mate."""
OTHER = {
    "fgm": 45, "fga": 95, "fg3m": 11, "fg3a": 33, "ftm": 4, "fta": 8, "oreb": 9, "dreb": 31, "reb": 40,
    "ast": 25, "stl": 7, "blk": 5, "tov": 14, "pf": 24, "pts": 105,
}  # fmt: skip
"""The one man of New York."""


def line(team: str, number: int, counts: dict[str, int], plus_minus: int, seconds: int = 2880) -> dict[str, Any]:
    facts = {"seconds_played": seconds, "minutes_precision": "second", "plus_minus": plus_minus}
    return man(LISTED, team, number, GAMEBOOK_AT, player_status="active", **counts, **facts)


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """The three tables of the game, from three men's lines."""
    book = [line("BOS", 0, ONE, 3, 2000), line("BOS", 1, TWO, -4), line("NYK", 0, OTHER, -7)]
    inputs = inputs_of(schedule=scheduled(LISTED, away=112, home=105, ot_periods=None), gamebook=book)
    for name in ("player_game_summary", "team_offense_game_summary", "team_defense_game_summary"):
        inputs[name] = TRANSFORMS[name](inputs, DAY, None)
    return inputs


def test_every_count_of_a_man(tables: dict[str, pd.DataFrame]) -> None:
    rows = tables["player_game_summary"].set_index("player_id")
    for who, counts, plus_minus in (("bos0", ONE, 3), ("bos1", TWO, -4), ("nyk0", OTHER, -7)):
        names = [name for name in counts if name != "pts"]
        assert rows.loc[who, names].to_dict() == {name: counts[name] for name in names}
        assert rows.loc[who, ["points", "plus_minus"]].tolist() == [counts["pts"], plus_minus]
    row = rows.loc["bos0"]
    assert row["minutes"] == pytest.approx(2000 / 60)
    assert row["efg_pct"] == pytest.approx((20 + 2.5) / 41)
    assert row["ts_pct"] == pytest.approx(52 / (2 * (41 + 0.44 * 9)))
    assert row["tov_pct"] == pytest.approx(6 / (41 + 0.44 * 9 + 6))
    share = (2000 / 60) / 48
    assert row["oreb_pct"] == pytest.approx(3 / (share * (8 + 31)))
    assert row["dreb_pct"] == pytest.approx(8 / (share * (23 + 9)))
    assert row["ast_pct"] == pytest.approx(4 / (share * 41 - 20))
    plays, team_plays = 41 + 0.44 * 9 + 6, 85 + 0.44 * 23 + 28
    assert row["usage_rate"] == pytest.approx(100 * plays / (share * team_plays))
    assert row[["team_points", "opponent_points", "won"]].tolist() == [112, 105, True]
    assert rows.loc["nyk0", ["team_points", "opponent_points", "won"]].tolist() == [105, 112, False]


def test_every_sum_of_a_team_and_its_mirror(tables: dict[str, pd.DataFrame]) -> None:
    offense, defense = (tables[f"team_{side}_game_summary"].set_index("team") for side in ("offense", "defense"))
    both = {name: ONE[name] + TWO[name] for name in ONE}
    for team, other, counts in (("BOS", "NYK", both), ("NYK", "BOS", OTHER)):
        own = [name for name in counts if name not in ("pts", "reb")]
        assert offense.loc[team, own].to_dict() == {name: counts[name] for name in own}
        assert offense.loc[team, "points"] == defense.loc[other, "opp_points"] == counts["pts"]
        theirs = [name for name in own if f"opp_{name}" in defense.columns]
        assert theirs == ["fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "ast", "tov"]
        assert defense.loc[other, [f"opp_{name}" for name in theirs]].tolist() == [counts[name] for name in theirs]
        for name in ("stl", "blk", "dreb", "pf"):
            assert defense.loc[team, name] == counts[name]
        plays = counts["fga"] + 0.44 * counts["fta"]
        rates = {
            "ts_pct": counts["pts"] / (2 * plays),
            "efg_pct": (counts["fgm"] + 0.5 * counts["fg3m"]) / counts["fga"],
            "tov_pct": counts["tov"] / (plays + counts["tov"]),
            "ft_rate": counts["ftm"] / counts["fga"],
            "fta_rate": counts["fta"] / counts["fga"],
        }
        assert offense.loc[team, list(rates)].to_dict() == pytest.approx(rates)
        assert defense.loc[other, [f"opp_{name}" for name in rates]].tolist() == pytest.approx(list(rates.values()))
    assert offense.loc["BOS", ["oreb_pct", "dreb_pct"]].tolist() == pytest.approx([8 / 39, 23 / 32])
    assert defense.loc["NYK", "opp_oreb_pct"] == pytest.approx(8 / 39)
    boston = 85 + 0.4 * 23 - 1.07 * 8 / 39 * 44 + 28
    new_york = 95 + 0.4 * 8 - 1.07 * 9 / 32 * 50 + 14
    poss = (boston + new_york) / 2
    for rows in (offense, defense):
        assert rows["possessions"].tolist() == pytest.approx([poss, poss])
        assert rows["pace"].tolist() == pytest.approx([poss, poss])
    assert offense.loc["BOS", ["off_rating", "def_rating", "net_rating"]].tolist() == pytest.approx(
        [11200 / poss, 10500 / poss, 700 / poss]
    )
    assert defense.loc["BOS", "def_rating"] == pytest.approx(10500 / poss)
    assert offense["margin"].to_dict() == {"BOS": 7, "NYK": -7}
    assert offense["players_used"].to_dict() == {"BOS": 2, "NYK": 1}


def test_every_window_of_the_cache() -> None:
    """Twelve games: points are squares, minutes and usage differ, so that each window has its own numbers."""
    points = [n * n for n in range(1, 13)]
    boxes = [
        played_by(
            game(f"11-{2 * n:02d}", n, "DEN", "BOS"),
            "7",
            "BOS",
            points[n - 1],
            minutes=10.0 + n,
            usage_rate=40.0 - n,
            fga=n,
            fta=2 * n,
            ftm=n,
        )
        for n in range(1, 13)
    ]

    row = cache(boxes).loc["7"]

    def mean(values: list[float]) -> Any:
        return pytest.approx(sum(values) / len(values))

    numbers = range(1, 13)
    for window, games in (("l3", numbers[-3:]), ("l5", numbers[-5:]), ("l10", numbers[-10:]), ("season", numbers)):
        assert row[f"points_avg_{window}"] == mean([n * n for n in games])
        if window != "l3":
            minutes = sum(10 + n for n in games)
            assert row[f"minutes_avg_{window}"] == mean([10.0 + n for n in games])
            assert row[f"usage_{window}"] == pytest.approx(sum((40 - n) * (10 + n) for n in games) / minutes)
    ten = list(numbers[-10:])
    assert row["points_std_l10"] == pytest.approx(pd.Series([n * n for n in ten]).std())
    assert row["minutes_std_l10"] == pytest.approx(pd.Series(ten).std())
    assert row["recent_trend"] == pytest.approx((144 + 121) / 2 - (100 + 81 + 64) / 3)
    assert row["ppm_l10"] == pytest.approx(sum(n * n for n in ten) / sum(10 + n for n in ten))
    assert row["ts_pct_l10"] == pytest.approx(sum(n * n for n in ten) / (2 * 1.88 * sum(ten)))
    assert (row["fga_l10"], row["fta_l10"]) == (7.5, 15.0)
    assert row["ft_points_share_l10"] == pytest.approx(sum(ten) / sum(n * n for n in ten))
    assert (row["games_n_l10"], row["games_n_season"], row["early_season"]) == (10, 12, False)
    assert row["decision_at"] == at("11-30 23:30")


def test_both_windows_of_every_zone() -> None:
    """Eleven games: the first is in the last 20 and not in the last 10."""
    first = box("11-01", **shots(ra=(9, 10), paint=(8, 11), mid=(7, 12), corner=(6, 13), above=(5, 14)))
    later = [
        box(f"11-{n:02d}", **shots(ra=(1, 2), paint=(1, 3), mid=(2, 5), corner=(1, 4), above=(2, 6)))
        for n in range(2, 12)
    ]

    row = zones([first, *later]).loc["7"]

    makes, tries = (
        {"ra": 10, "paint": 20, "mid": 20, "corner3": 10, "three": 30},
        {"ra": 20, "paint": 50, "mid": 50, "corner3": 40, "three": 100},
    )
    added = {"ra": (9, 10), "paint": (17, 21), "mid": (7, 12), "corner3": (6, 13), "three": (11, 27)}
    for zone, (more_makes, more_tries) in added.items():
        assert row[f"{zone}_share_l10"] == pytest.approx(tries[zone] / 200)
        assert row[f"{zone}_fg_pct_l10"] == pytest.approx(makes[zone] / tries[zone])
        assert row[f"{zone}_fga_pg_l10"] == pytest.approx(tries[zone] / 10)
        assert row[f"{zone}_share_l20"] == pytest.approx((tries[zone] + more_tries) / 260)
        assert row[f"{zone}_fg_pct_l20"] == pytest.approx((makes[zone] + more_makes) / (tries[zone] + more_tries))
        assert row[f"{zone}_fga_pg_l20"] == pytest.approx((tries[zone] + more_tries) / 11)
    assert row[["fga_n_l10", "fga_n_l20", "games_n_l10", "games_n_l20"]].tolist() == [200, 260, 10, 11]


def test_assists_of_both_windows() -> None:
    boxes = [box(f"11-{n:02d}", assisted_fgm=1 if n > 1 else 10, unassisted_fgm=1) for n in range(1, 12)]

    row = zones(boxes).loc["7"]

    assert (row["assisted_share_l10"], row["assisted_share_l20"]) == (0.5, pytest.approx(20 / 31))


def test_every_zone_that_a_defence_allows() -> None:
    rows = [
        allowed("11-20", "BOS", 1, **allowed_shots(ra=(3, 5), paint_non_ra=(1, 7), mid=(2, 9), corner3=(4, 6))),
        allowed("11-22", "BOS", 2, **allowed_shots(ra=(2, 4), mid=(1, 8), corner3=(1, 3), above_break3=(5, 18))),
    ]

    row = defenses(rows).loc["BOS"]

    makes, tries = (
        {"paint": 6, "mid": 3, "corner3": 5, "three": 10},
        {"paint": 16, "mid": 17, "corner3": 9, "three": 27},
    )
    for zone, attempts in tries.items():
        assert row[f"opp_{zone}_fg_pct"] == pytest.approx(makes[zone] / attempts)
        assert row[f"opp_{zone}_fga_pg"] == pytest.approx(attempts / 2)
        assert row[f"opp_{zone}_share"] == pytest.approx(attempts / 60)
    assert row["decision_at"] == at("11-30 23:30")


def test_a_fortnight_of_minutes() -> None:
    """On D−15, D−14, D−8 and D−7."""
    boxes = [played_by(game(f"11-{n:02d}", n, "NYK", "BOS"), "7", "BOS", 10, minutes=float(n)) for n in (5, 6, 12, 13)]

    row = context(boxes).loc["7"]

    assert (row["minutes_last_7d"], row["minutes_last_14d"]) == (13.0, 31.0)
    assert (row["games_last_7d"], row["games_last_14d"], row["avg_minutes_last_7d"]) == (1, 3, 13.0)


def test_a_man_back_after_two_months_has_his_history() -> None:
    """No window is cut by days: neither his form nor the rest of the season is gone."""
    boxes = [played_by(game(f"11-{n:02d}", n, "DEN", "BOS"), "7", "BOS", 10 * n) for n in range(1, 6)]

    row, there = cache(boxes, "2025-02-20").loc["7"], cache(boxes, "11-30").loc["7"]

    names = ["points_avg_l5", "points_avg_l10", "points_avg_season", "recent_trend", "usage_l10", "games_n_l10"]
    assert row[names].tolist() == there[names].tolist()
    assert row["points_avg_l5"] == 30.0
