"""A process of an episode, forked from one that has imported everything; it is killed sooner or later."""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nba_assets.definitions import defs
from nba_assets.defs.run import run_range  # noqa: F401 (with all that it imports)
from nba_assets.engine import platform as platforms
from nba_assets.engine.failure import classify
from nba_assets.engine.platform import Platform
from nba_assets.settings import Settings
from nba_assets_tests.soak import chores, deaths
from nba_assets_tests.soak.clock import SteppedClock
from nba_assets_tests.soak.logs import speak_into

for _job in ("all_phases", "entity_refresh"):
    defs.resolve_job_def(_job)


@dataclass(frozen=True)
class Life:
    """What a process does and how it ends: `death` at a point if it gets there, else by whoever started it."""

    number: int
    home: Path
    clock: Path
    skew: float
    chore: str
    seed: str
    folder: Path
    logs: Path
    death: deaths.Death | None
    largest_file: int | None
    """Bytes beyond which the operating system lets it write no file."""


def live(life: Life) -> None:
    """Do the chore until death. An error that time does not heal is written down."""
    speak_into(life.logs / f"{life.number:05d}-{life.chore.replace(' ', '-')}.log")
    try:
        platform = Platform.open(Settings(home=life.home, database_url=None), SteppedClock(life.clock, life.skew))
        platforms.use(platform)
        if life.death is not None:
            deaths.arm(life.death)
        if life.largest_file is not None:
            hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            resource.setrlimit(resource.RLIMIT_FSIZE, (life.largest_file, hard))
        chores.go_on(platform, life.chore, random.Random(life.seed), life.folder)
    except Exception as error:
        traceback.print_exc()
        kind = "transient" if any(classify(one) == "transient" for one in _chain(error)) else "permanent"
        if kind == "permanent":
            said = {"chore": life.chore, "error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
            (life.logs / f"{life.number:05d}.crash").write_text(json.dumps(said))
        sys.stderr.flush()
        os._exit(3 if kind == "permanent" else 2)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those while which it came about: Dagster stores events once more when the database was lost."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
