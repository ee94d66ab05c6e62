"""Whether a season has injury reports at all, as known at a decision."""

from __future__ import annotations

from typing import Any

import pandas as pd


def first_report(rows: pd.DataFrame, reports: pd.DataFrame) -> pd.Series[Any]:
    """When the first report of the season, of a game before the row's date, became known; null if not by `decision_at`.

    rows: season, game_date, decision_at. The season of a report is that of its game id.
    """
    season = reports["game_id"].str[3:5].astype("Int64")
    firsts = reports.assign(season=season).groupby(["season", "game_date"])["known_at"].min().reset_index()
    moments = rows[["season", "game_date"]].drop_duplicates()
    pairs = moments.assign(season=moments["season"] % 100).reset_index().merge(firsts, on="season", suffixes=("", "_"))
    pairs = pairs[pairs["game_date_"] < pairs["game_date"]]
    known = pairs.groupby("index")["known_at"].min()
    found = moments.assign(first=known.reindex(moments.index))
    first = rows[["season", "game_date"]].merge(found, on=["season", "game_date"], how="left")["first"]
    first = first.set_axis(rows.index)
    return first.where(first <= rows["decision_at"])
