"""Builds nba_analytics.team_defense_game_summary: what a team allowed, the mirror of the opponent's offence."""

from __future__ import annotations

import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.scope import Scope
from nba_assets.transforms import Dates, Inputs, box_formulas
from nba_assets.transforms.game_versions import collapsed
from nba_assets.transforms.play_by_play import event_versions
from nba_assets.transforms.pregame import within
from nba_assets.transforms.team_game_lines import counts, team_lines, with_sources


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """All versions of both teams' rows of the games on `dates`: one for each time at which an input changed them."""
    table = contracts.table("team_defense_game_summary")
    rows, moments, built, gone, plays = team_lines(inputs, dates, event_versions(inputs))
    if rows.empty:
        return frames.empty(table)
    own, other = counts(rows), counts(rows, "opp_")
    rows["def_rating"] = box_formulas.rating(other["points"], rows["possessions"].to_numpy())
    rows["opp_ts_pct"], rows["opp_efg_pct"] = box_formulas.ts_pct(other), box_formulas.efg_pct(other)
    rows["opp_tov_pct"] = box_formulas.tov_pct(other)
    rows["opp_oreb_pct"] = box_formulas.over(other["oreb"], other["oreb"] + own["dreb"])
    rows["opp_ft_rate"] = box_formulas.over(other["ftm"], other["fga"])
    rows["opp_fta_rate"] = box_formulas.over(other["fta"], other["fga"])
    rows = with_sources(rows, plays)
    rows = rows[[name for name in rows.columns if name in table.column_names or name == "moment"]]
    return frames.conform(within(collapsed(rows, moments, built, gone, table.key), scope), table)
