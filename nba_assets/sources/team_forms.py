"""The two forms of the team box score, made one: totals from the league's team log, starters from the box score."""

from __future__ import annotations

import pandas as pd

from nba_assets.sources.versions import CAPTURE_COLUMNS, ORDER

FROM_LOG = "tov_includes_team"
"""True in rows of the team game log, whose turnovers include the team's own; false in those of a box score."""
FROM_BOX = ("starter_ids", "team_seconds")
"""Columns that the box score knows better."""
STAMP = ["unit", *ORDER, "known_at_assumed"]


def merge_forms(rows: pd.DataFrame, spoken: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per game, team and capture: what both forms said by then, stamped as that capture; and the captures.

    `rows`: of both forms, told apart by `FROM_LOG`. The state at a capture is the newest log and the newest box score
    of the game known by then; where both have a column the log's value stands, except `FROM_BOX`. `spoken`: captures
    by unit; those without a row of the unit stay as they are (they close it).
    """
    log = rows[FROM_LOG].fillna(False).astype(bool)
    events = rows[STAMP].assign(log=log).drop_duplicates([*CAPTURE_COLUMNS]).sort_values(CAPTURE_COLUMNS, kind="stable")
    events = events.reset_index(drop=True)
    position = pd.Series(events.index, index=events.index, dtype="Int64")
    events = events.assign(event=events.index)
    events["of_log"] = position.where(events["log"]).groupby(events["unit"]).ffill()
    events["of_box"] = position.where(~events["log"]).groupby(events["unit"]).ffill()

    coded = rows.merge(events[[*CAPTURE_COLUMNS, "event"]], on=CAPTURE_COLUMNS)
    states = {form: _as_of(events, coded, form).set_index(["event", "team_tricode"]) for form in ("of_log", "of_box")}
    content = [c for c in rows.columns if c not in (*STAMP, "team_tricode")]
    first, second = states["of_log"], states["of_box"]
    merged = first[content].combine_first(second[content])
    for column in (c for c in FROM_BOX if c in content):
        merged[column] = second[column].reindex(merged.index).fillna(first[column].reindex(merged.index))
    typed = merged[content].astype(rows[content].dtypes.to_dict()).reset_index()
    typed = typed.assign(team_tricode=typed["team_tricode"].astype(rows["team_tricode"].dtype))
    return typed.merge(events[["event", *STAMP]], on="event").drop(columns="event"), spoken


def _as_of(events: pd.DataFrame, coded: pd.DataFrame, form: str) -> pd.DataFrame:
    """The rows of each event's newest capture of one form."""
    newest = events.loc[events[form].notna(), ["event", form]].astype("int64")
    rows = coded.rename(columns={"event": form}).drop(columns=STAMP)
    return newest.merge(rows, on=form)
