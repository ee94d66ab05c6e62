"""Rules between the events of a BigDataBall game, and what its events tell about the game."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from nba_assets.sources.cells import Cells
from nba_assets.sources.event_names import AWAY, BETWEEN, HOME
from nba_assets.sources.game_clock import REGULATION

SHOT, PERIOD_END = "shot", "end of period"
ON_COURT = 10
Columns = dict[str, Sequence[Any]]


def breaches(columns: Columns, cells: Cells) -> None:
    """Reject events out of order, rows without ten men, a falling score, shots and points that do not add up.

    The first of these rules that is broken is told; what follows from it is not.
    """
    for rule in (_order, _court, _score, _shots, _points):
        rule(columns, cells)
        if cells.rejects:
            return


def sides_of(columns: Columns, cells: Cells) -> tuple[str | None, str | None]:
    """(away, home): the teams whose men on the court shoot; None as long as one has not.

    Events of other teams, or of one team on both sides, are rejected.
    """
    found: dict[str, set[str]] = {AWAY: set(), HOME: set()}
    shots = (columns[c] for c in ("event_type", "team_tricode", "player_name", AWAY, HOME))
    for type_, team, name, away, home in set(zip(*shots, strict=True)):
        if type_ == SHOT and team and name:
            for side, five in ((AWAY, away), (HOME, home)):
                if name in five.split(BETWEEN):
                    found[side].add(team)
    teams = {team for team in columns["team_tricode"] if team}
    if len(teams) > 2 or any(len(side) > 1 for side in found.values()) or found[AWAY] & found[HOME]:
        told = "; ".join(f"{side}: {', '.join(sorted(of)) or 'none'}" for side, of in found.items())
        message = f"not two teams, each on its side: {', '.join(sorted(teams))} ({told})"
        cells.reject(0, "team", "teams", message)
        return None, None
    away, home = (min(found[side], default=None) for side in (AWAY, HOME))
    return away, home


def is_over(columns: Columns) -> bool:
    """Whether the last period (the fourth or a later one) has ended with a winner."""
    last = max(columns["period"], default=0)
    ended = (last, PERIOD_END) in zip(columns["period"], columns["event_type"], strict=True)
    return last >= REGULATION and ended and columns["score_home"][-1] != columns["score_away"][-1]


def _order(columns: Columns, cells: Cells) -> None:
    for row, (before, number) in enumerate(pairwise(columns["order_number"]), start=1):
        if number <= before:
            cells.reject(row, "play_id", "order", f"play_id {number} after {before}")
            return


def _court(columns: Columns, cells: Cells) -> None:
    fives = list(zip(columns[AWAY], columns[HOME], strict=True))
    for away, home in dict.fromkeys(fives):
        names = {name for name in (*away.split(BETWEEN), *home.split(BETWEEN)) if name}
        if len(names) != ON_COURT:
            message = f"{len(names)} men on the court, not {ON_COURT}: {away} against {home}"
            cells.reject(fives.index((away, home)), "a1", "court", message)


def _score(columns: Columns, cells: Cells) -> None:
    for side in ("away", "home"):
        for row, (before, score) in enumerate(pairwise(columns[f"score_{side}"]), start=1):
            if score < before:
                cells.reject(row, f"{side}_score", "score", f"the {side} score falls from {before} to {score}")


def _shots(columns: Columns, cells: Cells) -> None:
    """A shot says whether it went in, and gives what it is worth."""
    shots = zip(*(columns[c] for c in ("shot_value", "is_made", "pts", "event_type")), strict=True)
    for row, (value, is_made, points, type_) in enumerate(shots):
        if value is None:
            continue
        if is_made is None:
            cells.reject(row, "result", "shot", f"a {type_} neither made nor missed")
        elif points != (value if is_made else 0):
            result = "made" if is_made else "missed"
            cells.reject(row, "points", "shot", f"{points} points for a {result} {type_} worth {value}")


def _points(columns: Columns, cells: Cells) -> None:
    """The points of each team add up to its score."""
    points: dict[str, int] = {}
    for team, pts in zip(columns["team_tricode"], columns["pts"], strict=True):
        if pts:
            points[team or "no team"] = points.get(team or "no team", 0) + pts
    last = len(cells) - 1
    final = sorted((columns["score_away"][last], columns["score_home"][last]))
    if sorted([*points.values(), *[0] * (2 - len(points))]) != final:
        told = ", ".join(f"{team} {total}" for team, total in sorted(points.items())) or "nothing"
        cells.reject(last, "points", "points", f"points give {told}, but the last score is {final[0]} to {final[1]}")
