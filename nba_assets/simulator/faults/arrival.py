"""Files that come late, empty first, in part, twice, or in the wrong order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from nba_assets.simulator.faults.corrections import corrected_day
from nba_assets.simulator.faults.flags import Flag
from nba_assets.simulator.faults.night import Drop, Effect, Night

BDL, LOG, PROPS = "bdl_player_boxscores", "nbac_player_boxscores", "odds_api_player_points_props"
FILES = "files"
SOONER = dt.timedelta(minutes=15)


def late(night: Night, flag: Flag) -> None:
    """Every file of the sources named comes hours after its time: `late:nbac_play_by_play=6h`; `=never`: not at all.

    With `files=10` it comes ten times, a minute apart.
    """
    sources = {source: hours for source, hours in flag.options.items() if source != FILES}
    for source, hours in (sources or {"nbac_gamebook_player_stats": "6h"}).items():
        for drop in night.of(source):
            if hours == "never":
                night.withhold(drop, flag.name, "never comes")
                continue
            night.withhold(drop, flag.name, "comes late")
            for minutes in range(flag.number(FILES, 1)):
                moved = drop.later(dt.timedelta(hours=flag.number(source, 6), minutes=minutes))
                night.add(moved, Effect(flag.name, moved.name, f"comes {hours} late", wave=2))


def empty_then_full(night: Night, flag: Flag) -> None:
    """A well-formed empty answer came before the full file."""
    empties: dict[str, Callable[[Any], None]] = {
        BDL: lambda payload: payload["data"].clear(),
        LOG: lambda payload: payload["resultSets"][0]["rowSet"].clear(),
        PROPS: lambda payload: payload["bookmakers"].clear(),
    }
    for source, clear in empties.items():
        for drop in night.one_of(source):
            payload = drop.payload()
            clear(payload)
            empty = drop.saying(payload).earlier(SOONER)
            night.add(empty, Effect(flag.name, empty.name, "an empty answer", expected="empty"))


def missing_games(night: Night, flag: Flag) -> None:
    """An earlier capture of a date has all its games but these few."""
    for drop in night.of(BDL):
        payload = drop.payload()
        left = max(len(payload["data"]) - flag.number(flag.name, 2), 1)
        payload["data"] = payload["data"][:left]
        part = drop.saying(payload).earlier(SOONER)
        night.add(part, Effect(flag.name, part.name, f"{left} of {len(night.day.games)} games"))


def paging_cut(night: Night, flag: Flag) -> None:
    """An earlier capture ends after its first page, and says that there are more."""
    for drop in night.of(BDL):
        payload = drop.payload()
        payload = {"data": payload["data"][:2], "meta": {"next_cursor": 25, "per_page": 2}}
        part = drop.saying(payload).earlier(2 * SOONER)
        night.add(part, Effect(flag.name, part.name, "the first page only", expected="partial"))


def duplicate(night: Night, flag: Flag) -> None:
    """The same bytes come again under a later stamp: a drop of its own that changes nothing."""
    for drop in night.one_of(BDL, LOG, "nbac_gamebook_player_stats", "nbac_team_boxscore"):
        again = drop.later(dt.timedelta(minutes=40))
        night.add(again, Effect(flag.name, again.name, "the same bytes again"))


def out_of_order(night: Night, flag: Flag) -> None:
    """An older capture, with other numbers, arrives after the newer one."""
    for here, other in night.told_otherwise(corrected_day(night.day)):
        if here.source == "nbac_gamebook_player_stats":
            older = Drop(other.source, other.name, other.data).earlier(SOONER)
            night.add(older, Effect(flag.name, older.name, "older than what arrived before it", wave=2))


def in_progress(night: Night, flag: Flag) -> None:
    """A capture from the evening: some games are in their third quarter."""
    for drop in night.of(BDL):
        payload = drop.payload()
        for game in payload["data"][: flag.number(flag.name, 2)]:
            game |= {"status": "3rd Qtr", "period": 3, "time": "Q3 4:12"}
        live = drop.saying(payload).earlier(dt.timedelta(minutes=90))
        night.add(live, Effect(flag.name, live.name, "games in their third quarter", expected="partial"))
