"""Names without a league id, and who of the game's two teams is nearest: shown to a person, never used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from rapidfuzz import fuzz, process

from nba_assets.contracts.model import Table
from nba_assets.engine.named_rows import named_rows, named_tables
from nba_assets.sources.candidates import AFTER, BEFORE
from nba_assets.sources.matching import UNRESOLVED

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

NEAREST = 3
COLUMNS = ["source", "player_name", "team", "game_date", "game", "rows", "first_seen"]


def unresolved_names(platform: Platform, date: dt.date | None = None) -> pd.DataFrame:
    """Current rows without a league id per source, name, team and game, with `player_lookup` and `game_id` beside.

    `team` is null where the source names none, `game` is `AWY@HOM`, `first_seen` the earliest `known_at`.
    """
    span = (date, date) if date else None
    found = [rows for table in named_tables() if len(rows := _unresolved(platform, table, span))]
    if not found:
        return pd.DataFrame(columns=[*COLUMNS, "player_lookup", "game_id"])
    rows = pd.concat(found, ignore_index=True)
    about = ["source", "player_name", "player_lookup", "team", "game_date", "game_id"]
    counted = rows.groupby(about, dropna=False, sort=True)["known_at"].agg(rows="size", first_seen="min").reset_index()
    span = (counted["game_date"].min().date(), counted["game_date"].max().date())
    games = platform.warehouse.read("nbac_schedule", dates=span, columns=["game_id", "away_tricode", "home_tricode"])
    games["game"] = games["away_tricode"] + "@" + games["home_tricode"]
    named = counted.merge(games[["game_id", "game"]].drop_duplicates("game_id"), on="game_id", how="left")
    return named[[*COLUMNS, "player_lookup", "game_id"]]


def candidates(platform: Platform, names: pd.DataFrame) -> list[list[dict[str, Any]]]:
    """For each unresolved name the nearest of the registry's men of the game's two teams, most alike first.

    `player_id`, `player_name`, `team`, `similarity` (0 to 100, of the normalised names).
    """
    if names.empty:
        return []
    first, last = names["game_date"].min(), names["game_date"].max()
    people = platform.warehouse.read(
        "player_identity",
        dates=((first - pd.Timedelta(days=BEFORE)).date(), (last + pd.Timedelta(days=AFTER)).date()),
        columns=["game_date", "player_id", "player_name", "player_lookup", "team_tricode"],
    )
    asked = names[["game_date", "game", "player_lookup"]].itertuples(index=False)
    return [_nearest(lookup, _eligible(people, day, str(game).split("@"))) for day, game, lookup in asked]


def _unresolved(platform: Platform, table: Table, span: tuple[dt.date, dt.date] | None) -> pd.DataFrame:
    rows = named_rows(platform, table, span)
    rows = rows[rows["resolution"] == UNRESOLVED].rename(columns={"team_tricode": "team"})
    return rows.assign(source=pd.Series(table.name, index=rows.index, dtype="string[pyarrow]"))


def _eligible(people: pd.DataFrame, day: pd.Timestamp, teams: Sequence[str]) -> pd.DataFrame:
    """Each man of the teams by his newest name around the date."""
    near = people["game_date"].between(day - pd.Timedelta(days=BEFORE), day + pd.Timedelta(days=AFTER))
    here = people[near & people["team_tricode"].isin(list(teams))]
    return here.sort_values("game_date", kind="stable").drop_duplicates("player_id", keep="last", ignore_index=True)


def _nearest(lookup: str, people: pd.DataFrame) -> list[dict[str, Any]]:
    found = process.extract(lookup, people["player_lookup"].tolist(), scorer=fuzz.WRatio, limit=NEAREST)
    return [
        {
            "player_id": people["player_id"].iloc[position],
            "player_name": people["player_name"].iloc[position],
            "team": people["team_tricode"].iloc[position],
            "similarity": round(score),
        }
        for _, score, position in found
    ]
