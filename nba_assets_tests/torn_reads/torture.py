"""One run: a publisher that is killed again and again, readers beside it, and what they counted."""

from __future__ import annotations

import math
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import orjson

from nba_assets.clock import FixedClock
from nba_assets.engine.manifest import object_name
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import current_manifest, publish, verify_release
from nba_assets.settings import Settings
from nba_assets_tests.torn_reads import publisher
from nba_assets_tests.torn_reads.content import WEEKEND, mark_of, say, write_rows
from nba_assets_tests.torn_reads.counts import Counts
from nba_assets_tests.torn_reads.publisher import NOW, PUBLISH, ROLLBACK, Life, noted
from nba_assets_tests.torn_reads.readers import CopyReader, ManifestReader
from nba_assets_tests.torn_reads.servers import served
from nba_assets_tests.torn_reads.transports import Folder, Http

TICK = 0.02
PAUSE = 0.1
"""Seconds that a reader who is ahead of the publisher waits before he reads on, at most."""
WAYS = {"by file": 0.5, "by HTTP": 0.25, "through a cache": 0.25}
"""How readers get what they read, and of all reads of documents the share that is read so."""
COPIES = 0.25
"""Reads of copies to each read of documents."""
PRELOADED = ["nba_assets_tests.torn_reads.warm"]


@dataclass(frozen=True)
class Reading:
    """What a reader process does."""

    way: str
    copies: bool
    """Plain copies instead of documents by the manifest."""
    published: Path
    url: str
    reads: int
    releases: int
    """Reads and releases of the whole run: who has the same share of both keeps pace."""
    seed: str
    told: Path
    stop: Path


@dataclass
class Report:
    """What a run did and what its readers counted, by what they read and how."""

    publishes: int = 0
    rollbacks: int = 0
    sequence: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    readers: dict[str, Counts] = field(default_factory=dict)
    reads: int = 0
    """Of documents by the manifest; copies come on top."""
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def wrong(self) -> Counter[str]:
        """All that is not as it must be, by kind."""
        return sum((counts.wrong for counts in self.readers.values()), Counter[str]())


def run(
    settings: Settings,
    base: Path,
    *,
    publishes: int,
    rollbacks: int,
    reads: int,
    seed: int = 7,
    each: int = 2,
    longest: float = 4.0,
    prepare: Callable[[], None] | None = None,
) -> Report:
    """At least so many releases, rollbacks and reads (by `each` readers a way) on an empty home.

    A life of the publisher is at most `longest` seconds. `base` is a folder for what the processes note.
    """
    began = time.monotonic()
    base.mkdir(parents=True, exist_ok=True)
    platform = Platform.open(settings, FixedClock(NOW))
    try:
        write_rows(platform)
        say(platform, mark_of(1))
        publish(platform, WEEKEND)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        report = Report()
        life = Life(settings, base / "noted", publishes, rollbacks, f"{seed}", prepare=prepare)
        with served(settings.published, context) as (url, cache):
            readings = list(_readings(base, settings.published, url, cache, reads, publishes + rollbacks, each))
            _torture(context, life, readings, report, random.Random(seed), longest)
        manifest = current_manifest(platform)
        report.sequence = manifest["sequence"] if manifest is not None else 0
        if prepare is None:
            say(platform, mark_of(report.sequence + 1))
            publish(platform, WEEKEND)
            verify_release(platform)
            report.problems += _unsettled(platform)
    finally:
        platform.close()
    for reading in readings:
        _add(report, reading)
    done = noted(life.noted)
    report.publishes, report.rollbacks = done.count(PUBLISH), done.count(ROLLBACK)
    report.seconds = time.monotonic() - began
    return report


def _readings(base: Path, published: Path, url: str, cache: str, reads: int, releases: int, each: int) -> list[Reading]:
    urls = dict(zip(WAYS, ("", url, cache), strict=True))
    return [
        Reading(
            way,
            copies,
            published,
            urls[way],
            math.ceil(reads * share * (COPIES if copies else 1 / each)),
            releases,
            f"{way} {copies} {number}",
            base / f"{way}-{copies}-{number}.json".replace(" ", "-"),
            base / "stop",
        )
        for way, share in WAYS.items()
        for copies, count in ((False, each), (True, 1))
        for number in range(count)
    ]


def _torture(
    context: ForkServerContext,
    life: Life,
    readings: list[Reading],
    report: Report,
    rng: random.Random,
    longest: float,
) -> None:
    """Start the publisher whenever it is dead, until all is done that was asked for; then stop the readers."""
    processes = [context.Process(target=read_on, args=(reading,), daemon=True) for reading in readings]
    for process in processes:
        process.start()
    try:
        while not _done(life, readings) and not report.problems:
            _one_life(context, life, lambda: _done(life, readings), report, rng, longest)
            report.problems += [
                f"a reader {reading.way} ended before its time"
                for reading, process in zip(readings, processes, strict=True)
                if not process.is_alive()
            ]
    finally:
        readings[0].stop.touch()
        for process in processes:
            process.join(10)
            process.kill()


def _done(life: Life, readings: list[Reading]) -> bool:
    done = noted(life.noted)
    enough = done.count(PUBLISH) >= life.publishes and done.count(ROLLBACK) >= life.rollbacks
    return enough and all(reading.told.exists() for reading in readings)


def _one_life(
    context: ForkServerContext,
    life: Life,
    done: Callable[[], bool],
    report: Report,
    rng: random.Random,
    longest: float,
) -> None:
    """The publisher from its start to its death: at a chosen point, at a random moment, or when all is done."""
    death = publisher.death(rng) if rng.random() < 0.6 else None
    one = Life(life.settings, life.noted, life.publishes, life.rollbacks, f"{rng.random()}", death, life.prepare)
    process = context.Process(target=publisher.live, args=(one,), daemon=True)
    process.start()
    ends = time.monotonic() + (longest if death else rng.uniform(0.1, longest))
    while process.is_alive() and time.monotonic() < ends and not done():
        process.join(TICK)
    if process.is_alive():
        _kill(process)
        report.kills["at a random moment"] += 1
    elif process.exitcode == -signal.SIGKILL and death is not None:
        report.kills[f"{'before' if death.before else 'after'} {death.point}"] += 1
    else:
        error = life.noted.with_suffix(".error")
        report.problems.append(error.read_text() if error.exists() else f"the publisher ended: {process.exitcode}")


def _kill(process: BaseProcess) -> None:
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def _unsettled(platform: Platform) -> list[str]:
    """Copies that are not those of the release, once the publisher was left alone."""
    manifest = current_manifest(platform) or {"files": {}}
    found = {name: platform.published.get(f"v1/{name}") for name in manifest["files"]}
    whole = {name: platform.published.get(object_name(file["sha256"])) for name, file in manifest["files"].items()}
    return [
        f"the copy {name} is not that of the release" for name in found if not found[name].endswith(whole[name][1:])
    ]


def read_on(reading: Reading) -> None:
    """Read until there were enough reads, say so, and go on until the end; then write what was counted."""
    rng = random.Random(reading.seed)
    transport = Http.at(reading.url) if reading.url else Folder(reading.published)
    reader = CopyReader(transport, rng, reading.published) if reading.copies else ManifestReader(transport, rng)
    while not reading.stop.exists():
        for _ in range(rng.randint(1, 4)):
            reader.read()
        share = reader.counts.reads / reading.reads
        if share >= 1 and not reading.told.exists():
            reading.told.touch()
        if share > reader.sequence / reading.releases:
            time.sleep(rng.uniform(0, PAUSE))
    counts = reader.counts
    counts.cache = transport.told
    reading.told.write_bytes(orjson.dumps(counts))


def _add(report: Report, reading: Reading) -> None:
    text = reading.told.read_bytes() if reading.told.exists() else b""
    if not text:
        report.problems.append(f"a reader {reading.way} has told nothing")
        return
    found = orjson.loads(text)
    counts = Counts(**found | {"wrong": Counter(found["wrong"]), "cache": Counter(found["cache"])})
    name = f"{'copies' if reading.copies else 'documents'} {reading.way}"
    report.readers[name] = report.readers.get(name, Counts()) + counts
    report.reads += 0 if reading.copies else counts.reads
