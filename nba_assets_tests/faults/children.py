"""Processes that die by kill -9 in the middle of their work, forked from one that has imported everything."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SECONDS = 120
"""For which a child may run."""

_children = multiprocessing.get_context("forkserver")
_children.set_forkserver_preload(["nba_assets.definitions", "nba_assets_tests.faults.children"])


@dataclass(frozen=True)
class Death:
    """Where a process dies: around which call of a function or method, `module:Class.method` or `module:function`."""

    place: str
    call: int = 1
    before: bool = False

    def __str__(self) -> str:
        return f"{'before' if self.before else 'after'} {self.place.rpartition(':')[2]} {self.call}"

    def prepare(self) -> None:
        """Make this process die there."""
        module, _, path = self.place.partition(":")
        *owners, name = path.split(".")
        owner: Any = importlib.import_module(module)
        for one in owners:
            owner = getattr(owner, one)
        inner, calls, lock = getattr(owner, name), [0], threading.Lock()

        def deadly(*args: Any, **kwargs: Any) -> Any:
            with lock:
                calls[0] += 1
                mine = calls[0] == self.call
            if mine and self.before:
                os.kill(os.getpid(), signal.SIGKILL)
            result = inner(*args, **kwargs)
            if mine:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        setattr(owner, name, deadly)


def killed(death: Death, work: Callable[..., object], *args: object) -> None:
    """Run `work(*args)` in a process of its own until its death there. Fails if it does not die of it."""
    child = _children.Process(target=_dying, args=(death, work, args))
    child.start()
    child.join(SECONDS)
    if child.is_alive():
        child.kill()
    assert child.exitcode == -signal.SIGKILL, f"it ended with {child.exitcode}, not {death}"


def beside(work: Callable[..., object], *args: object) -> multiprocessing.process.BaseProcess:
    """A process that runs `work(*args)` beside this one."""
    child = _children.Process(target=work, args=args)
    child.start()
    return child


def _dying(death: Death, work: Callable[..., object], args: tuple[object, ...]) -> None:
    death.prepare()
    work(*args)
