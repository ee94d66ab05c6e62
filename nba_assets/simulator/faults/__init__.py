"""What goes wrong on the way from a source to the landing zone, by name: seeded, and every file it touches reported.

The ids are those of the faults that production has seen: F01 a late source, F22 an injury report of several pages, ...
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nba_assets.errors import UsageError
from nba_assets.simulator.draws import Purpose, generator
from nba_assets.simulator.faults import arrival, corrections, documents, fixtures, lines, people, spoiled
from nba_assets.simulator.faults.flags import Flag, read_flag
from nba_assets.simulator.faults.night import Effect, Night
from nba_assets.simulator.files.folder import Folder
from nba_assets.simulator.season import Day, Season

OnNight = Callable[[Night, Flag], None]
OnDay = Callable[[Day, Flag], Day]


@dataclass(frozen=True)
class Fault:
    """A fault: its id, and what it does to a date's drops, or to the date before its drops are written."""

    id: str
    on_night: OnNight | None = None
    on_day: OnDay | None = None


FAULTS: dict[str, Fault] = {
    "late": Fault("F01", arrival.late),
    "empty_then_full": Fault("F02", arrival.empty_then_full),
    "html": Fault("F03", spoiled.html),
    "truncated": Fault("F03", spoiled.truncated),
    "schema": Fault("F04", spoiled.schema),
    "missing_games": Fault("F06", arrival.missing_games),
    "paging_cut": Fault("F06", arrival.paging_cut),
    "duplicate": Fault("F07", arrival.duplicate),
    "out_of_order": Fault("F08", arrival.out_of_order),
    "correction": Fault("F09", corrections.correction),
    "postponed": Fault("F10", fixtures.postponed),
    "late_tip": Fault("F11", on_day=fixtures.late_tip),
    "names": Fault("F13", people.names, people.collided),
    "trade": Fault("F15", people.trade),
    "ids_as_int": Fault("F16", spoiled.ids_as_int),
    "minutes_format": Fault("F16", spoiled.minutes_format),
    "line_move": Fault("F17", lines.line_move),
    "lines": Fault("F17", lines.lines),
    "no_lines": Fault("F18", lines.no_lines),
    "event_remap": Fault("F19", lines.event_remap),
    "in_progress": Fault("F20", arrival.in_progress),
    "overtime": Fault("F21"),
    "forfeit": Fault("F21", fixtures.forfeit),
    "injury_pdf": Fault("F22", documents.injury_pdf),
    "conflict": Fault("F23", corrections.conflict),
}
"""By name. `overtime` is played, not written: the season itself knows it."""


def simulate_with_faults(
    out: Path,
    *,
    seed: int,
    start: dt.date,
    end: dt.date,
    faults: Sequence[str],
    pdf: bool = False,
    games: int | None = None,
) -> tuple[dict[str, int], list[Effect]]:
    """Write a simulated league's drops with these faults in them; the files by source, and what was done to which.

    A fault acts on every date. `games`: how many there are on each, if not the weekday's usual number. Raises
    `UsageError` for an unknown fault and a negative seed.
    """
    if seed < 0:
        raise UsageError(f"--seed {seed} is negative", "give 0 or more")
    flags = [read_flag(text) for text in faults]
    for flag in flags:
        if flag.name not in FAULTS:
            raise UsageError(f"no fault is called {flag.name!r}", f"there are {', '.join(sorted(FAULTS))}")
    overtimes = max((flag.number("overtime", 1) for flag in flags if flag.name == "overtime"), default=0)
    folder, effects = Folder(out), []
    for day in Season(seed, start, overtimes, pdf=pdf, games=games).days(end):
        night = spoil(day, flags)
        for drop in night.drops.values():
            folder.write_bytes(drop.source, drop.name, drop.data)
        effects += night.effects
    return dict(sorted(folder.written.items())), effects


def spoil(day: Day, flags: Sequence[Flag]) -> Night:
    """A date's drops with the faults in them."""
    for flag in flags:
        change = FAULTS[flag.name].on_day
        day = day if change is None else change(day, flag)
    night = Night(day, generator(day.seed, Purpose.FAULTS, day.day))
    for flag in flags:
        act = FAULTS[flag.name].on_night
        if act is not None:
            act(night, flag)
    return night
