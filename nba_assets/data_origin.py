"""Whether rows are about the real league or a simulated one: in one place, for predictions and published documents."""

from __future__ import annotations

from typing import Literal

import pandas as pd

DataOrigin = Literal["real", "simulated"]

SIMULATED_ARENA = "Simulated"
"""What the arena names of a simulated league begin with."""


def data_origin(schedule: pd.DataFrame) -> DataOrigin:
    """`simulated` if any of the given nbac_schedule rows is played in a simulated arena, else `real`.

    Figures of simulated games prove machinery, never skill: whoever shows one says so by this.
    """
    if schedule.empty or "arena_name" not in schedule.columns:
        return "real"
    names = schedule["arena_name"].astype("string").str.startswith(SIMULATED_ARENA)
    return "simulated" if bool(names.fillna(False).any()) else "real"


def origins(schedule: pd.DataFrame) -> dict[pd.Timestamp, DataOrigin]:
    """The origin of every game date among the schedule rows."""
    if schedule.empty:
        return {}
    names = schedule["arena_name"].astype("string").str.startswith(SIMULATED_ARENA).fillna(False).astype(bool)
    by_date = names.groupby(schedule["game_date"]).any()
    return {pd.Timestamp(date): "simulated" if flag else "real" for date, flag in by_date.items()}  # type: ignore[arg-type]
