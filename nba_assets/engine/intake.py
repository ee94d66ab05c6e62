"""Intake: drops into the landing zone and the ledger, each exactly once, parsed and judged."""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from nba_assets.engine.judgement import Judged, add_moved_games, named_pairs, touched
from nba_assets.engine.rejects import TOO_LARGE, record_rejects
from nba_assets.errors import PlatformError
from nba_assets.sources.parsed import Outcome, Reject
from nba_assets.sources.paths import capture_stamp, is_assumed, path_date, source_of
from nba_assets.storage.interfaces import InvalidName
from nba_assets.storage.records import Arrival, Drop, QuarantineEntry, Settlement, kept_at

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

BATCH = 400
MAX_BYTES = 256 * 1024 * 1024
"""Of a file that is read; no parser takes a quarter of it."""


@dataclass(frozen=True)
class Incoming:
    """One file offered for intake; `problem` says why it must not be read at all, `unreadable` why it cannot be."""

    object_name: str
    path: Path
    problem: str = ""
    unreadable: str = ""


@dataclass(frozen=True)
class Unread:
    """A file or folder that could not be read: it is not recorded as received."""

    path: Path
    reason: str


@dataclass
class IntakeResult:
    """What an intake did: counts by verdict, what was quarantined, and the dates to make current."""

    received: int = 0
    duplicates: int = 0
    unread: list[Unread] = field(default_factory=list)
    quarantined: list[QuarantineEntry] = field(default_factory=list)
    dirty: dict[str, set[dt.date]] = field(default_factory=dict)
    drops: list[Drop] = field(default_factory=list)
    """Drops whose consequences are still to come: the new ones, and those an earlier run left pending."""

    @property
    def dates(self) -> list[dt.date]:
        """Every date that a drop touched, in order."""
        return sorted(set().union(*self.dirty.values())) if self.dirty else []


def scan(folder: Path) -> Iterator[Incoming]:
    """Every file below `folder` in name order; links are offered with their problem, never followed.

    A folder that cannot be listed is offered as unreadable. Raises `PlatformError` if the folder does not exist.
    """
    if not folder.is_dir():
        raise PlatformError(f"{folder} is not a folder", "give the folder that holds the drops")
    closed: list[OSError] = []
    for base, folders, files in os.walk(folder, onerror=closed.append):
        folders.sort()
        for name in sorted([*files, *(f for f in folders if (Path(base) / f).is_symlink())]):
            path = Path(base) / name
            said = path.relative_to(folder).as_posix()
            object_name = said.encode("utf-8", "backslashreplace").decode()
            problem = ""
            if object_name != said:
                problem = "its name is not UTF-8"
            elif path.is_symlink():
                problem = "a symbolic link is not followed"
            elif not path.is_file():
                problem = "not a regular file"
            yield Incoming(object_name, path, problem)
    for error in closed:
        yield Incoming("", Path(error.filename), unreadable=_reason(error))


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def take(
    platform: Platform, files: Iterable[Incoming], progress: Callable[[int], None] = lambda _: None
) -> IntakeResult:
    """Take files in: land the bytes, record the drop, parse it; also pick up drops that an earlier run left pending."""
    result = IntakeResult()
    iterator = iter(files)
    while batch := list(islice(iterator, BATCH)):
        with _collector_at_rest():
            _take_batch(platform, batch, result)
        progress(len(batch))
    judge(platform, platform.ledger.drops(status=["received"]), result)
    add_pending(platform.ledger.drops(status=["pending"]), result)
    return result


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Without cyclic garbage collection: a payload is many objects at once, all of them alive, none in a cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def add_pending(drops: Sequence[Drop], result: IntakeResult) -> None:
    """Drops whose consequences are still to come, and the dates that they touch."""
    for drop in drops:
        result.dirty.setdefault(drop["source"], set()).update(drop["game_dates"])
        result.drops.append(drop)


def applied(platform: Platform, drops: Sequence[Drop]) -> None:
    """Record that the drops' consequences are in the tables."""
    settled = [Settlement(d["correlation_id"], "applied", d["outcome"] or "ok", d["rows"] or 0) for d in drops]
    platform.ledger.settle(settled, platform.clock.now())


def _take_batch(platform: Platform, batch: Sequence[Incoming], result: IntakeResult) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda item: _land(platform, item), batch))
    result.unread += [item for item in found if isinstance(item, Unread)]
    offered = [item for item in found if not isinstance(item, Unread)]
    receipts = platform.ledger.receive([arrival for arrival, _ in offered], platform.clock.now())
    new = [
        (receipt.drop, refusal)
        for receipt, (_, refusal) in zip(receipts, offered, strict=True)
        if not receipt.duplicate
    ]
    result.received += len(new)
    result.duplicates += len(receipts) - len(new)
    _quarantine(platform, [(drop, [refusal]) for drop, refusal in new if refusal is not None], result)
    judge(platform, [drop for drop, refusal in new if refusal is None], result)


def _land(platform: Platform, item: Incoming) -> tuple[Arrival, Reject | None] | Unread:
    """Land one file's bytes; what no source claims or must not be read is kept in quarantine instead."""
    try:
        if not item.problem and (size := item.path.stat().st_size) > MAX_BYTES:
            return _too_large(platform, item, size)
        data = _bytes(item)
    except OSError as error:
        return Unread(item.path, item.unreadable or _reason(error))
    source = source_of(item.object_name)
    reject = Reject("object name", "name", item.problem) if item.problem else None
    if reject is None and source is None:
        reject = Reject("object name", "path", "no source claims this path")
    if reject is None:
        try:
            platform.landing.put(item.object_name, data)
        except InvalidName as error:
            reject = Reject("object name", "name", str(error))
    content_hash = hashlib.sha256(data).hexdigest()
    if reject is not None:
        platform.quarantine.put(kept_at(content_hash), data)
    return _arrival(item, content_hash, len(data)), reject


def _too_large(platform: Platform, item: Incoming, size: int) -> tuple[Arrival, Reject] | Unread:
    """Keep a file in quarantine that is never in memory as a whole."""
    with item.path.open("rb") as file:
        content_hash = hashlib.file_digest(file, "sha256").hexdigest()
    name = kept_at(content_hash)
    if not platform.quarantine.exists(name):
        kept = platform.quarantine.put_file(name, item.path)
        if kept.sha256 != content_hash:
            platform.quarantine.delete(name)
            return Unread(item.path, "it changed while it was read")
    reject = Reject(f"byte {MAX_BYTES}", TOO_LARGE, f"{size} bytes, more than {MAX_BYTES}: not read")
    return _arrival(item, content_hash, size), reject


def _arrival(item: Incoming, content_hash: str, size: int) -> Arrival:
    stamp, day = capture_stamp(item.object_name), path_date(item.object_name)
    return Arrival(
        object_name=item.object_name,
        content_hash=content_hash,
        source=source_of(item.object_name) or "unknown",
        size=size,
        game_dates=(day,) if day is not None else (),
        captured_at=stamp.to_pydatetime() if stamp is not None else None,
        assumed=is_assumed(item.object_name),
    )


def _bytes(item: Incoming) -> bytes:
    if item.path.is_symlink():
        return str(item.path.readlink()).encode()
    return b"" if item.problem else item.path.read_bytes()


def judge(platform: Platform, drops: Sequence[Drop], result: IntakeResult) -> None:
    """Parse drops; record what they touch, and quarantine what did not pass."""
    rejected: list[tuple[Drop, Sequence[Reject]]] = []
    judged: list[Judged] = []
    for drop in drops:
        parsed = platform.parses.get(drop["source"], drop["object_name"], drop["content_hash"], None, platform)
        if parsed.outcome is Outcome.BAD:
            rejected.append((drop, parsed.rejects))
        else:
            judged.append(Judged(drop, parsed, touched(parsed, drop["object_name"]), named_pairs(parsed)))
            if parsed.rejects:
                result.quarantined += record_rejects(platform, drop, parsed.rejects)
    add_moved_games(platform, judged)
    platform.ledger.settle(
        [
            Settlement(
                one.drop["correlation_id"],
                "pending",
                one.parsed.outcome.value,
                len(one.parsed.rows),
                tuple(sorted(one.dates)),
                tuple(sorted(one.pairs)),
            )
            for one in judged
        ],
        platform.clock.now(),
    )
    _quarantine(platform, rejected, result)


def _quarantine(platform: Platform, drops: Sequence[tuple[Drop, Sequence[Reject]]], result: IntakeResult) -> None:
    """Whole drops that did not pass: their reasons first, then the verdict."""
    for drop, rejects in drops:
        result.quarantined += record_rejects(platform, drop, rejects)
    settled = [Settlement(drop["correlation_id"], "quarantined", Outcome.BAD.value) for drop, _ in drops]
    platform.ledger.settle(settled, platform.clock.now())
