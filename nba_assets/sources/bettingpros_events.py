"""BettingPros' events: which game an event id is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nba_assets.league import league_date
from nba_assets.sources.games import PAIR, STARTS_AT
from nba_assets.sources.moments import instant
from nba_assets.sources.pairs import Pair, pair_of
from nba_assets.sources.payload import PayloadError, member, shown

SPORT = "NBA"
EVENT_ID = "bp_event_id"


@dataclass(frozen=True)
class EventGame:
    """The game of an event; without a pair (`why`) it is none of the league's."""

    starts_at: dt.datetime
    pair: Pair | None
    why: str = ""


def read_events(events: Sequence[Any], place: str) -> dict[int, EventGame]:
    """The games by event id. Raises `PayloadError` for what is no event of the sport.

    An event of unknown teams (a guest in preseason) has no pair, nor has the second event of one game.
    """
    found: dict[int, EventGame] = {}
    labels: set[str] = set()
    for number, event in enumerate(events):
        at = f"{place}[{number}]"
        event_id = whole_number(member(event, "id", object, at), f"{at}.id")
        sport = event.get("sport", SPORT)
        if sport != SPORT:
            raise PayloadError(f"{at}.sport", "content", f"sport is {shown(sport)}, not {SPORT}", shown(sport))
        if event_id in found:
            raise PayloadError(f"{at}.id", "unique", f"event {event_id} stands twice", str(event_id))
        game = _game(event, at)
        if game.pair is not None and game.pair.label in labels:
            game = EventGame(game.starts_at, None, f"{game.pair.label} is another event's game already")
        elif game.pair is not None:
            labels.add(game.pair.label)
        found[event_id] = game
    return found


def whole_number(value: Any, place: str) -> int:
    """An id, given as a number or in digits. Raises `PayloadError` by rule `type`."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if type(value) is not int or not 0 <= value < 2**53:
        raise PayloadError(place, "type", f"{shown(value)} is no id", shown(value))
    return value


def name_games(rows: pd.DataFrame, spoken: pd.DataFrame) -> pd.DataFrame:
    """Rows with the teams, date and start of their event, where their own drop does not say which game that is.

    `spoken`: the events of every capture, with `EVENT_ID`. A row takes the newest word on its event known by its own
    `known_at`, else the first that follows, and is known since then.
    """
    unnamed = rows["away_tricode"].isna()
    named = spoken[spoken["away_tricode"].notna()]
    if not unnamed.any() or named.empty:
        return rows
    said = named[[EVENT_ID, "known_at", *PAIR, STARTS_AT]].assign(_named_at=named["known_at"])
    said = said.astype({EVENT_ID: "int64"}).sort_values("known_at", kind="stable")
    asked = rows.loc[unnamed, [EVENT_ID, "known_at"]].astype({EVENT_ID: "int64"})
    asked = asked.assign(_row=asked.index).sort_values("known_at", kind="stable")
    before, after = (
        pd.merge_asof(asked, said, on="known_at", by=EVENT_ID, direction=direction).set_index("_row")
        for direction in ("backward", "forward")
    )
    answer = before.where(before["_named_at"].notna(), after)
    answer = answer[answer["_named_at"].notna()]
    out = rows.copy()
    for column in (*PAIR, STARTS_AT):
        out.loc[answer.index, column] = answer[column]
    since = answer["_named_at"].where(answer["_named_at"] > answer["known_at"], answer["known_at"])
    out.loc[answer.index, "known_at"] = since
    return out


def _game(event: dict[str, Any], place: str) -> EventGame:
    scheduled = event.get("scheduled")
    try:
        starts_at = instant(scheduled, without_zone=dt.UTC)
    except ValueError:
        message = f"scheduled is {shown(scheduled)}, not a time"
        raise PayloadError(f"{place}.scheduled", "time", message, shown(scheduled)) from None
    day = league_date(starts_at).isoformat()
    away, home = member(event, "visitor", str, place), member(event, "home", str, place)
    try:
        return EventGame(starts_at, pair_of(day, away, home))
    except ValueError as error:
        return EventGame(starts_at, None, str(error))
