"""A migration: objects, tables and documents first, the ledger last; a mark in the target's database until its end.

The target is refused before anything is written if it holds what the source does not have, and cannot be opened until
all of it is verified. What is the same already is left alone, so a migration that was interrupted goes on when it is
begun again, and one that is complete is only verified.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nba_assets.errors import PlatformError
from nba_assets.migration import database, documents, objects, rows
from nba_assets.migration.database import Dump
from nba_assets.migration.installations import LANDING, Profile, Side, both, looked_at, opened, place
from nba_assets.migration.look import identity, look
from nba_assets.migration.parts import Part, Tell
from nba_assets.publishing.page_files import page_files
from nba_assets.settings import Settings
from nba_assets.storage import half_migrated
from nba_assets.storage.embedded_postgres import engine_of
from nba_assets.storage.gcp.bigquery_schema import stored_tables
from nba_assets.storage.locks import no_writers

PATIENCE = 60.0
"""Seconds to wait for running steps to end."""


@dataclass(frozen=True)
class Migration:
    """What a migration did, or would do: from where to where, part by part; what the ledger counts."""

    source: str
    target: str
    resumed: bool
    parts: list[Part]
    counts: dict[str, int]

    @property
    def copied(self) -> bool:
        """Whether anything was (or would be) copied."""
        return any(part.copied for part in self.parts)


def migrate(to: Profile, given: Settings, tell: Tell) -> Migration:
    """Make the installation of profile `to` the same as the other one, which is only read.

    Steps and releases of both are kept out meanwhile. Raises `PlatformError` for a target with other data, and where
    the two do not come to be the same.
    """
    with tempfile.TemporaryDirectory(prefix="nba_assets_migrate_") as name:
        folder = Path(name)
        from_settings, to_settings = both(to, given, folder)
        with opened(from_settings) as source, opened(to_settings, half_migrated=True) as target:
            ours, theirs = Side.of(source), Side.of(target)
            with _alone(ours, theirs) as (source_url, target_url):
                dumped = database.dump(source_url, folder)
                found = look(ours, theirs, dumped.digests)
                mark = engine_of(target_url)
                if any(part.copied for part in found.parts) and not found.resumed:
                    half_migrated.begin(mark, identity(ours), place(from_settings))
                parts, stamps = _move_objects(ours, theirs, to == "gcp", tell)
                parts += _move_tables(ours, theirs, found.counts, tell)
                parts.append(documents.move(target))
                if any(part.copied for part in found.ledger):
                    _move_database(target_url, dumped, _stamps(theirs, dumped, stamps), folder)
                if half_migrated.half_migrated(mark) is not None:
                    half_migrated.end(mark)
            parts += found.ledger
            return Migration(place(from_settings), place(to_settings), found.resumed, parts, target.ledger.counts())


def plan(to: Profile, given: Settings) -> Migration:
    """What `migrate` would do; nothing is written. Raises `PlatformError` where it would refuse."""
    with tempfile.TemporaryDirectory(prefix="nba_assets_migrate_") as folder:
        from_settings, to_settings = both(to, given, Path(folder))
        with opened(from_settings) as source, looked_at(to_settings) as target:
            ours = Side.of(source)
            assert ours.url is not None
            if target.url is not None:
                _refuse_databases(ours.url, target.url)
            found = look(ours, target, database.digests(engine_of(ours.url)))
            places = place(from_settings), place(to_settings)
            return Migration(*places, found.resumed, found.parts, source.ledger.counts())


@contextmanager
def _alone(source: Side, target: Side) -> Iterator[tuple[str, str]]:
    """Both databases, while no step and no release of either writes."""
    assert source.url is not None and target.url is not None
    _refuse_databases(source.url, target.url)
    with no_writers(engine_of(source.url), PATIENCE), no_writers(engine_of(target.url), PATIENCE):
        yield source.url, target.url


def _refuse_databases(source_url: str, target_url: str) -> None:
    database.refuse_same(engine_of(source_url), engine_of(target_url))
    database.refuse_versions(engine_of(source_url), engine_of(target_url))


def _move_objects(source: Side, target: Side, with_page: bool, tell: Tell) -> tuple[list[Part], dict[str, str]]:
    """All objects, with the page where nothing else serves it; the stamps of the source's landing zone as copied."""
    parts: list[Part] = []
    landed: dict[str, str] = {}
    for name, store in source.objects.items():
        done, stamps = objects.move(name, store, target.objects[name], tell)
        parts += done
        landed = stamps if name == LANDING else landed
    if with_page:
        target.objects["published"].put_many(page_files())
    return parts, landed


def _move_tables(source: Side, target: Side, counts: Mapping[str, Mapping[str, int]], tell: Tell) -> list[Part]:
    here, there = source.warehouse, target.warehouse
    with here.listed_once(), there.listed_once():
        return [rows.move(table, here, there, counts[table.full_name], tell) for table in stored_tables()]


def _stamps(target: Side, dumped: Dump, copied: dict[str, str]) -> dict[str, str]:
    """What the target's ledger says its landing zone looks like: of an object that was taken in as it was copied."""
    taken_in = {name for name, stamp in dumped.landed.items() if copied.get(name) == stamp}
    return {entry.name: entry.stamp for entry in target.objects[LANDING].entries() if entry.name in taken_in}


def _move_database(url: str, dumped: Dump, stamps: dict[str, str], folder: Path) -> None:
    database.restore(url, dumped, stamps, folder)
    if wrong := database.differing(dumped.digests, database.digests(engine_of(url))):
        raise PlatformError(
            f"{wrong[0]}: its rows in the target are not the source's",
            "somebody writes into the target's database: stop it, then run the same command again",
        )
