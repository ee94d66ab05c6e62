"""Builds nba_analytics.upcoming_team_game_context: rest, travel, record, form, absences and the market of a team."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.scope import Scope
from nba_assets.transforms import Dates, Inputs, game_market, injury_reports, team_schedule, windows, workload
from nba_assets.transforms.asks import GAME, of, team_games
from nba_assets.transforms.game_types import FORM, is_type
from nba_assets.transforms.pregame import by_ask, latest, names_where, within

WINDOW = 10
STARTER_GAMES = 5
"""Starts among his last ten games that make a player a starter."""


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """One row per team and game of `dates`, as known 30 minutes before its tip.

    Quality: 100, less 20 without spread and total, 20 without a submitted injury report, 4 for each game that the
    last-10 window lacks.
    """
    games = within(team_games(inputs, dates), scope)
    rows = team_schedule.team_rows(of(inputs, "nbac_schedule"))
    listed = windows.history(games, rows, by="team")
    played = listed[listed["is_final"]]
    coming, coming_known_at = team_schedule.ahead(games, rows)
    market = game_market.spreads_and_totals(games, of(inputs, "odds_api_game_lines"))
    form, form_pairs = _form(games, of(inputs, "team_offense_game_summary"))
    absences, starts = _absences(games, inputs)
    parts = [
        games[["game_date", "game_id", "team", "opponent", "season", "is_home", "is_neutral", "tip_at", "decision_at"]],
        team_schedule.numbers(games, listed),
        team_schedule.rest(games, played),
        coming,
        team_schedule.travel(games, played),
        team_schedule.record(games, played),
        market.drop(columns="known_at"),
        form,
        absences.drop(columns="reports_known_at"),
    ]
    out = pd.concat(parts, axis=1)
    out["lines_source"] = pd.Series("odds_api", index=out.index).where(out["lines_captured_at"].notna())
    known = latest(games["known_at"], listed, form_pairs, starts)
    others = pd.concat([known, coming_known_at, market["known_at"], absences["reports_known_at"]], axis=1)
    out["known_at"] = others.max(axis=1)
    games_n = windows.count(form_pairs).reindex(out.index).fillna(0)
    return frames.conform(_with_quality(out, games_n, starts), contracts.table("upcoming_team_game_context"))


def _form(games: pd.DataFrame, offense: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pace and ratings of the last ten games, and their pairs."""
    version = ["game_date", "game_id", "season", "team", "known_at", "superseded_at"]
    rows = offense.loc[is_type(offense, FORM), [*version, "points", "margin", "possessions", "pace"]]
    rows = rows.assign(allowed=rows["points"] - rows["margin"])
    ten = windows.history(games, rows, by="team", newest=WINDOW)
    n = len(games)
    form = {
        "team_pace_l10": by_ask(windows.mean(ten, "pace"), n),
        "team_off_rating_l10": 100 * by_ask(windows.ratio(ten, "points", "possessions"), n),
        "team_def_rating_l10": 100 * by_ask(windows.ratio(ten, "allowed", "possessions"), n),
    }
    return pd.DataFrame(form, index=games.index), ten


def _absences(games: pd.DataFrame, inputs: Inputs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """n_out, n_questionable, starters_out, reports_known_at; and the pairs of the men who are out, by team's game.

    starters_out is null where the last games of a man who is out have no starters at all.
    """
    known = injury_reports.known_reports(games, of(inputs, "nbac_injury_report"))
    states = injury_reports.team_states(games, known)
    asked = games[[*GAME, "team", "season", "decision_at"]].assign(game=np.arange(len(games)))
    listed = injury_reports.latest_statuses(known).merge(asked, on=[*GAME, "team"])
    out = listed[listed["injury_status"] == "out"].reset_index(drop=True)
    starts = windows.history(out, _played(of(inputs, "player_game_summary")), by="player_id", newest=WINDOW)
    started = windows.total(starts, "is_starter").reindex(out.index)
    games_n = windows.count(starts).reindex(out.index).fillna(0)
    starter = out["game"][(started >= STARTER_GAMES).to_numpy(dtype=bool)]
    unknown = out["game"][((games_n > 0) & started.isna()).to_numpy(dtype=bool)]
    submitted = states["submitted"]
    found = {
        "n_out": _counted(out["game"], games).where(submitted),
        "n_questionable": _counted(listed["game"][listed["injury_status"] == "questionable"], games).where(submitted),
        "starters_out": _counted(starter, games).where(submitted & ~games.index.isin(unknown)),
        "reports_known_at": states["reports_known_at"],
    }
    return pd.DataFrame(found), starts.assign(ask=out["game"].to_numpy()[starts["ask"].to_numpy()])


def _played(summary: pd.DataFrame) -> pd.DataFrame:
    rows = summary[(summary["status"] == "played") & is_type(summary, FORM)]
    version = ["game_date", "game_id", "season", "player_id", "known_at", "superseded_at"]
    return rows[version].assign(is_starter=windows.floats(rows["is_starter"]))


def _counted(places: pd.Series[Any], games: pd.DataFrame) -> pd.Series[Any]:
    return workload.of_all(places.value_counts(), games).fillna(0)


def _with_quality(out: pd.DataFrame, games_n: pd.Series[Any], starts: pd.DataFrame) -> pd.DataFrame:
    lined = out["lines_captured_at"].notna().to_numpy()
    reported = out["n_out"].notna().to_numpy()
    formed = (games_n > 0).to_numpy(dtype=bool)
    boxes = out.index.isin(starts["ask"])
    asked = (out["n_out"] > 0).fillna(False).to_numpy(dtype=bool)
    every = np.full(len(out), True)
    used = {
        "nbac_schedule": every,
        "odds_api_game_lines": lined,
        "nbac_injury_report": reported,
        "team_offense_game_summary": formed,
        "player_game_summary": boxes,
    }
    missing = {name: ~flag for name, flag in used.items()} | {"player_game_summary": asked & ~boxes}
    return out.assign(
        quality=100.0 - 20.0 * ~lined - 20.0 * ~reported - 4.0 * (WINDOW - windows.floats(games_n)),
        sources_used=names_where(used).to_numpy(),
        missing_inputs=names_where(missing).to_numpy(),
    )
