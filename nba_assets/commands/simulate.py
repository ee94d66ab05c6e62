"""`nba-assets simulate`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import orjson

from nba_assets import console
from nba_assets.errors import UsageError
from nba_assets.simulator.faults import simulate_with_faults
from nba_assets.simulator.faults.night import Effect
from nba_assets.storage.files import storage_error


def run(out: Path, *, seed: int, start: dt.date, end: dt.date, faults: Sequence[str], pdf: bool, as_json: bool) -> None:
    """Write the drops and print how many of each source; with faults, beside the folder, what was done to which."""
    if end < start:
        raise UsageError(f"--end {end} is before --start {start}", "give the earlier date as --start")
    try:
        counts, done = simulate_with_faults(out, seed=seed, start=start, end=end, faults=faults, pdf=pdf)
        report = _report(out, done) if faults else None
    except OSError as error:
        raise storage_error(error, f"write drops below {out}") from error
    if as_json:
        total = sum(counts.values())
        said = {"folder": str(out), "files": counts, "total": total, "data_origin": "simulated"}
        console.as_json(said | ({"faults": [effect.as_dict() for effect in done]} if faults else {}))
        return
    console.table(f"Simulated drops in {out}", ["source", "files"], [*counts.items(), ("total", sum(counts.values()))])
    if report is not None:
        console.say(f"{len(done)} things were done to files; which and what should come of it: {report}")
    console.say(f"Next: nba-assets ingest {out}")


def _report(out: Path, done: Sequence[Effect]) -> Path:
    """The list of what was done, as JSON beside the folder, where no `ingest` takes it for a drop."""
    path = out.with_name(f"{out.name}.faults.json")
    path.write_bytes(orjson.dumps([effect.as_dict() for effect in done], option=orjson.OPT_INDENT_2))
    return path
