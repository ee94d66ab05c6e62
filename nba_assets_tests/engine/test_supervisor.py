"""Processes under one roof: what dies is started again, later each time it dies young; in the end none is left."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from nba_assets.engine.supervisor import Child, Supervisor, living

SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAF = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"]
PARENT = [sys.executable, "-c", f"import subprocess; subprocess.run({SLEEPS!r})"]
DIES = [sys.executable, "-c", "print('said before it died', flush=True); raise SystemExit(3)"]


def until(holds: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Callable[..., Supervisor]]:
    """`supervised(one=COMMAND, …)` runs a supervisor of those commands in a thread; it is stopped afterwards.

    Its processes end when they are asked to, whatever the shell that started the tests ignores.
    """
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    running: list[tuple[Supervisor, threading.Thread]] = []

    def start(**commands: list[str]) -> Supervisor:
        children = [Child(name, command, tmp_path / f"{name}.log") for name, command in commands.items()]
        told: list[str] = []
        supervisor = Supervisor(children, os.environ, tmp_path / "up.json", told.append)
        thread = threading.Thread(target=supervisor.run)
        thread.start()
        running.append((supervisor, thread))
        until(lambda: all(child.process is not None for child in children))
        return supervisor

    yield start
    for supervisor, thread in running:
        supervisor.stop.set()
        thread.join(60)
    signal.signal(signal.SIGTERM, before)


def pid_of(supervisor: Supervisor, number: int = 0) -> int:
    process = supervisor.children[number].process
    assert process is not None
    return process.pid


def test_what_is_killed_is_started_again_and_the_other_is_left_alone(supervised: Callable[..., Supervisor]) -> None:
    supervisor = supervised(one=SLEEPS, other=SLEEPS)
    first, other = pid_of(supervisor), pid_of(supervisor, 1)
    os.kill(first, signal.SIGKILL)
    until(lambda: pid_of(supervisor) != first)
    assert pid_of(supervisor, 1) == other
    until(lambda: living(supervisor.state) == {"one": True, "other": True})


def test_one_that_dies_young_is_started_ever_later_and_its_words_are_kept(
    supervised: Callable[..., Supervisor],
) -> None:
    supervisor = supervised(poor=DIES)
    child = supervisor.children[0]
    until(lambda: child.deaths >= 2)
    assert child.pause >= 3.0
    assert "said before it died" in child.log.read_text()


def test_in_the_end_nobody_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nba_assets.engine.supervisor.PATIENCE", 1.0)
    children = [Child("deaf", DEAF, tmp_path / "deaf.log"), Child("parent", PARENT, tmp_path / "parent.log")]
    supervisor = Supervisor(children, os.environ, tmp_path / "up.json", lambda _: None)
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    until(lambda: children[1].process is not None and psutil.Process(children[1].process.pid).children())
    assert children[1].process is not None
    everybody = [*psutil.Process(children[1].process.pid).children(), psutil.Process(pid_of(supervisor))]
    supervisor.stop.set()
    thread.join(30)
    until(lambda: not any(process.is_running() and process.status() != "zombie" for process in everybody))
    assert living(supervisor.state) is None


def test_a_supervisor_that_was_killed_leaves_word_of_who_lives(supervised: Callable[..., Supervisor]) -> None:
    supervisor = supervised(one=SLEEPS)
    said = supervisor.state.read_bytes()
    pid = pid_of(supervisor)
    supervisor.stop.set()
    until(lambda: not psutil.pid_exists(pid))
    until(lambda: not supervisor.state.exists())
    supervisor.state.write_bytes(said)
    assert living(supervisor.state) == {"one": False}
