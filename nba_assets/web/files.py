"""Files below one folder, read whole and kept: one state of a file, its hash, its codings.

Files are replaced by a rename. A request gets one state of a file: its headers and bytes come from one reading.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import logging
import os
import stat
from collections.abc import Callable, Coroutine, Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from nba_assets.clock import Clock
from nba_assets.web.cache import ByteCache
from nba_assets.web.compression import IDENTITY, WORTH, encode
from nba_assets.web.names import Grammar, object_hash

log = logging.getLogger("nba_assets.web")

SETTLED_NS = 100_000_000
"""Age from which a file's stamp tells it from the next one: a file system's clock ticks every few milliseconds."""
OVERHEAD = 1_000
"""Bytes of memory of a kept file beside its own."""

_NO_FILE = (errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO)
"""A symbolic link, a name that no file can have, a socket or a pipe."""

Stamp = tuple[int, int, int, int, int]
"""Device, inode, size, and in ns when the bytes and when the file's entry were last changed."""


def _stamp(state: os.stat_result) -> Stamp:
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns


Result = TypeVar("Result")


class UnreadableError(Exception):
    """The file is there, and what is read is not what it should be."""


@dataclass
class File:
    """One state of a file. `etag` differs with the coding; `fixed` if the name is the hash of the bytes."""

    body: bytes
    digest: str
    stamp: Stamp
    fixed: bool
    settled: bool
    coded: dict[str, bytes] = field(default_factory=dict)

    def size(self) -> int:
        """Bytes of memory."""
        return OVERHEAD + len(self.body) + sum(map(len, self.coded.values()))

    def etag(self, coding: str) -> bytes:
        """The strong entity tag of the bytes in this coding."""
        return f'"{self.digest}"'.encode() if coding == IDENTITY else f'"{self.digest}-{coding}"'.encode()


class Files:
    """Reads files below `root` whose names are of the grammar; no symbolic link is followed on the way.

    Objects are read once, and kept if their bytes are their name. Others are looked at each time they are asked for,
    and read anew once they are another file.
    """

    def __init__(self, root: Path, grammar: Grammar, cache: ByteCache[File], clock: Clock) -> None:
        self.root = root
        self._named = grammar
        self._cache = cache
        self._clock = clock
        self._running: dict[Hashable, asyncio.Task[Any]] = {}
        self._prefix = os.fsencode(root) + b"/"
        self._told: dict[bytes, Stamp] = {}

    async def get(self, name: bytes) -> File | None:
        """The file's present state; None if there is none of that name. Raises `UnreadableError`."""
        file = self.kept(name)
        if file is not None or not self._named(name):
            return file
        if object_hash(name) is None:
            return await self._read_and_keep(name)
        return await self._once(name, lambda: self._read_and_keep(name))

    def kept(self, name: bytes) -> File | None:
        """The same if it is in memory."""
        file = self._cache.get((self._prefix, name))
        if file is None or file.fixed:
            return file
        if not file.settled:
            return None
        try:
            now = os.lstat(self._prefix + name)
        except OSError:
            return None
        return file if _stamp(now) == file.stamp else None

    async def coded(self, name: bytes, file: File, allowed: Sequence[str]) -> tuple[str, bytes] | None:
        """The first of the allowed codings that is worth it, and the bytes in it; None if none can be had."""
        for coding in allowed:
            if coding == IDENTITY:
                return IDENTITY, file.body
            if len(file.body) < WORTH and IDENTITY in allowed:
                continue
            body = file.coded.get(coding) or await self._encoded(name, file, coding)
            if len(body) < len(file.body) or IDENTITY not in allowed:
                return coding, body
        return None

    async def _encoded(self, name: bytes, file: File, coding: str) -> bytes:
        body = await self._once((file.digest, coding), lambda: asyncio.to_thread(encode, file.body, coding))
        file.coded[coding] = body
        if self._cache.get((self._prefix, name)) is file:
            self._cache.put((self._prefix, name), file)
        return body

    async def _once(self, key: Hashable, begin: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """Do the same work once for all who want it at this moment."""
        running: asyncio.Task[Result] | None = self._running.get(key)
        if running is None:
            running = self._running[key] = asyncio.create_task(begin())
            running.add_done_callback(lambda _: self._running.pop(key))
        return await asyncio.shield(running)

    async def _read_and_keep(self, name: bytes) -> File | None:
        file = await asyncio.to_thread(self._read, name)
        if file is not None:
            before = self._cache.get((self._prefix, name))
            if before is not None and before.digest == file.digest:
                file.coded = before.coded
            self._cache.put((self._prefix, name), file)
        return file

    def _read(self, name: bytes) -> File | None:
        began_ns = int(self._clock.now().timestamp() * 1e9)
        try:
            found = self._bytes(name)
        except OSError as error:
            raise self._unreadable(name, (0, 0, 0, 0, 0), error.strerror or str(error)) from error
        if found is None:
            return None
        body, stamp = found
        digest = hashlib.sha256(body).hexdigest()
        wanted = object_hash(name)
        if wanted not in (None, digest):
            raise self._unreadable(name, stamp, f"its bytes have the hash {digest}")
        return File(body, digest, stamp, wanted is not None, began_ns - max(stamp[3:]) > SETTLED_NS)

    def _bytes(self, name: bytes) -> tuple[bytes, Stamp] | None:
        """One state of the file. A part of the way that is missing, a link or no folder is no file."""
        *folders, last = name.split(b"/")
        with contextlib.ExitStack() as stack:
            try:
                handle = os.open(self.root, os.O_PATH | os.O_DIRECTORY)
                stack.callback(os.close, handle)
                for part in folders:
                    handle = os.open(part, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=handle)
                    stack.callback(os.close, handle)
                handle = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=handle)
                stack.callback(os.close, handle)
            except (FileNotFoundError, NotADirectoryError):
                return None
            except OSError as error:
                if error.errno in _NO_FILE:
                    return None
                raise
            state = os.fstat(handle)
            if not stat.S_ISREG(state.st_mode):
                return None
            with os.fdopen(handle, "rb", closefd=False) as opened:
                return opened.read(), _stamp(state)

    def _unreadable(self, name: bytes, stamp: Stamp, why: str) -> UnreadableError:
        text = f"{name.decode()} cannot be served: {why}"
        if self._told.get(name) != stamp:
            self._told[name] = stamp
            log.error(text)
        return UnreadableError(text)
