"""What happened, in the words of stats.nba.com, which BigDataBall takes over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from nba_assets.simulator.events import Event
from nba_assets.simulator.roster import Player
from nba_assets.simulator.season import GameNight

PENALTY = 5
"""A team's foul in a period from which on it is in the penalty."""
FOULS = {"shooting": "S.FOUL", "loose ball": "L.B.FOUL", "away-from-play": "AWAY.FROM.PLAY.FOUL", "": "P.FOUL"}
TURNOVERS = {
    "out-of-bounds": "Out of Bounds - Bad Pass Turnover",
    "shot clock": "Shot Clock",
    "5-second violation": "5 Second Violation",
    "8-second violation": "8 Second Violation",
}


class Words:
    """Texts of a game's events in their order: each is (what it says, what it says of a block or a steal)."""

    def __init__(self, game: GameNight) -> None:
        self.teams = (game.home.team, game.away.team)
        self.officials = [f"{name[0]}.{name.split(' ', 1)[1]}" for name in game.referees]
        self.totals: Counter[tuple[int, str]] = Counter()
        self.fouls: Counter[tuple[int, int]] = Counter()
        last = [line.player.last_name for side in (game.home, game.away) for line in side.active]
        self.ambiguous = {name for name, count in Counter(last).items() if count > 1}
        self.told = 0

    def of(self, event: Event) -> tuple[str, str]:
        """An event's texts; empty where it has none."""
        self.told += 1
        if event.player is None or event.team is None:
            return self._of_a_team(event), ""
        name = self._name(event.player)
        if event.kind == "shot":
            return self._shot(event, name)
        if event.kind == "turnover":
            return self._turnover(event, event.player, name)
        texts = {
            "free throw": self._free_throw,
            "rebound": self._rebound,
            "foul": self._foul,
            "substitution": self._substitution,
            "jump ball": self._jump_ball,
        }
        return texts[event.kind](event, event.player, name), ""

    def _of_a_team(self, event: Event) -> str:
        if event.team is None:
            return ""
        team = self.teams[event.team]
        if event.kind == "timeout":
            return f"{team.name} Timeout: Regular (Reg.{self._count(-event.team - 1, 'timeouts')} Short 0)"
        if event.kind == "turnover":
            total = self._count(-event.team - 1, "tov")
            return f"{team.name} Turnover: {TURNOVERS[event.detail]} (T#{total})"
        return f"{team.name} Rebound"

    def _count(self, who: int, what: str, more: int = 1) -> int:
        self.totals[who, what] += more
        return self.totals[who, what]

    def _name(self, player: Player) -> str:
        last = player.last_name
        return f"{player.first_name[:3]}. {last}" if last in self.ambiguous else last

    def _shot(self, event: Event, name: str) -> tuple[str, str]:
        player, taken = event.player, event.shot
        if player is None or taken is None:
            return "", ""
        feet = int(taken.spot.feet)
        far = f"{feet}' " if feet else ""
        text = f"{name} {far}{'3PT ' if event.value == 3 else ''}{shot_words(event)}"
        if not event.made:
            block = event.block
            other = f"{self._name(block)} BLOCK ({self._count(block.player_id, 'blk')} BLK)" if block else ""
            return f"MISS {text}", other
        text += f" ({self._count(player.player_id, 'pts', event.value)} PTS)"
        if event.assist is not None:
            text += f" ({self._name(event.assist)} {self._count(event.assist.player_id, 'ast')} AST)"
        return text, ""

    def _turnover(self, event: Event, player: Player, name: str) -> tuple[str, str]:
        total, team = self._count(player.player_id, "tov"), self._count(-(event.team or 0) - 1, "tov")
        what = TURNOVERS.get(event.detail, event.detail.title())
        steal = event.steal
        other = f"{self._name(steal)} STEAL ({self._count(steal.player_id, 'stl')} STL)" if steal else ""
        return f"{name} {what} Turnover (P{total}.T{team})", other

    def _free_throw(self, event: Event, player: Player, name: str) -> str:
        text = f"{name} Free Throw {event.descriptor.title() or event.detail}"
        if not event.made:
            return f"MISS {text}"
        return f"{text} ({self._count(player.player_id, 'pts')} PTS)"

    def _rebound(self, event: Event, player: Player, name: str) -> str:
        self._count(player.player_id, event.detail)
        back, away = (self.totals[player.player_id, kind] for kind in ("offensive", "defensive"))
        return f"{name} REBOUND (Off:{back} Def:{away})"

    def _foul(self, event: Event, player: Player, name: str) -> str:
        official = self.officials[self.told % len(self.officials)]
        if event.detail == "technical":
            return f"{name} T.FOUL (P{self.totals[player.player_id, 'pf']}.T0) ({official})"
        total = self._count(player.player_id, "pf")
        if event.detail == "offensive":
            return f"{name} OFF.Foul (P{total}) ({official})"
        key = (event.team or 0, event.period)
        self.fouls[key] += 1
        team = f"T{self.fouls[key]}" if self.fouls[key] < PENALTY else "PN"
        return f"{name} {FOULS[event.descriptor]} (P{total}.{team}) ({official})"

    def _substitution(self, event: Event, player: Player, name: str) -> str:
        return f"SUB: {self._name(event.entered) if event.entered else ''} FOR {name}"

    def _jump_ball(self, event: Event, player: Player, name: str) -> str:
        if event.jumpers is None:
            return ""
        home, away = event.jumpers
        return f"Jump Ball {self._name(home)} vs. {self._name(away)}: Tip to {name}"


def shot_words(event: Event) -> str:
    """A shot's kind in words: `Driving Finger Roll Layup`, `Pullup Jump Shot`."""
    if event.shot is None:
        return ""
    style, kind = event.shot.style, event.shot.descriptor.replace("-", " ").title()
    words = f"{kind} {style.title()}".strip()
    if style in ("Layup", "DUNK") and kind in ("Cutting", "Tip"):
        return f"{words} Shot"
    return f"{kind} Shot" if kind.endswith("Fadeaway") else f"{words} Shot" if style == "Hook" else words


def texts(game: GameNight, events: Sequence[Event]) -> list[tuple[str, str]]:
    """The texts of all events."""
    words = Words(game)
    return [words.of(event) for event in events]
