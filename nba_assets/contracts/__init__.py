"""Every table's contract, found by its name.

One module per table, `contracts/<dataset>/<table>.py`, each with one `TABLE`. A new table is one new module.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil

from nba_assets.contracts.model import Table

DATASETS = ("nba_raw", "nba_analytics", "nba_precompute", "nba_predictions", "published", "nba_orchestration")


@functools.cache
def tables() -> dict[str, Table]:
    """Every contract by its bare table name (unique over datasets), in dataset and module order."""
    found: dict[str, Table] = {}
    for dataset in DATASETS:
        package = importlib.import_module(f"nba_assets.contracts.{dataset}")
        for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            if hasattr(module, "TABLE"):
                table: Table = module.TABLE
                if table.dataset != dataset or table.name != info.name or table.name in found:
                    raise ValueError(f"{module.__name__} must hold the contract of {dataset}.{info.name}, once")
                found[table.name] = table
    return found


def table(name: str) -> Table:
    """The contract of `table` or `dataset.table`; raises `KeyError` with the nearest names."""
    bare = name.rpartition(".")[2]
    found = tables().get(bare)
    if found is None or name not in (bare, found.full_name):
        raise KeyError(f"no table {name!r}; known: {', '.join(sorted(tables()))}")
    return found
