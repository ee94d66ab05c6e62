"""The object store as a local folder."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from nba_assets.errors import PlatformError
from nba_assets.storage.files import Staging, make_folder, storage_error, sync_folder, write_file, write_files
from nba_assets.storage.interfaces import InvalidName, ObjectEntry, ObjectInfo, ObjectNotFound
from nba_assets.storage.object_names import VERSIONS, broken_rule, check_name

PIECE = 1024 * 1024
"""Bytes of a file in memory while it is copied."""


class LocalObjectStore:
    """Objects as files below `root`; overwritten contents at `.versions/<name>/<sha256>`.

    With `keep_versions=False` (derived files: the published tree) an overwritten content is gone.
    """

    def __init__(self, root: Path, *, keep_versions: bool = True) -> None:
        self.root = root
        self.keep_versions = keep_versions
        self._staging = Staging(root)
        try:
            make_folder(root)
            self._staging.clean()
        except OSError as error:
            raise storage_error(error, f"open the object store {root}") from error

    def put(self, name: str, data: bytes, *, if_absent: bool = False) -> ObjectInfo:
        if not if_absent:
            (told,) = self._put_all([(name, data)])
            if isinstance(told, InvalidName):
                raise told
            return told
        path = self._path(name)
        try:
            if path.exists():
                current = path.read_bytes()
                return ObjectInfo(name, len(current), hashlib.sha256(current).hexdigest())
            return self._put_new(path, ObjectInfo(name, len(data), hashlib.sha256(data).hexdigest()), data)
        except OSError as error:
            raise storage_error(error, f"write object {name}") from error

    def put_many(self, objects: Iterable[tuple[str, bytes]]) -> list[ObjectInfo | InvalidName]:
        return self._put_all(objects)

    def _put_all(self, objects: Iterable[tuple[str, bytes]]) -> list[ObjectInfo | InvalidName]:
        told: list[ObjectInfo | InvalidName] = []
        new: dict[Path, bytes] = {}
        kept: dict[Path, bytes] = {}
        name = ""
        try:
            for name, data in objects:
                try:
                    path = self._path(name)
                except InvalidName as error:
                    told.append(error)
                    continue
                told.append(ObjectInfo(name, len(data), hashlib.sha256(data).hexdigest()))
                current = new[path] if path in new else path.read_bytes() if path.exists() else None
                if current is not None and current != data and self.keep_versions:
                    kept[self._version(name, current)] = current
                if current != data:
                    new[path] = data
            write_files(self._staging, ((path, data) for path, data in kept.items() if not path.is_file()))
            write_files(self._staging, new.items())
        except OSError as error:
            more = f" and {len(new) - 1} more" if len(new) > 1 else ""
            raise storage_error(error, f"write object {name}{more}") from error
        return told

    def put_file(self, name: str, file: Path) -> ObjectInfo:
        path = self._path(name)
        digest = hashlib.sha256()
        size = 0

        def read() -> Iterator[bytes]:
            nonlocal size
            with file.open("rb") as opened:
                while piece := opened.read(PIECE):
                    digest.update(piece)
                    size += len(piece)
                    yield piece

        try:
            make_folder(path.parent)
            with self._staging.staged(read()) as staged:
                staged.replace(path)
            sync_folder(path.parent)
        except OSError as error:
            raise storage_error(error, f"write object {name}") from error
        return ObjectInfo(name, size, digest.hexdigest())

    def get(self, name: str, sha256: str | None = None) -> bytes:
        path = self._path(name)
        try:
            data = path.read_bytes()
            if sha256 is None or hashlib.sha256(data).hexdigest() == sha256:
                return data
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            if sha256 is None:
                raise ObjectNotFound(f"no object {name}", f"list what there is below {self.root}") from None
        except OSError as error:
            raise storage_error(error, f"read object {name}") from error
        return self._get_version(name, sha256 or "")

    def get_many(self, names: Iterable[str]) -> Iterator[bytes]:
        return map(self.get, names)

    def open(self, name: str) -> BinaryIO:
        try:
            return self._path(name).open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise ObjectNotFound(f"no object {name}", f"list what there is below {self.root}") from None
        except OSError as error:
            raise storage_error(error, f"read object {name}") from error

    def exists(self, name: str) -> bool:
        return self._path(name).is_file()

    def absent(self, names: Iterable[str]) -> Iterator[str]:
        return (name for name in names if not self.exists(name))

    def list(self, prefix: str = "") -> Iterator[str]:
        return self._names(prefix, "", "")

    def entries(self, prefix: str = "", first: str = "", before: str = "") -> Iterator[ObjectEntry]:
        return filter(None, map(self.entry, self._names(prefix, first, before)))

    def entry(self, name: str) -> ObjectEntry | None:
        try:
            found = self._path(name).stat(follow_symlinks=False)
        except (InvalidName, FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise storage_error(error, f"look at object {name}") from error
        if not stat.S_ISREG(found.st_mode):
            return None
        return ObjectEntry(name, found.st_size, f"{found.st_mtime_ns}-{found.st_size}-{found.st_ino}")

    def contents(self) -> Iterator[ObjectInfo]:
        for entry in self.entries():
            digest, size = hashlib.sha256(), 0
            with self.open(entry.name) as file:
                while piece := file.read(PIECE):
                    digest.update(piece)
                    size += len(piece)
            yield ObjectInfo(entry.name, size, digest.hexdigest())

    def kept(self) -> Iterator[ObjectInfo]:
        versions = self.root / VERSIONS
        for base, _, files in os.walk(versions):
            for sha256 in files:
                path = Path(base) / sha256
                yield ObjectInfo(Path(base).relative_to(versions).as_posix(), path.stat().st_size, sha256)

    def keep(self, name: str, data: bytes) -> None:
        self._path(name)
        try:
            self._keep(name, data)
        except OSError as error:
            raise storage_error(error, f"keep a content of object {name}") from error

    def delete(self, name: str) -> None:
        self.delete_many([name])

    def delete_many(self, names: Sequence[str]) -> None:
        name = ""
        folders: dict[Path, None] = {}
        try:
            for name in names:
                path = self._path(name)
                if path.is_file():
                    if self.keep_versions:
                        self._keep(name, path.read_bytes())
                    path.unlink(missing_ok=True)
                    folders[path.parent] = None
            for folder in folders:
                sync_folder(folder)
        except OSError as error:
            raise storage_error(error, f"delete object {name}") from error

    def clean(self, *, dry_run: bool = False) -> int:
        try:
            return self._staging.clean(dry_run=dry_run)
        except OSError as error:
            raise storage_error(error, f"clean the object store {self.root}") from error

    def _put_new(self, path: Path, info: ObjectInfo, data: bytes) -> ObjectInfo:
        make_folder(path.parent)
        with self._staging.staged([data]) as staged:
            try:
                path.hardlink_to(staged)
            except FileExistsError:
                return self.put(info.name, data, if_absent=True)
        sync_folder(path.parent)
        return info

    def _keep(self, name: str, data: bytes) -> None:
        target = self._version(name, data)
        if not target.is_file():
            write_file(self._staging, target, data)

    def _version(self, name: str, data: bytes) -> Path:
        return self.root / VERSIONS / name / hashlib.sha256(data).hexdigest()

    def _get_version(self, name: str, sha256: str) -> bytes:
        path = self.root / VERSIONS / name / sha256
        if not (len(sha256) == 64 and sha256.isalnum() and path.is_file()):
            raise ObjectNotFound(f"no content {sha256[:64]!r} of object {name}", "its bytes were never stored here")
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise PlatformError(f"object {name}: kept content {sha256} is damaged", "restore it from a backup")
        return data

    def _path(self, name: str) -> Path:
        check_name(name)
        path = os.fspath(self.root)
        for part in name.split("/"):
            path = f"{path}/{part}"
            try:
                mode = os.lstat(path).st_mode
            except (FileNotFoundError, NotADirectoryError):
                break
            except OSError as error:
                raise storage_error(error, f"reach object {name}") from error
            if stat.S_ISLNK(mode):
                raise InvalidName(f"invalid object name {name!r}: {path} is a symbolic link", "remove the link")
        return self.root / name

    def _names(self, prefix: str, first: str, before: str) -> Iterator[str]:
        folder, _, _ = prefix.rpartition("/")
        if folder and broken_rule(folder):
            return iter(())
        return self._walk(f"{folder}/" if folder else "", prefix, first, before)

    def _walk(self, folder: str, prefix: str, first: str, before: str) -> Iterator[str]:
        try:
            with os.scandir(self.root / folder) as entries:
                found = [
                    f"{folder}{entry.name}/" if entry.is_dir(follow_symlinks=False) else f"{folder}{entry.name}"
                    for entry in entries
                    if not entry.name.startswith(".") and not entry.is_symlink()
                ]
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise storage_error(error, f"list objects below {folder or self.root}") from error
        for name in sorted(found):
            if before and name >= before:
                return
            if name < first and not (name.endswith("/") and first.startswith(name)):
                continue
            if name.endswith("/"):
                if name.startswith(prefix) or prefix.startswith(name):
                    yield from self._walk(name, prefix, first, before)
            elif name.startswith(prefix):
                yield name
