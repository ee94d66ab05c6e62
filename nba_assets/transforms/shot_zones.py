"""Where shots were taken: the zone of each, and what they, their assists, fouls and blocks add up to by player."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets.contracts.shot_zones import ZONE_COUNTS, ZONES
from nba_assets.transforms.play_by_play_events import shots, single_throws
from nba_assets.transforms.windows import Flags, Ints, floats

NAMES = tuple(ZONES)
RA, PAINT, MID, CORNER, ABOVE = range(len(NAMES))
NOWHERE = -1

AREAS = {
    "Restricted Area": RA,
    "In The Paint (Non-RA)": PAINT,
    "Mid-Range": MID,
    "Left Corner 3": CORNER,
    "Right Corner 3": CORNER,
    "Above the Break 3": ABOVE,
    "Backcourt": ABOVE,
}
"""NBA.com's areas."""

RA_FEET = 4.4
"""The arc is 4 ft; at 4.4 the league's label changes."""
LANE_FEET, LANE_DEPTH_FEET = 8.0, 13.75
"""Half the lane's width, and from the hoop's centre to the free throw line."""
CORNER_FEET, CORNER_DEPTH_FEET = 21.5, 9.25
RIM_DISTANCE, MID_DISTANCE = 4, 16
"""Whole feet: a two from up to the first was at the rim, from beyond the second mid-range; between is unknown."""

BLOCKS = {"blk_paint": (RA, PAINT), "blk_mid": (MID,), "blk_three": (CORNER, ABOVE)}
COUNTS = (
    *ZONE_COUNTS,
    *("assisted_fgm", "unassisted_fgm", "and1", "shots_imputed", "told_fga"),
    *BLOCKS,
    "told_blk",
)
"""Counts by player. `told_`: all attempts and blocks that are his, located or not."""

KEY = ["state", "player_id"]


def zones(rows: pd.DataFrame) -> tuple[Ints, Flags]:
    """(the zone of each shot by its place in NAMES, NOWHERE if none is known; whether it was imputed).

    rows: value (2 or 3), area (the league's), x_ft, y_ft (feet from the hoop's centre, y away from the baseline),
    distance_ft, in_paint. Whether it is a two or a three is what the event is worth, never the distance. Coordinates
    (0, 0) are none: such a two is `ra`, imputed, if it is qualified as in the paint. Else the league's area counts, the
    coordinates, the distance; an area that is none of a two (or three) does not.
    """
    value, distance = rows["value"].to_numpy(), rows["distance_ft"].to_numpy()
    x, y = rows["x_ft"].to_numpy(), rows["y_ft"].to_numpy()
    two, three = value == 2, value == 3
    unplaced = (x == 0) & (y == 0)
    imputed = unplaced & two & rows["in_paint"].to_numpy(dtype=bool)
    area = floats(rows["area"].map(AREAS))
    labelled = np.where(two, area <= MID, three & (area >= CORNER))
    feet = np.hypot(x, y)
    placed = ~np.isnan(feet)
    rules = [
        (imputed, RA),
        (unplaced | ~(two | three), NOWHERE),
        (labelled, np.nan_to_num(area, nan=NOWHERE)),
        (two & placed & (feet <= RA_FEET), RA),
        (two & placed & (np.abs(x) <= LANE_FEET) & (y <= LANE_DEPTH_FEET), PAINT),
        (two & placed, MID),
        (three & placed & (np.abs(x) >= CORNER_FEET) & (y <= CORNER_DEPTH_FEET), CORNER),
        (three & placed, ABOVE),
        (two & (distance <= RIM_DISTANCE), RA),
        (two & (distance > MID_DISTANCE), MID),
    ]
    found = np.select([rule for rule, _ in rules], [np.asarray(zone) for _, zone in rules], NOWHERE)
    return found.astype(np.int64), imputed


def counts(table: str, events: pd.DataFrame) -> pd.DataFrame:
    """COUNTS by state and player (the index KEY) of a play-by-play's events; who is in none of them is not in it."""
    taken = shots(table, events)
    zone, imputed = zones(taken)
    made = taken["is_made"].to_numpy(dtype=bool)
    assisted = taken["is_assisted"].to_numpy(dtype=bool)
    his = {f"{name}_{short}": (zone == place) & of for place, name in enumerate(NAMES) for short, of in _short(made)}
    his |= {"assisted_fgm": made & assisted, "unassisted_fgm": made & ~assisted}
    his |= {"and1": _and_ones(taken, single_throws(table, events)), "shots_imputed": imputed}
    attempts = _sums(taken, "player_id", his | {"told_fga": np.full(len(taken), True)})
    theirs = {name: np.isin(zone, places) for name, places in BLOCKS.items()}
    blocks = _sums(taken, "block_id", theirs | {"told_blk": np.full(len(taken), True)})
    return attempts.join(blocks, how="outer").fillna(0).astype("int64")[list(COUNTS)]


def _short(made: Flags) -> tuple[tuple[str, Flags], ...]:
    return ("fga", np.full(len(made), True)), ("fgm", made)


def _sums(taken: pd.DataFrame, who: str, what: dict[str, Flags]) -> pd.DataFrame:
    numbers = pd.DataFrame({name: values.astype(np.int64) for name, values in what.items()}, index=taken.index)
    keys = [taken["state"], taken[who].rename("player_id")]
    return numbers.groupby(keys, sort=True).sum()


def _and_ones(taken: pd.DataFrame, throws: pd.DataFrame) -> Flags:
    """Makes that the shooter's free throw 1 of 1 at the same clock comes after."""
    makes = taken.loc[taken["is_made"], [*KEY, "period", "at"]].reset_index(names="make")
    pairs = makes.merge(throws.reset_index(names="throw").dropna(subset="player_id"), on=[*KEY, "period", "at"])
    after = pairs.loc[pairs["make"] < pairs["throw"]].groupby("throw")["make"].max()
    return np.asarray(taken.index.isin(after))
