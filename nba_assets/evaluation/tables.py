"""A backtest as tables of text, for the terminal and the report: every figure beside its interval, N and dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nba_assets.evaluation.backtest import Backtest
from nba_assets.evaluation.measures import BY_NAME, MEASURES, Figure
from nba_assets.evaluation.segments import DISCOVERY
from nba_assets.evaluation.verdicts import Limit
from nba_assets.modeling.model_performance_daily import LEAST_BETS

NOTHING = "–"
DECIMALS = {"points": 3, "nats": 4, "units": 3, "fraction": 4, "": 4}
PAIRS = {
    "MAE, points": ("mae", "line_mae", "mae_diff"),
    "MAE without using the line, points": ("mae_no_line", "", "mae_no_line_diff"),
    "log loss, nats": ("log_loss", "market_log_loss", "log_loss_diff"),
    "Brier score": ("brier", "market_brier", "brier_diff"),
    "CRPS, points": ("crps", "market_crps", "crps_diff"),
    "coverage q10–q90 v its own nominal": ("coverage", "coverage_nominal", "coverage_diff"),
}
"""Rows of model, market (coverage: nominal) and difference."""
ALONE = tuple(
    measure.name for measure in MEASURES if measure.name not in {name for names in PAIRS.values() for name in names}
)
VERDICTS = {
    "leak": "LEAK: a result that is too good to be true; nothing else here counts",
    "missed": "a floor is missed",
    "insufficient": "no floor is missed, but not every one could be judged",
    "floor": "every floor is reached, not every goal",
    "goal": "every goal is reached",
}


@dataclass(frozen=True)
class Shown:
    """A table of text: title, a note on what it shows, columns, rows."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: list[list[str]]


def headline(found: Backtest) -> str:
    """Where, when, how many, real or simulated."""
    of = f"{found.figures['mae'].n:,} lined player-games on {found.dates} dates"
    proof = "" if found.origin == "real" else " (they prove the machinery, never any skill)"
    days = "on Mondays" if found.refit_every == 7 else f"every {found.refit_every} days from {found.start}"
    return f"{found.start} to {found.end}, {found.origin} data{proof}: {of}; refitted {days}"


def tables(found: Backtest) -> Iterator[Shown]:
    """All tables, the most important first."""
    yield _floors(found)
    yield _alarms(found)
    yield _pairs(found)
    yield _alone(found)
    yield _games(found.games)
    yield _gates(found)
    yield _segments(found)
    yield _passes(found)
    yield _models(found)


def _floors(found: Backtest) -> Shown:
    rows = []
    for floor in found.floors:
        clear = {None: "", True: "beyond its noise", False: "within its noise"}[floor.clear]
        name = BY_NAME[floor.name].meaning if floor.name in BY_NAME else "ECE of P(over), two-sided rows"
        rows.append([name, *told(floor.figure, floor.name), floor.floor, floor.goal, floor.verdict, clear])
    note = "Interval: 95 %, dates resampled. insufficient: too few rows or dates to judge."
    return Shown("Floors and goals", note, ("measure", *FIGURE, "floor", "goal", "verdict", ""), rows)


FIGURE = ("value", "95 % interval", "n", "dates")


def told(figure: Figure, name: str = "") -> list[str]:
    """Value, interval, n and dates of a figure as text."""
    return _figure(figure, BY_NAME[name].unit if name in BY_NAME else "")


def _figure(figure: Figure, unit: str) -> list[str]:
    return [value(figure.value, unit), interval(figure, unit), f"{figure.n:,}", f"{figure.dates:,}"]


def value(number: float | None, unit: str = "") -> str:
    """A number with the decimals of its unit; a dash for none."""
    return NOTHING if number is None else f"{number:.{DECIMALS[unit]}f}"


def interval(figure: Figure, unit: str = "") -> str:
    """`0.012 to 0.034`, or a dash."""
    if figure.lo is None or figure.hi is None:
        return NOTHING
    return f"{value(figure.lo, unit)} to {value(figure.hi, unit)}"


def _limits(limits: Sequence[Limit]) -> list[list[str]]:
    rows = []
    for each in limits:
        ends = interval(Figure(each.value, each.lo, each.hi, each.n, each.dates))
        rows.append(
            [each.name, value(each.value), ends, value(each.limit), f"{each.n:,}", f"{each.dates:,}", each.verdict]
        )
    return rows


LIMIT = ("value", "95 % interval", "limit", "n", "dates", "verdict")


def _alarms(found: Backtest) -> Shown:
    note = "What no honest model does. One that is raised on real data fails the build."
    return Shown("Leak alarms", note, ("alarm", *LIMIT), _limits(found.alarms))


def _gates(found: Backtest) -> Shown:
    note = (
        "The gates of a refit on all rows here; incumbent: each refit's market baseline. Bias, coverage: either sign."
    )
    return Shown("Gates", note, ("gate", *LIMIT), _limits(found.gates))


def _pairs(found: Backtest) -> Shown:
    rows = []
    for title, (model, market, difference) in PAIRS.items():
        diff, unit = found.figures[difference], BY_NAME[difference].unit
        own, other = (value(found.figures[name].value if name else None, unit) for name in (model, market))
        rows.append([title, own, other, *told(diff, difference)])
    note = "Model and market on the same rows. Log loss and Brier: rows with both prices of a sportsbook, no pushes."
    columns = ("measure", "model", "market", "model − market", "95 % interval", "n", "dates")
    return Shown("Model and market", note, columns, rows)


def _alone(found: Backtest) -> Shown:
    rows = [[BY_NAME[name].meaning, *told(found.figures[name], name)] for name in ALONE]
    for label, each in (("two-sided rows", found.two_sided), ("all lined rows", found.lined)):
        noise = "" if each.ece_noise is None else f" (95 % of redraws: {each.ece_noise:.4f})"
        figure = Figure(each.ece, None, None, each.n, each.dates)
        rows.append([f"ECE of P(over), {label}{noise}", *told(figure)])
        rows.append([f"recalibration slope, {label}", *told(each.slope)])
        rows.append([f"recalibration intercept, {label}", *told(each.intercept)])
    note = f"Under {LEAST_BETS} bets a hit rate or ROI says nothing. CLV: n = 0 without captures near the tip."
    return Shown("Other figures", note, ("measure", *FIGURE), rows)


GAME_PAIRS = {
    "log loss of the winner, nats": ("log_loss", "elo_log_loss", "nats"),
    "Brier score of the winner": ("brier", "elo_brier", ""),
    "MAE of the margin, points": ("margin_mae", "elo_margin_mae", "points"),
    "MAE of the total, points (rival: the league's level)": ("total_mae", "league_total_mae", "points"),
}


def _games(found: dict[str, Any]) -> Shown:
    rows = []
    for title, (name, rival, unit) in GAME_PAIRS.items() if found["n_games"] else ():
        diff = f"{name}_diff"
        figure = Figure(found[diff], found[f"{diff}_lo"], found[f"{diff}_hi"], found["n_games"], found["n_dates"])
        reached = "goal" if found["goal"].get(diff) else "floor" if found["floor"].get(diff) else "missed"
        said = [reached] if diff in found["floor"] else [""]
        rows.append([title, value(found[name], unit), value(found[rival], unit), *_figure(figure, unit), *said])
    note = (
        f"Without lines, against Elo with home advantage and back-to-backs; games left out: {found['left_out']}."
        " Whether a floor is reached says little below some thousand games."
    )
    columns = ("measure", "model", "Elo", "model − Elo", "95 % interval", "n", "dates", "verdict")
    return Shown("Games", note, columns, rows)


def _segments(found: Backtest) -> Shown:
    rows = []
    for segment in found.segments:
        each = segment.figures
        diff, bias, ratio, roi = each["mae_diff"], each["bias"], each["crps_ratio"], each["roi"]
        rows.append(
            [
                f"{segment.dimension}: {segment.name}",
                *told(diff, "mae_diff"),
                value(segment.q_mae_diff),
                value(bias.value, "points"),
                value(each["log_loss_diff"].value, "nats"),
                value(ratio.value),
                value(each["coverage_diff"].value, "fraction"),
                f"{segment.n_bets:,}",
                value(roi.value, "units"),
                interval(roi, "units"),
                value(segment.q_roi),
                segment.verdict,
            ]
        )
    note = (
        "mae_diff: MAE of the median − line MAE. q: false-discovery rate (Benjamini-Hochberg) of a difference from 0 "
        f"among all segments tested; above {DISCOVERY:g} it is no finding. Verdict: of ROI, insufficient under "
        f"{LEAST_BETS} bets. In the order of their names, never of their results."
    )
    columns = ("segment", "mae_diff", "95 % interval", "n", "dates", "q", "bias", "log loss diff", "CRPS ratio")
    more = ("coverage diff", "bets", "ROI", "95 % interval", "q", "verdict")
    return Shown("Segments", note, (*columns, *more), rows)


def _passes(found: Backtest) -> Shown:
    rows = []
    for each in found.passes:
        hit, roi = each.hit_rate, each.roi
        rows.append(
            [
                each.reason,
                f"{each.n:,}",
                f"{each.alone:,}",
                f"{each.n_played:,}",
                value(hit.value),
                interval(hit),
                f"{hit.n:,}",
                value(roi.value, "units"),
                interval(roi, "units"),
                f"{roi.n:,}",
                each.verdict,
            ]
        )
    note = "What would have happened on the side with the larger expected value (without prices: the likelier side)."
    columns = ("reason", "rows", "alone", "lined, played", "hit rate", "95 % interval", "n", "ROI", "95 % interval")
    return Shown("Why PASS", note, (*columns, "n", "verdict"), rows)


def _models(found: Backtest) -> Shown:
    rows = []
    for card in found.models:
        figure = Figure(card["mae_diff"], card["mae_diff_lo"], card["mae_diff_hi"], card["n_judged"], 0)
        rows.append(
            [
                card["version"],
                "serving" if card["serving"] else "shadow",
                card["gate_status"],
                str(card["train_end"] or NOTHING),
                f"{card['n']:,}",
                f"{card['n_lined']:,}",
                f"{card['first_date']} to {card['last_date']}",
                f"{card['n_judged']:,}",
                value(figure.value, "points"),
                interval(figure, "points"),
            ]
        )
    note = "Every refit's models; n: rows they learned from; judged: lined rows of their own dates, the same for all."
    columns = ("model", "role", "gates", "trained to", "n", "lined", "dates served", "judged", "mae_diff")
    return Shown("Models", note, (*columns, "95 % interval"), rows)
