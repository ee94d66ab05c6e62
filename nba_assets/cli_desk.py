"""`nba-assets quarantine`, `alias`, `models` and `alarms`: what a person decides or is told. Light to import."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from nba_assets.cli_options import Json
from nba_assets.errors import UsageError

quarantine = typer.Typer(name="quarantine", help="What did not pass: list, show, retry, discard.", no_args_is_help=True)
alias = typer.Typer(name="alias", help="Names that a person knows better than the registry.", no_args_is_help=True)
models = typer.Typer(name="models", help="Which recipe serves: list, serve, back.", no_args_is_help=True)
alarms = typer.Typer(
    name="alarms", help="What is wrong, and who is told: list, check, digest, test.", no_args_is_help=True
)

IDS = typer.Argument(metavar="ID...", help="Numbers of entries, or correlation ids of drops.", show_default=False)
Name = Annotated[str, typer.Argument(help="The name as the source spells it, or its lookup.")]
Source = Annotated[str, typer.Option(help="Raw table of the source, as odds_api_player_points_props; * is all.")]


@quarantine.command("list", epilog="Example: nba-assets quarantine list --source nbac_gamebook_player_stats")
def list_(
    source: Annotated[str, typer.Option(help="Only this source.")] = "",
    rule: Annotated[str, typer.Option(help="Only this rule.")] = "",
    date: Annotated[str, typer.Option(help="Only drops of this league date.")] = "",
    state: Annotated[str, typer.Option(help="open, resolved, discarded or all.")] = "open",
    json: Json = False,
) -> None:
    """Entries counted by source, rule and date, and the newest of them."""
    from nba_assets.commands.quarantine import run_list

    run_list(source=source, rule=rule, date=_day(date) if date else None, state=state, as_json=json)


@quarantine.command(epilog="Example: nba-assets quarantine show 17")
def show(
    entry: Annotated[str, typer.Argument(metavar="ID", help="Number of an entry, or correlation id of a drop.")],
    json: Json = False,
) -> None:
    """One entry: source, place, rule, message, excerpt, where the bytes are, what became of it."""
    from nba_assets.commands.quarantine import run_show

    run_show(entry, as_json=json)


@quarantine.command(epilog="Example: nba-assets quarantine retry --source nbac_gamebook_player_stats")
def retry(
    ids: Annotated[list[str] | None, IDS] = None,
    source: Annotated[str, typer.Option(help="All open entries of this source.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="All open entries.")] = False,
    json: Json = False,
) -> None:
    """Parse the kept bytes again, and bring in what passes, known since its own capture."""
    from nba_assets.commands.quarantine import run_retry

    run_retry(ids or [], source=source, everything=everything, as_json=json)


@quarantine.command(epilog="Example: nba-assets quarantine discard 17 --reason 'a test file'")
def discard(
    ids: Annotated[list[str], IDS],
    reason: Annotated[str, typer.Option(help="Why it stays out.")] = "",
    json: Json = False,
) -> None:
    """Close entries for good; they stay visible with the reason, and the bytes are kept."""
    from nba_assets.commands.quarantine import run_discard

    run_discard(ids, reason=reason, as_json=json)


@alias.command(epilog="Example: nba-assets alias add 'Moe Wagner' 1629021 --source odds_api_player_points_props")
def add(
    name: Name,
    player_id: Annotated[str, typer.Argument(metavar="ID", help="League person id.")],
    source: Source = "*",
    force: Annotated[bool, typer.Option("--force", help="Also an id that the registry does not know.")] = False,
    json: Json = False,
) -> None:
    """Say whom a name means, and rebuild what that touches.

    It holds for rows of all times, as a spelling has no date; decisions recorded live do not move. It names a man among
    those of a game's two teams: it never makes him play for another one.
    """
    from nba_assets.commands.alias import run_add

    run_add(name, player_id, source=source, force=force, as_json=json)


@alias.command("list", epilog="Example: nba-assets alias list")
def list_aliases(json: Json = False) -> None:
    """This installation's aliases, and those that come with the platform."""
    from nba_assets.commands.alias import run_list

    run_list(as_json=json)


@alias.command(epilog="Example: nba-assets alias remove 'Moe Wagner' --source odds_api_player_points_props")
def remove(name: Name, source: Source = "*", json: Json = False) -> None:
    """Take an own alias back, and rebuild what it touched."""
    from nba_assets.commands.alias import run_remove

    run_remove(name, source=source, as_json=json)


@models.command("list", epilog="Example: nba-assets models list")
def list_models(json: Json = False) -> None:
    """Recipes of the newest date, who serves, the choices that stand, and challengers against whoever serves."""
    from nba_assets.commands.models import run_list

    run_list(as_json=json)


@models.command("serve", epilog="Example: nba-assets models serve market_baseline --reason 'the feed is broken'")
def serve_model(
    recipe: Annotated[str, typer.Argument(help="A recipe, as models list names it.")],
    since: Annotated[str, typer.Option(help="First game date, as 2024-11-15; today in New York if left out.")] = "",
    reason: Annotated[str, typer.Option(help="Why; it is kept with your name.")] = "",
    json: Json = False,
) -> None:
    """Have a recipe serve from a game date on, and rebuild those dates.

    What was said live stays; a model that failed its gates does not serve, whoever asks for it.
    """
    from nba_assets.commands.models import run_serve

    run_serve(recipe, since=_day(since) if since else None, reason=reason, as_json=json)


@models.command(epilog="Example: nba-assets models back")
def back(reason: Annotated[str, typer.Option(help="Why; it is kept with your name.")] = "", json: Json = False) -> None:
    """Take the newest choice back: its dates are as they were before it."""
    from nba_assets.commands.models import run_back

    run_back(reason=reason, as_json=json)


@alarms.command("list", epilog="Example: nba-assets alarms list")
def list_alarms(
    every: Annotated[bool, typer.Option("--all", help="Also those that are resolved.")] = False,
    json: Json = False,
) -> None:
    """What was wrong at the last check, since when, and when somebody was told."""
    from nba_assets.commands.alarms import run_list

    run_list(every=every, as_json=json)


@alarms.command(epilog="Example: nba-assets alarms check")
def check(json: Json = False) -> None:
    """Look for what is wrong, record it, and tell it to NBA_ASSETS_ALARM_URLS; exit 1 if anything is open."""
    from nba_assets.commands.alarms import run_check

    run_check(as_json=json)


@alarms.command(epilog="Example: nba-assets alarms digest")
def digest(json: Json = False) -> None:
    """Print yesterday, today and what is open, and send it to NBA_ASSETS_ALARM_URLS."""
    from nba_assets.commands.alarms import run_digest

    run_digest(as_json=json)


@alarms.command(epilog="Example: NBA_ASSETS_ALARM_URLS=mailto://me:password@example.com nba-assets alarms test")
def test(json: Json = False) -> None:
    """Send a message to every target, to see that it arrives."""
    from nba_assets.commands.alarms import run_test

    run_test(as_json=json)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a date", "write it as 2024-11-15") from error
