"""The league's injury reports of a date: three before the tips, each with what is known by then, and one after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from nba_assets.simulator.calendar import EASTERN
from nba_assets.simulator.draws import Floats, Ints, Purpose, generator
from nba_assets.simulator.files.folder import Folder
from nba_assets.simulator.files.injury_pdf import MARKER, Printed, draw
from nba_assets.simulator.health import INJURIES, News
from nba_assets.simulator.names import ascii_spelling
from nba_assets.simulator.roster import Player
from nba_assets.simulator.season import Day, GameNight, TeamNight

REPORTS = (
    (dt.time(11, 30), News.MORNING),
    (dt.time(16, 30), News.AFTERNOON),
    (dt.time(18, 30), News.LATE),
    (dt.time(22, 30), News.LATE),
)
"""New York's times in the titles, and what is known at each."""
PUBLISHED = dt.timedelta(minutes=3)
"""After the time in the title."""
HURTING = 0.04
"""Chance that a man who will play is listed before the last news."""
DOUBTED = 0.5
"""Chance that a man whose absence is not decided yet is listed as questionable."""

Listed = tuple[Player, str, str]
"""Player, status, reason."""


def write(folder: Folder, day: Day) -> None:
    """A PDF per report."""
    for time, news in REPORTS:
        titled = dt.datetime.combine(day.day, time, EASTERN)
        captured = (titled + PUBLISHED).astimezone(dt.UTC)
        name = f"nba-com/injury-report-pdf/{day.day}/{time:%H}/{captured:%Y%m%d_%H%M%S}.pdf"
        folder.write_bytes("nbac_injury_report", name, draw(titled, report(day, news)))


def report(day: Day, news: News) -> list[Printed]:
    """The rows of a report that knows so much; who is doubted or hurting is drawn alike for all reports of a date."""
    rng = generator(day.seed, Purpose.INJURY_REPORTS, day.day)
    rows = []
    for game in day.games:
        for night in (game.away, game.home):
            luck = rng.random((len(night.lines), 2))
            injuries = rng.integers(len(INJURIES), size=len(night.lines))
            tired = game.fixture.tired[0 if night is game.home else 1]
            if tired and news is News.MORNING:
                rows.append(_printed(game, night))
                continue
            listed = _listed(night, news, luck, injuries)
            rows += [_printed(game, night, man) for man in sorted(listed, key=lambda man: printed_name(man[0]))]
    return rows


def _listed(night: TeamNight, news: News, luck: Floats, injuries: Ints) -> Iterator[Listed]:
    """Who of a team is listed with which status: those known to be out, and some about whom there is doubt."""
    for line, (doubt, hurting), injury in zip(night.lines, luck, injuries, strict=True):
        if line.status == "inactive" and line.known <= news:
            yield line.player, "Out", line.reason
        elif line.status == "inactive" and doubt < DOUBTED:
            yield line.player, "Questionable", line.reason
        elif line.status == "active" and hurting < HURTING:
            status = "Available" if news is News.LATE else "Questionable" if doubt < DOUBTED else "Probable"
            yield line.player, status, f"Injury/Illness - {INJURIES[int(injury)]}"


def _printed(game: GameNight, night: TeamNight, man: Listed | None = None) -> Printed:
    tip = game.fixture.tip.astimezone(EASTERN)
    return Printed(
        date=f"{game.fixture.day:%m/%d/%Y}",
        time=f"{tip:%I:%M} (ET)",
        matchup=f"{game.away.team.tricode}@{game.home.team.tricode}",
        team=night.team.full_name,
        player=printed_name(man[0]) if man else "",
        status=man[1] if man else "",
        reason=man[2] if man else MARKER,
    )


def printed_name(player: Player) -> str:
    """`Last, First`, as the reports have it: without marks, the suffix with the last name."""
    return ascii_spelling(f"{player.last_name}, {player.first_name}")
