"""The processes that see to a day's files: `nba-assets watch`, or Dagster's daemon alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nba_assets.commands.up import environment
from nba_assets.settings import Settings
from nba_assets.storage.dagster_instance import write_dagster_yaml

CLOCK = "NBA_ASSETS_TESTS_CLOCK"
"""The file of the clock that the processes share."""
PATIENCE = 60.0
SWEEP_SECONDS = 5
"""The daemon's sweeps go by the machine's clock, which is slower than the day's."""


def commands(clock: Path) -> dict[str, list[str]]:
    """By name of the lane the command of its process."""
    return {
        "watch": [sys.executable, "-m", "nba_assets_tests.soak.verb", str(clock), "0", "watch"],
        "daemon": [str(Path(sys.executable).parent / "dagster-daemon"), "run", "-m", definitions_module()],
    }


def definitions_module() -> str:
    """The module that the daemon loads."""
    return f"{__package__}.definitions"


@contextmanager
def running(lane: str, home: Path, clock: Path) -> Iterator[None]:
    """The lane's process, as long as the day lasts."""
    settings = Settings(home=home, database_url=None)
    write_dagster_yaml(settings)
    log = home.parent / f"{lane}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            commands(clock)[lane],
            env=environment(settings) | {CLOCK: str(clock), "NBA_ASSETS_SWEEP_SECONDS": str(SWEEP_SECONDS)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
            assert process.poll() is None, f"{lane} has ended: {log.read_text()[-2000:]}"
        finally:
            process.terminate()
            process.wait(PATIENCE)
