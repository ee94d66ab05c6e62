"""`nba-assets prune`."""

from __future__ import annotations

from dataclasses import asdict

from nba_assets import console
from nba_assets.commands.session import opened


def run(*, dry_run: bool, as_json: bool) -> None:
    """Print, kind by kind, how long it is kept, what was removed (or would be), and what stays."""
    from nba_assets.defs.retention import prune

    with opened() as platform, console.progress() as bar:
        bar.add_task("looking what may go" if dry_run else "pruning", total=None)
        kinds = prune(platform, dry_run=dry_run)
    if as_json:
        console.as_json({"dry_run": dry_run, "kinds": [asdict(kind) for kind in kinds]})
        return
    removed = "would be removed" if dry_run else "removed"
    lines = [[kind.what, kind.kept_for, kind.removed, kind.kept] for kind in kinds]
    console.table("", ("what", "kept for", removed, "kept"), lines)
    console.say("Files of the landing zone, drops and receipts, tables and open failed work are kept for ever.")
