"""Streams of events by themselves: silence, the bound on clients, what is left of one that went."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Message

from nba_assets.clock import SystemClock
from nba_assets.web.cache import ByteCache
from nba_assets.web.current_release import CurrentRelease
from nba_assets.web.events import Events
from nba_assets.web.files import Files
from nba_assets.web.names import in_tree
from nba_assets_tests.web import tree

SCOPE = {"type": "http", "method": "GET", "path": "/events", "asgi": {"spec_version": "2.3"}}


def events(published: Path, **bounds: float) -> Events:
    """Over a release of one file."""
    tree.write(published, {"status.json": {"status": "complete", "data": {}}})
    files = Files(published / "v1", in_tree, ByteCache(1_000_000), SystemClock())
    return Events(CurrentRelease(files), **bounds)  # type: ignore[arg-type]


def asked(*headers: tuple[bytes, bytes]) -> Request:
    return Request(SCOPE | {"headers": list(headers)})


async def told(found: object, number: int) -> list[bytes]:
    """The first pieces of a stream."""
    assert isinstance(found, StreamingResponse)
    stream = found.body_iterator
    assert isinstance(stream, AsyncIterator)
    return [await anext(stream) for _ in range(number)]  # type: ignore[misc]


async def with_client(server: Events) -> tuple[list[Message], asyncio.Task[None], asyncio.Event]:
    """A client that stays until its event is set."""
    response, gone, said = await server.endpoint(asked()), asyncio.Event(), []

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        said.append(message)

    task = asyncio.create_task(response(SCOPE, receive, send))
    await asyncio.sleep(0.05)
    return said, task, gone


def test_silence_is_broken_by_comments(tmp_path: Path) -> None:
    server = events(tmp_path, heartbeat=0.05)
    retry, release, *comments = asyncio.run(_first(server, 4))
    assert retry == b"retry: 2000\n\n" and release.startswith(b"id: 1\nevent: release\ndata: {")
    assert comments == [b": still here\n\n"] * 2


async def _first(server: Events, number: int, *headers: tuple[bytes, bytes]) -> list[bytes]:
    return await told(await server.endpoint(asked(*headers)), number)


def test_who_was_told_of_the_release_is_not_told_again(tmp_path: Path) -> None:
    pieces = asyncio.run(_first(events(tmp_path, heartbeat=0.05), 3, (b"last-event-id", b"1")))
    assert pieces[1:] == [b": still here\n\n"] * 2


def test_above_the_bound_a_client_is_asked_to_come_back_and_a_place_becomes_free(tmp_path: Path) -> None:
    async def run() -> None:
        server = events(tmp_path, max_clients=2)
        clients = [await with_client(server) for _ in range(2)]
        refused = await server.endpoint(asked())
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
        _, task, gone = clients[0]
        gone.set()
        await task
        said, last, _ = await with_client(server)
        assert said[0]["status"] == 200
        server.close()
        await asyncio.gather(last, clients[1][1])
        assert said[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
        assert server._clients == set() and server._watch is None

    asyncio.run(run())
