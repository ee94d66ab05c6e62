"""A web server on this machine that stands in for every source, and time that passes only when somebody waits."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from nba_assets.clock import FixedClock
from nba_assets.fetching.client import Client
from nba_assets.fetching.hosts import Host, hosts
from nba_assets.fetching.keys import Secrets
from nba_assets.fetching.session import Session
from nba_assets.fetching.validators import Validators
from nba_assets.settings import Settings
from nba_assets.storage.object_store import LocalObjectStore
from nba_assets_tests.handmade import Game

CANARY = "canary-5e1f+key/07 end"
"""A planted key, with characters that a URL encodes."""
KEYS = ("ODDS_API_KEY", "BDL_API_KEY", "BETTINGPROS_API_KEY")
DAY = dt.date(2024, 11, 1)
EARLY = Game("0022400101", DAY, "BOS", "NYK", {"BOS": [12] * 8, "NYK": [13] * 8})
"""Tips at 20:00 in New York."""
LATE = Game("0022400102", DAY, "DEN", "LAL", {"DEN": [14] * 8, "LAL": [11] * 8}, tip_hour=2)
"""Tips at 22:00 in New York."""
NOON = dt.datetime(2024, 11, 1, 16, 0, tzinfo=dt.UTC)
NIGHT = dt.datetime(2024, 11, 2, 3, 30, tzinfo=dt.UTC)
"""23:30 in New York: the early game is over, the late one is on."""
MORNING = dt.datetime(2024, 11, 2, 13, 0, tzinfo=dt.UTC)
PDF = b"%PDF-1.4\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
PAGE = b"<!DOCTYPE html><html><body>Access Denied</body></html>"


@dataclass(frozen=True)
class Reply:
    """What the server says: `cut` promises more bytes than it sends, `late` waits until the test is over."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0
    late: bool = False


@dataclass(frozen=True)
class Asked:
    """One request that the server saw; `query` is decoded."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]


class Site:
    """Paths and what they answer, one reply after the other, the last for good; everything else is a 404."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.replies: dict[str, list[Reply]] = {}
        self.over = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        self._lock = threading.Lock()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def serve(self, path: str, *replies: Reply | bytes | object) -> None:
        """Bytes, JSON or whole replies for a path."""
        self.replies[path] = [_reply(reply) for reply in replies]

    def next_reply(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            waiting = self.replies.get(asked.path, [Reply(b"not here", 404)])
            return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


def _reply(reply: Reply | bytes | object) -> Reply:
    if isinstance(reply, Reply):
        return reply
    return Reply(reply if isinstance(reply, bytes) else json.dumps(reply).encode())


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("content-length") or 0)
            form = _single(self.rfile.read(length).decode())
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = site.next_reply(Asked(self.command, parts.path, _single(parts.query), headers, form))
            if reply.late:
                site.over.wait(30)
            self.send_response(reply.status)
            if reply.status not in (204, 304):
                self.send_header("Content-Length", str(len(reply.body) + reply.cut))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)
            if reply.cut:
                self.close_connection = True

        do_POST = do_CONNECT = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):
                super().handle()

    return Handler


def _single(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


@pytest.fixture
def site() -> Iterator[Site]:
    """The server, stopped at the end."""
    made = Site()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.over.set()
    made.server.shutdown()
    made.server.server_close()


class Time:
    """A clock that sleeping moves on; `slept` are the waits in seconds."""

    def __init__(self, now: dt.datetime) -> None:
        self.clock = FixedClock(now)
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.clock.moment += dt.timedelta(seconds=seconds)

    def monotonic(self) -> float:
        return self.clock.moment.timestamp()


@pytest.fixture
def time() -> Time:
    """It is the morning after the games."""
    return Time(MORNING)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> str:
    """The canary is every source's key."""
    for name in KEYS:
        monkeypatch.setenv(name, CANARY)
    return CANARY


@pytest.fixture
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment has no key."""
    for name in (*KEYS, "BIGDATABALL_SERVICE_ACCOUNT"):
        monkeypatch.delenv(name, raising=False)


def standing_in(site: Site, **patience: Any) -> dict[str, Host]:
    """Every host, served by the site."""
    known = hosts(Settings())
    return {name: replace(host, base=site.base, **patience) for name, host in known.items()}


@contextmanager
def client_for(site: Site, time: Time, folder: Path, **patience: Any) -> Iterator[Client]:
    """A client whose every host is the site."""
    known = standing_in(site, **patience)
    with Client(known, folder, time.clock, Secrets(), sleep=time.sleep, monotonic=time.monotonic) as client:
        yield client


@pytest.fixture
def client(site: Site, time: Time, tmp_path: Path) -> Iterator[Client]:
    """A client of the site."""
    with client_for(site, time, tmp_path) as made:
        yield made


MakeSession = Callable[[str], Session]


@pytest.fixture
def session_for(site: Site, time: Time, tmp_path: Path) -> Iterator[MakeSession]:
    """`session_for(source)`: a session on the site, with an empty landing zone."""
    secrets = Secrets()
    landing = LocalObjectStore(tmp_path / "landing")
    validators = Validators(tmp_path / "validators", landing)
    known = standing_in(site)
    with Client(known, tmp_path, time.clock, secrets, sleep=time.sleep, monotonic=time.monotonic) as made:
        yield lambda source: Session(source, made, secrets, validators)


@pytest.fixture
def at_home(tmp_path: Path, database_url: str, site: Site) -> Settings:
    """Settings of an empty home whose every source is the site."""
    bases = dict.fromkeys(hosts(Settings()), site.base)
    return Settings(home=tmp_path / "home", database_url=SecretStr(database_url), fetch_bases=bases)
