"""Backup and restore of everything under the home, consistent and verified."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import orjson

from nba_assets.errors import PlatformError
from nba_assets.settings import Settings
from nba_assets.storage import document_store, ledger_schema, postgres_dump
from nba_assets.storage.embedded_postgres import DAGSTER_SCHEMA, database_url, engine_of
from nba_assets.storage.files import STAGING, Staging, make_folder, storage_error, write_file
from nba_assets.storage.half_migrated import refuse_half_migrated
from nba_assets.storage.locks import no_writers

SCHEMAS = (ledger_schema.SCHEMA, document_store.SCHEMA, DAGSTER_SCHEMA)
FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.dump"
HOME = "home"
HALF_RESTORED = ".restoring"
PATIENCE = 60.0
"""Seconds to wait for running steps to end."""


@dataclass(frozen=True)
class Done:
    """What a backup or restore took: files (the database's dump is one of them) and bytes."""

    files: int
    bytes: int


@dataclass(frozen=True)
class _Entry:
    path: str
    size: int
    sha256: str


def backup(settings: Settings, folder: Path) -> Done:
    """Write everything under the home into an empty folder, while no step writes, and read it back.

    Raises `PlatformError` if the folder is not empty or lies in the home, a file cannot be copied or Postgres cannot
    be dumped; a folder without `manifest.json` is no backup.
    """
    home, folder = settings.home.absolute(), folder.absolute()
    if not home.is_dir():
        raise PlatformError(f"there is no home at {home}", "set NBA_ASSETS_HOME to the one to back up")
    if folder.resolve().is_relative_to(home.resolve()):
        raise PlatformError(f"{folder} lies in the home itself", "give a folder outside of it")
    url = database_url(settings)
    refuse_half_migrated(url)
    try:
        _require_empty(folder, "a backup is written into an empty folder")
        make_folder(folder)
        with no_writers(engine_of(url), PATIENCE):
            # The dump comes first: what it names in the landing zone was there before, and nothing is removed there.
            postgres_dump.dump(url, folder / DATABASE, SCHEMAS)
            entries = [_entry(folder, DATABASE)]
            entries += [_copy(home, path, folder, f"{HOME}/{path}") for path in _files(home)]
        _verify(folder, entries)
        manifest = {"format": FORMAT, "files": [vars(entry) for entry in entries]}
        write_file(Staging(folder), folder / MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        shutil.rmtree(folder / STAGING)
    except OSError as error:
        raise storage_error(error, f"write the backup {folder}") from error
    return _done(entries)


def restore(settings: Settings, folder: Path) -> Done:
    """Bring a backup back into an empty home and an empty database, and read it back.

    Raises `PlatformError`, before anything is written, if the home or the database is not empty or a file of the
    backup is missing or damaged. A home whose restore was interrupted is not opened.
    """
    home, folder = settings.home.absolute(), folder.absolute()
    try:
        entries = _manifest(folder)
        _require_empty(home, "a backup is restored into an empty home")
        _verify(folder, entries)
        if settings.database_url is not None:
            postgres_dump.require_empty(database_url(settings), SCHEMAS)
        make_folder(home)
        marker = home / HALF_RESTORED
        marker.touch()
        copies = [
            _copy(folder, entry.path, home, entry.path.removeprefix(f"{HOME}/"))
            for entry in entries
            if entry.path != DATABASE
        ]
        postgres_dump.restore(database_url(settings), folder / DATABASE)
        _verify(home, copies)
        marker.unlink()
    except OSError as error:
        raise storage_error(error, f"restore into {home}") from error
    return _done(entries)


def refuse_half_restored(settings: Settings) -> None:
    """Raises `PlatformError` for a home whose restore did not finish."""
    if (settings.home / HALF_RESTORED).exists():
        raise PlatformError(
            f"the restore into {settings.home} did not finish", "remove that folder and restore the backup again"
        )


def _require_empty(folder: Path, rule: str) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PlatformError(f"{folder} is not empty", f"{rule}: give another one")


def _files(root: Path) -> Iterator[str]:
    """Every file below the root by its relative path, in order; not Postgres' own, nor what writers have staged."""
    for base, folders, names in os.walk(root):
        here = Path(base).relative_to(root)
        folders[:] = sorted(f for f in folders if f != STAGING and (here / f).as_posix() != "postgres")
        for name in sorted(names):
            path = Path(base) / name
            if path.is_file() and not path.is_symlink():
                yield (here / name).as_posix()


def _copy(source: Path, name: str, target: Path, new_name: str) -> _Entry:
    """Copy one file durably; size and hash are those of the bytes read."""
    path = target / new_name
    make_folder(path.parent)
    digest, size = hashlib.sha256(), 0
    with (source / name).open("rb") as reader, path.open("xb") as writer:
        while block := reader.read(1 << 20):
            digest.update(block)
            size += len(block)
            writer.write(block)
        writer.flush()
        os.fsync(writer.fileno())
    return _Entry(new_name, size, digest.hexdigest())


def _entry(root: Path, name: str) -> _Entry:
    with (root / name).open("rb") as file:
        return _Entry(name, os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _verify(root: Path, entries: Sequence[_Entry]) -> None:
    for entry in entries:
        if not (root / entry.path).is_file() or _entry(root, entry.path) != entry:
            raise PlatformError(
                f"{root / entry.path} is missing or damaged", "use another backup; this one cannot be relied on"
            )


def _manifest(folder: Path) -> list[_Entry]:
    path = folder / MANIFEST
    try:
        found = orjson.loads(path.read_bytes())
        if found["format"] > FORMAT:
            raise PlatformError(f"the backup {folder} is of a newer version of nba_assets", "upgrade nba_assets")
        entries = [_Entry(**entry) for entry in found["files"]]
        whole = entries[0].path == DATABASE
        plain = all(_is_plain(entry.path) for entry in entries)
    except FileNotFoundError:
        raise PlatformError(f"{folder} is not a backup: it has no {MANIFEST}", "give a finished backup") from None
    except (orjson.JSONDecodeError, TypeError, KeyError, IndexError) as error:
        raise PlatformError(f"{path} is damaged", "use another backup") from error
    if not (whole and plain):
        raise PlatformError(f"{path} names files outside of the backup", "use another backup")
    return entries


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    return name == DATABASE or (path.parts[:1] == (HOME,) and len(path.parts) > 1 and ".." not in path.parts)


def _done(entries: Sequence[_Entry]) -> Done:
    return Done(len(entries), sum(entry.size for entry in entries))
