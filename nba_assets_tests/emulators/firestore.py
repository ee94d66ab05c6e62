"""Google's Firestore emulator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nba_assets_tests.emulators.java import java_emulator

RULES = Path(__file__).parents[2] / "deploy" / "firestore" / "firestore.rules"


@contextmanager
def firestore_emulator() -> Iterator[str]:
    """Its `host:port`; for who comes without a token it keeps our rules."""

    def command(jar: str, host: str, port: int) -> list[str]:
        main = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
        return ["-cp", jar, main, "--host", host, "--port", str(port), "--rules", str(RULES)]

    gcloud = ("gcloud", "emulators", "firestore", "start", f"--rules={RULES}")
    with java_emulator("cloud-firestore-emulator/*.jar", command, gcloud) as address:
        yield address
