"""The storm of an episode: deliveries, deaths, full disks, stepped clocks, a killed database, all drawn from a seed."""

from __future__ import annotations

import contextlib
import datetime as dt
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from nba_assets_tests.soak import deaths
from nba_assets_tests.soak.chores import CHORES
from nba_assets_tests.soak.clock import SteppedClock
from nba_assets_tests.soak.league import Delivery
from nba_assets_tests.soak.worker import Life, live

TICK = 0.05
AT_ONCE = 4
"""Processes that work on the home at one time."""
VERB_EVERY = 15
"""One process of so many, the third first, is a command started from nothing; the others are forked, imports done."""
DATABASE = {"Postgres", "a process of Postgres"}
LONGEST = 3
"""Times the storm's seconds: so long it goes on where a busy machine has not yet let each kind of death happen."""
FIRST = (1 / 3, 2 / 3)
"""Shares of a storm, or of 40 s of a longer one: between them its database is first killed and its disk first full."""
STEP = 600.0
"""Seconds by which the clock is stepped, and that it is behind its latest at most."""
SKEWS = (0.0, 0.0, 0.0, STEP, -STEP)
"""Seconds by which a process's clock is wrong."""
PRESSED = 0.1
"""Of processes: the share that cannot write files of any size."""
DISK = 24 * 1024 * 1024
"""Bytes of the file system that the tables are on, where one can be mounted."""


@dataclass
class Counts:
    """What the storm did."""

    kills: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    started: int = 0
    brought: Counter[str] = field(default_factory=Counter)
    full: int = 0
    steps: int = 0

    def is_of_each_kind(self) -> bool:
        """Whether a process died at a point, one at any time, and the database or a part of it."""
        points = {f"at {point}" for point in deaths.POINTS}
        return all(self.kills.keys() & kind for kind in (points, {"at any time"}, DATABASE))


@dataclass
class Running:
    """A process and when its time is over."""

    life: Life
    ends: float
    forked: BaseProcess | None = None
    command: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        process = self.forked or self.command
        assert process is not None and process.pid is not None
        return process.pid

    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        if self.forked is not None:
            return self.forked.exitcode
        assert self.command is not None
        return self.command.poll()


class Storm:
    """A storm over a home for some seconds."""

    def __init__(self, seed: str, base: Path, clock: SteppedClock, *, pace: float) -> None:
        self._rng = random.Random(seed)
        self._base, self._clock, self._pace = base, clock, pace
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["nba_assets_tests.soak.worker"])
        self._running: list[Running] = []
        self._torn: list[tuple[float, Delivery]] = []
        self._full_until = self._latest = 0.0
        self.counts = Counts()

    @property
    def home(self) -> Path:
        return self._base / "home"

    @property
    def folder(self) -> Path:
        return self._base / "by_hand"

    @property
    def logs(self) -> Path:
        return self._base / "logs"

    def rage(self, brought: Sequence[tuple[dt.datetime, Delivery]], seconds: float) -> None:
        """Bring each file when the clock says that it is time, what is left at the end, and kill all the while.

        For at least so many seconds, and until each kind of death has happened.
        """
        began = time.monotonic()
        waiting = list(brought)
        next_kill, next_full = (min(seconds, 40) * self._rng.uniform(*FIRST) for _ in range(2))
        try:
            while (passed := time.monotonic() - began) < seconds or (
                passed < LONGEST * seconds and not self.counts.is_of_each_kind()
            ):
                self._reap()
                self._kill_those_whose_time_is_over()
                self._start()
                while waiting and waiting[0][0] <= self._clock.now():
                    self._bring(waiting.pop(0)[1])
                self._mend()
                if self._full_until and time.monotonic() > self._full_until:
                    self._free_disk()
                if passed > next_kill:
                    self._kill_database()
                    next_kill = passed + self._rng.uniform(10, 40)
                if passed > next_full:
                    self._fill_disk()
                    next_full = passed + self._rng.uniform(15, 60)
                self._move_clock()
                time.sleep(TICK)
        finally:
            for when, delivery in waiting:
                self._clock.step(max(0.0, (when - self._clock.now()).total_seconds()))
                self._bring(delivery)
            for _, delivery in self._torn:
                self._put(self.home / "landing" / delivery.name, delivery.data)
            self._free_disk()
            for one in self._running:
                self._kill(one, "the end")
            self._running.clear()

    def _start(self) -> None:
        while len(self._running) < AT_ONCE:
            self.counts.started += 1
            chore = self._rng.choices(list(CHORES), [often for _, often in CHORES.values()])[0]
            life = Life(
                number=self.counts.started,
                home=self.home,
                clock=self._base / "clock",
                skew=self._rng.choice(SKEWS),
                chore=chore,
                seed=f"{self._rng.random()}",
                folder=self.folder,
                logs=self.logs,
                death=deaths.drawn(self._rng) if self._rng.random() < 0.6 else None,
                largest_file=self._rng.choice((0, 512, 4096, 32768)) if self._rng.random() < PRESSED else None,
            )
            is_verb = self.counts.started % VERB_EVERY == 3
            ends = time.monotonic() + self._lifetime() + (5 if is_verb else 2 if life.death is not None else 0)
            running = Running(life, ends)
            if is_verb:
                running.command = self._command(life)
            else:
                running.forked = self._context.Process(target=live, args=(life,), daemon=True)
                running.forked.start()
            self._running.append(running)

    def _lifetime(self) -> float:
        """Seconds: mostly too few to finish anything, sometimes enough to finish all."""
        kind = self._rng.random()
        if kind < 0.7:
            return self._rng.uniform(0.05, 2)
        return self._rng.uniform(2, 8) if kind < 0.93 else self._rng.uniform(8, 25)

    def _command(self, life: Life) -> subprocess.Popen[bytes]:
        verb = ["ingest", str(self.folder)] if life.chore == "ingest" else ["watch"]
        module = ["-m", "nba_assets_tests.soak.verb", str(life.clock), str(life.skew), *verb]
        environment = {name: text for name, text in os.environ.items() if not name.startswith("NBA_ASSETS_")}
        log = (self.logs / f"{life.number:05d}-command-{verb[0]}.log").open("wb")
        with log:
            return subprocess.Popen(
                [sys.executable, *module],
                env=environment | {"NBA_ASSETS_HOME": str(life.home)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _reap(self) -> None:
        for one in list(self._running):
            code = one.exit_code()
            if code is not None:
                self._running.remove(one)
                if code == -signal.SIGKILL:
                    where = f"at {one.life.death.point}" if one.life.death is not None else "by others"
                    self.counts.kills[where] += 1
                else:
                    self.counts.ended["done" if code == 0 else "given up" if code == 2 else f"code {code}"] += 1

    def _kill_those_whose_time_is_over(self) -> None:
        now = time.monotonic()
        for one in [one for one in self._running if one.ends <= now]:
            self._kill(one, "at any time" if one.command is None else "a command")
            self._running.remove(one)

    def _kill(self, one: Running, kind: str) -> None:
        if one.exit_code() is not None:
            return
        os.kill(one.pid, signal.SIGKILL)
        if one.forked is not None:
            one.forked.join()
        elif one.command is not None:
            one.command.wait()
        self.counts.kills[kind] += 1

    def _kill_database(self) -> None:
        """The server, or one of its processes, upon which it ends all of them and recovers."""
        marker = self.home / "postgres" / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError, IndexError, psutil.Error):
            server = psutil.Process(int(marker.read_text().splitlines()[0]))
            if not server.name().startswith("postgres"):
                return
            if self._rng.random() < 0.5:
                server.kill()
                self.counts.kills["Postgres"] += 1
            else:
                self._rng.choice(server.children()).kill()
                self.counts.kills["a process of Postgres"] += 1

    def _bring(self, delivery: Delivery) -> None:
        self.counts.brought[delivery.way] += 1
        if delivery.way == "folder":
            self._put(self.folder / delivery.name, delivery.data)
            return
        path = self.home / "landing" / delivery.name
        if delivery.way == "landing" or path.exists():
            self._put(path, delivery.data)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(delivery.data[: self._rng.randrange(1, len(delivery.data) - 1)])
        self._torn.append((time.monotonic() + self._rng.uniform(0.1, 4), delivery))

    def _put(self, path: Path, data: bytes) -> None:
        """As somebody does who knows how: beside it first, then renamed."""
        beside = self._base / "beside"
        beside.write_bytes(data)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.replace(path)

    def _mend(self) -> None:
        """Write the rest of files whose first part lies there, in place."""
        now = time.monotonic()
        for entry in [entry for entry in self._torn if entry[0] <= now]:
            self._torn.remove(entry)
            (self.home / "landing" / entry[1].name).write_bytes(entry[1].data)

    def _move_clock(self) -> None:
        now = self._clock.now().timestamp()
        self._latest = max(self._latest, now)
        if self._rng.random() < 0.01:
            step = self._rng.choice((-STEP, -60.0, STEP, 2 * STEP))
            self._clock.step(max(step, self._latest - STEP - now))
            self.counts.steps += 1
        self._clock.step(self._rng.uniform(0, 2 * self._pace * TICK))

    def _fill_disk(self) -> None:
        """Take up what the tables' file system has left, for some seconds; nothing if they have none of their own."""
        if not (self.home / "warehouse").is_mount():
            return
        ballast = self.home / "warehouse" / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb") as file:
            for size in (65536, 4096, 512):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"\0" * size)
                        file.flush()
        self._full_until = time.monotonic() + self._rng.uniform(1, 4)
        self.counts.full += 1

    def _free_disk(self) -> None:
        (self.home / "warehouse" / "ballast").unlink(missing_ok=True)
        self._full_until = 0.0


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """The folder on a small file system of its own, if one can be mounted here."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield
    finally:
        if mounted:
            kept = folder.with_name("warehouse.kept")
            shutil.copytree(folder, kept)
            subprocess.run(["umount", "-l", str(folder)], check=False)
            folder.rmdir()
            kept.replace(folder)
