"""When Python looks for cyclic garbage."""

from __future__ import annotations

import gc
import sys

COLLECTED_AT = (100_000, 20, 20)
"""Frames, payloads and imported modules are millions of objects, few of them in cycles: looking through all of them at
the default rate takes a tenth of a season's ingest, and of the start of a command."""


def look_seldom() -> None:
    """Look for it that seldom from now on."""
    gc.set_threshold(*COLLECTED_AT)


def look_no_more() -> None:
    """The process ends: what is left goes with it, unlooked at, a tenth of a second sooner.

    Not where DuckDB is loaded: it complains of what is left.
    """
    if "duckdb" not in sys.modules:
        gc.freeze()
        gc.disable()
