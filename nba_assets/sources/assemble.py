"""From all applied captures of a source to its raw table: every row placed, resolved and versioned.

A pure function of the set of captures, the schedule's history and the registry's: their order never matters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts.frames import DTYPES, conform, empty
from nba_assets.contracts.model import SpeaksFor, Table, Type, Versioning
from nba_assets.sources.games import PAIR, STARTS_AT, resolve_games, with_tip
from nba_assets.sources.identity import aliases, aliases_of, resolve_players
from nba_assets.sources.matching import UNRESOLVED
from nba_assets.sources.names import player_lookup
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets.sources.parsers import parser
from nba_assets.sources.versions import CAPTURE_COLUMNS, ORDER, close, without_repeats, without_setbacks

STAMP = ["known_at", "known_at_assumed", "stamped_at", "source_path", "source_hash"]
SAID_AT = ("captured_at", "report_at")
"""When a source says that it said something: of several the newest counts."""
HELPERS: dict[str, Type] = {
    "starts_at": Type.TIMESTAMP,
    "stamped_at": Type.TIMESTAMP,
    "game_date": Type.DATE,
    "game_id": Type.STRING,
    "away_tricode": Type.STRING,
    "home_tricode": Type.STRING,
    "team_tricode": Type.STRING,
    "is_final": Type.BOOL,
    "away_lineup": Type.STRING,
    "home_lineup": Type.STRING,
}
"""Types of columns that come beside the contract's: of a parser, and of the capture."""


@dataclass(frozen=True)
class Capture:
    """One applied drop: what it parsed to, and when it was known."""

    parsed: Parsed
    object_name: str
    content_hash: str
    known_at: pd.Timestamp
    known_at_assumed: bool = False


@dataclass(frozen=True)
class RawBuilt:
    """A raw table's history; rows whose game the schedule does not have; current rows without a player id."""

    frame: pd.DataFrame
    unplaced: pd.DataFrame
    unresolved: pd.DataFrame


def build_raw(
    table: Table,
    captures: Sequence[Capture],
    schedule: pd.DataFrame,
    identity: pd.DataFrame,
    own_aliases: Sequence[pd.DataFrame] = (),
) -> RawBuilt:
    """All versions of `table` from `captures` (all that were applied for its dates), as a conformed history frame.

    `schedule`, `identity`: history frames of `nbac_schedule` and `player_identity` around those dates (identity from
    D - 14 to D + 2); not used for the schedule, the player list and the registry themselves. `own_aliases`: frames of
    `source`, `lookup`, `player_id` that go before the aliases kept here. Bad and empty captures add nothing and close
    nothing.
    """
    if table.name == "player_identity":
        return RawBuilt(build_identity(captures), pd.DataFrame(), pd.DataFrame())
    rows, spoken = _stack(captures, table)
    if rows.empty:
        return RawBuilt(empty(table), pd.DataFrame(), pd.DataFrame())
    spoken = spoken if len(spoken) else rows.iloc[:0]
    if table.speaks_for is SpeaksFor.DATE:
        unit = _iso(rows["game_date"])
        spoken = spoken.assign(unit=_iso(spoken["game_date"]))
        return _built(table, _versions(rows.assign(unit=unit), spoken, table, table.progress))

    if name_games := getattr(parser(table.name), "name_games", None):
        rows = name_games(rows, spoken)
    placed = resolve_games(rows, schedule)
    spoken = resolve_games(_with_start(spoken, rows), schedule).rows
    rows = placed.rows.assign(unit=placed.rows["game_id"])
    spoken = spoken.assign(unit=spoken["game_id"])[[*CAPTURE_COLUMNS, "known_at_assumed"]]
    if merge_forms := getattr(parser(table.name), "merge_forms", None):
        rows, spoken = merge_forms(rows, spoken)
    if table.progress is not None:
        rows, spoken = without_setbacks(rows, spoken, table.progress)
    closed = table.versioning is Versioning.CLOSED
    if "player_key" in table.key:
        if closed:
            rows, spoken = without_repeats(rows, spoken)
        group = ("book",) if "book" in table.key else ()
        known = aliases_of(table.name, *own_aliases, aliases())
        people, markers = _without_markers(rows)
        resolved = resolve_players(people, spoken[CAPTURE_COLUMNS], identity, known, closed=closed, group=group)
        rows, spoken = pd.concat([resolved.rows, markers], ignore_index=True), resolved.captures
    if resolve_names := getattr(parser(table.name), "resolve_names", None):
        rows, spoken = without_repeats(rows, spoken)
        known = aliases_of(table.name, *own_aliases, aliases())
        rows, spoken = resolve_names(rows, spoken[CAPTURE_COLUMNS], identity, known)
    if not closed:
        rows = with_tip(rows, schedule) if "minutes_to_tip" in table.column_names else rows
        rows = _first_known(rows, table.key)
        return _built(table, rows.drop(columns="unit"), placed.unplaced)
    return _built(table, _versions(rows, spoken, table), placed.unplaced)


def _without_markers(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(rows of players, rows that bring their `player_key`: they are about a team, nobody is to be found)."""
    if "player_key" not in rows.columns:
        return rows, rows.iloc[:0]
    keyed = rows["player_key"].notna()
    return rows[~keyed], rows[keyed]


def _versions(rows: pd.DataFrame, spoken: pd.DataFrame, table: Table, status: str | None = None) -> pd.DataFrame:
    """Versions by what the table keeps: a helper column that changes makes no version."""
    kept = [c for c in rows.columns if c in table.column_names or c in CAPTURE_COLUMNS]
    return close(rows[kept], spoken[CAPTURE_COLUMNS], table.key, status)


def build_identity(captures: Sequence[Capture]) -> pd.DataFrame:
    """History of `player_identity` from the captures of every source that carries the league's ids.

    The registry is cumulative: nothing closes an entry, a changed spelling is a new version.
    """
    table = contracts.table("player_identity")
    rows = _stamped(captures, lambda parsed: parsed.identities)
    rows = rows[rows["player_id"].notna() & rows["team_tricode"].notna()] if len(rows) else rows
    if rows.empty:
        return empty(table)
    names = rows["player_name"].drop_duplicates()
    lookups = dict(zip(names, names.map(player_lookup), strict=True))
    rows = _typed(rows.assign(player_lookup=rows["player_name"].map(lookups)), table)
    rows = rows.assign(unit=rows["player_id"])
    return _built(table, close(rows, rows.iloc[:0][CAPTURE_COLUMNS], table.key)).frame


def _stack(captures: Sequence[Capture], table: Table) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All rows and all units spoken for, with their captures' stamps, in the canonical order of captures."""
    rows = _typed(_stamped(captures, lambda parsed: parsed.rows), table)
    spoken = _stamped(captures, lambda parsed: parsed.speaks_for)
    return _not_from_the_future(rows), _typed(spoken, table)


def _not_from_the_future(rows: pd.DataFrame) -> pd.DataFrame:
    """Where a capture's stamp is not trusted, nothing in it was said after its receipt: a fast clock wins nothing."""
    for moment in SAID_AT:
        if moment in rows.columns:
            late = rows["known_at_assumed"] & (rows[moment] > rows["known_at"])
            rows = rows.assign(**{moment: rows[moment].mask(late.fillna(False), rows["known_at"])})
    return rows


def _with_start(spoken: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Units with the start time that their rows give, so that both find the same game."""
    if STARTS_AT not in rows.columns or STARTS_AT in spoken.columns:
        return spoken
    about = [*ORDER, *PAIR]
    starts = rows[[*about, STARTS_AT]].drop_duplicates(about)
    return spoken.merge(starts, on=about, how="left")


def _stamped(captures: Sequence[Capture], part: Callable[[Parsed], pd.DataFrame]) -> pd.DataFrame:
    drops = {(c.object_name, c.content_hash): c for c in captures}.values()
    good = [c for c in drops if c.parsed.outcome in (Outcome.OK, Outcome.PARTIAL) and len(part(c.parsed))]
    used = sorted(good, key=lambda c: (c.known_at, c.content_hash, c.object_name))
    if not used:
        return pd.DataFrame()
    frames = [part(c.parsed) for c in used]
    place = np.repeat(np.arange(len(used)), [len(f) for f in frames])
    stamps = pd.DataFrame(
        {
            "known_at": pd.to_datetime([c.known_at for c in used], utc=True).as_unit("us"),
            "known_at_assumed": [c.known_at_assumed for c in used],
            "stamped_at": pd.to_datetime([c.known_at for c in used], utc=True).as_unit("us"),
            "source_path": [c.object_name for c in used],
            "source_hash": [c.content_hash for c in used],
        }
    )
    stacked = _one_below_the_other(frames)
    stacked = stacked.drop(columns=[c for c in STAMP if c in stacked.columns])
    return pd.concat([stacked, stamps.iloc[place].reset_index(drop=True)], axis=1)


def _one_below_the_other(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All rows as objects, None where a frame lacks a column: `pd.concat` for a thousand frames of a few rows."""
    names = pd.Index(dict.fromkeys(name for frame in frames for name in frame.columns))
    values = np.empty((len(names), sum(map(len, frames))), dtype=object)
    end = 0
    for frame in frames:
        start, end = end, end + len(frame)
        values[names.get_indexer(frame.columns), start:end] = frame.to_numpy(dtype=object).T
    return pd.DataFrame(values.T, columns=names)


def _typed(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Columns in the contract's dtypes, so that equal values compare equal whatever capture they came in."""
    types = HELPERS | {c.name: c.type for c in table.columns}
    cast: dict[str, pd.Series[Any]] = {}
    for name in rows.columns:
        type_ = types.get(name)
        if type_ is None:
            continue
        values = rows[name]
        if values.dtype == DTYPES[type_]:
            cast[name] = values
            continue
        if type_ is Type.TIMESTAMP:
            values = pd.to_datetime(values, utc=True, cache=False)
        elif type_ is Type.DATE:
            values = pd.to_datetime(values, cache=False)
        elif type_ is Type.FLOAT64:
            values = pd.to_numeric(values)
        cast[name] = values if type_ is Type.STRINGS else values.astype(DTYPES[type_])
    return pd.DataFrame(cast, index=rows.index)


def _iso(dates: pd.Series[Any]) -> pd.Series[Any]:
    days: pd.Series[Any] = dates.dt.strftime("%Y-%m-%d")
    return days


def _first_known(rows: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """One row per key of a table that never closes: the first known, so that nothing known is ever taken back."""
    ordered = rows.sort_values(ORDER, kind="stable")
    return ordered.drop_duplicates(list(key), ignore_index=True)


def _built(table: Table, rows: pd.DataFrame, unplaced: pd.DataFrame | None = None) -> RawBuilt:
    frame = conform(rows[[c for c in rows.columns if c in table.column_names]], table)
    unresolved = frame.iloc[:0]
    if "resolution" in table.column_names:
        current = frame["superseded_at"].isna() if "superseded_at" in frame.columns else True
        unresolved = frame[(frame["resolution"] == UNRESOLVED) & current].reset_index(drop=True)
    return RawBuilt(frame, unplaced if unplaced is not None else pd.DataFrame(), unresolved)
