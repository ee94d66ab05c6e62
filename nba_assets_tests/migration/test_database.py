"""The ledger from database to database: all of it or nothing, with the stamps of the other landing zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from nba_assets.errors import PlatformError
from nba_assets.migration import database
from nba_assets.migration.installations import both
from nba_assets.settings import Settings
from nba_assets.storage import backup, half_migrated
from nba_assets.storage.embedded_postgres import engine_of
from nba_assets.storage.ledger import PostgresLedger
from nba_assets.storage.opening import open_stores
from nba_assets.storage.records import Arrival
from nba_assets_tests.conftest import new_database

NOW = dt.datetime(2024, 11, 5, tzinfo=dt.UTC)


@pytest.fixture
def filled(database_url: str) -> PostgresLedger:
    """A ledger with two drops of objects whose stamps it knows."""
    ledger = PostgresLedger(database_url)
    ledger.receive([Arrival(name, "hash", "s", 3) for name in ("a", "b")], NOW)
    ledger.stamp({"a": "mine", "b": "mine"})
    return ledger


@pytest.fixture
def other(postgres: str) -> Iterator[str]:
    with new_database(postgres) as url:
        yield url


def test_a_ledger_arrives_as_it_was_with_the_other_store_s_stamps(
    filled: PostgresLedger, database_url: str, other: str, tmp_path: Path
) -> None:
    there = PostgresLedger(other)
    dumped = database.dump(database_url, tmp_path)
    filled.receive([Arrival("c", "hash", "s", 3)], NOW)
    assert dumped.landed == {"a": "mine", "b": "mine"}
    database.restore(other, dumped, {"a": "theirs"}, tmp_path)
    assert [drop["object_name"] for drop in there.drops()] == ["a", "b"], "as of one moment"
    assert there.stamps(["a", "b"]) == {"a": "theirs"}
    assert database.differing(dumped.digests, database.digests(engine_of(other))) == []
    again = there.receive([Arrival("a", "hash", "s", 3), Arrival("d", "hash", "s", 3)], NOW)
    assert [receipt.duplicate for receipt in again] == [True, False], "numbering goes on"
    wrong = database.differing(dumped.digests, database.digests(engine_of(other)))
    assert wrong == ["nba_orchestration.drops", "nba_orchestration.receipts"]


def test_a_ledger_that_cannot_be_restored_leaves_what_was_there(
    filled: PostgresLedger, database_url: str, other: str, tmp_path: Path
) -> None:
    there = PostgresLedger(other)
    dumped = database.dump(database_url, tmp_path)
    dumped.script.write_text(dumped.script.read_text() + "SELECT 1/0;\n")
    with pytest.raises(PlatformError, match="division by zero"):
        database.restore(other, dumped, {}, tmp_path)
    assert there.drops() == [] and len(filled.drops()) == 2


def test_one_database_is_not_moved_onto_itself(filled: PostgresLedger, database_url: str, other: str) -> None:
    database.refuse_same(engine_of(database_url), engine_of(other))
    with pytest.raises(PlatformError, match="both installations have the same Postgres database"):
        database.refuse_same(engine_of(database_url), engine_of(database_url))


def test_a_half_migrated_installation_is_not_opened_nor_backed_up(settings: Settings, tmp_path: Path) -> None:
    open_stores(settings)
    assert settings.database_url is not None
    engine = engine_of(settings.database_url.get_secret_value().replace("postgresql:", "postgresql+psycopg2:"))
    half_migrated.begin(engine, "first receipt", "home over there")
    for action in (lambda: open_stores(settings), lambda: backup.backup(settings, tmp_path / "backup")):
        with pytest.raises(PlatformError, match=r"did not finish \(it came from home over there\)"):
            action()
    assert half_migrated.half_migrated(engine) == ("first receipt", "home over there")
    open_stores(settings, half_migrated=True)
    half_migrated.end(engine)
    open_stores(settings)


def test_the_two_installations_are_the_home_and_what_the_settings_of_the_cloud_name(tmp_path: Path) -> None:
    cloud, local = SecretStr("postgresql://cloud/x"), SecretStr("postgresql://local/x")
    given = Settings(home=tmp_path / "home", database_url=cloud, local_database_url=local, gcp_project="p")
    source, target = both("local", given, tmp_path)
    assert (source.profile, source.database_url) == ("gcp", cloud)
    assert (target.profile, target.database_url) == ("local", local)
    with pytest.raises(PlatformError, match="there is no installation in"):
        both("gcp", given, tmp_path)
    (tmp_path / "home/warehouse").mkdir(parents=True)
    assert both("gcp", given, tmp_path) == (target, source)


def test_digests_do_not_depend_on_the_order_of_rows(filled: PostgresLedger, database_url: str) -> None:
    before = database.digests(engine_of(database_url))
    with engine_of(database_url).begin() as connection:
        connection.execute(text("UPDATE nba_orchestration.drops SET size = size WHERE object_name = 'a'"))
    assert database.digests(engine_of(database_url)) == before
    with engine_of(database_url).begin() as connection:
        connection.execute(text("UPDATE nba_orchestration.drops SET size = 4 WHERE object_name = 'a'"))
    assert database.differing(before, database.digests(engine_of(database_url))) == ["nba_orchestration.drops"]
