"""Bytes and schemas that no parser may take: pages and cuts under a file's name, columns renamed, ids retyped."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from nba_assets.simulator.faults.flags import Flag
from nba_assets.simulator.faults.night import Drop, Effect, Night

BOX_SOURCES = ("nbac_player_boxscores", "bdl_player_boxscores", "nbac_gamebook_player_stats")
JSON_SOURCES = (*BOX_SOURCES, "nbac_schedule", "nbac_team_boxscore", "odds_api_player_points_props")
SOONER, LATER = dt.timedelta(minutes=5), dt.timedelta(minutes=40)
PAGE = b"<!DOCTYPE html><html><head><title>Access Denied</title></head><body>Reference #18.2f7</body></html>"


def html(night: Night, flag: Flag) -> None:
    """An HTML page came under the name of a JSON file, minutes before the file itself."""
    _instead(night, flag, lambda data: PAGE, "an HTML page")


def truncated(night: Night, flag: Flag) -> None:
    """The first part of a file came minutes before the whole of it."""
    _instead(night, flag, lambda data: data[: len(data) * 3 // 5], "the first three fifths of the file")


def schema(night: Night, flag: Flag) -> None:
    """A later capture has a column by another name (`rename`), or a prefix before every player's id (`prefix`)."""
    kinds = flag.options or {"rename": "", "prefix": ""}
    if "rename" in kinds:
        _spoiled(night, flag, "nbac_player_boxscores", (rb'"TOV"', rb'"TURNOVERS"'), "TOV is called TURNOVERS")
        _spoiled(
            night, flag, "bdl_player_boxscores", (rb'"turnover":', rb'"turnovers":'), "turnover is called turnovers"
        )
    if "prefix" in kinds:
        prefixed = (rb'(?<=,)(1990\d{3})(?=,")', rb'"nba_\1"')
        _spoiled(night, flag, "nbac_player_boxscores", prefixed, "player ids have a prefix")


def ids_as_int(night: Night, flag: Flag) -> None:
    """A later capture has game ids as numbers, without their zeros."""
    _spoiled(night, flag, "nbac_player_boxscores", (rb'"00(2\d{7})"', rb"\1"), "game ids are numbers")


def minutes_format(night: Night, flag: Flag) -> None:
    """A later capture of the gamebook has minutes that are no time."""
    _spoiled(
        night,
        flag,
        "nbac_gamebook_player_stats",
        (rb'"minutes":"(\d+):(\d+)"', rb'"minutes":"\1m\2"'),
        "minutes as 36m04",
    )


def _instead(night: Night, flag: Flag, bytes_of: Callable[[bytes], bytes], what: str) -> None:
    for drop in night.one_of(*JSON_SOURCES):
        spoiled = Drop(drop.source, drop.name, bytes_of(drop.data)).earlier(SOONER)
        night.add(spoiled, Effect(flag.name, spoiled.name, what, expected="bad", valid=False))


def _spoiled(night: Night, flag: Flag, source: str, edit: tuple[bytes, bytes], what: str) -> None:
    for drop in night.one_of(source):
        spoiled = Drop(source, drop.name, re.sub(*edit, drop.data)).later(LATER)
        if spoiled.data != drop.data:
            night.add(spoiled, Effect(flag.name, spoiled.name, what, expected="bad", valid=False))
