"""The files of a date, one module per source, each named after the table that its rows become."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable

from nba_assets.simulator.files.folder import Folder
from nba_assets.simulator.season import Day

Writer = Callable[[Folder, Day], None]


def write_day(folder: Folder, day: Day) -> None:
    """Write every source's files of a date."""
    for write in _writers():
        write(folder, day)


@functools.cache
def _writers() -> tuple[Writer, ...]:
    """`write` of every module here that has one."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.write for module in modules if inspect.isfunction(getattr(module, "write", None)))
