"""`nba-assets alarms`: what is wrong, and who is told."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from nba_assets import console
from nba_assets.alarms.check import check
from nba_assets.alarms.digest import digest
from nba_assets.alarms.sending import targets, untaken
from nba_assets.alarms.wording import counted, minute
from nba_assets.commands.session import opened
from nba_assets.errors import PlatformError
from nba_assets.settings import Settings
from nba_assets.storage.records import Alarm

SILENT = "Nobody is told: NBA_ASSETS_ALARM_URLS is not set."
UNTAKEN = "see that its URL in NBA_ASSETS_ALARM_URLS is right and its server up: nba-assets alarms test"


def run_list(*, every: bool, as_json: bool) -> None:
    """Print the alarms of the last check, or all that ever were."""
    with opened() as platform:
        found = platform.ledger.alarms(None if every else "open")
        silent = platform.settings.alarm_urls is None
    if as_json:
        console.as_json(found)
        return
    _print(found, "Nothing is wrong." if not every else "Nothing was ever wrong.")
    if silent:
        console.say(SILENT)


def run_check(*, as_json: bool) -> None:
    """Find, record and send; exit 1 if anything is open or a target did not take a message."""
    with opened() as platform:
        found = check(platform)
    told = found.told
    if as_json:
        counts = {"targets": found.targets, "failing": told.failing}
        console.as_json({"open": found.open, "sent": told.sent, "unsent": told.unsent, **counts})
    else:
        _print(found.open, "Nothing is wrong.")
        if found.targets:
            console.say(f"{counted(len(told.sent), 'message')} sent, {len(told.unsent)} still to be sent.")
        else:
            console.say(SILENT)
    _fail(told.failing)
    if found.open:
        console.fail(f"{counted(len(found.open), 'alarm')} open", "each says what to do: nba-assets alarms list")
    if found.open or told.failing:
        raise typer.Exit(1)


def run_digest(*, as_json: bool) -> None:
    """Print the digest and send it; exit 1 if a target did not take it."""
    with opened() as platform:
        found = digest(platform)
        told = targets(platform.settings.alarm_urls)
        failing = untaken(told, found.title, found.text, "info")
    if as_json:
        console.as_json({"title": found.title, "text": found.text, "targets": len(told), "failing": failing})
    else:
        console.say(f"{found.title}\n\n{found.text}")
        if not told:
            console.say(SILENT)
    _fail(failing)
    if failing:
        raise typer.Exit(1)


def run_test(*, as_json: bool) -> None:
    """Send a message to every target; exit 1 if one did not take it, or there is none."""
    found = targets(Settings().alarm_urls)
    if not found:
        raise PlatformError(
            "there is nobody to tell",
            "set NBA_ASSETS_ALARM_URLS to apprise's URLs, as mailto://me:password@example.com",
        )
    text = "This is a test: alarms and the digest arrive here."
    failing = untaken(found, "nba-assets: test", text, "info")
    if as_json:
        console.as_json([{"target": target.name, "taken": target.name not in failing} for target in found])
    else:
        for target in found:
            if target.name not in failing:
                console.say(f"{target.name} took it.")
    _fail(failing)
    if failing:
        raise typer.Exit(1)


def _print(found: Sequence[Alarm], otherwise: str) -> None:
    if not found:
        console.say(otherwise)
        return
    columns = ("state", "cause", "checks", "first seen", "last seen", "last sent", "message")
    lines = [
        [
            alarm["state"],
            alarm["cause"],
            alarm["count"],
            minute(alarm["first_seen"]),
            minute(alarm["last_seen"]),
            None if alarm["last_sent"] is None else minute(alarm["last_sent"]),
            alarm["message"],
        ]
        for alarm in found
    ]
    console.table("Alarms", columns, lines)


def _fail(names: Sequence[str]) -> None:
    for name in names:
        console.fail(f"{name} did not take a message", UNTAKEN)
