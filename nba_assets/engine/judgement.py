"""What a parsed drop touches: the dates it speaks for, the games that it moves, and those placed a day off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.engine.captures import beside, listed_days, season_of
from nba_assets.sources.games import STARTS_AT
from nba_assets.sources.parsed import Parsed
from nba_assets.sources.paths import path_date

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.storage.records import Drop


@dataclass(frozen=True)
class Judged:
    """A drop that passed; `dates` grows by the dates of moved games."""

    drop: Drop
    parsed: Parsed
    dates: set[dt.date]
    pairs: set[str]


def touched(parsed: Parsed, object_name: str) -> set[dt.date]:
    """The dates a drop speaks for: of its units, rows and identities, else the date in its path."""
    dates: set[dt.date] = set()
    for frame in (parsed.speaks_for, parsed.rows, parsed.identities):
        if len(frame) and "game_date" in frame.columns:
            dates |= {pd.Timestamp(day).date() for day in set(frame["game_date"].tolist())}
    day = path_date(object_name)
    return dates or ({day} if day is not None else set())


def named_pairs(parsed: Parsed) -> set[str]:
    """`AWYHOM` of the games that may be placed a day off: named by their teams and a start time."""
    rows = parsed.rows
    if not len(rows) or STARTS_AT not in rows.columns:
        return set()
    by_pair = rows[STARTS_AT].notna() & rows["away_tricode"].notna() & rows["home_tricode"].notna()
    if "game_id" in rows.columns:
        by_pair &= rows["game_id"].isna()
    pairs = rows.loc[by_pair, ["away_tricode", "home_tricode"]].drop_duplicates()
    return {f"{away}{home}" for away, home in pairs.itertuples(index=False)}


def add_moved_games(platform: Platform, judged: Sequence[Judged]) -> None:
    """A schedule that moves a game also touches the date where it stood; a game placed a day off, its own date."""
    _add_former_dates(platform, [one for one in judged if one.drop["source"] == "nbac_schedule"])
    _add_placed_dates(platform, [one for one in judged if one.pairs])


def _add_former_dates(platform: Platform, schedules: Sequence[Judged]) -> None:
    schedules = [one for one in schedules if len(one.parsed.rows)]
    if not schedules:
        return
    seasons = {season_of(day) for one in schedules for day in one.dates}
    span = (dt.date(min(seasons), 8, 1), dt.date(max(seasons) + 1, 11, 30))
    here = platform.warehouse.read("nbac_schedule", dates=span, columns=["game_id", "game_date"], history=True)
    rows = [one.parsed.rows[["game_id", "game_date"]] for one in schedules]
    where = pd.concat([here, *rows]).drop_duplicates()
    moved = where[where["game_id"].duplicated(keep=False)]
    days = {game: set(pd.to_datetime(found).dt.date) for game, found in moved.groupby("game_id")["game_date"]}
    for one in schedules:
        for game in days.keys() & set(one.parsed.rows["game_id"]):
            one.dates.update(days[game])


def _add_placed_dates(platform: Platform, named: Sequence[Judged]) -> None:
    if not named:
        return
    near = {day + dt.timedelta(days=n) for one in named for day in one.dates for n in (-1, 1)}
    drops: list[Drop] = [{**one.drop, "game_dates": sorted(one.dates), "pairs": sorted(one.pairs)} for one in named]
    listed = listed_days(platform, drops, near)
    for one, drop in zip(named, drops, strict=True):
        one.dates.update(beside(drop, listed))
