"""`nba-assets publish`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict

import pandas as pd

from nba_assets import console
from nba_assets.commands.prune import say_kinds
from nba_assets.commands.session import opened
from nba_assets.engine.release import current_manifest, publish, rollback_release
from nba_assets.engine.release_difference import Change, release_difference
from nba_assets.errors import PlatformError


def run(*, rollback: int | None, confirmed: Sequence[dt.date], as_json: bool) -> None:
    """Go back to a release, or publish confirmed dates, if asked to; then show the release that readers see."""
    with opened() as platform:
        if confirmed:
            publish(platform, [pd.Timestamp(day) for day in confirmed], confirmed=confirmed)
        if rollback is not None:
            rollback_release(platform, rollback)
        manifest = current_manifest(platform)
        if manifest is None:
            raise PlatformError("nothing is published", "nba-assets ingest takes drops in and publishes")
        facts = {key: manifest[key] for key in ("sequence", "as_of", "generated_at", "previous")}
        facts |= {"files": len(manifest["files"]), "folder": str(platform.settings.published.absolute())}
    if as_json:
        console.as_json(facts)
    else:
        console.table("The release that readers see", ["fact", "value"], facts.items())


def compare(before: int, after: int, *, as_json: bool) -> None:
    """Print the files of which readers of the two releases see something else."""
    with opened() as platform:
        found = release_difference(platform, before, after)
    if as_json:
        console.as_json({"before": before, "after": after, "changes": [asdict(change) for change in found]})
        return
    rows = [[change.name, change.what, change.bytes_before, change.bytes_after, _status(change)] for change in found]
    console.table("", ["file", "", f"bytes in {before}", f"in {after}", "status"], rows)
    counts = ", ".join(f"{sum(change.what == what for change in found)} {what}" for what in ("new", "changed", "gone"))
    console.say(f"From release {before} to {after}: {counts}.")


def _status(change: Change) -> str | None:
    sides = (change.status_before, change.status_after)
    return sides[1] if sides[0] == sides[1] else " → ".join(status or "none" for status in sides)


def collect(*, as_json: bool) -> None:
    """Remove releases that nobody can have seen as the newest for so long, and objects that no kept one has."""
    from nba_assets.engine.retention import prune_releases

    with opened() as platform, console.progress() as bar:
        bar.add_task("removing", total=None)
        kinds = list(prune_releases(platform))
    if as_json:
        console.as_json({"kinds": [asdict(kind) for kind in kinds]})
    else:
        say_kinds(kinds)
