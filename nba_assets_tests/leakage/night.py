"""A night of a small random season: all that is decided before its games, and the same from other inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts, transforms
from nba_assets.contracts.model import Table, Type
from nba_assets.engine.graph import build_order
from nba_assets.modeling import TRANSFORMS
from nba_assets.modeling.game_features import game_features
from nba_assets.modeling.slate import slate
from nba_assets_tests.transforms.leagues import league

Frames = dict[str, pd.DataFrame]

SCHEDULE, REPORTS, LISTS = "nbac_schedule", "nbac_injury_report", "nbac_player_list"
PROPS, LINES = "odds_api_player_points_props", "odds_api_game_lines"
SUMMARY, OFFENSE = "player_game_summary", "team_offense_game_summary"
RESULTS = (SUMMARY, OFFENSE, "team_defense_game_summary")
GRADED = ("prediction_grades", "model_performance_daily")

PRE_GAME = tuple(
    name
    for name in build_order()
    if name in transforms.TRANSFORMS and "decision_at" in contracts.table(name).column_names
)
MODELED = ("points_model", "player_points_predictions", "game_predictions")
VIEWS: dict[str, tuple[str, Callable[[Frames, pd.DatetimeIndex], pd.DataFrame]]] = {
    "slate": ("player_points_predictions", slate),
    "game_features": ("game_predictions", game_features),
}
"""What predictions are computed from: by name the table that they are of, and how they are made."""
DECIDED = (*PRE_GAME, *MODELED, *VIEWS)
"""All that speaks of a game before it: features, models, predictions."""

SEED, DAYS, MEN = 14, 45, 9
SECOND, MINUTE, HOUR, DAY = (pd.Timedelta(1, unit) for unit in ("s", "min", "h", "D"))


@dataclass(frozen=True, repr=False)
class Night:
    """A season's history (raw and post-game), what was made of it, and the date that is looked at.

    `first`, `last`: the first and the last decision of the date.
    """

    history: Frames
    tables: Frames
    date: pd.Timestamp
    first: pd.Timestamp
    last: pd.Timestamp

    def of(self, name: str) -> pd.DataFrame:
        """The rows of the date."""
        return of_date(self.tables[name], self.date)

    def with_history(self, **changed: pd.DataFrame) -> Frames:
        """The tables of the date as they would be with other history; those of earlier dates as they were.

        Only what reads something that is another is made anew: a table is handed what its contract names, as in a step.
        """
        found, moved = self.tables | changed, set(changed)
        for name in DECIDED:
            if moved.isdisjoint(reads(name)):
                continue
            rows = made(name, found, [self.date])
            if not rows.equals(self.of(name)):
                moved.add(name)
                others = self.tables[name][self.tables[name]["game_date"] != self.date]
                found[name] = pd.concat([others, rows], ignore_index=True) if len(others) else rows
        return found


def night() -> Night:
    """The last date of the season with games."""
    history = league(SEED, DAYS, MEN)
    dates = sorted(history[SCHEDULE]["game_date"].unique())
    tables = dict(history)
    for name in (*DECIDED, *GRADED):
        tables[name] = made(name, tables, dates)
    date = tables["player_points_predictions"]["game_date"].max()
    decisions = of_date(tables["upcoming_team_game_context"], date)["decision_at"]
    return Night(history, tables, date, decisions.min(), decisions.max())


def reads(name: str) -> list[str]:
    """The tables that a table or view reads."""
    return [entry.table for entry in contracts.table(VIEWS[name][0] if name in VIEWS else name).inputs]


def made(name: str, tables: Frames, dates: list[pd.Timestamp]) -> pd.DataFrame:
    """A table or view on the dates, from all that there is of what it reads, later dates too."""
    inputs = {table: tables[table] for table in reads(name) if table in tables}
    if name in VIEWS:
        return VIEWS[name][1](inputs, pd.DatetimeIndex(dates))
    transform: Any = transforms.TRANSFORMS[name] if name in PRE_GAME else TRANSFORMS[name]
    return transform(inputs, dates, None).reset_index(drop=True)


def of_date(rows: pd.DataFrame, date: pd.Timestamp) -> pd.DataFrame:
    return rows[rows["game_date"] == date].reset_index(drop=True)


def numbers(table: Table) -> list[str]:
    """Columns that count or measure; `season` only says of what a row is."""
    return [c.name for c in table.columns if c.type in (Type.INT64, Type.FLOAT64) and c.name != "season"]


def flags(table: Table) -> list[str]:
    return [c.name for c in table.columns if c.type is Type.BOOL]


def with_numbers(name: str, rows: pd.DataFrame, where: pd.Series[bool], value: float) -> pd.DataFrame:
    """The rows with every number that is not null another, and every flag the opposite, where asked."""
    table = contracts.table(name)
    out = rows.copy()
    for column in numbers(table):
        out[column] = rows[column].mask(where & rows[column].notna(), value)
    for column in flags(table):
        out[column] = rows[column].mask(where, ~rows[column])
    return out.copy()


def randomised(name: str, rows: pd.DataFrame, where: pd.Series[bool], seed: int) -> pd.DataFrame:
    """The rows with every number drawn anew where asked, and every flag too."""
    rng = np.random.default_rng(seed)
    table = contracts.table(name)
    out = rows.copy()
    for column in numbers(table):
        drawn = pd.Series(rng.integers(1, 50, len(rows)), index=rows.index).astype(rows[column].dtype)
        out[column] = rows[column].mask(where, drawn)
    for column in flags(table):
        drawn = pd.Series(rng.random(len(rows)) < 0.5, index=rows.index).astype(rows[column].dtype)
        out[column] = rows[column].mask(where, drawn)
    return out.copy()


def known(rows: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """The versions known at the moment, those superseded later as if they stood."""
    then = rows[rows["known_at"] <= at].reset_index(drop=True)
    if "superseded_at" in then.columns:
        then["superseded_at"] = then["superseded_at"].where(then["superseded_at"] <= at)
    return then


def unmoved(found: Frames, night: Night, name: str) -> None:
    """The date's rows are the night's. `tipped` names the reason of a PASS that stands without it: read as no line."""
    same(_plain(of_date(found[name], night.date)), _plain(night.of(name)))


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    if "reasons" in rows.columns:
        read = [sorted({"no_line" if reason == "tipped" else reason for reason in own}) for own in rows["reasons"]]
        return rows.assign(reasons=pd.Series(read, index=rows.index, dtype=object))
    return rows.drop(columns="tipped", errors="ignore")


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Equal in every bit; the failure names the column."""
    pd.testing.assert_frame_equal(found.reset_index(drop=True), expected.reset_index(drop=True), check_exact=True)
