"""Players who have left a date's slate: their documents are of their newest slate that is left, or go with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import orjson
import pandas as pd

from nba_assets.engine.manifest import object_name
from nba_assets.engine.release_reads import release_facts
from nba_assets.publishing import daily, players
from nba_assets.publishing.envelope import Published
from nba_assets.publishing.rows import Record
from nba_assets.publishing.slate import slate

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

PREDICTIONS = "player_points_predictions"


def left_slate(
    platform: Platform, old: Mapping[str, Record], days: Sequence[dt.date], built: Container[str]
) -> set[str]:
    """Players on the dates' slates of the release before (its files: `old`) of whom no document has been built."""
    names = (daily.name_of(str(day)) for day in days)
    slates = [orjson.loads(platform.published.get(object_name(old[name]["sha256"]))) for name in names if name in old]
    before = {str(row["player_id"]) for body in slates for row in body["data"]["players"]}
    return {player for player in before if players.name_of(player) not in built}


def from_what_is_left(platform: Platform, left: set[str]) -> Iterator[Published]:
    """The documents of those players who are on any slate yet."""
    if not left:
        return
    rows = platform.warehouse.read(PREDICTIONS, columns=["game_date", "player_id"])
    newest = rows[rows["player_id"].isin(left)].groupby("player_id")["game_date"].max()
    for day in sorted(newest.unique()):
        facts = release_facts(platform, [pd.Timestamp(day).date()])
        for document in players.documents(facts, slate(facts)):
            if document.data["player_id"] in left and document.body["game_date"] == f"{day:%Y-%m-%d}":
                yield document
