"""`nba-assets doctor`."""

from __future__ import annotations

import platform as machine
import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from typing import Any

import typer

from nba_assets import console
from nba_assets.commands.faults import plain_fault
from nba_assets.commands.session import opened
from nba_assets.commands.up import state_file
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import current_manifest, verify_release
from nba_assets.engine.supervisor import living
from nba_assets.errors import PlatformError
from nba_assets.settings import Settings

ENOUGH = 2 * 1024**3
"""Bytes that should be free on the home's disk."""
PACKAGES = ("dagster", "pandas", "pyarrow", "duckdb", "lightgbm")
CLOUD_PACKAGES = tuple(
    f"google-cloud-{name}" for name in ("storage", "bigquery", "bigquery-storage", "firestore", "pubsub")
)


def run(*, as_json: bool) -> None:
    """Check everything and say what to do; exit 1 if something must be done."""
    settings = Settings()
    cloud = settings.profile == "gcp"
    packages = PACKAGES + CLOUD_PACKAGES if cloud else PACKAGES
    with ExitStack() as stack:
        lines = [
            _check("python", _python),
            _check("packages", lambda: ", ".join(f"{name} {version(name)}" for name in packages)),
            _check("project", lambda: _project(settings)) if cloud else _check("disk", lambda: _disk(settings)),
        ]
        held: list[Platform] = []
        lines.append(_check("stores", lambda: _open(stack, held)))
        for platform in held:
            lines += [
                _check(check.__name__.lstrip("_"), partial(check, platform)) for check in (CLOUD if cloud else LOCAL)
            ]
        lines.append(_check("dagster", _definitions))
        if not cloud:
            lines.append(_check("processes", lambda: _processes(settings)))
    if as_json:
        console.as_json(lines)
    else:
        console.table(
            f"Profile {settings.profile}, home {settings.home.absolute()}",
            ["check", "", "found", "to do"],
            [[line["check"], "ok" if line["ok"] else "NOT OK", line["found"], line["advice"]] for line in lines],
        )
    if not all(line["ok"] for line in lines):
        raise typer.Exit(1)


def _check(name: str, check: Callable[[], str]) -> dict[str, Any]:
    try:
        return {"check": name, "ok": True, "found": check(), "advice": ""}
    except Exception as error:
        known = error if isinstance(error, PlatformError) else plain_fault(error)
        return {"check": name, "ok": False, "found": str(known), "advice": known.hint}


def _python() -> str:
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        raise PlatformError(f"Python {machine.python_version()}", "use 3.11, 3.12 or 3.13")
    return machine.python_version()


def _disk(settings: Settings) -> str:
    folder = settings.home.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < ENOUGH:
        raise PlatformError(f"{free / 1024**3:.1f} GiB free", "free some space: 2 GiB should be free")
    return f"{free / 1024**3:.0f} GiB free"


def _project(settings: Settings) -> str:
    from nba_assets.storage.gcp.environment import check_environment

    check_environment(settings)
    told = f"told by {settings.landing_subscription}" if settings.landing_subscription else "found by listing"
    prefix = f", datasets {settings.dataset_prefix}*" if settings.dataset_prefix else ""
    return f"{settings.gcp_project} in {settings.gcp_location}{prefix}, drops {told}"


def _open(stack: ExitStack, held: list[Platform]) -> str:
    settings = Settings()
    new = settings.profile == "local" and not settings.home.exists()
    held.append(stack.enter_context(opened(new=True)))
    return "made anew: there was no home here" if new else "opened"


def _ledger(platform: Platform) -> str:
    counts = platform.ledger.counts()
    if counts["received_total"] != sum(counts[name] for name in ("applied", "duplicate", "quarantined", "pending")):
        raise PlatformError(f"{counts} does not add up", "restore a backup, and report it")
    return f"{counts['received_total']:,} received, adds up"


def _warehouse(platform: Platform) -> str:
    days = list(platform.warehouse.versions("nbac_schedule"))
    if not days:
        return "no dates yet"
    found = platform.warehouse.query(f"SELECT COUNT(*) AS n FROM nba_raw.nbac_schedule WHERE game_date = '{days[-1]}'")
    return f"{len(days):,} dates with games, {found['n'].sum():,} on {days[-1]}"


def _published(platform: Platform) -> str:
    files = verify_release(platform)
    manifest = current_manifest(platform)
    return f"release {manifest['sequence']}, {files:,} files, verified" if manifest else "nothing published yet"


def _landing(platform: Platform) -> str:
    first = next(platform.landing.entries(), None)
    return f"{platform.settings.landing_bucket}: {'nothing yet' if first is None else f'from {first.name} on'}"


def _private(platform: Platform) -> str:
    platform.private.exists("doctor")
    return f"{platform.settings.private_bucket}: can be read"


def _manifest(platform: Platform) -> str:
    """Of a release only its manifest: each file would be a request."""
    manifest = current_manifest(platform)
    where = platform.settings.published_bucket
    return (
        f"{where}: release {manifest['sequence']}, {len(manifest['files']):,} files"
        if manifest
        else f"{where}: no release"
    )


def _documents(platform: Platform) -> str:
    platform.documents.get("doctor")
    return f"{platform.settings.firestore_database}: can be read"


LOCAL = (_ledger, _warehouse, _published)
CLOUD = (_ledger, _warehouse, _landing, _manifest, _private, _documents)


def _processes(settings: Settings) -> str:
    found = living(state_file(settings))
    if found is None:
        return "not up: nothing runs by itself (nba-assets up)"
    dead = [name for name, lives in found.items() if not lives]
    if dead:
        raise PlatformError(f"dead: {', '.join(dead)}", f"see their logs in {settings.logs}; nba-assets up starts all")
    return f"alive: {', '.join(found)}"


def _definitions() -> str:
    from nba_assets.definitions import defs

    return f"{len(list(defs.resolve_asset_graph().get_all_asset_keys()))} assets"
