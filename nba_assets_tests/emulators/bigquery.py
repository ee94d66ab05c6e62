"""BigQuery's emulator, bqemulator, in an environment of its own: it pins libraries that the platform has newer."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nba_assets_tests.conftest import absent
from nba_assets_tests.emulators.ports import ended_at_last, free_port, wait_for

ENVIRONMENT = Path(__file__).resolve().parents[2] / ".venv-bigquery"
EXTENSION = "duckdb_extension_spatial/extensions/*/spatial.duckdb_extension"


@contextlib.contextmanager
def bigquery_emulator() -> Iterator[tuple[str, str]]:
    """Its REST URL and the `host:port` of its Storage API. `make emulators` makes its environment."""
    program = ENVIRONMENT / "bin" / "bqemulator"
    if not program.exists():
        absent("emulators", "BigQuery's emulator is not installed: make emulators")
    rest, grpc = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="nba_assets_bigquery_") as home:
        _put_extension(Path(home))
        arguments = [program, "start", "--rest-port", rest, "--grpc-port", grpc, "--log-level", "error", "--ephemeral"]
        server = subprocess.Popen(
            list(map(str, arguments)),
            env={**os.environ, "HOME": home},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with ended_at_last(server):
            wait_for(server, f"http://127.0.0.1:{rest}/healthz")
            yield f"http://127.0.0.1:{rest}", f"127.0.0.1:{grpc}"


def _put_extension(home: Path) -> None:
    """DuckDB looks for extensions in the home of who runs it, and would fetch what is not there from the internet."""
    (found,) = ENVIRONMENT.glob(f"lib/*/site-packages/{EXTENSION}")
    folder = home / ".duckdb" / "extensions" / found.parent.name / "linux_amd64"
    folder.mkdir(parents=True)
    (folder / found.name).symlink_to(found)
