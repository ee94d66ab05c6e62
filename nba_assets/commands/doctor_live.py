"""`nba-assets doctor --live`: every operation of the gcp profile, tried and measured in the user's own project."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Sequence
from functools import partial

import typer

from nba_assets import console
from nba_assets.commands.live_checks.checklist import CLEANING, Checklist, Line
from nba_assets.errors import UsageError
from nba_assets.settings import Settings


def run(*, as_json: bool) -> None:
    """Try everything, remove what that made, and say what to do; exit 1 if something must be done."""
    settings = Settings()
    if settings.profile != "gcp":
        raise UsageError("--live is for Google Cloud: here nothing is away", "set NBA_ASSETS_PROFILE=gcp")
    from nba_assets.storage.gcp.environment import check_environment

    check_environment(settings)
    with console.progress() as bar:
        task = bar.add_task("doctor", total=None)
        lines = examine(settings, lambda name: bar.update(task, description=name))
    if as_json:
        console.as_json([dataclasses.asdict(line) for line in lines])
    else:
        show(f"Project {settings.gcp_project}, {settings.gcp_location}", lines)
    if not all(line.ok for line in lines):
        raise typer.Exit(1)


def show(title: str, lines: Sequence[Line]) -> None:
    """Print the lines as a table."""
    columns = ["check", "", "ms", "bytes", "found", "to do"]
    words = {True: "ok", False: "NOT OK"}
    rows = [
        [f"{line.service}: {line.check}", words[line.ok], line.milliseconds, line.bytes, line.found, line.advice]
        for line in lines
    ]
    console.table(title, columns, rows)


def examine(settings: Settings, tell: Callable[[str], None] = lambda name: None) -> list[Line]:
    """The lines of all services. What is made is named `doctor-<random>` and removed, whatever happens."""
    from nba_assets.commands.live_checks.documents import check_documents
    from nba_assets.commands.live_checks.notifications import check_notifications
    from nba_assets.commands.live_checks.objects import check_objects
    from nba_assets.commands.live_checks.postgres import check_postgres
    from nba_assets.commands.live_checks.tables import check_tables

    services = {
        "Postgres": check_postgres,
        "Cloud Storage": check_objects,
        "BigQuery": check_tables,
        "Firestore": check_documents,
        "Pub/Sub": check_notifications,
    }
    scratch = f"doctor-{uuid.uuid4().hex[:12]}"
    checks = Checklist(tell)
    try:
        for name, look in services.items():
            checks.part(name, partial(look, checks, settings, scratch))
        checks.clean_up()
    except BaseException:
        for line in checks.clean_up():
            if not line.ok:
                console.fail(f"{CLEANING}: {line.found}", f"remove by hand what is named {scratch}; {line.advice}")
        raise
    return checks.lines
