"""`nba-assets dead-letters`: work that failed for good, shown, replayed, discarded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from nba_assets import console
from nba_assets.commands.session import opened
from nba_assets.engine.dead_letters import dead_letters, discard
from nba_assets.errors import UsageError

if TYPE_CHECKING:
    from nba_assets.defs.take_up import TakenUp
    from nba_assets.storage.records import Work

COLUMNS = ("id", "work", "dates", "attempts", "died", "error")


def run_list(*, as_json: bool) -> None:
    """Print the dead letters, and what is still being retried."""
    with opened() as platform:
        dead = dead_letters(platform)
        retrying = platform.ledger.work(status=["retrying"])
    if as_json:
        console.as_json({"dead_letters": dead, "retrying": retrying})
        return
    if dead:
        console.table("", COLUMNS, [_line(item) for item in dead])
        console.say("Put the cause right, then: nba-assets dead-letters replay ID, or discard ID --reason TEXT")
    else:
        console.say("No dead letters.")
    if retrying:
        first = min(item["next_attempt_at"] for item in retrying if item["next_attempt_at"] is not None)
        console.say(f"{len(retrying):,} more are retried, the next one at {first:%Y-%m-%d %H:%M:%S} UTC.")


def run_replay(ids: Sequence[str], *, everything: bool, as_json: bool) -> None:
    """Run dead letters again; exit 1 if one fails again."""
    if bool(ids) + everything != 1:
        raise UsageError("which dead letters are to be replayed", "give IDs, or --all")
    from nba_assets.defs.replay import operator
    from nba_assets.defs.take_up import replay_work

    with opened() as platform:
        items = dead_letters(platform, ids)
        found = replay_work(platform, items, operator()) if items else []
        after = platform.ledger.work(ids=[item["work_id"] for item in items])
    done = [item for item in after if item["status"] == "replayed"]
    left = [item for item in after if item["status"] != "replayed"]
    if as_json:
        console.as_json({"replayed": done, "failed": left, "runs": [_run(one) for one in found]})
    else:
        for item in done:
            console.say(f"{item['work_id']} replayed: {item['processor_name']} of {_dates(item)}")
        console.say(f"{len(items):,} tried again: {len(done):,} done, {len(left):,} not.")
    for item in left:
        console.fail(
            f"{item['work_id']} {item['processor_name']} of {_dates(item)}: {item['error_message']}",
            "another process has it" if item["leased_by"] else "put that right, then replay it again",
        )
    if left:
        raise typer.Exit(1)


def run_discard(ids: Sequence[str], *, reason: str, as_json: bool) -> None:
    """Give dead letters up; they are kept with the reason."""
    with opened() as platform:
        closed = discard(platform, dead_letters(platform, ids), reason)
    if as_json:
        console.as_json(closed)
        return
    for item in closed:
        console.say(f"{item['work_id']} discarded: {item['processor_name']} of {_dates(item)}: {item['reason']}")


def _line(item: Work) -> list[object]:
    work = " ".join(filter(None, (item["processor_name"], item["scope"])))
    died = item["died_at"] or item["last_failed_at"]
    return [item["work_id"], work, _dates(item), item["attempts"], f"{died:%Y-%m-%d %H:%M}", item["error_message"]]


def _dates(item: Work) -> str:
    days = sorted(item["dates"])
    return str(days[0]) if len(days) == 1 else f"{days[0]} to {days[-1]} ({len(days)})"


def _run(one: TakenUp) -> dict[str, Any]:
    days: tuple[dt.date, dt.date] = (one.first, one.last)
    return {
        "run_id": one.run_id,
        "success": one.success,
        "first": days[0],
        "last": days[1],
        "keys": one.keys,
        "work_ids": [item["work_id"] for item in one.items],
        "failures": one.failures,
    }
