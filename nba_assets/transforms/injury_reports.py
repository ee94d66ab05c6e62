"""The injury report as of a decision: what the latest one known says of a team and of its players.

The latest report of a game is that of the latest `report_at` among those with a row of the game known by T. A team
marked not submitted there is unknown, not healthy; one without a line has nothing to report: all are available.
Rows whose player is unresolved say nothing, not even that there was a report: who they are about may be known only
later, and then they are of that time.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets.transforms.asks import GAME

ABSENT = ("out", "doubtful")
"""Statuses with which a team mate is not counted on."""

COLUMNS = [*GAME, "report_at", "row_kind", "player_id", "team_tricode", "injury_status", "injury_reason", "known_at"]


def known_reports(games: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """Resolved rows of every report of the games known at their decisions, `is_latest` for those of the game's latest.

    games: GAME and `decision_at`, a row a team or more. Sorted by game, report and player.
    """
    moments = games[[*GAME, "decision_at"]].drop_duplicates()
    about = reports[COLUMNS][(reports["row_kind"] != "player") | reports["player_id"].notna()]
    rows = about.rename(columns={"team_tricode": "team"}).merge(moments, on=GAME)
    rows = rows[rows["known_at"] <= rows["decision_at"]]
    latest = rows.groupby(GAME)["report_at"].transform("max")
    rows = rows.assign(is_latest=rows["report_at"] == latest)
    return rows.sort_values([*GAME, "report_at", "team", "player_id"], kind="stable", ignore_index=True)


def team_states(games: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Per row of `games`: `report_at` of the latest report, `submitted` in it, `reports_known_at` of all the game's.

    `submitted` is False without a report. Index as `games`.
    """
    found = known.groupby(GAME).agg(report_at=("report_at", "max"), reports_known_at=("known_at", "max")).reset_index()
    out = games[[*GAME, "team"]].merge(found, on=GAME, how="left")
    withheld = known.loc[known["is_latest"] & (known["row_kind"] == "not_submitted"), [*GAME, "team"]]
    marked = out.merge(withheld.drop_duplicates(), on=[*GAME, "team"], how="left", indicator=True)["_merge"] == "both"
    out["submitted"] = out["report_at"].notna() & ~marked
    return out[["report_at", "submitted", "reports_known_at"]].set_axis(games.index)


def latest_statuses(known: pd.DataFrame) -> pd.DataFrame:
    """Players of the latest reports: GAME, team, player_id, injury_status, injury_reason; a player once a game."""
    rows = known[known["is_latest"] & (known["row_kind"] == "player") & known["player_id"].notna()]
    columns = [*GAME, "team", "player_id", "injury_status", "injury_reason"]
    return rows[columns].drop_duplicates([*GAME, "player_id"], ignore_index=True)


def status_changes(people: pd.DataFrame, known: pd.DataFrame) -> pd.Series[int]:
    """How often each player's status changed over his game's reports that his team had submitted; null without one.

    people: GAME, team, player_id. Not on a submitted report is `available`. Index as `people`.
    """
    reports = known[[*GAME, "report_at"]].drop_duplicates()
    seen = people[[*GAME, "team", "player_id"]].assign(person=np.arange(len(people))).merge(reports, on=GAME)
    withheld = known.loc[known["row_kind"] == "not_submitted", [*GAME, "report_at", "team"]].drop_duplicates()
    seen = seen.merge(withheld, on=[*GAME, "report_at", "team"], how="left", indicator=True)
    seen = seen[seen["_merge"] == "left_only"].drop(columns="_merge")
    said = known.loc[known["row_kind"] == "player", [*GAME, "report_at", "player_id", "injury_status"]]
    said = said.dropna(subset=["player_id"]).drop_duplicates([*GAME, "report_at", "player_id"])
    seen = seen.merge(said, on=[*GAME, "report_at", "player_id"], how="left")
    seen = seen.sort_values(["person", "report_at"], kind="stable")
    status = pd.factorize(seen["injury_status"].fillna("available"))[0]
    person = seen["person"].to_numpy()
    changed = np.zeros(len(seen), dtype=bool)
    changed[1:] = (np.diff(person) == 0) & (np.diff(status) != 0)
    counted = pd.Series(changed, index=person, dtype="int64").groupby(level=0).sum()
    return counted.reindex(np.arange(len(people))).astype("Int64").set_axis(people.index)
