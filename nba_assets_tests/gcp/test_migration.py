"""A whole installation from this machine to Google Cloud and back: what arrives, what is refused, what goes on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from pydantic import SecretStr

from nba_assets.clock import FixedClock
from nba_assets.commands.migrate import run
from nba_assets.contracts import tables
from nba_assets.engine.due import due
from nba_assets.engine.ingest import Window, ingest
from nba_assets.engine.intake import scan
from nba_assets.engine.landing_zone import unseen
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import publish
from nba_assets.engine.step import run_step
from nba_assets.errors import PlatformError
from nba_assets.migration import database
from nba_assets.migration.installations import Side
from nba_assets.migration.look import identity
from nba_assets.migration.move import Migration, migrate, plan
from nba_assets.migration.objects import compare
from nba_assets.settings import Settings
from nba_assets.storage import half_migrated, postgres_dump
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets.storage.embedded_postgres import database_url, engine_of
from nba_assets.storage.gcp import clients
from nba_assets.storage.gcp.bigquery_schema import Names, stored_tables
from nba_assets.storage.interfaces import ObjectEntry
from nba_assets.storage.records import Arrival
from nba_assets_tests.conftest import new_database
from nba_assets_tests.engine.conftest import NOW, Kept, kept
from nba_assets_tests.engine.three_games import FIRST, LINES
from nba_assets_tests.handmade import Drops

DAYS = [FIRST.day + dt.timedelta(days=number) for number in (-1, 0, 1)]
RAW = [table.name for table in tables().values() if table.dataset == "nba_raw"]
BUILT = ("nbac_schedule", "nbac_player_list", "bettingpros_player_points_props", "nbac_gamebook_player_stats")
KEYS = ["2024-11-01|player|1"]
SCHEDULE = "nba_raw.nbac_schedule"


def quiet(part: str, done: int, total: int) -> None:
    """Nobody looks on."""


def build(platform: Platform, window: Window) -> bool:
    """Some raw tables, with all versions of their rows."""
    for name in BUILT:
        run_step(platform, name, list(pd.date_range(window.first, window.last)))
    return True


@pytest.fixture(scope="module")
def one_game(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """A home with one game's raw rows, a file whose first content was replaced, a rejected file, a release."""
    folder = tmp_path_factory.mktemp("one_game")

    def fill(platform: Platform) -> None:
        drops = Drops(folder / "drops")
        drops.before(FIRST, LINES)
        drops.after(FIRST)
        broken = folder / "drops/nba-com/schedule/broken.json"
        broken.parent.mkdir(parents=True, exist_ok=True)
        broken.write_bytes(b"{")
        ingest(platform, scan(folder / "drops"), lambda window, _: build(platform, window))
        name = min(platform.landing.list("nba-com/"))
        platform.landing.put(name, platform.landing.get(name) + b"\n")
        publish(platform, [])
        with dagster_instance(platform.settings) as instance:
            instance.add_dynamic_partitions("entity_refresh", KEYS)

    with kept(postgres, folder / "home", fill) as made:
        yield made


@pytest.fixture
def here(one_game: Kept) -> Iterator[Platform]:
    """That home; no migration changes it."""
    settings = Settings(home=one_game.home, database_url=SecretStr(one_game.url))
    opened = Platform.open(settings, FixedClock(NOW))
    yield opened
    opened.close()


@pytest.fixture
def given(here: Platform, cloud_settings: Settings) -> Settings:
    """What the environment says: both installations."""
    return cloud_settings.model_copy(
        update={"home": here.settings.home, "local_database_url": here.settings.database_url}
    )


@pytest.fixture
def back(postgres: str, given: Settings, tmp_path: Path) -> Iterator[Settings]:
    """The same with another, empty home."""
    with new_database(postgres) as url:
        yield given.model_copy(update={"home": tmp_path / "back", "local_database_url": SecretStr(url)})


@pytest.fixture
def opened(given: Settings) -> Iterator[Callable[[], Platform]]:
    """Opens the cloud's platform as any command would."""
    with ExitStack() as stack:

        def open_it() -> Platform:
            platform = Platform.open(given.model_copy(update={"profile": "gcp"}), FixedClock(NOW))
            stack.callback(platform.close)
            return platform

        yield open_it


def assert_same(ours: Platform, theirs: Platform) -> None:
    """Every partition, object, kept content, drop and document is the same, and nothing is left to do."""
    for table in stored_tables():
        assert theirs.warehouse.versions(table) == ours.warehouse.versions(table), table.full_name
    for name in ("landing", "quarantine", "private", "published"):
        found = compare(getattr(ours, name), getattr(theirs, name))
        assert not (found.to_copy or found.alone or found.kept), name
    assert list(theirs.documents.list()) == list(ours.documents.list()) != []
    assert theirs.ledger.counts() == ours.ledger.counts()
    assert theirs.ledger.drops() == ours.ledger.drops() != []
    assert due(theirs, DAYS) == due(ours, DAYS)
    assert names(unseen(theirs, RAW, DAYS)) == names(unseen(ours, RAW, DAYS)) != []


def test_an_installation_goes_to_the_cloud_and_back(
    here: Platform, given: Settings, back: Settings, opened: Callable[[], Platform]
) -> None:
    done = migrate("gcp", given, quiet)
    assert done.copied and done.counts == here.ledger.counts()
    there = opened()
    assert_same(here, there)
    assert compare(here.landing, there.landing).same_kept, "an overwritten content came along"
    assert len(list(there.quarantine.list())) == 1
    assert there.published.exists("index.html") and not here.published.exists("index.html")
    assert not migrate("gcp", given, quiet).copied

    assert migrate("local", back, quiet).copied
    home = Platform.open(as_local(back), FixedClock(NOW))
    assert_same(here, home)
    with dagster_instance(home.settings) as instance:
        assert instance.get_dynamic_partitions("entity_refresh") == KEYS
    home.close()


@dataclass
class Killed(Exception):  # noqa: N818
    """What a kill does to the process, when the migration tells of this part."""

    part: str

    def __call__(self, part: str, done: int, total: int) -> None:
        if part == self.part:
            raise self


def test_a_migration_that_was_killed_goes_on_and_rows_changed_afterwards_are_told(
    here: Platform, given: Settings, opened: Callable[[], Platform]
) -> None:
    with pytest.raises(Killed):
        migrate("gcp", given, Killed(f"{SCHEDULE}, verifying"))
    with pytest.raises(PlatformError, match="the migration into this installation did not finish"):
        opened()
    left = plan("gcp", given)
    assert left.resumed and copies(left)["landing"] == 0 == copies(left)[SCHEDULE] < copies(left)["ledger"]
    assert migrate("gcp", given, quiet).parts[0].copied == 0
    assert_same(here, opened())
    half_migrated.begin(engine_of(database_url(given)), identity(Side.of(here)), "a home that was all but there")
    assert not migrate("gcp", given, quiet).copied and opened().ledger.counts() == here.ledger.counts()

    client, names_there = clients.bigquery_client(given), Names(given.gcp_project)
    table = names_there.rows(tables()["nbac_schedule"])
    client.query(f"DELETE FROM `{table}` WHERE game_date = DATE '{FIRST.day}'").result()
    with pytest.raises(PlatformError, match=f"{SCHEDULE} {FIRST.day}: the target's rows are not the source's"):
        migrate("gcp", given, quiet)


def test_a_dry_run_writes_nothing_and_a_target_with_other_data_is_refused(
    here: Platform,
    given: Settings,
    opened: Callable[[], Platform],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("home", "gcp_project", "landing_bucket", "published_bucket", "private_bucket", "emulators"):
        monkeypatch.setenv(f"NBA_ASSETS_{name.upper()}", str(getattr(given, name)))
    for name in ("database_url", "local_database_url"):
        monkeypatch.setenv(f"NBA_ASSETS_{name.upper()}", getattr(given, name).get_secret_value())
    run("gcp", dry_run=True, as_json=True)
    said = json.loads(capsys.readouterr().out)
    parts = {part["part"]: part for part in said["parts"]}
    rows = len(here.warehouse.read(SCHEDULE, history=True))
    assert (parts[SCHEDULE]["copied"], parts[SCHEDULE]["rows"]) == (len(here.warehouse.versions(SCHEDULE)), rows)
    size = sum(entry.size for entry in here.landing.entries())
    assert (parts["landing"]["copied"], parts["landing"]["bytes"]) == (len(list(here.landing.list())), size)
    assert said["dry_run"] and not said["nothing_to_do"] and parts["documents"]["copied"] > 0
    assert postgres_dump.present(database_url(given), database.SCHEMAS) == []

    half_migrated.begin(engine_of(database_url(given)), "another receipt", "another home")
    with pytest.raises(PlatformError, match=r"half migrated from another installation \(another home\)"):
        migrate("gcp", given, quiet)
    half_migrated.end(engine_of(database_url(given)))
    there = opened()
    assert list(there.landing.list()) == [] == list(there.documents.list()) and not there.warehouse.versions(SCHEDULE)
    name = min(here.landing.list())
    there.landing.put(name, b"mine")
    with pytest.raises(PlatformError, match=f"the target's landing objects are not the source's: {name}"):
        migrate("gcp", given, quiet)
    there.landing.delete(name)
    there.ledger.receive([Arrival("mine", "hash", "s", 1)], NOW)
    with pytest.raises(PlatformError, match="the target has a ledger, or runs of Dagster, and nba_orchestration"):
        migrate("gcp", given, quiet)
    assert list(there.landing.list()) == [], "it was refused before anything was written"


def copies(found: Migration) -> dict[str, int]:
    return {part.part: part.copied for part in found.parts}


def names(entries: Sequence[ObjectEntry]) -> list[str]:
    return [entry.name for entry in entries]


def as_local(given: Settings) -> Settings:
    return given.model_copy(update={"profile": "local", "database_url": given.local_database_url})
