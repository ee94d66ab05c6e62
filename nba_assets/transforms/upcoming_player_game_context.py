"""Builds nba_analytics.upcoming_player_game_context: status, rest, form, line and absent mates of a player's game."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets import contracts, market_lines
from nba_assets.contracts import frames
from nba_assets.scope import Scope
from nba_assets.transforms import Dates, Inputs, absences, injury_reports, windows, workload
from nba_assets.transforms.asks import GAME, of, players, team_games
from nba_assets.transforms.game_types import FORM, STATS, is_type
from nba_assets.transforms.pregame import about, attach, latest, with_inputs, within

TEAM_GAME = [*GAME, "team"]
LINE = ["consensus_line", "line_source", "line_captured_at", "n_books", "line_range"]
WINDOW = 10


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """One row per player of both teams of every game of `dates`, as known 30 minutes before its tip.

    Quality: 15 for a team known from a player list, 15 for the team's context, 20 for a submitted injury report, 20
    for a line, 3 for each game of the last-10 window.
    """
    games = team_games(inputs, dates)
    people = within(players(inputs, dates, games), scope)
    summary = of(inputs, "player_game_summary")
    reports = injury_reports.known_reports(games, of(inputs, "nbac_injury_report"))
    listed = injury_reports.latest_statuses(reports)
    played = _played(about(summary, pd.concat([people[["player_id"]], listed[["player_id"]]]), "player_id"))
    past = windows.history(people, played, by="player_id")
    states = injury_reports.team_states(people, reports)
    ten = windows.last(past, WINDOW)
    parts = [
        people.drop(columns="season_type"),
        _team_context(people, of(inputs, "upcoming_team_game_context")),
        _injury_status(people, reports, listed, states),
        _workload(people, past),
        _form(people, past),
        _games_missed(people, games, past, summary),
        _line(people, inputs),
        _streaks(people, past),
        absences.left_behind(people, ten, listed, played, states["submitted"]),
    ]
    out = pd.concat([part.drop(columns="known_at", errors="ignore") for part in parts], axis=1)
    out["known_at"] = pd.concat([part["known_at"] for part in parts if "known_at" in part], axis=1).max(axis=1)
    games_n = windows.floats(workload.of_all(windows.count(ten), people).fillna(0))
    return frames.conform(_with_quality(out, games_n), contracts.table("upcoming_player_game_context"))


def _played(summary: pd.DataFrame) -> pd.DataFrame:
    """All versions of games that players played, with what the windows use."""
    rows = summary[(summary["status"] == "played") & is_type(summary, FORM)]
    version = ["game_date", "game_id", "season", "player_id", "team", "known_at", "superseded_at"]
    numbers = {name: windows.floats(rows[name]) for name in ("points", "minutes", "usage_rate", "closing_line")}
    played = rows[version].assign(**numbers, is_regular=is_type(rows, STATS))
    return played.assign(usage_minutes=played["usage_rate"] * played["minutes"])


def _team_context(people: pd.DataFrame, context: pd.DataFrame) -> pd.DataFrame:
    """The team's phase, market and rest against the opponent's; the phase of a postseason game needs no context."""
    own = ["season_phase", "days_rest", "spread", "total", "implied_points"]
    rows = attach(people[[*TEAM_GAME, "opponent", "season_type", "decision_at"]], context, TEAM_GAME, own, "own_")
    other = context.drop(columns="opponent").rename(columns={"team": "opponent"})
    rows = attach(rows, other, [*GAME, "opponent"], ["days_rest"], "other_")
    kind = rows["season_type"]
    return pd.DataFrame(
        {
            "season_phase": rows["own_season_phase"].fillna(kind.where(kind.isin(["playoffs", "play_in"]))),
            "opponent_days_rest": rows["other_days_rest"],
            "rest_advantage": rows["own_days_rest"] - rows["other_days_rest"],
            "spread": rows["own_spread"],
            "total": rows["own_total"],
            "implied_points": rows["own_implied_points"],
            "has_context": rows["own_known_at"].notna(),
            "known_at": rows[["own_known_at", "other_known_at"]].max(axis=1),
        }
    )


def _injury_status(
    people: pd.DataFrame, reports: pd.DataFrame, listed: pd.DataFrame, states: pd.DataFrame
) -> pd.DataFrame:
    columns = [*GAME, "player_id", "injury_status", "injury_reason"]
    found = people[[*GAME, "player_id"]].merge(listed[columns], on=[*GAME, "player_id"], how="left")
    healthy = pd.Series("available", index=found.index, dtype=found["injury_status"].dtype).where(states["submitted"])
    return pd.DataFrame(
        {
            "injury_status": found["injury_status"].fillna(healthy),
            "injury_reason": found["injury_reason"],
            "report_at": states["report_at"],
            "status_changes": injury_reports.status_changes(people, reports),
            "known_at": states["reports_known_at"],
        }
    )


def _workload(people: pd.DataFrame, past: pd.DataFrame) -> pd.DataFrame:
    """Rest, games and minutes before the date, by the games he played."""
    days_rest = workload.days_rest(people, past)
    n = np.arange(len(people))
    minutes = {
        days: windows.total(workload.recent(people, past, days), "minutes").reindex(n).fillna(0.0) for days in (7, 14)
    }
    games = {days: workload.games_in(people, past, days) for days in (7, 14)}
    week = games[7].astype("float64")
    return pd.DataFrame(
        {
            "days_rest": days_rest,
            "is_b2b": (days_rest == 0).fillna(False),
            "days_rest_prev": workload.days_rest_prev(people, past),
            "games_last_7d": games[7],
            "games_last_14d": games[14],
            "minutes_last_7d": minutes[7],
            "minutes_last_14d": minutes[14],
            "avg_minutes_last_7d": minutes[7] / week.where(week > 0),
            "b2b_last_14d": workload.back_to_backs(people, past),
            "known_at": latest(people["known_at"], past),
        }
    )


def _form(people: pd.DataFrame, past: pd.DataFrame) -> pd.DataFrame:
    """Windows of his played games, of any team, and the number of them for the team of the date."""
    five, ten = windows.last(past, 5), windows.last(past, WINDOW)
    n = np.arange(len(people))
    code, teams = pd.factorize(past["team"])
    own_team = past[code == pd.Index(teams).get_indexer(pd.Index(people["team"]))[past["ask"]]]
    return pd.DataFrame(
        {
            "points_avg_l5": windows.mean(five, "points").reindex(n),
            "points_avg_l10": windows.mean(ten, "points").reindex(n),
            "usage_l10": windows.ratio(ten, "usage_minutes", "minutes").reindex(n),
            "minutes_avg_l5": windows.mean(five, "minutes").reindex(n),
            "minutes_avg_l10": windows.mean(ten, "minutes").reindex(n),
            "games_with_team": workload.of_all(windows.count(own_team), people).fillna(0),
        }
    )


def _games_missed(people: pd.DataFrame, games: pd.DataFrame, past: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """Games of the team, by its box scores, since the date he last played; null before his first game."""
    key = ["team", "season", "game_date", "game_id"]
    summary = about(summary, games, "team")
    boxes = summary[is_type(summary, FORM)].groupby(key)["known_at"].min().reset_index()
    pairs = windows.history(games, boxes, by="team")
    place = games[TEAM_GAME].assign(game=np.arange(len(games)))
    game = people[TEAM_GAME].merge(place, on=TEAM_GAME, how="left")["game"].to_numpy()
    rest = workload.days_rest(people, past)
    last_day = windows.days(people["game_date"]) - 1 - windows.floats(rest.fillna(0)).astype(np.int64)
    at = (pairs["ask"].to_numpy() << windows.DAY_BITS) + windows.days(pairs["game_date"])
    until = np.searchsorted(at, (game + 1) << windows.DAY_BITS)
    missed = until - np.searchsorted(at, (game << windows.DAY_BITS) + last_day, side="right")
    newest = pairs.groupby("ask")["known_at"].max()
    return pd.DataFrame(
        {
            "team_games_missed": pd.Series(missed, index=people.index, dtype="Int64").where(rest.notna()),
            "known_at": newest.reindex(game).set_axis(people.index),
        }
    )


def _line(people: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """The consensus at the decision and how it moved from each book's first line."""
    asks = people[[*market_lines.KEY, "tip_at"]].assign(at=people["decision_at"])
    props = market_lines.props(inputs)
    said, first = market_lines.consensus(props, asks), market_lines.opening(props, asks)
    return said[LINE].assign(
        has_line=said["consensus_line"].notna(),
        opening_line=first["opening_line"],
        line_move=said["consensus_line"] - first["opening_line"],
        known_at=pd.concat([said["line_known_at"], first["opening_known_at"]], axis=1).max(axis=1),
    )


def _streaks(people: pd.DataFrame, past: pd.DataFrame) -> pd.DataFrame:
    """Last games over, and under, each its own closing line: pushes are skipped, a game without a line ends both."""
    margin = past["points"] - past["closing_line"]
    counted = past[margin != 0]
    margin = margin[margin != 0]
    some = workload.of_all(windows.count(past), people).notna()
    return pd.DataFrame(
        {
            name: workload.of_all(windows.run(counted, holds.to_numpy()), people).fillna(0).where(some)
            for name, holds in (("over_streak", margin > 0), ("under_streak", margin < 0))
        }
    )


def _with_quality(out: pd.DataFrame, games_n: windows.Floats) -> pd.DataFrame:
    source = out["line_source"].fillna("none").astype(object)
    used = {
        "nbac_schedule": np.full(len(out), True),
        "nbac_player_list": (out["team_source"] == "player_list").to_numpy(dtype=bool),
        "upcoming_team_game_context": out["has_context"].to_numpy(dtype=bool),
        "nbac_injury_report": out["injury_status"].notna().to_numpy(dtype=bool),
        "odds_api_player_points_props": source.isin(["odds_api", "both"]).to_numpy(dtype=bool),
        "bettingpros_player_points_props": source.isin(["bettingpros", "both"]).to_numpy(dtype=bool),
        "player_game_summary": games_n > 0,
    }
    points = {"nbac_player_list": 15.0, "upcoming_team_game_context": 15.0, "nbac_injury_report": 20.0}
    quality = 3.0 * games_n + 20.0 * out["has_line"].to_numpy(dtype=bool)
    for name, worth in points.items():
        quality = quality + worth * used[name]
    return with_inputs(out.drop(columns="has_context").assign(quality=quality), used)
