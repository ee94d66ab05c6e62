"""What a migration has to do: both installations compared, and a target refused that has data of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nba_assets.errors import PlatformError
from nba_assets.migration import database, documents, objects, rows
from nba_assets.migration.database import Digests
from nba_assets.migration.installations import Side
from nba_assets.migration.parts import Part
from nba_assets.storage import half_migrated
from nba_assets.storage.embedded_postgres import DAGSTER_SCHEMA, engine_of
from nba_assets.storage.gcp.bigquery_schema import stored_tables


@dataclass(frozen=True)
class Findings:
    """What would be copied, by part; `resumed`: an earlier migration from this source had begun.

    `counts`: the source's rows by table and date.
    """

    files: list[Part]
    ledger: list[Part]
    resumed: bool
    counts: Mapping[str, Mapping[str, int]]

    @property
    def parts(self) -> list[Part]:
        return [*self.files, *self.ledger]


def look(source: Side, target: Side, ours: Digests) -> Findings:
    """Compare both; `ours` is the source's database. Raises `PlatformError` for a target with other data."""
    resumed = _is_resumed(source, target)
    theirs = database.digests(engine_of(target.url)) if target.url is not None else {}
    ledger = _ledger(ours, theirs, resumed)
    published = source.objects["published"]
    if not resumed:
        documents.refuse_others(published, target.documents)
    parts: list[Part] = []
    for name, store in source.objects.items():
        there = objects.compare(store, target.objects[name])
        if not resumed:
            objects.refuse_others(name, there)
        parts += objects.planned(name, there)
    with source.warehouse.listed_once(), target.warehouse.listed_once():
        differences = [(table, rows.compare(table, source.warehouse, target.warehouse)) for table in stored_tables()]
        for table, found in differences if not resumed else ():
            rows.refuse_others(table, found)
        counted = rows.row_counts([table for table, found in differences if found.versions], source.warehouse)
    counts = {}
    for table, found in differences:
        there_are = counted.get(table.full_name, {})
        counts[table.full_name] = {day: there_are.get(day, 0) for day in found.versions}
        parts.append(rows.planned(table, found, counts[table.full_name]))
    parts.append(documents.planned(published, target.documents))
    return Findings(parts, ledger, resumed, counts)


def identity(side: Side) -> str:
    """What tells the source from every other installation. Raises `PlatformError` for an empty one."""
    found = database.identity(engine_of(side.url)) if side.url is not None else None
    if found is None:
        raise PlatformError("the source has received nothing yet", "see NBA_ASSETS_HOME and NBA_ASSETS_DATABASE_URL")
    return found


def _is_resumed(source: Side, target: Side) -> bool:
    """Whether the target is half migrated, from this source. Raises `PlatformError` if it is from another."""
    mark = half_migrated.half_migrated(engine_of(target.url)) if target.url is not None else None
    if mark is not None and mark[0] != identity(source):
        raise PlatformError(
            f"the target is half migrated from another installation ({mark[1]})",
            "migrate from that one, or into an empty installation",
        )
    return mark is not None


def _ledger(ours: Digests, theirs: Digests, resumed: bool) -> list[Part]:
    """What of the database would be copied: all of it, or nothing if the ledger is there."""
    missing = database.differing(ours if resumed else database.ledger_of(ours), theirs)
    if missing and not resumed and not database.is_empty(theirs):
        raise PlatformError(
            f"the target has a ledger, or runs of Dagster, and {missing[0]} is not the source's",
            "one of the two was used since: migrate into an empty installation",
        )
    parts = []
    for name, schema in (("ledger", database.LEDGER), ("Dagster's storage", DAGSTER_SCHEMA)):
        tables = [table for table in ours if table.startswith(f"{schema}.")]
        if missing or (tables and not database.differing({t: ours[t] for t in tables}, theirs)):
            number = len(tables)
            copied = (number, 0) if missing else (0, number)
            parts.append(Part(name, *copied, rows=database.rows_of(ours, schema)))
    return parts
