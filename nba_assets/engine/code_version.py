"""Code versions by content: a table's version is a hash of the code that can change its rows."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import nba_assets
from nba_assets.contracts import tables

ROOT = Path(nba_assets.__file__).parent
PACKAGES = {
    "nba_raw": ("sources", "league.py"),
    "nba_analytics": ("transforms", "market_lines.py", "league.py"),
    "nba_precompute": ("transforms", "market_lines.py", "league.py"),
    "nba_predictions": (
        *("modeling", "market_lines.py", "data_origin.py", "decision_time.py", "refits.py", "scope.py"),
        "contracts/prediction_columns.py",
    ),
    "published": ("publishing", "data_origin.py", "league.py"),
}
SHARED = ("contracts/frames.py", "contracts/columns.py", "contracts/raw_columns.py", "contracts/shot_zones.py")
"""What every contract may be written with."""


@functools.cache
def _hash(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        path = ROOT / part
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in {".py", ".csv", ".json"})
        for file in files:
            digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def code_version(table: str) -> str:
    """Twelve hex digits that change when the table's contract or the code that builds it changes."""
    contract = tables()[table]
    own = f"contracts/{contract.dataset}/{contract.name}.py"
    return _hash(own, *SHARED, *PACKAGES.get(contract.dataset, ()))[:12]
