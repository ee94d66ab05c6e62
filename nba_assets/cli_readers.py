"""`nba-assets publish`, `halt`, `resume` and `serve`: what readers see. Light to import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nba_assets.cli_options import Json, a_date
from nba_assets.errors import UsageError


def publish(
    rollback: Annotated[int | None, typer.Option(help="Re-point readers to this earlier release.", min=1)] = None,
    diff: Annotated[tuple[int, int] | None, typer.Option(help="What differs between two releases, by file.")] = None,
    gc: Annotated[bool, typer.Option("--gc", help="Remove releases and objects that no reader can need.")] = False,
    confirm: Annotated[
        list[str] | None, typer.Option(help="Publish this date though it lost most of its players, as 2024-11-15.")
    ] = None,
    json: Json = False,
) -> None:
    """Show the current release, go back to an earlier one, compare two, remove what is not needed, confirm a date."""
    from nba_assets.commands.publish import collect, compare, run

    if sum((rollback is not None, diff is not None, gc, bool(confirm))) > 1:
        raise UsageError(
            "--rollback, --diff, --gc and --confirm are asked for one at a time", "nba-assets publish --help"
        )
    if diff is not None:
        compare(*diff, as_json=json)
    elif gc:
        collect(as_json=json)
    else:
        run(rollback=rollback, confirmed=[a_date(day) for day in confirm or ()], as_json=json)


def halt(
    reason: Annotated[str, typer.Option(help="Why; readers see it.", show_default=False)],
    json: Json = False,
) -> None:
    """Make no decisions from now on: tonight's slate and later ones show facts and lines, and PASS."""
    from nba_assets.commands.halt import run_halt

    run_halt(reason, as_json=json)


def resume(json: Json = False) -> None:
    """Make decisions again."""
    from nba_assets.commands.halt import run_resume

    run_resume(as_json=json)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that share the port.", min=1, max=64)] = 1,
    access_log: Annotated[
        str, typer.Option(metavar="off|-|FILE", help="One JSON line a request: at FILE's end, or on stderr (-).")
    ] = "off",
    token_file: Annotated[
        Path | None,
        typer.Option(help="Serve /private/ too, to who sends the token in this file as Authorization: Bearer."),
    ] = None,
) -> None:
    """Serve the published tree and its page, read-only.

    /v1/ is the tree, / the page, /events tells of new releases; /healthz answers while the process lives, /readyz once
    there is a release to read. The token file has one line and is closed to others (chmod 600); it is read for each
    request, so a new token holds at once. No token and no query string gets into the access log.
    """
    from nba_assets.commands.serve import run

    run(host, port, workers=workers, access_log=access_log, token_file=token_file)
