"""The league's injury reports: PDFs at set times of the day, named by the time in New York."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from nba_assets.fetching.bodies import pdf
from nba_assets.fetching.cadence import Cadence, Window
from nba_assets.fetching.fetchers import Fetcher
from nba_assets.fetching.session import NOT_PUBLISHED, Ask, Session
from nba_assets.league import LEAGUE_ZONE

BASE = "https://ak-static.cms.nba.com/referee/injury"
MAX_BYTES = 16 * 1024 * 1024
LOOK_BACK = dt.timedelta(hours=2)
"""How far back a report of the day is looked for: the newest replaces all before it."""
PUBLISHED_BY = dt.timedelta(minutes=30)
"""A report is there so soon after the time in its name."""
HOURLY_UNTIL, QUARTERS_SINCE = dt.date(2025, 12, 26), dt.date(2025, 12, 20)
"""The names changed about 2025-12-23: around it both forms are tried."""


@dataclass(frozen=True)
class Slot:
    """A time at which a report may stand, and its name."""

    at: dt.datetime
    name: str


def slots(day: dt.date) -> list[Slot]:
    """Every name that a report of the date may have, in order: `…_12PM` is the report of 12:30."""
    found = []
    for minutes in range(0, 24 * 60, 15):
        at = dt.datetime.combine(day, dt.time(minutes // 60, minutes % 60), LEAGUE_ZONE)
        if at.minute == 30 and day < HOURLY_UNTIL:
            found.append(Slot(at, f"Injury-Report_{day}_{at:%I%p}.pdf"))
        if day >= QUARTERS_SINCE:
            found.append(Slot(at, f"Injury-Report_{day}_{at:%I_%M%p}.pdf"))
    return found


def fetch(session: Session, ask: Ask) -> None:
    """One file a report that has not landed yet: of a past date all, of today those of the last two hours."""
    since = ask.now - LOOK_BACK
    for slot in slots(ask.day):
        if slot.at > ask.now or (slot.at < since and not ask.is_past):
            continue
        url = f"{BASE}/{slot.name}"
        if session.has_landed(url):
            session.note("unchanged", f"{slot.name}: landed before")
            continue
        with session.piece(slot.name):
            answer = session.get(url, pdf, missing=NOT_PUBLISHED, max_bytes=MAX_BYTES)
            name = f"nba-com/injury-report-pdf/{ask.day}/{slot.at:%H}/{answer.stamp}.pdf"
            session.land(name, answer, conditional_url=url, due_at=slot.at + PUBLISHED_BY)


FETCHER = Fetcher(
    fetch=fetch,
    cadence=Cadence(window=Window(opens=dt.time(10, 0), closes=dt.timedelta(), every=15), closing=True),
)
