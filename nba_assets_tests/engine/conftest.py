"""A platform whose drops are processed step by step in this process, without Dagster."""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from pydantic import SecretStr

from nba_assets.clock import FixedClock
from nba_assets.contracts import tables
from nba_assets.contracts.model import Versioning
from nba_assets.engine.graph import build_order
from nba_assets.engine.ingest import Window, ingest
from nba_assets.engine.intake import IntakeResult, scan
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import publish
from nba_assets.engine.step import run_step
from nba_assets.settings import Settings
from nba_assets.storage.embedded_postgres import engine_of
from nba_assets_tests.conftest import new_database
from nba_assets_tests.engine.live import LATER, MORNING, OPEN, Live, past
from nba_assets_tests.engine.three_games import LINES, THIRD

NOW = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)


def steps(platform: Platform, window: Window) -> bool:
    """Every step of the window's dates in order, then a release: what a Dagster run of the range does."""
    days = list(pd.date_range(window.first, window.last))
    for name in build_order():
        run_step(platform, name, days)
    publish(platform, days)
    return True


def take_in(platform: Platform, folder: Path) -> IntakeResult:
    """Ingest every drop below the folder."""
    return ingest(platform, scan(folder), lambda window, _: steps(platform, window))


def early_steps(platform: Platform, window: Window, datasets: tuple[str, ...] = ("nba_raw",)) -> bool:
    """The steps of the first phases alone: what a test of raw rows needs."""
    for name in build_order():
        if tables()[name].dataset in datasets:
            run_step(platform, name, list(pd.date_range(window.first, window.last)))
    return True


def take_raw(platform: Platform, folder: Path) -> IntakeResult:
    """Ingest every drop below the folder, as far as the raw tables."""
    return ingest(platform, scan(folder), lambda window, _: early_steps(platform, window))


PLAYED = [*(name for name in build_order() if tables()[name].dataset == "nba_raw"), "player_game_summary"]
"""Raw tables and the players' box scores."""


def take_played(platform: Platform, folder: Path) -> IntakeResult:
    """Ingest every drop below the folder, as far as the players' box scores."""

    def played(window: Window, _: IntakeResult) -> bool:
        for name in PLAYED:
            run_step(platform, name, list(pd.date_range(window.first, window.last)))
        return True

    return ingest(platform, scan(folder), played)


def rows(platform: Platform, table: str, day: dt.date | None = None) -> pd.DataFrame:
    """All versions of a table's rows (of one date)."""
    history = tables()[table].versioning is Versioning.CLOSED
    return platform.warehouse.read(table, dates=(day, day) if day else None, history=history)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


Home = Callable[[str], Platform]


@dataclass(frozen=True)
class Kept:
    """A platform that was closed: its home and its database, to be copied."""

    home: Path
    url: str


@contextmanager
def kept(postgres: str, folder: Path, fill: Callable[[Platform], object], like: Kept | None = None) -> Iterator[Kept]:
    """A platform, empty or a copy of `like`, that `fill` filled."""
    with new_database(postgres, like.url if like else "") as url:
        if like is not None:
            shutil.copytree(like.home, folder)
        platform = Platform.open(Settings(home=folder, database_url=SecretStr(url)), FixedClock(NOW))
        fill(platform)
        platform.close()
        engine_of(url).dispose()
        yield Kept(folder, url)


@pytest.fixture
def copied(postgres: str, tmp_path: Path, clock: FixedClock) -> Iterator[Callable[[Kept], Platform]]:
    """`copied(kept)` opens a copy of a kept platform."""
    with ExitStack() as stack:

        def open_copy(original: Kept) -> Platform:
            url = stack.enter_context(new_database(postgres, original.url))
            home = shutil.copytree(original.home, tmp_path / f"copy_{uuid.uuid4().hex[:8]}")
            platform = Platform.open(Settings(home=home, database_url=SecretStr(url)), clock)
            stack.callback(platform.close)
            return platform

        yield open_copy


@pytest.fixture
def home(postgres: str, tmp_path: Path, clock: FixedClock) -> Iterator[Home]:
    """`home("a")` opens an empty platform of that name; each has a database of its own."""
    with ExitStack() as stack:

        def open_home(name: str) -> Platform:
            url = stack.enter_context(new_database(postgres))
            platform = Platform.open(Settings(home=tmp_path / name, database_url=SecretStr(url)), clock)
            stack.callback(platform.close)
            return platform

        yield open_home


@pytest.fixture(scope="session")
def two_games(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """They were played; it is the morning of the third."""
    folder = tmp_path_factory.mktemp("two_games")

    def fill(platform: Platform) -> None:
        platform.clock = FixedClock(MORNING)
        take_in(platform, past(folder / "drops"))

    with kept(postgres, folder / "home", fill) as platform:
        yield platform


@pytest.fixture(scope="session")
def first_lines(two_games: Kept, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """The same with the day's drops and the first lines in the tables."""
    folder = tmp_path_factory.mktemp("first_lines")

    def fill(platform: Platform) -> None:
        platform.clock = clock = FixedClock(OPEN)
        Live(platform, clock, folder).drop(lambda drops: drops.before(THIRD, LINES))

    with kept(postgres, folder / "home", fill, two_games) as platform:
        yield platform


@pytest.fixture
def live(two_games: Kept, copied: Callable[[Kept], Platform], clock: FixedClock, tmp_path: Path) -> Live:
    clock.moment = OPEN
    return Live(copied(two_games), clock, tmp_path / "scratch")


@pytest.fixture
def lined(first_lines: Kept, copied: Callable[[Kept], Platform], clock: FixedClock, tmp_path: Path) -> Live:
    """An hour before the decision, with the day's drops and the first lines in the tables."""
    clock.moment = LATER
    return Live(copied(first_lines), clock, tmp_path / "scratch")
