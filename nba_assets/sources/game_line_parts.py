"""Parts of one book's game lines at one moment, which may come in several drops, made one row."""

from __future__ import annotations

import pandas as pd

from nba_assets.sources.versions import ORDER

KEY = ["game_id", "book", "captured_at"]
MARKETS = (
    ("home_spread", "home_spread_price", "away_spread_price"),
    ("total", "over_price", "under_price"),
    ("home_ml_price", "away_ml_price"),
)
"""The columns of each market: they are of one line and stay together."""
COLUMNS = tuple(column for market in MARKETS for column in market)
HOME_HERE = "team_tricode"
"""Helper column: the team that the source calls home, whose handicap `home_spread` is."""
SIDES = (("home_spread_price", "away_spread_price"), ("home_ml_price", "away_ml_price"))


def merge_forms(rows: pd.DataFrame, spoken: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per game, book and capture time with every market that any drop has; the captures as they are.

    `rows`: placed, with `is_home` of the team in `HOME_HERE`: at a neutral site the schedule may have the sides
    swapped. Null never overwrites, and of two values the first known stays with all of its market. The row is known
    once its last part is: its stamp is that of the last drop that gave a value. Drops of one capture time have one
    `known_at` unless a clock was wrong (a stamp after the receipt).
    """
    rows = _as_scheduled(rows).sort_values(ORDER, kind="stable").reset_index(drop=True)
    if not rows.duplicated(KEY).any():
        return rows, spoken
    row_of = rows.groupby(KEY, sort=False).ngroup()
    values = rows[list(COLUMNS)].copy()
    for market in MARKETS:
        block = list(market)
        first = values[block].groupby(row_of).transform("first")
        differs = ((values[block] != first) & values[block].notna()).any(axis=1)
        values[block] = values[block].mask(differs)
    given = values.notna()
    gives = ((given.groupby(row_of).cumsum() == 1) & given).any(axis=1) | ~rows.duplicated(KEY)
    last = rows[gives].drop_duplicates(KEY, keep="last")
    codes = row_of[last.index]
    updated = rows["book_updated_at"][gives].groupby(row_of[gives]).max()
    merged = last.assign(book_updated_at=updated.reindex(codes).array)
    first_given = values.groupby(row_of).first()
    for column in COLUMNS:
        merged[column] = first_given[column].reindex(codes).array
    return merged.sort_values(ORDER, kind="stable", ignore_index=True), spoken


def _as_scheduled(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the home columns about the side that the schedule calls home."""
    swapped = ~rows["is_home"].fillna(True).astype(bool)
    if not swapped.any():
        return rows
    out = rows.assign(home_spread=rows["home_spread"].mask(swapped, -rows["home_spread"]))
    for home, away in SIDES:
        out[home], out[away] = rows[home].mask(swapped, rows[away]), rows[away].mask(swapped, rows[home])
    return out
