"""What a release must not take from its readers: players by a broken feed, a live decision that they saw graded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from nba_assets.engine.manifest import object_name
from nba_assets.publishing.envelope import Published
from nba_assets.publishing.rows import NotPublishable, Record
from nba_assets.publishing.track_record import day_name

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

FROM = 10
"""Players of the release before from which a fall is looked at: fewer are less than a game, which may be moved."""
SHOWN = ("decision", "line_value", "price")
"""What of a graded live decision never changes; its result may be corrected with the box score, never taken back."""


def held(
    platform: Platform,
    found: Iterable[Published],
    old: Mapping[str, Record],
    days: Iterable[dt.date],
    confirmed: Collection[dt.date],
) -> Iterator[Published]:
    """The documents of the dates, as they are.

    Raises `NotPublishable` for a slate with less than half the players that the release before has on its date, unless
    the date is `confirmed`; and for a date that lacks a graded live decision that readers have seen, or has another.
    """
    records = {day_name(str(day)) for day in days} & set(old)
    for document in found:
        if document.document == "daily" and document.name in old:
            _fallen(document, _before(platform, document.name, old), confirmed)
        elif document.name in records:
            records.remove(document.name)
            _unsaid(document.name, _before(platform, document.name, old), document.data["decisions"])
        yield document
    for name in sorted(records):
        _unsaid(name, _before(platform, name, old), [])


def _fallen(document: Published, before: Record, confirmed: Collection[dt.date]) -> None:
    day, now = dt.date.fromisoformat(document.body["game_date"]), document.data["counts"]["players"]
    seen = before["counts"]["players"]
    if seen >= FROM and 2 * now < seen and day not in confirmed:
        raise NotPublishable(
            f"{document.name}: {now} players where readers see {seen}; if that is right:"
            f" nba-assets publish --confirm {day}"
        )


def _unsaid(name: str, before: Record, decisions: Iterable[Record]) -> None:
    now = {_key(decision): decision for decision in decisions}
    for seen in before["decisions"]:
        if seen["run_kind"] != "live" or seen["result"] in (None, "pending"):
            continue
        kept = now.get(_key(seen))
        if kept is None or kept["result"] is None or any(kept[field] != seen[field] for field in SHOWN):
            what = "is gone" if kept is None else "is another one"
            raise NotPublishable(
                f"{name}: the live decision on player {seen['player_id']} in game {seen['game_id']}, which readers have"
                f" seen with its result, {what}: bring its rows back from a backup"
            )


def _key(decision: Record) -> tuple[Any, ...]:
    return decision["game_id"], decision["player_id"], decision["run_kind"]


def _before(platform: Platform, name: str, old: Mapping[str, Record]) -> Record:
    """The document's data in the release before."""
    sha256 = old[name]["sha256"]
    known = platform.signed_off.get(name)
    if known is not None and known[1]["sha256"] == sha256:
        found: Record = known[0]["data"]
        return found
    data: Record = orjson.loads(platform.published.get(object_name(sha256)))["data"]
    return data
