"""Events of the two play-by-plays in one form: points, shots, free throws, who has the ball.

`events` are rows of a raw table (of its columns those that a function names), with `state`, in order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms.distinct_texts import flags
from nba_assets.transforms.game_time import millis, period_start
from nba_assets.transforms.windows import Flags, floats

NBAC, BIGDATABALL = "nbac_play_by_play", "bigdataball_play_by_play"

PAINT, SECOND_CHANCE, FAST_BREAK, DEAD_BALL = "pointsinthepaint", "2ndchance", "fastbreak", "deadball"
"""Qualifiers of NBA.com."""

SINGLE = re.compile(r"1(?: of |/)1$")
"""`1 of 1`, `free throw 1/1`."""
TECHNICAL = re.compile("technical")
NOT_OF_A_SHOT = re.compile("technical|flagrant")
"""Fouls whose single free throw makes no and-one."""


@dataclass(frozen=True)
class Words:
    """How a source says things: the column that tells kinds of events and its words, and other columns' names."""

    kind: str
    shots: tuple[str, ...]
    throw: str
    throw_for: str
    """Column with the kind of foul that a free throw is for."""
    points: Callable[[pd.DataFrame], pd.Series[Any]]
    assist: str
    block: str
    area: str | None = None
    qualifiers: str | None = None


def _by_value(events: pd.DataFrame) -> pd.Series[Any]:
    return events["shot_value"].where(events["is_made"].fillna(False).astype(bool))


WORDS: Mapping[str, Words] = {
    BIGDATABALL: Words(
        kind="event_type",
        shots=("shot",),
        throw="free throw",
        throw_for="sub_type",
        points=lambda events: events["pts"],
        assist="assist_name",
        block="block_id",
    ),
    NBAC: Words(
        kind="action_type",
        shots=("2pt", "3pt"),
        throw="freethrow",
        throw_for="descriptor",
        points=_by_value,
        assist="assist_player_id",
        block="block_player_id",
        area="shot_zone",
        qualifiers="qualifiers",
    ),
}
"""By table, in order of preference. BigDataBall's `assist_name` counts, whether it is resolved or not."""


def shots(table: str, events: pd.DataFrame) -> pd.DataFrame:
    """Field goal attempts: state, player_id, period, at (ms), is_made, is_assisted, block_id, value, x_ft, y_ft,
    distance_ft, area (text; null where the source has none), in_paint (qualified as such).
    """
    words = WORDS[table]
    found = events[events[words.kind].isin(words.shots).to_numpy(dtype=bool)]
    facts = {
        **_when(found),
        "player_id": found["player_id"],
        "is_made": found["is_made"].fillna(False).astype(bool),
        "is_assisted": found[words.assist].notna(),
        "block_id": found[words.block],
        "value": floats(found["shot_value"]),
        **{name: found[f"shot_{name}"] for name in ("x_ft", "y_ft", "distance_ft")},
        "area": found[words.area] if words.area else pd.Series(pd.NA, index=found.index, dtype="string[pyarrow]"),
        "in_paint": qualified(table, found, PAINT),
    }
    return pd.DataFrame(facts, index=found.index)


def single_throws(table: str, events: pd.DataFrame) -> pd.DataFrame:
    """Free throws 1 of 1 that are for no technical or flagrant foul: state, player_id, period, at (ms)."""
    words = WORDS[table]
    found = events[(events[words.kind] == words.throw).fillna(False).to_numpy(dtype=bool)]
    only = flags(found["sub_type"], lambda text: SINGLE.search(text) is not None) & ~_is_for(
        words, found, NOT_OF_A_SHOT
    )
    found = found[only]
    return pd.DataFrame({**_when(found), "player_id": found["player_id"]}, index=found.index)


def with_the_ball(table: str, events: pd.DataFrame) -> pd.DataFrame:
    """Events that show which team has the ball: state, period, team_tricode.

    Shots, free throws but technical ones, turnovers, and rebounds but those of a dead ball or a period that is over.
    """
    words = WORDS[table]
    kind = events[words.kind]
    shot = kind.isin(words.shots).to_numpy(dtype=bool)
    throw, rebound, lost = (
        (kind == word).fillna(False).to_numpy(dtype=bool) for word in (words.throw, "rebound", "turnover")
    )
    period = events["period"].to_numpy(dtype=np.int64)
    over = millis(events["elapsed_seconds"]) >= period_start(period + 1)
    shows = shot | lost | (throw & ~_is_for(words, events, TECHNICAL))
    shows |= rebound & ~over & ~qualified(table, events, DEAD_BALL)
    return events.loc[shows & events["team_tricode"].notna().to_numpy(dtype=bool), ["state", "period", "team_tricode"]]


def qualified(table: str, events: pd.DataFrame, qualifier: str) -> Flags:
    """Whether each event has the qualifier; nothing has one where the source tells none."""
    column = WORDS[table].qualifiers
    if column is None:
        return np.zeros(len(events), dtype=bool)
    return flags(events[column], lambda text: qualifier in text.split(","))


def _when(events: pd.DataFrame) -> dict[str, Any]:
    return {
        "state": events["state"],
        "period": events["period"].to_numpy(dtype=np.int64),
        "at": millis(events["elapsed_seconds"]),
    }


def _is_for(words: Words, events: pd.DataFrame, foul: re.Pattern[str]) -> Flags:
    return flags(events[words.throw_for], lambda text: foul.search(text) is not None)
