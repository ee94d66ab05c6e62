"""A backtest: the walk-forward of a range of dates, measured, judged, and told as plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nba_assets.data_origin import DataOrigin
from nba_assets.errors import PlatformError, UsageError
from nba_assets.evaluation import games, reading
from nba_assets.evaluation.calibration import BandShare, Calibration, by_line_band, calibration, pit
from nba_assets.evaluation.judged import judged, settled
from nba_assets.evaluation.measures import BY_NAME, MEASURES, Figure, figures
from nba_assets.evaluation.passes import Passed, passes
from nba_assets.evaluation.segments import Segment, segments
from nba_assets.evaluation.verdicts import Floor, Limit, floors, gate_limits, leak_limits, refit_leaks, verdict
from nba_assets.evaluation.walk_forward import WEEK, WalkForward, days_needed, walk_forward
from nba_assets.modeling import Inputs
from nba_assets.modeling.columns import of

if TYPE_CHECKING:
    from nba_assets.storage.interfaces import Warehouse

MOMENTS = 60
"""Dates at which the running difference of errors is drawn."""

Told = Callable[[str, int, int], None]
"""Told what goes on, and how much of how much is done."""


@dataclass(frozen=True)
class Backtest:
    """All that is said of a range of dates; `rows`: the official predictions as `judged`; `games`: of `games.games`."""

    start: dt.date
    end: dt.date
    refit_every: int
    origin: DataOrigin
    rows: pd.DataFrame
    models: list[dict[str, Any]]
    figures: dict[str, Figure]
    two_sided: Calibration
    lined: Calibration
    bands: list[BandShare]
    pit: list[Figure]
    running: list[tuple[dt.date, Figure]]
    segments: list[Segment]
    passes: list[Passed]
    games: dict[str, Any]
    floors: list[Floor]
    gates: list[Limit]
    alarms: list[Limit]
    verdict: str

    @property
    def raised(self) -> list[Limit]:
        """The leak alarms that are raised."""
        return [alarm for alarm in self.alarms if alarm.verdict == "raised"]

    @property
    def dates(self) -> int:
        """Game dates with a lined player who played."""
        return int(self.rows.loc[self.rows["lined"], "game_date"].nunique())


def backtest(
    warehouse: Warehouse,
    start: dt.date,
    end: dt.date,
    every: int = WEEK,
    told: Told = lambda what, done, of: None,
) -> Backtest:
    """Read once, walk forward, judge. Nothing is written.

    Raises `UsageError` for an empty range, `PlatformError` where there are no features in it or its games are partly
    simulated.
    """
    if start > end:
        raise UsageError(f"the range from {start} to {end} is empty", "--start is the first date, --end the last")
    _there(warehouse, start, end)
    days = days_needed(start, end, every)
    origin = reading.origin(warehouse, days)
    told("reading", 0, 1)
    inputs = reading.read(warehouse, days, lambda done, of: told("stages of seasons", done, of))
    forward = walk_forward(inputs, start, end, every, lambda done, of: told("refits", done, of))
    told("games", 0, 1)
    judged_games = games.games(games.read(warehouse, start, end), start, end)
    told("measuring", 0, 1)
    return measured(forward, inputs, judged_games, start, end, every, origin)


def _there(warehouse: Warehouse, start: dt.date, end: dt.date) -> None:
    days = sorted(warehouse.versions("ml_feature_store"))
    if not days:
        raise PlatformError("the warehouse has no features of any date", "nba-assets ingest your files, or demo, first")
    if not any(str(start) <= day <= str(end) for day in days):
        raise PlatformError(
            f"the warehouse has no features of a date from {start} to {end}", f"it has {days[0]} to {days[-1]}"
        )


def measured(
    forward: WalkForward,
    inputs: Inputs,
    judged_games: dict[str, Any],
    start: dt.date,
    end: dt.date,
    every: int,
    origin: DataOrigin,
) -> Backtest:
    """The walk-forward's rows measured and judged."""
    every_row = judged(with_labels(settled(forward), forward.models, inputs))
    rows = every_row[every_row["is_official"].fillna(False)].reset_index(drop=True)
    found = figures(rows, [np.arange(len(rows))])[0]
    decided = rows[rows["lined"] & rows["over"].notna()].reset_index(drop=True)
    two_sided = calibration(decided[decided["n_market"] > 0])
    judged_floors = floors(found, two_sided)
    leaks = [*leak_limits(rows), refit_leaks(forward.models), *games.leak_limits(judged_games)]
    return Backtest(
        start=start,
        end=end,
        refit_every=every,
        origin=origin,
        rows=rows,
        models=_models(forward, every_row),
        figures=found,
        two_sided=two_sided,
        lined=calibration(decided),
        bands=by_line_band(decided),
        pit=pit(rows[rows["lined"]].reset_index(drop=True)) if rows["lined"].any() else [],
        running=running(rows),
        segments=segments(rows),
        passes=passes(rows),
        games=judged_games,
        floors=judged_floors,
        gates=gate_limits(rows, forward.models),
        alarms=leaks,
        verdict=verdict(origin, judged_floors, leaks),
    )


def with_labels(rows: pd.DataFrame, models: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """The rows with `home` (of the player's team; null if it is neither) and `family` of their model."""
    schedule = of(inputs, "nbac_schedule").sort_values("known_at", kind="stable")
    homes = schedule.drop_duplicates("game_id", keep="last").set_index("game_id")
    home, away = (rows["game_id"].map(homes[side]) for side in ("home_tricode", "away_tricode"))
    at_home = pd.Series(np.select([rows["team"] == home, rows["team"] == away], [1.0, 0.0], np.nan), index=rows.index)
    family = models.drop_duplicates("model_version").set_index("model_version")["family"]
    return rows.assign(home=at_home.map({1.0: True, 0.0: False}), family=rows["model_version"].map(family))


def _models(forward: WalkForward, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """One entry a refit and model: what it was trained on, whom it served, and its errors on its own lined rows."""
    cards = forward.models.reset_index(drop=True)
    same = (rows["model_version"].to_numpy()[None, :] == cards["model_version"].to_numpy()[:, None]) & (
        (rows["game_date"].to_numpy()[None, :] >= cards["first_date"].to_numpy()[:, None])
        & (rows["game_date"].to_numpy()[None, :] <= cards["last_date"].to_numpy()[:, None])
    )
    shown = [BY_NAME[name] for name in ("mae", "line_mae", "mae_diff")]
    found = figures(rows, [np.flatnonzero(own) for own in same], shown)
    return [
        {
            "version": card["model_version"],
            "family": card["family"],
            "serving": bool(card["serving"]),
            "gate_status": card["gate_status"],
            "refit_at": card["refit_at"],
            "train_start": _day(card["train_start"]),
            "train_end": _day(card["train_end"]),
            "n": int(card["n_rows"]),
            "n_lined": int(card["n_lined"]),
            "first_date": _day(card["first_date"]),
            "last_date": _day(card["last_date"]),
            "n_judged": figure["mae"].n,
            **{name: value for name, each in figure.items() for name, value in flat(name, each).items()},
        }
        for card, figure in zip(cards.to_dict("records"), found, strict=True)
    ]


def _day(value: Any) -> dt.date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def running(rows: pd.DataFrame) -> list[tuple[dt.date, Figure]]:
    """mae_diff of all lined rows up to a date, for the last date and at most `MOMENTS` in all."""
    lined = rows[rows["lined"]].reset_index(drop=True)
    days = np.unique(lined["game_date"].to_numpy())
    if not len(days):
        return []
    chosen = np.unique(np.linspace(0, len(days) - 1, min(MOMENTS, len(days))).round().astype(int))
    ends = np.searchsorted(lined["game_date"].to_numpy(), days[chosen], side="right")
    found = figures(lined, [np.arange(end) for end in ends], [BY_NAME["mae_diff"]])
    return [(pd.Timestamp(days[index]).date(), each["mae_diff"]) for index, each in zip(chosen, found, strict=True)]


def flat(name: str, figure: Figure) -> dict[str, float | None]:
    """`name`, `name_lo`, `name_hi`."""
    return {name: figure.value, f"{name}_lo": figure.lo, f"{name}_hi": figure.hi}


def facts(found: Backtest) -> dict[str, Any]:
    """The backtest as JSON has it: figures flat with `_lo` and `_hi`, null and n = 0 where there is nothing to say."""
    said = found.figures
    rows = found.rows
    out: dict[str, Any] = {
        "start": found.start,
        "end": found.end,
        "refit_every": found.refit_every,
        "data_origin": found.origin,
        "verdict": found.verdict,
        "n_predictions": len(rows),
        "n_played": int(rows["n_played"].sum()),
        "n_lined": said["mae"].n,
        "n_two_sided": int(rows["n_two_sided"].sum()),
        "n_dates": found.dates,
        "n_void": int((rows["outcome"] == "void").sum()),
        "n_no_line": said["mae_no_line"].n,
        "n_unlined": said["unlined_mae"].n,
        "n_bets": said["roi"].n,
        "n_clv": said["clv"].n,
    }
    for measure in MEASURES:
        out |= flat(measure.name, said[measure.name])
    for prefix, each in (("", found.two_sided), ("lined_", found.lined)):
        out |= {f"{prefix}ece": each.ece, f"{prefix}ece_noise": each.ece_noise}
        out |= flat(f"{prefix}recalibration_slope", each.slope)
        out |= flat(f"{prefix}recalibration_intercept", each.intercept)
    return out | {
        "games": found.games,
        "floors": [_floor(floor) for floor in found.floors],
        "gates": [asdict(gate) for gate in found.gates],
        "alarms": [asdict(alarm) for alarm in found.alarms],
        "models": found.models,
        "segments": [_segment(segment) for segment in found.segments],
        "passes": [asdict(each) for each in found.passes],
        "reliability": [asdict(each) for each in found.lined.bins],
        "line_bands": [asdict(each) for each in found.bands],
        "pit": [asdict(each) for each in found.pit],
    }


def _floor(floor: Floor) -> dict[str, Any]:
    figure = floor.figure
    ends = {"value": figure.value, "lo": figure.lo, "hi": figure.hi, "n": figure.n, "dates": figure.dates}
    own = {"name": floor.name, "floor": floor.floor, "goal": floor.goal, "verdict": floor.verdict, "clear": floor.clear}
    return own | ends


def _segment(segment: Segment) -> dict[str, Any]:
    values = [flat(name, figure) for name, figure in segment.figures.items()]
    mae = segment.figures["mae"]
    return {
        "dimension": segment.dimension,
        "segment": segment.name,
        "n_lined": mae.n,
        "n_dates": mae.dates,
        "n_two_sided": segment.figures["log_loss_diff"].n,
        "n_bets": segment.n_bets,
        "n_clv": segment.figures["clv"].n,
        **{name: value for each in values for name, value in each.items()},
        "q_mae_diff": segment.q_mae_diff,
        "q_roi": segment.q_roi,
        "verdict": segment.verdict,
    }
