"""One event of a game, before any source's form."""

from __future__ import annotations

from dataclasses import dataclass

from nba_assets.simulator.events.court import Shot
from nba_assets.simulator.roster import Player


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, to whom, with `left` seconds to play in the period, and the score (home, away) after it.

    `kind`: start, end, game end, jump ball, shot, free throw, rebound, turnover, foul, timeout, substitution; `detail`
    and `descriptor` say which. `team`: 0 home, 1 away; `ball`: the team that has it. `player`: who did it, in a
    substitution who leaves, in a jump ball who gets the ball; None: the team. `jumpers`: (home, away). `value`: a
    shot's; `number` of `of`: a free throw's.
    """

    kind: str
    period: int
    left: int
    score: tuple[int, int]
    ball: int | None = None
    team: int | None = None
    player: Player | None = None
    detail: str = ""
    descriptor: str = ""
    qualifiers: tuple[str, ...] = ()
    made: bool = False
    value: int = 0
    number: int = 0
    of: int = 0
    shot: Shot | None = None
    assist: Player | None = None
    block: Player | None = None
    steal: Player | None = None
    drawn: Player | None = None
    entered: Player | None = None
    jumpers: tuple[Player, Player] | None = None

    @property
    def points(self) -> int:
        if not self.made:
            return 0
        return self.value if self.kind == "shot" else 1
