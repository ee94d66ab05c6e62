"""The publisher: makes releases, goes back now and then, until it is killed."""

from __future__ import annotations

import datetime as dt
import os
import random
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nba_assets.clock import FixedClock
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import current_manifest, publish, rollback_release
from nba_assets.settings import Settings
from nba_assets_tests.soak import deaths
from nba_assets_tests.torn_reads.content import WEEKEND, mark_of, say

NOW = dt.datetime(2024, 11, 2, 16, tzinfo=dt.UTC)
"""Saturday noon in New York, before the second day's game."""
PUBLISH, ROLLBACK = "p", "r"
"""What is noted of each release that was made to its end."""
BACK = 20
"""Releases that a rollback goes back at most."""
POINTS = {"rename": 150, "manifest": 9, "objects": 20, "documents": 8, "fsync": 150, "stage": 150, "ledger log": 3}
"""Where it dies at a chosen point, and among how many calls the last one is drawn: those of some three releases.

The calls of `manifest` are in turn those of the kept manifest, of the manifest itself and of the copies' mark.
"""


@dataclass(frozen=True)
class Life:
    """One life of the publisher: its home, how often it goes back, where it dies if it lives so long."""

    settings: Settings
    noted: Path
    publishes: int
    rollbacks: int
    """There is a rollback after every `publishes / rollbacks` releases."""
    seed: str
    death: deaths.Death | None = None
    prepare: Callable[[], None] | None = None
    """Runs first; a test breaks the publisher so."""


def death(rng: random.Random) -> deaths.Death:
    """A chosen point, by chance."""
    point = rng.choice(list(POINTS))
    return deaths.Death(point, rng.randint(1, POINTS[point]), rng.random() < 0.5)


def live(life: Life) -> None:
    """Publish until death; an error is written beside the notes, and nothing but a death may end this."""
    try:
        if life.prepare is not None:
            life.prepare()
        platform = Platform.open(life.settings, FixedClock(NOW))
        if life.death is not None:
            deaths.arm(life.death)
        rng = random.Random(life.seed)
        notes = os.open(life.noted, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        while True:
            os.write(notes, one_release(platform, life, rng).encode())
    except Exception:
        life.noted.with_suffix(".error").write_text(traceback.format_exc())


def one_release(platform: Platform, life: Life, rng: random.Random) -> str:
    """Make one release, or go back to one; says which."""
    manifest = current_manifest(platform)
    sequence = manifest["sequence"] if manifest is not None else 0
    done = noted(life.noted)
    if sequence > 2 and done.count(ROLLBACK) * life.publishes < done.count(PUBLISH) * life.rollbacks:
        rollback_release(platform, rng.randint(max(1, sequence - BACK), sequence - 1))
        return ROLLBACK
    say(platform, mark_of(sequence + 1))
    publish(platform, WEEKEND)
    return PUBLISH


def noted(path: Path) -> str:
    """One letter for each release that was made to its end."""
    return path.read_text() if path.exists() else ""
