"""Builds nba_analytics.team_offense_game_summary: a team's final game with the ball, with its versions."""

from __future__ import annotations

import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.scope import Scope
from nba_assets.transforms import Dates, Inputs, box_formulas
from nba_assets.transforms.box_scores import of
from nba_assets.transforms.game_versions import collapsed
from nba_assets.transforms.missing_starters import starters_missing
from nba_assets.transforms.play_by_play import Plays, as_told, event_versions
from nba_assets.transforms.pregame import names_where, within
from nba_assets.transforms.team_game_lines import PLAYERS, counts, team_lines
from nba_assets.transforms.team_play_by_play import scores, with_play_by_play


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """All versions of both teams' rows of the games on `dates`: one for each time at which an input changed them."""
    table = contracts.table("team_offense_game_summary")
    events = event_versions(inputs)
    rows, moments, built, gone = team_lines(inputs, dates, [each.times for each in events.values()])
    if rows.empty:
        return frames.empty(table)
    own, other = counts(rows), counts(rows, "opp_")
    poss = rows["possessions"].to_numpy()
    rows["margin"] = rows["points"] - rows["opp_points"]
    rows["off_rating"] = box_formulas.rating(own["points"], poss)
    rows["def_rating"] = box_formulas.rating(other["points"], poss)
    rows["net_rating"] = box_formulas.rating(own["points"] - other["points"], poss)
    rows["ts_pct"], rows["efg_pct"] = box_formulas.ts_pct(own), box_formulas.efg_pct(own)
    rows["tov_pct"] = box_formulas.tov_pct(own)
    rows["oreb_pct"] = box_formulas.over(own["oreb"], own["oreb"] + other["dreb"])
    rows["dreb_pct"] = box_formulas.over(own["dreb"], own["dreb"] + other["oreb"])
    rows["ft_rate"] = box_formulas.over(own["ftm"], own["fga"])
    rows["fta_rate"] = box_formulas.over(own["fta"], own["fga"])
    rows["starters_missing"] = starters_missing(rows, moments, of(inputs, PLAYERS))
    plays = as_told(events, scores(rows, moments))
    rows = _with_sources(with_play_by_play(rows, plays), plays)
    rows = rows[[name for name in rows.columns if name in table.column_names or name == "moment"]]
    return frames.conform(within(collapsed(rows, moments, built, gone, table.key), scope), table)


def _with_sources(rows: pd.DataFrame, plays: Plays) -> pd.DataFrame:
    """The play-by-plays that fed the row, and those that were absent or told other points than the score."""
    moment = rows["moment"].to_numpy()
    used = names_where({name: rows[f"uses_{name}"].to_numpy(dtype=bool) for name in plays})
    missing = names_where({name: ~play.agrees[moment] for name, play in plays.items()})
    return rows.assign(sources_used=rows["sources_used"] + used, missing_inputs=rows["missing_inputs"] + missing)
