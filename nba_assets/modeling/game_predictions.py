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
from nba_assets.modeling.distribution import DECIMALS
from nba_assets.modeling.game_features import FEATURES, GAME, game_features
from nba_assets.modeling.game_weights import of_season
from nba_assets.modeling.identity import row_hashes, text_hashes
from nba_assets.modeling.scores_of_games import Scores
from nba_assets.scope import Scope

MAX_AGE = pd.Timedelta(hours=12)
"""A line captured longer before the decision is not used."""

FEW_GAMES = 5
"""Results of either team under which its rating says little."""


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """One backfill row per game of `dates` that has both team contexts."""
    table = contracts.table("game_predictions")
    games = game_features(inputs, pd.DatetimeIndex(list(dates)), scope)
    if games.empty:
        return frames.empty(table)
    games = games.merge(game_lines(of(inputs, "odds_api_game_lines"), games), on=GAME, how="left")
    scores = anchored(games)
    out = games[["game_date", "game_id", "home", "away", "decision_at", "tip_at", "market_p_home"]].copy()
    out["home_spread"], out["total_line"] = games["home_spread"], games["total_line"]
    out["lines_captured_at"] = games["lines_captured_at"]
    out["lines_source"] = pd.Series("odds_api", index=games.index).where(games["lines_captured_at"].notna())
    out["model_version"] = ratings.MODEL_VERSION
    out["prediction_id"] = text_hashes(out[["game_id", "decision_at", "model_version"]])
    out["created_at"], out["run_kind"], out["role"] = out["decision_at"], "backfill", "serving"
    out["p_home_win"] = np.round(scores.home_wins(), DECIMALS)
    out["home_mean"], out["away_mean"] = scores.home, scores.away
    levels = [level / 100 for level in LEVELS]
    for name, mean, values in (
        ("margin", scores.margin, scores.margin_quantiles(levels)),
        ("total", scores.total, scores.total_quantiles(levels)),
    ):
        out[f"{name}_mean"] = mean
        for index, level in enumerate(LEVELS):
            out[f"{name}_q{level:02d}"] = np.round(values[:, index], DECIMALS) + 0.0
    numbers = (*FEATURES, "games", "has_players", "home_spread", "total_line", "market_p_home")
    out["feature_hash"] = row_hashes(np.column_stack([floats(games[name].astype("Float64")) for name in numbers]))
    out["reasons"] = _reasons(games)
    known = games[["rows_known_at", "lines_known_at"]].max(axis=1)
    out["known_at"] = known.where(known <= out["decision_at"], out["decision_at"])
    return frames.conform(out, table)


def anchored(games: pd.DataFrame) -> Scores:
    """The scores' distribution: by the season's weights, and where there is a spread or a total, around that.

    games: rows of `game_features`, with home_spread and total_line where books have them (else null).
    """
    p = ratings.Params()
    margin, total, sd_margin, sd_total = (np.empty(len(games)) for _ in range(4))
    for season in games["season"].unique():
        weights, rows = of_season(int(season)), (games["season"] == season).to_numpy(dtype=bool)
        margin[rows], sd_margin[rows] = weights.margins(games[rows]), weights.sd_margin
        total[rows], sd_total[rows] = weights.totals(games[rows]), weights.sd_total
    spread, line = floats(games["home_spread"]), floats(games["total_line"])
    has_spread, has_line = np.isfinite(spread), np.isfinite(line)
    return Scores.of(
        np.where(has_spread, -spread, margin),
        np.where(has_line, line, total),
        np.where(has_spread, p.sd_margin_line, sd_margin),
        np.where(has_line, p.sd_total_line, sd_total),
    )


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


def _reasons(games: pd.DataFrame) -> pd.Series[Any]:
    names = np.asarray(["no_lines", "no_moneyline", "few_games", "no_player_ratings"], dtype=object)
    no_lines = (games["home_spread"].isna() & games["total_line"].isna()).to_numpy()
    few = (games["games"] < FEW_GAMES).to_numpy()
    found = np.column_stack([no_lines, games["market_p_home"].isna().to_numpy(), few, ~games["has_players"].to_numpy()])
    return pd.Series([names[row].tolist() for row in found], index=games.index, dtype=object)
