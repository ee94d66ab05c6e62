"""`nba-assets query`."""

from __future__ import annotations

import sys

from nba_assets import console
from nba_assets.commands.session import opened
from nba_assets.errors import UsageError


def dry(sql: str, *, as_json: bool) -> None:
    """Print how many bytes the query would scan."""
    with opened() as platform:
        size = platform.warehouse.scanned_bytes(sql)
    if as_json:
        console.as_json({"scanned_bytes": size})
    else:
        console.say(f"{size:,} bytes would be scanned")


def run(sql: str, *, as_json: bool, as_csv: bool) -> None:
    """Ask the warehouse and print the rows."""
    if as_json and as_csv:
        raise UsageError("--json and --csv exclude each other", "choose one")
    with opened() as platform:
        frame = platform.warehouse.query(sql)
    if as_csv:
        frame.to_csv(sys.stdout, index=False)
    elif as_json:
        twice = frame.columns[frame.columns.duplicated()]
        if len(twice):
            raise UsageError(f"two columns are called {twice[0]!r}", "name one of them otherwise with AS")
        console.as_json(console.records(frame))
    else:
        console.table("", list(frame.columns), console.values(frame))
        console.say(f"{len(frame):,} rows")
