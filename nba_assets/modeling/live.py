"""Live rows: what the running platform says before a game's T, each kept as it was said.

A live row is the prediction of the tables as they are, made before T; once written it is never changed nor removed. A
row is added when what is said differs from what was said last, and when a player of whom something was said is gone
(out, or his game is postponed): PASS with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.comparing import comparable
from nba_assets.decision_time import LEAD
from nba_assets.market_lines import KEY
from nba_assets.modeling import TRANSFORMS, Dates, Inputs
from nba_assets.modeling.columns import of
from nba_assets.modeling.identity import text_hashes, within
from nba_assets.scope import Scope

ASKS = {"player_points_predictions": "ml_feature_store", "game_predictions": "upcoming_team_game_context"}
"""Tables with live rows, and the input that says by T (`decision_at`) for whom and when a prediction is due."""

MOMENTS = (
    *("prediction_id", "decision_at", "created_at", "known_at"),
    *("line_captured_at", "lines_captured_at", "minutes_to_tip"),
)
"""When something was said and of when the line is: said again it is nothing new."""

STEP = pd.Timedelta(microseconds=1)


def said(
    table: str,
    inputs: Inputs,
    dates: Dates,
    scope: Scope | None,
    receipts: Mapping[pd.Timestamp, pd.Timestamp],
    now: pd.Timestamp,
) -> pd.DataFrame:
    """What is said now of the games of `dates` whose T is after `now`, as rows with run_kind live.

    `receipts`: by date when its newest drop was received. `decision_at` is that, or later what is known of the date.
    """
    asks = of(inputs, ASKS[table])
    asks = asks[asks["game_date"].isin(list(dates)) & (asks["decision_at"] > now)]
    if asks.empty:
        return frames.empty(contracts.table(table))
    moments = _moments(inputs, dates, receipts, now)
    asks = asks.assign(decision_at=asks["game_date"].map(moments).astype(asks["decision_at"].dtype))
    rows = TRANSFORMS[table]({**inputs, ASKS[table]: asks}, dates, scope)
    return rows.assign(
        run_kind=pd.Series("live", index=rows.index, dtype="string[pyarrow]"),
        created_at=pd.Series(now, index=rows.index, dtype=rows["created_at"].dtype),
    )


def added(
    table: str, earlier: pd.DataFrame, rows: pd.DataFrame, inputs: Inputs, scope: Scope | None, now: pd.Timestamp
) -> pd.DataFrame:
    """Those of the rows that say something else than the `earlier` live rows did last, and who is gone since."""
    key = _key(rows)
    earlier = earlier.sort_values(["decision_at", "prediction_id"], kind="stable")
    last = earlier.drop_duplicates([*key, "role", "model_version"], keep="last")
    serving = earlier[earlier["role"] == "serving"].drop_duplicates(key, keep="last")
    last = pd.concat([serving, last[last["role"] != "serving"]], ignore_index=True)
    new = rows[~_said_before(table, last, rows)]
    if "decision" in rows.columns:
        gone = _gone(within(serving, scope), rows, inputs, now)
        new = pd.concat([part for part in (new, gone) if len(part)] or [new])
    return frames.conform(_after(new, earlier, key), contracts.table(table))


def _key(rows: pd.DataFrame) -> list[str]:
    return [name for name in KEY if name in rows.columns]


def _moments(
    inputs: Inputs, dates: Dates, receipts: Mapping[pd.Timestamp, pd.Timestamp], now: pd.Timestamp
) -> pd.Series[pd.Timestamp]:
    """By date the latest receipt, or what was known later; never after `now`."""
    found = [pd.Series(receipts, dtype="datetime64[us, UTC]")]
    for frame in inputs.values():
        if not {"game_date", "known_at"} <= set(frame.columns):
            continue
        known = frame.loc[frame["game_date"].isin(list(dates)) & (frame["known_at"] <= now), ["game_date", "known_at"]]
        found.append(known.groupby("game_date")["known_at"].max())
    latest = pd.concat([part for part in found if len(part)])
    moments: pd.Series[pd.Timestamp] = latest.groupby(level=0).max().clip(upper=now)
    return moments


def _said_before(table: str, last: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    contract = contracts.table(table)
    sides = pd.concat([comparable(side, contract, MOMENTS) for side in (last, rows)], ignore_index=True)
    return sides.duplicated().to_numpy()[len(last) :]


def _gone(last: pd.DataFrame, rows: pd.DataFrame, inputs: Inputs, now: pd.Timestamp) -> pd.DataFrame:
    """PASS for those of whom something was said and of whom nothing is any more, though T is still to come."""
    key = _key(rows)
    there = pd.MultiIndex.from_frame(rows[key])
    open_rows = last[(last["tip_at"] - LEAD > now).fillna(False) & ~pd.MultiIndex.from_frame(last[key]).isin(there)]
    context = of(inputs, "upcoming_player_game_context")[[*key, "injury_status"]].drop_duplicates(key)
    status = open_rows[key].merge(context, on=key, how="left")["injury_status"].to_numpy()
    schedule = of(inputs, "nbac_schedule")
    stands = schedule[schedule["superseded_at"].isna() & ~schedule["is_postponed"].fillna(False)]
    on = pd.MultiIndex.from_frame(open_rows[key[:2]]).isin(pd.MultiIndex.from_frame(stands[key[:2]]))
    out = pd.Series(status, index=open_rows.index, dtype="string[pyarrow]") == "out"
    reason = np.select([~on, out.fillna(False)], ["postponed", "player_out"], "critical_feature_missing")
    before = open_rows["reasons"].map(list).tolist()
    fresh = [[why] != reasons for why, reasons in zip(reason, before, strict=True)]
    return open_rows.assign(
        decision="PASS",
        reasons=pd.Series([[str(why)] for why in reason], index=open_rows.index, dtype=object),
        injury_status=pd.Series(status, index=open_rows.index, dtype="string[pyarrow]").fillna(
            open_rows["injury_status"]
        ),
        created_at=now,
        known_at=now,
        decision_at=now,
    )[fresh]


def _after(new: pd.DataFrame, earlier: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The rows with a `decision_at` later than that of all that was said before of the same, and the id it gives."""
    before = earlier.groupby(key)["decision_at"].max().rename("before").reset_index()
    prior = new[key].merge(before, on=key, how="left")["before"].to_numpy() if len(before) else None
    if prior is not None and len(new):
        least = pd.Series(prior, index=new.index).astype(new["decision_at"].dtype) + STEP
        new = new.assign(decision_at=new["decision_at"].where(~(new["decision_at"] < least), least))
    identity = [*key[1:], "decision_at", "model_version"]
    return new.assign(prediction_id=text_hashes(new[identity]) if len(new) else new["prediction_id"])
