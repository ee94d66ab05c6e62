"""What play-by-play adds to a player's box score: shots by zone, assists, fouls and blocks, his fourth quarter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.contracts.shot_zones import LEAST_COVERAGE, PLAY_BY_PLAY_NAMES
from nba_assets.transforms.box_formulas import over
from nba_assets.transforms.game_time import MINUTE, QUARTER
from nba_assets.transforms.line_ups import time_on_floor
from nba_assets.transforms.play_by_play import PlayByPlay, Plays
from nba_assets.transforms.shot_zones import BLOCKS, COUNTS, KEY, NAMES, counts
from nba_assets.transforms.windows import Flags, Floats, Ints, floats

FOURTH, MEN = 4, 5
ATTEMPTS = [f"{zone}_fga" for zone in NAMES]
ZONES = [*ATTEMPTS, *(f"{zone}_fgm" for zone in NAMES)]
ASSISTED = ["assisted_fgm", "unassisted_fgm"]
SHOTS = [*ZONES, *ASSISTED, "and1", "shots_imputed"]
NO_SOURCE = -1


def with_play_by_play(rows: pd.DataFrame, plays: Plays) -> pd.DataFrame:
    """The rows with SHOTS, BLOCKS, minutes_q4, zone_source, zone_coverage, `has_zones` (false where they are wanted and
    not known), and `uses_<table>`: whether the game takes anything from that source.

    rows: moment, team, player_id, played, fga, ast, blk. A game takes its counts at a moment from the first source (in
    order of preference) that agrees with the score and locates 95 % of the box score's attempts, else from the first
    that agrees: then there are no zones. The fourth quarter is from the first that agrees and knows a team's five men
    throughout. Null is what the source cannot know of a man: the box score has attempts (or blocks) of his and it has
    none, or the box score has assists in the game and it has none.
    """
    moment = rows["moment"].to_numpy()
    told = [_told(rows, name, play) for name, play in plays.items()]
    agrees = [play.agrees for play in plays.values()]
    coverage = [_coverage(rows, found, len(flags)) for found, flags in zip(told, agrees, strict=True)]
    source = _source(agrees, coverage)
    found = pd.DataFrame(_of_source(source[moment], told), columns=list(COUNTS), index=rows.index)
    covered = _of_source(source, coverage)
    quarter, quarter_source = _fourth_quarter(rows, plays)
    has_zones = covered >= LEAST_COVERAGE
    known = _known(rows, found, has_zones[moment])
    played = rows["played"].to_numpy(dtype=bool)
    rows = rows.assign(
        **known,
        minutes_q4=quarter,
        zone_source=np.array([*PLAY_BY_PLAY_NAMES.values(), None], dtype=object)[source[moment]],
        zone_coverage=covered[moment],
        has_zones=np.where(played, known[ZONES[0]].notna(), has_zones[moment]),
    )
    for place, name in enumerate(plays):
        uses = source == place
        uses[moment[quarter_source == place]] = True
        rows[f"uses_{name}"] = uses[moment]
    return rows


def _told(rows: pd.DataFrame, name: str, play: PlayByPlay) -> Floats:
    """COUNTS of each row's player, 0 where there is nothing of him."""
    if not play.agrees.any():
        return np.zeros((len(rows), len(COUNTS)))
    asked = pd.DataFrame({"state": play.state[rows["moment"].to_numpy()], "player_id": rows["player_id"].to_numpy()})
    found = asked.merge(counts(name, play.events).reset_index(), on=KEY, how="left")
    return found[list(COUNTS)].fillna(0).to_numpy(dtype=np.float64)


def _coverage(rows: pd.DataFrame, told: Floats, n: int) -> Floats:
    """Per moment the located attempts of its players / those of the box score."""
    located = told[:, [COUNTS.index(name) for name in ATTEMPTS]].sum(axis=1)
    box = np.nan_to_num(floats(rows["fga"]))
    moment = rows["moment"].to_numpy()
    sums = [np.bincount(moment, weights=values, minlength=n).astype(np.float64) for values in (located, box)]
    return over(sums[0], sums[1])


def _source(agrees: Sequence[Flags], coverage: Sequence[Floats]) -> Ints:
    """Per moment the place of the source that counts are taken from, NO_SOURCE if there is none."""
    full = [flags & (covered >= LEAST_COVERAGE) for flags, covered in zip(agrees, coverage, strict=True)]
    places = [*range(len(agrees))]
    return np.asarray(np.select([*full, *agrees], places * 2, NO_SOURCE))


def _of_source(source: Ints, values: Sequence[Floats]) -> Floats:
    """Row by row the values of its source, NaN where there is none."""
    shape = (-1,) + (1,) * (values[0].ndim - 1)
    return np.select([(source == place).reshape(shape) for place in range(len(values))], values, np.nan)


def _known(rows: pd.DataFrame, found: pd.DataFrame, has_zones: Flags) -> dict[str, Any]:
    """SHOTS and BLOCKS, null where the source cannot know them."""
    played = rows["played"].to_numpy(dtype=bool)
    seen = played & ~((floats(rows["fga"]) > 0) & (found["told_fga"] == 0).to_numpy())
    blocks_seen = played & has_zones & ~((floats(rows["blk"]) > 0) & (found["told_blk"] == 0).to_numpy())
    assists = pd.DataFrame({"box": floats(rows["ast"]), "told": found["assisted_fgm"]})
    sums = assists.groupby(rows["moment"].to_numpy()).transform("sum")
    assists_seen = seen & ~((sums["box"] > 0) & (sums["told"] == 0)).to_numpy()
    flags = dict.fromkeys(ZONES, seen & has_zones) | dict.fromkeys(SHOTS[len(ZONES) :], seen)
    flags |= dict.fromkeys(ASSISTED, assists_seen) | dict.fromkeys(BLOCKS, blocks_seen)
    return {name: found[name].where(flag) for name, flag in flags.items()}


def _fourth_quarter(rows: pd.DataFrame, plays: Plays) -> tuple[Floats, Ints]:
    """(minutes of each row in the fourth quarter, place of the source they are from)."""
    minutes, source = np.full(len(rows), np.nan), np.full(len(rows), NO_SOURCE)
    side = rows.groupby(["moment", "team"], sort=True).ngroup().to_numpy()
    played = rows["played"].to_numpy(dtype=bool)
    for place, (name, play) in enumerate(plays.items()):
        if not play.agrees.any():
            continue
        floor = time_on_floor(name, play.events)
        fourth = floor[floor["period"] == FOURTH]
        asked = pd.DataFrame({"state": play.state[rows["moment"]], "player_id": rows["player_id"].to_numpy()})
        told = asked.merge(fourth[[*KEY, "millis"]], on=KEY, how="left")["millis"].fillna(0).to_numpy(dtype=np.int64)
        whole = np.bincount(side, weights=told)[side] == MEN * QUARTER
        takes = whole & play.agrees[rows["moment"]] & (source == NO_SOURCE)
        minutes[takes & played] = told[takes & played] / MINUTE
        source[takes] = place
    return minutes, source
