"""A season, day by day: everything the files of a date tell, and the state that carries on to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nba_assets.league import TEAMS, Team
from nba_assets.simulator import market, rotation
from nba_assets.simulator.calendar import Calendar, Fixture, season_start
from nba_assets.simulator.draws import Flags, Floats, Ints, Purpose, generator
from nba_assets.simulator.game import HOME, TIRED, Side, TeamResult, expected_points, play
from nba_assets.simulator.health import Health, News
from nba_assets.simulator.names import referees
from nba_assets.simulator.roster import League, Player, draw_league
from nba_assets.simulator.trades import trade

FORM_KEPT, FORM_NOISE, FORM_START = 0.97, 0.018, 0.07
"""A man's form multiplies his shots by one plus itself; what stays of it from date to date, and what comes anew."""
FORM_SEEN = 0.6
"""What the market sees of it."""
REGULAR_PERIODS = 4
CAPTURES = {"early": dt.time(17, 0), "late": dt.time(22, 0)}
"""UTC; the earliest tip is 23:00."""
CLOSE = dt.timedelta(minutes=10)
"""Before each game's tip and after its decision: what the books say last of its players, of use to grade alone."""
KNOWN = {"early": News.MORNING, "late": News.AFTERNOON, "close": News.LATE}


@dataclass(frozen=True)
class Line:
    """A man in a game's book. `status`: active, dnp or inactive; `counts`, `seconds`, `plus_minus` only if active.

    `known`: since when of the day it is known that he is inactive.
    """

    player: Player
    status: str
    reason: str = ""
    start_position: str = ""
    seconds: int = 0
    plus_minus: int = 0
    counts: dict[str, int] | None = None
    known: News = News.MORNING


@dataclass(frozen=True)
class TeamNight:
    """A team in a played game. `record`: wins and losses before it."""

    team: Team
    lines: tuple[Line, ...]
    result: TeamResult
    record: tuple[int, int]

    @property
    def active(self) -> list[Line]:
        return [line for line in self.lines if line.status == "active"]

    def total(self, count: str) -> int:
        """The players' sum."""
        return int(self.result.counts[count].sum())


@dataclass(frozen=True, eq=False)
class GameNight:
    """A played game, equal to itself alone.

    By capture (`early`, `late`, `close`), `quotes`: the books' lines; `expected`: points of the two teams, home first,
    that follow from what is known then.
    """

    fixture: Fixture
    home: TeamNight
    away: TeamNight
    quotes: dict[str, list[market.Quote]]
    expected: dict[str, tuple[float, float]]
    referees: tuple[str, ...]
    attendance: int

    @property
    def sides(self) -> tuple[tuple[TeamNight, TeamNight], tuple[TeamNight, TeamNight]]:
        """(own, opponent) for home and away."""
        return (self.home, self.away), (self.away, self.home)

    @property
    def overtimes(self) -> int:
        return len(self.home.result.periods) - REGULAR_PERIODS


@dataclass(frozen=True)
class Listing:
    """A player on the morning's list: his team and number there."""

    player: Player
    team: Team
    jersey: str


@dataclass(frozen=True)
class Day:
    """A date with games of the league that `seed` fixes: the morning's player list, and its games in order of ids.

    `pdf`: gamebooks are written as PDF, not as their parsed twins.
    """

    seed: int
    day: dt.date
    listings: tuple[Listing, ...]
    games: tuple[GameNight, ...]
    pdf: bool = False


class Season:
    """A league going through its dates; every date draws from streams of its own.

    `overtimes`: of each date, so many games at least go to overtime. `pdf`: as its dates have it. `games`: how many
    there are on each date, instead of the weekday's usual number.
    """

    def __init__(
        self, seed: int, start: dt.date, overtimes: int = 0, *, pdf: bool = False, games: int | None = None
    ) -> None:
        self.seed = seed
        self.start = start
        self.overtimes = overtimes
        self.pdf = pdf
        self.games = games
        self.league: League = draw_league(seed)
        rng = generator(seed, Purpose.START, start)
        self.team: Ints = self.league.first_team.copy()
        self.jersey = list(self.league.first_jersey)
        self.form: Floats = FORM_START * rng.standard_normal(len(self.team))
        self.health = Health.at_start(rng, start, self.team)
        self.calendar = Calendar()
        self.season = season_start(start)
        self.records = np.zeros((len(TEAMS), 2), dtype=np.int64)

    def days(self, end: dt.date) -> Iterator[Day]:
        """The dates with games up to `end`. To be called once."""
        for ordinal in range(self.start.toordinal(), end.toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            played = self._date(day)
            if played.games:
                yield played

    def _date(self, day: dt.date) -> Day:
        if season_start(day) != self.season:
            self.season = season_start(day)
            self.records[:] = 0
        talent = self.league.talent
        trade(self._rng(Purpose.TRADES, day), day, self.league, self.team, self.jersey, self.health.out(day))
        news = self._rng(Purpose.FORM, day).standard_normal(len(self.team))
        self.form = FORM_KEPT * self.form + FORM_NOISE * news
        fixtures = self.calendar.fixtures(self._rng(Purpose.CALENDAR, day), day, self.games)
        playing = np.zeros(len(TEAMS), dtype=np.bool_)
        playing[[side for game in fixtures for side in (game.home, game.away)]] = True
        self.health.advance(self._rng(Purpose.HEALTH, day), day, talent.proneness, self.team, playing)
        listings = tuple(
            Listing(p, TEAMS[int(self.team[p.number])], self.jersey[p.number]) for p in self.league.players
        )
        rng = self._rng(Purpose.GAMES, day)
        quoted = self._rng(Purpose.MARKET, day), self._rng(Purpose.CLOSE, day)
        games = tuple(self._game(rng, quoted, game, n < self.overtimes) for n, game in enumerate(fixtures))
        return Day(self.seed, day, listings, games, self.pdf)

    def _rng(self, purpose: Purpose, day: dt.date) -> np.random.Generator:
        return generator(self.seed, purpose, day)

    def _game(
        self,
        rng: np.random.Generator,
        quoted: tuple[np.random.Generator, np.random.Generator],
        fixture: Fixture,
        to_overtime: bool,
    ) -> GameNight:
        pace = self._pace(fixture)
        out = self.health.out(fixture.day)
        sides = self._sides(fixture, out, 1 + self.form, (rotation.drawn_men(rng), rotation.drawn_men(rng)))
        results = play(rng, self.league.talent, sides, pace)
        while to_overtime and len(results[0].periods) == REGULAR_PERIODS:
            results = play(rng, self.league.talent, sides, pace)
        teams = (fixture.home, fixture.away)
        nights = [
            TeamNight(TEAMS[team], self._lines(side, result, fixture.day), result, self._record(team))
            for team, side, result in zip(teams, sides, results, strict=True)
        ]
        won = 0 if results[0].points > results[1].points else 1
        for n, team in enumerate(teams):
            self.records[team, 0 if n == won else 1] += 1
        crew = rng.permutation(len(referees()))[:3]
        quotes, expected = self._quotes(quoted, fixture, pace)
        return GameNight(
            fixture=fixture,
            home=nights[0],
            away=nights[1],
            quotes=quotes,
            expected=expected,
            referees=tuple(referees()[int(n)] for n in crew),
            attendance=int(rng.integers(14_500, 20_000)),
        )

    def _pace(self, fixture: Fixture) -> float:
        return 0.5 * float(self.league.pace[fixture.home] + self.league.pace[fixture.away])

    def _sides(self, fixture: Fixture, out: Flags, form: Floats, men: tuple[int, int]) -> tuple[Side, Side]:
        """Home and away as they would go into the game with these men out."""
        home_tired, away_tired = fixture.tired
        freshness = TIRED * (int(away_tired) - int(home_tired))
        return (
            self._side(fixture.home, fixture.away, HOME + freshness, out, form, men[0]),
            self._side(fixture.away, fixture.home, -HOME - freshness, out, form, men[1]),
        )

    def _side(self, team: int, other: int, edge: float, out: Flags, form: Floats, men: int) -> Side:
        league = self.league
        tonight = rotation.rotation(np.flatnonzero(self.team == team), league.talent.minutes, out, men)
        return Side(
            rotation=tonight,
            usage=(league.talent.usage * form)[tonight.men],
            efficiency=float(league.offense[team] * league.defense[other]) + edge,
        )

    def _quotes(
        self, quoted: tuple[np.random.Generator, np.random.Generator], fixture: Fixture, pace: float
    ) -> tuple[dict[str, list[market.Quote]], dict[str, tuple[float, float]]]:
        """What the books post at each capture for the men they expect to play, and what the teams are to score."""
        men = np.flatnonzero((self.team == fixture.home) | (self.team == fixture.away))
        opinions = market.Opinions.drawn(*quoted, len(men))
        quotes, totals = {}, {}
        for capture, news in KNOWN.items():
            out = self.health.known_out(fixture.day, news)
            usual = (rotation.USUAL_MEN, rotation.USUAL_MEN)
            sides = self._sides(fixture, out, 1 + FORM_SEEN * self.form, usual)
            listed = [side.rotation.men[: market.LISTED] for side in sides]
            home, away = (expected_points(self.league.talent, side, pace) for side in sides)
            totals[capture] = (float(home.sum()), float(away.sum()))
            expected = np.concatenate([home[: market.LISTED], away[: market.LISTED]])
            players = [int(player) for team in listed for player in team]
            places = [int(place) for place in np.searchsorted(men, players)]
            quotes[capture] = market.quotes(opinions, capture, players, places, expected)
        return quotes, totals

    def _lines(self, side: Side, result: TeamResult, day: dt.date) -> tuple[Line, ...]:
        """The team's part of the book: who played, in depth order, who did not, who was not dressed."""
        players, night = self.league.players, side.rotation
        starters = _start_positions([players[int(n)] for n in night.men[: rotation.ON_COURT]])
        lines = [
            Line(
                player=players[int(man)],
                status="active",
                start_position=starters[place] if place < rotation.ON_COURT else "",
                seconds=int(result.seconds[place]),
                plus_minus=int(result.plus_minus[place]),
                counts={name: int(values[place]) for name, values in result.counts.items()},
            )
            for place, man in enumerate(night.men)
        ]
        lines += [Line(players[int(man)], "dnp", "DNP - Coach's Decision") for man in night.bench]
        absent = [Line(players[int(man)], "inactive", "G League - Two-Way") for man in night.spare]
        for man in map(int, night.hurt):
            known = self.health.known(man, day)
            absent.append(Line(players[man], "inactive", self.health.reason(man), known=known))
        return (*lines, *sorted(absent, key=lambda line: (line.player.last_name, line.player.number)))

    def _record(self, team: int) -> tuple[int, int]:
        return int(self.records[team, 0]), int(self.records[team, 1])


def _start_positions(starters: list[Player]) -> list[str]:
    """Two guards, two forwards and a center, the smallest men first."""
    order = sorted(range(len(starters)), key=lambda n: (starters[n].height_in, starters[n].number))
    places = [""] * len(starters)
    for position, n in zip("GGFFC", order, strict=True):
        places[n] = position
    return places
