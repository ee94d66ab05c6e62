"""A release: visible whole or not at all, only what changed is written, and every crash is made good."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pandas as pd
import pytest

from nba_assets import contracts
from nba_assets.clock import FixedClock
from nba_assets.contracts.frames import empty
from nba_assets.engine import store_documents
from nba_assets.engine.attempt import Attempt
from nba_assets.engine.due import unreleased
from nba_assets.engine.manifest import MANIFEST as MANIFEST_NAME
from nba_assets.engine.manifest import object_name
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import (
    current_manifest,
    latest_date,
    publish,
    rollback_release,
    verify_release,
    write_objects,
)
from nba_assets.engine.release_copies import COPIES_MARK, difference, document_path
from nba_assets.errors import PlatformError, TransientError, UsageError
from nba_assets.publishing.schemas import MANIFEST, MANIFEST_PART
from nba_assets.settings import Settings
from nba_assets.storage.interfaces import ObjectInfo, ObjectNotFound, ObjectStore
from nba_assets.storage.warehouse import LocalWarehouse
from nba_assets_tests.release_rows import FRIDAY, SATURDAY, SUNDAY, frame, game, weekend

WEEKEND = [pd.Timestamp(day) for day in (FRIDAY, SATURDAY, SUNDAY)]
NOW = dt.datetime(2024, 11, 2, 16, tzinfo=dt.UTC)
"""Saturday noon in New York."""


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse that holds the weekend's rows."""
    folder = tmp_path_factory.mktemp("weekend")
    warehouse = LocalWarehouse(folder, lambda name: empty(contracts.table(name)))
    for name, rows in weekend().items():
        warehouse.replace(name, WEEKEND, rows)
    return folder


@pytest.fixture
def home(settings: Settings, written: Path, clock: FixedClock) -> Iterator[Platform]:
    """The weekend's rows in the warehouse, nothing published yet."""
    shutil.copytree(written, settings.warehouse)
    opened = Platform.open(settings, clock)
    yield opened
    opened.close()


def changed_prediction(platform: Platform, day: dt.date, mean: float = 30.0) -> None:
    """Tatum's prediction of that date moves."""
    rows = weekend()["player_points_predictions"]
    moved = (rows["game_date"] == pd.Timestamp(day)) & (rows["player_id"] == "1628369")
    rows.loc[moved, "points_mean"] = mean
    platform.warehouse.replace("player_points_predictions", WEEKEND, rows)


def read(platform: Platform, name: str) -> Any:
    """A document of the release that readers see, by its name, checked against its hash."""
    manifest = current_manifest(platform)
    assert manifest is not None
    return body(platform, manifest["files"][name])


def body(platform: Platform, file: dict[str, Any]) -> Any:
    data = platform.published.get(object_name(file["sha256"]))
    assert hashlib.sha256(data).hexdigest() == file["sha256"] and len(data) == file["bytes"]
    return orjson.loads(data)


def copy_of(platform: Platform, name: str) -> Any:
    return orjson.loads(platform.published.get(f"v1/{name}"))


def whole(platform: Platform) -> dict[str, Any]:
    """Everything a reader could see: each file by the manifest, each copy without its stamp, each document."""
    manifest = current_manifest(platform) or {"files": {}}
    files = {name: body(platform, file) for name, file in manifest["files"].items()}
    copies = {name: copy_of(platform, name) for name in files}
    for copy in copies.values():
        assert copy.pop("sequence") <= manifest["sequence"] and copy.pop("generated_at")
    stored = {path: platform.documents.get(path) for path in platform.documents.list("predictions/")}
    return {"files": files, "copies": copies, "documents": stored}


def assert_settled(platform: Platform) -> None:
    """Copies and documents are those of the manifest, no more and no less."""
    seen = whole(platform)
    assert seen["copies"] == seen["files"]
    expected = {document_path(name): found for name, found in seen["files"].items() if document_path(name)}
    assert seen["documents"] == expected
    names = set(platform.published.list("v1/latest/")) | set(platform.published.list("v1/historical/"))
    assert {name.removeprefix("v1/") for name in names} <= set(seen["files"])


def test_a_first_release_has_every_file_copy_and_document(home: Platform) -> None:
    released = publish(home, WEEKEND)
    manifest = current_manifest(home)
    assert manifest is not None
    MANIFEST.model_validate_json(home.published.get("v1/manifest.json"))
    assert (released.sequence, released.changed) == (1, True)
    assert released.documents == {"games": 3 + 4, "players": 4, "slate": 5, "status": 1, "track_record": 3}
    assert (manifest["sequence"], manifest["previous"], manifest["generated_at"]) == (1, None, "2024-11-02T16:00:00Z")
    assert manifest["as_of"] == "2024-11-02T21:00:00Z"
    assert {"latest/daily.json", "latest/games/0022400140.json", "latest/players/2544.json"} <= set(manifest["files"])
    assert manifest["files"]["historical/2024-11-03/daily.json"]["status"] == "empty"
    assert verify_release(home) == len(manifest["files"])
    assert_settled(home)


def test_copies_are_stamped_and_objects_hold_no_clock(home: Platform) -> None:
    publish(home, WEEKEND)
    copy = copy_of(home, "latest/daily.json")
    assert (copy.pop("sequence"), copy.pop("generated_at")) == (1, "2024-11-02T16:00:00Z")
    assert copy == read(home, "latest/daily.json") == read(home, "historical/2024-11-02/daily.json")
    assert b"2024-11-02T16:00" not in b"".join(home.published.get(name) for name in home.published.list("v1/objects/"))


def test_schemas_and_openapi_lie_beside_the_copies(home: Platform) -> None:
    publish(home, WEEKEND)
    assert copy_of(home, "openapi.json")["openapi"] == "3.1.0"
    assert copy_of(home, "schemas/daily.json")["$schema"].endswith("2020-12/schema")


def test_equal_content_is_no_new_release(home: Platform, clock: FixedClock) -> None:
    first = publish(home, WEEKEND)
    manifest = home.published.get("v1/manifest.json")
    clock.moment = NOW + dt.timedelta(hours=1)
    again = publish(home, WEEKEND)
    assert (again.sequence, again.changed, again.versions) == (1, False, first.versions)
    assert home.published.get("v1/manifest.json") == manifest


def test_publishing_one_date_keeps_every_other_file_and_rewrites_only_what_changed(home: Platform) -> None:
    first = publish(home, WEEKEND)
    old = current_manifest(home)
    stamps = {name: copy_of(home, name)["sequence"] for name in old["files"]}  # type: ignore[index]
    assert set(stamps.values()) == {1}
    changed_prediction(home, SATURDAY)
    released = publish(home, [pd.Timestamp(SATURDAY)])
    new = current_manifest(home)
    assert old is not None and new is not None
    assert (released.sequence, released.changed, new["previous"]) == (2, True, 1)
    assert released.versions != first.versions
    changed, removed = difference(old["files"], new["files"])
    assert removed == []
    assert changed == [
        "historical/2024-11-02/daily.json",
        "historical/2024-11-02/games/0022400140.json",
        "latest/daily.json",
        "latest/games/0022400140.json",
        "latest/players/1628369.json",
        "track-record/days/2024-11-02.json",
    ]
    assert [name for name in new["files"] if copy_of(home, name)["sequence"] == 2] == changed
    assert_settled(home)


@pytest.mark.parametrize("left", [FRIDAY, SATURDAY])
def test_who_has_left_a_slate_is_shown_on_the_one_that_is_left_or_not_at_all(home: Platform, left: dt.date) -> None:
    publish(home, WEEKEND)
    rows = weekend()["player_points_predictions"]
    rows = rows[rows["game_date"] != pd.Timestamp(left)]
    home.warehouse.replace("player_points_predictions", WEEKEND, rows)
    publish(home, [pd.Timestamp(left)])
    manifest = current_manifest(home)
    assert manifest is not None
    shown = {name.split("/")[-1].removesuffix(".json") for name in manifest["files"] if "/players/" in name}
    assert shown == set(rows["player_id"]) != set()
    other = SATURDAY if left == FRIDAY else FRIDAY
    assert {read(home, f"latest/players/{player}.json")["game_date"] for player in shown} == {str(other)}
    assert {entry["player_id"] for entry in read(home, "search.json")["data"]["players"]} == shown
    assert_settled(home)


def test_date_by_date_gives_the_files_of_the_range_at_once(home: Platform) -> None:
    for day in reversed(WEEKEND):
        publish(home, [day])
    dates = current_manifest(home)
    assert dates is not None and dates["sequence"] == 3
    assert publish(home, WEEKEND).changed is False


def test_a_game_that_is_gone_from_its_date_takes_its_files_along(home: Platform) -> None:
    publish(home, WEEKEND)
    for name in ("nbac_schedule", "player_points_predictions", "game_predictions"):
        rows = weekend()[name]
        home.warehouse.replace(name, WEEKEND, rows[rows["game_id"] != "0022400131"])
    publish(home, [pd.Timestamp(FRIDAY)])
    manifest = current_manifest(home)
    assert manifest is not None
    assert "historical/2024-11-01/games/0022400131.json" not in manifest["files"]
    assert home.documents.get("predictions/games/0022400131") is None
    with pytest.raises(ObjectNotFound):
        copy_of(home, "historical/2024-11-01/games/0022400131.json")
    assert_settled(home)


def test_latest_is_the_newest_date_with_games_that_is_not_in_the_future() -> None:
    files = {
        f"historical/{day}/daily.json": {"status": status}
        for day, status in (("2024-11-01", "complete"), ("2024-11-02", "partial"), ("2024-11-03", "empty"))
    }
    assert latest_date(files, dt.date(2024, 11, 3)) == SATURDAY
    assert latest_date(files, dt.date(2024, 11, 1)) == FRIDAY
    assert latest_date(files, dt.date(2024, 10, 1)) == FRIDAY
    assert latest_date({"historical/2024-11-03/daily.json": {"status": "empty"}}, SUNDAY) is None


def test_the_latest_slate_moves_on_with_the_league_s_date(home: Platform, clock: FixedClock) -> None:
    clock.moment = dt.datetime(2024, 11, 2, 3, tzinfo=dt.UTC)
    publish(home, WEEKEND)
    assert copy_of(home, "latest/daily.json")["game_date"] == "2024-11-01"
    clock.moment = NOW
    publish(home, [])
    assert copy_of(home, "latest/daily.json")["game_date"] == "2024-11-02"
    assert list(home.published.list("v1/latest/games/")) == ["v1/latest/games/0022400140.json"]
    assert_settled(home)


def test_an_empty_platform_publishes_that_nothing_was_received(platform: Platform) -> None:
    released = publish(platform, WEEKEND)
    assert read(platform, "status.json")["status"] == "empty"
    assert (released.documents["slate"], released.documents["games"]) == (5, 0)
    assert_settled(platform)


def test_rollback_shows_an_earlier_release_under_a_higher_sequence(home: Platform) -> None:
    publish(home, WEEKEND)
    first = current_manifest(home)
    changed_prediction(home, SATURDAY)
    publish(home, WEEKEND)
    released = rollback_release(home, 1)
    shown = current_manifest(home)
    assert first is not None and shown is not None
    assert (released.sequence, shown["sequence"], shown["previous"]) == (3, 3, 2)
    assert shown["files"] == first["files"]
    assert copy_of(home, "latest/daily.json")["sequence"] == 3
    assert_settled(home)


@pytest.mark.parametrize("sequence", [0, 2, 99, -1])
def test_a_release_that_never_was_cannot_come_back(home: Platform, sequence: int) -> None:
    publish(home, WEEKEND)
    with pytest.raises(UsageError, match=f"there is no release {sequence}"):
        rollback_release(home, sequence)


def test_nothing_can_be_rolled_back_before_the_first_release(home: Platform) -> None:
    with pytest.raises(UsageError, match="there is no release 1"):
        rollback_release(home, 1)


def test_a_release_whose_object_is_gone_does_not_come_back(home: Platform) -> None:
    publish(home, WEEKEND)
    first = current_manifest(home)
    assert first is not None
    changed_prediction(home, SATURDAY)
    publish(home, WEEKEND)
    home.published.delete(object_name(first["files"]["latest/daily.json"]["sha256"]))
    with pytest.raises(PlatformError, match="release 1 is not whole"):
        rollback_release(home, 1)
    assert current_manifest(home)["sequence"] == 2  # type: ignore[index]


def test_a_document_that_is_refused_leaves_the_release_before(home: Platform) -> None:
    publish(home, WEEKEND)
    before = whole(home)
    rows = weekend()["player_points_predictions"]
    rows.loc[rows["game_date"] == pd.Timestamp(SATURDAY), "points_mean"] = 200.0
    home.warehouse.replace("player_points_predictions", WEEKEND, rows)
    with pytest.raises(PlatformError, match="points_mean"):
        publish(home, WEEKEND)
    assert whole(home) == before
    failed = home.ledger.frames("pipeline_execution_log").query("status == 'failed'")
    assert set(failed["processor_name"]) == {"published.release"}
    assert failed["error_message"].str.contains("points_mean").all()


def test_the_execution_log_says_which_dates_a_release_brought(home: Platform) -> None:
    publish(home, WEEKEND, run_id="run-1")
    changed_prediction(home, SATURDAY)
    publish(home, WEEKEND, run_id="run-2")
    publish(home, WEEKEND, run_id="run-3")
    log = home.ledger.frames("pipeline_execution_log")
    rows = log[log["processor_name"] == "published.release"]
    new = rows[rows["status"] == "completed"]
    found = {run: sorted(group["game_date"].dt.date) for run, group in new.groupby("run_id")}
    assert found == {"run-1": [FRIDAY, SATURDAY, SUNDAY], "run-2": [SATURDAY]}
    assert set(rows["phase"]) == {6} and set(rows["status"]) == {"completed", "skipped"}
    assert set(new["metadata"]) == {'{"release":1}', '{"release":2}'}
    same = rows[(rows["run_id"] == "run-2") & (rows["status"] == "skipped")]
    assert sorted(same["game_date"].dt.date) == [FRIDAY], "Sunday has no games"
    assert set(same["metadata"]) == {'{"release":2,"skip_reason":"unchanged"}'}


def test_tables_that_change_while_they_are_read_are_read_again(home: Platform) -> None:
    """The reader's first round is disturbed by another process; the release holds the rows of afterwards."""
    inner, disturbed = home.warehouse, []

    class Disturbed:
        def __getattr__(self, name: str) -> Any:
            return getattr(inner, name)

        def read(self, table: Any, **options: Any) -> pd.DataFrame:
            rows = inner.read(table, **options)
            if table == "player_points_predictions" and not disturbed:
                disturbed.append(table)
                changed_prediction(home_of_writer, SATURDAY, 31.0)
            return rows

    home_of_writer = replace(home)
    home.warehouse = Disturbed()  # type: ignore[assignment]
    publish(home, WEEKEND)
    players = read(home, "historical/2024-11-02/daily.json")["data"]["players"]
    assert [p["points_mean"] for p in players if p["player_id"] == "1628369"] == [31.0]


def test_tables_that_never_hold_still_are_not_published(home: Platform) -> None:
    inner, count = home.warehouse, iter(range(100))

    class Restless:
        def __getattr__(self, name: str) -> Any:
            return getattr(inner, name)

        def read(self, table: Any, **options: Any) -> pd.DataFrame:
            if table == "player_points_predictions":
                changed_prediction(home_of_writer, SATURDAY, 31.0 + next(count))
            return inner.read(table, **options)

    home_of_writer = replace(home)
    home.warehouse = Restless()  # type: ignore[assignment]
    with pytest.raises(PlatformError, match="the tables change faster than they can be read"):
        publish(home, WEEKEND)
    assert current_manifest(home) is None


class Failing:
    """The object store's outer edge: fails at the first write of a name, as a full disk does."""

    def __init__(self, inner: ObjectStore, name: str) -> None:
        self.inner, self.name = inner, name

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def put(self, name: str, data: bytes, *, if_absent: bool = False) -> ObjectInfo:
        if name.startswith(self.name):
            raise TransientError(f"cannot write object {name}: No space left on device")
        return self.inner.put(name, data, if_absent=if_absent)

    def put_many(self, objects: Iterable[tuple[str, bytes]]) -> list[ObjectInfo]:
        return [self.put(name, data) for name, data in objects]


@pytest.mark.parametrize("name", ["v1/objects/", "v1/releases/2", "v1/manifest.json"])
def test_a_failure_before_the_manifest_leaves_the_release_before_whole(home: Platform, name: str) -> None:
    publish(home, WEEKEND)
    before = whole(home)
    changed_prediction(home, SATURDAY)
    inner = home.published
    home.published = Failing(inner, name)  # type: ignore[assignment]
    with pytest.raises(PlatformError, match="No space left"):
        publish(home, WEEKEND)
    home.published = inner
    assert whole(home) == before
    assert publish(home, WEEKEND).sequence == 2
    assert_settled(home)


@pytest.mark.parametrize("name", ["v1/latest/games/", "v1/historical/2024-11-02/", "v1/track-record/", COPIES_MARK])
def test_copies_left_behind_by_a_failure_are_made_good_though_nothing_is_new(home: Platform, name: str) -> None:
    publish(home, WEEKEND)
    changed_prediction(home, SATURDAY)
    inner = home.published
    home.published = Failing(inner, name)  # type: ignore[assignment]
    with pytest.raises(PlatformError, match="No space left"):
        publish(home, WEEKEND)
    home.published = inner
    assert current_manifest(home)["sequence"] == 2  # type: ignore[index]
    assert publish(home, WEEKEND).changed is False
    assert_settled(home)


def test_documents_left_behind_by_a_failure_are_made_good_though_nothing_is_new(home: Platform) -> None:
    publish(home, WEEKEND)
    changed_prediction(home, SATURDAY)
    inner = home.documents

    class Unreachable:
        def __getattr__(self, name: str) -> Any:
            return getattr(inner, name)

        def put_many(self, documents: Any, sequence: int) -> int:
            raise TransientError("Postgres: connection refused")

    home.documents = Unreachable()  # type: ignore[assignment]
    with pytest.raises(PlatformError, match="connection refused"):
        publish(home, WEEKEND)
    home.documents = inner
    assert publish(home, WEEKEND).changed is False
    assert_settled(home)


def test_two_failures_in_a_row_with_new_content_between_are_made_good(home: Platform) -> None:
    publish(home, WEEKEND)
    inner = home.published
    home.published = Failing(inner, "v1/latest/players/")  # type: ignore[assignment]
    for mean in (30.0, 31.0):
        changed_prediction(home, SATURDAY, mean)
        with pytest.raises(PlatformError, match="No space left"):
            publish(home, WEEKEND)
    home.published = inner
    publish(home, WEEKEND)
    assert_settled(home)


def test_the_document_store_refuses_a_lower_sequence(home: Platform) -> None:
    publish(home, WEEKEND)
    changed_prediction(home, SATURDAY)
    publish(home, WEEKEND)
    newest = home.documents.get("predictions/daily/2024-11-02")
    assert home.documents.put_many({"predictions/daily/2024-11-02": {"old": True}}, 1) == 0
    assert home.documents.get("predictions/daily/2024-11-02") == newest


def test_a_damaged_object_is_written_anew(home: Platform) -> None:
    payload = b'{"a":1}'
    name = object_name(hashlib.sha256(payload).hexdigest())
    home.published.put(name, b'{"a":')
    write_objects(home, {hashlib.sha256(payload).hexdigest(): payload})
    assert home.published.get(name) == payload


def test_verification_finds_a_file_that_is_not_what_the_manifest_says(home: Platform) -> None:
    publish(home, WEEKEND)
    manifest = current_manifest(home)
    assert manifest is not None
    home.published.put(object_name(manifest["files"]["status.json"]["sha256"]), b"{}")
    with pytest.raises(PlatformError, match=r"status.json: its bytes are not those of the manifest"):
        verify_release(home)


def test_names_in_the_document_store() -> None:
    assert document_path("historical/2024-11-02/daily.json") == "predictions/daily/2024-11-02"
    assert document_path("historical/2024-11-02/games/0022400140.json") == "predictions/games/0022400140"
    assert document_path("latest/players/2544.json") == "predictions/players/2544"
    assert document_path("latest/teams/BOS.json") == "predictions/teams/BOS"
    assert document_path("models/blend-1.json") == "predictions/models/blend-1"
    assert document_path("track-record/2024-25.json") == "predictions/track-record/2024-25"
    assert document_path("track-record/days/2024-11-02.json") == "predictions/decisions/2024-11-02"
    assert document_path("status.json") == "predictions/status/status"
    for name in ("latest/daily.json", "latest/games/1.json", "schedule.json", "search.json"):
        assert document_path(name) is None


def test_a_slate_too_large_for_live_readers_is_cut_down_in_the_store_alone(
    home: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_documents, "LARGEST", 1000)
    publish(home, WEEKEND)
    stored = home.documents.get("predictions/daily/2024-11-02")
    slate = read(home, "historical/2024-11-02/daily.json")["data"]
    assert stored is not None and slate["players"] and stored["data"]["players"] == []
    there = [home.documents.get(path) for path in stored["data"]["players_in"]]
    assert [one and one["data"]["game"] for one in there] == slate["games"]
    found = {player["player_id"] for one in there if one for player in one["data"]["players"]}
    assert found == {player["player_id"] for player in slate["players"]}


def test_a_game_on_two_dates_is_stored_as_on_its_later_one(home: Platform) -> None:
    """Predicted for Saturday, played on Sunday: Saturday's slate keeps it as postponed, live readers see Sunday's."""
    schedule = weekend()["nbac_schedule"]
    moved = frame("nbac_schedule", [game(SUNDAY, "0022400140", "CHA", "BOS")])
    kept = schedule[schedule["game_id"] != "0022400140"]
    home.warehouse.replace("nbac_schedule", WEEKEND, pd.concat([kept, moved]))
    publish(home, WEEKEND)
    assert read(home, "historical/2024-11-02/games/0022400140.json")["data"]["game"]["game_status"] == "postponed"
    assert home.documents.get("predictions/games/0022400140")["game_date"] == "2024-11-03"  # type: ignore[index]


CHILD = """
import os, signal, sys
import pandas as pd
from nba_assets import contracts
from nba_assets.clock import FixedClock
from nba_assets.contracts.frames import empty
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import publish
from nba_assets_tests.engine.test_release import NOW, WEEKEND

platform = Platform.open(clock=FixedClock(NOW))
inner, left = platform.published.put, [int(sys.argv[1])]

def deadly(name, data, *, if_absent=False):
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return inner(name, data, if_absent=if_absent)

platform.published.put = deadly
platform.published.put_many = lambda objects: [deadly(name, data) for name, data in objects]
publish(platform, WEEKEND)
"""


@pytest.fixture
def killed(home: Platform) -> Iterator[Platform]:
    publish(home, WEEKEND)
    changed_prediction(home, SATURDAY)
    yield home


@pytest.mark.parametrize("writes", [2, 5, 6, 9])
def test_kill_9_after_any_write_leaves_one_release_or_the_next_and_a_rerun_makes_it_good(
    killed: Platform, writes: int
) -> None:
    """A changed date writes 4 objects, the kept manifest, the manifest, then copies: death comes in each stretch."""
    before = whole(killed)["files"]
    url = killed.settings.database_url
    assert url is not None
    env = os.environ | {
        "NBA_ASSETS_HOME": str(killed.settings.home),
        "NBA_ASSETS_DATABASE_URL": url.get_secret_value(),
    }
    command = [sys.executable, "-c", CHILD, str(writes)]
    child = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert child.returncode == -signal.SIGKILL, child.stderr
    manifest = current_manifest(killed)
    assert manifest is not None
    files = {name: body(killed, file) for name, file in manifest["files"].items()}
    assert (files == before) == (manifest["sequence"] == 1)
    assert publish(killed, WEEKEND).sequence == 2
    assert_settled(killed)


def test_the_manifest_names_many_files_by_parts_that_change_alone(home: Platform) -> None:
    """What readers get is small; a part that did not change is the same object in the next release."""
    publish(home, WEEKEND)
    first = orjson.loads(home.published.get(MANIFEST_NAME))
    whole = current_manifest(home)
    assert whole is not None and {"latest/players/", "historical/2024-11-", "latest/teams/"} <= set(first["parts"])
    assert not any(name.startswith(tuple(first["parts"])) for name in first["files"])
    for begins, part in first["parts"].items():
        payload = home.published.get(object_name(part["sha256"]))
        MANIFEST_PART.model_validate_json(payload)
        files = orjson.loads(payload)["files"]
        assert len(files) == part["files"] and len(payload) == part["bytes"]
        assert files == {name: file for name, file in whole["files"].items() if name.startswith(begins)}
    assert len(first["files"]) + sum(part["files"] for part in first["parts"].values()) == len(whole["files"])
    assert verify_release(home) == len(whole["files"])


def test_a_part_that_is_gone_or_damaged_is_told_by_name(home: Platform) -> None:
    publish(home, WEEKEND)
    part = orjson.loads(home.published.get(MANIFEST_NAME))["parts"]["latest/players/"]
    home.published.put(object_name(part["sha256"]), b'{"files": {}}')
    with pytest.raises(PlatformError, match=r"latest/players/.*gone or damaged"):
        current_manifest(home)


def crowd(platform: Platform, names: Iterable[str]) -> None:
    """As many players of Boston as there are names are predicted on Saturday."""
    rows = weekend()["player_points_predictions"]
    one = rows[(rows["game_date"] == pd.Timestamp(SATURDAY)) & (rows["player_id"] == "1628369")]
    more = [one.assign(player_id=name, prediction_id=name) for name in names]
    platform.warehouse.replace("player_points_predictions", WEEKEND, pd.concat([rows, *more], ignore_index=True))


def test_a_slate_that_loses_most_of_its_players_is_held_until_a_person_confirms_it(home: Platform) -> None:
    """A feed that broke looks like a slate without players: readers keep the one before, the operator is told."""
    crowd(home, [f"9{n:03d}" for n in range(24)])
    publish(home, WEEKEND)
    crowd(home, [f"9{n:03d}" for n in range(12)])
    assert publish(home, WEEKEND).changed, "more than half is no fall"
    changed_prediction(home, FRIDAY)
    with pytest.raises(PlatformError, match=r"2 players where readers see 14; .*--confirm 2024-11-02"):
        publish(home, WEEKEND)
    assert read(home, "historical/2024-11-02/daily.json")["data"]["counts"]["players"] == 14
    assert read(home, "historical/2024-11-01/daily.json")["data"]["players"][0]["points_mean"] == 30.0, "the other date"
    (dead,) = home.ledger.work(status=["dead"])
    assert dead["dates"] == [SATURDAY] and dead["permanent"]
    publish(home, [pd.Timestamp(SATURDAY)], confirmed=[SATURDAY])
    assert read(home, "historical/2024-11-02/daily.json")["data"]["counts"]["players"] == 2
    assert home.ledger.work(status=["retrying", "dead"]) == []


def test_a_date_whose_work_failed_for_good_is_stale_until_it_is_done(home: Platform, clock: FixedClock) -> None:
    """What is shown is the last good: it says so, without anybody publishing by hand."""
    publish(home, WEEKEND)
    days = [FRIDAY, SATURDAY, SUNDAY]
    assert unreleased(home, days, home.warehouse.versions) == []
    clock.moment = NOW + dt.timedelta(hours=1)
    with pytest.raises(ZeroDivisionError), Attempt(home, "nba_predictions.player_points_predictions", [SATURDAY]):
        raise ZeroDivisionError
    assert unreleased(home, days, home.warehouse.versions) == [SATURDAY]
    before = read(home, "historical/2024-11-02/daily.json")
    publish(home, [pd.Timestamp(SATURDAY)])
    stale = read(home, "historical/2024-11-02/daily.json")
    assert (stale["status"], stale["reasons"][0]["code"]) == ("stale", "work_failed")
    assert read(home, "latest/games/0022400140.json")["status"] == "stale"
    assert (stale["as_of"], stale["data"]) == (before["as_of"], before["data"]), (
        "the last good rows, as old as they are"
    )
    assert read(home, "historical/2024-11-01/daily.json")["status"] == "complete"
    with Attempt(home, "nba_predictions.player_points_predictions", [SATURDAY]):
        pass
    assert unreleased(home, days, home.warehouse.versions) == [SATURDAY]
    publish(home, [pd.Timestamp(SATURDAY)])
    assert read(home, "historical/2024-11-02/daily.json") == before


def graded_live(platform: Platform) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Friday's decisions were made live and are graded; the predictions and the grades."""
    tables = weekend()
    said, grades = tables["player_points_predictions"], tables["prediction_grades"]
    friday = said["game_date"] == pd.Timestamp(FRIDAY)
    said.loc[friday, "run_kind"] = "live"
    grades.loc[grades["target"] == "points", "run_kind"] = "live"
    platform.warehouse.replace("player_points_predictions", WEEKEND, said)
    platform.warehouse.replace("prediction_grades", WEEKEND, grades)
    return said, grades


def without_rows(said: pd.DataFrame, grades: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return said[said["game_date"] != pd.Timestamp(FRIDAY)], grades


def without_one(said: pd.DataFrame, grades: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return said[~((said["game_date"] == pd.Timestamp(FRIDAY)) & (said["player_id"] == "2544"))], grades


def another_line(said: pd.DataFrame, grades: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return said.assign(line_value=said["line_value"] - 1.0), grades


def another_decision(said: pd.DataFrame, grades: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return said.assign(decision="OVER"), grades


def without_a_model(said: pd.DataFrame, grades: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return said.assign(role="shadow"), grades


def without_grades(said: pd.DataFrame, grades: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return said, grades[grades["target"] != "points"]


@pytest.mark.parametrize(
    "remove", [without_rows, without_one, another_line, another_decision, without_a_model, without_grades]
)
def test_a_live_decision_that_readers_saw_graded_cannot_be_removed(home: Platform, remove: Any) -> None:
    """Whoever rewrites the tables: readers keep the track record they have, and the operator is told."""
    kept = graded_live(home)
    publish(home, WEEKEND)
    before = read(home, "track-record/days/2024-11-01.json")
    assert {one["run_kind"] for one in before["data"]["decisions"]} == {"live"}
    said, grades = remove(*(rows.copy() for rows in kept))
    home.warehouse.replace("player_points_predictions", WEEKEND, said)
    home.warehouse.replace("prediction_grades", WEEKEND, grades)
    with pytest.raises(PlatformError, match=r"the live decision on player .* is (gone|another one)"):
        publish(home, [pd.Timestamp(FRIDAY)], confirmed=[FRIDAY])
    assert read(home, "track-record/days/2024-11-01.json") == before


def test_a_corrected_result_of_a_live_decision_is_shown(home: Platform) -> None:
    _, grades = graded_live(home)
    publish(home, WEEKEND)
    home.warehouse.replace("prediction_grades", WEEKEND, grades.assign(actual_points=24, outcome="under"))
    publish(home, [pd.Timestamp(FRIDAY)])
    outcomes = {one["outcome"] for one in read(home, "track-record/days/2024-11-01.json")["data"]["decisions"]}
    assert outcomes == {"under"}
