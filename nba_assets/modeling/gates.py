"""A candidate's gates on held-out dates: limits, minimum N, verdicts; and the alarms that mean a leak."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.modeling.distribution import BANDS, Floats, band

Gate = dict[str, Any]
"""name, value, limit, n, verdict (passed, failed, insufficient)."""

BLOCKING_WHEN_INSUFFICIENT = frozenset({"mae_vs_line", "bias"})
"""Gates that block when there are too few rows to judge; elsewhere that is only shown."""

REDRAWS = 1_000


def log_losses(p: Floats, over: Floats) -> Floats:
    """-log of the probability given to what happened, nats; p kept 1e-6 away from 0 and 1."""
    inside = np.clip(p, 1e-6, 1 - 1e-6)
    return np.asarray(-np.log(np.where(over == 1.0, inside, 1.0 - inside)))


def ece(p: Floats, over: Floats, bins: int = 10) -> float:
    """Expected calibration error: equal-count bins by p, weighted abs(mean p - share over); NaN without rows."""
    if len(p) == 0:
        return float("nan")
    order = np.argsort(p, kind="stable")
    parts = np.array_split(order, bins)
    return float(sum(abs(p[part].mean() - over[part].mean()) * len(part) for part in parts if len(part)) / len(p))


def ece_limit(p: Floats, seed: int = 7) -> float:
    """95 % quantile of the ECE when outcomes are drawn from p itself, 1,000 redraws."""
    draws = np.random.default_rng(seed).random((REDRAWS, len(p)))
    return float(np.quantile([ece(p, (row < p).astype(float)) for row in draws], 0.95))


def clustered_se(values: Floats, dates: Any) -> float:
    """Standard error of the mean of `values` with dates as clusters."""
    sums = pd.Series(values - values.mean()).groupby(np.asarray(dates)).sum().to_numpy()
    groups = len(sums)
    return float(np.sqrt(np.sum(sums**2) * groups / max(groups - 1, 1)) / len(values)) if len(values) else float("nan")


def leak_alarms(held: pd.DataFrame, lined_model: bool = True) -> list[str]:
    """Names of what is too good to be true; `held` as in `evaluate`."""
    found = []
    error, line_error = _errors(held)
    if len(held) and line_error - error > 0.25:
        found.append("mae_too_good")
    if not lined_model and len(held) >= 1_000 and error < line_error - 0.05:
        found.append("mae_without_line_too_good")
    decided = held[held["actual"] != held["line_value"]]
    over = (decided["actual"] > decided["line_value"]).to_numpy()
    hits = np.where(decided["p_no_push"].to_numpy() >= 0.5, over, ~over)
    if len(hits) >= 1_000 and hits.mean() > 0.56:
        found.append("hit_rate_too_good")
    far = (decided["points_mean"] - decided["line_value"]).abs().to_numpy() >= 3
    side = np.where(decided["points_mean"].to_numpy() > decided["line_value"].to_numpy(), over, ~over)
    if far.sum() >= 300 and side[far].mean() > 0.65:
        found.append("edge_hit_rate_too_good")
    priced = decided[decided["market_p_over"].notna()]
    if len(priced) >= 500:
        truth = (priced["actual"] > priced["line_value"]).to_numpy(dtype=float)
        if log_losses(priced["p_no_push"].to_numpy(), truth).mean() < 0.680:
            found.append("log_loss_too_good")
    return found


def _errors(held: pd.DataFrame) -> tuple[float, float]:
    return (
        float((held["actual"] - held["points_q50"]).abs().mean()),
        float((held["actual"] - held["consensus_line"]).abs().mean()),
    )


def evaluate(held: pd.DataFrame, incumbent: pd.DataFrame, reload_is_exact: bool) -> tuple[list[Gate], str]:
    """All gates of a candidate and their common verdict: passed or failed.

    `held`: one row per lined player who played on a held-out date, with game_date, actual, consensus_line,
    line_value, market_p_over, points_mean, points_q50, p_no_push, covered, coverage_expected. `incumbent`: the same
    rows, in the same order, with the incumbent's forecast.
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
    alarms = leak_alarms(held)
    gates.append(_gate("leak_alarms", float(len(alarms)), 0.0, n, "failed" if alarms else "passed", ", ".join(alarms)))
    gates.append(_gate("reload", float(not reload_is_exact), 0.0, n, "passed" if reload_is_exact else "failed"))
    blocked = any(
        gate["verdict"] == "failed"
        or (gate["verdict"] == "insufficient" and gate["name"] in BLOCKING_WHEN_INSUFFICIENT)
        for gate in gates
    )
    return gates, "failed" if blocked else "passed"


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
