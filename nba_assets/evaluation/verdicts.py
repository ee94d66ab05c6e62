"""Each floor and goal, each gate and each leak alarm: value, interval, limit, N, verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from nba_assets.data_origin import DataOrigin
from nba_assets.evaluation.calibration import Calibration, contains
from nba_assets.evaluation.judged import OWN
from nba_assets.evaluation.measures import Figure, Measure, figures
from nba_assets.modeling import alarms, distribution, gates
from nba_assets.modeling.columns import floats

Floored = Literal["goal", "floor", "missed", "insufficient"]


@dataclass(frozen=True)
class Floor:
    """A measure against its floor and goal (both as they read in the issue) and the rows it needs to be judged.

    `clear`: the whole interval is on the verdict's side of the floor.
    """

    name: str
    figure: Figure
    floor: str
    goal: str
    verdict: Floored
    clear: bool | None


@dataclass(frozen=True)
class Limit:
    """A gate or alarm: value and interval against its limit. Gates: passed, failed, insufficient; alarms: quiet,
    raised, insufficient."""

    name: str
    value: float | None
    lo: float | None
    hi: float | None
    limit: float | None
    n: int
    dates: int
    verdict: str


LEAST_ROWS, LEAST_DATES, LEAST_PRICED, LEAST_CALIBRATED = 500, 10, 500, 1_000
"""Rows and dates for an error, rows for a log loss, rows for calibration and coverage: those of the gates."""

UPPER: dict[str, tuple[float, float, int]] = {
    "mae_no_line_diff": (0.08, 0.03, LEAST_ROWS),
    "mae_diff": (0.00, -0.03, LEAST_ROWS),
    "log_loss_diff": (0.001, 0.0, LEAST_PRICED),
    "crps_ratio": (1.00, 0.985, LEAST_ROWS),
}
"""Measures that are to be at most their floor, at best at most their goal, and the rows to judge them."""
COVERAGE = (0.03, 0.015)
"""Largest distance of coverage to nominal: floor, goal."""


def floors(found: Mapping[str, Figure], calibrated: Calibration) -> list[Floor]:
    """The table of floors and goals, in the issue's order."""
    order = ["mae_no_line_diff", "mae_diff", "log_loss_diff", "ece", "crps_ratio", "coverage_diff"]
    made = {name: _upper(name, found[name], *limits) for name, limits in UPPER.items()}
    made["ece"] = _ece(calibrated)
    made["coverage_diff"] = _coverage(found["coverage_diff"])
    return [made[name] for name in order]


def _upper(name: str, figure: Figure, floor: float, goal: float, least: int) -> Floor:
    texts = (f"≤ {_text(floor, name)}", f"≤ {_text(goal, name)}")
    if figure.value is None or figure.n < least or figure.dates < LEAST_DATES:
        return Floor(name, figure, *texts, "insufficient", None)
    verdict: Floored = "goal" if figure.value <= goal else "floor" if figure.value <= floor else "missed"
    clear = None
    if figure.lo is not None and figure.hi is not None:
        clear = figure.lo > floor if verdict == "missed" else figure.hi <= floor
    return Floor(name, figure, *texts, verdict, clear)


def _text(value: float, name: str) -> str:
    return f"{value:g}" if name == "crps_ratio" or value == 0 else f"{value:+g}"


def _ece(found: Calibration) -> Floor:
    noise = "its noise" if found.ece_noise is None else f"{found.ece_noise:.4f}"
    figure = Figure(found.ece, None, None, found.n, found.dates)
    texts = (f"≤ {noise} (95 % of redraws)", "slope's interval contains 1")
    if found.ece is None or found.ece_noise is None or found.n < LEAST_CALIBRATED:
        return Floor("ece", figure, *texts, "insufficient", None)
    if found.ece > found.ece_noise:
        return Floor("ece", figure, *texts, "missed", None)
    return Floor("ece", figure, *texts, "goal" if contains(found.slope, 1.0) else "floor", None)


def _coverage(figure: Figure) -> Floor:
    floor, goal = COVERAGE
    texts = (f"±{floor:g}", f"±{goal:g}")
    if figure.value is None or figure.n < LEAST_CALIBRATED:
        return Floor("coverage_diff", figure, *texts, "insufficient", None)
    off = abs(figure.value)
    verdict: Floored = "goal" if off <= goal else "floor" if off <= floor else "missed"
    clear = None
    if figure.lo is not None and figure.hi is not None:
        inside = figure.lo >= -floor and figure.hi <= floor
        outside = figure.lo > floor or figure.hi < -floor
        clear = outside if verdict == "missed" else inside
    return Floor("coverage_diff", figure, *texts, verdict, clear)


def gate_limits(rows: pd.DataFrame, models: pd.DataFrame) -> list[Limit]:
    """The gates of a refit on all lined rows of the walk-forward, the market baseline of each refit as incumbent.

    `reload` is what the refits themselves found. Values keep their sign, also where the gate is of the size (bias,
    coverage).
    No rows: no gates.
    """
    held = _held(rows)
    if held.empty:
        return []
    incumbent = _baseline(held)
    results, _ = gates.evaluate(held, incumbent, _reloaded(models))
    intervals = _gate_intervals(held, incumbent)
    dates = int(held["game_date"].nunique())
    limits = []
    for gate in results:
        own = intervals.get(gate["name"], Figure(gate["value"], None, None, gate["n"], dates if gate["n"] else 0))
        limits.append(
            Limit(gate["name"], own.value, own.lo, own.hi, gate["limit"], gate["n"], own.dates, gate["verdict"])
        )
    return limits


def _gate_intervals(held: pd.DataFrame, incumbent: pd.DataFrame) -> dict[str, Figure]:
    """By gate the mean that it judges, with its interval."""
    actual, line = held["actual"].to_numpy(), held["line_value"].to_numpy()
    over, market = (actual > line).astype(float), held["market_p_over"].to_numpy()
    priced = np.isfinite(market) & (actual != line)
    loss = distribution.log_losses(held["p_no_push"].to_numpy(), over)
    errors = {
        name: np.abs(actual - frame["points_q50"].to_numpy()) for name, frame in (("own", held), ("other", incumbent))
    }
    bias = actual - held["points_mean"].to_numpy()
    every = np.ones(len(held), dtype=bool)
    means: dict[str, tuple[distribution.Floats, Any]] = {
        "mae_vs_line": (errors["own"] - np.abs(actual - held["consensus_line"].to_numpy()), every),
        "mae_vs_incumbent": (errors["own"] - errors["other"], every),
        "bias": (bias, every),
        "coverage": (floats(held["covered"]) - held["coverage_expected"].to_numpy(), every),
        "log_loss_vs_market": (loss - distribution.log_losses(market, over), priced),
        "log_loss_vs_incumbent": (
            loss - distribution.log_losses(incumbent["p_no_push"].to_numpy(), over),
            priced,
        ),
    }
    where = distribution.band(held["consensus_line"].to_numpy())
    means |= {f"bias_line_from_{low:g}": (bias, where == index) for index, low in enumerate(distribution.BANDS)}
    columns = {f"{name} n": np.asarray(use, dtype=float) for name, (_, use) in means.items()}
    columns |= {name: np.where(use, values, 0.0) for name, (values, use) in means.items()}
    rows = pd.DataFrame(columns).assign(game_date=held["game_date"].to_numpy())
    return figures(rows, [np.arange(len(rows))], [Measure(name, name, f"{name} n", "", "") for name in means])[0]


def _held(rows: pd.DataFrame) -> pd.DataFrame:
    """Lined rows as `gates.evaluate` and `alarms.row_sums` take them."""
    lined = rows[rows["lined"]].reset_index(drop=True)
    numbers = ("actual", "consensus_line", "line_value", "market_p_over", "points_mean", "points_q50", "crps")
    held = pd.DataFrame({name: floats(lined[name]) for name in numbers})
    held["game_date"], held["decision"] = lined["game_date"], lined["decision"]
    held["p_no_push"], held["covered"] = lined["p"], lined["covered"]
    held["coverage_expected"] = lined["coverage_nominal"]
    for name in ("baseline_mean", "baseline_dispersion"):
        held[name] = floats(lined[name])
    held[OWN] = floats(lined[OWN]) if OWN in lined.columns else np.nan
    return held


def _baseline(held: pd.DataFrame) -> pd.DataFrame:
    """The market baseline's forecast of the rows: its median, and the market's own probability."""
    mean, spread = held["baseline_mean"].to_numpy(), held["baseline_dispersion"].to_numpy()
    market, line = held["market_p_over"].to_numpy(), held["line_value"].to_numpy()
    moved = distribution.mean_for_probability(market, line, spread)
    mean = np.where(np.isfinite(moved), moved, mean)
    table = distribution.cdf_table(distribution.pmf(mean, spread))
    over, _, under = distribution.line_probabilities(mean, spread, line)
    return held.assign(points_q50=distribution.quantiles(table, [0.5])[:, 0], p_no_push=over / (over + under))


def _reloaded(models: pd.DataFrame) -> bool:
    """Whether every learned model read back to the same predictions, as its refit recorded."""
    recorded = [gate for text in models["gates"] for gate in json.loads(text) if gate["name"] == "reload"]
    return all(gate["verdict"] == "passed" for gate in recorded)


ALARMS: dict[str, tuple[str, str, str, float, int]] = {
    "mae_too_good": ("n_lined", "abs_error", "line_error", -0.25, alarms.LEAST_ROWS),
    "bet_hit_rate_too_good": ("n_decided", "wins", "", 0.56, alarms.LEAST_HITS),
    "hit_rate_too_good": ("n_likely", "likely_hits", "", 0.56, alarms.LEAST_HITS),
    "edge_hit_rate_too_good": ("n_far", "far_hits", "", 0.65, alarms.LEAST_FAR),
    "log_loss_too_good": ("n_market", "log_loss_with_market", "", 0.680, alarms.LEAST_ROWS),
    "mae_without_line_too_good": ("n_lined", "abs_error", "line_error", -0.05, alarms.LEAST_HITS),
}
"""Per leak alarm of points: what it counts, what it adds up (minus what), limit, least N; `alarms.leaks` judges."""


def leak_limits(rows: pd.DataFrame) -> list[Limit]:
    """Every leak alarm on the walk-forward's lined rows; the last on those that have a median made without the line."""
    held = _held(rows)
    own = held[held[OWN].notna()]
    parts = {True: held, False: own.assign(points_q50=own[OWN])}
    limits = []
    for name, (count, top, less, limit, least) in ALARMS.items():
        lined_model = name != "mae_without_line_too_good"
        sums = alarms.row_sums(parts[lined_model])
        value = _alarm_figure(sums, parts[lined_model]["game_date"], count, top, less)
        total = {str(column): np.asarray([sums[column].sum()]) for column in sums.columns}
        raised = bool(alarms.leaks(total, lined_model)[name][0])
        verdict = "raised" if raised else "insufficient" if value.n < least else "quiet"
        limits.append(Limit(name, value.value, value.lo, value.hi, limit, value.n, value.dates, verdict))
    return limits


def refit_leaks(models: pd.DataFrame) -> Limit:
    """How many refits' candidates raised a leak alarm on their held-out dates; such a one does not serve."""
    gates_of = [gate for text in models["gates"] for gate in json.loads(text) if gate["name"] == "leak_alarms"]
    found = sum(gate["verdict"] == "failed" for gate in gates_of)
    said = "raised" if found else "quiet" if gates_of else "insufficient"
    return Limit("refits_too_good", float(found), None, None, 0.0, len(gates_of), 0, said)


def _alarm_figure(sums: pd.DataFrame, dates: Any, count: str, top: str, less: str) -> Figure:
    rows = sums.assign(game_date=dates, top=sums[top] - (sums[less] if less else 0.0))
    return figures(rows, [np.arange(len(rows))], [Measure("value", "top", count, "", "")])[0]["value"]


def verdict(origin: DataOrigin, floors_found: list[Floor], leaks: list[Limit]) -> str:
    """leak: an alarm on real data; missed: a floor; insufficient: a floor could not be judged; else goal or floor."""
    if origin == "real" and any(leak.verdict == "raised" for leak in leaks):
        return "leak"
    said = {floor.verdict for floor in floors_found}
    for worst in ("missed", "insufficient", "floor"):
        if worst in said:
            return worst
    return "goal"
