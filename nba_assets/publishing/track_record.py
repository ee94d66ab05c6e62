"""`track-record/…`: what became of the official decisions, by season and by date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts.nba_predictions.model_performance_daily import MARKET
from nba_assets.publishing.envelope import Published, reason, seal
from nba_assets.publishing.facts import RESULT_SOURCES, Facts
from nba_assets.publishing.fields import LINE_DECIMALS, Day, Field, column, columns, many, model, nullable
from nba_assets.publishing.rows import Record, grouped, latest, number, records
from nba_assets.publishing.slate import Slate

_DAILY = "model_performance_daily"
METRIC_DECIMALS = 3
BINS = 10
LEAST_IN_BINS = 100
"""Decisions below which calibration is not shown: ten bins of ten say nothing."""
SERVING = ("serving_points", "serving_game")
"""Rows of whichever model was official."""
RATES = ("hit_rate", "hit_rate_lo", "hit_rate_hi", "roi", "roi_lo", "roi_hi")
"""Null while the verdict is insufficient."""
IDENTITY = ("model_version", "target", "run_kind")
DAY_COUNTS = ("n_rows", "n_lined", "n_bets", "wins", "losses", "pushes", "voids")

WINDOW_FIELDS: tuple[Field, ...] = tuple(
    column(_DAILY, c.name, **({"decimals": METRIC_DECIMALS} if c.unit == "points" else {}))
    for c in contracts.table(_DAILY).columns
    if c.public and c.name not in ("game_date", "data_origin")
)
DAY_ROW_FIELDS: tuple[Field, ...] = (
    Field("game_date", Day, "League date"),
    *columns(_DAILY, (*IDENTITY, *DAY_COUNTS)),
    *columns(_DAILY, ("mae", "line_mae"), decimals=METRIC_DECIMALS),
)
BIN = model(
    "ReliabilityBin",
    "Official lined decisions of similar P(over) given no push.",
    (
        Field("run_kind", str, "live or backfill, never mixed", values=("live", "backfill")),
        Field("p", float, "Mean P(over) given no push", low=0, high=1),
        Field("hit", float, "Share that went over", low=0, high=1),
        Field("n", int, "Decisions", low=1),
    ),
)
SEASON_DATA = model(
    "TrackRecord",
    "The track record of a season up to its last graded date; live and backfill apart.",
    (
        Field("season", str, "Label, as 2024-25"),
        Field("last_date", Day, "Last date in the windows; null without any", nullable=True),
        Field(
            "windows",
            many(model("PerformanceWindow", "Metrics of a window and segment.", WINDOW_FIELDS)),
            "By target, run_kind, model, window and segment",
        ),
        Field(
            "days",
            many(model("PerformanceDay", "One date of whichever model was official.", DAY_ROW_FIELDS)),
            "By date, target and run_kind",
        ),
        Field(
            "reliability",
            many(BIN),
            f"{BINS} bins of equal size by P(over); empty below {LEAST_IN_BINS} decisions",
        ),
    ),
)

DECISION_FIELDS: tuple[Field, ...] = (
    *columns("player_points_predictions", ("player_id",)),
    column("upcoming_player_game_context", "player_name", name="name"),
    *columns("player_points_predictions", ("team", "opponent", "game_id", "run_kind", "model_version", "decision")),
    *columns("player_points_predictions", ("line_value", "consensus_line"), decimals=LINE_DECIMALS),
    Field("price", int, "American price of the side decided on; null for PASS", nullable=True, unit="american"),
    *columns("player_points_predictions", ("points_q50", "p_over", "market_p_over")),
    *nullable(columns("prediction_grades", ("actual_points", "outcome", "result", "void_reason"))),
)
DAY_GAME_FIELDS: tuple[Field, ...] = (
    *columns("game_predictions", ("game_id", "home", "away")),
    *nullable(columns("game_predictions", ("p_home_win", "market_p_home", "margin_mean", "total_mean"))),
    *nullable(columns("prediction_grades", ("home_won", "margin", "total"))),
)
DAY_DATA = model(
    "TrackRecordDay",
    "The official decisions of a date on players with a line, and the games, each with what became of it.",
    (
        Field(
            "decisions",
            many(model("OfficialDecision", "An official decision and its result.", DECISION_FIELDS)),
            "In slate order",
        ),
        Field(
            "games",
            many(model("OfficialGame", "A game's prediction and its result.", DAY_GAME_FIELDS)),
            "By tip and id",
        ),
    ),
)


def season_name(label: str) -> str:
    """The season document's name in the manifest."""
    return f"track-record/{label}.json"


def day_name(day: str) -> str:
    """The day document's name in the manifest."""
    return f"track-record/days/{day}.json"


def documents(facts: Facts, slate: Slate) -> Iterator[Published]:
    """The days of the facts' dates that have games, and the seasons these belong to."""
    schedule = facts.table("nbac_schedule")
    own = schedule[schedule["game_date"].isin(list(facts.stamps))]
    yield from _days(facts, slate)
    for label in sorted(set(own["season_label"])):
        yield _season(facts, label, schedule.loc[schedule["season_label"] == label, "game_date"])


def _days(facts: Facts, slate: Slate) -> Iterator[Published]:
    origin, grades, ids = facts.origin_of(), facts.table("prediction_grades"), facts.ids_by_date()
    decisions = _decisions(slate, facts)
    games = _day_games(slate, grades)
    said = grouped(decisions["game_date"].tolist(), records(decisions, DECISION_FIELDS))
    played = grouped(games["game_date"].tolist(), records(games, DAY_GAME_FIELDS))
    known = decisions.groupby("game_date")["known_at"].max().to_dict()
    games_known = games.groupby("game_date")["known_at"].max().to_dict()
    versions = decisions.groupby("game_date")["model_version"].max().to_dict()
    for stamp in facts.stamps:
        if stamp not in played:
            continue
        day, own = stamp.strftime("%Y-%m-%d"), said.get(stamp, [])
        open_ = sum(decision["result"] in (None, "pending") for decision in own)
        reasons = [reason("ungraded", n=open_, of=len(own))] if open_ else []
        body = seal(
            "track_record_day",
            {"decisions": own, "games": played[stamp]},
            as_of=latest(known.get(stamp), games_known.get(stamp)),
            game_date=day,
            status="partial" if open_ else "complete",
            reasons=reasons,
            correlation_ids=ids.get(day, ()),
            data_origin=origin(day),
            model_version=versions.get(stamp),
            **facts.sources(day, RESULT_SOURCES),
        )
        yield Published("track_record", day_name(day), "track_record_day", body)


def _decisions(slate: Slate, facts: Facts) -> pd.DataFrame:
    rows = slate.players[slate.players["line_value"].notna() & slate.players["game_date"].isin(list(facts.stamps))]
    price = rows["over_price"].where(rows["decision"] == "OVER", rows["under_price"])
    return rows.assign(price=price.where(rows["decision"] != "PASS"))


def _day_games(slate: Slate, grades: pd.DataFrame) -> pd.DataFrame:
    graded = grades[(grades["target"] == "game") & grades["is_official"].fillna(False)]
    graded = graded[["game_date", "game_id", "home_won", "margin", "total", "known_at"]]
    games = slate.games.merge(
        graded.rename(columns={"known_at": "grade_known_at"}), on=["game_date", "game_id"], how="left"
    )
    games["known_at"] = games[["known_at", "grade_known_at"]].max(axis=1)
    return games


def _season(facts: Facts, label: str, dates: pd.Series[Any]) -> Published:
    performance = facts.table(_DAILY)
    own = performance[performance["game_date"].isin(dates.unique())]
    last = own["game_date"].max()
    record = own[own["compared_with"] == MARKET]
    windows = record[record["game_date"] == last].sort_values(
        ["target", "run_kind", "model_version", "window", "segment"], kind="stable"
    )
    thin = windows["verdict"] == "insufficient"
    windows = windows.assign(**{name: windows[name].mask(thin) for name in RATES})
    one = own[(own["window"] == "1d") & (own["segment"] == "all") & own["model_version"].isin(SERVING)]
    one = one.sort_values(["game_date", "target", "run_kind"], kind="stable")
    empty = windows.empty
    body = seal(
        "track_record",
        {
            "season": label,
            "last_date": None if empty else last.strftime("%Y-%m-%d"),
            "windows": records(windows, WINDOW_FIELDS),
            "days": records(one, DAY_ROW_FIELDS),
            "reliability": reliability(_outcomes(facts, dates)),
        },
        as_of=own["known_at"].max() if len(own) else pd.NaT,
        status="empty" if empty else "complete",
        reasons=[reason("no_grades")] if empty else [],
        data_origin=facts.origin_of()(None if empty else last.strftime("%Y-%m-%d")),
    )
    return Published("track_record", season_name(label), "track_record", body)


def _outcomes(facts: Facts, dates: pd.Series[Any]) -> pd.DataFrame:
    """Settled official decisions of the dates: run_kind, p (P(over) given no push), over (0 or 1)."""
    grades = facts.table("prediction_grades")
    settled = grades[grades["is_official"].fillna(False) & grades["outcome"].isin(["over", "under"])]
    settled = settled[settled["game_date"].isin(dates.unique())]
    said = facts.table("player_points_predictions")[["prediction_id", "p_over", "p_push"]]
    rows = settled[["prediction_id", "run_kind", "outcome"]].merge(said, on="prediction_id")
    rows = rows[rows["p_over"].notna()]
    p = (rows["p_over"] / (1.0 - rows["p_push"])).clip(0.0, 1.0)
    rows = rows.assign(p=p, over=(rows["outcome"] == "over").astype(float))
    return rows.sort_values(["run_kind", "p", "prediction_id"], kind="stable", ignore_index=True)


def reliability(rows: pd.DataFrame) -> list[Record]:
    """Bins of equal size in order of p, per run_kind; none below LEAST_IN_BINS rows."""
    found = []
    for run_kind, group in rows.groupby("run_kind", sort=True):
        if len(group) < LEAST_IN_BINS:
            continue
        for part in np.array_split(np.arange(len(group)), BINS):
            chosen = group.iloc[part]
            found.append(
                {
                    "run_kind": run_kind,
                    "p": number(chosen["p"].mean(), 4),
                    "hit": number(chosen["over"].mean(), 4),
                    "n": len(chosen),
                }
            )
    return found
