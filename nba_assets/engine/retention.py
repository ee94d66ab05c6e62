"""What the stores need not keep: rows of the ledger, releases and their objects, leftovers of writers, log files.

Kept for ever are the files of the landing zone (the source of truth: everything else can be made from them), drops and
receipts, the tables' rows, aliases, open failed work, and what a person decided about rejects.

Each part is done in small steps, every one of which leaves what there is consistent: a kill loses nothing, and the next
call goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nba_assets.batches import batched
from nba_assets.engine.kept_releases import releases
from nba_assets.engine.manifest import Manifest, hashes, load, object_name, read_manifest, release_name
from nba_assets.engine.release import LOCK, ONE_RELEASE, PATIENCE
from nba_assets.engine.release_copies import COPIES_MARK, DOCUMENTS_MARK
from nba_assets.publishing.caching import OBJECTS
from nba_assets.storage.records import LedgerPart, Pruned

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

AT_ONCE = 500
"""Files that are removed while a publish has to wait."""
LEDGER: dict[LedgerPart, str] = {
    "executions": "execution log",
    "work": "failed work",
    "alarms": "alarms",
    "quarantine": "quarantine entries",
}
"""What the parts of the ledger are called."""
NEEDED = "while needed"


@dataclass(frozen=True)
class Retained:
    """One kind of thing: how long it is kept, in words; how many were removed (or would be), how many stay.

    `kept` is None where that is not counted.
    """

    what: str
    kept_for: str
    removed: int
    kept: int | None

    @classmethod
    def of(cls, what: str, kept_for: str, pruned: Pruned) -> Retained:
        return cls(what, kept_for, pruned.removed, pruned.kept)


def days(number: int) -> str:
    """`14 days`."""
    return f"{number} days"


def prune_stores(platform: Platform, *, dry_run: bool = False) -> Iterator[Retained]:
    """Remove what is older than the settings say and nothing needs, kind by kind; with `dry_run` only count it."""
    yield from _ledger(platform, dry_run)
    yield from prune_releases(platform, dry_run=dry_run)
    yield from _leftovers(platform, dry_run)


def before(platform: Platform, number: int) -> dt.datetime:
    """The moment that many days ago."""
    return platform.clock.now() - dt.timedelta(days=number)


def _ledger(platform: Platform, dry_run: bool) -> Iterator[Retained]:
    number = platform.settings.keep_log_days
    since = before(platform, number)
    bytes_of_rejects = platform.ledger.rejected_bytes(since)
    if not dry_run:
        platform.quarantine.delete_many(bytes_of_rejects)
    for part, name in LEDGER.items():
        yield Retained.of(name, days(number), platform.ledger.prune(part, since, dry_run))
    kept = sum(1 for _ in platform.quarantine.list()) - (len(bytes_of_rejects) if dry_run else 0)
    yield Retained("quarantined files", days(number), len(bytes_of_rejects), kept)
    known = platform.ledger.landed()
    there = set(platform.landing.list()) if known else set()
    gone = [name for name in known if name not in there]
    if not dry_run:
        platform.ledger.forget_landed(gone)
    yield Retained("stamps of landed files", NEEDED, len(gone), len(known) - len(gone))


def prune_releases(platform: Platform, *, dry_run: bool = False) -> Iterator[Retained]:
    """Releases that nobody can have seen as the newest for so long, then the objects that none of the others has."""
    store, number = platform.published, platform.settings.keep_releases_days
    numbers = releases(platform)
    kept, objects = _kept_releases(platform, numbers, before(platform, number))
    old = [sequence for sequence in numbers if sequence not in kept]
    names = list(store.list(OBJECTS))
    unused = [name for name in names if name not in objects]
    if not dry_run:
        remove_unneeded(platform, map(release_name, old), max(numbers, default=0))
        remove_unneeded(platform, unused, max(numbers, default=0))
    yield Retained("releases", days(number), len(old), len(kept))
    yield Retained("published objects", "with their releases", len(unused), len(names) - len(unused))


def _kept_releases(platform: Platform, numbers: list[int], since: dt.datetime) -> tuple[set[int], set[str]]:
    """The releases to keep, and the names of their objects.

    They are those made since then, the one that readers saw at that moment, the newest, and those that the copies and
    the document store show.
    """
    store = platform.published
    marks = (load(store, COPIES_MARK), platform.documents.get(DOCUMENTS_MARK))
    kept = {mark["sequence"] for mark in marks if mark is not None}
    objects: set[str] = set()
    manifests = [read_manifest(store), *(read_manifest(store, release_name(sequence)) for sequence in kept)]
    for sequence in reversed(numbers):
        manifest = read_manifest(store, release_name(sequence))
        manifests.append(manifest)
        kept.add(sequence)
        if manifest is not None and dt.datetime.fromisoformat(manifest["generated_at"]) < since:
            break
    for manifest in manifests:
        if manifest is not None:
            kept.add(manifest["sequence"])
            objects |= _objects(manifest)
    return kept & set(numbers), objects


def _objects(manifest: Manifest) -> set[str]:
    return set(map(object_name, hashes(manifest)))


def remove_unneeded(platform: Platform, names: Iterable[str], newest: int) -> None:
    """Remove published files, a few at once, but those that the `newest` release or a later one has come to need."""
    store = platform.published
    needed: set[str] = set()
    for part in batched(names, AT_ONCE):
        with platform.ledger.lock(LOCK, ONE_RELEASE, timeout=PATIENCE):
            while (manifest := read_manifest(store, release_name(newest))) is not None:
                needed |= _objects(manifest)
                newest += 1
            newest -= 1
            store.delete_many([name for name in part if name not in needed])


def _leftovers(platform: Platform, dry_run: bool) -> Iterator[Retained]:
    found = platform.warehouse.clean(dry_run=dry_run)
    found += sum(store.clean(dry_run=dry_run) for store in (platform.landing, platform.published, platform.quarantine))
    yield Retained("superseded and staged files", "10 seconds", found, None)
    number = platform.settings.keep_log_days
    folder = platform.settings.logs
    files = sorted(folder.glob("*.log")) if folder.is_dir() else []
    since = before(platform, number).timestamp()
    old = [path for path in files if path.stat().st_mtime < since]
    for path in () if dry_run else old:
        path.unlink(missing_ok=True)
    yield Retained("log files", days(number), len(old), len(files) - len(old))
