"""The drops of an episode: a small simulated league with faults, and how each of its files is brought."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nba_assets.simulator.faults import simulate_with_faults
from nba_assets.simulator.faults.night import Drop
from nba_assets.sources.paths import capture_stamp

FIRST = dt.date(2025, 11, 4)
DATES = 3
GAMES = 2
ALWAYS = ("html", "truncated", "correction=1d", "line_move")
SOMETIMES = (
    "conflict",
    "duplicate",
    "empty_then_full",
    "event_remap",
    "forfeit",
    "in_progress=1",
    "late_tip",
    "missing_games=1",
    "names:suffix",
    "no_lines",
    "out_of_order",
    "overtime=1",
    "paging_cut",
    "postponed",
    "schema:rename",
    "trade",
)
OTHER_NAMES = 6
"""Files whose bytes come once more under the name of a later capture."""
ONCE_MORE = 0.25
"""Of files: the share that is brought again as it is."""
TORN = 0.1
"""Of JSON files in the landing zone: the share that is first seen half written."""
BY_HAND = 0.2
"""Of files: the share that lies in a folder for `nba-assets ingest` instead of the landing zone."""
SAFELY_KNOWN = dt.timedelta(minutes=25)
"""After its capture no clock that is ten minutes slow doubts a file's stamp."""
AFTER_ALL = dt.datetime.combine(FIRST + dt.timedelta(days=DATES + 2), dt.time(12), dt.UTC)
"""All games and their corrections are over."""
BEFORE_ALL = dt.datetime.combine(FIRST, dt.time(9), dt.UTC)

Way = Literal["landing", "torn", "folder"]


@dataclass(frozen=True)
class League:
    """Files by name: those that are right, those that no parser may take; the faults that are in them."""

    valid: dict[str, bytes]
    invalid: dict[str, bytes]
    faults: tuple[str, ...]

    @property
    def days(self) -> list[dt.date]:
        return [FIRST + dt.timedelta(days=number) for number in range(DATES)]


@dataclass(frozen=True)
class Delivery:
    """A file is brought: into the landing zone whole, or half at first, or into the folder for `ingest`."""

    name: str
    data: bytes
    way: Way


def league(folder: Path, seed: int) -> League:
    """Simulate the league of a seed below `folder`."""
    rng = random.Random(f"league {seed}")
    faults = (*ALWAYS, *sorted(rng.sample(SOMETIMES, 5)))
    last = FIRST + dt.timedelta(days=DATES - 1)
    _, effects = simulate_with_faults(folder, seed=seed, start=FIRST, end=last, faults=faults, games=GAMES)
    fates = {effect.file: effect.expected for effect in effects}
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.*"))}
    files = {name: data for name, data in files.items() if not (folder / name).is_dir()}
    bad = {name for name in files if fates.get(name) == "bad"}
    valid = {name: data for name, data in files.items() if name not in bad}
    for name in rng.sample(sorted(valid), OTHER_NAMES):
        if re.search(r"\d{8}_\d{6}", name):
            again = Drop("", name, valid[name]).later(dt.timedelta(minutes=7))
            valid.setdefault(again.name, again.data)
    return League(valid, {name: files[name] for name in sorted(bad)}, faults)


def deliveries(found: League, rng: random.Random) -> list[Delivery]:
    """Every file at least once, in an order by chance."""
    brought = []
    for name, data in (found.valid | found.invalid).items():
        way: Way = "folder" if rng.random() < BY_HAND else "landing"
        if way == "landing" and name.endswith(".json") and name in found.valid and rng.random() < TORN:
            way = "torn"
        brought.append(Delivery(name, data, way))
        if rng.random() < ONCE_MORE:
            brought.append(Delivery(name, data, rng.choice(("landing", "folder"))))
    rng.shuffle(brought)
    return brought


def in_time(brought: Iterable[Delivery], rng: random.Random) -> list[tuple[dt.datetime, Delivery]]:
    """The same as they come live: each when its capture is safely over, some of them hours late."""
    found = []
    for delivery in brought:
        late = dt.timedelta(minutes=rng.expovariate(1 / 240) if rng.random() < 0.3 else 5 * rng.random())
        found.append((captured(delivery.name) + SAFELY_KNOWN + late, delivery))
    return sorted(found, key=lambda entry: entry[0])


def evenly(brought: Sequence[Delivery], start: dt.datetime, hours: float) -> list[tuple[dt.datetime, Delivery]]:
    """The same in the given order, one after another within some hours."""
    apart = dt.timedelta(hours=hours) / len(brought)
    return [(start + place * apart, delivery) for place, delivery in enumerate(brought)]


def captured(name: str) -> dt.datetime:
    """The capture stamp of a file of the league."""
    stamp = capture_stamp(name)
    assert stamp is not None, name
    return stamp.to_pydatetime()
