"""`status.json`: whether everything arrived, phase by phase and game by game of the latest slate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from nba_assets import contracts
from nba_assets.contracts.model import Event
from nba_assets.publishing.envelope import Published, halt_reason, reason, seal
from nba_assets.publishing.facts import Facts
from nba_assets.publishing.fields import Day, Field, Time, column, many, model
from nba_assets.publishing.rows import Record, latest, moment
from nba_assets.publishing.slate import COUNTED

NAME = "status.json"
PHASES = ("landing", "raw", "analytics", "precompute", "predictions", "published")
DATASETS = {"nba_raw": "raw", "nba_analytics": "analytics", "nba_precompute": "precompute"}
DATASETS |= {"nba_predictions": "predictions", "published": "published"}
"""Phase by dataset."""
GAME_TABLES = {
    "analytics": "upcoming_player_game_context",
    "precompute": "ml_feature_store",
    "predictions": "player_points_predictions",
}
"""The table whose rows of a game say that a phase has done it before the tip."""

STATES = ("ok", "late", "failed", "waiting")
GAME_STATES = ("done", "waiting", "missing")

PHASE = model(
    "PhaseStatus",
    "One phase with respect to the latest slate.",
    (
        Field("phase", str, "Name, in order of the flow", values=PHASES),
        Field("state", str, "ok; failed: work is retried or dead; waiting: games wait for an input", values=STATES),
        Field("last_success_at", Time, "known_at of the newest row it made; null without any", nullable=True),
        Field("waiting_on", list[str], "What it waits for, as game: reason"),
    ),
)
SOURCE = model(
    "SourceStatus",
    "One source of drops.",
    (
        Field("source", str, "Name of the source"),
        Field("last_drop_at", Time, "known_at of the last drop received; null without any", nullable=True),
        Field(
            "expected_by",
            Time,
            "When it has all games of the latest slate at the latest; null where that hangs on when they end",
            nullable=True,
        ),
        Field("unverified_format", bool, "Its parser has never seen a real file"),
    ),
)
GAME = model(
    "GameStatus",
    "Where a game of the latest slate is.",
    (
        column("nbac_schedule", "game_id"),
        *(Field(phase, str, f"Phase {phase}", values=GAME_STATES) for phase in PHASES),
    ),
)
MODEL = model(
    "ServingModel",
    "The model that serves players' points on the latest slate.",
    (
        column("points_model", "model_version", name="version"),
        column("points_model", "family"),
        column("points_model", "train_end", name="trained_to"),
        column("points_model", "gate_status"),
    ),
)
HALTED = model(
    "Halted",
    "That no decisions are made.",
    (Field("since", Time, "When a person halted them"), Field("reason", str, "Why")),
)
STATUS_DATA = model(
    "Status",
    "Whether everything arrived; it holds what was received and known, never the time of writing.",
    (
        Field("latest_date", Day, "League date of the latest slate; null without any", nullable=True),
        Field("phases", many(PHASE), "The six phases in order"),
        Field("sources", many(SOURCE), "Sources by name"),
        Field("games", many(GAME), "Games of the latest slate by tip and id"),
        Field("open_quarantine", int, "Things in drops that did not pass", low=0),
        Field("open_dead_letters", int, "Pieces of work whose last retry failed", low=0),
        Field("model", MODEL, "Serving model; null without any", nullable=True),
        Field("alarms", list[str], "Leak and drift alarms of the latest track record"),
        Field("halted", HALTED, "The halt that stands; null while decisions are made", nullable=True),
    ),
)


def document(facts: Facts, latest_date: str | None) -> Published:
    """The status with respect to the slate of `latest_date`, whose rows the facts hold."""
    games = _games(facts, latest_date)
    waiting = _waiting(facts, games)
    operations, halt = facts.operations, facts.halted
    failed = {DATASETS.get(name.partition(".")[0], "") for name in operations.failed}
    last_tip = games.loc[~games["is_postponed"].fillna(False).astype(bool), "tip_at"].max()
    sources: list[Record] = [
        {
            "source": name,
            "last_drop_at": moment(last),
            "expected_by": _expected_by(name, last_tip),
            "unverified_format": name in operations.unverified,
        }
        for name, last in sorted(operations.last_drops.items())
    ]
    last_drop = latest(*operations.last_drops.values())
    phases = [
        {
            "phase": phase,
            "state": "failed" if phase in failed else "waiting" if waiting.get(phase) else "ok",
            "last_success_at": moment(last_drop if phase == "landing" else _known(facts, phase)),
            "waiting_on": waiting.get(phase, []),
        }
        for phase in PHASES
    ]
    reasons = _reasons(facts, phases, len(games))
    body = seal(
        "status",
        {
            "latest_date": latest_date,
            "phases": phases,
            "sources": sources,
            "games": _grid(facts, games, latest_date),
            "open_quarantine": operations.quarantined,
            "open_dead_letters": operations.dead_letters,
            "model": _model(facts, latest_date),
            "alarms": _alarms(facts),
            "halted": None if halt is None else {"since": moment(halt.since), "reason": halt.why},
        },
        as_of=latest(last_drop, *(_known(facts, phase) for phase in PHASES[1:5])),
        game_date=latest_date,
        status=_status(reasons),
        reasons=reasons,
        sources_seen=[s["source"] for s in sources if s["last_drop_at"]],
        sources_missing=[s["source"] for s in sources if not s["last_drop_at"]],
        data_origin=facts.origin_of()(latest_date),
    )
    return Published("status", NAME, "status", body)


def _reasons(facts: Facts, phases: Iterable[Record], games: int) -> list[Record]:
    operations, found = facts.operations, []
    if facts.halted is not None:
        found.append(halt_reason(facts.halted.since, facts.halted.why))
    if not any(last is not None for last in operations.last_drops.values()):
        found.append(reason("nothing_received"))
    if operations.failed or operations.dead_letters:
        found.append(reason("work_failed", n=max(len(operations.failed), operations.dead_letters)))
    if operations.quarantined:
        found.append(reason("quarantined", n=operations.quarantined))
    if waiting := {line.partition(":")[0] for phase in phases for line in phase["waiting_on"]}:
        found.append(reason("waiting", n=len(waiting), of=games))
    return found


def _status(reasons: list[Record]) -> str:
    codes = {found["code"] for found in reasons}
    if "halted" in codes:
        return "halted"
    return "empty" if "nothing_received" in codes else "partial" if codes else "complete"


def _games(facts: Facts, day: str | None) -> pd.DataFrame:
    schedule = facts.table("nbac_schedule")
    if day is None:
        return schedule.iloc[:0]
    own = schedule[(schedule["game_date"] == pd.Timestamp(day)) & schedule["season_type"].isin(COUNTED)]
    return own.sort_values(["tip_at", "game_id"], kind="stable")


def _expected_by(source: str, last_tip: Any) -> str | None:
    """By the source's lag after the last tip."""
    lag = contracts.table(source).lag
    if lag is None or lag.event is not Event.TIP or pd.isna(last_tip):
        return None
    return moment(last_tip + pd.Timedelta(hours=lag.hours))


def _waiting(facts: Facts, games: pd.DataFrame) -> dict[str, list[str]]:
    """By phase, `game: reason` of the final games of the slate that the ledger says wait."""
    final = games.loc[(games["game_status"] == 3).fillna(False), "game_id"]
    rows = facts.waiting[facts.waiting["game_id"].isin(final)]
    lines = sorted({f"{game}: {why}" for game, why in zip(rows["game_id"], rows["reason"], strict=True)})
    return {"analytics": lines} if lines else {}


def _grid(facts: Facts, games: pd.DataFrame, day: str | None) -> list[Record]:
    done = {}
    for phase, table in GAME_TABLES.items():
        rows = facts.table(table)
        done[phase] = set(rows.loc[rows["game_date"] == pd.Timestamp(day), "game_id"]) if day else set()
    waiting = set(facts.waiting["game_id"])
    finals = set(games.loc[(games["game_status"] == 3).fillna(False), "game_id"])
    found = []
    for game in games["game_id"]:
        states = {phase: "done" if game in done[phase] else "missing" for phase in GAME_TABLES}
        if game in waiting & finals:
            states["analytics"] = "waiting"
        published = "done" if states["predictions"] == "done" else "waiting"
        found.append({"game_id": game, "landing": "done", "raw": "done", **states, "published": published})
    return found


def _known(facts: Facts, phase: str) -> Any:
    """The newest known_at among the rows of the phase's tables that the facts hold; a release shows predictions."""
    made_by = "predictions" if phase == "published" else phase
    names = [name for name in facts.tables if DATASETS.get(contracts.table(name).dataset) == made_by]
    frames = [facts.tables[name] for name in names]
    return latest(*(frame["known_at"].max() for frame in frames if len(frame) and "known_at" in frame.columns))


def _model(facts: Facts, day: str | None) -> Record | None:
    models = facts.table("points_model")
    own = models[(models["target"] == "points") & models["serving"].fillna(False)]
    own = own[own["game_date"] == pd.Timestamp(day)] if day else own.iloc[:0]
    if own.empty:
        return None
    row: Mapping[Any, Any] = own.iloc[-1].to_dict()
    return {
        "version": row["model_version"],
        "family": row["family"],
        "trained_to": None if pd.isna(row["train_end"]) else row["train_end"].strftime("%Y-%m-%d"),
        "gate_status": row["gate_status"],
    }


def _alarms(facts: Facts) -> list[str]:
    performance = facts.table("model_performance_daily")
    newest = performance[performance["game_date"] == performance["game_date"].max()]
    return sorted({alarm for alarms in newest["alarms"] for alarm in alarms})
