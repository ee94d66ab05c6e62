"""`nba-assets publish`."""

from __future__ import annotations

from nba_assets import console
from nba_assets.commands.session import opened
from nba_assets.engine.release import current_manifest, rollback_release
from nba_assets.errors import PlatformError


def run(*, rollback: int | None, as_json: bool) -> None:
    """Go back to a release if asked to; then show the one that readers see."""
    with opened() as platform:
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
