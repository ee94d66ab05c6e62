"""A client that asks as fast as it is answered, on connections that stay: `wrk` where there is one, else our own.

Ours is a process of its own (`python -m nba_assets_tests.benchmarks.http_load`), of one thread: it asks some 10,000
times a second, so behind it a faster server looks as slow.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvloop

LUA = """
local requests, turn = {}, 0
init = function(paths)
  for _, path in ipairs(paths) do requests[#requests + 1] = wrk.format("GET", path) end
end
request = function()
  turn = turn % #requests + 1
  return requests[turn]
end
done = function(summary, latency, _)
  local failed = summary.errors
  io.write(string.format('\\n{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "errors": %d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    failed.connect + failed.read + failed.write + failed.status + failed.timeout))
end
"""
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What was answered: requests a second, milliseconds that half and 99 % of them took at most, failures."""

    requests: int
    seconds: float
    p50: float
    p99: float
    errors: int

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


OWN = "own client"


def client() -> str:
    """Which one asks."""
    return "wrk" if shutil.which("wrk") else OWN


def load(
    address: str, paths: list[str], headers: dict[str, str], connections: int, seconds: float, tool: str = ""
) -> Load:
    """Ask for the paths in turn, with a `client` or the best. Raises `RuntimeError` with the client's last words."""
    tool = tool or client()
    lines = [f"{name}: {value}" for name, value in headers.items()]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "paths.lua"
        script.write_text(LUA)
        if tool == "wrk":
            options = ["-t1", f"-c{connections}", f"-d{seconds:.0f}s", "-s", str(script)]
            command = ["wrk", *options, *(part for line in lines for part in ("-H", line)), address, "--", *paths]
        else:
            asked = json.dumps([address, paths, lines, connections, seconds])
            command = [sys.executable, "-m", "nba_assets_tests.benchmarks.http_load", asked]
        said = subprocess.run(command, capture_output=True, text=True)
    if said.returncode:
        raise RuntimeError(f"{command[0]}: {(said.stderr or said.stdout)[-2000:]}")
    return Load(**json.loads(said.stdout.splitlines()[-1]))


@dataclass
class _Counts:
    until: float
    times: list[float] = field(default_factory=list)
    errors: int = 0


class _Connection(asyncio.Protocol):
    """Asks, waits for the whole answer, asks again."""

    def __init__(self, requests: list[bytes], turn: int, counts: _Counts, over: asyncio.Future[None]) -> None:
        self.requests, self.turn, self.counts, self.over = requests, turn, counts, over
        self.wanted, self.buffer, self.began = 0, b"", 0.0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.wanted:
            head = self.buffer.find(b"\r\n\r\n")
            if head < 0:
                return
            length = LENGTH.search(self.buffer, 0, head)
            self.wanted = head + 4 + (int(length[1]) if length else 0)
        if len(self.buffer) >= self.wanted:
            now = time.perf_counter()
            self.counts.times.append(now - self.began)
            self.counts.errors += self.buffer[9:10] not in (b"2", b"3")
            if now < self.counts.until:
                self._ask()
            else:
                self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.counts.errors += time.perf_counter() < self.counts.until
        if not self.over.done():
            self.over.set_result(None)

    def _ask(self) -> None:
        self.turn = (self.turn + 1) % len(self.requests)
        self.wanted, self.buffer, self.began = 0, b"", time.perf_counter()
        self.transport.write(self.requests[self.turn])


async def _load(address: str, paths: list[str], lines: list[str], connections: int, seconds: float) -> Load:
    place = urlsplit(address)
    requests = [
        "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {place.netloc}", *lines, "", ""]).encode() for path in paths
    ]
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    counts = _Counts(began + seconds)
    overs: list[asyncio.Future[None]] = [loop.create_future() for _ in range(connections)]
    for turn, over in enumerate(overs):
        await loop.create_connection(
            lambda turn=turn, over=over: _Connection(requests, turn, counts, over), place.hostname, place.port
        )
    await asyncio.gather(*overs)
    taken = time.perf_counter() - began
    times = sorted(counts.times)
    p50, p99 = (1000 * times[int(share * len(times))] for share in (0.5, 0.99))
    return Load(len(times), taken, p50, p99, counts.errors)


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_load(*json.loads(sys.argv[1]))).__dict__))
