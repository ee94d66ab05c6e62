"""A simulated league around today: its history in a home, and the drops of one line, injury or box score each.

Three weeks of fifteen games a date up to yesterday, whose box scores are held back; tomorrow's schedule and rosters.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from nba_assets.commands.ingest import ingest_folder
from nba_assets.engine.platform import Platform, use
from nba_assets.settings import Settings
from nba_assets.simulator.calendar import EASTERN
from nba_assets.simulator.faults.night import Drop, drops_of
from nba_assets.simulator.files.injury_pdf import Printed, draw
from nba_assets.simulator.files.nbac_injury_report import printed_name
from nba_assets.simulator.season import Day, Season

SEED, GAMES, HISTORY = 7, 15, 21
PROPS, BOX_SCORES = "odds_api_player_points_props", ("nbac_gamebook_player_stats", "bdl_player_boxscores")
FORM = "%Y%m%d_%H%M%S"
MOVES = 3
"""Different places that a line moves to before it comes back."""


@dataclass(frozen=True)
class League:
    """A home, and the drops that come next; each is told once, by name and bytes."""

    home: Path
    yesterday: Day
    tomorrow: Day

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """The events of tomorrow's games in turn: the first ones, then with one man's line moved."""
        events = [drop for drop in drops_of(self.tomorrow).values() if drop.source == PROPS]
        first = [*{drop.name.rpartition("/")[0]: drop for drop in sorted(events, key=_newest_first)}.values()]
        for turn in count():
            for event in first:
                yield self._now(event.name, "-snap-1200.json"), _moved(event, turn)

    def injuries(self) -> Iterator[tuple[str, bytes]]:
        """Reports for tomorrow's games, each with one man more and, as they would come, a minute or more later."""
        began = dt.datetime.now(EASTERN) - dt.timedelta(hours=5)
        listed: dict[str, list[Printed]] = {}
        men = [
            (game, night, line.player)
            for number in range(8)
            for game in self.tomorrow.games
            for night in (game.home, game.away)
            for line in night.active[number : number + 1]
        ]
        for minute, (game, night, player) in enumerate(men):
            tip = game.fixture.tip.astimezone(EASTERN)
            listed.setdefault(night.team.tricode, []).append(
                Printed(
                    f"{self.tomorrow.day:%m/%d/%Y}",
                    f"{tip:%I:%M} (ET)",
                    f"{game.away.team.tricode}@{game.home.team.tricode}",
                    night.team.full_name,
                    printed_name(player),
                    "Out",
                    "Injury/Illness - Left Knee; Soreness",
                )
            )
            now = dt.datetime.now(EASTERN)
            name = f"nba-com/injury-report-pdf/{now.date()}/{now:%H}/x.pdf"
            order = [
                row
                for each in self.tomorrow.games
                for side in (each.away, each.home)
                for row in listed.get(side.team.tricode, [])
            ]
            yield self._now(name, ".pdf"), draw(began + dt.timedelta(minutes=minute), order)

    def box_scores(self) -> Iterator[tuple[str, bytes]]:
        """Yesterday's gamebooks, one game each."""
        for drop in sorted(drops_of(self.yesterday).values(), key=lambda drop: drop.name):
            if drop.source == BOX_SCORES[0]:
                yield drop.name, drop.data

    def _now(self, name: str, ending: str) -> str:
        return f"{name.rpartition('/')[0]}/{dt.datetime.now(dt.UTC):{FORM}}{ending}"


@contextmanager
def league() -> Iterator[League]:
    """A league in a home of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="nba_assets_bench_", ignore_cleanup_errors=True) as work:
        home, drops = Path(work) / "home", Path(work) / "drops"
        last = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
        days = list(Season(SEED, last - dt.timedelta(days=HISTORY), games=GAMES).days(last))
        yesterday = days[-3]
        for day in days:
            for drop in drops_of(day).values():
                if not _comes_later(drop, day, yesterday, days[-1]):
                    (drops / drop.name).parent.mkdir(parents=True, exist_ok=True)
                    (drops / drop.name).write_bytes(drop.data)
        platform = Platform.open(Settings(home=home))
        use(platform)
        try:
            ingest_folder(platform, drops)
        finally:
            use(None)
            platform.close()
        yield League(home, yesterday, days[-1])


def _comes_later(drop: Drop, day: Day, yesterday: Day, tomorrow: Day) -> bool:
    if day is yesterday:
        return drop.source in BOX_SCORES
    noon = dt.datetime.combine(tomorrow.day, dt.time(12))
    return (day is tomorrow and drop.captured > noon) or (
        day.day == tomorrow.day - dt.timedelta(days=1) and _played(drop, day)
    )


def _played(drop: Drop, day: Day) -> bool:
    """Whether a drop tells of games that have been played."""
    return drop.captured > dt.datetime.combine(day.day, dt.time(22))


def _newest_first(drop: Drop) -> tuple[str, str]:
    return drop.name.rpartition("/")[0], drop.name


def _moved(event: Drop, turn: int) -> bytes:
    """The event's payload; from the second turn on with the line of one man moved, another one's turn by turn."""
    payload: Any = event.payload()
    outcomes = [o for book in payload["bookmakers"] for market in book["markets"] for o in market["outcomes"]]
    men = sorted({outcome["description"] for outcome in outcomes})
    for outcome in outcomes:
        if turn and outcome["description"] == men[turn // MOVES % len(men)]:
            outcome["point"] += 1.0 + turn % MOVES
    return json.dumps(payload).encode()
