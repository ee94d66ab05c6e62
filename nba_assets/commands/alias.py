"""`nba-assets alias`: names that a person knows better."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nba_assets import console
from nba_assets.commands.current import make_current
from nba_assets.commands.session import PhaseTimes, opened
from nba_assets.contracts import tables
from nba_assets.engine.aliases import EVERY, Changed, alias_of, change_alias, registered_name
from nba_assets.engine.graph import STEP_DATASETS
from nba_assets.engine.ingest import affected
from nba_assets.engine.platform import Platform
from nba_assets.errors import PlatformError, UsageError
from nba_assets.sources.identity import aliases as shipped_aliases
from nba_assets.storage.records import Alias, AliasChange

Versions = dict[str, dict[str, str]]


def run_add(name: str, player_id: str, *, source: str, force: bool, as_json: bool) -> None:
    """Keep an alias and make current what it touches.

    Raises `PlatformError` for an id that the registry does not know, unless `force`.
    """
    with opened() as platform:
        alias = alias_of(name, player_id, source)
        known = registered_name(platform, player_id)
        if known is None and not force:
            raise PlatformError(
                f"the registry knows no player {player_id!r}",
                "nba-assets status --unresolved shows the nearest candidates; --force adds the alias anyway",
            )
        facts = _changed(platform, alias, "add")
    if as_json:
        console.as_json({**vars(alias), "registered_as": known, **facts})
        return
    said = f" ({known})" if known else ", whom the registry does not know yet"
    console.say(f"{name} is {player_id}{said} in {_where(source)}.")
    _say(facts)


def run_remove(name: str, *, source: str, as_json: bool) -> None:
    """Take an alias back and make current what it had touched. Raises `UsageError` if it is not kept here."""
    with opened() as platform:
        wanted = alias_of(name, "", source)
        kept = {(alias.source, alias.lookup): alias for alias in platform.ledger.aliases()}
        alias = kept.get((wanted.source, wanted.lookup))
        if alias is None:
            raise UsageError(
                f"no alias of {name!r} is kept for {_where(source)}",
                "nba-assets alias list shows them; those that come with the platform are not removed",
            )
        facts = _changed(platform, alias, "remove")
    if as_json:
        console.as_json({**vars(alias), **facts})
        return
    console.say(f"{name} is no longer {alias.player_id} in {_where(source)}.")
    _say(facts)


def run_list(*, as_json: bool) -> None:
    """Print this installation's aliases, and those that the platform comes with."""
    with opened() as platform:
        own = [vars(alias) for alias in platform.ledger.aliases()]
    shipped = console.records(shipped_aliases())
    if as_json:
        console.as_json({"own": own, "shipped": shipped})
        return
    for title, rows in (("Own, which go first", own), ("With the platform", shipped)):
        if rows:
            console.table(title, list(rows[0]), [list(row.values()) for row in rows])


def _changed(platform: Platform, alias: Alias, change: AliasChange) -> dict[str, Any]:
    before = _versions(platform)
    changed = change_alias(platform, alias, change)
    times = PhaseTimes()
    if window := affected(platform, changed.days):
        make_current(platform, window, times)
    after = _versions(platform)
    rebuilt = {
        table: sorted(
            day for day in versions.keys() | before[table].keys() if versions.get(day) != before[table].get(day)
        )
        for table, versions in after.items()
    }
    return {
        "names": _names(platform, changed),
        "changed": {table: days for table, days in rebuilt.items() if days},
        "phases": times.records(),
    }


def _versions(platform: Platform) -> Versions:
    names = [table.name for table in tables().values() if table.dataset in STEP_DATASETS]
    return {name: platform.warehouse.versions(name) for name in names}


def _names(platform: Platform, changed: Changed) -> list[dict[str, Any]]:
    """Of the rows of that name on the dates looked at: how many, and as whom they count now."""
    found = []
    columns = ["game_date", "player_lookup", "player_id", "resolution"]
    for table, days in changed.dates.items():
        rows = platform.warehouse.read(table, dates=(days[0], days[-1]), columns=columns)
        rows = rows[
            (rows["player_lookup"] == changed.alias.lookup) & rows["game_date"].isin(list(map(pd.Timestamp, days)))
        ]
        counted = rows.groupby(["game_date", "resolution", "player_id"], dropna=False).size().reset_index(name="rows")
        counted.insert(0, "source", table)
        found += console.records(counted.assign(game_date=counted["game_date"].dt.date))
    return found


def _say(facts: dict[str, Any]) -> None:
    if not facts["names"]:
        console.say("No row has that name so far; it will be used when one comes.")
        return
    names = facts["names"]
    console.table("Rows of that name", list(names[0]), [[console.plain(v) for v in row.values()] for row in names])
    lines = [[table, len(days), days[0], days[-1]] for table, days in facts["changed"].items()]
    if lines:
        console.table("Rebuilt", ["table", "dates", "first", "last"], lines)
    else:
        console.say("Nothing changed: he is on neither team of those games as the registry knows them.")


def _where(source: str) -> str:
    return "every source" if source == EVERY else source
