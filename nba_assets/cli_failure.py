"""`nba-assets dead-letters` and `nba-assets replay`: what a person does about failed work. Light to import."""

from __future__ import annotations

from typing import Annotated

import typer

from nba_assets.cli_options import Json, a_date

dead_letters = typer.Typer(
    name="dead-letters", help="Work that failed for good: list, replay, discard.", no_args_is_help=True
)

IDS = typer.Argument(metavar="ID...", help="Ids of dead letters; their first letters will do.", show_default=False)


@dead_letters.command("list", epilog="Example: nba-assets dead-letters list")
def list_(json: Json = False) -> None:
    """What failed and is not tried again by itself: its dates, attempts and last error. Kept until you decide."""
    from nba_assets.commands.dead_letters import run_list

    run_list(as_json=json)


@dead_letters.command("replay", epilog="Example: nba-assets dead-letters replay --all")
def replay_dead_letters(
    ids: Annotated[list[str] | None, IDS] = None,
    everything: Annotated[bool, typer.Option("--all", help="All dead letters.")] = False,
    json: Json = False,
) -> None:
    """Run them again, with what reads them; what succeeds counts as replayed, the rest stays."""
    from nba_assets.commands.dead_letters import run_replay

    run_replay(ids or [], everything=everything, as_json=json)


@dead_letters.command(epilog="Example: nba-assets dead-letters discard 3f2a --reason 'a game that never was'")
def discard(
    ids: Annotated[list[str], IDS],
    reason: Annotated[str, typer.Option(help="Why it is given up.")] = "",
    json: Json = False,
) -> None:
    """Give them up; they are kept with the reason."""
    from nba_assets.commands.dead_letters import run_discard

    run_discard(ids, reason=reason, as_json=json)


def replay(
    correlation_id: Annotated[str, typer.Option(help="One drop's id: its dates, and those that read them.")] = "",
    date: Annotated[str, typer.Option(help="One league date, and those that read it.")] = "",
    key: Annotated[str, typer.Option(help="One refresh, as 2024-11-15|player|2544.")] = "",
    table: Annotated[
        str, typer.Option(help="Only this table and what reads it; it is rebuilt even if nothing changed.")
    ] = "",
    start_phase: Annotated[
        int, typer.Option(help="2 raw, 3 analytics, 4 precompute, 5 predictions, 6 published.", min=2, max=6)
    ] = 2,
    json: Json = False,
) -> None:
    """Run a drop, a date or an entity through the phases again; the execution log says who asked.

    It is idempotent: equal input gives equal rows and is skipped, except in the table given by --table. Dates that are
    dead letters are tried; those that succeed count as replayed. Files themselves: quarantine retry, or fetch.
    """
    from nba_assets.commands.replay import run

    run(
        correlation_id=correlation_id,
        date=a_date(date) if date else None,
        key=key,
        table=table,
        start_phase=start_phase,
        as_json=json,
    )
