"""Builds nba_precompute.player_composite_factors: fatigue, shot zones against the defence, pace, vacated usage.

Weights and thresholds are design choices, not standards.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.scope import Scope
from nba_assets.transforms import Dates, Inputs, asks
from nba_assets.transforms.feature_values import SUBSTITUTE_QUALITY, Texts
from nba_assets.transforms.pregame import attach, with_inputs, within
from nba_assets.transforms.windows import Floats, floats

WORTH = {"paint": 2, "mid": 2, "three": 3}
"""Points of a made shot by zone."""

GAME = ["game_date", "game_id"]
CONTEXT = (
    "player_id",
    "team",
    "opponent",
    "season",
    "decision_at",
    "known_at",
    "days_rest",
    "is_b2b",
    "games_last_7d",
    "minutes_last_7d",
    "avg_minutes_last_7d",
    "b2b_last_14d",
    "points_avg_l10",
    "usage_l10",
    "vacated_usage",
    "vacated_minutes",
)


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """One row per player of the player context on `dates`, players who are out included.

    Quality: mean over the four scores of computed 100, partial 70, missing 0.
    """
    table = contracts.table("player_composite_factors")
    rows = _rows(inputs, dates, scope)
    out = rows[[*GAME, "player_id", "team", "opponent", "season", "decision_at"]].copy()
    out["fatigue_score"], out["fatigue_score_source"] = fatigue_score(rows)
    out["expected_pace"] = expected_pace(rows)
    out["projected_usage"] = projected_usage(rows)
    found = {
        "shot_zone_mismatch_score": mismatch_score(rows),
        "pace_score": out["expected_pace"].to_numpy() - pace_of(rows),
        "usage_spike_score": usage_spike_score(rows),
    }
    for name, score in found.items():
        out[name] = score
        out[f"{name}_source"] = np.where(np.isnan(score), "missing", "computed")
    sources = [out[f"{name}_source"] for name in ("fatigue_score", *found)]
    worth = {"computed": 100.0, "partial": SUBSTITUTE_QUALITY, "missing": 0.0}
    out["quality"] = np.mean([source.map(worth).to_numpy(dtype=float) for source in sources], axis=0)
    prefixes = {
        "upcoming_team_game_context": "team_",
        "player_daily_cache": "cache_",
        "player_shot_zone_analysis": "shots_",
        "team_defense_zone_analysis": "defense_",
    }
    known = ["known_at", *(f"{prefix}known_at" for prefix in prefixes.values())]
    out["known_at"] = rows[known].max(axis=1)
    used = {"upcoming_player_game_context": np.full(len(rows), True)}
    used |= {name: rows[f"{prefix}known_at"].notna().to_numpy() for name, prefix in prefixes.items()}
    return frames.conform(with_inputs(out, used), table)


def _rows(inputs: Inputs, dates: Dates, scope: Scope | None) -> pd.DataFrame:
    """The player contexts with what was known of his team, his form, his shots and the opponent's defence."""
    context = asks.of(inputs, "upcoming_player_game_context")
    rows = within(context[context["game_date"].isin(list(dates))][[*GAME, *CONTEXT]], scope)
    team = asks.of(inputs, "upcoming_team_game_context")
    rows = attach(rows, team, [*GAME, "team"], ["team_pace_l10"], "team_")
    cache = asks.of(inputs, "player_daily_cache")
    rows = attach(rows, cache, [*GAME, "player_id"], ["team_pace_l10", "usage_l10"], "cache_")
    shots = asks.of(inputs, "player_shot_zone_analysis")
    rows = attach(rows, shots, [*GAME, "player_id"], [f"{zone}_share_l10" for zone in WORTH], "shots_")
    defense = asks.of(inputs, "team_defense_zone_analysis").rename(columns={"team": "opponent"})
    wanted = [*(f"{zone}_diff_pp" for zone in WORTH), "pace_l15", "league_pace"]
    return attach(rows, defense, [*GAME, "opponent"], wanted, "defense_")


def fatigue_score(rows: pd.DataFrame) -> tuple[Floats, Texts]:
    """100 fresh to 0 spent, and its source: partial where a term is unknown (at the season's first game none is)."""
    rest, week, minutes, average, pairs = (
        floats(rows[name])
        for name in ("days_rest", "games_last_7d", "minutes_last_7d", "avg_minutes_last_7d", "b2b_last_14d")
    )
    back_to_back = floats(rows["is_b2b"]) == 1
    terms = [
        np.where(back_to_back, -15, np.where(rest >= 3, 5, 0)),
        np.where(week >= 4, -10, 0),
        np.where(minutes > 140, -10, 0),
        np.where(average > 35, -8, 0),
        np.where(pairs >= 2, -12, np.where(pairs == 1, -5, 0)),
    ]
    score = np.clip(100.0 + np.sum(terms, axis=0), 0.0, 100.0)
    has_played = rows["points_avg_l10"].notna().to_numpy()
    unknown = (np.isnan(rest) & has_played) | (np.isnan(average) & (week > 0))
    return score, np.where(unknown, "partial", "computed").astype(object)


def mismatch_score(rows: pd.DataFrame) -> Floats:
    """Σ over paint, mid and three of share·diff·worth: points per 100 shots, positive against a weak defence."""
    terms = [
        floats(rows[f"shots_{zone}_share_l10"]) * floats(rows[f"defense_{zone}_diff_pp"]) * worth
        for zone, worth in WORTH.items()
    ]
    return np.asarray(np.sum(terms, axis=0))


def pace_of(rows: pd.DataFrame) -> Floats:
    """The team's pace over its last 10 games: the cache's, else the team context's."""
    return floats(rows["cache_team_pace_l10"].fillna(rows["team_team_pace_l10"]))


def usage_of(rows: pd.DataFrame) -> Floats:
    """The player's usage over his last 10 games: the cache's, else the player context's."""
    return floats(rows["cache_usage_l10"].fillna(rows["usage_l10"]))


def expected_pace(rows: pd.DataFrame) -> Floats:
    """Team's pace · opponent's pace/league's pace: possessions per 48."""
    return pace_of(rows) * floats(rows["defense_pace_l15"]) / floats(rows["defense_league_pace"])


def usage_spike_score(rows: pd.DataFrame) -> Floats:
    """Projected usage − usage: 0 where nothing is vacated, whether his usage is known or not."""
    nothing = (floats(rows["vacated_usage"]) == 0) & (floats(rows["vacated_minutes"]) == 0)
    return np.where(nothing, 0.0, projected_usage(rows) - usage_of(rows))


def projected_usage(rows: pd.DataFrame) -> Floats:
    """usage · 100/(100 − V) · (240 − M)/240 with the vacated usage V and minutes M; null without a report."""
    vacated, minutes = floats(rows["vacated_usage"]), floats(rows["vacated_minutes"])
    left = np.where(vacated < 100, 100 - vacated, np.nan)
    return np.asarray(usage_of(rows) * (100 / left) * ((240 - minutes) / 240))
