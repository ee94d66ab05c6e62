"""A date's drops before they are written, what is done to them, and what should come of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from nba_assets.simulator.files import write_day
from nba_assets.simulator.files.folder import Folder
from nba_assets.simulator.season import Day

STAMP = re.compile(r"\d{8}_\d{6}")
FORM = "%Y%m%d_%H%M%S"


@dataclass(frozen=True)
class Drop:
    """One file of a source."""

    source: str
    name: str
    data: bytes

    @property
    def captured(self) -> dt.datetime:
        """The capture stamp, the last in the name."""
        return dt.datetime.strptime(STAMP.findall(self.name)[-1], FORM)  # noqa: DTZ007

    def payload(self) -> Any:
        """The JSON in it, anew each time."""
        return orjson.loads(self.data)

    def saying(self, payload: Any) -> Drop:
        """The same drop with another JSON payload."""
        return replace(self, data=orjson.dumps(payload))

    def later(self, by: dt.timedelta) -> Drop:
        """The same bytes, captured that much later."""
        old = STAMP.findall(self.name)[-1]
        before, _, after = self.name.rpartition(old)
        return replace(self, name=f"{before}{self.captured + by:{FORM}}{after}")

    def earlier(self, by: dt.timedelta) -> Drop:
        """The same bytes, captured that much earlier."""
        return self.later(-by)


@dataclass(frozen=True)
class Effect:
    """One thing done to one file.

    `expected`: what becomes of the drop (`ok`, `partial`, `empty`, `bad`), or `withheld` if the file is not there.
    `wave`: when it arrives, 1 or 2. `valid`: a clean run has the file too, and gives the same tables.
    """

    fault: str
    file: str
    what: str
    expected: str = "ok"
    wave: int = 1
    valid: bool = True

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class _Memory(Folder):
    """A folder that keeps its drops in memory."""

    def __init__(self) -> None:
        super().__init__(Path())
        self.drops: dict[str, Drop] = {}

    def write_bytes(self, source: str, name: str, data: bytes) -> None:
        self.drops[name] = Drop(source, name, data)


class Night:
    """The drops of one date, by name; faults add to them, change and withhold them, and say so in `effects`."""

    def __init__(self, day: Day, rng: np.random.Generator) -> None:
        self.day = day
        self.rng = rng
        self.drops = drops_of(day)
        self.effects: list[Effect] = []

    def of(self, *sources: str) -> list[Drop]:
        """The sources' drops, by name. Drops that a fault added are not among them."""
        touched = {effect.file for effect in self.effects}
        return [d for name, d in sorted(self.drops.items()) if d.source in sources and name not in touched]

    def one_of(self, *sources: str) -> list[Drop]:
        """One drop of the sources, by chance; none if they have none."""
        found = self.of(*sources)
        return [found[int(self.rng.integers(len(found)))]] if found else []

    def add(self, drop: Drop, effect: Effect) -> None:
        """A further drop, or another content of one that is there."""
        self.drops[drop.name] = drop
        self.effects.append(effect)

    def withhold(self, drop: Drop, fault: str, what: str) -> None:
        """The file does not come."""
        del self.drops[drop.name]
        self.effects.append(Effect(fault, drop.name, what, expected="withheld"))

    def change(self, sources: tuple[str, ...], fault: str, what: str, edit: Callable[[Any], bool]) -> None:
        """Edit every JSON drop of the sources in place; `edit` says whether it changed anything."""
        for drop in self.of(*sources):
            if drop.name.endswith(".json"):
                payload = drop.payload()
                if edit(payload):
                    self.add(drop.saying(payload), Effect(fault, drop.name, what))

    def told_otherwise(self, day: Day) -> Iterator[tuple[Drop, Drop]]:
        """(as it is, as it would be) of every drop that differs if the date had been `day`."""
        for name, drop in sorted(drops_of(day).items()):
            here = self.drops.get(name)
            if here is not None and here.data != drop.data:
                yield here, drop


def drops_of(day: Day) -> dict[str, Drop]:
    """A date's drops by name."""
    memory = _Memory()
    write_day(memory, day)
    return memory.drops
