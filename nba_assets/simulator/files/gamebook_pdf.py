"""A gamebook drawn as PDF, in the layout that the league is known to print; no intact real one was seen."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from nba_assets.simulator.calendar import local_time
from nba_assets.simulator.files.league_tables import clock
from nba_assets.simulator.files.nbac_schedule import arena_name
from nba_assets.simulator.files.pdf import Pdf
from nba_assets.simulator.names import ascii_spelling
from nba_assets.simulator.season import GameNight, Line, TeamNight

WIDTH, HEIGHT = 612.0, 792.0
LEFT, SIZE, LEADING = 24.0, 7.0, 10.0
POSITION, MINUTES, FIRST_NUMBER, NEXT_NUMBER = 170.0, 190.0, 222.0, 23.0
"""Where the columns of a man's line begin."""
HEADER = ("FG", "FGA", "3P", "3PA", "FT", "FTA", "OR", "DR", "TOT", "A", "PF", "ST", "TO", "BS", "+/-", "PTS")
COUNTS = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "reb", "ast", "pf", "stl", "tov", "blk")
CHARACTERS = 130
"""Of a line of the inactive lists."""


def draw(game: GameNight, jerseys: Mapping[int, str]) -> bytes:
    """The book of a game; `jerseys` by player number."""
    drawing = _Drawing()
    home = game.home.team
    tip = local_time(game.fixture.tip, home)
    drawing.line(f"{tip:%A, %B} {game.fixture.day.day}, {game.fixture.day.year} {arena_name(game)}, {home.city}")
    drawing.line(f"Officials: {', '.join(ascii_spelling(name) for name in game.referees)}")
    drawing.line(f"Attendance: {game.attendance}")
    for label, night in (("VISITOR", game.away), ("HOME", game.home)):
        drawing.team(label, night, jerseys)
    periods = len(game.home.result.periods)
    drawing.line(f"SCORE BY PERIOD {' '.join(str(n) for n in range(1, periods + 1))} FINAL")
    for night in (game.away, game.home):
        scores = (*night.result.periods, night.result.points)
        drawing.line(f"{night.team.name} {' '.join(map(str, scores))}")
    for night in (game.away, game.home):
        absent = [line for line in night.lines if line.status == "inactive"]
        said = ", ".join(f"{ascii_spelling(line.player.last_name)} ({line.reason})" for line in absent)
        for words in textwrap.wrap(f"Inactive: {night.team.name} - {said or 'None'}", CHARACTERS):
            drawing.line(words)
    return drawing.pdf.data()


class _Drawing:
    def __init__(self) -> None:
        self.pdf = Pdf(WIDTH, HEIGHT)
        self.pdf.page()
        self.y = 24.0

    def line(self, words: str) -> None:
        """A line of text."""
        self.pdf.text(LEFT, self.y, words, SIZE)
        self.y += LEADING

    def team(self, label: str, night: TeamNight, jerseys: Mapping[int, str]) -> None:
        """A team's heading, men and totals."""
        won, lost = night.record
        self.line(f"{label}: {night.team.full_name} ({won}-{lost})")
        self._row("POS", "MIN", HEADER)
        for line in night.lines:
            if line.counts is not None:
                counts: list[int | str] = [line.counts[name] for name in COUNTS]
                self.pdf.text(LEFT, self.y, _who(line, jerseys), SIZE)
                self._row(line.start_position, clock(line.seconds), [*counts, line.plus_minus, line.counts["pts"]])
            elif line.status == "dnp":
                self.line(f"{_who(line, jerseys)} {line.reason}")
        totals: list[int | str] = [*(night.total(name) for name in COUNTS), "", night.result.points]
        self._row("", clock(int(night.result.seconds.sum())), totals)

    def _row(self, position: str, minutes: str, numbers: Sequence[int | str]) -> None:
        for left, words in ((POSITION, position), (MINUTES, minutes)):
            if words:
                self.pdf.text(left, self.y, words, SIZE)
        for place, number in enumerate(numbers):
            if number != "":
                self.pdf.text(FIRST_NUMBER + NEXT_NUMBER * place, self.y, str(number), SIZE)
        self.y += LEADING


def _who(line: Line, jerseys: Mapping[int, str]) -> str:
    return f"{jerseys[line.player.number]} {ascii_spelling(line.player.full_name)}"
