"""Objects from one store into another: by name and hash, with the overwritten contents that are kept."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nba_assets.errors import PlatformError
from nba_assets.migration.installations import LANDING
from nba_assets.migration.parts import Part, Tell
from nba_assets.publishing.page_files import page_files

if TYPE_CHECKING:
    from nba_assets.storage.interfaces import ObjectInfo, ObjectStore

KEPT = "overwritten contents"
MANIFEST = "v1/manifest.json"
"""Readers begin with it: it is copied when all that it names is there."""
READERS = 16
TOGETHER, TOGETHER_BYTES = 500, 64 * 1024**2
"""Objects that are in memory at once."""
LARGE = TOGETHER_BYTES
"""Bytes of an object that goes by way of a file."""
PASSES = 3


@dataclass(frozen=True)
class Difference:
    """Of two stores: what the target lacks, has with another content, has alone; what it lacks of kept contents."""

    missing: list[ObjectInfo]
    changed: list[ObjectInfo]
    alone: list[str]
    kept: list[ObjectInfo]
    same: list[ObjectInfo]
    same_kept: list[ObjectInfo]

    @property
    def to_copy(self) -> list[ObjectInfo]:
        """In an order in which readers of the target never see what leads nowhere."""
        return sorted([*self.missing, *self.changed], key=lambda info: (info.name == MANIFEST, info.name))


def compare(source: ObjectStore, target: ObjectStore) -> Difference:
    """What differs, by the hash of every object; but for the page, which is of the code."""
    page = {name for name, _ in page_files()}
    there = {info.name: info for info in target.contents() if info.name not in page}
    kept_there = {(info.name, info.sha256) for info in target.kept()}
    found = Difference([], [], [], [], [], [])
    names = set()
    for info in source.contents():
        if info.name in page:
            continue
        names.add(info.name)
        own = there.get(info.name)
        (found.missing if own is None else found.same if own == info else found.changed).append(info)
    for info in source.kept():
        (found.same_kept if (info.name, info.sha256) in kept_there else found.kept).append(info)
    found.alone.extend(sorted(set(there) - names))
    return found


def refuse_others(name: str, found: Difference) -> None:
    """Raises `PlatformError` for objects of the target that are not the source's; new files may land beside them."""
    others = [info.name for info in found.changed] + ([] if name == LANDING else found.alone)
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        raise PlatformError(
            f"the target's {name} objects are not the source's: {others[0]}{more}",
            "migrate into an empty installation; what is in this one stays as it is",
        )


def planned(name: str, found: Difference) -> list[Part]:
    """What would be copied."""
    parts = [Part(name, len(found.to_copy), len(found.same), bytes=_bytes(found.to_copy))]
    if found.kept or found.same_kept:
        parts.append(Part(f"{name}, {KEPT}", len(found.kept), len(found.same_kept), bytes=_bytes(found.kept)))
    return parts


def move(name: str, source: ObjectStore, target: ObjectStore, tell: Tell) -> tuple[list[Part], dict[str, str]]:
    """Copy until both are the same; the stamps of the source's objects as they were copied.

    Objects that the target has alone are removed, but not from its landing zone. Raises `PlatformError` if the target
    does not come to be the same: somebody writes into one of them.
    """
    copied = kept = 0
    for _ in range(PASSES):
        stamps = {entry.name: entry.stamp for entry in source.entries()}
        found = compare(source, target)
        todo, gone = found.to_copy, [] if name == LANDING else found.alone
        steady = name != LANDING or stamps == {entry.name: entry.stamp for entry in source.entries()}
        if steady and not (todo or gone or found.kept):
            parts = [Part(name, copied, len(found.same) - copied, bytes=_bytes(found.same))]
            if found.same_kept:
                there = len(found.same_kept)
                parts.append(Part(f"{name}, {KEPT}", kept, there - kept, bytes=_bytes(found.same_kept)))
            return parts, stamps
        _copy(name, source, target, todo, tell)
        _copy_kept(name, source, target, found.kept, tell)
        target.delete_many(gone)
        copied, kept = max(copied, len(todo)), max(kept, len(found.kept))
    raise PlatformError(
        f"the {name} objects of source and target do not come to be the same",
        "stop whoever writes into them (fetchers, nba-assets up), then run the same command again",
    )


def _copy(name: str, source: ObjectStore, target: ObjectStore, infos: Sequence[ObjectInfo], tell: Tell) -> None:
    done = 0
    for batch in _batches(infos):
        if batch[0].size >= LARGE:
            _copy_large(source, target, batch[0].name)
        else:
            names = [info.name for info in batch]
            target.put_many(zip(names, source.get_many(names), strict=True))
        done += len(batch)
        tell(name, done, len(infos))


def _copy_kept(name: str, source: ObjectStore, target: ObjectStore, infos: Sequence[ObjectInfo], tell: Tell) -> None:
    def keep(info: ObjectInfo) -> None:
        target.keep(info.name, source.get(info.name, info.sha256))

    with ThreadPoolExecutor(READERS, "objects") as pool:
        for done, _ in enumerate(pool.map(keep, infos), 1):
            tell(f"{name}, {KEPT}", done, len(infos))


def _copy_large(source: ObjectStore, target: ObjectStore, name: str) -> None:
    with tempfile.NamedTemporaryFile() as copy:
        with source.open(name) as content:
            shutil.copyfileobj(content, copy)
        copy.flush()
        target.put_file(name, Path(copy.name))


def _batches(infos: Iterable[ObjectInfo]) -> Iterator[list[ObjectInfo]]:
    """Some at a time; a large one and the manifest alone."""
    batch: list[ObjectInfo] = []
    size = 0
    for info in infos:
        if batch and (len(batch) == TOGETHER or size + info.size > TOGETHER_BYTES or info.name == MANIFEST):
            yield batch
            batch, size = [], 0
        batch.append(info)
        size += info.size
    if batch:
        yield batch


def _bytes(infos: Iterable[ObjectInfo]) -> int:
    return sum(info.size for info in infos)
