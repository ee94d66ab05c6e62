"""`serve`: the published tree and its page, on loopback, until it is told to stop."""

from __future__ import annotations

import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from nba_assets_tests.commands.conftest import Command

Serving = tuple[subprocess.Popen[str], str]


@pytest.fixture
def serving(ingested: Command) -> Iterator[Serving]:
    """A server on a free port, and its address."""
    process = ingested.start("serve", "--port", "0")
    assert process.stdout is not None
    yield process, process.stdout.readline().split()[0]
    process.kill()
    process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_on_loopback_and_ends_cleanly(number: signal.Signals, serving: Serving) -> None:
    process, address = serving
    assert address.startswith("http://127.0.0.1:")
    for path in ("", "v1/manifest.json", "readyz"):
        with urllib.request.urlopen(address + path) as answer:
            assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError, match="405"):
        urllib.request.urlopen(urllib.request.Request(address + "v1/manifest.json", method="POST"))
    port = int(address.rstrip("/").rpartition(":")[2])
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), timeout=5):
        pass
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_port_that_is_taken_is_said(ingested: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = ingested("serve", "--port", taken.getsockname()[1])
    assert said.code == 1
    assert "Address already in use (choose another --host or --port)" in said.error


def test_a_port_or_host_that_cannot_be_is_said(ingested: Command) -> None:
    assert "a port is 0 to 65535" in ingested("serve", "--port", "99999").error
    assert (
        "cannot listen on no-such-host.invalid:0"
        in ingested("serve", "--host", "no-such-host.invalid", "--port", "0").error
    )
