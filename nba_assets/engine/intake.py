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
from nba_assets.storage.interfaces import InvalidName
from nba_assets.storage.records import Arrival, Drop, QuarantineEntry, Settlement

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

    Raises `PlatformError` if the folder does not exist.
    """
    if not folder.is_dir():
        raise PlatformError(f"{folder} is not a folder", "give the folder that holds the drops")
    for base, folders, files in os.walk(folder):
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


def take(
    platform: Platform, files: Iterable[Incoming], progress: Callable[[int], None] = lambda _: None
) -> IntakeResult:
    """Take files in: land the bytes, record the drop, parse it; also pick up drops that an earlier run left pending."""
    result = IntakeResult()
    iterator = iter(files)
    while batch := list(islice(iterator, BATCH)):
        _take_batch(platform, batch, result)
        progress(len(batch))
    _judge(platform, platform.ledger.drops(status=["received"]), result)
    for drop in platform.ledger.drops(status=["pending"]):
        result.dirty.setdefault(drop["source"], set()).update(drop["game_dates"])
        result.drops.append(drop)
    return result


def applied(platform: Platform, drops: Sequence[Drop]) -> None:
    """Record that the drops' consequences are in the tables."""
    settled = [Settlement(d["correlation_id"], "applied", d["outcome"] or "ok", d["rows"] or 0) for d in drops]
    platform.ledger.settle(settled, platform.clock.now())


def _take_batch(platform: Platform, batch: Sequence[Incoming], result: IntakeResult) -> None:
    with ThreadPoolExecutor(4) as pool:
        offered = list(pool.map(lambda item: _land(platform, item), batch))
    receipts = platform.ledger.receive([arrival for arrival, _ in offered], platform.clock.now())
    new = [
        (receipt.drop, refusal)
        for receipt, (_, refusal) in zip(receipts, offered, strict=True)
        if not receipt.duplicate
    ]
    result.received += len(new)
    result.duplicates += len(receipts) - len(new)
    _quarantine(platform, [(drop, [refusal]) for drop, refusal in new if refusal is not None], result)
    _judge(platform, [drop for drop, refusal in new if refusal is None], result)


def _land(platform: Platform, item: Incoming) -> tuple[Arrival, Reject | None]:
    """Land one file's bytes; what no source claims or must not be read is kept in quarantine instead."""
    try:
        data = (
            str(item.path.readlink()).encode()
            if item.path.is_symlink()
            else b""
            if item.problem
            else item.path.read_bytes()
        )
    except OSError as error:
        raise PlatformError(f"{item.path} cannot be read: {error.strerror}", "check the file's permissions") from error
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
        platform.quarantine.put(_kept(content_hash), data)
    stamp, day = capture_stamp(item.object_name), path_date(item.object_name)
    arrival = Arrival(
        object_name=item.object_name,
        content_hash=content_hash,
        source=source or "unknown",
        size=len(data),
        game_dates=(day,) if day is not None else (),
        captured_at=stamp.to_pydatetime() if stamp is not None else None,
    )
    return arrival, reject


def _judge(platform: Platform, drops: Sequence[Drop], result: IntakeResult) -> None:
    """Parse drops; record what they touch, and quarantine what did not pass."""
    rejected: list[tuple[Drop, Sequence[Reject]]] = []
    judged: list[tuple[Drop, Parsed, set[dt.date]]] = []
    for drop in drops:
        parsed = platform.parses.get(drop["source"], drop["object_name"], drop["content_hash"], None, platform)
        if parsed.outcome is Outcome.BAD:
            rejected.append((drop, parsed.rejects))
        else:
            judged.append((drop, parsed, touched(parsed, drop["object_name"])))
            if parsed.rejects:
                _record_rejects(platform, drop, parsed.rejects, result)
    _add_moved_games(platform, judged)
    platform.ledger.settle(
        [
            Settlement(drop["correlation_id"], "pending", parsed.outcome.value, len(parsed.rows), tuple(sorted(dates)))
            for drop, parsed, dates in judged
        ],
        platform.clock.now(),
    )
    _quarantine(platform, rejected, result)


def _quarantine(platform: Platform, drops: Sequence[tuple[Drop, Sequence[Reject]]], result: IntakeResult) -> None:
    """Whole drops that did not pass: their reasons first, then the verdict."""
    for drop, rejects in drops:
        _record_rejects(platform, drop, rejects, result)
    settled = [Settlement(drop["correlation_id"], "quarantined", Outcome.BAD.value) for drop, _ in drops]
    platform.ledger.settle(settled, platform.clock.now())


def _record_rejects(platform: Platform, drop: Drop, rejects: Sequence[Reject], result: IntakeResult) -> None:
    name = _kept(drop["content_hash"])
    if not platform.quarantine.exists(name):
        platform.quarantine.put(name, platform.landing.get(drop["object_name"], drop["content_hash"]))
    entries = [
        QuarantineEntry(
            source=drop["source"],
            object_name=drop["object_name"],
            content_hash=drop["content_hash"],
            place=reject.place,
            rule=reject.rule,
            message=reject.message,
            excerpt=reject.excerpt,
            game=reject.game,
        )
        for reject in rejects
    ]
    platform.ledger.quarantine(entries, platform.clock.now())
    result.quarantined += entries


def _kept(content_hash: str) -> str:
    """Where quarantined bytes are kept."""
    return f"sha256/{content_hash[:2]}/{content_hash}"


def touched(parsed: Parsed, object_name: str) -> set[dt.date]:
    """The dates a drop speaks for: of its units, rows and identities, else the date in its path."""
    dates: set[dt.date] = set()
    for frame in (parsed.speaks_for, parsed.rows, parsed.identities):
        if len(frame) and "game_date" in frame.columns:
            dates |= set(pd.to_datetime(frame["game_date"]).dt.date.unique())
    day = path_date(object_name)
    return dates or ({day} if day is not None else set())


def _add_moved_games(platform: Platform, judged: Sequence[tuple[Drop, Parsed, set[dt.date]]]) -> None:
    """A schedule that moves a game also touches the date where the game stood until now."""
    schedules = [(p.rows, dates) for drop, p, dates in judged if drop["source"] == "nbac_schedule" and len(p.rows)]
    if not schedules:
        return
    seasons = {season_of(day) for _, dates in schedules for day in dates}
    span = (dt.date(min(seasons), 8, 1), dt.date(max(seasons) + 1, 11, 30))
    here = platform.warehouse.read("nbac_schedule", dates=span, columns=["game_id", "game_date"], history=True)
    where = pd.concat([here, *(rows[["game_id", "game_date"]] for rows, _ in schedules)]).drop_duplicates()
    moved = where[where["game_id"].duplicated(keep=False)]
    days = {game: set(pd.to_datetime(found).dt.date) for game, found in moved.groupby("game_id")["game_date"]}
    for rows, dates in schedules:
        for game in days.keys() & set(rows["game_id"]):
            dates |= days[game]
