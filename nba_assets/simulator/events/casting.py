"""A game's possessions with everything that happens in them, so that every man's counts are those of the box score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nba_assets.simulator.events.dealing import NOBODY, deal
from nba_assets.simulator.events.dice import Dice
from nba_assets.simulator.events.lineups import Shift, period_lengths, shifts, whistles
from nba_assets.simulator.events.plays import FOULED_OUT, Counts, Offense, Play, even_out, offenses
from nba_assets.simulator.events.possessions import AWAY, HOME, Possession, possessions
from nba_assets.simulator.events.scores import keep_scores

MOVES = 12
"""Plays moved for the sake of a role before the game is drawn anew."""


@dataclass(frozen=True)
class Box:
    """A team's box score: one entry a man of its rotation, starters first."""

    counts: Counts
    seconds: Sequence[int]
    periods: Sequence[int]
    team_turnovers: int


@dataclass(frozen=True)
class Course:
    """A game as it went. `common_fouls`: by team, the men whose fouls brought no free throws."""

    turns: list[Possession]
    shifts: tuple[list[Shift], list[Shift]]
    common_fouls: tuple[list[int], list[int]]


def course(dice: Dice, home: Box, away: Box) -> Course | None:
    """One course of a game with these box scores, or None: then the next draw may find one."""
    boxes = (home, away)
    lengths = period_lengths(len(home.periods))
    marks = whistles(dice, sum(lengths))
    on = (shifts(dice, home.seconds, marks), shifts(dice, away.seconds, marks))
    teams = offenses(dice, (home.counts, away.counts), (home.team_turnovers, away.team_turnovers))
    excess = even_out(dice, *teams, len(lengths))
    held = (max(-excess, 0), max(excess, 0))
    for team in (HOME, AWAY):
        teams[team].plays += [Play("held", NOBODY) for _ in range(held[team])]
    turns = possessions(dice, (teams[HOME].ends, teams[AWAY].ends), lengths, on)
    if not _deal_plays(dice, turns, boxes, teams):
        return None
    owns = [[turn for turn in turns if turn.team == team] for team in (HOME, AWAY)]
    if not all(keep_scores(dice, own, box.periods) for own, box in zip(owns, boxes, strict=True)):
        return None
    common: list[list[int]] = []
    for own, box, defense, fouls in zip(owns, boxes, boxes[::-1], (teams[AWAY], teams[HOME]), strict=True):
        left = _cast_fouls(dice, own, fouls.fouls_left, defense)
        if left is None or not _cast(dice, own, box, defense):
            return None
        common.append(left)
    return Course(turns, on, (common[AWAY], common[HOME]))


def _deal_plays(dice: Dice, turns: list[Possession], boxes: tuple[Box, Box], teams: tuple[Offense, Offense]) -> bool:
    """Give every possession a last play by a man on the floor, and some of them earlier ones."""
    for team, offense in enumerate(teams):
        own = [turn for turn in turns if turn.team == team]
        nobody = len(boxes[team].seconds)
        last: list[list[Play]] = [[] for _ in range(nobody + 1)]
        for play in dice.shuffled([play for play in offense.plays if not play.goes_on]):
            last[play.man].append(play)
        owners = deal(dice, [len(plays) for plays in last], [(*turn.own, nobody) for turn in own])
        if NOBODY in owners:
            return False
        for turn, man in zip(own, owners, strict=True):
            turn.plays.append(last[man].pop())
        if not _deal_second_chances(dice, own, boxes[team], [play for play in offense.plays if play.goes_on]):
            return False
        for man, made in offense.technicals:
            able = [turn for turn in own if man in turn.own]
            if not able:
                return False
            dice.pick(able).technicals.append((man, made))
    return True


def _deal_second_chances(dice: Dice, own: list[Possession], box: Box, plays: list[Play]) -> bool:
    """Put the misses that the team gets back where shooter and rebounder are both on the floor."""
    men = range(len(box.seconds))
    together = [{mate for turn in own if man in turn.own for mate in turn.own} for man in men]
    rebounders = deal(dice, _each(box, "oreb"), [sorted(together[play.man]) for play in plays])
    if sum(man != NOBODY for man in rebounders) < sum(_each(box, "oreb")):
        return False
    for play, man in zip(plays, rebounders, strict=True):
        play.rebounder = man
        able = [turn for turn in own if play.man in turn.own and (man == NOBODY or man in turn.own)]
        if not able:
            return False
        dice.pick(able).plays.insert(0, play)
    return True


def _cast_fouls(dice: Dice, own: list[Possession], fouls: Sequence[int], defense: Box) -> list[int] | None:
    """Name who sent the team's men to the line. Returns the fouls that are left; a man's sixth is one of them."""
    early = [count - (line["pf"] == FOULED_OUT) for count, line in zip(fouls, defense.counts, strict=True)]
    for _ in range(MOVES):
        trips = [(turn, play) for turn in own for play in turn.plays if play.throws]
        foulers = deal(dice, early, [turn.other for turn, _ in trips])
        left = [man for man, count in enumerate(fouls) for _ in range(count - foulers.count(man))]
        if NOBODY not in foulers:
            for (_, play), man in zip(trips, foulers, strict=True):
                play.fouler = man
            return left
        man = dice.pick([man for man, count in enumerate(early) if foulers.count(man) < count])
        here = [turn for turn in own if man in turn.other]
        if not _bring(dice, here, [turn for turn in own if turn not in here], lambda play: bool(play.throws)):
            return None
    return None


def _cast(dice: Dice, own: list[Possession], box: Box, defense: Box) -> bool:
    """Name who passed, blocked, stole and rebounded on defense; whether all of the box score has a place."""
    roles = (
        ("steal", "stl", defense, _may_be_stolen),
        ("assist", "ast", box, lambda play: play.made),
        ("block", "blk", defense, lambda play: play.kind == "shot" and not play.made),
        ("rebounder", "dreb", defense, lambda play: play.missed and not play.goes_on),
    )
    return all(_cast_role(dice, own, role, _each(of, count), may) for role, count, of, may in roles)


def _cast_role(
    dice: Dice, own: list[Possession], role: str, counts: Sequence[int], may: Callable[[Play], bool]
) -> bool:
    """Deal a role to the men; one who finds too little of it gets plays moved to where he is on the floor."""
    for _ in range(MOVES):
        cast = [(turn, play) for turn in own for play in turn.plays if may(play)]
        able = [[man for man in turn.own if man != play.man] if role == "assist" else turn.other for turn, play in cast]
        owners = deal(dice, counts, able)
        lacking = [man for man, count in enumerate(counts) if owners.count(man) < count]
        if not lacking:
            for (_, play), owner in zip(cast, owners, strict=True):
                setattr(play, role, owner)
            return True
        man = dice.pick(lacking)
        here = [turn for turn in own if man in (turn.own if role == "assist" else turn.other)]
        if not _bring(dice, here, [turn for turn in own if turn not in here], may):
            return False
    return False


def _bring(dice: Dice, here: list[Possession], there: list[Possession], wanted: Callable[[Play], bool]) -> bool:
    """Exchange a wanted last play from `there` with another from `here`, no period's score changed."""
    for turn in dice.shuffled([turn for turn in there if wanted(turn.plays[-1])]):
        play = turn.plays[-1]
        for other in dice.shuffled([other for other in here if not wanted(other.plays[-1])]):
            their = other.plays[-1]
            same = their.points == play.points or other.period == turn.period
            if same and _fits(play, other) and _fits(their, turn):
                turn.plays[-1], other.plays[-1] = their, play
                return True
    return False


def _fits(play: Play, turn: Possession) -> bool:
    """Whether everybody who has a part in a last play is on the floor in a possession."""
    return {play.man, play.assist} <= {*turn.own, NOBODY} and {
        play.block,
        play.steal,
        play.fouler,
        play.rebounder,
    } <= {*turn.other, NOBODY}


def _may_be_stolen(play: Play) -> bool:
    return play.kind == "turnover" and play.man != NOBODY and not play.offensive_foul


def _each(box: Box, count: str) -> list[int]:
    return [line[count] for line in box.counts]
