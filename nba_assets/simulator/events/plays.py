"""What a team does with the ball, play by play, so that its men's counts are those of the box score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nba_assets.simulator.events.dealing import NOBODY
from nba_assets.simulator.events.dice import Dice

Counts = Sequence[Mapping[str, int]]
"""A team's box score: one line a man of its rotation."""
FOULED_OUT = 6
THREE_SHOTS = 0.15
"""Share of the odd numbers of free throws of which three come from one foul."""
OFFENSIVE_FOULS = (0.2, 0.4, 0.25, 0.15)
"""Chances of 0, 1, 2, 3 a team."""
TEAM_OFFENSIVE = 0.6
"""Share of the rebounds of nobody that the shooting team gets, if nothing else decides."""


@dataclass(eq=False)
class Play:
    """A shot, a trip to the line, a turnover, or a held ball; a trip may follow a made shot.

    `man`, `assist` and whoever else: places in the own or the other team's rotation, or `NOBODY` (the team itself).
    `goes_on`: the team has the ball again after the miss.
    """

    kind: str
    man: int
    value: int = 0
    made: bool = False
    throws: tuple[bool, ...] = ()
    goes_on: bool = False
    offensive_foul: bool = False
    assist: int = NOBODY
    block: int = NOBODY
    steal: int = NOBODY
    fouler: int = NOBODY
    rebounder: int = NOBODY

    @property
    def points(self) -> int:
        return self.value * self.made + sum(self.throws)

    @property
    def missed(self) -> bool:
        """Whether there is a rebound after it."""
        return not self.throws[-1] if self.throws else self.kind == "shot" and not self.made


@dataclass
class Offense:
    """A team's plays, its technical free throws (man, made), and the fouls by which its men lost the ball."""

    plays: list[Play]
    technicals: list[tuple[int, bool]]
    offensive_fouls: list[int]
    team_offensive_spare: int = 0
    """Rebounds of nobody that may still be the shooting team's."""
    fouls_left: list[int] = field(default_factory=list)
    """By man: fouls on defense."""

    @property
    def ends(self) -> int:
        """How often the other team gets the ball."""
        return sum(not play.goes_on for play in self.plays)


def offenses(dice: Dice, boxes: tuple[Counts, Counts], team_turnovers: tuple[int, int]) -> tuple[Offense, Offense]:
    """The plays of (home, away), so many of each that both have the ball about equally often."""
    found = []
    for box, other_box, lost in zip(boxes, boxes[::-1], team_turnovers, strict=True):
        technicals: list[tuple[int, bool]] = []
        plays = _shots_and_trips(dice, box, technicals)
        _within_the_fouls(plays, technicals, _early_fouls(other_box))
        offensive = _turnovers(dice, box, other_box, plays)
        plays += [Play("turnover", NOBODY) for _ in range(lost)]
        found.append(Offense(plays, technicals, offensive))
    home, away = found
    for own, box, other_box, other in ((home, *boxes, away), (away, *boxes[::-1], home)):
        _limit_offensive_fouls(own, box, other)
        _rebounds(dice, own, box, other_box)
    return home, away


def _shots_and_trips(dice: Dice, box: Counts, technicals: list[tuple[int, bool]]) -> list[Play]:
    plays = []
    for man, line in enumerate(box):
        twos, threes = line["fgm"] - line["fg3m"], line["fg3m"]
        missed_threes = line["fg3a"] - threes
        missed_twos = line["fga"] - line["fg3a"] - twos
        made = [Play("shot", man, 2, made=True) for _ in range(twos)]
        made += [Play("shot", man, 3, made=True) for _ in range(threes)]
        throws = dice.shuffled([True] * line["ftm"] + [False] * (line["fta"] - line["ftm"]))
        if len(throws) % 2:
            if len(throws) >= 3 and sum(throws[:3]) >= 2 and (not made or dice.chance(THREE_SHOTS)):
                plays.append(Play("trip", man, throws=tuple(throws[:3])))
                del throws[:3]
            elif made:
                made[dice.below(twos or threes)].throws = (throws.pop(),)
            elif throws[-1]:
                technicals.append((man, throws.pop()))
            else:
                plays.append(Play("trip", man, throws=(throws.pop(),)))
        plays += [Play("trip", man, throws=(throws[n], throws[n + 1])) for n in range(0, len(throws), 2)]
        plays += made
        plays += [Play("shot", man, 2) for _ in range(missed_twos)]
        plays += [Play("shot", man, 3) for _ in range(missed_threes)]
    return plays


def _within_the_fouls(plays: list[Play], technicals: list[tuple[int, bool]], fouls: int) -> None:
    """More trips than the other team has fouls: the easiest ones become technical free throws."""
    trips = sorted((play for play in plays if play.kind == "trip"), key=lambda play: (-sum(play.throws), play.man))
    excess = sum(bool(play.throws) for play in plays) - fouls
    for trip in trips[: max(excess, 0)]:
        technicals += [(trip.man, made) for made in trip.throws]
        plays.remove(trip)


def _early_fouls(box: Counts) -> int:
    """A team's fouls that may bring free throws: a man's last of six does not."""
    return sum(min(line["pf"], FOULED_OUT - 1) for line in box)


def _turnovers(dice: Dice, own: Counts, other: Counts, plays: list[Play]) -> list[int]:
    """The men's turnovers; some are offensive fouls, the others are enough for the other team's steals."""
    lost = [man for man, line in enumerate(own) for _ in range(line["tov"])]
    able = [man for man, line in enumerate(own) if line["tov"] and line["pf"]]
    wanted = dice.weighted(range(len(OFFENSIVE_FOULS)), OFFENSIVE_FOULS)
    wanted = min(wanted, len(lost) - sum(line["stl"] for line in other), len(able))
    offensive = dice.shuffled(able)[: max(wanted, 0)]
    for man in offensive:
        lost.remove(man)
    plays += [Play("turnover", man) for man in lost]
    plays += [Play("turnover", man, offensive_foul=True) for man in offensive]
    return offensive


def _limit_offensive_fouls(own: Offense, box: Counts, other: Offense) -> None:
    """Leave the team as many fouls on defense as the other goes to the line."""
    needed = sum(bool(play.throws) for play in other.plays)
    able = _early_fouls(box) - needed
    for man in own.offensive_fouls[max(able, 0) :]:
        foul = next(play for play in own.plays if play.offensive_foul and play.man == man)
        foul.offensive_foul = False
        own.offensive_fouls.remove(man)
    own.fouls_left = [line["pf"] - own.offensive_fouls.count(man) for man, line in enumerate(box)]


def _rebounds(dice: Dice, own: Offense, box: Counts, other: Counts) -> None:
    """Which misses the team gets back: its men's rebounds and some of nobody's."""
    offensive, defensive = sum(line["oreb"] for line in box), sum(line["dreb"] for line in other)
    for play in own.plays:
        if sum(play.missed for play in own.plays) >= offensive + defensive:
            break
        if play.throws and not play.missed and not all(play.throws):
            play.throws = tuple(sorted(play.throws, reverse=True))
    missed = [play for play in own.plays if play.missed]
    nobodys = len(missed) - offensive - defensive
    own.team_offensive_spare = nobodys
    for play in dice.shuffled(missed)[:offensive]:
        play.goes_on = True


def even_out(dice: Dice, home: Offense, away: Offense, periods: int) -> int:
    """Give rebounds of nobody to the shooting teams so that both have the ball equally often.

    Returns how many more balls than `periods` allow for the home team (negative: the away team) still has.
    """
    for own in dice.shuffled([home, away]):
        for _ in range(own.team_offensive_spare):
            ahead = own.ends - (away if own is home else home).ends
            if ahead > 0 or (ahead == 0 and dice.chance(TEAM_OFFENSIVE)):
                _give_back(dice, own)
    ahead = home.ends - away.ends
    return max(abs(ahead) - periods, 0) * (1 if ahead > 0 else -1)


def _give_back(dice: Dice, own: Offense) -> None:
    play = dice.pick([play for play in own.plays if play.missed and not play.goes_on])
    play.goes_on = True
