"""Builds nba_precompute.team_rating: ridge ratings of the teams from final scores, as known at each decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.league import FINAL, FORFEIT_SCORES
from nba_assets.scope import Scope
from nba_assets.transforms import Dates, Inputs, asks, windows
from nba_assets.transforms.game_types import FORM, POSTSEASON, is_type
from nba_assets.transforms.pregame import with_inputs, within
from nba_assets.transforms.windows import Flags, Floats, Ints

DAYS = 365
"""How far back results count; those of last season for little."""
DECIMALS = 4


@dataclass(frozen=True)
class Ridge:
    """Half-life of a game's weight (days), penalties in games' worth, and the constant before there are games."""

    half_life: float
    team_penalty: float
    constant: float
    constant_penalty: float


MARGIN = Ridge(half_life=100.0, team_penalty=8.0, constant=2.5, constant_penalty=40.0)
"""The constant is home advantage: it follows the league within half a season (no fans in 2020-21)."""
TOTAL = Ridge(half_life=30.0, team_penalty=4.0, constant=222.0, constant_penalty=4.0)
POSTSEASON_TOTAL = -9.0
"""Points that playoff and play-in games have less than the same teams' others, taken out before fitting."""


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """One row per team and game of `dates`; without results the priors, rating 0. Quality: 10 a game, at most 100."""
    table = contracts.table("team_rating")
    schedule = asks.of(inputs, "nbac_schedule")
    games = within(asks.team_games(inputs, dates), scope)
    out = games[["game_date", "game_id", "team", "season", "decision_at", "known_at"]]
    results = _results(schedule)
    moments = games[["game_date", "decision_at"]].drop_duplicates(ignore_index=True)
    fits: dict[bytes, _Fit] = {}
    parts = [_rated(out.iloc[:0], _fit(results.iloc[:0], pd.Timestamp(0)))]
    for day, at in moments.itertuples(index=False):
        use = _known_before(results, day, at)
        key = windows.days(pd.Series([day])).tobytes() + np.packbits(use).tobytes()
        if key not in fits:
            fits[key] = _fit(results[use], day)
        asked = out[(out["game_date"] == day) & (out["decision_at"] == at)]
        parts.append(_rated(asked, fits[key]))
    out = pd.concat(parts).sort_index()
    out["quality"] = np.minimum(10.0 * windows.floats(out["games_n"]), 100.0)
    return frames.conform(with_inputs(out, {"nbac_schedule": np.full(len(out), True)}), table)


def _results(schedule: pd.DataFrame) -> pd.DataFrame:
    """Versions of final games that count: home, away, margin, total, `is_neutral`, `day`; canonical order."""
    final = (schedule["game_status"] == FINAL) & schedule["home_score"].notna() & schedule["away_score"].notna()
    forfeit = schedule["home_score"].isin(list(FORFEIT_SCORES)) & schedule["away_score"].isin(list(FORFEIT_SCORES))
    postponed = schedule["is_postponed"].fillna(False).astype(bool)
    use = is_type(schedule, FORM) & final.fillna(False).astype(bool) & ~forfeit.fillna(False).astype(bool) & ~postponed
    rows = schedule[use].sort_values(["game_date", "game_id", "known_at"], kind="stable", ignore_index=True)
    home, away = windows.floats(rows["home_score"]), windows.floats(rows["away_score"])
    return rows[["game_id", "known_at", "superseded_at"]].assign(
        day=windows.days(rows["game_date"]),
        home=rows["home_tricode"],
        away=rows["away_tricode"],
        margin=home - away,
        total=home + away - POSTSEASON_TOTAL * is_type(rows, POSTSEASON).to_numpy(dtype=float),
        at_home=1.0 - windows.floats(rows["is_neutral"].fillna(False)),
    )


def _known_before(results: pd.DataFrame, day: pd.Timestamp, at: pd.Timestamp) -> Flags:
    ago = int(windows.days(pd.Series([day]))[0]) - results["day"].to_numpy()
    moments = pd.Series(at, index=results.index)
    return (ago > 0) & (ago <= DAYS) & windows.known_then(results, moments)


class _Fit(NamedTuple):
    """Both regressions on what was known: by team, the constant last; results by team, and the newest `known_at`."""

    teams: pd.Index[Any]
    margin: Floats
    total: Floats
    games: Ints
    known_at: pd.Timestamp


def _fit(results: pd.DataFrame, day: pd.Timestamp) -> _Fit:
    teams = pd.Index(sorted({*results["home"], *results["away"]}), dtype=object)
    home, away = (teams.get_indexer(pd.Index(results[side], dtype=object)) for side in ("home", "away"))
    ago = int(windows.days(pd.Series([day]))[0]) - results["day"].to_numpy()
    margin, total, at_home = (results[name].to_numpy(dtype=float) for name in ("margin", "total", "at_home"))
    return _Fit(
        teams,
        fitted(home, away, -1.0, at_home, margin, ago, len(teams), MARGIN),
        fitted(home, away, 1.0, np.ones(len(ago)), total, ago, len(teams), TOTAL),
        np.bincount(np.concatenate([home, away]), minlength=len(teams)),
        results["known_at"].max(),
    )


def _rated(asked: pd.DataFrame, fit: _Fit) -> pd.DataFrame:
    """The rows with the fit's numbers; a team without a result is average."""
    own = fit.teams.get_indexer(pd.Index(asked["team"], dtype=object))
    known = asked["known_at"]
    return asked.assign(
        strength=np.append(fit.margin[:-1], 0.0)[own],
        total_strength=np.append(fit.total[:-1], 0.0)[own],
        home_advantage=fit.margin[-1],
        league_total=fit.total[-1],
        games_n=np.append(fit.games, 0)[own],
        known_at=known.where(~(known < fit.known_at), fit.known_at),
    )


def fitted(
    home: Ints,
    away: Ints,
    away_sign: float,
    constant: Floats,
    outcome: Floats,
    days_ago: Ints,
    teams: int,
    ridge: Ridge,
) -> Floats:
    """Ratings of the teams and, last, the constant: outcome ≈ home's + away_sign·away's + constant·`constant`.

    Weighted least squares with penalties; weights 0.5^(days_ago / half_life). Rounded, so that the machine's order of
    summing does not show.
    """
    weight = 0.5 ** (days_ago / ridge.half_life)
    places = np.stack([home, away, np.full(len(home), teams)])
    factors = np.stack([np.ones(len(home)), np.full(len(home), away_sign), constant])
    gram = np.zeros((teams + 1) ** 2)
    for one, f in zip(places, factors, strict=True):
        for other, g in zip(places, factors, strict=True):
            gram += np.bincount(one * (teams + 1) + other, weights=weight * f * g, minlength=(teams + 1) ** 2)
    penalty = np.append(np.full(teams, ridge.team_penalty), ridge.constant_penalty)
    left = gram.reshape(teams + 1, teams + 1) + np.diag(penalty)
    right = np.zeros(teams + 1)
    for place, f in zip(places, factors, strict=True):
        right += np.bincount(place, weights=weight * f * outcome, minlength=teams + 1)
    right[-1] += ridge.constant_penalty * ridge.constant
    return np.asarray(np.round(np.linalg.solve(left, right), DECIMALS) + 0.0)
