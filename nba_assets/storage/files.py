"""Writing a file so that it is there whole or not at all: staged in the same file system, synced, renamed."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nba_assets.batches import batched
from nba_assets.errors import PlatformError, TransientError

STAGING = ".staging"
TOGETHER = 100
WRITERS = 8
"""Files that are written at once: most of their time they wait for the disk."""

_HINTS = {
    errno.ENOSPC: "free some space, then run the command again: what was there before is unharmed",
    errno.EDQUOT: "the disk quota is used up: free some space, then run the command again",
    errno.EACCES: "make the folder writable for this user, or set NBA_ASSETS_HOME to one that is",
    errno.EPERM: "make the folder writable for this user, or set NBA_ASSETS_HOME to one that is",
    errno.EROFS: "the file system is read-only: set NBA_ASSETS_HOME to a writable one",
    errno.EMFILE: "too many open files: raise the limit (`ulimit -n`)",
}


_LASTING = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOENT,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.EEXIST,
        errno.ENOTEMPTY,
        errno.ENAMETOOLONG,
        errno.ELOOP,
        errno.EINVAL,
        errno.EXDEV,
    }
)
"""What stays until somebody changes it: rights, paths, kinds of file."""


def is_transient(error: OSError) -> bool:
    """Whether the operating system may do it later: a full disk, a time-out, a busy device; not a missing right."""
    return error.errno not in _LASTING


def storage_error(error: OSError, doing: str) -> PlatformError:
    """The operating system's error as one line with a hint: `cannot write nba_raw/…: No space left on device`."""
    hint = _HINTS.get(error.errno or 0, "check the path and the disk")
    return (TransientError if is_transient(error) else PlatformError)(
        f"cannot {doing}: {error.strerror or error}", hint
    )


def sync_folder(folder: Path) -> None:
    """Make renames in the folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Create the folder and its parents, each made durable in its parent."""
    make_folders([folder])


def make_folders(folders: Iterable[Path]) -> None:
    """The same for many, with one wait for each parent."""
    missing: dict[Path, None] = {}
    for folder in folders:
        for path in (folder, *folder.parents):
            if path in missing or path.exists():
                break
            missing[path] = None
    for path in sorted(missing, key=lambda path: len(path.parts)):
        path.mkdir(exist_ok=True)
    for parent in dict.fromkeys(path.parent for path in missing):
        sync_folder(parent)


class Staging:
    """The folder below a root in which files wait to be renamed into place.

    A writer holds a lock on its staged file, so a file without one is left over from a crash.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / STAGING

    def clean(self, *, dry_run: bool = False) -> int:
        """Remove what crashed writers left; how many files those are."""
        removed = 0
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else []:
            with contextlib.suppress(FileNotFoundError):
                handle = os.open(path, os.O_RDWR)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if not dry_run:
                        path.unlink()
                    removed += 1
                except BlockingIOError:
                    pass
                finally:
                    os.close(handle)
        return removed

    @contextlib.contextmanager
    def staged(self, pieces: Iterable[bytes]) -> Iterator[Path]:
        """A synced file with the bytes, to be renamed or linked into place; removed afterwards if still here."""
        with self.written(pieces) as (handle, path):
            os.fsync(handle)
            yield path

    @contextlib.contextmanager
    def written(self, pieces: Iterable[bytes]) -> Iterator[tuple[int, Path]]:
        """The same before it is synced, with its open handle."""
        handle, path = self._locked_file()
        try:
            for piece in pieces:
                view = memoryview(piece)
                while view:
                    view = view[os.write(handle, view) :]
            yield handle, path
        finally:
            path.unlink(missing_ok=True)
            os.close(handle)

    def _locked_file(self) -> tuple[int, Path]:
        while True:
            try:
                handle, name = tempfile.mkstemp(dir=self.folder)
            except FileNotFoundError:
                make_folder(self.folder)
                continue
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_nlink:
                os.fchmod(handle, 0o644)
                return handle, Path(name)
            os.close(handle)


def write_file(staging: Staging, target: Path, data: bytes) -> None:
    """Put the bytes at the target, replacing what is there; old content or new at any point of a crash."""
    write_files(staging, [(target, data)])


def _check_there(path: Path, size: int) -> None:
    """Raise `OSError` if the file is not there as it was written: a system may lose bytes and report none."""
    if not path.exists() or path.stat().st_size != size:
        raise OSError(errno.EIO, f"{path.name} is not there as it was written")


def write_files(staging: Staging, files: Iterable[tuple[Path, bytes]]) -> None:
    """The same for many at once: a crash leaves some of them new and the others old."""
    folders: dict[Path, None] = {}

    def write(file: tuple[Path, bytes]) -> None:
        target, data = file
        with staging.staged([data]) as path:
            _check_there(path, len(data))
            path.replace(target)
        _check_there(target, len(data))

    with ThreadPoolExecutor(WRITERS) as pool:
        for part in batched(files, TOGETHER):
            new = dict.fromkeys(target.parent for target, _ in part)
            list(pool.map(make_folder, new.keys() - folders.keys()))
            list(pool.map(write, part))
            folders |= new
        list(pool.map(sync_folder, folders))
