"""`nba-assets prune`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from nba_assets import console
from nba_assets.commands.session import opened

if TYPE_CHECKING:
    from nba_assets.engine.retention import Retained


def run(*, dry_run: bool, as_json: bool) -> None:
    """Print, kind by kind, how long it is kept, what was removed (or would be), and what stays."""
    from nba_assets.defs.retention import prune

    with opened() as platform, console.progress() as bar:
        bar.add_task("looking what may go" if dry_run else "pruning", total=None)
        kinds = prune(platform, dry_run=dry_run)
    if as_json:
        console.as_json({"dry_run": dry_run, "kinds": [asdict(kind) for kind in kinds]})
        return
    say_kinds(kinds, "would be removed" if dry_run else "removed")
    console.say("Files of the landing zone, drops and receipts, tables and open failed work are kept for ever.")


def say_kinds(kinds: Iterable[Retained], removed: str = "removed") -> None:
    """Print, kind by kind, how long it is kept, how many were removed, how many stay."""
    lines = [[kind.what, kind.kept_for, kind.removed, kind.kept] for kind in kinds]
    console.table("", ("what", "kept for", removed, "kept"), lines)
