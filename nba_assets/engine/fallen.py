"""A slate that lost most of its players is held until a person confirms it: a feed that broke looks like that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import orjson

from nba_assets.engine.manifest import object_name
from nba_assets.publishing.envelope import Published
from nba_assets.publishing.rows import NotPublishable, Record

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

FROM = 10
"""Players of the release before from which a fall is looked at: fewer are less than a game, which may be moved."""


def held(
    platform: Platform, found: Iterable[Published], old: Mapping[str, Record], confirmed: Collection[dt.date]
) -> Iterator[Published]:
    """The documents, as they are.

    Raises `NotPublishable` for a slate with less than half the players that the release before has on its date, unless
    the date is `confirmed`.
    """
    for document in found:
        if document.document == "daily" and document.name in old:
            day, now = dt.date.fromisoformat(document.body["game_date"]), document.data["counts"]["players"]
            before = _players(platform, document.name, old)
            if before >= FROM and 2 * now < before and day not in confirmed:
                raise NotPublishable(
                    f"{document.name}: {now} players where readers see {before}; if that is right:"
                    f" nba-assets publish --confirm {day}"
                )
        yield document


def _players(platform: Platform, name: str, old: Mapping[str, Record]) -> int:
    before = platform.signed_off.get(name)
    sha256 = old[name]["sha256"]
    if before is not None and before[1]["sha256"] == sha256:
        return int(before[0]["data"]["counts"]["players"])
    return int(orjson.loads(platform.published.get(object_name(sha256)))["data"]["counts"]["players"])
