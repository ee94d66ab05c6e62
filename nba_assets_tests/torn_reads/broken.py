"""Publishers with one guard off each: what a run must see."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nba_assets.engine import release

WAIT = 0.05
"""Seconds between the wrong step and the right one: readers come in between."""


def manifest_before_objects() -> None:
    """Objects are written after the manifest that names them."""
    held: dict[str, bytes] = {}
    write, make = release.write_objects, release._release

    def hold(_: Any, payloads: Mapping[str, bytes]) -> None:
        held.update(payloads)

    def make_first(platform: Any, *rest: Any) -> Any:
        made = make(platform, *rest)
        time.sleep(WAIT)
        write(platform, held)
        held.clear()
        return made

    release.write_objects = hold  # type: ignore[assignment]
    release._release = make_first


def in_two_steps() -> None:
    """Half of the files are released first, then the others."""
    make = release._release

    def make_half(platform: Any, files: dict[str, Any], as_of: Any, previous: Any) -> Any:
        old = previous["files"] if previous is not None else {}
        half = {name: file if number % 2 else old.get(name, file) for number, (name, file) in enumerate(files.items())}
        previous = make(platform, half, as_of, previous)
        time.sleep(WAIT)
        return make(platform, files, as_of, previous)

    release._release = make_half


def in_place() -> None:
    """Files are overwritten where they are, piece by piece, instead of renamed into place."""

    def overwrite(self: Path, target: Path) -> Path:
        data = self.read_bytes()
        with target.open("wb") as file:
            for begin in range(0, len(data), 1000):
                file.write(data[begin : begin + 1000])
                file.flush()
                time.sleep(WAIT / 50)
        return target

    Path.replace = overwrite  # type: ignore[method-assign, assignment]


BROKEN = {
    "manifest-before-objects": manifest_before_objects,
    "in-two-steps": in_two_steps,
    "in-place": in_place,
}
