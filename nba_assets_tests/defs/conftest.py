"""A live day as Dagster ran it: two games played, the third one's day ingested to its first lines."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from nba_assets.clock import FixedClock
from nba_assets.commands.ingest import ingest_folder
from nba_assets.engine import platform as platforms
from nba_assets.engine.platform import Platform
from nba_assets.settings import Settings
from nba_assets.storage.dagster_storage import dagster_url
from nba_assets.storage.embedded_postgres import engine_of
from nba_assets_tests.conftest import new_database
from nba_assets_tests.engine.conftest import Kept, kept
from nba_assets_tests.engine.live import LATER, MORNING, past
from nba_assets_tests.engine.three_games import LINES, THIRD
from nba_assets_tests.handmade import Drops


@pytest.fixture(scope="session")
def lined_day(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Its home and its database."""
    folder = tmp_path_factory.mktemp("lined_day")

    def fill(platform: Platform) -> None:
        platforms.use(platform)
        platform.clock = clock = FixedClock(MORNING)
        ingest_folder(platform, past(folder / "drops"))
        clock.moment = LATER
        Drops(folder / "today").before(THIRD, LINES)
        ingest_folder(platform, folder / "today")
        platforms.use(None)
        assert platform.settings.database_url is not None
        engine_of(dagster_url(platform.settings.database_url.get_secret_value()), autocommit=True).dispose()

    with kept(postgres, folder / "home", fill) as made:
        yield made


@pytest.fixture(scope="module")
def lined(lined_day: Kept, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A copy of it for a file; every test adds to it."""
    with new_database(postgres, lined_day.url) as url:
        home = shutil.copytree(lined_day.home, tmp_path_factory.mktemp("lined") / "home", symlinks=True)
        platform = Platform.open(Settings(home=home, database_url=SecretStr(url)), FixedClock(LATER))
        platforms.use(platform)
        yield platform
        platforms.use(None)
        platform.close()
