"""`nba-assets simulate`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from nba_assets import console
from nba_assets.errors import UsageError
from nba_assets.simulator import simulate
from nba_assets.storage.files import storage_error


def run(out: Path, *, seed: int, start: dt.date, end: dt.date, as_json: bool) -> None:
    """Write the drops and print how many of each source."""
    if end < start:
        raise UsageError(f"--end {end} is before --start {start}", "give the earlier date as --start")
    try:
        counts = simulate(out, seed=seed, start=start, end=end)
    except OSError as error:
        raise storage_error(error, f"write drops below {out}") from error
    if as_json:
        console.as_json(
            {"folder": str(out), "files": counts, "total": sum(counts.values()), "data_origin": "simulated"}
        )
        return
    console.table(f"Simulated drops in {out}", ["source", "files"], [*counts.items(), ("total", sum(counts.values()))])
    console.say(f"Next: nba-assets ingest {out}")
