"""What a release reads: every table once for the whole range of dates, all at the same partition versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.engine.captures import season_of
from nba_assets.engine.halts import standing
from nba_assets.engine.release_log import PROCESSOR
from nba_assets.engine.stale import failed_for_good
from nba_assets.errors import TransientError
from nba_assets.modeling.stored_distribution import COLUMNS as DISTRIBUTION
from nba_assets.publishing.facts import RESULT_SOURCES, SLATE_SOURCES, Facts, Halted, Operations
from nba_assets.publishing.models import COLUMNS as MODEL_COLUMNS
from nba_assets.publishing.slate import quantile_names
from nba_assets.publishing.teams import COLUMNS as TEAM_COLUMNS
from nba_assets.storage.records import Work, correlation_id

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

TRIES = 5
YEAR = dt.timedelta(days=365)

PREDICTION_COLUMNS = (
    *(
        "game_date",
        "prediction_id",
        "game_id",
        "player_id",
        "team",
        "opponent",
        "model_version",
        "decision_at",
        "created_at",
    ),
    *("run_kind", "role", "line_source", "line_value", "consensus_line", "n_books", "line_range", "line_captured_at"),
    *("minutes_to_tip", "over_price", "under_price", "market_p_over", "minutes_mean", "p_play"),
    *(*DISTRIBUTION, *quantile_names("points"), "p_over", "p_push", "p_under", "ev_over", "ev_under"),
    *("decision", "reasons", "injury_status", "known_at"),
)
GRADE_COLUMNS = (
    *("game_date", "prediction_id", "target", "game_id", "run_kind", "is_official", "actual_points", "outcome"),
    *("result", "void_reason", "model_abs_error", "line_abs_error", "home_won", "margin", "total", "known_at"),
)
BOX_COLUMNS = (
    *("game_id", "player_id", "game_date", "season", "team", "opponent", "is_home", "player_name", "status"),
    *("minutes", "points", "closing_line", "line_result", "known_at"),
)
SCHEDULE_COLUMNS = (
    *("game_date", "game_id", "season_label", "season", "season_type", "game_status", "tip_at", "home_tricode"),
    *("away_tricode", "home_score", "away_score", "arena_name", "is_postponed", "known_at"),
)
CONTEXT_COLUMNS = (
    *("game_date", "game_id", "player_id", "player_name", "team", "injury_status", "injury_reason", "known_at"),
)
PROP_COLUMNS = (
    *("game_date", "game_id", "player_id", "known_at", "book", "captured_at", "line", "over_price", "under_price"),
)


@dataclass(frozen=True)
class Read:
    """One read: a table, its first and last date, and which columns (None: all)."""

    table: str
    first: dt.date
    last: dt.date
    columns: tuple[str, ...] | None = None


def release_reads(first: dt.date, newest: dt.date) -> dict[str, Read]:
    """What the documents of dates from `first` on need; players' and seasons' documents look back and ahead."""
    back = min(first - YEAR, dt.date(season_of(first), 9, 15))
    return {
        "nbac_schedule": Read("nbac_schedule", back, newest, SCHEDULE_COLUMNS),
        "player_points_predictions": Read("player_points_predictions", back, newest, PREDICTION_COLUMNS),
        "game_predictions": Read("game_predictions", first, newest),
        "team_offense_game_summary": Read("team_offense_game_summary", back, newest, TEAM_COLUMNS),
        "points_model": Read("points_model", first, newest, MODEL_COLUMNS),
        "prediction_grades": Read("prediction_grades", back, newest, GRADE_COLUMNS),
        "player_game_summary": Read("player_game_summary", back, newest, BOX_COLUMNS),
        "upcoming_player_game_context": Read("upcoming_player_game_context", first, newest, CONTEXT_COLUMNS),
        "upcoming_team_game_context": Read("upcoming_team_game_context", first, newest),
        "model_performance_daily": Read("model_performance_daily", back, newest),
        "odds_api_player_points_props": Read("odds_api_player_points_props", first, newest, PROP_COLUMNS),
        "bettingpros_player_points_props": Read("bettingpros_player_points_props", first, newest, PROP_COLUMNS),
        "nbac_player_list": Read(
            "nbac_player_list",
            newest - dt.timedelta(days=14),
            newest,
            ("game_date", "player_id", "position", "known_at"),
        ),
    }


def status_reads(day: dt.date) -> dict[str, Read]:
    """What the status with respect to the slate of `day` needs."""
    keys = ("game_date", "game_id", "known_at")
    return {
        "nbac_schedule": Read("nbac_schedule", day, day, SCHEDULE_COLUMNS),
        "player_game_summary": Read("player_game_summary", day, day, keys),
        "upcoming_player_game_context": Read("upcoming_player_game_context", day, day, keys),
        "ml_feature_store": Read("ml_feature_store", day, day, keys),
        "player_points_predictions": Read("player_points_predictions", day, day, keys),
        "points_model": Read(
            "points_model",
            day,
            day,
            ("game_date", "target", "serving", "model_version", "family", "train_end", "gate_status", "known_at"),
        ),
        "model_performance_daily": Read(
            "model_performance_daily", day - dt.timedelta(days=7), day, ("game_date", "alarms", "known_at")
        ),
    }


def release_facts(platform: Platform, days: Sequence[dt.date]) -> Facts:
    """Everything that the documents of the dates are built from, read at one state of the tables."""
    newest = max([days[-1], *_dates(platform, "player_points_predictions")])
    sources = dict.fromkeys((*SLATE_SOURCES, *RESULT_SOURCES))
    with platform.warehouse.listed_once():
        partitions = {name: frozenset(platform.warehouse.versions(name)) for name in sources}
    reads = release_reads(days[0], newest)
    for name in partitions:
        keyed = ("game_id",) if "game_id" in tables()[name].column_names else ()
        columns = ("game_date", *keyed, "source_path", "source_hash")
        reads[f"drops of {name}"] = Read(name, days[0], newest, columns)
    frames = pinned(platform, reads)
    drops = [_drops(frames.pop(f"drops of {name}")) for name in partitions]
    return Facts(
        dates=days,
        tables=frames,
        partitions=partitions,
        drops=pd.concat(drops, ignore_index=True),
        waiting=platform.ledger.frames("waiting"),
        halted=_halted(platform),
        failed={str(day): count for day, count in failed_for_good(platform, days).items()},
    )


def _halted(platform: Platform) -> Halted | None:
    found = standing(platform)
    return None if found is None else Halted(pd.Timestamp(found.since), found.reason)


def status_facts(platform: Platform, day: dt.date | None, released: Sequence[dt.date] = ()) -> Facts:
    """What the status document with respect to the slate of `day` is built from; `released`: what it comes with."""
    return Facts(
        dates=[] if day is None else [day],
        tables={} if day is None else pinned(platform, status_reads(day)),
        waiting=platform.ledger.frames("waiting"),
        operations=_operations(platform, set(released)),
        halted=_halted(platform),
    )


def pinned(platform: Platform, reads: Mapping[str, Read]) -> dict[str, pd.DataFrame]:
    """Every read's rows by its key; read again when a partition was written meanwhile.

    Raises `TransientError` if the tables do not hold still.
    """
    for _ in range(TRIES):
        with platform.warehouse.listed_once():
            before = _versions(platform, reads.values())
            frames = {
                key: platform.warehouse.read(read.table, dates=(read.first, read.last), columns=read.columns)
                for key, read in reads.items()
            }
        if _versions(platform, reads.values()) == before:
            return frames
    raise TransientError("the tables change faster than they can be read", "publish again when the runs have finished")


def _versions(platform: Platform, reads: Iterable[Read]) -> list[dict[str, str]]:
    with platform.warehouse.listed_once():
        return [platform.warehouse.versions(read.table, (read.first, read.last)) for read in reads]


def _dates(platform: Platform, table: str) -> list[dt.date]:
    return [dt.date.fromisoformat(day) for day in platform.warehouse.versions(table)]


def _drops(rows: pd.DataFrame) -> pd.DataFrame:
    """Columns game_date, game_id, correlation_id of the drops that the rows come from, each once."""
    if "game_id" not in rows.columns:
        rows = rows.assign(game_id=pd.Series(pd.NA, index=rows.index, dtype="string[pyarrow]"))
    rows = rows.drop_duplicates(["game_date", "game_id", "source_path", "source_hash"], ignore_index=True)
    ids = [correlation_id(path, sha) for path, sha in zip(rows["source_path"], rows["source_hash"], strict=True)]
    found = rows.assign(correlation_id=pd.Series(ids, index=rows.index, dtype="string[pyarrow]"))
    return found[["game_date", "game_id", "correlation_id"]]


def _is_done(item: Work, released: set[dt.date]) -> bool:
    """Whether it is an earlier release of those dates that failed: where the status is read they are released."""
    return item["processor_name"] == PROCESSOR and set(item["dates"]) <= released


def _operations(platform: Platform, released: set[dt.date]) -> Operations:
    ledger, known = platform.ledger, platform.ledger.last_known()
    sources = [name for name, contract in tables().items() if contract.paths]
    last = {name: pd.Timestamp(known[name]) if name in known else None for name in sources}
    work = [item for item in ledger.work(status=["retrying", "dead"]) if not _is_done(item, released)]
    return Operations(
        last_drops=last,
        quarantined=len(ledger.quarantined(state="open")),
        dead_letters=sum(item["status"] == "dead" for item in work),
        failed=sorted({item["processor_name"] for item in work}),
        unverified=frozenset(name for name, contract in tables().items() if "unverified_format" in contract.tags),
    )
