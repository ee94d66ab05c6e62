"""Processes that belong together: started, restarted when they die, ended together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import orjson
import psutil  # type: ignore[import-untyped]

from nba_assets.engine.processes import is_gone, process_name

PATIENCE = 20.0
"""Seconds that a process has to end by itself before it is killed."""
LONGEST_PAUSE = 30.0
STEADY = 60.0
"""A process that has lived so many seconds is restarted at once when it dies."""


@dataclass
class Child:
    """One process: its name, its command, where its output goes."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0

    def start(self, environment: Mapping[str, str]) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, env=dict(environment), stdout=out, stderr=subprocess.STDOUT, process_group=0
            )
        self.started = time.monotonic()

    @property
    def pause(self) -> float:
        """Seconds to wait before the next start: longer with every early death."""
        return min(2.0**self.deaths - 1.0, LONGEST_PAUSE)


@dataclass
class Supervisor:
    """Keeps its children alive until it is told to stop. `state` is a file that says which processes they are."""

    children: list[Child]
    environment: Mapping[str, str]
    state: Path
    tell: Callable[[str], None]
    stop: Event = field(default_factory=Event)

    def run(self) -> None:
        """Start all, look after them until `stop` is set, then end all of them."""
        try:
            for child in self.children:
                self._start(child)
            while not self.stop.wait(0.5):
                for child in self.children:
                    self._look_after(child)
        finally:
            self._end()

    def _start(self, child: Child) -> None:
        child.start(self.environment)
        self._write()

    def _look_after(self, child: Child) -> None:
        process = child.process
        if process is None or process.poll() is None:
            return
        lived = time.monotonic() - child.started
        child.deaths = 0 if lived >= STEADY else child.deaths + 1
        if lived < child.pause:
            child.deaths -= 1
            return
        self.tell(f"{child.name} ended with {process.returncode} after {lived:.0f} s: started again; see {child.log}")
        self._start(child)

    def _end(self) -> None:
        """Ask all to end, then kill what does not, whole process groups."""
        self.tell("stopping")
        running = [child for child in self.children if child.process is not None]
        for child in running:
            _signal(child, signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        for child in running:
            assert child.process is not None
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, until - time.monotonic()))
        for child in running:
            _signal(child, signal.SIGKILL)
            assert child.process is not None
            child.process.wait()
        self.state.unlink(missing_ok=True)

    def _write(self) -> None:
        found = {
            child.name: process_name(psutil.Process(child.process.pid))
            for child in self.children
            if child.process is not None and psutil.pid_exists(child.process.pid)
        }
        self.state.parent.mkdir(parents=True, exist_ok=True)
        staged = self.state.with_suffix(".new")
        staged.write_bytes(orjson.dumps(found))
        staged.replace(self.state)


def living(state: Path) -> dict[str, bool] | None:
    """By name whether each process of a supervisor lives; None where none was started, or all were ended."""
    try:
        found = orjson.loads(state.read_bytes())
    except FileNotFoundError:
        return None
    return {name: not is_gone(process) for name, process in found.items()}


def _signal(child: Child, number: signal.Signals) -> None:
    assert child.process is not None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.process.pid, number)
