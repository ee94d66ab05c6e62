"""A game's course told event by event."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from nba_assets.simulator.events.casting import Course
from nba_assets.simulator.events.court import MID, shot
from nba_assets.simulator.events.dealing import NOBODY
from nba_assets.simulator.events.dice import Dice
from nba_assets.simulator.events.event import Event
from nba_assets.simulator.events.interruptions import Foul, Interruptions, Stop
from nba_assets.simulator.events.plays import Play
from nba_assets.simulator.events.possessions import AWAY, HOME, Possession, on_floor
from nba_assets.simulator.roster import SIZE, Player

FASTEST = 7
"""Seconds that a fast break takes at most."""
FOULS_A_PERIOD = 4
"""A team's fouls in a period before it is in the penalty."""
REBOUND_SECONDS, JUMP_SECONDS = 3, 2
STOLEN = (("bad pass", "lost ball"), (0.6, 0.4))
LOST = (("bad pass", "out-of-bounds", "traveling", "lost ball"), (0.4, 0.3, 0.2, 0.1))
TEAM_LOST = (("shot clock", "5-second violation", "8-second violation"), (0.8, 0.1, 0.1))
IN_PENALTY, LOOSE_BALL = 0.3, 0.15
"""Shares of the pairs of free throws in the penalty that no shot brought, and of the other fouls without the ball."""


class Teller:
    """Tells a game from the tip on. `men`: the players of (home, away) by their places in the rotations."""

    def __init__(
        self,
        dice: Dice,
        course: Course,
        stops: Interruptions,
        lengths: Sequence[int],
        men: tuple[Sequence[Player], Sequence[Player]],
    ) -> None:
        self.dice = dice
        self.course = course
        self.interruptions = stops
        self.lengths = lengths
        self.starts = list(accumulate(lengths, initial=0))
        self.men = men
        self.events: list[Event] = []
        self.score = [0, 0]
        self.period, self.now = 1, 0
        self.fouls = [0, 0]

    def told(self) -> list[Event]:
        """All events in their order."""
        moments = sorted(self.interruptions.stops)
        for period in range(1, len(self.lengths) + 1):
            self.period, self.fouls = period, [0, 0]
            begins, ends = self.starts[period - 1], self.starts[period]
            turns = [(n, turn) for n, turn in enumerate(self.course.turns) if turn.period == period]
            within = [moment for moment in moments if begins < moment <= ends]
            jump = begins if within and within[0] <= begins + JUMP_SECONDS else begins + JUMP_SECONDS
            self._begin(begins, jump, turns[0][1])
            before: Possession | None = None
            for n, turn in turns:
                while within and within[0] < turn.end:
                    self._stop(within.pop(0), ends)
                self._turn(n, turn, before)
                before = turn
            for moment in within:
                self._stop(moment, ends)
            self._add("end", ends, ball=turns[-1][1].team)
        self._add("game end", self.starts[-1])
        return self.events

    def _add(self, kind: str, moment: int, **fields: Any) -> None:
        self.now, left = moment, self.starts[self.period] - moment
        if fields.get("made"):
            self.score[fields["team"]] += fields["value"] if kind == "shot" else 1
        self.events.append(Event(kind, self.period, left, (self.score[HOME], self.score[AWAY]), **fields))

    def _man(self, team: int, man: int) -> Player | None:
        return None if man == NOBODY else self.men[team][man]

    def _begin(self, moment: int, jump: int, first: Possession) -> None:
        """The men of the period, its start, and the jump ball that begins a game and every overtime."""
        if moment in self.interruptions.stops:
            self._change(moment, self.interruptions.stops[moment], ("startperiod",))
        jumps = self.period == 1 or self.period > 4
        self._add("start", moment, ball=None if jumps else first.team)
        if jumps:
            fives = [on_floor(shifts, moment + 1) for shifts in self.course.shifts]
            jumpers = [max(five, key=lambda man: self.men[team][man].height_in) for team, five in enumerate(fives)]
            caught = self.dice.pick([man for man in fives[first.team] if man != jumpers[first.team]])
            self._jump(jump, first.team, jumpers, caught, "startperiod")

    def _jump(self, moment: int, team: int, jumpers: Sequence[int], caught: int, why: str) -> None:
        pair = (self.men[HOME][jumpers[HOME]], self.men[AWAY][jumpers[AWAY]])
        player = self._man(team, caught)
        self._add(
            "jump ball", moment, ball=team, team=team, player=player, detail="recovered", descriptor=why, jumpers=pair
        )

    def _stop(self, moment: int, ends: int) -> None:
        """Fouls, a timeout, changes; those at a period's end are told as the next one begins."""
        stop = self.interruptions.stops[moment]
        for foul in stop.fouls:
            self._common_foul(moment, foul, stop.ball)
        if stop.timeout is not None:
            self._add("timeout", moment, ball=stop.ball, team=stop.timeout, detail="full", qualifiers=("team",))
        if moment < ends:
            self._change(moment, stop, ())

    def _change(self, moment: int, stop: Stop, qualifiers: tuple[str, ...]) -> None:
        for team, leaves, enters in stop.changes:
            player, entered = self._man(team, leaves), self._man(team, enters)
            self._add(
                "substitution", moment, ball=stop.ball, team=team, player=player, entered=entered, qualifiers=qualifiers
            )

    def _common_foul(self, moment: int, foul: Foul, ball: int) -> None:
        loose = ball == foul.team or self.dice.chance(LOOSE_BALL)
        self.fouls[foul.team] += 1
        fields = {"player": self._man(foul.team, foul.man), "drawn": self._man(1 - foul.team, foul.drawn)}
        descriptor = "loose ball" if loose else ""
        self._add("foul", moment, ball=ball, team=foul.team, detail="personal", descriptor=descriptor, **fields)

    def _turn(self, place: int, turn: Possession, before: Possession | None) -> None:
        """A possession: what comes early in it, then its plays, spread over its time."""
        early = self.interruptions.during.get(place, [])
        parts = len(early) + len(turn.technicals) + len(turn.plays)
        now = max(turn.start, self.now)
        moments = [now + (turn.end - now) * n // parts for n in range(1, parts + 1)]
        for foul in early:
            now = moments.pop(0)
            self._common_foul(now, foul, turn.team)
        for man, made in turn.technicals:
            now = moments.pop(0)
            self._technical(now, turn, man, made=made)
        qualifiers: tuple[str, ...] = ()
        if before is not None and before.plays[-1].kind == "turnover":
            qualifiers += ("fromturnover",)
        running = not early and before is not None and _runs(turn, before.plays[-1])
        for n, (play, moment) in enumerate(zip(turn.plays, moments, strict=True)):
            fast = ("fastbreak",) if running and n == 0 else ()
            again = ("2ndchance",) if n else ()
            self._play(now, moment, turn, play, qualifiers + fast + again)
            now = moment

    def _play(self, after: int, moment: int, turn: Possession, play: Play, qualifiers: tuple[str, ...]) -> None:
        """A play that is over at `moment`. `after`: when the one before it was over."""
        if play.kind == "held":
            self._held(moment, turn)
        elif play.kind == "turnover":
            self._turnover(moment, turn, play)
        else:
            shot_at = max(after, moment - 1 - self.dice.below(REBOUND_SECONDS)) if play.missed else moment
            if play.kind == "shot":
                self._shot(shot_at, turn, play, qualifiers)
            if play.throws:
                self._trip(shot_at, turn, play, tuple(name for name in qualifiers if name != "fastbreak"))
            if play.missed:
                self._rebound(moment, turn, play)

    def _shot(self, moment: int, turn: Possession, play: Play, qualifiers: tuple[str, ...]) -> None:
        team, player = turn.team, self.men[turn.team][play.man]
        running, again = "fastbreak" in qualifiers, "2ndchance" in qualifiers
        rebounded = again and self.events[-1].player is player
        how = {"made": play.made, "assisted": play.assist != NOBODY, "rebounded": rebounded, "running": running}
        taken = shot(self.dice, play.value, SIZE[player.position], **how)
        if play.value == 2 and taken.spot.area != MID:
            qualifiers = ("pointsinthepaint", *qualifiers)
        assist, block = self._man(team, play.assist), self._man(1 - team, play.block)
        fields = {"made": play.made, "value": play.value, "shot": taken, "assist": assist, "block": block}
        self._add("shot", moment, ball=team, team=team, player=player, qualifiers=qualifiers, **fields)

    def _trip(self, moment: int, turn: Possession, play: Play, qualifiers: tuple[str, ...]) -> None:
        team, defense, count = turn.team, 1 - turn.team, len(play.throws)
        player = self._man(team, play.man)
        penalty = self.fouls[defense] >= FOULS_A_PERIOD
        self.fouls[defense] += 1
        descriptor = "away-from-play" if count == 1 and play.kind == "trip" else "shooting"
        if penalty and count == 2 and self.dice.chance(IN_PENALTY):
            descriptor = ""
        marks = (*(("inpenalty",) if penalty else ()), f"{count}freethrow")
        fouler = self._man(defense, play.fouler)
        fields = {"descriptor": descriptor, "qualifiers": marks, "drawn": player, "of": count}
        self._add("foul", moment, ball=team, team=defense, player=fouler, detail="personal", **fields)
        for number, made in enumerate(play.throws, start=1):
            detail = f"{number} of {count}"
            fields = {"detail": detail, "qualifiers": qualifiers, "made": made, "number": number, "of": count}
            self._add("free throw", moment, ball=team, team=team, player=player, **fields)
            if not made and number < count:
                self._dead_ball(moment, team)

    def _technical(self, moment: int, turn: Possession, man: int, *, made: bool) -> None:
        """A free throw for a foul of words: it costs the other team no personal foul."""
        team = turn.team
        guilty = self._man(1 - team, self.dice.pick(turn.other))
        self._add(
            "foul",
            moment,
            ball=team,
            team=1 - team,
            player=guilty,
            detail="technical",
            qualifiers=("1freethrow",),
            of=1,
        )
        player = self._man(team, man)
        fields = {"detail": "1 of 1", "descriptor": "technical", "made": made, "number": 1, "of": 1}
        self._add("free throw", moment, ball=team, team=team, player=player, **fields)
        if not made:
            self._dead_ball(moment, team)

    def _dead_ball(self, moment: int, team: int) -> None:
        """The rebound that the rules credit to the team after a miss with another throw to come."""
        self._add("rebound", moment, ball=team, team=team, detail="offensive", qualifiers=("deadball", "team"))

    def _rebound(self, moment: int, turn: Possession, play: Play) -> None:
        team = turn.team if play.goes_on else 1 - turn.team
        player = self._man(team, play.rebounder)
        detail = "offensive" if play.goes_on else "defensive"
        self._add(
            "rebound",
            moment,
            ball=team,
            team=team,
            player=player,
            detail=detail,
            qualifiers=() if player else ("team",),
        )

    def _turnover(self, moment: int, turn: Possession, play: Play) -> None:
        team = turn.team
        player = self._man(team, play.man)
        if play.offensive_foul:
            drawn = self._man(1 - team, self.dice.pick(turn.other))
            self._add("foul", moment, ball=team, team=team, player=player, detail="offensive", drawn=drawn)
            detail = "offensive foul"
        elif player is None:
            detail = self.dice.weighted(*TEAM_LOST)
        else:
            detail = self.dice.weighted(*(LOST if play.steal == NOBODY else STOLEN))
        descriptor = "bad pass" if detail == "out-of-bounds" else ""
        fields = {"descriptor": descriptor, "steal": self._man(1 - team, play.steal)}
        qualifiers = () if player else ("team",)
        self._add(
            "turnover", moment, ball=team, team=team, player=player, detail=detail, qualifiers=qualifiers, **fields
        )

    def _held(self, moment: int, turn: Possession) -> None:
        """Two men hold the ball; the other team wins the jump."""
        jumpers = [self.dice.pick(five) for five in turn.fives]
        winner = 1 - turn.team
        caught = self.dice.pick([man for man in turn.fives[winner] if man != jumpers[winner]])
        self._jump(moment, winner, jumpers, caught, "heldball")


def _runs(turn: Possession, lost: Play) -> bool:
    """Whether a possession is a fast break, by how the other team lost the ball."""
    return turn.before <= FASTEST and ((lost.missed and lost.kind == "shot") or lost.steal != NOBODY)
