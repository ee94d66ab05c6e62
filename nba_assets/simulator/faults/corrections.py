"""Another truth about a game: one made shot belongs to a team mate. No total moves."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from nba_assets.simulator.faults.flags import Flag
from nba_assets.simulator.faults.night import Effect, Night
from nba_assets.simulator.season import Day, GameNight, Line, TeamNight

BOXES = ("nbac_gamebook_player_stats", "bdl_player_boxscores", "nbac_player_boxscores", "nbac_team_boxscore")
SECOND_SOURCE = "bdl_player_boxscores"


def correction(night: Night, flag: Flag) -> None:
    """Days later every box score of the date's first game gives one basket to a team mate of who had it."""
    days = dt.timedelta(days=flag.number(flag.name, 3))
    for here, other in night.told_otherwise(corrected_day(night.day)):
        if here.source in BOXES:
            again = other.later(days)
            night.add(again, Effect(flag.name, again.name, "a basket belongs to a team mate"))


def conflict(night: Night, flag: Flag) -> None:
    """In a share of the dates the second source of box scores gives a basket to another man than the gamebook."""
    if night.rng.random() * 100 >= flag.number(flag.name, 5):
        return
    for here, other in night.told_otherwise(corrected_day(night.day)):
        if here.source == SECOND_SOURCE:
            night.add(other, Effect(flag.name, other.name, "another man has the basket"))


def corrected_day(day: Day) -> Day:
    """The date with one two-point basket of its first game's home team given to a team mate who had missed one."""
    first, *others = day.games
    return replace(day, games=(_corrected(first), *others))


def _corrected(game: GameNight) -> GameNight:
    home = game.home
    active = [n for n, line in enumerate(home.lines) if line.counts is not None]
    giver = max(active, key=lambda n: _twos(home.lines[n]))
    takers = [n for n in active if n != giver and _missed_twos(home.lines[n])]
    taker = max(takers, key=lambda n: _missed_twos(home.lines[n]))
    return replace(game, home=_given(_given(home, giver, -1), taker, 1))


def _twos(line: Line) -> int:
    return line.counts["fgm"] - line.counts["fg3m"] if line.counts else 0


def _missed_twos(line: Line) -> int:
    counts = line.counts
    return (counts["fga"] - counts["fg3a"]) - (counts["fgm"] - counts["fg3m"]) if counts else 0


def _given(team: TeamNight, man: int, baskets: int) -> TeamNight:
    """The team with so many more baskets of one man (by his place among the lines, actives first in depth order)."""
    line = team.lines[man]
    counts = dict(line.counts or {})
    counts |= {"fgm": counts["fgm"] + baskets, "pts": counts["pts"] + 2 * baskets}
    lines = (*team.lines[:man], replace(line, counts=counts), *team.lines[man + 1 :])
    arrays = {name: values.copy() for name, values in team.result.counts.items()}
    arrays["fgm"][man] += baskets
    arrays["pts"][man] += 2 * baskets
    return replace(team, lines=lines, result=replace(team.result, counts=arrays))
