"""What if somebody did not play: his game rebuilt in memory, from the report to the predictions; nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd
from rapidfuzz import process

from nba_assets.contracts import tables
from nba_assets.contracts.frames import conform
from nba_assets.contracts.model import Role, Table, Versioning
from nba_assets.engine.builders import build_table
from nba_assets.engine.graph import build_order, input_dates
from nba_assets.errors import PlatformError, UsageError
from nba_assets.scope import Scope
from nba_assets.transforms.injury_reports import known_reports

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

REPORT, CONTEXT, SAID = "nbac_injury_report", "upcoming_player_game_context", "player_points_predictions"
FIXED = ("stage_models", "points_model", "prediction_grades", "model_performance_daily")
"""Tables of Phase 5 that one game's report does not feed, or that are of what was really said."""
SAME_REPORT = "the latest report that was known"
NO_REPORT = "no report of the game was known: one that lists nobody stands for it, before and after"
NOT_SUBMITTED = "the team had not submitted its report: one that lists nobody stands for it, before and after"

Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class WhatIf:
    """A game's rows by the serving model as things are and as they would be, by `player_id`, with names and teams.

    `basis`: what report both start from. `people`: GAME, player_id, player_name, team, decision_at of everybody.
    """

    game_date: dt.date
    people: pd.DataFrame
    before: pd.DataFrame
    after: pd.DataFrame
    basis: str


@dataclass(frozen=True)
class _Game:
    """One game's people, and what the tables that its rows are made from hold, read once."""

    platform: Platform
    day: dt.date
    game_id: str
    people: pd.DataFrame
    read: Frames = field(default_factory=dict)

    def inputs(self, contract: Table, built: Mapping[str, pd.DataFrame]) -> Frames:
        """A table's inputs, with the game's rows of `built` in the place of those that are stored."""
        found = {}
        for entry in contract.inputs:
            key = f"{contract.name} {entry.table}"
            if key not in self.read:
                history = tables()[entry.table].versioning is Versioning.CLOSED
                self.read[key] = self.platform.warehouse.read(
                    entry.table, dates=input_dates(entry, self.day), columns=entry.columns or None, history=history
                )
            rows = self.read[key]
            own = built.get(entry.table)
            if own is not None and entry.role is not Role.HISTORY:
                mine = (rows["game_date"] == pd.Timestamp(self.day)) & (rows["game_id"] == self.game_id)
                rows = pd.concat([rows[~mine], own[list(rows.columns)]], ignore_index=True)
            found[entry.table] = rows
        return found


def people_of(platform: Platform, game_id: str) -> pd.DataFrame:
    """Everybody of the game's two teams: game_date, game_id, player_id, player_name, team, decision_at.

    Raises `UsageError` for a game without any, with the nearest ids of the newest dates.
    """
    columns = ["game_date", "game_id", "player_id", "player_name", "team", "decision_at"]
    days = [dt.date.fromisoformat(day) for day in platform.warehouse.versions(CONTEXT)]
    if not days:
        raise PlatformError("no game is known yet", "nba-assets ingest, or nba-assets demo first")
    rows = platform.warehouse.read(CONTEXT, columns=columns, scope=Scope(games=frozenset({game_id})))
    if rows.empty:
        newest = platform.warehouse.read(CONTEXT, dates=(days[-min(len(days), 3)], days[-1]), columns=["game_id"])
        near = [name for name, *_ in process.extract(game_id, sorted(set(newest["game_id"])), limit=3)]
        raise UsageError(
            f"no game {game_id!r} with players is known", f"nearest of the newest dates: {', '.join(near)}"
        )
    own: pd.DataFrame = rows[rows["game_date"] == rows["game_date"].max()].reset_index(drop=True)
    return own


def what_if(platform: Platform, people: pd.DataFrame, out: Collection[str]) -> WhatIf:
    """The game of the `people` with those players out. Reads only: every table is as it was.

    The report is the latest known at the decision, with these players as out in it; all tables of the date that are
    made from reports are rebuilt for the game, by the builders of their steps, with the model that serves. The books'
    lines stay: what the market would make of the news is not in it.
    """
    day, game_id = people["game_date"].iloc[0].date(), str(people["game_id"].iloc[0])
    game = _Game(platform, day, game_id, people)
    stored = platform.warehouse.read(REPORT, dates=(day, day), scope=Scope(games=frozenset({game_id})))
    now, basis = _basis(people, stored, out)
    sides = [_predicted(game, report) for report in (now, _with_out(people, now, out))]
    return WhatIf(day, people, sides[0], sides[1], basis)


def _basis(people: pd.DataFrame, stored: pd.DataFrame, out: Collection[str]) -> tuple[pd.DataFrame, str]:
    """The game's report rows in which somebody can be out, and which those are."""
    decided = people[["game_date", "game_id", "decision_at"]].drop_duplicates()
    known = known_reports(decided, stored)
    at = known["report_at"].max() if len(known) else pd.NaT
    if pd.isna(at):
        return _rows(people, people["decision_at"].iloc[0], []), NO_REPORT
    latest = stored["report_at"] == at
    teams = people.loc[people["player_id"].isin(list(out)), "team"]
    withheld = latest & (stored["row_kind"] == "not_submitted") & stored["team_tricode"].isin(teams)
    if not withheld.any():
        return stored, SAME_REPORT
    marked = stored.assign(row_kind=stored["row_kind"].mask(withheld, "nothing_to_report"))
    return marked, NOT_SUBMITTED


def _with_out(people: pd.DataFrame, report: pd.DataFrame, out: Collection[str]) -> pd.DataFrame:
    """The rows with those players out in the latest report that is known at the decision."""
    decided = people["decision_at"].iloc[0]
    at = report.loc[report["known_at"] <= decided, "report_at"].max()
    there = (report["report_at"] == at) & report["player_id"].isin(list(out)) & (report["known_at"] <= decided)
    already = report.loc[there & (report["injury_status"] == "out"), "player_id"]
    fresh = [player for player in out if player not in set(already)]
    kept = report[~(there & report["player_id"].isin(fresh))]
    added = _rows(people, at, fresh)[lambda rows: rows["row_kind"] == "player"]
    known = report.loc[(report["report_at"] == at) & (report["known_at"] <= decided), "known_at"].max()
    both = pd.concat([kept, added.assign(known_at=known)], ignore_index=True) if len(added) else kept
    return conform(both, tables()[REPORT])


def _rows(people: pd.DataFrame, at: pd.Timestamp, out: Collection[str]) -> pd.DataFrame:
    """A report of a time: both teams have nothing to report, but for the players who are out."""
    common = {"game_date": people["game_date"].iloc[0], "game_id": people["game_id"].iloc[0], "report_at": at}
    common |= {"known_at": at, "known_at_assumed": False, "source_path": "what if", "source_hash": "what if"}
    teams = sorted(people["team"].unique())
    other = dict(zip(teams, reversed(teams), strict=True))
    rows = [{"row_kind": "nothing_to_report", "player_key": f"team:{team}", "team_tricode": team} for team in teams]
    men = people[people["player_id"].isin(list(out))]
    rows += [
        {"row_kind": "player", "player_key": man.player_id, "player_id": man.player_id, "injury_status": "out"}
        | {"player_name": man.player_name, "team_tricode": man.team, "resolution": "exact"}
        for man in men.itertuples()
    ]
    made = [common | row | {"opponent_tricode": other[str(row["team_tricode"])], "is_home": False} for row in rows]
    return conform(pd.DataFrame(made), tables()[REPORT])


def _predicted(game: _Game, report: pd.DataFrame) -> pd.DataFrame:
    """The serving model's predictions of the game with this report, by player_id."""
    built: Frames = {REPORT: report}
    for name in build_order():
        contract = tables()[name]
        fed = any(entry.table in built and entry.role is not Role.HISTORY for entry in contract.inputs)
        if fed and name not in FIXED and contract.dataset != "nba_raw":
            scope = Scope(games=frozenset({game.game_id}))
            frame = build_table(contract, game.inputs(contract, built), [pd.Timestamp(game.day)], scope, []).frame
            built[name] = conform(frame, contract)
    said = built.get(SAID)
    if said is None or said.empty:
        raise PlatformError(
            f"nothing is predicted for game {game.game_id} of {game.day}",
            f"nba-assets status --date {game.day} says which table waits for what",
        )
    return said[said["role"] == "serving"].set_index("player_id")
