"""Rows of predictions, grades and schedule written by hand: what a release is made of, without the phases before it."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

import pandas as pd

from nba_assets import contracts
from nba_assets.contracts.frames import conform
from nba_assets.contracts.model import Column, Type
from nba_assets.contracts.nba_predictions.player_points_predictions import LEVELS
from nba_assets.publishing.facts import Facts

PRIVATE = "PRIVATE-MARKER"
"""Stands in every column of text that is not set: it must never be published unless the column is public."""

FRIDAY, SATURDAY, SUNDAY = (dt.date(2024, 11, day) for day in (1, 2, 3))
GAMES = {
    FRIDAY: (("0022400130", "BOS", "CHA"), ("0022400131", "DEN", "LAL")),
    SATURDAY: (("0022400140", "CHA", "BOS"),),
}
"""Home and away by game: two games on Friday, one on Saturday, none on Sunday."""
SHARES = (0.5, 0.6, 0.8, 1.0, 1.2, 1.4, 1.5)
"""Quantiles of a player's points as shares of his mean."""
STARS = {"BOS": ("1628369", "Jayson Tatum"), "CHA": ("1630163", "LaMelo Ball")}
STARS |= {"DEN": ("203999", "Nikola Jokić"), "LAL": ("2544", "LeBron James")}


def utc(day: dt.date, hour: int = 23, minute: int = 0) -> pd.Timestamp:
    """A time of that UTC date."""
    return pd.Timestamp(day, tz="UTC") + pd.Timedelta(hours=hour, minutes=minute)


def frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Conformed rows; what a row does not say is null, or where it may not be, the least value there is."""
    contract = contracts.table(table)
    filled = [{c.name: row.get(c.name, _default(c)) for c in contract.columns} for row in rows]
    return conform(pd.DataFrame(filled, columns=contract.column_names), contract)


def _default(column: Column) -> Any:
    if column.nullable and (column.type is not Type.STRING or column.public):
        return None
    if column.type is Type.STRING:
        return column.values[0] if column.values else PRIVATE
    return {
        Type.INT64: int(column.low or 0),
        Type.FLOAT64: float(column.low or 0),
        Type.BOOL: False,
        Type.DATE: pd.Timestamp(FRIDAY),
        Type.TIMESTAMP: utc(FRIDAY, 12),
        Type.STRINGS: [] if column.public else [PRIVATE],
        Type.JSON: "{}",
    }[column.type]


def game(day: dt.date, game_id: str, home: str, away: str, **more: Any) -> dict[str, Any]:
    """A game that will begin at 23:00 UTC of its date."""
    return {
        "game_date": pd.Timestamp(day),
        "game_id": game_id,
        "season_label": "2024-25",
        "season": 2024,
        "season_type": "regular",
        "game_status": 1,
        "tip_at": utc(day),
        "home_tricode": home,
        "away_tricode": away,
        "home_score": None,
        "away_score": None,
        "arena_name": "TD Garden",
        "is_postponed": False,
        "known_at": utc(day, 10),
        "source_path": f"nba-com/schedule/2024-25/{day:%Y%m%d}_100000.json",
        "source_hash": "ab" * 32,
        **more,
    }


def final(day: dt.date, game_id: str, home: str, away: str, **more: Any) -> dict[str, Any]:
    """The game played: 110 to 100."""
    known = utc(day + dt.timedelta(days=1), 3)
    return game(day, game_id, home, away, game_status=3, home_score=110, away_score=100, known_at=known, **more)


def prediction(day: dt.date, game_id: str, team: str, opponent: str, **more: Any) -> dict[str, Any]:
    """The star of a team: mean 25.04, line 24.5, PASS."""
    player, _ = STARS[team]
    mean = more.get("points_mean", 25.04)
    return {
        "game_date": pd.Timestamp(day),
        "prediction_id": f"{game_id}-{player}-{more.get('run_kind', 'backfill')}",
        "game_id": game_id,
        "player_id": player,
        "team": team,
        "opponent": opponent,
        "model_version": "m1",
        "decision_at": utc(day, 22, 30),
        "tip_at": utc(day),
        "run_kind": "backfill",
        "role": "serving",
        "line_source": "odds_api",
        "line_value": 24.5,
        "consensus_line": 24.75,
        "n_books": 8,
        "line_range": 1.0,
        "line_captured_at": utc(day, 21),
        "minutes_to_tip": 120.0,
        "over_price": -110,
        "under_price": -112,
        "market_p_over": 0.5012345,
        "minutes_mean": 35.26,
        "points_mean": mean,
        "dispersion": 0.06,
        "short_share": 0.0,
        **{f"points_q{level:02d}": mean * share for level, share in zip(LEVELS, SHARES, strict=True)},
        "p_over": 0.5123456,
        "p_push": 0.0,
        "p_under": 0.4876544,
        "ev_over": -0.0187654,
        "ev_under": -0.07,
        "decision": "PASS",
        "reasons": ["ev_small", "edge_small"],
        "known_at": utc(day, 21),
        **more,
    }


def game_prediction(day: dt.date, game_id: str, home: str, away: str, **more: Any) -> dict[str, Any]:
    """Home by 4, 220 points."""
    margins = {f"margin_q{level:02d}": 4.0 + z for level, z in zip(LEVELS, (-20, -15, -8, 0, 8, 15, 20), strict=True)}
    totals = {f"total_q{level:02d}": 220.0 + z for level, z in zip(LEVELS, (-25, -20, -10, 0, 10, 20, 25), strict=True)}
    return {
        "game_date": pd.Timestamp(day),
        "prediction_id": f"{game_id}-game",
        "game_id": game_id,
        "home": home,
        "away": away,
        "model_version": "g1",
        "decision_at": utc(day, 22, 30),
        "tip_at": utc(day),
        "role": "serving",
        "run_kind": "backfill",
        "p_home_win": 0.61234,
        "margin_mean": 4.0,
        "total_mean": 220.0,
        **margins,
        **totals,
        "known_at": utc(day, 11),
        **more,
    }


def context(day: dt.date, game_id: str, team: str, opponent: str, **more: Any) -> dict[str, Any]:
    """The star's context, with his name."""
    player, name = STARS[team]
    return {
        "game_date": pd.Timestamp(day),
        "game_id": game_id,
        "player_id": player,
        "player_name": name,
        "team": team,
        "opponent": opponent,
        "known_at": utc(day, 12),
        **more,
    }


def grade(said: dict[str, Any], points: int, **more: Any) -> dict[str, Any]:
    """The grade of a prediction of a player who scored `points`."""
    line = said["line_value"]
    outcome = "no_line" if line is None else "over" if points > line else "under"
    return {
        **{name: said[name] for name in ("game_date", "prediction_id", "game_id", "player_id", "model_version")},
        "run_kind": said["run_kind"],
        "target": "points",
        "is_official": True,
        "actual_points": points,
        "played": True,
        "outcome": outcome,
        "result": "no_bet",
        "model_abs_error": abs(points - said["points_q50"]),
        "line_abs_error": None if line is None else abs(points - said["consensus_line"]),
        "void_reason": None,
        "player_id": said["player_id"],
        "known_at": utc(FRIDAY + dt.timedelta(days=1), 5),
        **more,
    }


def box(day: dt.date, game_id: str, team: str, opponent: str, points: int | None, **more: Any) -> dict[str, Any]:
    """The star's box score row; without points he did not play."""
    player, name = STARS[team]
    return {
        "game_date": pd.Timestamp(day),
        "game_id": game_id,
        "player_id": player,
        "player_name": name,
        "team": team,
        "opponent": opponent,
        "season": 2024,
        "status": "played" if points is not None else "dnp",
        "points": points,
        "minutes": None if points is None else 36.5,
        "closing_line": 24.5,
        "line_result": None if points is None else "over" if points > 24.5 else "under",
        "known_at": utc(day + dt.timedelta(days=1), 5),
        **more,
    }


def performance(day: dt.date, **more: Any) -> dict[str, Any]:
    """A window of the official models, of 20 bets."""
    return {
        "game_date": pd.Timestamp(day),
        "model_version": "serving_points",
        "target": "points",
        "run_kind": "backfill",
        "window": "1d",
        "segment": "all",
        "n_rows": 30,
        "n_lined": 25,
        "n_dates": 1,
        "n_bets": 20,
        "wins": 11,
        "losses": 9,
        "hit_rate": 0.55,
        "roi": 0.05,
        "mae": 4.91234,
        "line_mae": 4.95678,
        "verdict": "insufficient",
        "data_origin": "real",
        "known_at": utc(day + dt.timedelta(days=1), 6),
        **more,
    }


def weekend() -> dict[str, pd.DataFrame]:
    """Friday played and graded, Saturday to come: a table of each name."""
    return {name: rows.copy() for name, rows in _weekend().items()}


@functools.cache
def _weekend() -> dict[str, pd.DataFrame]:
    predictions, games, contexts, schedule, boxes = [], [], [], [], []
    for day, listed in GAMES.items():
        for number, (game_id, home, away) in enumerate(listed):
            listing = final if day == FRIDAY else game
            schedule.append(listing(day, game_id, home, away, tip_at=utc(day, 23, 30 * number)))
            games.append(game_prediction(day, game_id, home, away))
            for team, opponent in ((home, away), (away, home)):
                predictions.append(prediction(day, game_id, team, opponent, points_mean=25.04 - 2 * (team == away)))
                contexts.append(context(day, game_id, team, opponent))
                if day == FRIDAY:
                    boxes.append(box(day, game_id, team, opponent, 27))
    friday = [said for said in predictions if said["game_date"] == pd.Timestamp(FRIDAY)]
    results = [
        {
            **{name: said[name] for name in ("game_date", "prediction_id", "game_id", "model_version", "run_kind")},
            "target": "game",
            "is_official": True,
            "result": "no_bet",
            "home_won": True,
            "margin": 10,
            "total": 210,
            "known_at": utc(SATURDAY, 5),
        }
        for said in games
        if said["game_date"] == pd.Timestamp(FRIDAY)
    ]
    return {
        "nbac_schedule": frame("nbac_schedule", schedule),
        "player_points_predictions": frame("player_points_predictions", predictions),
        "game_predictions": frame("game_predictions", games),
        "upcoming_player_game_context": frame("upcoming_player_game_context", contexts),
        "player_game_summary": frame("player_game_summary", boxes),
        "prediction_grades": frame("prediction_grades", [*(grade(said, 27) for said in friday), *results]),
        "model_performance_daily": frame("model_performance_daily", [performance(FRIDAY)]),
    }


def facts(tables: dict[str, pd.DataFrame], *days: dt.date, **more: Any) -> Facts:
    """Facts of the days (all three if none is named) with partitions and drops as the rows say."""
    partitions = {
        name: frozenset(rows["game_date"].dt.strftime("%Y-%m-%d")) for name, rows in tables.items() if len(rows)
    }
    schedule = tables["nbac_schedule"]
    drops = schedule[["game_date", "game_id"]].assign(correlation_id="c" + schedule["game_id"])
    given = {"partitions": partitions, "drops": drops} | more
    return Facts(dates=list(days or (FRIDAY, SATURDAY, SUNDAY)), tables=tables, **given)
