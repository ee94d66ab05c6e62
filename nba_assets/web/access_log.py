"""The access log: one JSON line a request. Query strings and headers are not in it, so no token is."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import orjson

from nba_assets.clock import Clock
from nba_assets.errors import UsageError

OFF = "off"
STDERR = "-"
MODE = 0o640


class AccessLog:
    """Lines of JSON at the end of a file, or on stderr.

    The lines of one turn of the event loop are one write at the file's end, so several processes may have the same
    file, and a tool that rotates it by copy and truncation may cut it. Lines that cannot be written (a full disk) are
    counted, not waited for: the next line that can be written says in `lost` how many there were.
    """

    def __init__(self, target: str, clock: Clock) -> None:
        self._clock = clock
        self._lines: list[bytes] = []
        self._lost = 0
        self._handle = 2
        if target != STDERR:
            try:
                self._handle = os.open(Path(target), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, MODE)
            except OSError as error:
                raise UsageError(
                    f"cannot write the access log {target}: {error.strerror}", "name another file"
                ) from error

    def note(self, method: str, path: str, status: int, size: int, seconds: float, request_id: str) -> None:
        """Write down one request."""
        line = {
            "time": self._clock.now(),
            "method": method,
            "path": path,
            "status": status,
            "bytes": size,
            "ms": round(seconds * 1000, 3),
            "correlation_id": request_id,
        }
        if self._lost:
            line["lost"] = self._lost
        if not self._lines:
            asyncio.get_running_loop().call_soon(self.flush)
        self._lines.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z))

    def flush(self) -> None:
        """Write what was noted since the last time."""
        lines, self._lines = self._lines, []
        text = memoryview(b"".join(lines))
        try:
            while text:
                text = text[os.write(self._handle, text) :]
            self._lost = 0
        except OSError:
            self._lost += len(lines)
