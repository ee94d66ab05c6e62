"""A box score's team lines and its men, whatever form they came in; the rules that hold between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nba_assets.sources.box_rules import (
    STATS,
    Game,
    Lines,
    as_array,
    game_breaches,
    line_breaches,
    nearest,
    off_time,
    sum_breaches,
)
from nba_assets.sources.league_ids import is_all_star
from nba_assets.sources.parsed import Parsed, Reject
from nba_assets.sources.settle import Unit, settled

SOURCE = "nbac_team_boxscore"
STARTERS = 5


@dataclass(frozen=True)
class TeamLines:
    """The two team lines of a game."""

    teams: Sequence[str]
    team_ids: Sequence[int]
    stats: dict[str, Sequence[Any]]
    plus_minus: Sequence[int | None]
    seconds: Sequence[int]
    place: Callable[[int], str]


@dataclass(frozen=True)
class Men:
    """Everyone whom a box score lists; `stats` and `seconds` are null for those who did not play.

    A man without an id counts, and identifies nobody.
    """

    teams: Sequence[str]
    ids: Sequence[int | None]
    names: Sequence[str]
    starters: Sequence[bool]
    stats: dict[str, Sequence[Any]]
    seconds: Sequence[int | None]
    place: Callable[[int], str]


def box_score(game_id: str, unit: Unit, teams: TeamLines, men: Men) -> Parsed:
    """The parsed box score of one game, with everyone it identifies."""
    rejects = [*_breaches(game_id, teams, men), *_starter_breaches(game_id, men)]
    two = list(teams.teams)
    if len(two) != 2 or two[0] == two[1] or not set(men.teams) <= set(two):
        message = f"not the lines of two teams and their men: {', '.join(two) or 'none'}"
        return settled({}, [], {game_id: unit}, [Reject(teams.place(0), "teams", message, game=game_id)])
    columns: dict[str, Sequence[Any]] = {
        "game_date": [unit.game_date] * 2,
        "game_id": [game_id] * 2,
        "away_tricode": [unit.away_tricode] * 2,
        "home_tricode": [unit.home_tricode] * 2,
        "team_id": teams.team_ids,
        "team_tricode": teams.teams,
        "opponent_tricode": two[::-1],
        "is_home": [None if unit.home_tricode is None else team == unit.home_tricode for team in two],
        "team_seconds": [float(time) for time in teams.seconds],
        **teams.stats,
        "plus_minus": teams.plus_minus,
        "ot_periods": [nearest(time) for time in teams.seconds],
        "starter_ids": [_starter_ids(men, team) for team in two],
        "tov_includes_team": [False] * 2,
    }
    known = [row for row, player in enumerate(men.ids) if player is not None]
    size = len(known)
    identities: dict[str, Sequence[Any]] = {
        "game_date": [unit.game_date] * size,
        "player_id": [str(men.ids[row]) for row in known],
        "player_name": [men.names[row] for row in known],
        "team_tricode": [men.teams[row] for row in known],
        "game_id": [game_id] * size,
        "source": [SOURCE] * size,
    }
    labels = [game_id] * 2
    return settled(columns, labels, {game_id: unit}, rejects, identities=(identities, [game_id] * size))


def team_line_breaches(game_ids: Sequence[str], teams: TeamLines) -> list[Reject]:
    """B1, B2 and B6 of team lines."""
    lines = _lines_of(game_ids, teams)
    found = line_breaches(lines)
    for row, (game_id, time) in enumerate(zip(game_ids, teams.seconds, strict=True)):
        if not is_all_star(game_id) and off_time(time, nearest(time), "minute"):
            message = f"{teams.teams[row]}: {time} seconds are not 240 minutes and 25 for each overtime"
            found.append(Reject(teams.place(row), "B6", message, game=game_id))
    return found


def _breaches(game_id: str, teams: TeamLines, men: Men) -> list[Reject]:
    played = [row for row, time in enumerate(men.seconds) if time is not None]
    lines = Lines(
        games=[game_id] * len(played),
        teams=[men.teams[row] for row in played],
        names=[men.names[row] for row in played],
        keys=[men.ids[row] or men.names[row] for row in played],
        stats=as_array({name: [men.stats[name][row] for row in played] for name in STATS}),
        seconds=np.array([men.seconds[row] for row in played], dtype=np.int64),
        place=lambda row: men.place(played[row]),
    )
    overtimes = {nearest(time) for time in teams.seconds}
    game = Game(overtimes=max(overtimes, default=None), is_regular=not is_all_star(game_id))
    found = [*line_breaches(lines), *game_breaches(lines, {game_id: game})]
    ids = [game_id] * len(teams.teams)
    found += [*team_line_breaches(ids, teams), *sum_breaches(lines, _lines_of(ids, teams))]
    if len(overtimes) > 1:
        found.append(Reject(teams.place(0), "B6", "the two teams' times are not of the same game", game=game_id))
    return [*found, *_repeated_on_the_bench(game_id, men)]


def _repeated_on_the_bench(game_id: str, men: Men) -> list[Reject]:
    """B9 for those who did not play."""
    seen = {player for player, time in zip(men.ids, men.seconds, strict=True) if time is not None}
    found = []
    for row, player in enumerate(men.ids):
        if men.seconds[row] is None and player is not None:
            if player in seen:
                message = f"{men.names[row]}: he stands more than once in the game"
                found.append(Reject(men.place(row), "B9", message, game=game_id))
            seen.add(player)
    return found


def _starter_breaches(game_id: str, men: Men) -> list[Reject]:
    if not any(men.starters) or is_all_star(game_id):
        return []
    counts = dict.fromkeys(men.teams, 0)
    for team, starter in zip(men.teams, men.starters, strict=True):
        counts[team] += starter
    return [
        Reject(f"team {team}", "B9", f"{team}: {count} starters, not {STARTERS}", game=game_id)
        for team, count in counts.items()
        if count != STARTERS
    ]


def _starter_ids(men: Men, team: str) -> str | None:
    rows = zip(men.ids, men.teams, men.starters, strict=True)
    found = [player for player, of, starter in rows if starter and of == team]
    if not found or None in found:
        return None
    return ",".join(str(player) for player in sorted(filter(None, found)))


def _lines_of(game_ids: Sequence[str], teams: TeamLines) -> Lines:
    return Lines(
        games=game_ids,
        teams=teams.teams,
        names=teams.teams,
        keys=teams.teams,
        stats=as_array(teams.stats),
        seconds=np.array(teams.seconds, dtype=np.int64),
        place=teams.place,
    )
