"""Google's Pub/Sub emulator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nba_assets_tests.emulators.java import java_emulator


@contextmanager
def pubsub_emulator() -> Iterator[str]:
    """Its `host:port`."""

    def command(jar: str, host: str, port: int) -> list[str]:
        return ["-jar", jar, f"--host={host}", f"--port={port}"]

    gcloud = ("gcloud", "beta", "emulators", "pubsub", "start", "--project=nba-assets")
    with java_emulator("pubsub-emulator/lib/*.jar", command, gcloud) as address:
        yield address
