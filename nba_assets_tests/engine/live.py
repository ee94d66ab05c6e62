"""A live day by hand: two games were played, on 8 November Boston plays at Los Angeles; files appear as they would."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from nba_assets.clock import FixedClock
from nba_assets.engine.attention import Attended, attend
from nba_assets.engine.graph import build_order
from nba_assets.engine.landing_zone import named, take_landed
from nba_assets.engine.platform import Platform
from nba_assets.engine.refresh import REFRESH_PHASES, refresh_phase
from nba_assets.engine.release import publish
from nba_assets.engine.step import run_step
from nba_assets.storage.records import Drop
from nba_assets_tests.engine.three_games import FIRST, LINES, SECOND, THIRD
from nba_assets_tests.handmade import Drops, player_name

DAY = THIRD.day
MORNING = dt.datetime(2024, 11, 8, 9, tzinfo=dt.UTC)
OPEN = dt.datetime(2024, 11, 8, 21, 30, tzinfo=dt.UTC)
LATER = dt.datetime(2024, 11, 8, 22, 30, tzinfo=dt.UTC)
BORIS = player_name("BOS", 1)


def past(folder: Path) -> Path:
    """Two games that were played."""
    for game in (FIRST, SECOND):
        Drops(folder).before(game, LINES)
        Drops(folder).after(game)
    return folder


@dataclass
class Live:
    """A platform on the morning of the third game, and what was run on it."""

    platform: Platform
    clock: FixedClock
    scratch: Path
    refreshed: list[str] = field(default_factory=list)
    ran: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    fails: bool = False
    answered: list[str] = field(default_factory=list)
    """Correlation ids of the drops for which keys were refreshed."""

    def put(self, write: Callable[[Drops], Path | None]) -> list[str]:
        """Put what `write` writes into the landing zone, as a rename would; its names."""
        folder = self.scratch / f"put{len(list(self.scratch.glob('put*')))}"
        write(Drops(folder))
        names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.json"))]
        for name in names:
            target = self.platform.settings.landing / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(folder / name, target)
        return names

    def drop(self, write: Callable[[Drops], Path | None], owner: str = "watch") -> Attended:
        """Put it there, take it in, see to it."""
        take_landed(self.platform, named(self.platform, self.put(write)))
        return self.attend(owner)

    def attend(self, owner: str = "watch") -> Attended:
        return attend(self.platform, owner, self.refresh, self.run)

    def refresh(self, keys: Sequence[str], ids: Sequence[str]) -> bool:
        if self.fails:
            return False
        self.refreshed += keys
        self.answered += ids
        for phase in REFRESH_PHASES:
            refresh_phase(self.platform, phase, keys)
        return True

    def run(self, first: dt.date, last: dt.date, _: Sequence[Drop]) -> bool:
        if self.fails:
            return False
        self.ran.append((first, last))
        days = list(pd.date_range(first, last))
        for name in build_order():
            run_step(self.platform, name, days)
        publish(self.platform, days)
        return True

    def at(self, later: dt.timedelta) -> None:
        self.clock.moment += later
