"""`nba-assets schema` and `migrate`: what concerns the gcp profile alone. Light to import."""

from __future__ import annotations

from typing import Annotated

import typer

from nba_assets.cli_options import Json


def schema(
    apply: Annotated[bool, typer.Option("--apply", help="Make what is missing; nothing is ever removed.")] = False,
    json: Json = False,
) -> None:
    """Say in what BigQuery's datasets, tables and columns differ from the contracts, or bring them forward."""
    from nba_assets.commands.schema import run

    run(apply=apply, as_json=json)


def migrate(
    to: Annotated[str, typer.Option(metavar="gcp|local", help="The profile to move to, from the other one.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be copied.")] = False,
    json: Json = False,
) -> None:
    """Move a whole installation between this machine and Google Cloud: resumable, verified; the source stays as it is.

    The local one is NBA_ASSETS_HOME (with NBA_ASSETS_LOCAL_DATABASE_URL if its Postgres is your own), the other one is
    what the settings of the gcp profile name. Stop all that writes first.
    """
    from nba_assets.commands.migrate import run

    run(to, dry_run=dry_run, as_json=json)
