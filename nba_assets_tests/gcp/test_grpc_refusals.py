"""What Firestore and Pub/Sub refuse and no emulator does: the real clients, answered as Google documents it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import grpc
import pytest

from nba_assets.engine.notifications import Notifications, listen
from nba_assets.errors import PlatformError, TransientError
from nba_assets.settings import Settings
from nba_assets.storage.gcp.clients import firestore_client
from nba_assets.storage.gcp.document_store import ATTEMPTS, FirestoreDocumentStore
from nba_assets_tests.gcp.grpc_answers import FirestoreAnswers, PubSubAnswers, Refusal

DENIED = (grpc.StatusCode.PERMISSION_DENIED, "Missing or insufficient permissions.")
NO_DATABASE = (
    grpc.StatusCode.NOT_FOUND,
    "The database (default) does not exist for project ours Please visit https://console.cloud.google.com/datastore/"
    "setup?project=ours to add a Cloud Datastore or Cloud Firestore database. ",
)
QUOTA = (grpc.StatusCode.RESOURCE_EXHAUSTED, "Quota exceeded.")
CONTENTION = (
    grpc.StatusCode.ABORTED,
    "Aborted due to cross-transaction contention. This occurs when multiple transactions attempt to access the same "
    "data, requiring Firestore to abort at least one in order to enforce serializability.",
)
OVERTAKEN = (
    grpc.StatusCode.FAILED_PRECONDITION,
    "the stored version (1795956262348349) does not match the required base version (1795956262100000)",
)
ALREADY_THERE = (grpc.StatusCode.ALREADY_EXISTS, "Document already exists: projects/ours/databases/(default)/a")
OTHER_MODE = (
    grpc.StatusCode.FAILED_PRECONDITION,
    "The Cloud Firestore API is not available for Firestore in Datastore Mode database "
    "projects/ours/databases/(default).",
)
DEADLINE = (grpc.StatusCode.DEADLINE_EXCEEDED, "Deadline Exceeded")
TOO_LARGE = (grpc.StatusCode.INVALID_ARGUMENT, "Request payload size exceeds the limit: 11534336 bytes.")
AWAY = (grpc.StatusCode.UNAVAILABLE, "The service is currently unavailable.")
OURS = Settings(
    profile="gcp", gcp_project="ours", emulators=True, landing_bucket="landing", landing_subscription="subs"
)
PULL_DENIED = (grpc.StatusCode.PERMISSION_DENIED, "User not authorized to perform this action.")
GONE = (grpc.StatusCode.NOT_FOUND, "Resource not found (resource=subs).")
CANCELLED = (grpc.StatusCode.CANCELLED, "The operation was cancelled.")
SOON = 10.0


@contextmanager
def store_on(answers: FirestoreAnswers, monkeypatch: pytest.MonkeyPatch) -> Iterator[FirestoreDocumentStore]:
    """The store on a server of those answers; its client gives up after a fifth of a second instead of a minute."""
    with answers.serve() as address:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", address)
        client = firestore_client(OURS)
        for call in client._firestore_api.transport._wrapped_methods.values():
            call._retry = call._retry and call._retry.with_timeout(0.2)
        store = FirestoreDocumentStore(client, "nba_assets")
        yield store
        store.close()


@contextmanager
def told_by(answers: PubSubAnswers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notifications]:
    """What watch is told by a subscription of those answers."""
    with answers.serve() as address:
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", address)
        notifications = listen(OURS)
        try:
            yield notifications
        finally:
            notifications.close()


@pytest.mark.parametrize(
    ("method", "refusal", "said", "hint", "transient"),
    [
        ("read", DENIED, "Missing or insufficient permissions", "grant the permission", False),
        ("commit", DENIED, "Missing or insufficient permissions", "grant the permission", False),
        ("read", NO_DATABASE, "The database (default) does not exist", "check NBA_ASSETS_GCP_PROJECT", False),
        ("commit", QUOTA, "Quota exceeded", "a quota is used up", True),
        ("read", QUOTA, "Quota exceeded", "a quota is used up", True),
        ("read", OTHER_MODE, "not available for Firestore in Datastore Mode", "nba-assets doctor", False),
        ("commit", CONTENTION, "others write them at the same time", "publish again", True),
        ("commit", OVERTAKEN, "others write them at the same time", "publish again", True),
        ("commit", DEADLINE, "Deadline Exceeded", "try again", True),
        ("commit", TOO_LARGE, "Request payload size exceeds the limit", "nba-assets doctor", False),
    ],
)
def test_a_write_that_firestore_refuses_is_one_line_with_a_hint(
    monkeypatch: pytest.MonkeyPatch, method: str, refusal: Refusal, said: str, hint: str, transient: bool
) -> None:
    answers = FirestoreAnswers(**{method: [refusal] * 100})
    with store_on(answers, monkeypatch) as store, pytest.raises(PlatformError) as raised:
        store.put_many({"a": 1}, 3)
    line = str(raised.value)
    assert line.startswith("cannot write documents of release 3: ") and said in line and "\n" not in line
    assert "http" not in line and hint in raised.value.hint
    assert isinstance(raised.value, TransientError) == transient
    assert answers.written == []


@pytest.mark.parametrize(
    ("method", "act", "said"),
    [
        ("read", lambda store: store.get("predictions/daily/2025-11-15"), "read document predictions/daily/2025-11-15"),
        ("query", lambda store: list(store.list("predictions/")), "list documents predictions/"),
        ("read", lambda store: store.delete_many(["a"], 3), "write documents of release 3"),
    ],
)
def test_every_operation_says_what_could_not_be_done(
    monkeypatch: pytest.MonkeyPatch, method: str, act: Callable[[FirestoreDocumentStore], object], said: str
) -> None:
    answers = FirestoreAnswers(**{method: [DENIED]})
    with (
        store_on(answers, monkeypatch) as store,
        pytest.raises(PlatformError, match=f"^cannot {said}: .*Missing or insufficient permissions"),
    ):
        act(store)


def test_a_commit_that_another_writer_gets_in_the_way_of_is_read_and_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others = [CONTENTION, OVERTAKEN, ALREADY_THERE, CONTENTION]
    answers = FirestoreAnswers(commit=list(others))
    with store_on(answers, monkeypatch) as store:
        assert store.put_many({"b": 1, "a": 2}, 3) == 2
    assert answers.written == ["a", "b"]
    assert answers.calls == {"read": ATTEMPTS, "commit": ATTEMPTS} and len(others) + 1 == ATTEMPTS


def test_a_firestore_that_is_away_for_a_moment_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = FirestoreAnswers(read=[AWAY], commit=[AWAY])
    with store_on(answers, monkeypatch) as store:
        assert store.put_many({"a": 1}, 3) == 1
    assert answers.written == ["a"] and answers.calls["commit"] == 2


@pytest.mark.parametrize(
    ("refusal", "said", "hint", "transient"),
    [
        (PULL_DENIED, "User not authorized to perform this action", "grant the permission", False),
        (GONE, r"Resource not found \(resource=subs\)", "subscription", False),
        (CANCELLED, "The operation was cancelled", "try again", True),
    ],
)
def test_a_subscription_that_cannot_be_read_is_one_line_and_then_listened_to_again(
    monkeypatch: pytest.MonkeyPatch, refusal: Refusal, said: str, hint: str, transient: bool
) -> None:
    answers = PubSubAnswers(refusal)
    with told_by(answers, monkeypatch) as notifications:
        with pytest.raises(
            PlatformError, match=f"^cannot listen to projects/ours/subscriptions/subs: {said}"
        ) as raised:
            notifications.wait(SOON)
        assert hint in raised.value.hint and isinstance(raised.value, TransientError) == transient
        answers.tell("1", **_attributes("a.json"))
        names = notifications.wait(0.0) or notifications.wait(SOON)
        assert names == ["a.json"], "the right was given back"


def test_a_message_is_acknowledged_when_the_round_after_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = PubSubAnswers()
    with told_by(answers, monkeypatch) as notifications:
        answers.tell("other", **_attributes("b.json", "another"))
        assert answers.has_acknowledged("other"), "it is of no use to anyone"
        answers.tell("1", **_attributes("a.json"))
        assert notifications.wait(SOON) == ["a.json"]
        time.sleep(0.2)
        assert set(answers.acknowledged) == {"other"}, "the client sends them within a tenth of a second"
        assert notifications.wait(0.0) == []
        assert answers.has_acknowledged("other", "1")
        answers.tell("2", **_attributes("c.json"))
        assert notifications.wait(SOON) == ["c.json"]
    assert set(answers.back) == {"2"} and set(answers.acknowledged) == {"other", "1"}


def test_a_service_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = PubSubAnswers(AWAY)
    with told_by(answers, monkeypatch) as notifications:
        for number in range(20):  # one that is told while a stream ends is lost with it
            answers.tell(str(number), **_attributes(f"{number}.json"))
            if names := notifications.wait(0.5):
                break
    assert names and not answers.refusals


def _attributes(name: str, bucket: str = "landing") -> dict[str, str]:
    return {"eventType": "OBJECT_FINALIZE", "bucketId": bucket, "objectId": name, "objectGeneration": "1"}
