"""The league's players: who they are and what they can do. Drawn once from the seed."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from nba_assets.league import TEAMS
from nba_assets.simulator.draws import Floats, Ints, Purpose, generator
from nba_assets.simulator.names import SUFFIXES, ascii_spelling, dealt, first_names, last_names

FIRST_ID = 1_990_001
"""Above every id that the league has given."""
SIZES = (15, 16, 16, 17)
NAMESAKES = (2, 9, 14, 20, 27)
"""Teams whose sixth man has the last name of their third."""
THIRD, SIXTH = 2, 5
"""Their places in the depth chart."""
SUFFIXED = 17
"""One man in so many has a suffix."""
FIRST_FIVE = ("G", "G", "F", "F", "C")
SECOND_FIVE = ("G", "G-F", "F", "F-C", "C")
POSITIONS = ("G", "G", "G-F", "F", "F", "F-C", "C")
SIZE = {"G": 0.1, "G-F": 0.3, "F": 0.5, "F-C": 0.75, "C": 0.95}
"""How much of a big man a position is, 0 to 1."""
MINUTES = (34.5, 33.0, 31.5, 29.5, 27.0, 22.5, 19.0, 15.5, 12.0, 9.0, 6.5, 5.0, 4.0, 3.2, 2.6, 2.2, 2.0)
"""Usual minutes by place in a team's depth chart."""
USAGE = (1.38, 1.20, 1.05, 0.94, 0.85, 0.98, 0.90, 0.85, 0.82, 0.80, 0.78, 0.76, 0.74, 0.72, 0.70, 0.70, 0.70)
"""Shots per minute by place, relative."""
COLLEGES = ("Easton", "North Valley", "St. Aldric", "Lakeshore State", "Fort Grant", "Western Plains", "Pine Hill")
COUNTRIES = ("USA",) * 13 + ("Canada", "France", "Serbia", "Nigeria", "Spain", "Poland", "Sweden")


@dataclass(frozen=True)
class Player:
    """One player. `number`: his place in the league's arrays; `suffix` is empty or like `Jr.`."""

    number: int
    player_id: int
    first_name: str
    bare_last_name: str
    suffix: str
    position: str
    height_in: int
    weight_lb: int
    college: str | None
    country: str
    draft: tuple[int, int, int] | None
    from_year: int

    @property
    def last_name(self) -> str:
        return f"{self.bare_last_name} {self.suffix}".strip()

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z]+", "-", ascii_spelling(self.full_name).lower()).strip("-")

    def book_name(self, *, with_suffix: bool) -> str:
        """His name at a sportsbook: without marks, at some without the suffix."""
        return ascii_spelling(self.full_name if with_suffix else f"{self.first_name} {self.bare_last_name}")


@dataclass(frozen=True)
class Talent:
    """What the players can do, one value a player.

    `minutes`: a usual night's; `proneness`: chance of an injury per game; shares and percentages 0 to 1; the other
    rates are weights per second on the floor, relative to one another.
    """

    minutes: Floats
    usage: Floats
    three_share: Floats
    two_pct: Floats
    three_pct: Floats
    ft_pct: Floats
    ft_draw: Floats
    oreb: Floats
    dreb: Floats
    ast: Floats
    stl: Floats
    blk: Floats
    tov: Floats
    pf: Floats
    proneness: Floats


@dataclass(frozen=True)
class League:
    """Players, talent, and per team: `first_team` of each player (a place in `TEAMS`), strengths around 1."""

    players: tuple[Player, ...]
    talent: Talent
    first_team: Ints
    first_jersey: tuple[str, ...]
    offense: Floats
    defense: Floats
    pace: Floats


def draw_league(seed: int) -> League:
    """The league of a seed: thirty teams of 15 to 17 men, no two of whom share a name, with or without suffix."""
    rng = generator(seed, Purpose.IDENTITY)
    sizes = [SIZES[int(n)] for n in rng.integers(len(SIZES), size=len(TEAMS))]
    team = np.repeat(np.arange(len(TEAMS)), sizes)
    place = np.concatenate([np.arange(size) for size in sizes])
    positions = [p for size in sizes for p in _positions(rng, size)]
    names = _names(rng, team, place)
    players = tuple(_player(rng, n, names[n], positions[n], int(place[n])) for n in range(len(team)))
    jerseys = tuple(str(int(j)) for size in sizes for j in rng.permutation(56)[:size])
    talents = generator(seed, Purpose.TALENT)
    return League(
        players=players,
        talent=_talent(talents, place, positions),
        first_team=team.astype(np.int64),
        first_jersey=jerseys,
        offense=1 + 0.017 * talents.standard_normal(len(TEAMS)),
        defense=1 + 0.013 * talents.standard_normal(len(TEAMS)),
        pace=99.0 + 1.8 * talents.standard_normal(len(TEAMS)),
    )


def _positions(rng: np.random.Generator, size: int) -> list[str]:
    ends = [POSITIONS[int(n)] for n in rng.integers(len(POSITIONS), size=size - 10)]
    return [*rng.permutation(FIRST_FIVE).tolist(), *rng.permutation(SECOND_FIVE).tolist(), *ends]


def _names(rng: np.random.Generator, team: Ints, place: Ints) -> list[tuple[str, str, str]]:
    """(first, last, suffix) of every man. Last names come round after a whole pool: no two alike in a team but those
    of `NAMESAKES`, who have no suffix."""
    firsts, lasts = first_names(), last_names()
    first_order, last_order = rng.permutation(len(firsts)), rng.permutation(len(lasts))
    taken: set[tuple[str, str]] = set()
    names: list[tuple[str, str, str]] = []
    for number in range(len(team)):
        with_namesake = int(team[number]) in NAMESAKES
        last = dealt(last_order, lasts, number)
        if with_namesake and int(place[number]) == SIXTH:
            last = names[number - (SIXTH - THIRD)][1]
        shifted = (dealt(first_order, firsts, number + shift) for shift in range(len(firsts)))
        first = next(name for name in shifted if (name, last) not in taken)
        taken.add((first, last))
        bare = number % SUFFIXED != 3 or (with_namesake and int(place[number]) in (THIRD, SIXTH))
        names.append((first, last, "" if bare else SUFFIXES[number // SUFFIXED % len(SUFFIXES)]))
    return names


def _player(rng: np.random.Generator, number: int, name: tuple[str, str, str], position: str, place: int) -> Player:
    size = SIZE[position]
    country = COUNTRIES[int(rng.integers(len(COUNTRIES)))]
    height = round(74 + 9 * size + 1.2 * float(rng.standard_normal()))
    weight = round(185 + 65 * size + 9 * float(rng.standard_normal()))
    year = 2025 - int(rng.integers(1, 13 if place < 8 else 6))
    pick = int(rng.integers(1, 76))
    college = COLLEGES[int(rng.integers(len(COLLEGES)))] if country == "USA" else None
    draft = (year, 1 if pick <= 30 else 2, pick) if pick <= 60 else None
    return Player(number, FIRST_ID + number, *name, position, height, weight, college, country, draft, year)


def _talent(rng: np.random.Generator, place: Ints, positions: list[str]) -> Talent:
    size = np.array([SIZE[p] for p in positions])
    count = len(size)

    def noise(scale: float) -> Floats:
        return scale * rng.standard_normal(count)

    usage = np.array(USAGE)[place] * (1 + noise(0.09))
    ast = np.clip((1.9 - 1.5 * size) * (0.5 + 0.5 * usage) * (1 + noise(0.25)), 0.15, None)
    return Talent(
        minutes=np.clip(np.array(MINUTES)[place] * (1 + noise(0.05)), 1.0, 37.0),
        usage=np.clip(usage, 0.45, 1.75),
        three_share=np.clip(0.62 - 0.42 * size + noise(0.08), 0.03, 0.8),
        two_pct=np.clip(0.505 + 0.075 * size + noise(0.025), 0.42, 0.68),
        three_pct=np.clip(0.365 - 0.03 * size + noise(0.02), 0.27, 0.43),
        ft_pct=np.clip(0.83 - 0.11 * size + noise(0.05), 0.5, 0.93),
        ft_draw=np.clip(0.75 + 0.35 * size + noise(0.2), 0.3, None) * usage,
        oreb=np.clip(0.4 + 2.2 * size + noise(0.25), 0.1, None),
        dreb=np.clip(1.0 + 1.5 * size + noise(0.2), 0.4, None),
        ast=ast,
        stl=np.clip(1.2 - 0.4 * size + noise(0.25), 0.3, None),
        blk=np.clip(0.25 + 1.9 * size + noise(0.25), 0.05, None),
        tov=np.clip(usage * (0.6 + 0.35 * ast) * (1 + noise(0.12)), 0.2, None),
        pf=np.clip(0.8 + 0.6 * size + noise(0.15), 0.4, None),
        proneness=np.clip(0.004 + 0.016 * rng.gamma(3.0, 1 / 3, count), 0.004, 0.07),
    )
