"""The box score rules B1, B2, B4, B6, B8, B9, B10, over all games of a drop at once.

B3 (players' points against the schedule's score) is a game's readiness, not a parser's business; B5 and B7 are broken
by good games and are no gate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nba_assets.sources.parsed import Reject

STATS = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "reb", "ast", "stl", "blk", "tov", "pf", "pts")
INDEX = {name: position for position, name in enumerate(STATS)}
TEAM_LINE = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "ast", "stl", "blk", "pf", "pts")
"""What players' sums and the team line share (B4); rebounds and turnovers have the team's own."""
REGULATION = 48 * 60
OVERTIME = 5 * 60
ON_COURT = 5
TOLERANCE = {"second": 90, "minute": 300}
"""Seconds by which a team's time may be off (B6)."""
MEN = (5, 15)

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Game:
    """What is known of a game beside its lines: `overtimes` None if the source does not say."""

    overtimes: int | None = None
    is_final: bool = True
    is_regular: bool = True
    """Played by the usual clock (all but All-Star games)."""


@dataclass(frozen=True)
class Lines:
    """Lines of men who played, or of teams: `stats` is rows x `STATS`; `keys` tells a game's men apart."""

    games: Sequence[str]
    teams: Sequence[str]
    names: Sequence[str]
    keys: Sequence[Any]
    stats: Ints
    seconds: Ints
    place: Callable[[int], str]

    def column(self, name: str) -> Ints:
        """One stat of all lines."""
        return self.stats[:, INDEX[name]]


def as_array(columns: Mapping[str, Sequence[int]]) -> Ints:
    """Rows x `STATS` of columns by their names."""
    return np.array([columns[name] for name in STATS], dtype=np.int64).reshape(len(STATS), -1).T


def line_breaches(lines: Lines) -> list[Reject]:
    """B1 and B2, line by line."""
    if not len(lines.games):
        return []
    fgm, fga, fg3m, fg3a = (lines.column(name) for name in ("fgm", "fga", "fg3m", "fg3a"))
    ftm, fta, pts = (lines.column(name) for name in ("ftm", "fta", "pts"))
    oreb, dreb, reb = (lines.column(name) for name in ("oreb", "dreb", "reb"))
    made = 2 * (fgm - fg3m) + 3 * fg3m + ftm
    found = []
    for row in np.flatnonzero(made != pts):
        message = f"2*({fgm[row]}-{fg3m[row]}) + 3*{fg3m[row]} + {ftm[row]} = {made[row]}, but pts is {pts[row]}"
        found.append(_reject(lines, int(row), "B1", message))
    rules = (
        (oreb + dreb != reb, "oreb + dreb is not reb"),
        (fgm > fga, "fgm above fga"),
        (fg3m > fg3a, "fg3m above fg3a"),
        (ftm > fta, "ftm above fta"),
        (fg3m > fgm, "fg3m above fgm"),
        (fg3a > fga, "fg3a above fga"),
        ((lines.stats < 0).any(axis=1), "a count below zero"),
    )
    for broken, message in rules:
        found += [_reject(lines, int(row), "B2", message) for row in np.flatnonzero(broken)]
    return found


def game_breaches(lines: Lines, games: Mapping[str, Game]) -> list[Reject]:
    """B6, B9 and B10 of players' lines: team time, men with minutes, each man once, nobody longer than the game."""
    if not len(lines.games):
        return []
    found = _repeated(lines)
    teams: dict[tuple[str, str], int] = {}
    code = np.array(
        [teams.setdefault(pair, len(teams)) for pair in zip(lines.games, lines.teams, strict=True)], dtype=np.int64
    )
    time = np.bincount(code, weights=lines.seconds).astype(np.int64)
    men = np.bincount(code, weights=lines.seconds > 0).astype(np.int64)
    longest = np.zeros(len(teams), dtype=np.int64)
    np.maximum.at(longest, code, lines.seconds)
    exact: set[str] = {lines.games[int(row)] for row in np.flatnonzero(lines.seconds % 60)}
    overtimes: dict[str, int] = {}
    for (label, team), number in teams.items():
        game = games[label]
        if not (game.is_final and game.is_regular):
            continue
        precision = "second" if label in exact else "minute"
        played = (
            game.overtimes if game.overtimes is not None else overtimes.setdefault(label, nearest(int(time[number])))
        )
        found += _team_breaches(label, team, int(time[number]), int(men[number]), precision, played)
        if longest[number] > REGULATION + OVERTIME * played + (60 if precision == "minute" else 0):
            message = f"{team}: {longest[number]} seconds of one man in a game with {played} overtimes"
            found.append(Reject(_of_team(team), "B10", message, game=label))
    return found


def nearest(team_seconds: int) -> int:
    """Overtimes by a team's time."""
    return max(0, round((team_seconds - ON_COURT * REGULATION) / (ON_COURT * OVERTIME)))


def off_time(team_seconds: int, overtimes: int, precision: str) -> bool:
    """B6: whether a team's time is not that of a game with so many overtimes."""
    expected = ON_COURT * (REGULATION + OVERTIME * overtimes)
    return abs(team_seconds - expected) > TOLERANCE[precision]


def sum_breaches(players: Lines, teams: Lines) -> list[Reject]:
    """B4: players' sums against the team lines."""
    found = []
    for row, (label, team) in enumerate(zip(teams.games, teams.teams, strict=True)):
        own = [n for n, pair in enumerate(zip(players.games, players.teams, strict=True)) if pair == (label, team)]
        if not own:
            continue
        sums = players.stats[own].sum(axis=0)
        for name in TEAM_LINE:
            if sums[INDEX[name]] != teams.stats[row, INDEX[name]]:
                message = (
                    f"players' {name} add up to {sums[INDEX[name]]}, the team's is {teams.stats[row, INDEX[name]]}"
                )
                found.append(_reject(teams, row, "B4", message))
    return found


def _team_breaches(label: str, team: str, time: int, men: int, precision: str, overtimes: int) -> list[Reject]:
    found = []
    if off_time(time, overtimes, precision):
        expected = ON_COURT * (REGULATION + OVERTIME * overtimes)
        message = f"{team}: the men's time adds up to {time} seconds, a game with {overtimes} overtimes has {expected}"
        found.append(Reject(_of_team(team), "B6", message, game=label))
    if not MEN[0] <= men <= MEN[1]:
        message = f"{team}: {men} men with minutes, not {MEN[0]} to {MEN[1]}"
        found.append(Reject(_of_team(team), "B9", message, game=label))
    return found


def _repeated(lines: Lines) -> list[Reject]:
    """B9: men who stand more than once in a game."""
    found = []
    seen: set[tuple[str, Any]] = set()
    for row, pair in enumerate(zip(lines.games, lines.keys, strict=True)):
        if pair in seen:
            found.append(_reject(lines, row, "B9", "he stands more than once in the game"))
        seen.add(pair)
    return found


def _of_team(team: str) -> str:
    return f"team {team}"


def _reject(lines: Lines, row: int, rule: str, message: str) -> Reject:
    return Reject(lines.place(row), rule, f"{lines.names[row]}: {message}", game=lines.games[row])
