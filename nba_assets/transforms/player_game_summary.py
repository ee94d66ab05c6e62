"""Builds nba_analytics.player_game_summary: what each player did in a final game, with its versions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts, market_lines
from nba_assets.contracts import frames
from nba_assets.scope import Scope
from nba_assets.transforms import Dates, Inputs, box_formulas
from nba_assets.transforms.box_scores import BDL, COUNTS, GAMEBOOK, NAMES, BoxScores, at_moments, box_moments, of
from nba_assets.transforms.game_lines import with_lines
from nba_assets.transforms.game_versions import as_of, collapsed
from nba_assets.transforms.play_by_play import Plays, as_told, conflict, event_versions
from nba_assets.transforms.player_play_by_play import with_play_by_play
from nba_assets.transforms.pregame import names_where, within
from nba_assets.transforms.readiness import reasons
from nba_assets.transforms.season_phase import season_phases
from nba_assets.transforms.windows import Flags, floats

TEAM_BOX, GAME_LOG = "nbac_team_boxscore", "nbac_player_boxscores"
STATS = {**{name: name for name in COUNTS}, "pts": "points"}
"""Raw counts and their names here."""

QUALITY = {"gamebook": 100.0, "bdl": 85.0}
DEDUCTION = 10.0
"""For each of: no zones, the sources disagree, whole minutes."""


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """All versions of the games on `dates`: a row per resolved player and time at which an input changed it.

    A game that cannot be built at a moment (see `readiness`) keeps the versions it has; one that is not final any more
    ends them.
    """
    table = contracts.table("player_game_summary")
    lines = market_lines.props(inputs)
    events = event_versions(inputs)
    others = (of(inputs, TEAM_BOX), of(inputs, GAME_LOG), lines, *(each.times for each in events.values()))
    state = at_moments(inputs, dates, box_moments(inputs, dates, others))
    ready = (reasons(state) == "").to_numpy(dtype=bool)
    rows = _players(state, ready)
    if rows.empty:
        return frames.empty(table)
    rows = _with_starters(_with_plus_minus(rows, as_of(of(inputs, GAME_LOG), state.moments)), *_starters(inputs, state))
    rows = _with_shares(rows)
    rows["season_phase"] = season_phases(rows, of(inputs, "nbac_schedule"))
    rows = with_lines(rows, lines)
    plays = as_told(events, state.moments)
    rows = _with_quality(with_play_by_play(rows, plays), plays)
    rows = rows[[name for name in rows.columns if name in table.column_names or name == "moment"]]
    gone = ~state.moments["final"].to_numpy(dtype=bool)
    versions = collapsed(rows, state.moments, ready, gone, table.key)
    return frames.conform(within(versions, scope), table)


def _players(state: BoxScores, ready: Flags) -> pd.DataFrame:
    """Resolved rows of the ready moments with the game's facts; stats are null unless he played."""
    rows = state.rows[ready[state.rows["moment"]] & state.rows["player_id"].notna().to_numpy(dtype=bool)]
    told = state.moments.assign(ot_periods=_overtimes(state))
    facts = told[["at", "season", "tip_at", "is_neutral", "home_score", "away_score", "ot_periods", "sources"]]
    rows = rows.rename(columns=STATS | {"team_tricode": "team", "opponent_tricode": "opponent"})
    rows = rows.merge(facts, left_on="moment", right_index=True).reset_index(drop=True)
    home = rows["is_home"].astype(bool)
    rows["team_points"] = rows["home_score"].where(home, rows["away_score"])
    rows["opponent_points"] = rows["away_score"].where(home, rows["home_score"])
    rows["won"] = rows["team_points"] > rows["opponent_points"]
    inactive = (rows["player_status"] == "inactive").fillna(False)
    rows["status"] = np.select([rows["played"], inactive], ["played", "inactive"], "dnp")
    rows["dnp_reason"], rows["dnp_category"] = rows["reason"], rows["reason_category"]
    stats = [*STATS.values(), "plus_minus", "minutes_precision"]
    rows[stats] = rows[stats].where(rows["played"])
    rows["minutes"] = np.where(rows["played"], floats(rows["seconds_played"]) / 60.0, np.nan)
    rows["box_source"] = rows["source"].map(NAMES)
    return rows.rename(columns={"conflict": "source_conflict"})


def _overtimes(state: BoxScores) -> pd.Series[Any]:
    """Per moment, by the players' time of both teams, else by the schedule's text; the team box score goes before."""
    told = state.moments
    seconds = state.rows.groupby("moment")["seconds_played"].sum().reindex(told.index, fill_value=0)
    by_time = pd.Series(box_formulas.overtimes(floats(seconds) / 120.0), index=told.index).where(seconds > 0)
    return by_time.astype("Int64").fillna(told["ot_named"].astype("Int64")).fillna(0)


def _starters(inputs: Inputs, state: BoxScores) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(team box scores as of the moments, moment and player_id of their starters)."""
    teams = as_of(of(inputs, TEAM_BOX), state.moments)
    ids = teams[["moment", "starter_ids"]].dropna()
    men = ids.assign(player_id=ids["starter_ids"].astype(object).str.split(",")).explode("player_id")
    men["player_id"] = men["player_id"].str.strip().astype("string[pyarrow]")
    return teams, men[["moment", "player_id"]].drop_duplicates()


def _with_starters(rows: pd.DataFrame, teams: pd.DataFrame, men: pd.DataFrame) -> pd.DataFrame:
    """Starters and overtimes of the team box score, where there is one."""
    named = teams.loc[teams["starter_ids"].notna(), ["moment", "team_tricode"]].rename(columns={"team_tricode": "team"})
    known = rows.merge(named.assign(known=True), on=["moment", "team"], how="left")["known"].notna().to_numpy()
    first = rows.merge(men.assign(first=True), on=["moment", "player_id"], how="left")["first"].notna().to_numpy()
    rows["is_starter"] = rows["is_starter"].astype("boolean").mask(known, pd.Series(first, index=rows.index))
    by_box = rows["moment"].map(teams.groupby("moment")["ot_periods"].max()).astype("Int64")
    rows["ot_periods"] = by_box.fillna(rows["ot_periods"])
    rows["has_team_box"] = by_box.notna()
    return rows


def _with_plus_minus(rows: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """The league's game log gives plus_minus where the box score has none; `log_used`, `log_missed` say so."""
    key = ["moment", "player_id"]
    theirs = rows[key].merge(log[[*key, "plus_minus"]], on=key, how="left")["plus_minus"].astype("Int64")
    wanted = rows["played"] & rows["plus_minus"].isna()
    rows["plus_minus"] = rows["plus_minus"].astype("Int64").fillna(theirs.where(wanted))
    rows["log_used"] = wanted & rows["plus_minus"].notna()
    rows["log_missed"] = wanted & rows["plus_minus"].isna()
    return rows


def _with_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Usage, efficiency and shares of what there was to take; team totals are sums of these rows."""
    names = ["points", "fgm", "fga", "fg3m", "fta", "oreb", "dreb", "ast", "tov"]
    stats = rows[names].astype("Float64").fillna(0.0).astype("float64")
    team = stats.groupby([rows["moment"], rows["team"]]).transform("sum")
    opponent = stats.groupby(rows["moment"]).transform("sum") - team
    own = {name: stats[name].to_numpy() for name in names}
    mates = {name: team[name].to_numpy() for name in names}
    other = {name: opponent[name].to_numpy() for name in names}
    minutes, length = rows["minutes"].to_numpy(), box_formulas.game_minutes(floats(rows["ot_periods"]))
    found = {
        "usage_rate": box_formulas.usage_rate(own, mates, minutes, length),
        "ts_pct": box_formulas.ts_pct(own),
        "efg_pct": box_formulas.efg_pct(own),
        "ast_pct": box_formulas.ast_pct(own, mates, minutes, length),
        "tov_pct": box_formulas.tov_pct(own),
        "oreb_pct": box_formulas.rebound_pct(own["oreb"], mates["oreb"], other["dreb"], minutes, length),
        "dreb_pct": box_formulas.rebound_pct(own["dreb"], mates["dreb"], other["oreb"], minutes, length),
    }
    played = rows["played"].to_numpy(dtype=bool)
    return rows.assign(**{name: np.where(played, values, np.nan) for name, values in found.items()})


def _with_quality(rows: pd.DataFrame, plays: Plays) -> pd.DataFrame:
    """Inputs used and missing, and the quality; the game log counts only where plus_minus is wanted from it.

    A play-by-play whose points are not the score's is as good as missing, and said to be in conflict; one that nothing
    is taken from, because the other has it, is neither used nor missing.
    """
    moment = rows["moment"].to_numpy()
    used = {
        "nbac_schedule": np.full(len(rows), True),
        **{name: _names(rows["sources"], name) for name in (GAMEBOOK, BDL)},
        TEAM_BOX: rows["has_team_box"].to_numpy(dtype=bool),
        **{name: rows[f"has_{feed}"].to_numpy(dtype=bool) for name, feed in market_lines.FEEDS.items()},
    }
    missing = {name: ~flags for name, flags in used.items()}
    used |= {name: rows[f"uses_{name}"].to_numpy(dtype=bool) for name in plays}
    missing |= {name: ~play.agrees[moment] for name, play in plays.items()}
    rows["play_by_play_conflict"] = conflict(plays).to_numpy()[moment]
    log = rows["log_used"].to_numpy(dtype=bool), rows["log_missed"].to_numpy(dtype=bool)
    rows["sources_used"] = names_where(used | {GAME_LOG: log[0]})
    rows["missing_inputs"] = names_where(missing | {GAME_LOG: log[1]})
    whole = (rows["minutes_precision"] == "minute").fillna(False).to_numpy(dtype=bool)
    lacks = rows["source_conflict"].to_numpy(dtype=float) + whole + ~rows["has_zones"].to_numpy(dtype=bool)
    rows["quality"] = rows["box_source"].map(QUALITY).to_numpy(dtype=float) - DEDUCTION * lacks
    return rows


def _names(lists: pd.Series[Any], name: str) -> Flags:
    return np.fromiter((name in found for found in lists), dtype=bool, count=len(lists))
