"""Spread and total of a game as of a decision: medians over books, in each team's own view."""

from __future__ import annotations

import pandas as pd

from nba_assets.transforms.asks import GAME


def spreads_and_totals(games: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Per team's game: spread, opening_spread, total, opening_total, implied_points, lines_captured_at, known_at.

    Of each book its newest (opening: first) capture that has the number, captured before the tip and known at the
    decision. A spread is in the team's view: −5.5 is favoured by 5.5. Points; index as `games`.
    """
    rows = _usable(games, lines)
    out = games[[*GAME, "is_home"]]
    captured, used = [], []
    for number in ("home_spread", "total"):
        posted = rows[rows[number].notna()]
        newest = posted.drop_duplicates([*GAME, "book"], keep="last")
        first = posted.drop_duplicates([*GAME, "book"], keep="first")
        for name, chosen in ((number, newest), (f"opening_{number}", first)):
            median = chosen.groupby(GAME)[number].median().rename(name).reset_index()
            out = out.merge(median, on=GAME, how="left")
        captured.append(newest)
        used += [newest, first]
    captured_at = pd.concat(captured).groupby(GAME)["captured_at"].max().rename("lines_captured_at").reset_index()
    known_at = pd.concat(used).groupby(GAME)["known_at"].max().reset_index()
    out = out.merge(captured_at, on=GAME, how="left").merge(known_at, on=GAME, how="left")
    sign = out["is_home"].astype("int64") * 2 - 1
    out["spread"] = out["home_spread"] * sign + 0.0
    out["opening_spread"] = out["opening_home_spread"] * sign + 0.0
    out["implied_points"] = out["total"] / 2 - out["spread"] / 2
    return out.drop(columns=[*GAME, "is_home", "home_spread", "opening_home_spread"]).set_axis(games.index)


def _usable(games: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Rows of the games captured before the tip and known at the decision, in order of capture."""
    moments = games[[*GAME, "tip_at", "decision_at"]].drop_duplicates(GAME)
    columns = ["book", "captured_at", "known_at", "home_spread", "total", "is_in_play"]
    rows = lines[[*GAME, *columns]].merge(moments, on=GAME)
    in_time = (rows["captured_at"] < rows["tip_at"]) & (rows["known_at"] <= rows["decision_at"])
    rows = rows[in_time & ~rows["is_in_play"].fillna(False).astype(bool)]
    return rows.sort_values([*GAME, "book", "captured_at"], kind="stable")
