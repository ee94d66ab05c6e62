"""Small frames that keep the contracts: hand-made rows with what a test cares for, and a generated league."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.model import Type
from nba_assets.contracts.nba_precompute.ml_feature_store import FEATURES

D = pd.Timestamp("2025-01-15")
"""A Wednesday."""


def at(day: pd.Timestamp, hour: float) -> pd.Timestamp:
    """`hour` hours after 00:00 UTC of the day."""
    return day.tz_localize("UTC") + pd.Timedelta(hours=hour)


TIP = at(D, 24.5)
"""19:30 in New York."""
T = TIP - pd.Timedelta(minutes=30)
_PLAIN = {Type.STRING: "x", Type.JSON: "{}", Type.INT64: 0, Type.FLOAT64: 0.0, Type.BOOL: False}


def table(name: str, rows: Sequence[dict[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """The rows as a frame of the table; columns that may not be null and are not given get a plain value."""
    contract = contracts.table(name)
    if isinstance(rows, pd.DataFrame):
        frame = rows.copy()
    elif rows:
        frame = pd.DataFrame(list(rows))
    else:
        return frames.empty(contract)
    for column in contract.columns:
        if column.name in frame.columns or column.nullable:
            continue
        if column.type is Type.STRINGS:
            frame[column.name] = [[] for _ in range(len(frame))]
        elif column.type is Type.DATE:
            frame[column.name] = D
        elif column.type is Type.TIMESTAMP:
            frame[column.name] = T
        else:
            plain = _PLAIN[column.type] if column.low is None else column.low
            frame[column.name] = column.values[0] if column.values else plain
    return frames.conform(frame, contract)


GAME = "0022400571"


def schedule(*rows: dict[str, Any]) -> pd.DataFrame:
    """Schedule versions; a row is a scheduled game of `D` known since the morning unless it says otherwise."""
    plain = {
        "game_date": D,
        "game_id": GAME,
        "season": 2024,
        "game_status": 1,
        "game_status_text": "7:30 pm ET",
        "tip_at": TIP,
        "home_tricode": "BOS",
        "away_tricode": "NYK",
        "is_postponed": False,
        "arena_name": "TD Garden",
        "known_at": at(D, 12),
        "superseded_at": pd.NaT,
    }
    return table("nbac_schedule", [plain | row for row in rows])


def final(home: int, away: int, hour: float = 28.0, **more: Any) -> dict[str, Any]:
    """A final score known `hour` hours after 00:00 UTC of `D`."""
    score = {"game_status": 3, "game_status_text": "Final", "home_score": home, "away_score": away}
    return score | {"known_at": at(D, hour)} | more


def box(*rows: dict[str, Any]) -> pd.DataFrame:
    """player_game_summary versions; a row is a man who played 30 minutes, known after the game, from both sources."""
    plain = {
        "game_date": D,
        "game_id": GAME,
        "player_id": "1",
        "season": 2024,
        "team": "BOS",
        "opponent": "NYK",
        "status": "played",
        "minutes": 30.0,
        "points": 20,
        "sources_used": ["nbac_schedule", "nbac_gamebook_player_stats", "bdl_player_boxscores"],
        "known_at": at(D, 29),
        "superseded_at": pd.NaT,
    }
    filled = [plain | row for row in rows]
    for row in filled:
        if row["status"] != "played":
            row["points"] = row["minutes"] = None
    return table("player_game_summary", filled)


def prediction(**row: Any) -> dict[str, Any]:
    """A points prediction: 20.5, OVER at -110 by the serving model, market even."""
    plain = {
        "game_date": D,
        "prediction_id": row.get("prediction_id", f"p{row.get('player_id', '1')}"),
        "game_id": GAME,
        "player_id": "1",
        "team": "BOS",
        "opponent": "NYK",
        "model_version": "residual_lgbm-1",
        "decision_at": T,
        "created_at": T,
        "tip_at": TIP,
        "run_kind": "backfill",
        "role": "serving",
        "line_source": "odds_api",
        "line_value": 20.5,
        "consensus_line": 20.5,
        "n_books": 4,
        "line_captured_at": at(D, 20),
        "minutes_to_tip": 270.0,
        "over_price": -110,
        "under_price": -110,
        "market_p_over": 0.5,
        "points_mean": 21.0,
        "dispersion": 0.07,
        "points_q50": 20.4,
        "p_over": 0.55,
        "p_push": 0.0,
        "p_under": 0.45,
        "baseline_mean": 20.5,
        "baseline_dispersion": 0.07,
        "decision": "OVER",
        "reasons": [],
        "known_at": at(D, 20),
    }
    return plain | row


def predictions(*rows: dict[str, Any]) -> pd.DataFrame:
    """player_points_predictions of rows as of `prediction`."""
    return table("player_points_predictions", [prediction(**row) for row in rows])


def prop(**row: Any) -> dict[str, Any]:
    """A line of the Odds API: 20.5 at -110 both sides by DraftKings, captured at 20:00 UTC of `D`."""
    plain = {
        "game_date": D,
        "game_id": GAME,
        "player_id": "1",
        "book": "draftkings",
        "captured_at": at(D, 20),
        "line": 20.5,
        "over_price": -110,
        "under_price": -110,
        "line_count": 1,
        "is_dfs": False,
        "is_in_play": False,
        "event_id": "e1",
        "resolution": "exact",
        "known_at_assumed": False,
    }
    filled = plain | row
    filled.setdefault("player_key", filled["player_id"])
    filled.setdefault("known_at", filled["captured_at"])
    return filled


def props(*rows: dict[str, Any]) -> pd.DataFrame:
    """odds_api_player_points_props of rows as of `prop`."""
    return table("odds_api_player_points_props", [prop(**row) for row in rows])


MEAN_OVER_MEDIAN = 0.4
"""How far the mean of a generated player's points lies above what the books post, about."""
BOOKS = ("draftkings", "fanduel", "betmgm", "caesars")


def league(
    days: int = 6,
    games: int = 2,
    players: int = 6,
    seed: int = 1,
    start: pd.Timestamp = D,
    books: Sequence[str] = BOOKS,
    signal: float = 0.0,
    price: int = -110,
) -> dict[str, pd.DataFrame]:
    """Inputs of every table of Phase 5 for a generated league: `games` a day of two teams of `players` each.

    A player scores negative binomial points around his skill; books post its median, about, to a half point. With
    `signal`, one feature (`usage_spike_score`) moves the points by that much per unit and the books do not know it.
    """
    rng = np.random.default_rng(seed)
    dates = pd.date_range(start, periods=days)
    n = days * games * 2 * players
    index = np.arange(n)
    player, side = index % players, index // players % 2
    game, day = index // (2 * players) % games, index // (2 * players * games)
    team = np.asarray([f"T{number:02d}" for number in range(2 * games)])
    who = (game * 2 + side) * players + player
    skill = np.linspace(5, 30, 2 * games * players)[rng.permutation(2 * games * players)][who]
    feature = rng.choice([-1.0, 0.0, 1.0], n)
    mean = np.maximum(skill + signal * feature, 0.5)
    points = rng.negative_binomial(10, 10 / (10 + mean))
    rows = pd.DataFrame(
        {
            "game_date": dates[day],
            "game_id": [f"00224{number:05d}" for number in day * games + game],
            "player_id": [str(100 + number) for number in who],
            "team": team[game * 2 + side],
            "opponent": team[game * 2 + 1 - side],
            "season": 2024,
            "is_home": side == 0,
        }
    )
    base = dates[day].tz_localize("UTC")
    rows["tip_at"] = base + pd.Timedelta(hours=24)
    rows["decision_at"] = rows["tip_at"] - pd.Timedelta(minutes=30)
    early = base + pd.Timedelta(hours=14)
    features = {f.name: np.clip(rng.normal(1, 1, n), f.low, f.high) for f in FEATURES}
    features |= {"usage_spike_score": feature, "points_avg_last_5": skill, "points_avg_last_10": skill}
    features |= {"points_avg_season": skill}
    sources = {f"{f.name}_source": "computed" for f in FEATURES}
    store = rows.drop(columns=["is_home", "tip_at"]).assign(
        **features, **sources, feature_quality_score=100.0, quality_tier="gold", is_ready=True, known_at=early
    )
    context = rows.assign(spread=0.0, minutes_avg_l5=30.0, minutes_avg_l10=30.0, injury_status="available")
    context = context.assign(team_games_missed=0, games_with_team=20, games_last_14d=6)
    cache = rows[["game_date", "player_id", "game_id", "team", "season", "decision_at"]].assign(
        games_n_season=20, prior_season_games=70, prior_season_points_avg=skill, minutes_avg_season=30.0, known_at=early
    )
    cache = cache.assign(**_form(skill, skill + signal * feature))
    out_of_it = rng.random(n) < 0.05
    summary = rows.drop(columns=["tip_at", "decision_at"]).assign(
        status=np.where(out_of_it, "dnp", "played"),
        points=pd.Series(points, dtype="Int64").mask(out_of_it),
        minutes=pd.Series(30.0, index=rows.index).mask(out_of_it),
        fga=pd.Series(points // 2 + 2, dtype="Int64").mask(out_of_it),
        fta=pd.Series(2, index=rows.index, dtype="Int64").mask(out_of_it),
        known_at=base + pd.Timedelta(hours=30),
        superseded_at=pd.NaT,
    )
    summary["sources_used"] = [["nbac_gamebook_player_stats", "bdl_player_boxscores"]] * n
    lines = [_lines(rows, skill, book, rng, price) for book in books]
    sums = rows.assign(points=points * ~out_of_it).groupby(["game_id", "is_home"])["points"].sum().unstack()
    return {
        "ml_feature_store": table("ml_feature_store", store),
        "upcoming_player_game_context": table("upcoming_player_game_context", context.assign(known_at=early)),
        "player_daily_cache": table("player_daily_cache", cache),
        "player_game_summary": table("player_game_summary", summary),
        "odds_api_player_points_props": table(
            "odds_api_player_points_props", pd.concat(lines, ignore_index=True) if lines else []
        ),
        "nbac_schedule": _schedule(rows, sums),
        **_teams(rows, sums),
    }


def _form(skill: np.ndarray[Any, Any], recent: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Weighted form of a regular whose points are `skill`, whose shots tell `recent`; 1.2 undoes what is shrunk."""
    half_lives = {"minutes": (3, 8, 25), "points": (3, 8, 25, 80), "shots": (3, 8, 25, 80)}
    of = {"minutes": 34.0, "points": skill, "shots": 1.2 * recent / 1.09}
    form = {f"{name}_ew{games}": of[name] for name, all_games in half_lives.items() for games in all_games}
    form["shots_ew80"] = skill / 1.09
    more = {"fta_ew25": 3.0, "fg3a_ew25": 4.0, "usage_rate_ew25": 20.0, "pf_ew8": 2.0, "minutes_std_l10": 4.0}
    last = {"minutes_last": 30.0, "minutes_before_last": 30.0, "games_n_form": 80, "days_since_last": 2}
    return form | more | last | {"is_same_team": True, "team_games_played_l10": 10, "team_games_n_l10": 10}


def _lines(
    rows: pd.DataFrame, skill: np.ndarray[Any, Any], book: str, rng: np.random.Generator, price: int
) -> pd.DataFrame:
    line = np.floor(np.maximum(skill - MEAN_OVER_MEDIAN, 0.0)) + 0.5 + rng.choice([0.0, 0.0, 1.0], len(rows))
    out = rows[["game_date", "game_id", "player_id"]].assign(player_key=rows["player_id"], book=book, line=line)
    captured = rows["tip_at"] - pd.Timedelta(hours=4)
    return out.assign(
        over_price=price,
        under_price=price,
        captured_at=captured,
        known_at=captured,
        event_id=rows["game_id"],
        is_in_play=False,
        line_count=1,
    )


def _schedule(rows: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    games = rows[rows["is_home"]].drop_duplicates("game_id").reset_index(drop=True)
    games = games.rename(columns={"team": "home_tricode", "opponent": "away_tricode"})
    games = games[["game_date", "game_id", "season", "tip_at", "home_tricode", "away_tricode"]]
    day = games["game_date"].dt.tz_localize("UTC")
    over = day + pd.Timedelta(hours=28)
    before = games.assign(game_status=1, known_at=day + pd.Timedelta(hours=8), superseded_at=over)
    after = games.assign(game_status=3, game_status_text="Final", known_at=over, superseded_at=pd.NaT)
    after["home_score"] = sums[True].reindex(games["game_id"]).to_numpy() + 40
    after["away_score"] = sums[False].reindex(games["game_id"]).to_numpy() + 40
    after["away_score"] += (after["home_score"] == after["away_score"]).astype(int)
    return table("nbac_schedule", pd.concat([before, after], ignore_index=True).assign(arena_name="Simulated Arena"))


def _teams(rows: pd.DataFrame, sums: pd.DataFrame) -> dict[str, pd.DataFrame]:
    teams = rows.drop_duplicates(["game_id", "team"]).reset_index(drop=True).drop(columns=["player_id"])
    day = teams["game_date"].dt.tz_localize("UTC")
    context = teams.assign(known_at=day + pd.Timedelta(hours=14), team_pace_l10=99.0, team_off_rating_l10=112.0)
    own = sums.stack().reindex(pd.MultiIndex.from_frame(teams[["game_id", "is_home"]])).to_numpy() + 40
    other = sums.stack().reindex(pd.MultiIndex.from_arrays([teams["game_id"], ~teams["is_home"]])).to_numpy() + 40
    summary = teams.drop(columns=["tip_at", "decision_at"]).assign(
        points=own, margin=own - other, known_at=day + pd.Timedelta(hours=30), superseded_at=pd.NaT
    )
    return {
        "upcoming_team_game_context": table("upcoming_team_game_context", context.assign(team_def_rating_l10=112.0)),
        "team_offense_game_summary": table("team_offense_game_summary", summary),
    }
