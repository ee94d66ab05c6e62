"""Rows of raw tables whose sources give names: each name with its player, or `unresolved`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.model import Table, Versioning
from nba_assets.sources.event_names import ROLES
from nba_assets.sources.matching import UNRESOLVED
from nba_assets.sources.names import player_lookup

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

REGISTRY = "player_identity"
COLUMNS = ["game_date", "game_id", "player_name", "player_lookup", "team_tricode", "resolution", "known_at"]


def has_names(table: Table) -> bool:
    """Whether the raw table's source gives names that the registry resolves."""
    return table.dataset == "nba_raw" and any(entry.table == REGISTRY for entry in table.inputs)


def named_tables() -> list[Table]:
    """The raw tables whose sources give names, not ids."""
    return [table for table in tables().values() if has_names(table)]


def named_rows(
    platform: Platform, table: Table, span: tuple[dt.date, dt.date] | None = None, *, history: bool = False
) -> pd.DataFrame:
    """COLUMNS of the rows that have a name; of a table of events one row per event and named man.

    `team_tricode` is null where the source does not say whose man he is, `resolution` null if an event's man has an id.
    """
    history = history and table.versioning is Versioning.CLOSED
    if "resolution" in table.column_names:
        wanted = [name for name in COLUMNS if name in table.column_names]
        rows = platform.warehouse.read(table, dates=span, columns=wanted, history=history)
        return _with_team(rows[rows["player_name"].notna()])
    about = ["game_date", "game_id", "known_at"]
    pairs = [(f"{role}_name", f"{role}_id") for role in ROLES]
    wanted = [*about, *(name for pair in pairs for name in pair)]
    rows = platform.warehouse.read(table, dates=span, columns=wanted, history=history)
    men = [rows[[*about, *pair]].set_axis([*about, "player_name", "player_id"], axis=1) for pair in pairs]
    told = pd.concat(men, ignore_index=True).dropna(subset=["player_name"])
    names = told["player_name"].drop_duplicates()
    lookups = dict(zip(names, names.map(player_lookup), strict=True))
    unresolved = pd.Series(UNRESOLVED, index=told.index, dtype="string[pyarrow]").where(told["player_id"].isna())
    return _with_team(told.assign(player_lookup=told["player_name"].map(lookups), resolution=unresolved))


def _with_team(rows: pd.DataFrame) -> pd.DataFrame:
    if "team_tricode" not in rows.columns:
        rows = rows.assign(team_tricode=pd.Series(pd.NA, index=rows.index, dtype="string[pyarrow]"))
    return rows[COLUMNS]
