"""Who is hurt, for how long, and since when it is known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from nba_assets.league import TEAMS
from nba_assets.simulator.draws import Flags, Floats, Ints

MOST_OUT = 5
"""Men of one team who are out at once."""
ALREADY_OUT = 0.05
"""Chance that a man is out on the first date."""
SHORT, MEDIUM = 0.55, 0.87
DURATIONS = ((1, 5), (5, 16), (16, 51))
"""Days out (first to before last) of short, medium and long absences."""
INJURIES = (
    "Left Ankle; Sprain",
    "Right Ankle; Sprain",
    "Left Knee; Soreness",
    "Right Hamstring; Strain",
    "Left Calf; Strain",
    "Right Wrist; Contusion",
    "Lower Back; Spasms",
    "Left Shoulder; Strain",
    "Concussion; Protocol",
    "Illness; Illness",
)


class News(IntEnum):
    """When the first absence of an injury becomes known on its day."""

    MORNING = 0
    """Before the books' early lines."""
    AFTERNOON = 1
    """Between the early and the late lines."""
    LATE = 2
    """After the late lines, before tip."""


MORNING_SHARE, AFTERNOON_SHARE = 0.40, 0.75
"""Cumulated shares of the first two."""


@dataclass
class Health:
    """Absences, one entry a player. `since`, `until`: ordinals of the first day out and of the first day back."""

    since: Ints
    until: Ints
    news: Ints
    injury: Ints

    @classmethod
    def at_start(cls, rng: np.random.Generator, day: dt.date, team: Ints) -> Health:
        """The state on the morning of the first date: some are out already, and everybody knows."""
        empty = np.zeros(len(team), dtype=np.int64)
        health = cls(empty.copy(), empty.copy(), empty.copy(), empty.copy())
        health._strike(rng, day, np.full(len(team), ALREADY_OUT), team)
        health.news[:] = News.MORNING
        return health

    def advance(self, rng: np.random.Generator, day: dt.date, proneness: Floats, team: Ints, playing: Flags) -> None:
        """New absences on a date, among the teams (`playing`, by team) with a game."""
        self._strike(rng, day, np.where(playing[team], proneness, 0.0), team)

    def out(self, day: dt.date) -> Flags:
        """Who does not play on the date."""
        return self.until > day.toordinal()

    def known_out(self, day: dt.date, news: News) -> Flags:
        """Of whom it is known at that time of the date that he will not play."""
        return self.out(day) & ((self.since < day.toordinal()) | (self.news <= news))

    def known(self, player: int, day: dt.date) -> News:
        """Since when of the date the absence of one who is out is known; from the morning on if it is older."""
        return News(int(self.news[player])) if self.since[player] == day.toordinal() else News.MORNING

    def reason(self, player: int) -> str:
        """The reason of an absence as gamebooks give it."""
        return f"Injury/Illness - {INJURIES[int(self.injury[player])]}"

    def _strike(self, rng: np.random.Generator, day: dt.date, chance: Floats, team: Ints) -> None:
        luck, kind, news = rng.random(len(team)), rng.random(len(team)), rng.random(len(team))
        length, injury = rng.random(len(team)), rng.integers(len(INJURIES), size=len(team))
        out = np.bincount(team[self.out(day)], minlength=len(TEAMS))
        for player in np.flatnonzero((luck < chance) & ~self.out(day)):
            if out[team[player]] >= MOST_OUT:
                continue
            out[team[player]] += 1
            first, stop = DURATIONS[int(kind[player] > SHORT) + int(kind[player] > MEDIUM)]
            self.since[player] = day.toordinal()
            self.until[player] = day.toordinal() + first + int(length[player] * (stop - first))
            self.news[player] = int(news[player] > MORNING_SHARE) + int(news[player] > AFTERNOON_SHARE)
            self.injury[player] = injury[player]
