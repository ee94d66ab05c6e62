"""Dead letters: failed work that nothing tries again by itself. A person replays or discards it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nba_assets.errors import UsageError
from nba_assets.storage.records import Work

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

LIST = "nba-assets dead-letters list"


def dead_letters(platform: Platform, ids: Sequence[str] = ()) -> list[Work]:
    """The dead letters, or those of these ids (their first letters will do), longest dead first.

    Raises `UsageError` for an id that is none's, or of several.
    """
    dead = platform.ledger.work(status=["dead"])
    if not ids:
        return dead
    found: dict[str, Work] = {}
    for text in ids:
        named = [item for item in dead if text and item["work_id"].startswith(text)]
        if len(named) != 1:
            what = "no dead letter has" if not named else f"{len(named)} dead letters have"
            raise UsageError(f"{what} the id {text!r}", f"{LIST} shows them")
        found[named[0]["work_id"]] = named[0]
    return list(found.values())


def discard(platform: Platform, items: Sequence[Work], reason: str) -> list[Work]:
    """Give the work up; it is kept with the reason, and drops that waited for nothing else count as applied.

    Raises `UsageError` without a reason.
    """
    if not reason.strip():
        raise UsageError("a discard needs a reason", "give --reason TEXT")
    now, ids = platform.clock.now(), [item["work_id"] for item in items]
    platform.ledger.resolve_work(ids, "discarded", reason.strip(), now)
    platform.ledger.settle_held(now)
    return platform.ledger.work(ids=ids)
