"""Intake: drops into the landing zone and the ledger, each exactly once, parsed and judged."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.engine.captures import season_of
from nba_assets.errors import PlatformError
from nba_assets.sources.parsed import Outcome, Parsed, Reject
from nba_assets.sources.paths import capture_stamp, path_date, source_of
from nba_assets.storage.interfaces import Drop, InvalidName, QuarantineItem

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

BATCH = 400


@dataclass(frozen=True)
class Incoming:
    """One file offered for intake; `problem` says why it must not be read at all."""

    object_name: str
    path: Path
    problem: str = ""


@dataclass
class IntakeResult:
    """What an intake did: counts by verdict, what was quarantined, and the dates to make current."""

    received: int = 0
    duplicates: int = 0
    quarantined: list[QuarantineItem] = field(default_factory=list)
    dirty: dict[str, set[dt.date]] = field(default_factory=dict)
    correlation_ids: list[str] = field(default_factory=list)

    @property
    def dates(self) -> list[dt.date]:
        """Every date that a drop touched, in order."""
        return sorted(set().union(*self.dirty.values())) if self.dirty else []


def scan(folder: Path) -> Iterator[Incoming]:
    """Every file below `folder` in name order; links are offered with their problem, never followed.

    Raises `PlatformError` if the folder does not exist.
    """
    if not folder.is_dir():
        raise PlatformError(f"{folder} is not a folder", "give the folder that holds the drops")
    for base, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted([*files, *(f for f in folders if (Path(base) / f).is_symlink())]):
            path = Path(base) / name
            object_name = path.relative_to(folder).as_posix()
            if name.startswith(".") or name.endswith("~"):
                continue
            problem = "a symbolic link is not followed" if path.is_symlink() else ""
            if not problem and not path.is_file():
                problem = "not a regular file"
            yield Incoming(object_name, path, problem)


def take(
    platform: Platform, files: Iterable[Incoming], progress: Callable[[int], None] = lambda _: None
) -> IntakeResult:
    """Take files in: land the bytes, record the drop, parse it; also finish drops that an earlier run left pending."""
    result = IntakeResult()
    iterator = iter(files)
    while batch := list(islice(iterator, BATCH)):
        _take_batch(platform, batch, result)
        progress(len(batch))
    _judge(platform, platform.ledger.pending(unparsed=True), result)
    for drop in platform.ledger.pending(unparsed=False):
        _mark_dirty(drop.source, set(drop.game_dates), result)
        result.correlation_ids.append(drop.correlation_id)
    return result


def _take_batch(platform: Platform, batch: Sequence[Incoming], result: IntakeResult) -> None:
    now = platform.clock.now()
    with ThreadPoolExecutor(4) as pool:
        landed = [drop for drop in pool.map(lambda item: _land(platform, item, now), batch) if drop is not None]
    drops = [drop for drop in landed if isinstance(drop, Drop)]
    refused = [item for item in landed if isinstance(item, QuarantineItem)]
    new = platform.ledger.receive([*drops, *(_refused_drop(item, now) for item in refused)], now)
    result.received += len(new)
    result.duplicates += len(drops) + len(refused) - len(new)
    fresh = {(drop.object_name, drop.content_hash) for drop in new}
    _quarantine(platform, [item for item in refused if (item.object_name, item.content_hash) in fresh], result)
    _judge(platform, [d for d in drops if (d.object_name, d.content_hash) in fresh], result)


def _land(platform: Platform, item: Incoming, now: dt.datetime) -> Drop | QuarantineItem:
    if item.problem:
        data = os.readlink(item.path).encode() if item.path.is_symlink() else b""
        return _refusal(platform, item.object_name, data, "name", item.problem)
    try:
        data = item.path.read_bytes()
    except OSError as error:
        raise PlatformError(f"{item.path} cannot be read: {error.strerror}", "check the file's permissions") from error
    source = source_of(item.object_name)
    if source is None:
        return _refusal(platform, item.object_name, data, "path", "no source claims this path")
    try:
        platform.landing.put(item.object_name, data)
    except InvalidName as error:
        return _refusal(platform, item.object_name, data, "name", str(error))
    return _drop(source, item.object_name, data, now)


def _drop(source: str, object_name: str, data: bytes, now: dt.datetime) -> Drop:
    stamp = capture_stamp(object_name)
    assumed = stamp is None or stamp > pd.Timestamp(now)
    known_at = now if assumed or stamp is None else stamp.to_pydatetime()
    return Drop(
        object_name=object_name,
        content_hash=hashlib.sha256(data).hexdigest(),
        source=source,
        size=len(data),
        known_at=known_at,
        known_at_assumed=assumed,
    )


def _refused_drop(item: QuarantineItem, now: dt.datetime) -> Drop:
    return Drop(
        object_name=item.object_name,
        content_hash=item.content_hash,
        source=item.source,
        size=0,
        known_at=now,
        known_at_assumed=True,
    )


def _refusal(platform: Platform, object_name: str, data: bytes, rule: str, message: str) -> QuarantineItem:
    content_hash = hashlib.sha256(data).hexdigest()
    platform.quarantine.put(f"sha256/{content_hash[:2]}/{content_hash}", data)
    return QuarantineItem(
        source="unknown",
        object_name=object_name,
        content_hash=content_hash,
        place="object name",
        rule=rule,
        message=message,
    )


def _judge(platform: Platform, drops: Sequence[Drop], result: IntakeResult) -> None:
    """Parse drops; record what they touch, and quarantine what did not pass."""
    items: list[QuarantineItem] = []
    judged = []
    for drop in drops:
        parsed = platform.parses.get(drop.source, drop.object_name, drop.content_hash, None, platform)
        items += [_item(drop, reject) for reject in parsed.rejects]
        if parsed.outcome is not Outcome.BAD:
            dates = touched(parsed, drop.object_name)
            judged.append((drop, parsed.outcome.value, dates, len(parsed.rows)))
    _add_moved_games(platform, judged)
    platform.ledger.judged([(drop, outcome, sorted(dates), rows) for drop, outcome, dates, rows in judged])
    for item in items:
        if any(d.object_name == item.object_name for d in drops):
            _keep_bytes(platform, item)
    bad = {(d.object_name, d.content_hash) for d in drops} - {(j[0].object_name, j[0].content_hash) for j in judged}
    platform.ledger.quarantine(items, whole=bad)
    result.quarantined += items


def _quarantine(platform: Platform, items: Sequence[QuarantineItem], result: IntakeResult) -> None:
    platform.ledger.quarantine(items, whole={(item.object_name, item.content_hash) for item in items})
    result.quarantined += items


def _keep_bytes(platform: Platform, item: QuarantineItem) -> None:
    name = f"sha256/{item.content_hash[:2]}/{item.content_hash}"
    if not platform.quarantine.exists(name):
        platform.quarantine.put(name, platform.landing.get(item.object_name, item.content_hash))


def _item(drop: Drop, reject: Reject) -> QuarantineItem:
    return QuarantineItem(
        source=drop.source,
        object_name=drop.object_name,
        content_hash=drop.content_hash,
        place=reject.place,
        rule=reject.rule,
        message=reject.message,
        excerpt=reject.excerpt,
        game=reject.game,
    )


def touched(parsed: Parsed, object_name: str) -> set[dt.date]:
    """The dates a drop speaks for: of its units and rows, else the date in its path."""
    dates: set[dt.date] = set()
    for frame in (parsed.speaks_for, parsed.rows, parsed.identities):
        if len(frame) and "game_date" in frame.columns:
            dates |= set(pd.to_datetime(frame["game_date"]).dt.date.unique())
    day = path_date(object_name)
    return dates or ({day} if day is not None else set())


def _add_moved_games(platform: Platform, judged: list[tuple[Drop, str, set[dt.date], int]]) -> None:
    """A schedule that moves a game also touches the date where the game stood until now."""
    schedules = [(drop, dates) for drop, _, dates, _ in judged if drop.source == "nbac_schedule" and dates]
    if not schedules:
        return
    seasons = {season_of(day) for _, dates in schedules for day in dates}
    span = (dt.date(min(seasons), 8, 1), dt.date(max(seasons) + 1, 11, 30))
    here = platform.warehouse.read("nbac_schedule", dates=span, columns=["game_id", "game_date"], history=True)
    frames = [here]
    for drop, _ in schedules:
        rows = platform.parses.get(drop.source, drop.object_name, drop.content_hash, None, platform).rows
        if len(rows):
            frames.append(rows[["game_id", "game_date"]])
    where = pd.concat(frames).drop_duplicates()
    moved = where[where["game_id"].duplicated(keep=False)]
    if moved.empty:
        return
    days = moved.groupby("game_id")["game_date"].agg(lambda s: set(pd.to_datetime(s).dt.date))
    for drop, dates in schedules:
        rows = platform.parses.get(drop.source, drop.object_name, drop.content_hash, None, platform).rows
        for game in set(rows["game_id"]) & set(days.index):
            dates |= days[game]


def _mark_dirty(source: str, dates: set[dt.date], result: IntakeResult) -> None:
    result.dirty.setdefault(source, set()).update(dates)
