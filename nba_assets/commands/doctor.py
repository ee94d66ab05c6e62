"""`nba-assets doctor`."""

from __future__ import annotations

import platform as machine
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import version

import typer

from nba_assets import console
from nba_assets.engine.platform import Platform
from nba_assets.errors import PlatformError
from nba_assets.settings import Settings

ENOUGH = 2 * 1024**3
"""Bytes that should be free on the home's disk."""


def run(*, as_json: bool) -> None:
    """Check everything and say what to do; exit 1 if something must be done."""
    settings = Settings()
    lines = [_check(name, check) for name, check in _checks(settings).items()]
    if as_json:
        console.as_json([dict(zip(("check", "ok", "found", "advice"), line, strict=True)) for line in lines])
    else:
        shown = [[name, "ok" if ok else "NOT OK", found, advice] for name, ok, found, advice in lines]
        console.table(
            f"Profile {settings.profile}, home {settings.home.absolute()}", ["check", "", "found", "to do"], shown
        )
    if not all(line[1] for line in lines):
        raise typer.Exit(1)


def _check(name: str, check: Callable[[], str]) -> tuple[str, bool, str, str]:
    try:
        return name, True, check(), ""
    except PlatformError as error:
        return name, False, str(error), error.hint
    except Exception as error:
        return name, False, f"{type(error).__name__}: {error}", "see the README, or report it with this line"


def _checks(settings: Settings) -> dict[str, Callable[[], str]]:
    opened: list[Platform] = []

    def stores() -> str:
        opened.append(Platform.open(settings))
        return "opened"

    def ledger() -> str:
        counts = opened[0].ledger.counts()
        parts = counts["applied"] + counts["duplicate"] + counts["quarantined"] + counts["pending"]
        if counts["received_total"] != parts:
            raise PlatformError(f"{counts} does not add up", "restore a backup, and report it")
        return f"{counts['received_total']} received, adds up"

    def warehouse() -> str:
        found = opened[0].warehouse.query("SELECT COUNT(*) AS games FROM nba_raw.nbac_schedule")
        return f"{found['games'].sum()} games"

    def release() -> str:
        from nba_assets.engine.release import current_manifest

        manifest = current_manifest(opened[0])
        opened[0].close()
        return (
            f"release {manifest['sequence']}, {len(manifest['files'])} files" if manifest else "nothing published yet"
        )

    return {
        "python": _python,
        "packages": lambda: ", ".join(
            f"{p} {version(p)}" for p in ("dagster", "pandas", "pyarrow", "duckdb", "lightgbm")
        ),
        "disk": lambda: _disk(settings),
        "stores": stores,
        "ledger": ledger,
        "warehouse": warehouse,
        "published": release,
        "dagster": _definitions,
    }


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


def _definitions() -> str:
    from nba_assets.definitions import defs

    return f"{len(list(defs.resolve_asset_graph().get_all_asset_keys()))} assets"
