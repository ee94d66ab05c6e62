"""Builds nba_predictions.game_predictions: winner, margin and total of every game with two team contexts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.nba_predictions.player_points_predictions import LEVELS
from nba_assets.modeling import Dates, Inputs, decision, ratings
from nba_assets.modeling.columns import floats, of
from nba_assets.modeling.distribution import DECIMALS, Floats
from nba_assets.modeling.identity import row_hashes, text_hashes, within
from nba_assets.scope import Scope

GAME = ["game_date", "game_id"]
"""A postponed game keeps its id and has rows on both dates."""

MAX_AGE = pd.Timedelta(hours=12)
"""A line captured longer before the decision is not used."""

SIDE = ("team_pace_l10", "team_off_rating_l10", "team_def_rating_l10", "is_b2b")
FEW_GAMES = 5


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """One backfill row per game of `dates` that has both team contexts."""
    table = contracts.table("game_predictions")
    games = _games(of(inputs, "upcoming_team_game_context"), pd.DatetimeIndex(list(dates)))
    games = within(games, scope).reset_index(drop=True)
    if games.empty:
        return frames.empty(table)
    games = games.merge(game_lines(of(inputs, "odds_api_game_lines"), games), on=GAME, how="left")
    results = game_results(of(inputs, "team_offense_game_summary"))
    asks = games.rename(columns={"decision_at": "at"})
    games = games.join(ratings.elo_differences(asks, results))
    games["league"] = ratings.league_totals(asks, results)
    margin, margin_sd = _margins(games)
    total, total_sd = _totals(games)
    out = games[["game_date", "game_id", "home", "away", "decision_at", "tip_at", "market_p_home"]].copy()
    out["home_spread"], out["total_line"] = games["home_spread"], games["total_line"]
    out["lines_captured_at"] = games["lines_captured_at"]
    out["lines_source"] = pd.Series("odds_api", index=games.index).where(games["lines_captured_at"].notna())
    out["model_version"] = ratings.MODEL_VERSION
    out["prediction_id"] = text_hashes(out[["game_id", "decision_at", "model_version"]])
    out["created_at"], out["run_kind"], out["role"] = out["decision_at"], "backfill", "serving"
    out["p_home_win"] = np.round(ratings.home_win(margin, margin_sd), DECIMALS)
    levels = [level / 100 for level in LEVELS]
    for name, mean, sd in (("margin", margin, margin_sd), ("total", total, total_sd)):
        out[f"{name}_mean"] = mean
        values = np.round(ratings.normal_quantiles(mean, sd, levels), DECIMALS) + 0.0
        for index, level in enumerate(LEVELS):
            out[f"{name}_q{level:02d}"] = values[:, index]
    numbers = ("elo", "games", "league", "home_spread", "total_line", "market_p_home")
    out["feature_hash"] = row_hashes(np.column_stack([floats(games[name]) for name in numbers]))
    out["reasons"] = _reasons(games)
    known = games[["context_known_at", "lines_known_at"]].max(axis=1)
    out["known_at"] = known.where(known <= out["decision_at"], out["decision_at"])
    return frames.conform(out, table)


def _games(context: pd.DataFrame, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """Home and away contexts of a game side by side; suffixes _home and _away."""
    rows = context[context["game_date"].isin(dates)]
    shared = [*GAME, "season", "tip_at", "decision_at", "is_neutral", "known_at"]
    home = rows.loc[rows["is_home"], [*shared, "team", *SIDE]].rename(columns={"team": "home"})
    away = rows.loc[~rows["is_home"], [*GAME, "team", *SIDE, "known_at"]].rename(columns={"team": "away"})
    games = home.merge(away, on=GAME, suffixes=("_home", "_away"), validate="one_to_one")
    games["context_known_at"] = games[["known_at_home", "known_at_away"]].max(axis=1)
    return games.sort_values(GAME, kind="stable", ignore_index=True)


def game_results(summary: pd.DataFrame) -> pd.DataFrame:
    """Versions of final games from the home side's rows: margin (home - away) and total, points."""
    rows = summary[summary["is_home"].fillna(False)]
    columns = ["game_date", "season", "game_id", "is_neutral", "margin", "known_at", "superseded_at"]
    out = rows[columns].assign(home=rows["team"], away=rows["opponent"])
    out["total"] = 2 * rows["points"] - rows["margin"]
    return out.dropna(subset=["margin", "total"]).reset_index(drop=True)


def game_lines(lines: pd.DataFrame, games: pd.DataFrame) -> pd.DataFrame:
    """Medians over books of each book's newest capture known at the decision, before the tip, at most 12 h old.

    One row per game that has any: home_spread, total_line (points), market_p_home (de-vigged moneylines),
    lines_captured_at, lines_known_at.
    """
    columns = ["book", "captured_at", "known_at", "home_spread", "total", "home_ml_price", "away_ml_price"]
    rows = lines[[*GAME, *columns]].merge(games[[*GAME, "tip_at", "decision_at"]], on=GAME)
    usable = (rows["captured_at"] < rows["tip_at"]) & (rows["known_at"] <= rows["decision_at"])
    rows = rows[usable & (rows["decision_at"] - rows["captured_at"] <= MAX_AGE)]
    order = [*GAME, "book", "captured_at"]
    rows = rows.sort_values(order, kind="stable").drop_duplicates(order[:-1], keep="last")
    home = 1.0 / decision.decimal_price(floats(rows["home_ml_price"]))
    away = 1.0 / decision.decimal_price(floats(rows["away_ml_price"]))
    rows = rows.assign(market_p_home=np.round(home / (home + away), DECIMALS))
    groups = rows.groupby(GAME, sort=True)
    out = groups[["home_spread", "total", "market_p_home"]].median().rename(columns={"total": "total_line"})
    out = out.assign(lines_captured_at=groups["captured_at"].max(), lines_known_at=groups["known_at"].max())
    return out.reset_index()


def _margins(games: pd.DataFrame) -> tuple[Floats, Floats]:
    p = ratings.Params()
    tired = floats(games["is_b2b_away"].astype("Int64")) - floats(games["is_b2b_home"].astype("Int64"))
    home = np.where(games["is_neutral"].to_numpy(dtype=bool), 0.0, p.home_advantage)
    own = p.points_per_elo * (games["elo"].to_numpy() + home + p.back_to_back * tired)
    spread = floats(games["home_spread"])
    anchored = np.isfinite(spread)
    mean = np.clip(np.where(anchored, -spread, own), -60.0, 60.0)
    return np.round(mean, DECIMALS) + 0.0, np.where(anchored, p.sd_margin_line, p.sd_margin)


def _totals(games: pd.DataFrame) -> tuple[Floats, Floats]:
    """League mean and both teams' last ten: mean pace times the mean of attack and opposing defence, twice."""
    p = ratings.Params()
    side = {
        f"{n}_{s}": floats(games[f"team_{n}_l10_{s}"])
        for n in ("pace", "off_rating", "def_rating")
        for s in ("home", "away")
    }
    pace = (side["pace_home"] + side["pace_away"]) / 2
    per_100 = side["off_rating_home"] + side["def_rating_away"] + side["off_rating_away"] + side["def_rating_home"]
    form = pace * per_100 / 200
    league = games["league"].to_numpy()
    own = np.where(np.isfinite(form), p.form_weight * form + (1 - p.form_weight) * league, league)
    line = floats(games["total_line"])
    anchored = np.isfinite(line)
    mean = np.clip(np.where(anchored, line, own), 120.0, 340.0)
    return np.round(mean, DECIMALS) + 0.0, np.where(anchored, p.sd_total_line, p.sd_total)


def _reasons(games: pd.DataFrame) -> pd.Series[Any]:
    names = np.asarray(["no_lines", "no_moneyline", "few_games"], dtype=object)
    no_lines = (games["home_spread"].isna() & games["total_line"].isna()).to_numpy()
    found = np.column_stack(
        [no_lines, games["market_p_home"].isna().to_numpy(), (games["games"] < FEW_GAMES).to_numpy()]
    )
    return pd.Series([names[row].tolist() for row in found], index=games.index, dtype=object)
