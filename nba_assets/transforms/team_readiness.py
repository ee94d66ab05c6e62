"""Games whose team rows wait: the players' points are not those of the team box score."""

from __future__ import annotations

import pandas as pd

from nba_assets.transforms import Dates, Inputs
from nba_assets.transforms.box_scores import of
from nba_assets.transforms.game_versions import GAME
from nba_assets.transforms.team_game_lines import PLAYERS, TEAM_BOX


def games_of(inputs: Inputs, dates: Dates) -> pd.DataFrame:
    """Every such game of `dates` as it stands now: game_date, game_id, reason. Sorted by date and game."""
    box = _current(of(inputs, TEAM_BOX), dates).rename(columns={"team_tricode": "team"})
    sums = _current(of(inputs, PLAYERS), dates).groupby([*GAME, "team"])["points"].sum().reset_index()
    both = sums.merge(box[[*GAME, "team", "pts"]], on=[*GAME, "team"])
    wrong = both[both["points"] != both["pts"]]
    text = wrong["team"].astype(object) + ": players' points " + wrong["points"].astype(str)
    wrong = wrong.assign(reason=text + " are not the team box score's " + wrong["pts"].astype(str))
    return wrong.groupby(GAME)["reason"].agg("; ".join).reset_index()


def _current(rows: pd.DataFrame, dates: Dates) -> pd.DataFrame:
    return rows[rows["superseded_at"].isna() & rows["game_date"].isin(list(dates))]
