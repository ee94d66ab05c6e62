"""A finished game's box score as of a moment: the schedule's word, the chosen source's rows, where the two disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.league import FINAL
from nba_assets.transforms import Dates, Inputs
from nba_assets.transforms.game_versions import GAME, as_of, moments
from nba_assets.transforms.windows import Flags

ALONE = pd.Timedelta(hours=2)
"""A game with one box source waits so long for the other, from when its final was known."""

WHOLE_MINUTE = 60
"""Seconds by which a source of whole minutes may be off."""

COUNTS = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "reb", "ast", "stl", "blk", "tov", "pf", "pts")
"""Counts of a raw box score line."""

COMPARED = ("team_tricode", *COUNTS, "seconds_played")
"""What the gamebook and BallDontLie both say of a man."""

GAMEBOOK, BDL = "nbac_gamebook_player_stats", "bdl_player_boxscores"
NAMES = {GAMEBOOK: "gamebook", BDL: "bdl"}

_IDENTITY = [*GAME, "player_id", "player_name", "team_tricode", "opponent_tricode", "is_home"]
_LINE = [*COUNTS, "plus_minus", "seconds_played", "minutes_precision"]
_OWN = {GAMEBOOK: ["player_status", "reason", "reason_category", "is_starter"], BDL: ["did_play"]}


@dataclass(frozen=True)
class BoxScores:
    """Games at moments.

    moments: GAME, `at`, the schedule's row then (season, tip_at, home_tricode, away_tricode, home_score, away_score,
    is_neutral), `ot_named` (overtimes its text names), `final`, `final_at` (when a final was first known), `sources`
    (list of box tables there, the gamebook first), `alone_until` (final_at + 2 h where there is one source).
    rows: the chosen source's rows, with `moment` (position in `moments`), `source` (its table), `played`, `conflict`.
    """

    moments: pd.DataFrame
    rows: pd.DataFrame


def of(inputs: Inputs, name: str) -> pd.DataFrame:
    """The input frame, or its empty frame if it was not handed in."""
    frame = inputs.get(name)
    return frames.empty(contracts.table(name)) if frame is None else frame


def schedule_of(inputs: Inputs, dates: Dates) -> pd.DataFrame:
    """Schedule versions of the games on `dates` that count: no All-Star games."""
    schedule = of(inputs, "nbac_schedule")
    return schedule[schedule["game_date"].isin(list(dates)) & (schedule["game_id"].str[:3] != "003")]


def box_moments(inputs: Inputs, dates: Dates, others: Sequence[pd.DataFrame] = ()) -> pd.DataFrame:
    """GAME and `at` of `dates`: every time since its final was known at which a game's inputs (or `others`) changed."""
    schedule = schedule_of(inputs, dates)
    final_at = _final_at(schedule).rename("since").reset_index()
    waited = final_at.rename(columns={"since": "known_at"})
    waited["known_at"] = waited["known_at"] + ALONE
    sources = [_final_rows(of(inputs, name)) for name in NAMES]
    return moments([schedule, *sources, *others, waited], final_at)


def at_moments(inputs: Inputs, dates: Dates, at: pd.DataFrame) -> BoxScores:
    """The games of `dates` at the moments `at` (GAME, at)."""
    told = _scheduled(schedule_of(inputs, dates), at)
    found = {name: lines_at(inputs, name, at) for name in NAMES}
    present = {name: told.index.isin(rows["moment"]) for name, rows in found.items()}
    both = present[GAMEBOOK] & present[BDL]
    told["sources"] = _names(present)
    alone = pd.Series(~both & (present[GAMEBOOK] | present[BDL]), index=told.index)
    told["alone_until"] = (told["final_at"] + ALONE).where(alone)
    chosen = found[BDL][~present[GAMEBOOK][found[BDL]["moment"]]]
    rows = pd.concat([found[GAMEBOOK], chosen], ignore_index=True)
    rows["conflict"] = _conflicts(rows, found[BDL], both)
    return BoxScores(told, rows)


def lines_at(inputs: Inputs, source: str, at: pd.DataFrame) -> pd.DataFrame:
    """A box source's rows of final games at the moments `at`, with `moment`, `source` and `played`."""
    return _lines(as_of(_final_rows(of(inputs, source)), at), source)


def compared(gamebook: pd.DataFrame, bdl: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(rows of the gamebook with BallDontLie's word on the same man beside them, which of the columns are unlike).

    The first has each of COMPARED twice, the other's as `<column>_bdl` (null for a man it does not list), the second
    COMPARED as booleans; time is unlike if it is more than a minute off. Both in the order of `gamebook`.
    """
    key = ["moment", "player_id"]
    theirs = bdl.loc[bdl["player_id"].notna(), [*key, *COMPARED]]
    pairs = gamebook[[*GAME, *key, "player_name", *COMPARED]].merge(
        theirs, on=key, how="left", suffixes=("", "_bdl"), validate="many_to_one"
    )
    listed = (pairs["player_id"].notna() & pairs["team_tricode_bdl"].notna()).to_numpy(dtype=bool)
    numbers = [*COUNTS, "seconds_played"]
    ours = pairs[numbers].fillna(0).to_numpy(dtype=np.int64)
    off = np.abs(ours - pairs[[f"{name}_bdl" for name in numbers]].fillna(0).to_numpy(dtype=np.int64))
    elsewhere = (pairs["team_tricode"] != pairs["team_tricode_bdl"]).fillna(True).to_numpy(dtype=bool)
    unlike = np.column_stack([elsewhere, off[:, :-1] > 0, off[:, -1] > WHOLE_MINUTE]) & listed[:, None]
    return pairs, pd.DataFrame(unlike, columns=list(COMPARED))


def _scheduled(schedule: pd.DataFrame, at: pd.DataFrame) -> pd.DataFrame:
    """The moments with the schedule's row then; without one (moved, withdrawn) the game is not final."""
    columns = ["season", "tip_at", "home_tricode", "away_tricode", "home_score", "away_score", "is_neutral"]
    known = as_of(schedule, at)
    known["final"] = (known["game_status"] == FINAL) & ~known["is_postponed"].fillna(False)
    known = known.rename(columns={"ot_periods": "ot_named"}).drop_duplicates("moment", keep="last")
    told = at.join(known.set_index("moment")[[*columns, "ot_named", "final"]])
    told["final"] = told["final"].astype("boolean").fillna(False).astype(bool)
    return told.join(_final_at(schedule).rename("final_at"), on=GAME)


def _final_at(schedule: pd.DataFrame) -> pd.Series[Any]:
    """By game when a final was first known."""
    return schedule[schedule["game_status"] == FINAL].groupby(GAME)["known_at"].min()


def _final_rows(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["is_final"].fillna(False)] if "is_final" in rows.columns else rows


def _lines(rows: pd.DataFrame, source: str) -> pd.DataFrame:
    """One form for both sources: status of who did not play, reasons, starter; stats as they stand."""
    out = rows[[*_IDENTITY, *_LINE, *_OWN[source], "moment"]].copy()
    out["source"] = source
    stats = [*COUNTS, "plus_minus", "seconds_played"]
    out["played"] = (rows[stats].fillna(0).to_numpy(dtype=np.int64) != 0).any(axis=1)
    if source == BDL:
        out = out.drop(columns="did_play")
    return out


def _names(present: Mapping[str, Flags]) -> pd.Series[Any]:
    """Per moment the list of box tables that are there."""
    lists = {flags: [n for n, flag in zip(present, flags, strict=True) if flag] for flags in _PATTERNS}
    return pd.Series([lists[flags] for flags in zip(*present.values(), strict=True)], dtype=object)


_PATTERNS = ((False, False), (False, True), (True, False), (True, True))


def _conflicts(rows: pd.DataFrame, bdl: pd.DataFrame, both: Flags) -> Flags:
    """Rows of the gamebook whose player BallDontLie lists with other counts, more than a minute off, or elsewhere."""
    _, unlike = compared(rows, bdl)
    return np.asarray(both[rows["moment"].to_numpy()] & unlike.to_numpy().any(axis=1))
