"""team_defense_zone_analysis: what a defence allowed against the league, shrunk, by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.scope import Scope
from nba_assets.transforms import team_defense_zone_analysis
from nba_assets_tests.transforms.leagues import at, corrected, day, frame, game, man

ZONES = ("ra", "paint_non_ra", "mid", "corner3", "above_break3")


def allowed(date: str, team: str, number: int = 1, kind: str = "2", **facts: Any) -> dict[str, Any]:
    """A row of team_defense_game_summary: 100 points on 100 possessions, no zones unless given."""
    home, away = ("BOS", "DEN") if team == "BOS" else (team, "BOS")
    row = man(game(date, number, away, home, kind), "-", team)
    same = {name: row[name] for name in ("game_date", "game_id", "season", "team", "opponent", "known_at")}
    totals = {"opp_points": 100, "possessions": 100.0, "pace": 100.0, "opp_fga": 80, "opp_fta": 20}
    return same | totals | facts


def shots(**zones: tuple[int, int]) -> dict[str, int]:
    """Allowed makes and attempts of the zones; the other zones have none."""
    counts = {zone: zones.get(zone, (0, 0)) for zone in ZONES}
    made = {f"opp_{zone}_fgm": makes for zone, (makes, _) in counts.items()}
    return made | {f"opp_{zone}_fga": attempts for zone, (_, attempts) in counts.items()}


LEAGUE = {"ra": (50, 100), "mid": (40, 100), "above_break3": (35, 100)}
"""Paint 50 %, mid-range 40 %, threes 35 %."""


def league(games: int, first: str = "11-01", **facts: Any) -> list[dict[str, Any]]:
    """Team games of LAL, whose players shoot as the LEAGUE does."""
    return [allowed(first, "LAL", number=100 + n, **shots(**LEAGUE), **facts) for n in range(games)]


def defenses(rows: list[dict[str, Any]], date: str = "11-30", scope: Scope | None = None) -> pd.DataFrame:
    """The table on a date on which DEN plays at BOS, T at 23:30 UTC, by team."""
    inputs = {
        "nbac_schedule": frame("nbac_schedule", [game(date, 900, "DEN", "BOS")]),
        "team_defense_game_summary": frame("team_defense_game_summary", rows),
    }
    return team_defense_zone_analysis.build(inputs, [day(date)], scope).set_index("team")


def test_ratios_are_sums_over_sums_and_pace_is_a_mean() -> None:
    rows = [
        allowed("11-20", "BOS", 1, opp_points=90, possessions=90.0, pace=90.0, opp_fga=90, opp_fta=10),
        allowed("11-22", "BOS", 2, opp_points=130, possessions=110.0, pace=105.0, opp_fga=70, opp_fta=30),
    ]

    row = defenses(rows).loc["BOS"]

    assert row["def_rating_l15"] == pytest.approx(110)
    assert (row["pace_l15"], row["opp_points_pg"], row["fta_rate_allowed"]) == (97.5, 110, 40 / 160)
    assert (row["games_n"], row["games_without_zones"]) == (2, 2)


def test_zones_are_of_the_games_that_have_them() -> None:
    rows = [
        allowed("11-20", "BOS", 1, **shots(ra=(6, 10), paint_non_ra=(4, 10), corner3=(2, 5), above_break3=(3, 15))),
        allowed("11-22", "BOS", 2),
    ]

    row = defenses(rows).loc["BOS"]

    assert (row["opp_paint_fg_pct"], row["opp_three_fg_pct"], row["opp_corner3_fg_pct"]) == (0.5, 0.25, 0.4)
    assert pd.isna(row["opp_mid_fg_pct"])
    assert (row["opp_paint_share"], row["opp_mid_share"], row["opp_three_share"]) == (0.5, 0, 0.5)
    assert (row["opp_paint_fga_pg"], row["games_without_zones"]) == (20, 1)


def test_the_difference_is_shrunk_to_the_league() -> None:
    """Paint (90 + 150·0.5)/300 = 55 %, +5 pp; mid 42.4 %, +2.4 pp; three (150 + 600·0.35)/1200 = 30 %, −5 pp."""
    own = allowed("11-20", "BOS", **shots(ra=(90, 150), mid=(46, 100), above_break3=(150, 600)))
    rows = [*league(60), own | {"game_id": own["game_id"].replace("002", "004", 1)}]

    row = defenses(rows).loc["BOS"]

    assert row["paint_diff_pp"] == pytest.approx(5)
    assert row["mid_diff_pp"] == pytest.approx(100 * (46 + 150 * 0.4) / 250 - 40)
    assert row["three_diff_pp"] == pytest.approx(-5)
    assert (row["strongest_zone"], row["weakest_zone"]) == ("three", "paint")


def test_the_league_is_sums_over_sums_of_the_regular_season() -> None:
    rows = [*league(50), allowed("11-10", "NYK", kind="4", **shots(ra=(100, 100))), allowed("11-20", "BOS", 3)]

    row = defenses(rows).loc["DEN"]

    assert (row["league_source"], row["league_games_n"], row["league_pace"]) == ("season", 51, 100)
    assert row[["games_n", "season_zone_games"]].tolist() == [0, 51]
    assert row[["paint_diff_pp", "strongest_zone", "def_rating_l15"]].isna().all()


@pytest.mark.parametrize(("games", "source", "pace"), [(49, "prior_season", 90.0), (50, "season", 100.0)])
def test_below_fifty_team_games_the_league_is_last_seasons(games: int, source: str, pace: float) -> None:
    rows = [*league(games), *league(7, first="2024-02-01", pace=90.0)]

    row = defenses(rows).loc["BOS"]

    assert (row["league_source"], row["league_pace"]) == (source, pace)


def test_without_a_last_season_an_early_league_is_null() -> None:
    row = defenses([*league(10), allowed("11-20", "BOS", **shots(ra=(5, 10)))]).loc["BOS"]

    assert row[["league_source", "league_pace", "paint_diff_pp", "weakest_zone"]].isna().all()
    assert row["league_games_n"] == 0
    assert row["opp_paint_fg_pct"] == 0.5


def test_without_zones_there_is_form_and_no_difference() -> None:
    rows = [allowed("11-01", "LAL", number=n) for n in range(60)] + [allowed("11-20", "BOS", 70)]

    row = defenses(rows).loc["BOS"]

    assert row[["opp_paint_fg_pct", "opp_paint_share", "paint_diff_pp", "strongest_zone"]].isna().all()
    assert (row["def_rating_l15"], row["league_pace"], row["season_zone_games"]) == (100, 100, 0)


def test_the_window_is_the_last_fifteen_games_of_this_season() -> None:
    rows = [allowed(f"11-{n:02d}", "BOS", n, opp_points=100 + n) for n in range(1, 21)]
    rows.append(allowed("2024-03-01", "BOS", 1, opp_points=190))

    row = defenses(rows).loc["BOS"]

    assert (row["games_n"], row["opp_points_pg"]) == (15, 113)
    assert row["quality"] == 90


def test_quality_is_how_full_the_window_is_less_ten_without_zones_and_never_below_nothing() -> None:
    rows = defenses([allowed("11-20", "BOS", 1), allowed("11-20", "DEN", 2), allowed("11-22", "DEN", 3)])
    zoned = defenses([allowed("11-20", "BOS", 1, **shots(ra=(5, 10))), allowed("11-22", "BOS", 3)])

    assert rows["quality"].to_dict() == {"BOS": 0.0, "DEN": pytest.approx(200 / 15 - 10)}
    assert zoned["quality"].to_dict() == {"BOS": pytest.approx(200 / 15), "DEN": 0.0}


def test_one_game_of_last_season_is_a_league_and_one_shot_a_percentage() -> None:
    last = allowed("2024-02-01", "LAL", pace=90.0, **shots(ra=(1, 1)))

    row = defenses([last, allowed("11-20", "BOS", **shots(ra=(0, 10)))]).loc["BOS"]

    assert (row["league_source"], row["league_games_n"], row["league_pace"]) == ("prior_season", 1, 90.0)
    assert row["paint_diff_pp"] == pytest.approx(100 * (150 / 160 - 1))
    assert row[["mid_diff_pp", "three_diff_pp"]].isna().all()
    assert row[["strongest_zone", "weakest_zone"]].isna().all(), "not all three are known"
    assert list(defenses([last]).loc["DEN", "missing_inputs"]) == []


def test_of_equal_zones_the_first_is_named() -> None:
    row = defenses([*league(60), allowed("11-20", "BOS", **shots(**LEAGUE))]).loc["BOS"]

    assert (row["strongest_zone"], row["weakest_zone"]) == ("paint", "paint")


def test_inputs_of_a_team_without_games_are_the_leagues() -> None:
    assert list(defenses(league(50)).loc["BOS", "sources_used"]) == ["nbac_schedule", "team_defense_game_summary"]
    assert list(defenses([]).loc["BOS", "missing_inputs"]) == ["team_defense_game_summary"]
    few = defenses([allowed("11-20", "BOS")])
    assert list(few.loc["BOS", "missing_inputs"]) == []
    assert list(few.loc["DEN", "missing_inputs"]) == ["team_defense_game_summary"]


def test_a_correction_known_after_the_decision_moves_nothing() -> None:
    rows = [*league(50), allowed("11-20", "BOS", **shots(ra=(5, 10)))]
    (last,) = (row for row in rows if row["team"] == "BOS")

    later = [*rows[:-1], *corrected(last, at("11-30 23:31"), opp_points=190, **shots(ra=(10, 10)))]

    pd.testing.assert_frame_equal(defenses(later), defenses(rows))


def test_the_leagues_games_are_as_known_at_the_decision() -> None:
    rows = [*league(50), *league(1, first="11-29", known_at=at("11-30 23:31"))]

    assert defenses(rows).loc["BOS", "league_games_n"] == 50


def test_a_corrected_game_of_the_league_counts_once() -> None:
    last = allowed("11-01", "LAL", number=200, **shots(**LEAGUE))

    row = defenses([*league(49), *corrected(last, at("11-20 12:00"), pace=150.0)]).loc["BOS"]

    assert (row["league_games_n"], row["league_pace"], row["season_zone_games"]) == (50, 101.0, 50)


def test_the_game_itself_moves_nothing() -> None:
    """Leakage trap 1."""
    before = league(60)
    own = allowed("11-30", "BOS", 900, known_at=at("11-30 18:00"), opp_points=199, **shots(ra=(90, 90)))

    pd.testing.assert_frame_equal(defenses([*before, own]), defenses(before))


def test_history_cut_at_the_day_before_gives_the_same() -> None:
    """Leakage trap 6: the league's percentages are those before D."""
    rows = league(60) + [allowed(f"11-{n:02d}", "BOS", n, **shots(ra=(n, 30), mid=(1, 9))) for n in range(2, 20)]

    cut = [row for row in rows if row["game_date"] < day("11-10")]

    pd.testing.assert_frame_equal(defenses(rows, "11-10"), defenses(cut, "11-10"))


def test_known_at_covers_the_league() -> None:
    rows = [*league(49), *league(1, first="11-29", known_at=at("11-30 20:00"))]

    assert defenses(rows).loc["BOS", "known_at"] == at("11-30 20:00")


def test_a_scope_is_rows_of_the_whole() -> None:
    rows = [*league(60), allowed("11-20", "BOS", **shots(ra=(5, 10)))]

    pd.testing.assert_frame_equal(defenses(rows, scope=Scope(teams=frozenset({"BOS"}))), defenses(rows).loc[["BOS"]])
