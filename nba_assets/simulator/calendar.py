"""Who plays whom, where and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from nba_assets.league import LEAGUE_ZONE, TEAMS, Team
from nba_assets.simulator.draws import Ints

EASTERN = LEAGUE_ZONE
ZONES = {
    -5: EASTERN,
    -6: ZoneInfo("America/Chicago"),
    -7: ZoneInfo("America/Denver"),
    -8: ZoneInfo("America/Los_Angeles"),
}
NO_SUMMER_TIME = {"PHX": ZoneInfo("America/Phoenix")}
OFF_SEASON = (7, 8, 9)
"""Months without games."""
USUAL_GAMES = (6, 5, 8, 4, 8, 6, 5)
"""Games a date by weekday, Monday first."""
FEWEST, MOST = 4, 13
TIPS = {
    -5: (dt.time(19, 0), dt.time(19, 0), dt.time(19, 30), dt.time(20, 0)),
    -6: (dt.time(19, 30), dt.time(20, 0), dt.time(20, 0), dt.time(20, 30)),
    -7: (dt.time(21, 0), dt.time(21, 0), dt.time(21, 30), dt.time(22, 0)),
    -8: (dt.time(22, 0), dt.time(22, 0), dt.time(22, 30), dt.time(21, 30)),
}
"""Tips in New York's time, by the home team's zone."""
LONG_REST = 4
"""Days after which more rest no longer counts."""


def season_start(day: dt.date) -> int:
    """The first year of the season a date is in: seasons begin in October."""
    return day.year if day.month >= 10 else day.year - 1


def season_label(day: dt.date) -> str:
    """The season of a date as the league writes it: `2025-26`."""
    year = season_start(day)
    return f"{year}-{(year + 1) % 100:02d}"


def local_time(moment: dt.datetime, team: Team) -> dt.datetime:
    """The moment on the clock of a team's arena."""
    return moment.astimezone(NO_SUMMER_TIME.get(team.tricode, ZONES[team.utc_offset]))


@dataclass(frozen=True)
class Fixture:
    """A game to be played. `home`, `away`: places in `TEAMS`; `tip`: UTC; `tired`: (home, away) played yesterday."""

    game_id: str
    day: dt.date
    home: int
    away: int
    tip: dt.datetime
    tired: tuple[bool, bool]


class Calendar:
    """The season so far, as far as the next date's fixtures depend on it: counts and last dates by team."""

    def __init__(self) -> None:
        self._begin(0)

    def _begin(self, season: int) -> None:
        self.season = season
        self.numbered = 0
        self.played, self.at_home, self.last, self.before_last = np.zeros((4, len(TEAMS)), dtype=np.int64)
        self.met: Ints = np.zeros((len(TEAMS), len(TEAMS)), dtype=np.int64)

    def fixtures(self, rng: np.random.Generator, day: dt.date, games: int | None = None) -> list[Fixture]:
        """The date's games in order of their tips: no team twice, none on a third night in a row unless all are.

        `games`: how many, instead of the weekday's usual number.
        """
        if day.month in OFF_SEASON:
            return []
        if season_start(day) != self.season:
            self._begin(season_start(day))
        usual = USUAL_GAMES[day.weekday()] + 1.3 * float(rng.standard_normal())
        count = min(max(round(usual), FEWEST), MOST) if games is None else games
        pairs = self._pairs(rng, self._teams(rng, day, 2 * count), day)
        tips = [_tip(rng, TEAMS[home], day) for home, _ in pairs]
        order = sorted(range(count), key=lambda n: (tips[n], TEAMS[pairs[n][0]].tricode))
        fixtures = [self._fixture(day, *pairs[n], tips[n]) for n in order]
        for fixture in fixtures:
            self._note(fixture)
        return fixtures

    def _teams(self, rng: np.random.Generator, day: dt.date, count: int) -> list[int]:
        """Those who rested longest and played least, with some luck, in random order."""
        today = day.toordinal()
        rest = np.minimum(today - self.last, LONG_REST)
        third = (today - self.last == 1) & (today - self.before_last == 2)
        due = rest - 0.9 * (self.played - self.played.mean()) - 5.0 * third + 1.2 * rng.standard_normal(len(TEAMS))
        chosen = np.argsort(-due, kind="stable")[:count]
        return [int(team) for team in rng.permutation(chosen)]

    def _pairs(self, rng: np.random.Generator, teams: list[int], day: dt.date) -> list[tuple[int, int]]:
        """(home, away): each meets whom it has not met for longest; home is who has been there less."""
        pairs = []
        waiting = list(teams)
        while waiting:
            one = waiting.pop(0)
            other = min(waiting, key=lambda team: int(self.met[one, team]))
            waiting.remove(other)
            balance = int(self.at_home[one] * 2 - self.played[one]) - int(self.at_home[other] * 2 - self.played[other])
            luck = bool(rng.integers(2))
            pairs.append((one, other) if balance < 0 or (balance == 0 and luck) else (other, one))
        return pairs

    def _fixture(self, day: dt.date, home: int, away: int, tip: dt.datetime) -> Fixture:
        self.numbered += 1
        yesterday = day.toordinal() - 1
        tired = (bool(self.last[home] == yesterday), bool(self.last[away] == yesterday))
        return Fixture(f"002{self.season % 100:02d}{self.numbered:05d}", day, home, away, tip, tired)

    def _note(self, game: Fixture) -> None:
        for team in (game.home, game.away):
            self.before_last[team] = self.last[team]
            self.last[team] = game.day.toordinal()
            self.played[team] += 1
        self.at_home[game.home] += 1
        self.met[game.home, game.away] = self.met[game.away, game.home] = game.day.toordinal()


def _tip(rng: np.random.Generator, home: Team, day: dt.date) -> dt.datetime:
    slots = TIPS[home.utc_offset]
    local = dt.datetime.combine(day, slots[int(rng.integers(len(slots)))], EASTERN)
    return local.astimezone(dt.UTC)
