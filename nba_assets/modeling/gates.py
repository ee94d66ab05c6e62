"""A candidate's gates on held-out dates: limits, minimum N, verdicts; and whether it raises a leak alarm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from nba_assets.modeling import alarms
from nba_assets.modeling.distribution import BANDS, Floats, band, log_losses

Gate = dict[str, Any]
"""name, value, limit, n, verdict (passed, failed, insufficient)."""

BLOCKING_WHEN_INSUFFICIENT = frozenset({"mae_vs_line", "bias"})
"""Gates that block when there are too few rows to judge; elsewhere that is only shown."""

REDRAWS = 1_000
BINS = 10


def ece(p: Floats, over: ArrayLike, bins: int = BINS) -> float:
    """Expected calibration error: equal-count bins by p, weighted abs(mean p - share over); NaN under a row a bin."""
    order = np.argsort(p, kind="stable")
    return sorted_ece(p[order], np.asarray(over, dtype=float)[order], bins)


def sorted_ece(p: Floats, over: Floats, bins: int = BINS) -> float:
    """`ece` of rows that are already in ascending order of p."""
    if len(p) < bins:
        return float("nan")
    return float(np.abs(np.add.reduceat(p - over, _bin_starts(len(p), bins))).sum() / len(p))


def _bin_starts(n: int, bins: int) -> NDArray[np.int64]:
    """First row of each of `bins` equal-count bins; the first n % bins of them have one row more."""
    size, more = divmod(n, bins)
    index = np.arange(bins)
    return np.asarray(index * size + np.minimum(index, more), dtype=np.int64)


def ece_limit(p: Floats, seed: int = 7) -> float:
    """95 % quantile of the ECE when outcomes are drawn from p itself, 1,000 redraws."""
    ordered = np.sort(p)
    starts = _bin_starts(len(p), BINS)
    rng = np.random.default_rng(seed)
    found = [
        np.abs(np.add.reduceat(ordered - (rng.random(len(p)) < ordered), starts)).sum() / len(p) for _ in range(REDRAWS)
    ]
    return float(np.quantile(found, 0.95))


def clustered_se(values: Floats, dates: Any) -> float:
    """Standard error of the mean of `values` with dates as clusters."""
    sums = pd.Series(values - values.mean()).groupby(np.asarray(dates)).sum().to_numpy()
    groups = len(sums)
    return float(np.sqrt(np.sum(sums**2) * groups / max(groups - 1, 1)) / len(values)) if len(values) else float("nan")


def leak_alarms(held: pd.DataFrame, lined_model: bool = True) -> list[str]:
    """Names of what is too good to be true; `held` as in `evaluate`."""
    sums = {str(name): np.asarray([values.sum()]) for name, values in alarms.row_sums(held).items()}
    return [name for name, raised in alarms.leaks(sums, lined_model).items() if raised[0]]


def own_leak_alarms(held: pd.DataFrame) -> list[str]:
    """Whether the median made without the line, `own_q50` where `held` has one, is too good to be true."""
    if "own_q50" not in held.columns:
        return []
    own = held[held["own_q50"].notna()]
    found = leak_alarms(own.assign(points_q50=own["own_q50"]), lined_model=False)
    return [name for name in found if name == "mae_without_line_too_good"]


def _errors(held: pd.DataFrame) -> tuple[float, float]:
    return (
        float((held["actual"] - held["points_q50"]).abs().mean()),
        float((held["actual"] - held["consensus_line"]).abs().mean()),
    )


def evaluate(held: pd.DataFrame, incumbent: pd.DataFrame, reload_is_exact: bool) -> tuple[list[Gate], str]:
    """All gates of a candidate and their common verdict: passed, failed, or insufficient (too few rows to judge).

    `held`: one row per lined player who played on a held-out date, with game_date, actual, consensus_line,
    line_value, market_p_over, points_mean, points_q50, p_no_push, covered, coverage_expected, perhaps own_q50.
    `incumbent`: the same rows, in the same order, with the incumbent's forecast.
    """
    n, dates = len(held), held["game_date"].nunique()
    gates: list[Gate] = []
    error, line_error = _errors(held)
    _add(gates, "mae_vs_line", error - line_error, 0.05, n, n >= 500 and dates >= 10)
    _add(gates, "mae_vs_incumbent", error - _errors(incumbent)[0], 0.02, n, n >= 500)
    bias = held["actual"] - held["points_mean"]
    _add(gates, "bias", abs(bias.mean()), 0.5, n, n >= 1_000)
    where = band(held["consensus_line"].to_numpy())
    for index, low in enumerate(BANDS):
        inside = bias[where == index]
        _add(gates, f"bias_line_from_{low:g}", abs(inside.mean()), 1.0, len(inside), len(inside) >= 300)
    off = abs(held["covered"].mean() - held["coverage_expected"].mean())
    _add(gates, "coverage", off, 0.05, n, n >= 1_000)
    _probability_gates(gates, held, incumbent)
    leaks = [*leak_alarms(held), *own_leak_alarms(held)]
    gates.append(_gate("leak_alarms", float(len(leaks)), 0.0, n, "failed" if leaks else "passed", ", ".join(leaks)))
    gates.append(_gate("reload", float(not reload_is_exact), 0.0, n, "passed" if reload_is_exact else "failed"))
    return gates, _status(gates)


def _status(gates: list[Gate]) -> str:
    if any(gate["verdict"] == "failed" for gate in gates):
        return "failed"
    short = {gate["name"] for gate in gates if gate["verdict"] == "insufficient"}
    return "insufficient" if short & BLOCKING_WHEN_INSUFFICIENT else "passed"


def _probability_gates(gates: list[Gate], held: pd.DataFrame, incumbent: pd.DataFrame) -> None:
    use = (held["market_p_over"].notna() & (held["actual"] != held["line_value"])).to_numpy()
    rows, other = held[use], incumbent[use]
    over = (rows["actual"] > rows["line_value"]).to_numpy(dtype=float)
    p = rows["p_no_push"].to_numpy(dtype=float)
    n = len(rows)
    losses = log_losses(p, over)
    for name, reference, slack in (
        ("log_loss_vs_market", rows["market_p_over"].to_numpy(dtype=float), 0.002),
        ("log_loss_vs_incumbent", other["p_no_push"].to_numpy(dtype=float), 0.001),
    ):
        difference = losses - log_losses(reference, over)
        limit = max(slack, clustered_se(difference, rows["game_date"].to_numpy())) if n else slack
        _add(gates, name, difference.mean() if n else float("nan"), limit, n, n >= 500)
    enough = n >= 1_000
    _add(gates, "ece", ece(p, over), ece_limit(p) if enough else float("nan"), n, enough)


def _add(gates: list[Gate], name: str, value: float, limit: float, n: int, enough: bool) -> None:
    verdict = "insufficient" if not enough else "passed" if value <= limit else "failed"
    gates.append(_gate(name, value, limit, n, verdict))


def _gate(name: str, value: float, limit: float, n: int, verdict: str, detail: str = "") -> Gate:
    gate: Gate = {"name": name, "value": _number(value), "limit": _number(limit), "n": int(n), "verdict": verdict}
    return gate | ({"detail": detail} if detail else {})


def _number(value: float) -> float | None:
    return round(float(value), 6) + 0.0 if np.isfinite(value) else None


def metrics(held: pd.DataFrame) -> dict[str, float | int | None]:
    """MAE, line MAE, bias, CRPS, coverage, log loss and the market's on held-out rows; null where there are none."""
    use = held["market_p_over"].notna() & (held["actual"] != held["line_value"])
    rows = held[use]
    over = (rows["actual"] > rows["line_value"]).to_numpy(dtype=float)
    error, line_error = _errors(held)
    values = {
        "mae": error,
        "line_mae": line_error,
        "bias": float((held["actual"] - held["points_mean"]).mean()),
        "crps": float(held["crps"].mean()),
        "coverage": float(held["covered"].mean()),
        "coverage_expected": float(held["coverage_expected"].mean()),
        "log_loss": float(log_losses(rows["p_no_push"].to_numpy(dtype=float), over).mean()) if len(rows) else np.nan,
        "market_log_loss": float(log_losses(rows["market_p_over"].to_numpy(dtype=float), over).mean())
        if len(rows)
        else np.nan,
    }
    counts: dict[str, float | int | None] = {
        "n": len(held),
        "n_two_sided": int(held["market_p_over"].notna().sum()),
        "n_dates": int(held["game_date"].nunique()),
    }
    return counts | {name: _number(value) for name, value in values.items()}
