"""player_daily_cache: last-N windows, season and prior season of a player, and his team's form, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from nba_assets.scope import Scope
from nba_assets.transforms import player_daily_cache
from nba_assets_tests.transforms.leagues import at, corrected, day, frame, game, listing, man

ROSTER = {"7": "BOS", "8": "DEN"}


def season(*points: int | None, first: str = "11-01", step: int = 2, kind: str = "2", **facts: Any) -> list[Any]:
    """Games of BOS and rows of player 7 in them, one every `step` days; None: he did not play."""
    found = []
    for number, scored in enumerate(points):
        date = day(first) + pd.Timedelta(days=step * number)
        played = game(str(date.date()), int(date.strftime("%j")), "DEN", "BOS", kind)
        found.append(man(played, "7", "BOS", scored, **facts))
    return found


def offense(played: dict[str, Any], team: str, points: int, possessions: float, won: bool) -> dict[str, Any]:
    """A row of team_offense_game_summary, its pace equal to its possessions."""
    row = man(played, "-", team)
    same = {name: row[name] for name in ("game_date", "game_id", "season", "team", "opponent", "known_at")}
    return same | {"points": points, "possessions": possessions, "pace": possessions, "won": won}


def cache(
    boxes: list[Any],
    date: str = "11-30",
    *,
    teams: Sequence[Any] = (),
    roster: dict[str, str] | None = None,
    kind: str = "2",
    scope: Scope | None = None,
) -> pd.DataFrame:
    """The cache of a date on which DEN plays at BOS, T at 23:30 UTC, by player."""
    inputs = {
        "nbac_schedule": frame("nbac_schedule", [game(date, 900, "DEN", "BOS", kind)]),
        "nbac_player_list": frame("nbac_player_list", listing(date, ROSTER if roster is None else roster)),
        "player_game_summary": frame("player_game_summary", boxes),
        "team_offense_game_summary": frame("team_offense_game_summary", list(teams)),
    }
    return player_daily_cache.build(inputs, [day(date)], scope).set_index("player_id")


def test_form_is_the_mean_of_the_last_games() -> None:
    row = cache(season(10, 20, 30, 40, 50, 60, 70)).loc["7"]

    assert row["points_avg_l3"] == 60
    assert row["points_avg_l5"] == 50
    assert row["points_avg_l10"] == row["points_avg_season"] == 40
    assert (row["games_n_l10"], row["games_n_season"]) == (7, 7)
    assert row["early_season"]


def test_ten_games_end_the_early_season_and_fill_the_window() -> None:
    row = cache(season(*range(11), step=1)).loc["7"]

    assert (row["games_n_l10"], row["games_n_season"], row["early_season"]) == (10, 11, False)
    assert (row["points_avg_l10"], row["points_avg_season"]) == (5.5, 5)


def test_the_tenth_game_ends_the_early_season() -> None:
    nine, ten = (cache(season(*range(games), step=1)).loc["7", "early_season"] for games in (9, 10))

    assert (nine, ten) == (True, False)


def test_the_dnp_rate_is_of_the_last_ten_games_he_was_rostered_for() -> None:
    assert cache(season(None, *[10] * 9, step=1)).loc["7", "dnp_rate_l10"] == 0.1
    assert cache(season(None, *[10] * 10, step=1)).loc["7", "dnp_rate_l10"] == 0.0


def test_the_teams_form_is_of_its_last_ten_games() -> None:
    ten = [offense(game(f"11-{n}", n, "NYK", "BOS"), "BOS", 100, 100.0, True) for n in range(11, 21)]
    before = offense(game("11-10", 10, "NYK", "BOS"), "BOS", 100, 50.0, False)

    row = cache([], teams=[before, *ten]).loc["7"]

    assert (row["team_pace_l10"], row["team_off_rating_l10"], row["team_games_n_l10"]) == (100, 100, 10)
    assert (row["team_games_n_season"], row["team_win_pct"]) == (11, 10 / 11)


def test_inputs_are_named_from_one_game_on() -> None:
    team = offense(game("11-20", 30, "NYK", "BOS"), "BOS", 100, 100.0, True)

    histories = (season(10), season(10, first="2024-02-01"), [])
    this, last, none = (cache(boxes, teams=[team]).loc["7"] for boxes in histories)

    for row in (this, last):
        assert "player_game_summary" in row["sources_used"]
    assert list(none["missing_inputs"]) == ["player_game_summary"]
    assert "team_offense_game_summary" in none["sources_used"]


def test_trend_is_the_last_two_games_against_the_three_before() -> None:
    assert cache(season(99, 10, 20, 30, 24, 30)).loc["7", "recent_trend"] == 27 - 20


def test_there_is_no_trend_of_four_games() -> None:
    assert pd.isna(cache(season(10, 20, 30, 24)).loc["7", "recent_trend"])


def test_sd_is_the_samples() -> None:
    assert cache(season(10, 20, 30)).loc["7", "points_std_l10"] == 10


def test_there_is_no_sd_of_two_games() -> None:
    row = cache(season(10, 20)).loc["7"]

    assert pd.isna(row["points_std_l10"]) and pd.isna(row["minutes_std_l10"])
    assert row["points_avg_l3"] == 15


def test_a_dnp_is_in_no_average_but_in_the_rate() -> None:
    row = cache([*season(20, None, 30), *season(None, first="11-20", status="inactive")]).loc["7"]

    assert row["points_avg_l5"] == 25
    assert (row["games_n_l10"], row["games_n_season"]) == (2, 2)
    assert row["dnp_rate_l10"] == 2 / 4


def test_zero_points_are_a_value() -> None:
    row = cache(season(0, 0, 0)).loc["7"]

    assert (row["points_avg_l5"], row["points_std_l10"], row["ppm_l10"]) == (0, 0, 0)
    assert pd.isna(row["ft_points_share_l10"])


def test_a_player_without_a_game_has_nulls_and_no_games() -> None:
    row = cache(season(10)).loc["8"]

    assert row[["points_avg_l3", "minutes_avg_season", "usage_l10", "dnp_rate_l10", "recent_trend"]].isna().all()
    assert (row["games_n_l10"], row["games_last_7d"], row["minutes_last_7d"], row["prior_season_games"]) == (0, 0, 0, 0)
    assert list(row["missing_inputs"]) == ["player_game_summary", "team_offense_game_summary"]


def test_ratios_are_sums_over_sums() -> None:
    box = [
        *season(10, minutes=10.0, usage_rate=30.0, fga=8, fta=5, ftm=2),
        *season(30, first="11-05", minutes=30.0, usage_rate=20.0, fga=20, fta=10, ftm=8),
    ]

    row = cache(box).loc["7"]

    assert row["usage_l10"] == row["usage_season"] == (300 + 600) / 40
    assert row["ppm_l10"] == 40 / 40
    assert row["ts_pct_l10"] == pytest.approx(40 / (2 * (28 + 0.44 * 15)))
    assert row["ft_points_share_l10"] == 10 / 40
    assert (row["fga_l10"], row["fta_l10"], row["minutes_avg_l5"]) == (14, 7.5, 20)


def test_starts_are_counted_where_starters_are_known() -> None:
    box = [
        *season(10, is_starter=True),
        *season(10, first="11-05", is_starter=False),
        *season(10, first="11-09", is_starter=None),
    ]

    assert cache(box).loc["7", "starter_share_l10"] == 0.5


def test_the_week_is_the_seven_days_before() -> None:
    box = [*season(10, 20, first="11-22", step=1, minutes=20.0), *season(5, first="11-29", minutes=11.0)]

    row = cache(box).loc["7"]

    assert (row["games_last_7d"], row["minutes_last_7d"]) == (2, 31)


def test_season_averages_are_of_the_regular_season_alone() -> None:
    box = [
        *season(10),
        *season(30, first="11-05", kind="6"),
        *season(50, first="11-07", kind="4"),
        *season(70, first="11-09", kind="5"),
        *season(99, first="11-11", kind="1"),
        *season(99, first="11-13", kind="3"),
    ]

    row = cache(box).loc["7"]

    assert (row["points_avg_season"], row["games_n_season"]) == (10, 1)
    assert (row["points_avg_l10"], row["games_n_l10"]) == (40, 4)


def test_windows_do_not_reach_into_last_season() -> None:
    row = cache(season(10, 30, first="2024-03-01", minutes=24.0) + season(50, first="11-25")).loc["7"]

    assert (row["points_avg_l5"], row["points_avg_season"]) == (50, 50)
    assert (row["prior_season_points_avg"], row["prior_season_minutes_avg"]) == (20, 24)
    assert row["prior_season_games"] == 2


def test_last_seasons_playoffs_and_the_season_before_it_are_no_prior_season() -> None:
    box = [*season(10, first="2024-05-01", kind="4"), *season(20, first="2023-02-01"), *season(30, first="2024-01-10")]

    row = cache(box).loc["7"]

    assert (row["prior_season_points_avg"], row["prior_season_games"]) == (30, 1)


def test_the_prior_season_is_as_known_at_the_decision() -> None:
    (box,) = season(30, first="2024-01-10")

    row = cache(corrected(box, at("11-30 23:31"), points=40)).loc["7"]

    assert row["prior_season_points_avg"] == 30


def test_a_traded_players_form_follows_him_and_his_team_is_the_new_one() -> None:
    den = game("11-20", 30, "DEN", "LAL")
    lal = game("11-22", 31, "NYK", "LAL")
    teams = [offense(den, "DEN", 110, 100.0, True), offense(lal, "LAL", 90, 90.0, False)]
    box = [man(lal, "7", "LAL", 18)]

    row = cache(box, teams=teams, roster={"7": "DEN"}).loc["7"]

    assert row["team"] == "DEN"
    assert row["points_avg_l5"] == 18
    assert (row["team_pace_l10"], row["team_off_rating_l10"], row["team_win_pct"]) == (100, pytest.approx(110), 1)


def test_team_form_is_sums_over_sums_and_the_record_is_the_regular_seasons() -> None:
    teams = [
        offense(game("11-20", 30, "DEN", "BOS"), "BOS", 90, 90.0, True),
        offense(game("11-22", 31, "NYK", "BOS"), "BOS", 120, 100.0, False),
        offense(game("11-24", 32, "NYK", "BOS", "6"), "BOS", 120, 110.0, True),
    ]

    row = cache([], teams=teams).loc["7"]

    assert row["team_pace_l10"] == 100
    assert row["team_off_rating_l10"] == pytest.approx(100 * 330 / 300)
    assert (row["team_win_pct"], row["team_games_n_l10"], row["team_games_n_season"]) == (0.5, 3, 2)


def test_a_game_known_after_the_decision_is_not_in_the_window() -> None:
    box = [*season(10), *season(90, first="11-29", known_at=at("11-30 23:30:01"))]

    assert cache(box).loc["7", "points_avg_l10"] == 10


def test_the_game_itself_moves_nothing() -> None:
    """Leakage trap 1: a rolling feature must not include the game, whenever its box score is stamped."""
    before = season(10, 20, 30, 40, 50)
    own = man(game("11-30", 900, "DEN", "BOS"), "7", "BOS", 99, known_at=at("11-30 18:00"))

    pd.testing.assert_frame_equal(cache([*before, own]), cache(before))


def test_history_cut_at_the_day_before_gives_the_same() -> None:
    """Leakage trap 6: no average of the whole season is joined back."""
    box = season(10, 20, 30, 40, 50, 60, 70, 80)

    whole, cut = cache(box, "11-10"), cache([row for row in box if row["game_date"] < day("11-10")], "11-10")

    pd.testing.assert_frame_equal(whole, cut)


def test_known_at_is_that_of_the_latest_row_used() -> None:
    (box,) = season(10, known_at=at("11-20 05:00"))

    rows = cache(corrected(box, at("11-30 15:00"), points=11))

    assert rows.loc["7", "known_at"] == at("11-30 15:00")
    assert rows.loc["8", "known_at"] == at("11-30 12:00")
    assert rows.loc["7", "points_avg_l10"] == 11


def test_quality_is_how_full_the_windows_of_player_and_team_are() -> None:
    teams = [offense(game(f"11-{n:02d}", n, "NYK", "BOS"), "BOS", 100, 100.0, True) for n in range(1, 11)]

    rows = cache(season(10, 20, 30, 40, 50), teams=teams)

    assert rows.loc["7", "quality"] == 75
    assert rows.loc["8", "quality"] == 0


def test_a_scope_is_rows_of_the_whole() -> None:
    whole = cache(season(10, 20, 30))

    pd.testing.assert_frame_equal(cache(season(10, 20, 30), scope=Scope(players=frozenset({"7"}))), whole.loc[["7"]])
    pd.testing.assert_frame_equal(cache(season(10, 20, 30), scope=Scope(teams=frozenset({"DEN"}))), whole.loc[["8"]])


def test_weighted_form_halves_with_every_half_life_and_outlasts_the_summer() -> None:
    """30 points last season's spring, then 10, 20: with a half-life of 3 games the weights are w², w, 1."""
    spring = season(30, first="2024-03-01", season=2023)
    row = cache([*spring, *season(10, 20)]).loc["7"]

    w = 0.5 ** (1 / 3)
    assert row["points_ew3"] == pytest.approx((20 + 10 * w + 30 * w**2) / (1 + w + w**2))
    assert row["games_n_form"] == 3
    assert row["days_since_last"] == 27


def test_who_changed_teams_has_form_but_not_that_of_this_team() -> None:
    boxes = [man(game("11-20", 33, "NYK", "LAL"), "7", "LAL", 14)]
    row = cache(boxes).loc["7"]

    assert (row["points_ew8"], row["is_same_team"], row["team_games_played_l10"]) == (14, False, 0)


def test_games_played_for_the_team_are_counted_among_its_last_ten() -> None:
    played = season(10, None, 12)
    dates = ("11-01", "11-03", "11-05")
    games = [game(date, int(day(date).strftime("%j")), "DEN", "BOS") for date in dates]
    teams = [offense(each, "BOS", 100, 100.0, True) for each in games]
    row = cache(played, teams=teams).loc["7"]

    assert (row["team_games_played_l10"], row["team_games_n_l10"]) == (2, 3)
