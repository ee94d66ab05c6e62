"""Which module parses a source: the one of its name. A new source is a contract and a module, listed nowhere."""

from __future__ import annotations

import functools
import importlib
import importlib.util
from types import ModuleType


@functools.cache
def parser(source: str) -> ModuleType | None:
    """The module `sources.<source>`, None if there is none that parses.

    It has `parse(data, object_name) -> Parsed`. One whose source comes in several forms also has
    `merge_forms(rows, spoken)`, which makes one row of what the forms say of a key (see `team_forms`); one some of
    whose drops do not say which game they are about has `name_games(rows, spoken)`, which learns it from the others;
    one whose rows name several players has `resolve_names(rows, captures, identity, aliases)` (see `event_names`).
    """
    name = f"nba_assets.sources.{source}"
    module = importlib.import_module(name) if importlib.util.find_spec(name) is not None else None
    return module if hasattr(module, "parse") else None
