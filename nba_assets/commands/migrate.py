"""`nba-assets migrate`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from nba_assets import console
from nba_assets.commands.session import account
from nba_assets.errors import UsageError
from nba_assets.settings import Settings

if TYPE_CHECKING:
    from nba_assets.migration.installations import Profile
    from nba_assets.migration.move import Migration

PROFILES: tuple[Profile, ...] = ("gcp", "local")
COLUMNS = ("part", "copied", "already there", "rows", "bytes", "verified")


def run(to: str, *, dry_run: bool, as_json: bool) -> None:
    """Move the installation to the other profile, or say what that would copy. Raises `UsageError` for another `to`."""
    profile = next((known for known in PROFILES if known == to), None)
    if profile is None:
        raise UsageError(f"there is no profile {to!r} to migrate to", "--to gcp or --to local")
    from nba_assets.migration.move import migrate, plan

    with console.progress() as bar:
        task = bar.add_task("comparing", total=None)

        def tell(part: str, done: int, total: int) -> None:
            bar.update(task, description=part, completed=done, total=total)

        found = plan(profile, Settings()) if dry_run else migrate(profile, Settings(), tell)
    if as_json:
        parts = [asdict(part) for part in found.parts]
        console.as_json({**asdict(found), "parts": parts, "dry_run": dry_run, "nothing_to_do": not found.copied})
    else:
        _say(found, dry_run)


def _say(found: Migration, dry_run: bool) -> None:
    columns = ("part", "to copy", "there", "rows to copy", "bytes to copy") if dry_run else COLUMNS
    shown = [part for part in found.parts if part.copied or part.already_there]
    lines = [[part.part, part.copied, part.already_there, part.rows, part.bytes] for part in shown]
    title = f"{found.source}  ->  {found.target}"
    console.table(title, columns, lines if dry_run else [[*line, "equal"] for line in lines])
    console.say(account(found.counts))
    if dry_run:
        console.say("Nothing was written." if found.copied else "Nothing to do.")
    elif found.copied:
        console.say("Done: the target is the same as the source, which was not changed.")
    else:
        console.say("Nothing to do: the target is the same as the source.")
