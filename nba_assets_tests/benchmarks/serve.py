"""`nba-assets serve` under load: objects in memory, 304s, the manifest; by workers, with the access log and without.

The tree is a slate of fifteen games by hand, 270 players. Server and client share the machine's cores.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from nba_assets_tests.benchmarks.http_load import client, load
from nba_assets_tests.web import tree

CONNECTIONS = 32
SECONDS = 5.0
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd", "Accept": "*/*", "User-Agent": "benchmark"}
MANIFEST = ["/v1/manifest.json"]


def main() -> None:
    """Measure and show."""
    out = Console()
    table = Table(
        title=f"serve by {client()}, {CONNECTIONS} connections that stay, {os.cpu_count()} cores", title_justify="left"
    )
    for name in ("workers", "asked for", "requests/s", "p50 ms", "p99 ms", "failed", "MB"):
        table.add_column(name, justify="left" if name == "asked for" else "right")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        tree.write(home / "published", tree.full_slate())
        objects = sorted(f"/{path.relative_to(home / 'published')}" for path in home.rglob("objects/**/*.json"))
        log = str(home / "access.log")
        for workers, options in ((1, ()), (1, ("--access-log", log)), (2, ()), (2, ("--access-log", log))):
            for name, paths, headers in (
                ("objects, br", objects, BROWSER),
                ("objects, as they are", objects, {}),
                ("objects, 304", objects, BROWSER | {"If-None-Match": "*"}),
                ("manifest, br", MANIFEST, BROWSER),
                ("manifest, 304", MANIFEST, BROWSER | {"If-None-Match": "*"}),
            ):
                with _serving(home, "--workers", str(workers), *options) as (process, address):
                    load(address, paths, headers, CONNECTIONS, 1.0)
                    found = load(address, paths, headers, CONNECTIONS, SECONDS)
                    figures = (f"{found.rate:,.0f}", f"{found.p50:.2f}", f"{found.p99:.2f}", str(found.errors))
                    table.add_row(
                        str(workers), name + (", logged" if options else ""), *figures, f"{_memory(process):.0f}"
                    )
    out.print(table)


@contextmanager
def _serving(home: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server on a free port, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "nba_assets.cli", "serve", "--port", "0", *options],
        env=os.environ | {"NBA_ASSETS_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().split()[0]
    finally:
        process.terminate()
        process.wait(20)


def _memory(process: subprocess.Popen[str]) -> float:
    """Of the process and its workers in MB, what they share counted once."""
    there = psutil.Process(process.pid)
    return float(sum(one.memory_full_info().pss for one in (there, *there.children(recursive=True)))) / 1e6
