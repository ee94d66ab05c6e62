"""A simulated league that writes drops in every source's own format. No clock, no network; a seed fixes every byte.

What it writes proves machinery, never skill: its arenas are called `Simulated ...`, by which `data_origin` knows it.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from nba_assets.simulator.faults import simulate_with_faults


def simulate(out: Path, *, seed: int, start: dt.date, end: dt.date, pdf: bool = False) -> dict[str, int]:
    """Write the drops of the dates `start` to `end` of a league below `out`; the files written by source.

    With `pdf` gamebooks are PDFs (some 10 ms each to read), else their parsed twins; injury reports are always PDFs.

    The drops of a date depend on `seed`, `start` and the date, not on `end`. Raises `UsageError` for a negative seed.
    """
    counts, _ = simulate_with_faults(out, seed=seed, start=start, end=end, faults=(), pdf=pdf)
    return counts
