"""The web page as files, for where nothing but a bucket serves it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

STATIC = Path(__file__).parents[1] / "web" / "static"


def page_files() -> Iterator[tuple[str, bytes]]:
    """`index.html` and what it loads, by their names beside `v1/`."""
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            yield path.relative_to(STATIC).as_posix(), path.read_bytes()
