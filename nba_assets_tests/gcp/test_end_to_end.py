"""Files put into the bucket become rows in BigQuery and documents in Firestore: once, and the same as locally."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import dagster as dg
import orjson
import pandas as pd
import pytest
from google.cloud import pubsub_v1, storage
from pydantic import SecretStr

from nba_assets.clock import FixedClock
from nba_assets.definitions import defs
from nba_assets.defs.automation.drops import drop_sensors
from nba_assets.defs.resources import PlatformResource
from nba_assets.engine import platform as platforms
from nba_assets.engine.due import due
from nba_assets.engine.graph import build_order
from nba_assets.engine.manifest import object_name
from nba_assets.engine.notifications import listen
from nba_assets.engine.platform import Platform
from nba_assets.engine.refresh import REFRESH_PHASES, refresh_phase
from nba_assets.engine.release import current_manifest, publish
from nba_assets.engine.release_copies import document_path
from nba_assets.engine.step import run_step
from nba_assets.engine.watch import Round, Watch
from nba_assets.publishing.caching import IMMUTABLE, REVALIDATE
from nba_assets.settings import Settings
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets.storage.dagster_storage import dagster_url
from nba_assets.storage.embedded_postgres import engine_of
from nba_assets.storage.gcp.bigquery_warehouse import BigQueryWarehouse
from nba_assets.storage.records import Drop
from nba_assets_tests.conftest import new_database
from nba_assets_tests.emulators.installation import new_installation
from nba_assets_tests.engine.conftest import take_in
from nba_assets_tests.engine.live import BORIS, DAY, LATER
from nba_assets_tests.engine.three_games import LINES, THIRD
from nba_assets_tests.gcp.bounds import unbounded
from nba_assets_tests.handmade import Drops, player_id

WAIT = 5.0
"""Seconds for a message to come."""


def refresh(platform: Platform, keys: Sequence[str], ids: Sequence[str]) -> bool:
    for phase in REFRESH_PHASES:
        refresh_phase(platform, phase, keys)
    return True


def run(platform: Platform, first: dt.date, last: dt.date, drops: Sequence[Drop]) -> bool:
    days = list(pd.date_range(first, last))
    for name in build_order():
        run_step(platform, name, days)
    publish(platform, days)
    return True


@dataclass
class Evening:
    """A platform in the cloud that a day's first drops were put before."""

    platform: Platform
    bucket: storage.Bucket
    folder: Path
    watch: Watch
    statements: list[str]

    def put(self, write: Callable[[Drops], object], *, told: int = 1) -> int:
        """Put what `write` writes into the landing bucket; each object is told so many times. How many those are."""
        folder = self.folder / f"put{len(list(self.folder.iterdir()))}"
        write(Drops(folder))
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        publisher = pubsub_v1.PublisherClient()
        topic = f"projects/{self.platform.settings.gcp_project}/topics/landing"
        for path in files:
            blob = self.bucket.blob(path.relative_to(folder).as_posix())
            blob.upload_from_filename(path)
            attributes = {
                "eventType": "OBJECT_FINALIZE",
                "bucketId": self.bucket.name,
                "objectId": blob.name,
                "objectGeneration": str(blob.generation),
                "payloadFormat": "JSON_API_V1",
            }
            for _ in range(told):
                publisher.publish(topic, b"{}", **attributes).result()
        return len(files)

    def rounds(self, drops: int) -> list[Round]:
        """Rounds of the watch until so many drops were taken in."""
        done: list[Round] = []
        while sum(one.taken.received for one in done) < drops and len(done) < 10:
            done.append(self.watch.round(WAIT))
        return done


@pytest.fixture(scope="module")
def evening(
    emulators: None,
    gcs_client: storage.Client,
    postgres: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Evening]:
    folder = tmp_path_factory.mktemp("evening")
    with new_database(postgres) as url:
        settings = new_installation(url, folder / "scratch")
        platform = Platform.open(settings, FixedClock(LATER))
        assert isinstance(platform.warehouse, BigQueryWarehouse)
        statements: list[str] = []
        platform.warehouse.listener = statements.append
        platforms.use(platform)
        notifications = listen(settings)
        watch = Watch(platform, notifications, partial(refresh, platform), partial(run, platform))
        (folder / "drops").mkdir()
        bucket = gcs_client.bucket(settings.landing_bucket)
        found = Evening(platform, bucket, folder / "drops", watch, statements)
        put = found.put(lambda drops: drops.before(THIRD, LINES))
        found.rounds(put)
        yield found
        notifications.close()
        platforms.use(None)
        platform.close()
        engine_of(dagster_url(url), autocommit=True).dispose()


@pytest.fixture(scope="module")
def same_at_home(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A local platform that was given the same drops at the same time."""
    folder = tmp_path_factory.mktemp("home")
    Drops(folder / "drops").before(THIRD, LINES)
    with new_database(postgres) as url:
        platform = Platform.open(Settings(home=folder / "home", database_url=SecretStr(url)), FixedClock(LATER))
        take_in(platform, folder / "drops")
        yield platform
        platform.close()


def versions(platform: Platform) -> dict[str, dict[str, str]]:
    """Of every partition: the hash of its rows."""
    return {name: platform.warehouse.versions(name) for name in build_order()}


def test_what_was_told_is_in_every_phase_and_the_same_as_locally(evening: Evening, same_at_home: Platform) -> None:
    found = versions(evening.platform)
    assert found == versions(same_at_home)
    assert sum(map(len, found.values())) > 15
    for name in ("nbac_schedule", "odds_api_player_points_props", "player_points_predictions"):
        pd.testing.assert_frame_equal(
            evening.platform.warehouse.read(name), same_at_home.warehouse.read(name), obj=name
        )
    counts = evening.platform.ledger.counts()
    assert counts == same_at_home.ledger.counts() and counts["pending"] == 0
    assert due(evening.platform, [DAY]) == {}


def test_the_release_is_in_the_bucket_and_in_firestore(evening: Evening, gcs_client: storage.Client) -> None:
    platform = evening.platform
    manifest = current_manifest(platform)
    assert manifest is not None and manifest["files"]
    bodies = {
        document_path(name): orjson.loads(platform.published.get(object_name(file["sha256"])))
        for name, file in manifest["files"].items()
    }
    documents = {path: body for path, body in bodies.items() if path is not None}
    assert len(documents) > 5
    assert {path: platform.documents.get(path) for path in documents} == documents
    bucket = gcs_client.bucket(platform.settings.published_bucket)
    kinds = {".json": "application/json", ".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
    blobs = list(bucket.list_blobs())
    for blob in blobs:
        expected = IMMUTABLE if blob.name.startswith("v1/objects/") else REVALIDATE
        assert (blob.cache_control, blob.content_type) == (expected, kinds[Path(blob.name).suffix]), blob.name
    assert {"index.html", "views/slate.js", "v1/manifest.json"} <= {blob.name for blob in blobs}


def test_a_doubled_message_is_one_drop_and_a_repeated_one_none(evening: Evening) -> None:
    before = evening.platform.ledger.counts()
    put = evening.put(lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22), told=2)
    (last, *_) = evening.rounds(put)[::-1]
    assert len(last.attended.applied) == put == 1
    evening.put(lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22))
    assert not evening.watch.round(WAIT).taken.received, "the very same object once more"
    after = evening.platform.ledger.counts()
    gained = {name: after[name] - before[name] for name in after}
    assert {name: count for name, count in gained.items() if count} == {
        "received_total": 2,
        "applied": 1,
        "duplicate": 1,
    }


def test_a_message_that_is_lost_is_made_up_for_by_the_sensor_whose_run_goes_through_all_phases(
    evening: Evening,
) -> None:
    platform, line = evening.platform, f"{DAY}|line|{player_id('BOS', 1)}"
    evening.put(lambda drops: drops.props(THIRD, LINES | {BORIS: 17.5}, hour=22, minute=10), told=0)
    sensor = next(one for one in drop_sensors if one.name == "drops_odds_api")
    with dagster_instance(platform.settings) as instance:

        def tick() -> list:
            resources = {"platform": PlatformResource()}
            context = dg.build_sensor_context(instance=instance, resources=resources, definitions=defs)
            return list(sensor.evaluate_tick(context).run_requests or [])

        (request,) = tick()
        assert tick() == [], "its drop is taken"
        result = defs.resolve_job_def("entity_refresh").execute_in_process(instance=instance, tags=request.tags)
        assert result.success
        assert line in instance.get_materialized_partitions(dg.AssetKey(["entity_refresh", "published"]))
    rows = platform.warehouse.read("player_points_predictions", dates=(DAY, DAY))
    assert set(rows.loc[rows["player_id"] == player_id("BOS", 1), "line_value"]) >= {17.5}
    player = platform.documents.get(f"predictions/players/{player_id('BOS', 1)}")
    assert b"17.5" in orjson.dumps(player)
    assert platform.ledger.counts()["pending"] == 0


def test_sql_reads_as_it_does_locally(evening: Evening, same_at_home: Platform) -> None:
    for question in (
        f"SELECT game_id, home_tricode FROM nba_raw.nbac_schedule WHERE game_date = '{DAY}' ORDER BY 1",
        f"SELECT COUNT(*) AS n, MIN(s.known_at) AS t FROM nba_raw.nbac_schedule__history s WHERE game_date = '{DAY}'",
        "SELECT object_name, status FROM nba_orchestration.drops WHERE source = 'nbac_schedule' ORDER BY 1",
    ):
        pd.testing.assert_frame_equal(
            evening.platform.warehouse.query(question), same_at_home.warehouse.query(question)
        )


def test_nothing_of_all_that_read_a_table_whole(evening: Evening) -> None:
    assert len(evening.statements) > 100
    ours = [sql for sql in evening.statements if "SELECT game_id, home_tricode" not in sql]
    assert [found for sql in ours for found in unbounded(sql)][:3] == []
