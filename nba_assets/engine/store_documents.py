"""A published file as the document store keeps it: the same, but for a slate that is too large for live readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from nba_assets.publishing.rows import Record

LARGEST = 900 * 1024
"""Bytes of a slate that goes in whole: Firestore takes a document of 1 MiB."""
DAILY = "predictions/daily/"


def store_body(path: str, payload: bytes) -> Record:
    """The body of the document at `path`, of the published file's bytes.

    A slate above `LARGEST` has no players; `data.players_in` has the paths of its games' documents, which have them.
    """
    body: Record = orjson.loads(payload)
    if not path.startswith(DAILY) or len(payload) <= LARGEST:
        return body
    games = [f"predictions/games/{game['game_id']}" for game in body["data"]["games"]]
    return {**body, "data": {**body["data"], "players": [], "players_in": games}}
