"""The play-by-play of a simulated game: a full list of events that adds up to its box score."""

from __future__ import annotations

import functools
from itertools import accumulate

from nba_assets.simulator.draws import Purpose, generator
from nba_assets.simulator.events.casting import Box, Course, course
from nba_assets.simulator.events.dice import Dice
from nba_assets.simulator.events.event import Event
from nba_assets.simulator.events.interruptions import interruptions
from nba_assets.simulator.events.lineups import period_lengths
from nba_assets.simulator.events.telling import Teller
from nba_assets.simulator.season import GameNight, TeamNight

__all__ = ["Event", "play_by_play"]
DRAWS = 2000
"""Courses drawn until one fits the box score; about one game in twenty needs a second."""
DATE = 16
"""Games kept, so that a date's writers share them."""


@functools.lru_cache(maxsize=DATE)
def play_by_play(seed: int, game: GameNight) -> tuple[Event, ...]:
    """The events of a game in order, drawn from a stream of its own.

    They keep every identity of the box score: each man's shots, free throws, rebounds, assists, steals, blocks,
    turnovers, fouls and seconds, and both teams' points in every period. Beside them are rebounds and turnovers of
    the teams. A man's plus-minus is not the box score's, which draws it by itself.
    """
    dice = Dice(generator(seed, Purpose.EVENTS, game.fixture.day, int(game.fixture.game_id)))
    home, away = _box(game.home), _box(game.away)
    found = _course(dice, home, away, game.fixture.game_id)
    lengths = period_lengths(len(home.periods))
    fouls = ([line["pf"] for line in home.counts], [line["pf"] for line in away.counts])
    stops = interruptions(dice, found, list(accumulate(lengths)), fouls)
    men = ([line.player for line in game.home.active], [line.player for line in game.away.active])
    return tuple(Teller(dice, found, stops, lengths, men).told())


def _course(dice: Dice, home: Box, away: Box, game_id: str) -> Course:
    for _ in range(DRAWS):
        found = course(dice, home, away)
        if found is not None:
            return found
    raise RuntimeError(f"no course of game {game_id} in {DRAWS} draws adds up to its box score")


def _box(team: TeamNight) -> Box:
    active = team.active
    return Box(
        counts=[line.counts or {} for line in active],
        seconds=[line.seconds for line in active],
        periods=team.result.periods,
        team_turnovers=team.result.team_turnovers,
    )
