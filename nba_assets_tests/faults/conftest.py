"""A date of a simulated league with faults in it, taken in wave by wave, and the tables that come of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from nba_assets.clock import FixedClock
from nba_assets.contracts import tables
from nba_assets.engine.attention import QUIET
from nba_assets.engine.graph import build_order
from nba_assets.engine.ingest import Window, ingest
from nba_assets.engine.intake import Incoming, IntakeResult, scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.step import run_step
from nba_assets.engine.sweep import sweep, swept_dates
from nba_assets.simulator.faults import simulate_with_faults
from nba_assets.simulator.faults.night import Effect
from nba_assets_tests.engine.conftest import Kept, clock, copied, home, kept, take_in
from nba_assets_tests.engine.live import LATER, MORNING, OPEN, Live, past
from nba_assets_tests.engine.three_games import FIRST, LINES, SECOND, THIRD
from nba_assets_tests.faults.clean_run import clean_run
from nba_assets_tests.handmade import Drops
from nba_assets_tests.laws.drops import Drop
from nba_assets_tests.laws.tables import Frames

__all__ = ["clock", "copied", "home"]
"""Fixtures of the engine's tests."""

POST_GAME = ("player_game_summary", "team_offense_game_summary", "team_defense_game_summary")
BUILT = [name for name in build_order() if tables()[name].dataset == "nba_raw" or name in POST_GAME]
"""Raw and post-game tables."""
EARLY = [name for name in build_order() if tables()[name].dataset in ("nba_raw", "nba_analytics")]
"""Raw and analytics tables: also what is known before a game."""
SEED, DATE, GAMES = 7, dt.date(2025, 10, 24), 3


@dataclass
class Night:
    """A faulty date: its files, what was done to them, the platform that took them in."""

    folder: Path
    effects: list[Effect]
    platform: Platform
    dates: list[pd.Timestamp] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())

    def wave(self, number: int) -> list[str]:
        """Files that arrive then: the first time all but those that are said to come later."""
        second = {effect.file for effect in self.effects if effect.wave == 2}
        return [name for name in self.files if (name in second) is (number == 2)]

    def take(self, names: Sequence[str], *, build: Sequence[str] = BUILT) -> None:
        """Take these files in, if any, and make the tables current on the dates they touch."""
        if not names:
            return
        result = take(self.platform, [Incoming(name, self.folder / name) for name in names])
        self.dates = sorted({*self.dates, *(pd.Timestamp(day) for day in result.dates)})
        for table in build:
            run_step(self.platform, table, self.dates)

    def rows(self, table: str, *, history: bool = False) -> pd.DataFrame:
        """A table's rows on all dates."""
        return self.platform.warehouse.read(table, history=history)

    def clean(self, names: Sequence[str] = ()) -> Frames:
        """Tables of a run over the valid drops alone; all of them without `names`."""
        invalid = {effect.file for effect in self.effects if not effect.valid}
        drops = [Drop(name, (self.folder / name).read_bytes()) for name in self.files if name not in invalid]
        return clean_run(drops, self.dates, names)


@pytest.fixture
def faulty(platform: Platform, tmp_path: Path) -> Callable[..., Night]:
    """Simulate the date with these faults; nothing is taken in yet."""

    def simulated(*faults: str, games: int = GAMES) -> Night:
        folder = tmp_path / "drops"
        _, effects = simulate_with_faults(folder, seed=SEED, start=DATE, end=DATE, faults=faults, games=games)
        return Night(folder, effects, platform)

    return simulated


@pytest.fixture(scope="session")
def two_games(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Two games by hand, played: their raw and post-game tables."""
    folder = tmp_path_factory.mktemp("two_games")
    for game in (FIRST, SECOND):
        Drops(folder / "drops").before(game, LINES)
        Drops(folder / "drops").after(game)
    with kept(postgres, folder / "home", lambda platform: take_built(platform, folder / "drops")) as platform:
        yield platform


@pytest.fixture
def played(two_games: Kept, copied: Callable[[Kept], Platform]) -> Platform:
    """A copy of it for one test."""
    return copied(two_games)


def take_built(platform: Platform, folder: Path, build: Sequence[str] = BUILT) -> IntakeResult:
    """Ingest every drop below the folder, as far as these tables."""

    def run(window: Window, _: IntakeResult) -> bool:
        for name in build:
            run_step(platform, name, list(pd.date_range(window.first, window.last)))
        return True

    return ingest(platform, scan(folder), run)


@pytest.fixture(scope="session")
def a_live_day(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Two games played, and the third one's day as it was with its first lines: all tables, a release."""
    folder = tmp_path_factory.mktemp("a_live_day")

    def fill(platform: Platform) -> None:
        platform.clock = clock = FixedClock(MORNING)
        take_in(platform, past(folder / "past"))
        clock.moment = OPEN
        Drops(folder / "today").before(THIRD, LINES)
        take_in(platform, folder / "today")

    with kept(postgres, folder / "home", fill) as platform:
        yield platform


@pytest.fixture
def live(a_live_day: Kept, copied: Callable[[Kept], Platform], clock: FixedClock, tmp_path: Path) -> Live:
    """An hour before the decision of the third game."""
    clock.moment = LATER
    (tmp_path / "scratch").mkdir()
    return Live(copied(a_live_day), clock, tmp_path / "scratch")


def quiesce(live: Live) -> None:
    """Let time pass until nothing is pending and nothing is due; a drop whose taker is gone is taken again."""
    while any([live.attend().applied, live.platform.ledger.counts()["pending"], swept(live)]):
        live.at(QUIET)


def swept(live: Live) -> list[tuple[dt.date, dt.date]]:
    """What a sweep runs now."""
    return sweep(live.platform, live.run, swept_dates(live.platform, season=True))
