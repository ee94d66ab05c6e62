"""A person's own aliases: what they are, what a change of them moves, and that it is told to the steps.

An alias is a fact about spelling, not about time: it holds for rows of all times, as those that the platform comes
with do. A change names the dates that it moves, so only their steps see other input.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts.model import Table
from nba_assets.engine.named_rows import has_names, named_rows, named_tables
from nba_assets.errors import UsageError
from nba_assets.sources.matching import UNRESOLVED
from nba_assets.sources.names import player_lookup
from nba_assets.storage.records import Alias, AliasChange

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

EVERY = "*"
MOVED_BY_ALIAS = (UNRESOLVED, "alias", "last_name_set")
"""Resolutions that an alias goes before; the others go before it."""


@dataclass(frozen=True)
class Changed:
    """A change of aliases: per table the dates with rows of that name that it moves."""

    alias: Alias
    dates: dict[str, list[dt.date]]

    @property
    def days(self) -> list[dt.date]:
        return sorted(set().union(*self.dates.values()))


def own_aliases(platform: Platform, contract: Table) -> list[pd.DataFrame]:
    """The aliases kept in this installation, as `build_raw` takes them; none for a table without names."""
    if not has_names(contract):
        return []
    kept = platform.ledger.aliases()
    columns = {name: [getattr(alias, name) for alias in kept] for name in ("source", "lookup", "player_id")}
    return [pd.DataFrame(columns, dtype="string[pyarrow]")] if kept else []


def alias_lines(platform: Platform, contract: Table, days: Sequence[dt.date]) -> dict[dt.date, list[str]]:
    """Per date, what changes of aliases add to the input of a table's step."""
    return platform.ledger.alias_changes(contract.name, days) if has_names(contract) else {}


def alias_of(name: str, player_id: str, source: str = EVERY) -> Alias:
    """The alias of a name as a source spells it, or of its normalised form.

    Raises `UsageError` for a name without letters and for a source that is not one of names.
    """
    known = [table.name for table in named_tables()]
    if source != EVERY and source not in known:
        raise UsageError(f"{source!r} is no source of names", f"one of {', '.join(known)}")
    lookup = player_lookup(name)
    if not lookup:
        raise UsageError(f"{name!r} has no letter of the Latin alphabet", "give the name as the source spells it")
    return Alias(source, lookup, name, player_id)


def change_alias(platform: Platform, alias: Alias, change: AliasChange) -> Changed:
    """Keep the change, with the dates that it moves. The caller makes those dates current."""
    moved = moved_dates(platform, alias)
    found = Changed(alias, moved)
    platform.ledger.change_alias(alias, change, found.days, platform.clock.now())
    return found


def moved_dates(platform: Platform, alias: Alias) -> dict[str, list[dt.date]]:
    """Per table of names, the dates with rows of the alias's name that it may resolve otherwise."""
    found = {}
    for table in named_tables():
        if alias.source in (EVERY, table.name):
            rows = named_rows(platform, table, history=True)
            open_to_it = rows["resolution"].isin(MOVED_BY_ALIAS) | rows["resolution"].isna()
            rows = rows[(rows["player_lookup"] == alias.lookup) & open_to_it]
            if len(rows):
                found[table.name] = sorted(set(rows["game_date"].dt.date))
    return found


def registered_name(platform: Platform, player_id: str) -> str | None:
    """The name under which the registry saw the id last, None if it does not know it."""
    seen = platform.warehouse.read("player_identity", columns=["game_date", "player_id", "player_name"])
    seen = seen[seen["player_id"] == player_id].sort_values("game_date", kind="stable")
    return str(seen["player_name"].iloc[-1]) if len(seen) else None
