"""What changed in what was said of a player before his game, and why: his live rows, one after another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.modeling.columns import floats
from nba_assets.publishing.facts import PLAYER_ON_DATE, TEAM_ON_DATE, Facts
from nba_assets.publishing.fields import LINE_DECIMALS, MEAN_DECIMALS, Field, Time, column, model
from nba_assets.publishing.rows import Record, grouped, records

_PLAYER = "player_points_predictions"
CAUSES = ("injury", "line", "other")
NOTABLE = 0.5
"""Points of the median from which a change is told on the slate too."""

FIELDS: tuple[Field, ...] = (
    Field("at", Time, "When it was said anew"),
    column(_PLAYER, "player_id"),
    Field("name", str, "His name; null if unknown", nullable=True),
    Field(
        "cause", str, "A changed status, his own or a teammate's; else a moved line; else another input", values=CAUSES
    ),
    Field("subject", str, "player_id of him whose status changed; null for another cause", nullable=True),
    Field("subject_name", str, "His name", nullable=True),
    Field("subject_status", str, "His status since", nullable=True),
    Field("d_minutes", float, "Change of minutes_mean", nullable=True, unit="minutes", decimals=MEAN_DECIMALS),
    Field("d_median", float, "Change of points_q50", nullable=True, unit="points", decimals=MEAN_DECIMALS),
    Field("d_line", float, "Change of line_value", nullable=True, unit="points", decimals=LINE_DECIMALS),
    Field("decision_before", str, "Decision before"),
    Field("decision_after", str, "Decision since"),
)
CHANGE = model("Change", "A prediction that was said anew before the game.", FIELDS)


def changes(facts: Facts, names: Mapping[str, str]) -> dict[Any, list[Record]]:
    """By date and game of the facts' dates, what was said anew: oldest first, then by player. `names` by player_id."""
    rows = facts.on_dates(_PLAYER)
    live = (rows["role"] == "serving").fillna(False) & (rows["run_kind"] == "live").fillna(False)
    rows = rows[live].sort_values([*PLAYER_ON_DATE, "decision_at"], kind="stable", ignore_index=True)
    if rows.empty:
        return {}
    found = _told(_with_subject(_with_before(rows)), names)
    found = found.sort_values(["game_date", "game_id", "at", "player_id"], kind="stable", ignore_index=True)
    return grouped(list(zip(found["game_date"], found["game_id"], strict=True)), records(found, FIELDS))


def is_notable(change: Record) -> bool:
    """Whether it is told on the slate: a status of his own, another decision, or half a point of the median."""
    own = change["subject"] == change["player_id"]
    return bool(
        own or abs(change["d_median"] or 0.0) >= NOTABLE or change["decision_before"] != change["decision_after"]
    )


def _with_before(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that follow another one of the same player, with what that one said."""
    shown = ["minutes_mean", "points_q50", "line_value", "injury_status", "decision", "created_at"]
    before = rows.groupby(PLAYER_ON_DATE, sort=False)[shown].shift().add_suffix("_before")
    following = before["created_at_before"].notna()
    return rows[following].join(before).reset_index(drop=True)


def _with_subject(rows: pd.DataFrame) -> pd.DataFrame:
    """Each row with the newest change of a status on its team since the row before; the man with most minutes first."""
    rows = rows.sort_values("created_at", kind="stable", ignore_index=True)
    moved = rows["injury_status"].fillna("") != rows["injury_status_before"].fillna("")
    own = rows["player_id"].where(moved)
    events = rows.loc[moved, [*TEAM_ON_DATE, "created_at", "player_id", "injury_status", "minutes_mean_before"]]
    events = events.sort_values(["created_at", "minutes_mean_before", "player_id"], kind="stable")
    events = events.drop_duplicates([*TEAM_ON_DATE, "created_at"], keep="last").drop(columns="minutes_mean_before")
    events = events.rename(columns={"player_id": "subject", "injury_status": "subject_status"})
    events = events.assign(moved_at=events["created_at"])
    found = pd.merge_asof(rows, events, on="created_at", by=TEAM_ON_DATE)
    news = (found["moved_at"] > found["created_at_before"]).fillna(False)
    subject = own.where(own.notna(), found["subject"].where(news))
    status = found["injury_status"].where(own.notna(), found["subject_status"].where(news))
    return found.assign(subject=subject, subject_status=status)


def _told(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The rows that say something else, with the columns of FIELDS."""
    steps = {
        name: floats(rows[shown]) - floats(rows[f"{shown}_before"])
        for name, shown in (("d_minutes", "minutes_mean"), ("d_median", "points_q50"), ("d_line", "line_value"))
    }
    line = np.nan_to_num(steps["d_line"]) != 0
    line |= (rows["line_value"].isna() != rows["line_value_before"].isna()).to_numpy(dtype=bool)
    injured = rows["subject"].notna().to_numpy(dtype=bool)
    decided = (rows["decision"] != rows["decision_before"]).to_numpy(dtype=bool)
    least = 0.5 * 10.0**-MEAN_DECIMALS
    moved = (np.abs(np.nan_to_num(steps["d_median"])) >= least) | (np.abs(np.nan_to_num(steps["d_minutes"])) >= least)
    own = (rows["subject"] == rows["player_id"]).fillna(False).to_numpy(dtype=bool)
    found = rows.assign(
        at=rows["decision_at"],
        name=rows["player_id"].map(names),
        cause=np.select([injured, line], ["injury", "line"], "other"),
        subject_name=rows["subject"].map(names),
        decision_before=rows["decision_before"],
        decision_after=rows["decision"],
        **steps,
    )
    told: pd.DataFrame = found[moved | line | decided | own]
    return told
