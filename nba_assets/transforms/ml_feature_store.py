"""Builds nba_precompute.ml_feature_store: the features of a player's game at the decision, with their quality."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.nba_precompute.ml_feature_store import FEATURE_SET, FEATURES, REQUIRED
from nba_assets.scope import Scope
from nba_assets.transforms import Dates, Inputs, asks
from nba_assets.transforms.feature_values import (
    Values,
    plain,
    replaced,
    scored,
    unless_available,
    windowed,
    with_fallback,
)
from nba_assets.transforms.game_types import POSTSEASON, is_type
from nba_assets.transforms.pregame import attach, names_where, with_inputs, within
from nba_assets.transforms.season_reports import first_report
from nba_assets.transforms.windows import Flags, Floats, floats

GAME = ["game_date", "game_id"]
WINDOWS = {feature.name: feature.window for feature in FEATURES}
RISKS = {"available": 0, "probable": 1, "questionable": 2, "doubtful": 3}
TIERS = {"gold": 95, "silver": 85, "bronze": 70, "poor": 50}
"""Least score of each tier; critical below."""
CAPS = ((len(REQUIRED), 49.0), (1, 69.0))
"""Required features missing, and the score that a row can then have at most."""
PRIOR_BELOW = 3
"""Games of this season below which last season's average stands in."""
MINUTES_GAMES = 5
"""Games from which a change of minutes is given."""

CONTEXT = [
    "player_id",
    "team",
    "opponent",
    "season",
    "is_home",
    "is_neutral",
    "decision_at",
    "injury_status",
    "report_at",
    "is_b2b",
    "games_last_7d",
    "rest_advantage",
    "known_at",
]
CACHE = [
    "points_avg_l5",
    "points_avg_l10",
    "points_avg_season",
    "points_std_l10",
    "recent_trend",
    "games_n_l10",
    "games_n_season",
    "minutes_avg_l10",
    "minutes_avg_season",
    "ft_points_share_l10",
    "games_last_7d",
    "team_pace_l10",
    "team_off_rating_l10",
    "team_win_pct",
    "team_games_n_l10",
    "team_games_n_season",
    "prior_season_points_avg",
    "prior_season_games",
]
TEAM = ["team_pace_l10", "team_off_rating_l10", "team_win_pct"]
SCORES = ["fatigue_score", "shot_zone_mismatch_score", "pace_score", "usage_spike_score"]
SHARES = {"pct_paint": "paint_share_l10", "pct_mid_range": "mid_share_l10", "pct_three": "three_share_l10"}
PREFIXES = {
    "player_daily_cache": "cache_",
    "upcoming_team_game_context": "team_",
    "player_composite_factors": "composite_",
    "player_shot_zone_analysis": "shots_",
    "team_defense_zone_analysis": "defense_",
}


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """One row per player of the player context on `dates` who is not out.

    A score of the composite table that is partial has quality 70. `quality` is the row's feature_quality_score.
    """
    table = contracts.table("ml_feature_store")
    rows = _rows(inputs, dates, scope)
    values = features(rows)
    out = rows[[*GAME, "player_id", "team", "opponent", "season", "decision_at"]].copy()
    for name, found in values.items():
        out[name], out[f"{name}_source"], out[f"{name}_quality"] = found.value, found.source, found.quality
    out["feature_set"] = FEATURE_SET
    out = out.assign(**verdict(values))
    out["quality"] = out["feature_quality_score"]
    known = ["known_at", *(f"{prefix}known_at" for prefix in PREFIXES.values()), "first_report_at"]
    out["known_at"] = rows[known].max(axis=1)
    used = {"upcoming_player_game_context": np.full(len(rows), True)}
    used |= {name: rows[f"{prefix}known_at"].notna().to_numpy() for name, prefix in PREFIXES.items()}
    used["nbac_injury_report"] = rows["first_report_at"].notna().to_numpy()
    return frames.conform(with_inputs(out, used), table)


def _rows(inputs: Inputs, dates: Dates, scope: Scope | None) -> pd.DataFrame:
    """The contexts of players who are not out, with the other tables' rows as known at the decision."""
    context = asks.of(inputs, "upcoming_player_game_context")
    playing = ~(context["injury_status"] == "out").fillna(False).astype(bool)
    rows = within(context[context["game_date"].isin(list(dates)) & playing][[*GAME, *CONTEXT]], scope)
    player = [*GAME, "player_id"]
    rows = attach(rows, asks.of(inputs, "player_daily_cache"), player, CACHE, "cache_")
    rows = attach(rows, asks.of(inputs, "upcoming_team_game_context"), [*GAME, "team"], TEAM, "team_")
    scores = [name for score in SCORES for name in (score, f"{score}_source")]
    rows = attach(rows, asks.of(inputs, "player_composite_factors"), player, scores, "composite_")
    zones = [*SHARES.values(), "games_n_l10", "season_zone_games"]
    rows = attach(rows, asks.of(inputs, "player_shot_zone_analysis"), player, zones, "shots_")
    defense = asks.of(inputs, "team_defense_zone_analysis").rename(columns={"team": "opponent"})
    rows = attach(
        rows,
        defense,
        [*GAME, "opponent"],
        ["def_rating_l15", "pace_l15", "games_n", "season_zone_games"],
        "defense_",
    )
    return rows.assign(first_report_at=first_report(rows, asks.of(inputs, "nbac_injury_report")))


def features(rows: pd.DataFrame) -> dict[str, Values]:
    """All features of the set, in its order."""
    found = player_form(rows) | composite(rows) | circumstances(rows) | opponent(rows) | shot_mix(rows) | team(rows)
    return {feature.name: found[feature.name] for feature in FEATURES}


def player_form(rows: pd.DataFrame) -> dict[str, Values]:
    """What the cache knows of the player; last season's average for his first games where he has one."""
    games, season = floats(rows["cache_games_n_l10"]), floats(rows["cache_games_n_season"])
    last_season = floats(rows["cache_prior_season_points_avg"])
    found = {
        name: _windowed(rows, name, floats(rows[f"cache_{column}"]), n)
        for name, column, n in (
            ("points_avg_last_5", "points_avg_l5", games),
            ("points_avg_last_10", "points_avg_l10", games),
            ("points_avg_season", "points_avg_season", season),
            ("points_std_last_10", "points_std_l10", games),
            ("recent_trend", "recent_trend", games),
            ("pct_free_throw", "ft_points_share_l10", games),
        )
    }
    for name, n in (("points_avg_last_5", games), ("points_avg_season", season)):
        found[name] = replaced(found[name], n < PRIOR_BELOW, last_season, "prior_season")
    found["minutes_change"] = _windowed(rows, "minutes_change", minutes_change(rows), season)
    week = plain(rows["cache_games_last_7d"])
    found["games_in_last_7_days"] = with_fallback(week, rows["games_last_7d"])
    return found


def minutes_change(rows: pd.DataFrame) -> Floats:
    """Minutes of the last 10 games over the season's − 1; null below 5 games."""
    recent, whole = floats(rows["cache_minutes_avg_l10"]), floats(rows["cache_minutes_avg_season"])
    enough = (floats(rows["cache_games_n_season"]) >= MINUTES_GAMES) & (whole > 0)
    return np.where(enough, recent / np.where(enough, whole, 1.0) - 1, np.nan)


def composite(rows: pd.DataFrame) -> dict[str, Values]:
    """The four scores; those of zones and reports are not available in a season without any."""
    found = {
        name: scored(
            floats(rows[f"composite_{name}"]),
            rows[f"composite_{name}_source"].to_numpy(dtype=object, na_value="missing"),
        )
        for name in SCORES
    }
    zones = _delivered(rows, "shots_season_zone_games") & _delivered(rows, "defense_season_zone_games")
    found["shot_zone_mismatch_score"] = unless_available(found["shot_zone_mismatch_score"], zones)
    found["usage_spike_score"] = unless_available(found["usage_spike_score"], _reports(rows))
    return found


def circumstances(rows: pd.DataFrame) -> dict[str, Values]:
    """Rest, injury, place and kind of the game."""
    risk = floats(rows["injury_status"].map(RISKS).astype("Float64"))
    place = np.where(floats(rows["is_neutral"]) == 1, 0.5, floats(rows["is_home"]))
    return {
        "rest_advantage": plain(np.clip(floats(rows["rest_advantage"]), -2, 2)),
        "injury_risk": unless_available(plain(risk), _reports(rows)),
        "home_away": plain(place),
        "back_to_back": plain(rows["is_b2b"]),
        "playoff_game": plain(is_type(rows, POSTSEASON).to_numpy(dtype=float)),
    }


def opponent(rows: pd.DataFrame) -> dict[str, Values]:
    """The opponent's defence over its last 15 games."""
    games = floats(rows["defense_games_n"])
    return {
        "opponent_def_rating": _windowed(rows, "opponent_def_rating", floats(rows["defense_def_rating_l15"]), games),
        "opponent_pace": _windowed(rows, "opponent_pace", floats(rows["defense_pace_l15"]), games),
    }


def shot_mix(rows: pd.DataFrame) -> dict[str, Values]:
    """Shares of his located shots; not available in a season without zones."""
    games, delivered = floats(rows["shots_games_n_l10"]), _delivered(rows, "shots_season_zone_games")
    return {
        name: unless_available(_windowed(rows, name, floats(rows[f"shots_{column}"]), games), delivered)
        for name, column in SHARES.items()
    }


def team(rows: pd.DataFrame) -> dict[str, Values]:
    """The team's form: the cache's, else the team context's."""
    form, season = floats(rows["cache_team_games_n_l10"]), floats(rows["cache_team_games_n_season"])
    return {
        name: with_fallback(_windowed(rows, name, floats(rows[f"cache_{column}"]), n), rows[f"team_{column}"])
        for name, column, n in (
            ("team_pace", "team_pace_l10", form),
            ("team_off_rating", "team_off_rating_l10", form),
            ("team_win_pct", "team_win_pct", season),
        )
    }


def _windowed(rows: pd.DataFrame, name: str, value: Floats, games: Floats) -> Values:
    known_player = np.nan_to_num(floats(rows["cache_prior_season_games"])) > 0
    return windowed(value, games, WINDOWS[name], known_player)


def _delivered(rows: pd.DataFrame, column: str) -> Flags:
    """Whether the season has games with zones; a row that is not there says nothing."""
    return np.asarray(floats(rows[column]) != 0)


def _reports(rows: pd.DataFrame) -> Flags:
    """Whether any injury report of the season was known: an earlier date's, or one of this game."""
    return (rows["first_report_at"].notna() | rows["report_at"].notna()).to_numpy(dtype=bool)


def verdict(values: dict[str, Values]) -> pd.DataFrame:
    """Score, tier and what is missing, per row: Σ weight·quality/Σ weight over the available features, capped."""
    weight = np.array([feature.weight for feature in FEATURES], dtype=float)
    quality = np.column_stack([values[feature.name].quality for feature in FEATURES])
    available = ~np.isnan(quality)
    score = (np.nan_to_num(quality) * weight).sum(axis=1) / np.maximum((available * weight).sum(axis=1), 1.0)
    required = np.sum([np.isnan(values[name].value) for name in REQUIRED], axis=0)
    limit = np.select([required >= least for least, _ in CAPS], [cap for _, cap in CAPS], 100.0)
    score = np.minimum(score, limit)
    missing = {name: found.source == "missing" for name, found in values.items()}
    tier = np.select([score >= least for least in TIERS.values()], list(TIERS), "critical")
    return pd.DataFrame(
        {
            "feature_quality_score": score,
            "quality_tier": tier,
            "required_missing": required,
            "n_missing": np.sum(list(missing.values()), axis=0),
            "missing_features": names_where(missing),
            "is_ready": required == 0,
        }
    )
