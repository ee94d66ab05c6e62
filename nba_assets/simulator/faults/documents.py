"""Injury reports of many pages, and in a layout that nobody has seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import cycle, islice

from nba_assets.simulator.calendar import EASTERN
from nba_assets.simulator.faults.flags import Flag
from nba_assets.simulator.faults.night import Drop, Effect, Night
from nba_assets.simulator.files.injury_pdf import CHARACTERS, Printed, draw
from nba_assets.simulator.files.nbac_injury_report import PUBLISHED, report
from nba_assets.simulator.health import News

SOURCE = "nbac_injury_report"
LONG, ODD = dt.time(19, 0), dt.time(19, 15)
"""Titles' times of the long report and of the one in another layout."""
LINES_A_PAGE = 27
WORDS = ("Contusion", "Soreness", "Management", "Reconditioning")
OTHER_HEADER = ("Day", "Tip", "Game", "Club", "Name", "Availability", "Why")


def injury_pdf(night: Night, flag: Flag) -> None:
    """A report whose reasons fill so many pages (`pages=4`), and one in another layout (`layout=v2`)."""
    options = flag.options or {"pages": "4", "layout": "v2"}
    rows = report(night.day, News.LATE)
    if "pages" in options:
        pages = flag.number("pages", 4)
        long = [_wordy(row, pages * LINES_A_PAGE // max(len(rows), 1)) for row in rows]
        drop = _drop(night, LONG, draw(_titled(night, LONG), long))
        night.add(drop, Effect(flag.name, drop.name, f"reasons that fill {pages} pages"))
    if "layout" in options:
        drop = _drop(night, ODD, draw(_titled(night, ODD), rows, OTHER_HEADER))
        night.add(drop, Effect(flag.name, drop.name, "columns of other names", expected="bad", valid=False))


def _wordy(row: Printed, lines: int) -> Printed:
    """The row with a reason of so many lines; a team that has not submitted has none."""
    if not row.player:
        return row
    words = " ".join(islice(cycle(WORDS), (lines + 1) * CHARACTERS // 10))
    return replace(row, reason=f"{row.reason}; {words}"[: (lines + 1) * CHARACTERS].rpartition(" ")[0])


def _titled(night: Night, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(night.day.day, time, EASTERN)


def _drop(night: Night, time: dt.time, data: bytes) -> Drop:
    captured = (_titled(night, time) + PUBLISHED).astimezone(dt.UTC)
    folder = f"nba-com/injury-report-pdf/{night.day.day}/{time:%H}"
    return Drop(SOURCE, f"{folder}/{captured:%Y%m%d_%H%M%S}.pdf", data)
