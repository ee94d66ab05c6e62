"""A game, stretch by stretch: three quarters, the fourth, overtimes until somebody leads.

Every count is drawn so that the box score's identities hold by construction.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from nba_assets.simulator import rotation
from nba_assets.simulator.draws import Floats, Ints, spread, whole
from nba_assets.simulator.roster import Talent

QUARTER, OVERTIME, REGULATION = 720, 300, 2880
COUNTS = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "reb", "ast", "stl", "blk", "tov", "pf", "pts")
TURNOVERS = 0.132
"""Players' turnovers a possession."""
FREE_THROW_PAIRS, FREE_THROW_SINGLES = 0.098, 0.018
"""Trips to the line a possession."""
TRIP_POSSESSIONS = 0.44
"""Possessions that a free throw stands for."""
OFFENSIVE_REBOUNDS, TEAM_REBOUNDS = 0.24, 0.08
"""Shares of the misses."""
SECOND_CHANCES = 0.125
"""Further shots a possession."""
ASSISTED, STOLEN, BLOCKED, OTHER_FOULS = 0.63, 0.60, 0.10, 0.10
TEAM_TURNOVERS = (8, 0.095)
"""The team's own turnovers (24 seconds, 8 seconds) are binomial."""
HOME, TIRED = 0.014, 0.008
"""What home and the second night in a row change in both teams' shots' chances."""
COMEBACK, FAR_AHEAD = 0.0038, 30
"""By how much a lead of one point lowers the leader's and raises the other's chances in the fourth quarter, and the
lead beyond which it does no more."""
HOT_HAND = 20.0
"""Shape of a night's shot share: its coefficient of variation is one over the root of it."""
PLUS_MINUS_NOISE = 9.0
FOULED_OUT = 6


@dataclass(frozen=True)
class Side:
    """A team going into a game. `efficiency`: factor on its shots' chances against this opponent."""

    rotation: rotation.Rotation
    usage: Floats
    efficiency: float


@dataclass(frozen=True)
class TeamResult:
    """A team's box score: one entry a man of its rotation, in that order; `periods`: points by period."""

    counts: dict[str, Ints]
    seconds: Ints
    plus_minus: Ints
    periods: tuple[int, ...]
    team_turnovers: int

    @property
    def points(self) -> int:
        return sum(self.periods)


@dataclass
class _Tally:
    """A team's game so far. `night`: weights of its minutes; `hand`: of its shots a second on the floor."""

    side: Side
    night: Floats
    hand: Floats
    counts: list[dict[str, Ints]] = field(default_factory=list)
    seconds: list[Ints] = field(default_factory=list)
    periods: list[int] = field(default_factory=list)


def play(
    rng: np.random.Generator, talent: Talent, sides: tuple[Side, Side], pace: float
) -> tuple[TeamResult, TeamResult]:
    """Play a game of (home, away). `pace`: possessions a team and regulation."""
    nights = [rotation.night(rng, side.rotation.plan) for side in sides]
    hands = [side.usage * rng.gamma(HOT_HAND, 1 / HOT_HAND, len(side.usage)) for side in sides]
    home, away = (_Tally(side, night, hand) for side, night, hand in zip(sides, nights, hands, strict=True))
    tonight = pace + 2.5 * float(rng.standard_normal())
    _stretch(rng, talent, home, away, "regulation", 3 * QUARTER, tonight)
    _stretch(rng, talent, home, away, "fourth", QUARTER, tonight)
    while sum(home.periods) == sum(away.periods):
        _stretch(rng, talent, home, away, "overtime", OVERTIME, tonight)
    margin = sum(home.periods) - sum(away.periods)
    return _result(rng, home, margin), _result(rng, away, -margin)


def _stretch(
    rng: np.random.Generator, talent: Talent, home: _Tally, away: _Tally, kind: str, length: int, pace: float
) -> None:
    """Play `length` seconds: first what each team does with the ball, then what the other makes of it."""
    margin = sum(home.periods) - sum(away.periods)
    count = max(round(pace * length / REGULATION), 4)
    sides = (_eased(home.side, margin), _eased(away.side, -margin))
    seconds = [rotation.seconds(tally.night, length, margin, kind) for tally in (home, away)]
    lines = [
        _offense(rng, talent, side, time * tally.hand, count)
        for side, time, tally in zip(sides, seconds, (home, away), strict=True)
    ]
    for n in range(2):
        _assists_and_fouls(rng, talent, sides[n], lines[n], seconds[n], count)
    for n, m in ((0, 1), (1, 0)):
        _defense(rng, talent, sides[m], seconds[m], lines[m], lines[n])
        own, other = talent.oreb[sides[n].rotation.men], talent.dreb[sides[m].rotation.men]
        _rebounds(rng, lines[n], lines[m], own * seconds[n], other * seconds[m])
    for tally, line, time in zip((home, away), lines, seconds, strict=True):
        line["reb"] = line["oreb"] + line["dreb"]
        tally.counts.append(line)
        tally.seconds.append(time)
        scored = int(line["pts"].sum())
        tally.periods += _thirds(rng, scored) if kind == "regulation" else [scored]


def _eased(side: Side, lead: int) -> Side:
    """The side as it plays with a lead: who is ahead eases off, who is behind does not."""
    counted = min(max(lead, -FAR_AHEAD), FAR_AHEAD)
    return replace(side, efficiency=side.efficiency - COMEBACK * counted)


def _offense(rng: np.random.Generator, talent: Talent, side: Side, touches: Floats, count: int) -> dict[str, Ints]:
    """Shots, free throws and turnovers of a team with `count` possessions."""
    men = side.rotation.men
    lost = int(rng.binomial(count, TURNOVERS))
    pairs, singles = int(rng.binomial(count, FREE_THROW_PAIRS)), int(rng.binomial(count, FREE_THROW_SINGLES))
    again = int(rng.binomial(count, SECOND_CHANCES))
    shots = max(count - lost - round(TRIP_POSSESSIONS * (2 * pairs + singles)) + again, 1)
    drawn = touches * talent.ft_draw[men] / talent.usage[men]
    fga = spread(rng, shots, touches)
    fg3a = rng.binomial(fga, talent.three_share[men])
    fg3m = rng.binomial(fg3a, talent.three_pct[men] * side.efficiency)
    fg2m = rng.binomial(fga - fg3a, talent.two_pct[men] * side.efficiency)
    fta = 2 * spread(rng, pairs, drawn) + spread(rng, singles, drawn)
    ftm = rng.binomial(fta, talent.ft_pct[men])
    return {
        "fgm": fg2m + fg3m,
        "fga": fga,
        "fg3m": fg3m,
        "fg3a": fg3a,
        "ftm": ftm,
        "fta": fta,
        "tov": spread(rng, lost, touches * talent.tov[men] / talent.usage[men]),
        "pts": 2 * fg2m + 3 * fg3m + ftm,
    }


def _assists_and_fouls(
    rng: np.random.Generator, talent: Talent, side: Side, line: dict[str, Ints], time: Ints, count: int
) -> None:
    men = side.rotation.men
    line["ast"] = spread(rng, int(rng.binomial(int(line["fgm"].sum()), ASSISTED)), talent.ast[men] * time)
    fouls = int(rng.binomial(count, FREE_THROW_PAIRS + OTHER_FOULS))
    line["pf"] = spread(rng, fouls, talent.pf[men] * time)


def _defense(
    rng: np.random.Generator, talent: Talent, side: Side, time: Ints, line: dict[str, Ints], theirs: dict[str, Ints]
) -> None:
    """Steals and blocks: never more than the opponent's turnovers and misses."""
    men = side.rotation.men
    missed = int((theirs["fga"] - theirs["fgm"]).sum())
    line["stl"] = spread(rng, int(rng.binomial(int(theirs["tov"].sum()), STOLEN)), talent.stl[men] * time)
    line["blk"] = spread(rng, int(rng.binomial(missed, BLOCKED)), talent.blk[men] * time)


def _rebounds(
    rng: np.random.Generator, line: dict[str, Ints], theirs: dict[str, Ints], own: Floats, other: Floats
) -> None:
    """Who gets the ball after a team's misses: its own men, the opponent's, or nobody (a team rebound)."""
    loose = int((line["fga"] - line["fgm"]).sum()) + round(TRIP_POSSESSIONS * int((line["fta"] - line["ftm"]).sum()))
    offensive = int(rng.binomial(loose, OFFENSIVE_REBOUNDS))
    nobody = int(rng.binomial(loose - offensive, TEAM_REBOUNDS))
    line["oreb"] = spread(rng, offensive, own)
    theirs["dreb"] = spread(rng, loose - offensive - nobody, other)


def _thirds(rng: np.random.Generator, points: int) -> list[int]:
    return [int(n) for n in rng.multinomial(points, [1 / 3, 1 / 3, 1 / 3])]


def _result(rng: np.random.Generator, tally: _Tally, margin: int) -> TeamResult:
    counts = {name: _sum([stretch[name] for stretch in tally.counts]) for name in COUNTS}
    counts["pf"] = np.minimum(counts["pf"], FOULED_OUT)
    seconds = _sum(tally.seconds)
    return TeamResult(
        counts=counts,
        seconds=seconds,
        plus_minus=_plus_minus(rng, seconds, margin),
        periods=tuple(tally.periods),
        team_turnovers=int(rng.binomial(*TEAM_TURNOVERS)),
    )


def _sum(parts: list[Ints]) -> Ints:
    total: Ints = np.stack(parts).sum(axis=0)
    return total


def _plus_minus(rng: np.random.Generator, seconds: Ints, margin: int) -> Ints:
    """Each man's margin on the floor: they sum to five times the game's; the whole game's is the game's own."""
    played = seconds / (int(seconds.sum()) / rotation.ON_COURT)
    doubt = played * (1 - played)
    drawn = margin * played + PLUS_MINUS_NOISE * np.sqrt(doubt) * rng.standard_normal(len(seconds))
    drawn += doubt * ((rotation.ON_COURT * margin - drawn.sum()) / doubt.sum())
    return whole(drawn, rotation.ON_COURT * margin)


def expected_points(talent: Talent, side: Side, pace: float) -> Floats:
    """Expected points of each man of the side's rotation, before a game: the mean of what `play` draws."""
    men = side.rotation.men
    touches = side.rotation.plan * side.usage
    trips = 2 * FREE_THROW_PAIRS + FREE_THROW_SINGLES
    shots = pace * (1 - TURNOVERS - TRIP_POSSESSIONS * trips + SECOND_CHANCES)
    threes = talent.three_share[men]
    a_shot = 2 * (1 - threes) * talent.two_pct[men] + 3 * threes * talent.three_pct[men]
    drawn = touches * talent.ft_draw[men] / talent.usage[men]
    from_field = shots * touches / touches.sum() * a_shot * side.efficiency
    from_line = pace * trips * drawn / drawn.sum() * talent.ft_pct[men]
    expected: Floats = from_field + from_line
    return expected
