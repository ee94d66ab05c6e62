"""Signs a release off before anyone sees it: documents against their schemas, the tables and one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from pydantic import ValidationError

from nba_assets.publishing import games, players
from nba_assets.publishing.envelope import Published
from nba_assets.publishing.facts import Facts
from nba_assets.publishing.rows import NotPublishable, Record
from nba_assets.publishing.schemas import DOCUMENTS
from nba_assets.publishing.slate import COUNTED


def encode(body: Mapping[str, Any]) -> bytes:
    """A body as JSON with sorted keys: equal content is equal bytes."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def checked(document: Published) -> bytes:
    """The document's bytes, if they are as its schema says.

    Raises `NotPublishable` naming the document, the place and the rule: a field that is not declared, a number that
    is not finite or out of range, a null where there must be a value.
    """
    payload = encode(document.body)
    check(document.name, document.document, payload)
    return payload


def check(name: str, document: str, payload: bytes) -> None:
    """Raises `NotPublishable` if the bytes are not a document of that kind."""
    try:
        DOCUMENTS[document].model_validate_json(payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise NotPublishable(f"{name}: {place}: {first['msg']}") from None


def expected_counts(facts: Facts) -> dict[str, tuple[int, int]]:
    """Games on the schedule and players with a serving prediction of each date, counted in the tables themselves."""
    schedule = facts.on_dates("nbac_schedule")
    listed = schedule[schedule["season_type"].isin(COUNTED)].groupby("game_date")["game_id"].nunique().to_dict()
    said = facts.on_dates("player_points_predictions")
    serving = said[(said["role"] == "serving").fillna(False)]
    people = serving[["game_date", "game_id", "player_id"]].drop_duplicates().groupby("game_date").size().to_dict()
    return {s.strftime("%Y-%m-%d"): (int(listed.get(s, 0)), int(people.get(s, 0))) for s in facts.stamps}


def check_counts(document: Published, expected: Mapping[str, tuple[int, int]]) -> None:
    """Raises `NotPublishable` if a slate lacks a scheduled game or has another number of players than the tables."""
    if document.document != "daily":
        return
    listed, people = expected[document.body["game_date"]]
    counts = document.data["counts"]
    if counts["games"] < listed or counts["players"] != people:
        raise NotPublishable(
            f"{document.name}: {counts['games']} games and {counts['players']} players,"
            f" the tables have {listed} and {people}"
        )


def references(document: Published) -> Iterable[str]:
    """Names of the documents that this one sends its reader to."""
    if document.document != "daily":
        return ()
    day = str(document.body["game_date"])
    return [
        *(games.name_of(day, game["game_id"]) for game in document.data["games"]),
        *{players.name_of(player["player_id"]) for player in document.data["players"]},
    ]


def check_references(wanted: Iterable[str], files: Mapping[str, Record]) -> None:
    """Raises `NotPublishable` naming a document that another one refers to and the release does not have."""
    for name in sorted(set(wanted)):
        if name not in files:
            raise NotPublishable(f"{name}: a slate refers to it, but the release does not have it")
