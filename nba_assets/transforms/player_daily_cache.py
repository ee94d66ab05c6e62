"""Builds nba_precompute.player_daily_cache: a player's form, season and prior season, and his team's form."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.scope import Scope
from nba_assets.transforms import Dates, Inputs, asks, windows, workload
from nba_assets.transforms.game_types import FORM, STATS, is_type
from nba_assets.transforms.pregame import VERSION, about, by_ask, counts, latest, with_inputs, within
from nba_assets.transforms.weighted_form import games_for_team, weighted_form
from nba_assets.transforms.windows import Floats, last, mean, ratio

TREND_RECENT, TREND_GAMES = 2, 5
"""The trend compares the last 2 of 5 games with the 3 before them."""
EARLY_GAMES = 10
NAN = float("nan")


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """One row per registry player whose team plays on `dates`, as known 30 minutes before the tip.

    Quality: how full his and his team's last-10 windows are, percent.
    """
    table = contracts.table("player_daily_cache")
    games = asks.team_games(inputs, dates)
    people = within(asks.players(inputs, dates, games), scope)
    box = _box(about(asks.of(inputs, "player_game_summary"), people, "player_id"))
    past = windows.history(people, box, by="player_id")
    weighted = weighted_form(people, box)
    prior = _prior_pairs(people, box)
    n = len(people)
    out = people[["game_date", "player_id", "game_id", "team", "season", "decision_at"]].copy()
    out = out.assign(**form(past, n), **season(past, n), **last_week(people, past), **prior_season(prior, n))
    out["early_season"] = out["games_n_season"] < EARLY_GAMES
    out = out.assign(**weighted)
    offense = about(asks.of(inputs, "team_offense_game_summary"), games, "team")
    rows = offense.loc[is_type(offense, FORM), [*VERSION, "team", "points", "possessions", "pace", "won"]]
    team_past = windows.history(games, rows.assign(regular=is_type(rows, STATS)), by="team")
    out["team_games_played_l10"] = games_for_team(people, past, team_past, games)
    teams = team_form(games, team_past)
    out = out.merge(teams, on=["game_date", "game_id", "team"], how="left", validate="many_to_one")
    known = latest(people["known_at"], past, prior)
    known = known.where(known >= out["form_known_at"], out["form_known_at"])
    out["known_at"] = known.where(known >= out["team_known_at"], out["team_known_at"])
    out["quality"] = 50.0 * (out["games_n_l10"] + out["team_games_n_l10"]) / 10
    out = with_inputs(
        out,
        {
            "nbac_schedule": np.full(n, True),
            "nbac_player_list": (people["team_source"] == "player_list").to_numpy(dtype=bool),
            "player_game_summary": np.isin(np.arange(n), past["ask"]) | np.isin(np.arange(n), prior["ask"]),
            "team_offense_game_summary": (out["team_games_n_l10"] > 0).to_numpy(dtype=bool),
        },
    )
    return frames.conform(out.drop(columns=["team_known_at", "form_known_at"]), table)


def _box(summary: pd.DataFrame) -> pd.DataFrame:
    """The rows that count for form, with numbers as floats and what the windows weigh by."""
    rows = summary[is_type(summary, FORM)]
    numbers = ("points", "minutes", "usage_rate", "fga", "fta", "ftm", "fg3a", "pf", "is_starter")
    box = rows[[*VERSION, "player_id", "team"]].assign(**{name: windows.floats(rows[name]) for name in numbers})
    box["played"] = (rows["status"] == "played").to_numpy(dtype=bool)
    box["absent"] = 1.0 - box["played"]
    box["regular"] = is_type(rows, STATS)
    box["usage_minutes"] = box["usage_rate"] * box["minutes"]
    box["shots"] = box["fga"] + 0.44 * box["fta"]
    box["shooting_plays"] = 2 * box["shots"]
    return box


def _prior_pairs(people: pd.DataFrame, box: pd.DataFrame) -> pd.DataFrame:
    rows = box.loc[box["played"] & box["regular"], [*VERSION, "player_id", "points", "minutes"]]
    return windows.history(people.assign(season=people["season"] - 1), rows, by="player_id")


def form(past: pd.DataFrame, n: int) -> dict[str, Floats]:
    """Last-N columns of each of `n` asks from its pairs of the season; N counts played games, of any team."""
    played = past[past["played"]]
    three, five, ten = last(played, 3), last(played, 5), last(played, 10)
    columns = {
        "points_avg_l3": mean(three, "points"),
        "points_avg_l5": mean(five, "points"),
        "points_avg_l10": mean(ten, "points"),
        "points_std_l10": windows.deviation(ten, "points"),
        "minutes_avg_l5": mean(five, "minutes"),
        "minutes_avg_l10": mean(ten, "minutes"),
        "minutes_std_l10": windows.deviation(ten, "minutes"),
        "usage_l5": ratio(five, "usage_minutes", "minutes"),
        "usage_l10": ratio(ten, "usage_minutes", "minutes"),
        "ts_pct_l10": ratio(ten, "points", "shooting_plays"),
        "ppm_l10": ratio(ten, "points", "minutes"),
        "fga_l10": mean(ten, "fga"),
        "fta_l10": mean(ten, "fta"),
        "ft_points_share_l10": ratio(ten, "ftm", "points"),
        "dnp_rate_l10": mean(last(past, 10), "absent"),
        "starter_share_l10": mean(ten, "is_starter"),
    }
    return {name: by_ask(values, n) for name, values in columns.items()} | {
        "recent_trend": recent_trend(played, n),
        "games_n_l10": counts(windows.count(ten), n),
    }


def recent_trend(played: pd.DataFrame, n: int) -> Floats:
    """Mean points of the last 2 games − mean of the 3 before; null below 5 games."""
    five, two = last(played, TREND_GAMES), last(played, TREND_RECENT)
    recent, whole = by_ask(windows.total(two, "points"), n), by_ask(windows.total(five, "points"), n)
    before = (whole - recent) / (TREND_GAMES - TREND_RECENT)
    enough = counts(windows.count(five), n) == TREND_GAMES
    return np.where(enough, recent / TREND_RECENT - before, NAN)


def season(past: pd.DataFrame, n: int) -> dict[str, Floats]:
    """Averages of the regular season's played games."""
    regular = past[past["played"] & past["regular"]]
    return {
        "games_n_season": counts(windows.count(regular), n),
        "points_avg_season": by_ask(mean(regular, "points"), n),
        "minutes_avg_season": by_ask(mean(regular, "minutes"), n),
        "usage_season": by_ask(ratio(regular, "usage_minutes", "minutes"), n),
    }


def last_week(people: pd.DataFrame, past: pd.DataFrame) -> dict[str, Floats]:
    """Games he played on D−7 to D−1 and their minutes."""
    week, n = workload.recent(people, past[past["played"]], 7), len(people)
    return {
        "games_last_7d": counts(windows.count(week), n),
        "minutes_last_7d": counts(windows.total(week, "minutes"), n),
    }


def prior_season(prior: pd.DataFrame, n: int) -> dict[str, Floats]:
    """Averages of last regular season's played games, as known at the decision."""
    return {
        "prior_season_points_avg": by_ask(mean(prior, "points"), n),
        "prior_season_minutes_avg": by_ask(mean(prior, "minutes"), n),
        "prior_season_games": counts(windows.count(prior), n),
    }


def team_form(games: pd.DataFrame, past: pd.DataFrame) -> pd.DataFrame:
    """Per team-game: pace, rating and record before it, with the windows' sizes and `team_known_at`."""
    ten, regular, n = last(past, 10), past[past["regular"]], len(games)
    return games[["game_date", "game_id", "team"]].assign(
        team_pace_l10=by_ask(mean(ten, "pace"), n),
        team_off_rating_l10=100 * by_ask(ratio(ten, "points", "possessions"), n),
        team_win_pct=by_ask(mean(regular, "won"), n),
        team_games_n_l10=counts(windows.count(ten), n),
        team_games_n_season=counts(windows.count(regular), n),
        team_known_at=latest(games["known_at"], past),
    )
