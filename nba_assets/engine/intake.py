"""Intake: drops into the landing zone and the ledger, each exactly once, parsed and judged."""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nba_assets.engine.judgement import Judged, add_moved_games, named_pairs, touched
from nba_assets.engine.landing_log import DUPLICATE, EMPTY, Landed, record_landed
from nba_assets.engine.rejects import TOO_LARGE, record_rejects
from nba_assets.errors import PlatformError
from nba_assets.sources.parsed import Outcome, Reject
from nba_assets.sources.paths import capture_stamp, is_assumed, path_date, source_of
from nba_assets.storage.interfaces import InvalidName, ObjectEntry, ObjectNotFound
from nba_assets.storage.records import Arrival, Drop, QuarantineEntry, Settlement, kept_at

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

BATCH = 400
"""Files that are taken in together, at most."""
BATCH_BYTES = 64 * 1024 * 1024
"""Of files that are taken in together: the one that reaches it is the last."""
MAX_BYTES = 256 * 1024 * 1024
"""Of a file that is read; no parser takes a quarter of it."""


@dataclass(frozen=True)
class Incoming:
    """One file offered for intake; `problem` says why it must not be read at all, `unreadable` why it cannot be.

    One that somebody has put into the landing zone has no path but its `entry` there.
    """

    object_name: str
    path: Path
    problem: str = ""
    unreadable: str = ""
    entry: ObjectEntry | None = None


@dataclass(frozen=True)
class Unread:
    """A file or folder that could not be read: it is not recorded as received."""

    path: Path
    reason: str


@dataclass(frozen=True)
class _Offered:
    """A file that was read: its bytes (None if they are kept already), and why it must not be landed."""

    arrival: Arrival
    data: bytes | None
    refusal: Reject | None = None
    entry: ObjectEntry | None = None


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
    result = take_new(platform, files, progress)
    add_pending(platform.ledger.drops(status=["pending"]), result)
    return result


def take_new(
    platform: Platform, files: Iterable[Incoming], progress: Callable[[int], None] = lambda _: None
) -> IntakeResult:
    """The same without the drops that are pending: those are somebody's to see to."""
    result = IntakeResult()
    for batch in _batches(files):
        with _collector_at_rest():
            _take_batch(platform, batch, result)
        progress(len(batch))
    judge(platform, platform.ledger.drops(status=["received"]), result)
    return result


def _batches(files: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    batch: list[Incoming] = []
    size = 0
    for item in files:
        batch.append(item)
        with suppress(OSError):
            size += item.path.lstat().st_size if item.entry is None else item.entry.size
        if len(batch) == BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


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


def by_source(drops: Iterable[Drop], within: Container[dt.date] | None = None) -> dict[str, set[dt.date]]:
    """The dates (of those `within`) that the drops touch, by source; a source without one is left out."""
    found: dict[str, set[dt.date]] = {}
    for drop in drops:
        days = {day for day in drop["game_dates"] if within is None or day in within}
        if days:
            found.setdefault(drop["source"], set()).update(days)
    return found


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
    started = platform.clock.now()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda item: _read(platform, item), batch))
    result.unread += [item for item in found if isinstance(item, Unread)]
    offered = _landed(platform, [item for item in found if isinstance(item, _Offered)])
    receipts = platform.ledger.receive([item.arrival for item in offered], platform.clock.now())
    platform.ledger.stamp({item.entry.name: item.entry.stamp for item in offered if item.entry is not None})
    new = [(receipt.drop, item) for receipt, item in zip(receipts, offered, strict=True) if not receipt.duplicate]
    result.received += len(new)
    result.duplicates += len(receipts) - len(new)
    again = [receipt.drop for receipt in receipts if receipt.duplicate]
    record_landed(platform, [Landed(drop, drop["game_dates"], skipped=DUPLICATE) for drop in again], started)
    refused = [(drop, [item.refusal]) for drop, item in new if item.refusal is not None]
    _quarantine(platform, refused, result, started)
    good = [(drop, item.data) for drop, item in new if item.refusal is None]
    judge(platform, [drop for drop, _ in good], result, [data for _, data in good])


def _read(platform: Platform, item: Incoming) -> _Offered | Unread:
    """Read one file; what no source claims or must not be read is refused."""
    try:
        size = 0 if item.problem else item.path.stat().st_size if item.entry is None else item.entry.size
        if size > MAX_BYTES:
            return _too_large(platform, item, size)
        data = _bytes(item) if item.entry is None else platform.landing.get(item.object_name)
    except OSError as error:
        return Unread(item.path, item.unreadable or _reason(error))
    except ObjectNotFound as error:
        return Unread(item.path, str(error))
    arrival = _arrival(item, hashlib.sha256(data).hexdigest(), len(data))
    refusal = None
    if item.problem:
        refusal = Reject("object name", "name", item.problem)
    elif source_of(item.object_name) is None:
        refusal = Reject("object name", "path", "no source claims this path")
    return _Offered(arrival, data, refusal, item.entry)


def _landed(platform: Platform, offered: Sequence[_Offered]) -> list[_Offered]:
    """Land the files' bytes, or keep those of refused ones in quarantine."""
    good = [item for item in offered if item.refusal is None and item.data is not None]
    for item in good:
        if item.entry is not None:
            platform.landing.keep(item.entry.name, item.data or b"")
    new = [(item.arrival.object_name, item.data or b"") for item in good if item.entry is None]
    told = iter(platform.landing.put_many(new))
    out = []
    for item in offered:
        if item.refusal is None and item.data is not None and item.entry is None:
            error = next(told)
            if isinstance(error, InvalidName):
                item = replace(item, refusal=Reject("object name", "name", str(error)))
            else:
                item = replace(item, entry=platform.landing.entry(item.arrival.object_name))
        out.append(item)
    refused = [item for item in out if item.refusal is not None and item.data is not None]
    platform.quarantine.put_many([(kept_at(item.arrival.content_hash), item.data or b"") for item in refused])
    return out


def _too_large(platform: Platform, item: Incoming, size: int) -> _Offered | Unread:
    """Keep a file in quarantine that is never in memory as a whole."""
    with tempfile.NamedTemporaryFile() as copy:
        path = item.path
        if item.entry is not None:
            path = Path(copy.name)
            with platform.landing.open(item.object_name) as content:
                shutil.copyfileobj(content, copy)
            copy.flush()
        with path.open("rb") as file:
            content_hash = hashlib.file_digest(file, "sha256").hexdigest()
        name = kept_at(content_hash)
        if not platform.quarantine.exists(name):
            kept = platform.quarantine.put_file(name, path)
            if kept.sha256 != content_hash:
                platform.quarantine.delete(name)
                return Unread(item.path, "it changed while it was read")
    reject = Reject(f"byte {MAX_BYTES}", TOO_LARGE, f"{size} bytes, more than {MAX_BYTES}: not read")
    return _Offered(_arrival(item, content_hash, size), None, reject, item.entry)


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


def judge(
    platform: Platform, drops: Sequence[Drop], result: IntakeResult, payloads: Sequence[bytes | None] | None = None
) -> None:
    """Parse drops; record what they touch, and quarantine what did not pass. `payloads`: their bytes, if at hand."""
    started = platform.clock.now()
    rejected: list[tuple[Drop, Sequence[Reject]]] = []
    judged: list[Judged] = []
    for drop, data in zip(drops, payloads or [None] * len(drops), strict=True):
        parsed = platform.parses.get(drop["source"], drop["object_name"], drop["content_hash"], data, platform)
        if parsed.outcome is Outcome.BAD:
            rejected.append((drop, parsed.rejects))
        else:
            judged.append(Judged(drop, parsed, touched(parsed, drop["object_name"]), named_pairs(parsed)))
            if parsed.rejects:
                result.quarantined += record_rejects(platform, drop, parsed.rejects)
    add_moved_games(platform, judged)
    record_landed(platform, [_passed(one) for one in judged], started)
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
    _quarantine(platform, rejected, result, started)


def _passed(one: Judged) -> Landed:
    skipped = EMPTY if one.parsed.outcome is Outcome.EMPTY else ""
    return Landed(one.drop, sorted(one.dates), len(one.parsed.rows), skipped)


def _quarantine(
    platform: Platform, drops: Sequence[tuple[Drop, Sequence[Reject]]], result: IntakeResult, started: dt.datetime
) -> None:
    """Whole drops that did not pass: their reasons first, then the verdict."""
    for drop, rejects in drops:
        result.quarantined += record_rejects(platform, drop, rejects)
    refused = [Landed(drop, drop["game_dates"], refused=_reasons(rejects)) for drop, rejects in drops]
    record_landed(platform, refused, started)
    settled = [Settlement(drop["correlation_id"], "quarantined", Outcome.BAD.value) for drop, _ in drops]
    platform.ledger.settle(settled, platform.clock.now())


def _reasons(rejects: Sequence[Reject]) -> str:
    """The first reason, and how many more there are."""
    first = rejects[0]
    more = f" (and {len(rejects) - 1} more)" if len(rejects) > 1 else ""
    return f"{first.place}: rule {first.rule}: {first.message}{more}"
