"""`nba-assets backup` and `restore`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from nba_assets import console
from nba_assets.errors import UsageError
from nba_assets.settings import Settings
from nba_assets.storage.backup import backup, restore


def run_backup(folder: Path, *, as_json: bool) -> None:
    """Write a backup and print what is in it."""
    done = backup(_local(), folder)
    if as_json:
        console.as_json(asdict(done))
    else:
        console.say(f"{folder}: {done.files} files, {done.bytes:,} bytes, verified.")


def run_restore(folder: Path, *, as_json: bool) -> None:
    """Restore a backup and print what came back."""
    settings = _local()
    done = restore(settings, folder)
    if as_json:
        console.as_json(asdict(done))
    else:
        console.say(f"{settings.home}: {done.files} files, {done.bytes:,} bytes, verified.")


def _local() -> Settings:
    settings = Settings()
    if settings.profile != "local":
        raise UsageError(
            "backup and restore are of a local home; in the gcp profile Google keeps what is needed",
            "Cloud SQL's backups, BigQuery's time travel, object versions: see docs/deployment.md",
        )
    return settings
