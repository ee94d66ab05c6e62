"""Which module parses a source: the one of its name. A new source is a contract and a module, listed nowhere."""

from __future__ import annotations

import functools
import importlib
import importlib.util
from types import ModuleType


@functools.cache
def parser(source: str) -> ModuleType | None:
    """The module `sources.<source>`, None if there is none.

    It has `parse(data, object_name) -> Parsed`. One whose source comes in several forms also has
    `merge_forms(rows, spoken)`, which makes one row of what the forms say of a key (see `team_forms`).
    """
    name = f"nba_assets.sources.{source}"
    return importlib.import_module(name) if importlib.util.find_spec(name) is not None else None
