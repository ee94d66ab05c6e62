"""A real mail server and a real web server on this machine that keep what apprise sends them."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr
from sqlalchemy import text

from nba_assets.clock import FixedClock
from nba_assets.engine.platform import Platform
from nba_assets.settings import Settings
from nba_assets.storage import ledger_schema
from nba_assets.storage.embedded_postgres import engine_of
from nba_assets_tests.conftest import new_database

NOON = dt.datetime(2024, 11, 1, 16, 0, tzinfo=dt.UTC)
"""12:00 in New York."""
CANARY = "canary-7c1e"
"""A planted secret."""


@dataclass
class Mailbox:
    """Mail that arrived."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}/?from={CANARY}@example.com&mode=insecure&to=desk@example.com"

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@dataclass
class Webhook:
    """Messages that were posted; `status` is what the server answers, `hold` makes it wait before it does."""

    port: int = 0
    posted: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    hold: threading.Event | None = None

    @property
    def url(self) -> str:
        return f"json://me:{CANARY}@127.0.0.1:{self.port}/{CANARY}"

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.posted]


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A mail server on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box = Mailbox(free.getsockname()[1])
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    yield box
    server.stop()


@contextmanager
def web_server() -> Iterator[Webhook]:
    """A web server on a free port."""
    hook = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if hook.hold is not None:
                hook.hold.wait(10)
            if hook.status == 200:
                hook.posted.append(message)
            self.send_response(hook.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield hook
    server.shutdown()
    server.server_close()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with web_server() as hook:
        yield hook


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture(scope="module")
def one_database(postgres: str) -> Iterator[str]:
    """A database for all tests of a file."""
    with new_database(postgres) as url:
        yield url


@pytest.fixture
def desk(one_database: str, tmp_path: Path, clock: FixedClock) -> Iterator[Platform]:
    """An empty platform at noon that tells nobody."""
    settings = Settings(home=tmp_path / "home", database_url=SecretStr(one_database), alarm_urls=None)
    platform = Platform.open(settings, clock)
    names = ", ".join(t.fullname for t in ledger_schema.metadata.sorted_tables if t.name != "schema_version")
    with engine_of(one_database).begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
    yield platform
    platform.close()


@pytest.fixture
def told(desk: Platform, webhook: Webhook) -> Platform:
    """The same, which tells the webhook."""
    desk.settings.alarm_urls = SecretStr(webhook.url)
    return desk
