"""The files of a date, one module per source, each named after the table that its rows become."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Collection

from nba_assets.simulator.files.folder import Folder
from nba_assets.simulator.season import Day

Writer = Callable[[Folder, Day], None]


def write_day(folder: Folder, day: Day, without: Collection[str] = ()) -> None:
    """Write every source's files of a date, but none of the sources in `without`."""
    for source, write in _writers().items():
        if source not in without:
            write(folder, day)


@functools.cache
def _writers() -> dict[str, Writer]:
    """`write` of every module here that has one, by source."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = {name: importlib.import_module(f"{__name__}.{name}") for name in names}
    writers = {name: getattr(module, "write", None) for name, module in modules.items()}
    return {name: write for name, write in writers.items() if inspect.isfunction(write)}
