"""What goes wrong with lines: moves, alternates, one side, none, an event made anew."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import Any

from nba_assets.simulator.faults.flags import Flag
from nba_assets.simulator.faults.night import Effect, Night

PROPS = "odds_api_player_points_props"
EARLY = "1700.json"


def line_move(night: Night, flag: Flag) -> None:
    """Between the two captures every book moves every line by a point."""
    for drop in night.of(PROPS):
        if drop.name.endswith(EARLY):
            payload = drop.payload()
            for outcome in _outcomes(payload):
                outcome["point"] += 1
            moved = drop.saying(payload).later(dt.timedelta(hours=2))
            moved = replace(moved, name=moved.name.replace("-snap-1700", "-snap-1900"))
            night.add(moved, Effect(flag.name, moved.name, "every line a point higher"))


def lines(night: Night, flag: Flag) -> None:
    """Books post more lines than one of a man (`alternate`), or only the over (`one_sided`)."""
    kinds = flag.options or {"alternate": "", "one_sided": ""}

    def edit(payload: Any) -> bool:
        for book in payload["bookmakers"]:
            market = book["markets"][0]
            if "alternate" in kinds:
                market["outcomes"] += [
                    outcome | {"point": outcome["point"] + 20, "price": 900 if outcome["name"] == "Over" else -2000}
                    for outcome in market["outcomes"][:4]
                ]
            if "one_sided" in kinds:
                dropped = {o["description"] for o in market["outcomes"][4:12]}
                market["outcomes"] = [
                    o for o in market["outcomes"] if o["name"] == "Over" or o["description"] not in dropped
                ]
        return bool(payload["bookmakers"])

    night.change((PROPS,), flag.name, "alternate and one-sided lines", edit)


def no_lines(night: Night, flag: Flag) -> None:
    """A share of the games (`no_lines=50%`) has no lines of any book."""
    share = flag.number(flag.name, 100)
    for drop in night.of(PROPS, "bettingpros_player_points_props"):
        game = drop.name.split("/")[-2]
        if int(hashlib.sha256(game.encode()).hexdigest(), 16) % 100 < share:
            night.withhold(drop, flag.name, "no lines")


def event_remap(night: Night, flag: Flag) -> None:
    """The source makes its event anew: the later capture of a game has another event id."""
    for drop in night.of(PROPS):
        if drop.name.endswith(EARLY):
            continue
        payload = drop.payload()
        old, new = payload["id"], hashlib.md5(payload["id"].encode(), usedforsecurity=False).hexdigest()
        other = replace(drop.saying(payload | {"id": new}), name=drop.name.replace(old, new))
        night.withhold(drop, flag.name, "comes under another event id")
        night.add(other, Effect(flag.name, other.name, "another event id"))


def _outcomes(payload: Any) -> list[dict[str, Any]]:
    return [o for book in payload["bookmakers"] for market in book["markets"] for o in market["outcomes"]]
