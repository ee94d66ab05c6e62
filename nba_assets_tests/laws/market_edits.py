"""Other content of what bookmakers say: other lines, a part of the markets, names that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nba_assets_tests.laws.drops import Drop


def other_props(payload: Any) -> None:
    """The Odds API's props, every line a point higher."""
    for outcome in _outcomes([payload]):
        outcome["point"] += 1


def other_game_lines(payload: Any) -> None:
    """The Odds API's game lines: the home side is a point worse, the total two points higher."""
    for event in payload:
        for outcome in _outcomes([event]):
            if "point" in outcome:
                shift = {event["home_team"]: 1, event["away_team"]: -1}.get(outcome["name"], 2)
                outcome["point"] += shift


def other_offers(payload: Any) -> None:
    """BettingPros' offers, every line a point higher."""
    for offer in payload["offers"]:
        for selection in offer["selections"]:
            for book in selection["books"]:
                for line in book["lines"]:
                    line["line"] += 1


def only(drop: Drop, *markets: str) -> Drop:
    """The capture of game lines with these markets alone, filed in a folder of its own."""
    payload = drop.payload()
    for event in payload:
        for book in event["bookmakers"]:
            book["markets"] = [market for market in book["markets"] if market["key"] in markets]
    return drop.saying(payload).elsewhere("-".join(markets))


def renamed(drop: Drop, nickname: str) -> Drop:
    """Props in which every book calls its first man by a name that nobody else knows."""
    payload = drop.payload()
    for market in _markets([payload]):
        first = market["outcomes"][0]["description"]
        for outcome in market["outcomes"]:
            if outcome["description"] == first:
                outcome["description"] = nickname
    return drop.saying(payload)


def _markets(events: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    return (market for event in events for book in event["bookmakers"] for market in book["markets"])


def _outcomes(events: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    return (outcome for market in _markets(events) for outcome in market["outcomes"])
