"""Faults F52 to F60: torn releases, old pages, numbers that are none, lost picks, halts, secrets, hostile input."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import logging
import random
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pandas as pd
import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from nba_assets.clock import FixedClock
from nba_assets.contracts import tables
from nba_assets.contracts.frames import empty
from nba_assets.engine.attempt import Attempt
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import current_manifest, publish
from nba_assets.errors import PlatformError
from nba_assets.settings import Settings
from nba_assets.storage.interfaces import InvalidName
from nba_assets.web.server import make_app
from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.engine.conftest import Home
from nba_assets_tests.engine.live import DAY, Live
from nba_assets_tests.engine.test_release import read
from nba_assets_tests.engine.three_games import season
from nba_assets_tests.faults.children import Death, beside, killed
from nba_assets_tests.faults.conftest import BUILT, take_built
from nba_assets_tests.faults.soundness import assert_adds_up, assert_released, assert_sound
from nba_assets_tests.release_rows import FRIDAY, GAMES, SATURDAY, weekend
from nba_assets_tests.torn_reads import caching_proxy
from nba_assets_tests.torn_reads.content import WEEKEND, mark_of, say, write_rows
from nba_assets_tests.torn_reads.publisher import NOW
from nba_assets_tests.torn_reads.readers import ManifestReader
from nba_assets_tests.torn_reads.transports import Folder, Http

SAID = "player_points_predictions"
SLATE = f"historical/{SATURDAY}/daily.json"
CANARY = "canary-4f1d09c2"
STORE = "nba_assets.storage.object_store:LocalObjectStore"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def shown(settings: Settings, clock: FixedClock) -> Iterator[Platform]:
    """The weekend's first release, on Saturday noon."""
    platform = Platform.open(settings, clock)
    write_rows(platform)
    say(platform, mark_of(1))
    publish(platform, WEEKEND)
    yield platform
    platform.close()


@contextlib.contextmanager
def looked_at(platform: Platform) -> Iterator[ManifestReader]:
    """A reader who goes by the manifest and checks every hash, all the while; at the end he has seen nothing wrong."""
    reader, over = ManifestReader(Folder(platform.settings.published), random.Random(7)), threading.Event()

    def look() -> None:
        while not over.is_set():
            reader.read()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield reader
    finally:
        over.set()
        thread.join()
    for _ in range(30):
        reader.read()
    assert reader.counts.wrong == {} and reader.counts.reads > 30, reader.counts.examples


def publish_once(settings: Settings, days: list[pd.Timestamp]) -> None:
    publish(Platform.open(settings, FixedClock(NOW)), days)


@pytest.mark.parametrize(
    ("death", "visible"),
    [
        (Death(f"{STORE}.put_many", 1, before=True), 1),
        (Death("nba_assets.storage.files:Staging._locked_file", 4), 1),
        (Death(f"{STORE}.put", 2, before=True), 1),
        (Death(f"{STORE}.put", 2), 2),
        (Death("nba_assets.storage.document_store:PostgresDocumentStore.put_many", 1, before=True), 2),
    ],
    ids=str,
)
def test_f52_a_release_that_dies_in_its_middle_is_seen_whole_or_not_at_all(
    shown: Platform, death: Death, visible: int
) -> None:
    """Before and between objects, around the kept manifest, around the manifest, before the copies are marked."""
    say(shown, mark_of(2))
    with looked_at(shown) as reader:
        killed(death, publish_once, shown.settings, WEEKEND)
    assert reader.sequence == visible
    assert publish(shown, WEEKEND).sequence == 2
    assert_released(shown)


TURNS = 5


def say_in_turn(settings: Settings, day: dt.date) -> None:
    """Move what was said of one date and publish it, again and again."""
    platform = Platform.open(settings, FixedClock(NOW))
    rows = weekend()[SAID]
    rows = rows[rows["game_date"] == pd.Timestamp(day)]
    for turn in range(TURNS):
        platform.warehouse.replace(SAID, [day], rows.assign(points_mean=30.0 + turn))
        publish(platform, [pd.Timestamp(day)])


def test_f52_two_publishers_at_once_take_turns_and_neither_loses_what_the_other_showed(shown: Platform) -> None:
    writers = [beside(say_in_turn, shown.settings, day) for day in (FRIDAY, SATURDAY)]
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    manifest = current_manifest(shown)
    assert manifest is not None and manifest["sequence"] == 1 + 2 * TURNS
    for day in (FRIDAY, SATURDAY):
        players = read(shown, f"historical/{day}/daily.json")["data"]["players"]
        assert {player["points_mean"] for player in players} == {30.0 + TURNS - 1}
    assert_released(shown)


@pytest.fixture
def cached(shown: Platform, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A cache before the server, as a CDN is one."""
    server, real = httpx2.ASGITransport(make_app(shown.settings.published)), httpx2.AsyncClient
    monkeypatch.setattr(caching_proxy.httpx2, "AsyncClient", lambda **more: real(transport=server, **more))
    with TestClient(caching_proxy.make_proxy("http://origin")) as found:
        yield found


def test_f53_behind_a_cache_the_next_look_is_at_the_new_release(shown: Platform, cached: TestClient) -> None:
    reader = ManifestReader(Http(cached), random.Random(7))
    for sequence in (1, 2, 3):
        for _ in range(24):
            reader.read()
        assert reader.sequence == sequence and reader.counts.wrong == {}
        copy = cached.get("/v1/latest/daily.json").json()
        assert {player["points_mean"] for player in copy["data"]["players"]} == {mark_of(sequence)}
        say(shown, mark_of(sequence + 1))
        publish(shown, WEEKEND)
    assert cached.get("/v1/latest/daily.json").headers["cache-control"] == "no-cache"
    assert_released(shown)


def test_f53_what_is_two_days_old_says_so_whatever_is_published_since(shown: Platform, clock: FixedClock) -> None:
    """Nothing new comes, then work fails for good: readers see how old it is, and at last that it is stale."""
    before, manifest = read(shown, SLATE), current_manifest(shown)
    clock.moment = NOW + dt.timedelta(days=2)
    assert not publish(shown, WEEKEND).changed and current_manifest(shown) == manifest
    with pytest.raises(ZeroDivisionError), Attempt(shown, f"nba_predictions.{SAID}", [SATURDAY]):
        raise ZeroDivisionError
    publish(shown, [pd.Timestamp(SATURDAY)])
    after, newer = read(shown, SLATE), current_manifest(shown)
    assert manifest is not None and newer is not None
    assert (after["status"], after["reasons"][0]["code"]) == ("stale", "work_failed")
    assert (
        after["as_of"] == before["as_of"]
        and newer["generated_at"] == "2024-11-04T16:00:00Z"
        and newer["as_of"] == manifest["as_of"]
    )
    assert newer["files"]["latest/daily.json"]["status"] == "stale", "seen without fetching it"
    assert_released(shown)


@pytest.mark.parametrize("column", ["points_mean", "p_over", "line_value"])
def test_f54_a_number_without_end_is_not_even_written(shown: Platform, column: str) -> None:
    """No document of another date can show it, and none waits for it: the step that made it fails."""
    rows = weekend()[SAID]
    rows.loc[rows["game_date"] == pd.Timestamp(SATURDAY), column] = float("inf")
    with pytest.raises(PlatformError, match=rf"{column} without end \(first: game_date 2024-11-02"):
        shown.warehouse.replace(SAID, WEEKEND, rows)
    assert not publish(shown, WEEKEND).changed
    assert_released(shown)


class Spoiled:
    """The warehouse's outer edge: gives NaN where it was never written."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def read(self, table: str, **options: Any) -> pd.DataFrame:
        rows: pd.DataFrame = self.inner.read(table, **options)
        return rows.assign(points_mean=float("nan")) if table == SAID and "points_mean" in rows else rows


def test_f54_nan_is_refused_where_it_is_written_and_where_it_is_published(shown: Platform) -> None:
    rows = weekend()[SAID].assign(points_mean=float("nan"))
    with pytest.raises(PlatformError, match="without points_mean, which may not be null"):
        shown.warehouse.replace(SAID, WEEKEND, rows)
    before, good = current_manifest(shown), shown.warehouse
    shown.warehouse = Spoiled(good)  # type: ignore[assignment]
    with pytest.raises(PlatformError, match="points_mean"):
        publish(shown, WEEKEND)
    shown.warehouse = good
    assert current_manifest(shown) == before
    publish(shown, WEEKEND)
    assert_released(shown)


def test_f54_a_number_that_may_be_absent_is_null(shown: Platform) -> None:
    shown.warehouse.replace(SAID, WEEKEND, weekend()[SAID].assign(market_p_over=float("nan")))
    publish(shown, WEEKEND)
    assert {player["market_p_over"] for player in read(shown, SLATE)["data"]["players"]} == {None}
    assert_released(shown)


def test_f55_picks_that_were_shown_stay_when_a_model_says_nothing_any_more(live: Live) -> None:
    """The model is off and the date is made again: readers keep what they were shown until a person says otherwise."""
    platform, day = live.platform, pd.Timestamp(DAY)
    name = f"historical/{DAY}/daily.json"
    publish(platform, [day])
    before = read(platform, name)["data"]["players"]
    assert len(before) > 10
    platform.warehouse.replace(SAID, [DAY], empty(tables()[SAID]))
    with pytest.raises(PlatformError, match="0 players where readers see"):
        publish(platform, [day])
    assert read(platform, name)["data"]["players"] == before
    for player in before:
        assert read(platform, f"latest/players/{player['player_id']}.json")["data"]["next"] is not None
        assert platform.documents.get(f"predictions/players/{player['player_id']}") is not None
    assert_released(platform)


def test_f55_a_game_that_says_nothing_is_listed_and_the_slate_is_partial_everywhere(shown: Platform) -> None:
    """One of Friday's two games is without predictions: file, copy and document say the same, and that it is so."""
    lost, kept = (game for game, _, _ in GAMES[FRIDAY])
    rows = weekend()[SAID].assign(points_mean=mark_of(2))
    shown.warehouse.replace(SAID, WEEKEND, rows[rows["game_id"] != lost])
    publish(shown, WEEKEND)
    slate = read(shown, f"historical/{FRIDAY}/daily.json")
    assert {game["game_id"] for game in slate["data"]["games"]} == {lost, kept}
    assert {player["game_id"] for player in slate["data"]["players"]} == {kept}
    assert slate["status"] == "partial" and "1 of 2 games have no lines" in [
        reason["text"] for reason in slate["reasons"]
    ]
    assert read(shown, f"historical/{FRIDAY}/games/{lost}.json")["data"]["game"]["waiting"] == ["no predictions"]
    assert read(shown, f"historical/{FRIDAY}/games/{kept}.json")["status"] == "complete"
    decided = read(shown, f"track-record/days/{FRIDAY}.json")["data"]["decisions"]
    assert {one["game_id"] for one in decided} == {kept}
    assert_released(shown)


def test_f56_a_halted_day_an_empty_one_and_one_without_data_have_their_file_and_say_so(
    shown: Platform, clock: FixedClock
) -> None:
    clock.moment = NOW + dt.timedelta(hours=1)
    shown.ledger.halt("the lines feed is broken", "me", clock.moment)
    shown.warehouse.replace(SAID, [SATURDAY], weekend()[SAID].iloc[:0])
    publish(shown, WEEKEND)
    for name in (SLATE, "latest/daily.json", f"historical/{SATURDAY}/games/0022400140.json"):
        found = read(shown, name)
        assert found["status"] == "halted", name
        assert (
            found["reasons"][0]["text"] == "Decisions are halted since 2024-11-02T17:00:00Z: the lines feed is broken"
        )
    assert read(shown, SLATE)["data"]["games"] and read(shown, "status.json")["data"]["halted"] is not None
    sunday = read(shown, "historical/2024-11-03/daily.json")
    assert (sunday["status"], sunday["reasons"][0]["text"]) == ("empty", "No games on this date")
    assert read(shown, f"historical/{FRIDAY}/daily.json")["status"] == "complete", "a halt is about what comes"
    assert_released(shown)


def test_f57_a_planted_secret_is_in_nothing_that_is_written_said_or_published(
    shown: Platform,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The password of the database and a token of an alarm's address, through releases, failures and commands."""
    caplog.set_level(logging.DEBUG)
    url = shown.settings.database_url
    assert url is not None
    secret = url.get_secret_value().replace("postgres:@", f"postgres:{CANARY}@")
    assert CANARY in secret
    monkeypatch.setenv("NBA_ASSETS_ALARM_URLS", f"json://127.0.0.1:9/{CANARY}")
    monkeypatch.setenv("NBA_ASSETS_PUBLISH_PRIVATE", "true")
    settings = Settings(home=shown.settings.home, database_url=SecretStr(secret))
    platform = Platform.open(settings, FixedClock(NOW))
    said = [repr(settings), str(settings), settings.model_dump_json(), repr(platform.settings)]
    say(platform, mark_of(2))
    publish(platform, WEEKEND)
    rows = weekend()[SAID].assign(points_mean=200.0)
    platform.warehouse.replace(SAID, WEEKEND, rows)
    with pytest.raises(PlatformError) as failed:
        publish(platform, WEEKEND)
    said += [str(failed.value), failed.value.hint]
    platform.close()
    command = Command(settings.home, secret)
    for verb in (
        ["publish"],
        ["status", "--failed"],
        ["doctor"],
        ["publish", "--rollback", 1],
        ["alarms"],
        ["query", "1"],
    ):
        told = command(*verb)
        said += [told.out, told.err]
    away = Command(settings.home, f"postgresql://postgres:{CANARY}@127.0.0.1:9/nothing")("publish")
    assert away.code == 1
    said += [away.out, away.err, caplog.text, *capfd.readouterr()]
    said += [
        shown.ledger.frames(name).to_json() for name in ("pipeline_execution_log", "work", "quarantine", "waiting")
    ]
    said += [json.dumps(shown.documents.get(path)) for path in shown.documents.list()]
    said += [f"{path} {path.read_bytes()!r}" for path in settings.home.rglob("*") if path.is_file()]
    assert len(said) > 100
    assert [text[:200] for text in said if CANARY in text] == []
    publish_good = weekend()[SAID].assign(points_mean=mark_of(3))
    shown.warehouse.replace(SAID, WEEKEND, publish_good)
    publish(shown, WEEKEND)
    assert_released(shown)


DEEP = 100_000
FLAT = 100 * 1024**2
"""Bytes of memory that the whole of it takes at most."""
LIST = "nba-com/player-list/2024-11-01/20241101_110000.json"


def test_f58_hostile_drops_are_quarantined_and_nothing_outside_is_touched(home: Home, tmp_path: Path) -> None:
    """A link out of the folder, names that climb, hide or break lines, JSON too deep or a lie."""
    platform = home("hostile")
    folder, outside = season(tmp_path / "drops"), tmp_path / "outside.json"
    outside.write_bytes((folder / LIST).read_bytes())
    hostile: dict[str, Callable[[Path], object]] = {
        "nba-com/player-list/2024-11-02/20241102_110000.json": lambda path: path.symlink_to(outside),
        "nba-com/player-list/..\\..\\x/20241103_110000.json": lambda path: path.write_text("{}"),
        "nba-com/player-list/a\nb/20241104_110000.json": lambda path: path.write_text("{}"),
        "nba-com/player-list/2024-11-05/20241105_110000.json": lambda path: path.write_text("[" * DEEP + "]" * DEEP),
        "nba-com/player-list/2024-11-06/20241106_110000.json": lambda path: path.write_text('{"resultSets": NaN}'),
        "nba-com/player-list/%2e%2e/%2e%2e/x.json": lambda path: path.write_text("{}"),
        "'; DROP TABLE drops; --/x.json": lambda path: path.write_text("{}"),
    }
    for name, write in hostile.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write(folder / name)
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    tracemalloc.start()
    try:
        result = take_built(platform, folder)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < FLAT
    assert {entry.object_name.replace("\\n", "\n").replace("\\\\", "\\") for entry in result.quarantined} == set(
        hostile
    )
    assert all(entry.rule and entry.message for entry in result.quarantined)
    assert platform.ledger.counts()["applied"] == 21
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
    assert {path.name for path in tmp_path.iterdir()} == {"drops", "hostile", "outside.json"}
    roots = {path.name for path in platform.settings.home.iterdir()}
    assert roots <= {"landing", "warehouse", "published", "quarantine", "fetching", "logs", "dagster", "private"}, roots
    assert not any(path.is_symlink() for path in platform.settings.home.rglob("*"))
    assert_sound(platform, BUILT)


CLIMBING = ("../../x", "/etc/x", "a/../../x", "a\0b", "a\nb", ".hidden", "a\\b", "a//b", "")


def test_f58_no_name_leaves_its_store(shown: Platform) -> None:
    for name, store in itertools.product(CLIMBING, (shown.landing, shown.published, shown.quarantine)):
        with pytest.raises(InvalidName):
            store.put(name, b"{}")
        with pytest.raises(InvalidName):
            store.get(name)
    assert_released(shown)


INJECTED = ("' OR '1'='1", "x'; DROP SCHEMA documents CASCADE; --", '"; DELETE FROM drops; --', "%' UNION SELECT 1 --")


def test_f59_quotes_in_a_parameter_are_a_value_that_nothing_has(shown: Platform) -> None:
    for text in INJECTED:
        nothing_has(shown, text)
    assert_released(shown)


def nothing_has(shown: Platform, text: str) -> None:
    """No drop, execution, work or document has this text; one that is stored under it comes back and goes."""
    ledger, documents = shown.ledger, shown.documents
    before = {name: len(ledger.frames(name)) for name in ("drops", "pipeline_execution_log", "work")}
    stored = list(documents.list())
    assert ledger.drops(source=text) == [] and ledger.drops_for(text, [SATURDAY]) == []
    assert set(ledger.counts(text).values()) == {0} and ledger.last_hashes(text, [SATURDAY]) == {}
    assert ledger.stamps([text]) == {} and ledger.failed_hashes(text, [SATURDAY]) == {}
    assert ledger.newest_executions(SATURDAY, [text]) == {} and ledger.alias_changes(text, [SATURDAY]) == {}
    assert documents.get(text) is None and list(documents.list(text)) == []
    assert documents.delete_many([text], 10**6) == 0
    documents.put_many({text: {"a": text}}, 1)
    assert documents.get(text) == {"a": text} and documents.delete_many([text], 2) == 1
    assert list(documents.list()) == stored
    assert {name: len(ledger.frames(name)) for name in before} == before
    with ledger.lock(text, [SATURDAY]):
        pass


def test_f59_quotes_in_a_commands_argument_are_refused_or_find_nothing(shown: Platform) -> None:
    text = "x'\"; DROP SCHEMA documents CASCADE; -- ' OR '1'='1"
    url = shown.settings.database_url
    assert url is not None
    command = Command(shown.settings.home, url.get_secret_value())
    versions = command.contents()
    for arguments in (
        ["status", "--date", text],
        ["status", "--player", text],
        ["status", "--correlation-id", text],
        ["refresh", "--date", str(SATURDAY), "--player", text],
        ["refresh", "--date", str(SATURDAY), "--team", text],
        ["refresh", "--date", str(SATURDAY), "--game", text],
        ["replay", text],
        ["odds", text, "24.5"],
        ["whatif", text, "--out", text],
        ["alias", "add", text, text],
        ["parse", text, "x.json"],
        ["query", f"SELECT * FROM nba_raw.nbac_schedule WHERE game_id = '{text}'"],
        ["query", "DROP TABLE nba_raw.nbac_schedule"],
    ):
        told = command(*arguments)
        assert "Traceback" not in told.err and told.code in (0, 1, 2), (arguments, told.err)
        assert told.code or arguments[0] in ("status", "query", "replay"), (arguments, told.out)
    assert command.contents() == versions
    assert_released(shown)


METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND")
PATHS = ("/", "/healthz", "/readyz", "/v1/manifest.json", "/v1/latest/daily.json", "/v1/new.json")


def test_f60_the_server_answers_get_and_head_and_changes_nothing(shown: Platform) -> None:
    root = shown.settings.published
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    client = TestClient(make_app(root))
    for method, path in itertools.product(METHODS, PATHS):
        told = client.request(method, path, content=b'{"sequence": 99}')
        refused = told.status_code in (404, 405, 501) or (method == "OPTIONS" and not told.content)
        assert refused, (method, path, told.status_code)
    assert client.head("/v1/manifest.json").status_code == 200
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert_released(shown)


def test_f60_a_url_in_a_drop_is_text_that_nobody_asks_for(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = home("urls")
    folder = season(tmp_path / "drops")
    for path in folder.rglob("*.json"):
        payload = json.loads(path.read_text())
        if isinstance(payload, dict):
            urls = dict.fromkeys(("url", "next", "$ref", "href"), "http://169.254.169.254/latest/meta-data")
            path.write_text(json.dumps(payload | urls))
    asked = []
    monkeypatch.setattr("socket.socket.connect", lambda self, address: asked.append(address))
    result = take(platform, scan(folder))
    assert result.received == 21 and [one for one in asked if not isinstance(one, str)] == []
    monkeypatch.undo()
    assert_adds_up(platform)
