"""A release: documents built, signed off, written as objects, and made visible by one manifest."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

import orjson
import pandas as pd

from nba_assets.batches import batched
from nba_assets.engine.attempt import Attempt
from nba_assets.engine.due import release_inputs
from nba_assets.engine.held import held
from nba_assets.engine.kept_releases import kept_release
from nba_assets.engine.left_slate import from_what_is_left, left_slate
from nba_assets.engine.manifest import MANIFEST, Manifest, hashes, object_name, read_manifest, release_name, split
from nba_assets.engine.poison import made_apart
from nba_assets.engine.private_documents import write_private
from nba_assets.engine.release_copies import TOGETHER, settle
from nba_assets.engine.release_log import PROCESSOR, ReleaseLog
from nba_assets.engine.release_reads import release_facts, status_facts
from nba_assets.errors import PlatformError, UsageError
from nba_assets.league import league_date
from nba_assets.publishing import daily, games, indexes, models, players, sign_off, status, teams, track_record
from nba_assets.publishing.envelope import SCHEMA_VERSION, Published
from nba_assets.publishing.facts import Facts
from nba_assets.publishing.rows import NotPublishable, Record, moment, newest
from nba_assets.publishing.slate import slate

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.engine.replay import Replay

LOCK = "published"
ONE_RELEASE = [dt.date.min]
"""A date that stands for no partition: there is one release at a time."""
REBUILD = "publish anew: nba-assets backfill"
PATIENCE = 600.0
"""Seconds to wait for another process's release."""
ASSETS = ("games", "players", "slate", "status", "track_record")


@dataclass(frozen=True)
class Released:
    """What readers see after a publish, and per asset what was built for its dates.

    `changed` is False where the content is that of the release before; `versions` change with content only.
    """

    sequence: int
    changed: bool
    documents: dict[str, int]
    bytes: int
    versions: dict[str, str]


@dataclass
class _Built:
    """What a publish built: files by name as in the manifest, assets by name, what refers to what."""

    files: dict[str, Record] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)
    references: set[str] = field(default_factory=set)
    summaries: list[Record] = field(default_factory=list)
    as_of: str | None = None


def current_manifest(platform: Platform) -> Manifest | None:
    """The manifest that readers see; None before the first release."""
    return read_manifest(platform.published)


def publish(
    platform: Platform,
    dates: Sequence[pd.Timestamp],
    run_id: str = "",
    correlation_ids: Sequence[str] = (),
    entities: str = "",
    replay: Replay | None = None,
    confirmed: Collection[dt.date] = (),
) -> Released:
    """Build the documents of `dates` and make them one release; all other files stay as they were.

    A slate that lost most of its players is refused unless its date is `confirmed` by a person (`held`). In the
    execution log it carries the `correlation_ids`, or by date those of the drops whose way leads here. Readers
    see the release before or this one. Without new content there is no new release. Raises `PlatformError` if the
    sign-off refuses a document: nothing of its date is visible then, the other dates are released without it. A date
    that is a dead letter for that very reason does not raise again beside others, unless this is a replay.

    A failure is recorded in the execution log and as work to be retried (of a refresh with the keys of its `entities`).
    """
    days = sorted({pd.Timestamp(day).date() for day in dates})
    with Attempt(platform, PROCESSOR, days, entities, run_id, replay) as attempt:
        fed_by = _carried(platform, days, run_id, correlation_ids)
        with platform.warehouse.listed_once():
            inputs = release_inputs(platform, days, platform.warehouse.versions)
        log = ReleaseLog(platform, fed_by, platform.clock.now(), run_id, replay, attempt.attempts, inputs)
        parts = list(made_apart(lambda part: _publish(platform, part, log, confirmed), days))
        released = [done for _, done in parts if isinstance(done, Released)]
        failures = []
        for part, done in parts:
            if isinstance(done, Exception):
                if released and replay is None and attempt.known(part, done):
                    attempt.keep(set(part))
                else:
                    failures.append((part, done))
        for part, error in failures:
            log.refused(part, error)
            attempt.failed(part, error)
        if failures:
            raise failures[0][1]
    return _together(released)


def _together(released: Sequence[Released]) -> Released:
    """Releases of parts of the dates, one after another, as one."""
    versions = {name: "".join(one.versions[name] for one in released) for name in ASSETS}
    if len(released) > 1:
        versions = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in versions.items()}
    return Released(
        sequence=released[-1].sequence,
        changed=any(one.changed for one in released),
        documents={name: sum(one.documents[name] for one in released) for name in ASSETS},
        bytes=sum(one.bytes for one in released),
        versions=versions,
    )


def _publish(platform: Platform, days: Sequence[dt.date], log: ReleaseLog, confirmed: Collection[dt.date]) -> Released:
    """One release of the dates, or none of them."""
    began = time.perf_counter()
    with platform.ledger.lock(LOCK, ONE_RELEASE, timeout=PATIENCE):
        previous = current_manifest(platform)
        if previous is not None:
            settle(platform, previous)
        try:
            built, files = _build(platform, days, previous, confirmed)
        except NotPublishable as error:
            raise PlatformError(f"not published: {error}", "readers still see the release before") from error
        old = previous["files"] if previous is not None else {}
        changed = files != old
        if changed:
            previous = _release(platform, files, built.as_of, previous)
            settle(platform, previous)
        if previous is not None:
            write_private(platform, days, previous["sequence"])
        counts = _changes(old, files, days) if changed else {}
        told = {*log.fed_by, *log.inputs}
        log.released(counts, [day for day in days if day in told or _has_games(files, day)], previous)
    platform.finished("release", len(built.files), time.perf_counter() - began)
    return _released(built, previous["sequence"] if previous is not None else 0, changed)


def rollback_release(platform: Platform, sequence: int) -> Released:
    """Show the files of an earlier release again, as a release of a higher sequence.

    Raises `UsageError` for a release that never was, `PlatformError` if one of its objects is gone.
    """
    with platform.ledger.lock(LOCK, ONE_RELEASE, timeout=PATIENCE):
        current = current_manifest(platform)
        wanted = kept_release(platform, sequence)
        if current is None or sequence > current["sequence"]:
            raise UsageError(f"release {sequence} was never seen", "nba-assets publish shows the one that readers see")
        for gone in platform.published.absent(map(object_name, hashes(wanted))):
            raise PlatformError(f"release {sequence} is not whole: {gone} is gone", REBUILD)
        settle(platform, current)
        released = _release(platform, wanted["files"], wanted["as_of"], current)
        settle(platform, released)
    return Released(released["sequence"], True, {}, 0, {})


def verify_release(platform: Platform) -> int:
    """Read every file of the release that readers see; returns how many there are.

    Raises `PlatformError` naming the first one whose bytes are not those of the manifest or not as its schema says.
    """
    manifest = current_manifest(platform) or {"files": {}}
    payloads = platform.published.get_many(object_name(file["sha256"]) for file in manifest["files"].values())
    for (name, file), payload in zip(manifest["files"].items(), payloads, strict=True):
        try:
            if hashlib.sha256(payload).hexdigest() != file["sha256"]:
                raise NotPublishable(f"{name}: its bytes are not those of the manifest")
            sign_off.check(name, orjson.loads(payload)["document"], payload)
        except NotPublishable as error:
            raise PlatformError(str(error), REBUILD) from error
    return len(manifest["files"])


def _build(
    platform: Platform, days: Sequence[dt.date], previous: Manifest | None, confirmed: Collection[dt.date]
) -> tuple[_Built, dict[str, Record]]:
    """The documents of the dates, written as objects, and the files of the whole release."""
    built = _Built(as_of=previous["as_of"] if previous is not None else None)
    old = previous["files"] if previous is not None else {}
    if days:
        facts = release_facts(platform, days)
        _write(platform, held(platform, _checked(facts, built), old, days, confirmed), old, built)
    left = left_slate(platform, old, days, built.files)
    _write(platform, _listed(from_what_is_left(platform, left), built), old, built)
    gone = {players.name_of(player) for player in left}
    files = {name: file for name, file in _kept(old, days).items() if name not in gone} | built.files
    today = league_date(platform.clock.now())
    latest = latest_date(files, today)
    files |= _latest(files, latest)
    _write(platform, _about_all(platform, built, old, files, latest, days), old, built)
    files |= built.files
    sign_off.check_references(built.references, files)
    return built, dict(sorted(files.items()))


def _checked(facts: Facts, built: _Built) -> Iterator[Published]:
    """The dates' documents, each counted against the tables."""
    rows = slate(facts)
    expected = sign_off.expected_counts(facts)
    found = (module.documents(facts, rows) for module in (daily, games, players, teams, models, track_record))
    for document in _listed(chain.from_iterable(found), built):
        sign_off.check_counts(document, expected)
        yield document


def _listed(found: Iterable[Published], built: _Built) -> Iterator[Published]:
    """The documents, once what they refer to and what the indexes say of them is noted."""
    for document in found:
        built.references |= set(sign_off.references(document))
        summary = indexes.summary(document)
        if summary is not None:
            built.summaries.append(summary)
        yield document


def _about_all(
    platform: Platform,
    built: _Built,
    old: Mapping[str, Record],
    files: Mapping[str, Record],
    latest: dt.date | None,
    days: Sequence[dt.date],
) -> Iterator[Published]:
    """Documents about the release as a whole: status and indexes."""
    document = status.document(status_facts(platform, latest, days), None if latest is None else str(latest))
    yield document
    names = [name for name in (indexes.SCHEDULE_NAME, indexes.SEARCH_NAME) if name in old]
    kept = {name: orjson.loads(platform.published.get(object_name(old[name]["sha256"]))) for name in names}
    yield from indexes.documents(kept, built.summaries, files, document.body["data_origin"])


def _write(platform: Platform, found: Iterator[Published], old: Mapping[str, Record], built: _Built) -> None:
    """Sign documents off one by one and write them as objects; what the release before has is not written again."""
    with ThreadPoolExecutor(1) as pool:
        writes = []
        for documents in batched(found, TOGETHER):
            payloads: dict[str, bytes] = {}
            for document in documents:
                file, payload = _signed_off(platform, document)
                built.files[document.name] = file
                built.assets[document.name] = document.asset
                built.as_of = newest([built.as_of, document.body["as_of"]])
                if old.get(document.name, {}).get("sha256") != file["sha256"]:
                    payloads[file["sha256"]] = payload or sign_off.encode(document.body)
            writes.append(pool.submit(write_objects, platform, payloads))
        for write in writes:
            write.result()


def _signed_off(platform: Platform, document: Published) -> tuple[Record, bytes | None]:
    """The document's file and bytes, if it is as its schema says; no bytes where this process signed it off before."""
    before = platform.signed_off.get(document.name)
    if before is not None and before[0] == document.body:
        return before[1], None
    payload = sign_off.checked(document)
    file = {
        "sha256": hashlib.sha256(payload).hexdigest(),
        "bytes": len(payload),
        "status": document.body["status"],
    }
    platform.signed_off.put(document.name, (document.body, file))
    return file, payload


def write_objects(platform: Platform, payloads: Mapping[str, bytes]) -> None:
    """Put the bytes (by their hash) where they belong if they are not there, and read them back.

    Raises `PlatformError` if what is read is not what was written.
    """
    store = platform.published
    store.put_many((object_name(sha256), payload) for sha256, payload in payloads.items())
    for sha256, found in zip(payloads, store.get_many(map(object_name, payloads)), strict=True):
        if hashlib.sha256(found).hexdigest() != sha256:
            raise PlatformError(
                f"object {object_name(sha256)} reads back as something else", "check the disk, then publish again"
            )


def _kept(old: Mapping[str, Record], days: Sequence[dt.date]) -> dict[str, Record]:
    """Files of the release before that this one does not build anew: those of other dates, and of players."""
    own = {str(day) for day in days}

    def stays(name: str) -> bool:
        parts = name.removesuffix(".json").split("/")
        if parts[0] == "historical":
            return parts[1] not in own
        if parts[:2] == ["track-record", "days"]:
            return parts[2] not in own
        return parts[:2] not in (["latest", "daily"], ["latest", "games"])

    return {name: file for name, file in old.items() if stays(name)}


def latest_date(files: Mapping[str, Record], today: dt.date) -> dt.date | None:
    """The newest published date with games that is not after `today`; else the first after it; else none."""
    dates = sorted(
        dt.date.fromisoformat(name.split("/")[1])
        for name, file in files.items()
        if name.startswith("historical/") and name.endswith("/daily.json") and file["status"] != "empty"
    )
    past = [day for day in dates if day <= today]
    return past[-1] if past else dates[0] if dates else None


def _has_games(files: Mapping[str, Record], day: dt.date) -> bool:
    slate_file = files.get(f"historical/{day}/daily.json")
    return slate_file is not None and slate_file["status"] != "empty"


def _latest(files: Mapping[str, Record], day: dt.date | None) -> dict[str, Record]:
    """The files of the latest slate under their second name."""
    prefix = f"historical/{day}/"
    return {f"latest/{name.removeprefix(prefix)}": file for name, file in files.items() if name.startswith(prefix)}


def _release(platform: Platform, files: dict[str, Record], as_of: str | None, previous: Manifest | None) -> Manifest:
    """Write the parts, keep the manifest under its sequence, then put it in place: the moment of release."""
    manifest: Manifest = {
        "schema_version": SCHEMA_VERSION,
        "sequence": previous["sequence"] + 1 if previous is not None else 1,
        "as_of": as_of,
        "generated_at": moment(pd.Timestamp(platform.clock.now())),
        "previous": previous["sequence"] if previous is not None else None,
        "files": files,
    }
    written, parts = split(manifest)
    write_objects(platform, parts)
    payload = sign_off.encode(written)
    platform.published.put(release_name(manifest["sequence"]), payload)
    platform.published.put(MANIFEST, payload)
    return written | {"files": files}


def _changes(old: Mapping[str, Record], new: Mapping[str, Record], days: Sequence[dt.date]) -> dict[dt.date, int]:
    """Documents of each date that are new or changed; dates without one are left out."""
    counts: dict[dt.date, int] = {}
    for day in days:
        names = [name for name in new if f"/{day}/" in name or name == track_record.day_name(str(day))]
        changed = sum(old.get(name) != new[name] for name in names)
        if changed:
            counts[day] = changed
    return counts


def _released(built: _Built, sequence: int, changed: bool) -> Released:
    documents, lines = dict.fromkeys(ASSETS, 0), {name: [] for name in ASSETS}  # type: ignore[var-annotated]
    for name in sorted(built.assets):
        documents[built.assets[name]] += 1
        lines[built.assets[name]].append(f"{name} {built.files[name]['sha256']}")
    return Released(
        sequence=sequence,
        changed=changed,
        documents=documents,
        bytes=sum(file["bytes"] for file in built.files.values()),
        versions={name: hashlib.sha256("\n".join(found).encode()).hexdigest() for name, found in lines.items()},
    )


def _carried(
    platform: Platform, days: Sequence[dt.date], run_id: str, correlation_ids: Sequence[str]
) -> dict[dt.date, list[str]]:
    if correlation_ids:
        return {day: list(correlation_ids) for day in days}
    return platform.ledger.pending_ids(days, run_id=run_id) if days else {}
