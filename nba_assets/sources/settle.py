"""The verdict on a drop: good games become rows, bad ones rejects, the rest waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.sources.parsed import Outcome, Parsed, Reject


@dataclass(frozen=True)
class Unit:
    """A game that a capture speaks for."""

    game_date: pd.Timestamp
    game_id: str | None = None
    away_tricode: str | None = None
    home_tricode: str | None = None


def frame(columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Columns of Python values (None: null) as one block of objects: no inference, cheap to stack."""
    if not columns:
        return pd.DataFrame()
    size = len(next(iter(columns.values())))
    values = np.empty((len(columns), size), dtype=object)
    for position, column in enumerate(columns.values()):
        values[position, :] = column
    return pd.DataFrame(values.T, columns=list(columns), dtype=object)


def settled(
    columns: Mapping[str, Sequence[Any]],
    labels: Sequence[str],
    units: Mapping[str, Unit],
    rejects: Iterable[Reject],
    *,
    identities: tuple[Mapping[str, Sequence[Any]], Sequence[str]] | None = None,
    waiting: Collection[str] = (),
    incomplete: bool = False,
) -> Parsed:
    """The parsed drop: rows and identities (each with one label a row) of the games without a reject.

    `units`: every game of the drop by its label. `waiting`: labels of games that are not over and give no rows.
    `incomplete`: the drop itself says that there is more. A reject without a game makes all of it bad.
    """
    rejects = tuple(rejects)
    bad = {reject.game for reject in rejects}
    if None in bad or (rejects and not set(units) - bad):
        return Parsed(Outcome.BAD, rejects=rejects)
    out = {label for label in (*bad, *waiting) if label is not None}
    good = {label: unit for label, unit in units.items() if label not in out}
    if not good and not rejects:
        return Parsed(Outcome.PARTIAL if waiting or incomplete else Outcome.EMPTY)
    return Parsed(
        Outcome.PARTIAL if rejects or waiting or incomplete else Outcome.OK,
        rows=frame(_kept(columns, labels, out)),
        speaks_for=speaks_for(good.values()),
        identities=frame(_kept(*identities, out)) if identities is not None else pd.DataFrame(),
        rejects=rejects,
    )


def speaks_for(units: Iterable[Unit]) -> pd.DataFrame:
    """Units as a frame."""
    rows = [(u.game_date, u.game_id, u.away_tricode, u.home_tricode) for u in units]
    names = ("game_date", "game_id", "away_tricode", "home_tricode")
    return frame(dict(zip(names, zip(*rows, strict=True), strict=True))) if rows else pd.DataFrame()


def _kept(
    columns: Mapping[str, Sequence[Any]], labels: Sequence[str], out: Collection[str]
) -> Mapping[str, Sequence[Any]]:
    if not out:
        return columns
    keep = [row for row, label in enumerate(labels) if label not in out]
    return {name: [values[row] for row in keep] for name, values in columns.items()}
