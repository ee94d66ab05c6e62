"""Games without lines, walk-forward: the model against Elo on identical rows, date-clustered, every game accounted for.

The model's figures are those that `game_predictions` would give without book lines: the same features and weights.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.model import Versioning
from nba_assets.contracts.nba_predictions.game_predictions import STATUS
from nba_assets.errors import PlatformError
from nba_assets.evaluation import elo
from nba_assets.evaluation.verdicts import Limit
from nba_assets.league import FINAL, FORFEIT_SCORES
from nba_assets.modeling import Inputs
from nba_assets.modeling.alarms import GAME_LIMITS, LEAST_GAMES, game_leaks
from nba_assets.modeling.columns import of
from nba_assets.modeling.distribution import log_losses
from nba_assets.modeling.game_features import GAME, game_features, matchups
from nba_assets.modeling.game_predictions import anchored
from nba_assets.modeling.game_weights import Weights, fitted
from nba_assets.modeling.resampling import intervals, micro
from nba_assets.transforms.game_types import FORM, is_type

if TYPE_CHECKING:
    from nba_assets.storage.interfaces import Warehouse

BEFORE = ("upcoming_team_game_context", "nbac_schedule")
"""Inputs of which Elo needs all that is before the range."""
WITHIN = ("upcoming_player_game_context", "team_rating", "player_rating", "team_offense_game_summary")
"""Inputs of the range alone."""

COLUMNS = {
    "upcoming_player_game_context": list(STATUS),
    "team_offense_game_summary": ["game_date", "game_id"],
}
"""Columns that are read of wide tables."""

FLOOR = {"log_loss_diff": -0.004, "brier_diff": -0.0015, "margin_mae_diff": -0.05}
GOAL = {"log_loss_diff": -0.007, "brier_diff": -0.003, "margin_mae_diff": -0.12}
"""Against Elo."""

MEASURES = ("log_loss", "brier", "margin_mae", "total_mae")


def read(warehouse: Warehouse, start: dt.date, end: dt.date) -> dict[str, pd.DataFrame]:
    """The inputs of `games` for the dates."""
    found = {}
    for name in (*BEFORE, *WITHIN):
        span = (start if name in WITHIN else dt.date.min, end)
        history = tables()[name].versioning is Versioning.CLOSED
        found[name] = warehouse.read(name, dates=span, columns=COLUMNS.get(name), history=history)
    return found


def games(inputs: Inputs, start: dt.date, end: dt.date, boxed: bool = False) -> dict[str, Any]:
    """Figures of the games of the dates (`boxed`: those with a box score), for the model and for Elo on the same rows.

    `n_games`, `n_dates`, `n_with_box_score`; each of MEASURES, its `elo_` twin and `_diff` with `_lo` and `_hi` (95 %,
    dates drawn); totals against the league's level instead of Elo (`league_total_mae`); `left_out` by reason; `alarms`;
    `floor` and `goal`: whether each difference reaches it. Numbers are null where there are no games.
    """
    rows, left_out = compared(inputs, start, end)
    if boxed:
        left_out |= {"no_box_score": int((~rows["has_box_score"]).sum())}
        rows = rows[rows["has_box_score"]]
    found: dict[str, Any] = {
        "start": str(start),
        "end": str(end),
        "n_games": len(rows),
        "n_dates": int(rows["game_date"].nunique()),
        "n_with_box_score": int(rows["has_box_score"].sum()),
        "left_out": left_out,
    }
    for name in MEASURES:
        rival = "league_total_mae" if name == "total_mae" else f"elo_{name}"
        found |= _paired(rows, name, rival)
    found["alarms"] = [limit.name for limit in leak_limits(found) if limit.verdict == "raised"]
    for name, limits in (("floor", FLOOR), ("goal", GOAL)):
        found[name] = {key: found[key] is not None and found[key] <= limit for key, limit in limits.items()}
    return found


def leak_limits(found: dict[str, Any]) -> list[Limit]:
    """The leak alarms of what `games` found."""
    n, dates = found["n_games"], found["n_dates"]
    sums = (float(n), *((found[name] or 0.0) * n for name in ("log_loss", "margin_mae")))
    raised = game_leaks(*(np.asarray([value], dtype=float) for value in sums))
    limits = []
    for name, measure in (("game_log_loss_too_good", "log_loss"), ("game_margin_mae_too_good", "margin_mae")):
        said = "raised" if raised[name][0] else "quiet" if n >= LEAST_GAMES else "insufficient"
        limits.append(Limit(name, found[measure], None, None, GAME_LIMITS[name], n, dates, said))
    return limits


def refuse_leaks(found: dict[str, Any]) -> None:
    """Raises `PlatformError` if the figures of `games` raise a leak alarm: a result that is too good fails."""
    if found["alarms"]:
        raise PlatformError(
            f"leak alarm: {', '.join(found['alarms'])}",
            "a rating or a weight has seen the results: find it before anything else",
        )


def compared(inputs: Inputs, start: dt.date, end: dt.date) -> tuple[pd.DataFrame, dict[str, int]]:
    """A row a game with a final score and a prediction, and how many others there are by reason.

    Columns: GAME, season, home, away, margin, total, p_home_win, margin_mean, total_mean, elo_p_home_win, elo_margin,
    has_box_score (its team summaries are there), and per row the MEASURES of both.
    """
    rows = _known(inputs, start, end).merge(_rival(inputs, end), on=GAME, validate="one_to_one")
    nothing = pd.Series(np.nan, index=rows.index)
    scores = anchored(rows.assign(home_spread=nothing, total_line=nothing))
    won = (rows["margin"] > 0).to_numpy(dtype=float)
    margin, total = rows["margin"].to_numpy(dtype=float), rows["total"].to_numpy(dtype=float)
    p, elo_p = scores.home_wins(), rows["elo_p_home_win"].to_numpy(dtype=float)
    rows = rows.assign(
        p_home_win=p,
        margin_mean=scores.margin,
        total_mean=scores.total,
        log_loss=log_losses(p, won),
        elo_log_loss=log_losses(elo_p, won),
        brier=(p - won) ** 2,
        elo_brier=(elo_p - won) ** 2,
        margin_mae=np.abs(margin - scores.margin),
        elo_margin_mae=np.abs(margin - rows["elo_margin"].to_numpy(dtype=float)),
        total_mae=np.abs(total - scores.total),
        league_total_mae=np.abs(total - rows["league_total"].to_numpy(dtype=float)),
    )
    boxes = pd.MultiIndex.from_frame(of(inputs, "team_offense_game_summary")[GAME])
    rows["has_box_score"] = pd.MultiIndex.from_frame(rows[GAME]).isin(boxes)
    return rows, _left_out(inputs, rows, start, end)


def refitted(inputs: Inputs) -> list[Weights]:
    """The weights of every season but the first, each from all games before it; inputs of all dates."""
    known = _known(inputs, dt.date.min, dt.date.max)
    seasons = sorted(known["season"].unique())
    return [fitted(int(season), known[known["season"] < season]) for season in seasons[1:]]


def _known(inputs: Inputs, start: dt.date, end: dt.date) -> pd.DataFrame:
    """`game_features` of every game of the dates with a final score, with margin and total; in order of date."""
    features = game_features(inputs, _dates(inputs, start, end))
    return features.merge(_finals(inputs), on=GAME).sort_values(GAME, kind="stable", ignore_index=True)


def _rival(inputs: Inputs, end: dt.date) -> pd.DataFrame:
    """GAME, elo_p_home_win and elo_margin of every final game to `end`, from the games before each."""
    context = of(inputs, "upcoming_team_game_context")
    rows = matchups(context, _dates(inputs, dt.date.min, end)).merge(_finals(inputs), on=GAME)
    said = elo.walk_forward(rows)
    return rows[GAME].assign(elo_p_home_win=said.p_home_win, elo_margin=said.margin)


def _dates(inputs: Inputs, start: dt.date, end: dt.date) -> pd.DatetimeIndex:
    days = pd.DatetimeIndex(of(inputs, "upcoming_team_game_context")["game_date"].unique())
    return days[[start <= day.date() <= end for day in days]]


def _finals(inputs: Inputs) -> pd.DataFrame:
    """GAME, margin and total of the games that are final today, forfeits left out."""
    rows = _listed(inputs)
    rows = rows[rows["is_final"]]
    home, away = rows["home_score"].astype("int64"), rows["away_score"].astype("int64")
    return rows[GAME].assign(margin=home - away, total=home + away)


def _listed(inputs: Inputs) -> pd.DataFrame:
    rows = of(inputs, "nbac_schedule")
    rows = rows[rows["superseded_at"].isna() & is_type(rows, FORM)]
    scored = rows["home_score"].notna() & rows["away_score"].notna()
    forfeit = rows["home_score"].isin(list(FORFEIT_SCORES)) & rows["away_score"].isin(list(FORFEIT_SCORES))
    final = (rows["game_status"] == FINAL) & scored & ~forfeit.fillna(False)
    return rows.assign(is_final=final.fillna(False).astype(bool))


def _left_out(inputs: Inputs, rows: pd.DataFrame, start: dt.date, end: dt.date) -> dict[str, int]:
    listed = _listed(inputs)
    listed = listed[listed["game_date"].between(pd.Timestamp(start), pd.Timestamp(end))]
    there = pd.MultiIndex.from_frame(listed[GAME]).isin(pd.MultiIndex.from_frame(rows[GAME]))
    final = listed["is_final"].to_numpy(dtype=bool)
    return {"not_final": int((~final).sum()), "no_decision": int((final & ~there).sum())}


def _paired(rows: pd.DataFrame, name: str, rival: str) -> dict[str, float | None]:
    """Both means, and their difference with its interval."""
    if rows.empty:
        return dict.fromkeys((name, rival, f"{name}_diff", f"{name}_diff_lo", f"{name}_diff_hi"))
    one, other = (rows[column].to_numpy(dtype=float) for column in (name, rival))
    _, day = np.unique(rows["game_date"].to_numpy(), return_inverse=True)
    dates = int(day.max()) + 1
    top = np.zeros(dates, dtype=np.int64)
    np.add.at(top, day, micro(one - other))
    played = micro(np.asarray(np.bincount(day), dtype=np.float64))
    low, high = intervals(top, played, np.asarray([0]), np.asarray([dates]))
    return {
        name: float(one.mean()),
        rival: float(other.mean()),
        f"{name}_diff": float((one - other).mean()),
        f"{name}_diff_lo": float(low[0]),
        f"{name}_diff_hi": float(high[0]),
    }
