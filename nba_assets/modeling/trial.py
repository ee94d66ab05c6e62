"""A candidate's trial: fitted without the last 21 lined dates, judged on them, then fitted on all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nba_assets.modeling import gates, market_baseline
from nba_assets.modeling.columns import floats
from nba_assets.modeling.forecast import Model, forecast, scores
from nba_assets.modeling.market_baseline import Bands
from nba_assets.refits import EMBARGO_DAYS

HELD_OUT_DATES = 21
LEAST_LINED_ROWS = 2_000
LEAST_DATES = 20

TRUTH = ("game_date", "actual", "consensus_line", "line_value", "market_p_over")


@dataclass(frozen=True)
class Trained:
    """A candidate with its card: the model, what it dropped, its gates and metrics on held-out dates."""

    model: Model
    gates: list[gates.Gate]
    status: str
    metrics: dict[str, float | int | None]
    dropped: tuple[str, ...] = ()
    trees: int = 0


def lined(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with a line."""
    return rows[rows["consensus_line"].notna() & rows["line_value"].notna()]


def enough(rows: pd.DataFrame) -> bool:
    """At least 2,000 lined rows on at least 20 dates."""
    found = lined(rows)
    return len(found) >= LEAST_LINED_ROWS and found["game_date"].nunique() >= LEAST_DATES


def before(rows: pd.DataFrame, dates: Any, days: int = EMBARGO_DAYS) -> pd.DataFrame:
    """Rows whose game date is at least `days` before the first of `dates`."""
    last: pd.Timestamp = min(dates) - pd.Timedelta(days=days)
    return rows[rows["game_date"] <= last]


def last_dates(rows: pd.DataFrame, count: int = HELD_OUT_DATES) -> list[pd.Timestamp]:
    """The last `count` game dates of the rows, but never more than half of them."""
    dates = sorted(rows["game_date"].unique())
    return list(dates[-max(1, min(count, len(dates) // 2)) :])


def held_out(rows: pd.DataFrame) -> pd.DataFrame:
    """The lined rows on which a candidate is judged."""
    found = lined(rows)
    return found[found["game_date"].isin(last_dates(found))]


def tried(
    rows: pd.DataFrame, bands: Bands, fit: Callable[[pd.DataFrame, Bands], Model], incumbent: Model | None
) -> Trained:
    """The model of all rows; `bands`: theirs. Gates are those of one that has seen nothing of the held-out dates.

    It is compared with the incumbent, or with the market baseline of the dates before the held-out ones.
    """
    held = held_out(rows)
    earlier = before(rows, held["game_date"])
    earlier_bands = market_baseline.fit(earlier)
    candidate = fit(earlier, earlier_bands)
    baseline = Model(bands=earlier_bands)
    said, rival = judged(held, candidate), judged(held, incumbent or baseline)
    results, status = gates.evaluate(said, rival, reload_is_exact=True)
    against = gates.metrics(judged(held, baseline))
    card = gates.metrics(said) | {f"baseline_{name}": against[name] for name in ("mae", "crps")}
    return Trained(fit(rows, bands), results, status, card)


def judged(rows: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Rows with the model's forecast and its scores: what `gates.evaluate` takes."""
    base = rows[list(TRUTH)].reset_index(drop=True)
    base[list(TRUTH[1:])] = base[list(TRUTH[1:])].astype(float)
    said = forecast(rows, model)
    found = scores(said["mu"].to_numpy(), said["a"].to_numpy(), floats(rows["actual"]), said["short"].to_numpy())
    return pd.concat([base, said, found], axis=1)
