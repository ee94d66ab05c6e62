"""The gamebook as PDF, read line by line into what its parsed twin has. `unverified_format`: no intact file was seen.

In order: date and arena, officials, duration, attendance; `VISITOR: Team (W-L)` with its men and totals, `HOME: ...`
with the same; the score by period; each team's inactive list, men with reasons, over as many lines as it takes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from nba_assets.league import by_tricode, tricode_of
from nba_assets.sources.gamebook import TWIN, Book, Men
from nba_assets.sources.pairs import CODE, Pair, pair_of_code
from nba_assets.sources.payload import PayloadError
from nba_assets.sources.pdf import Page, continued, text_of

ORDER = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "reb", "ast", "pf", "stl", "tov", "blk")
"""The numbers of a line; of a man's +/- and points follow, of a team's points alone (or +/- too)."""
DATE = re.compile(r"\b([A-Z][a-z]+ \d{1,2}, \d{4})\b")
TEAM = re.compile(r"(?:(VISITOR|HOME): )?(.+?) \(\d+-\d+\)")
PLAYED = re.compile(r"(\d{1,2}) (.+?)(?: ([FGC]))? (\d{1,2}:[0-5]\d) (.+)")
RESTED = re.compile(r"(\d{1,2}) (.+?) ((?:DNP|DND|NWT)\b.*)")
TOTALS = re.compile(r"(?:TOTALS?:? )?(\d{3}:[0-5]\d) (.+)")
LISTED = re.compile(r"\d{1,2} \D.*")
"""What begins like a man's line."""
WORDS = re.compile(r"[^\d:%]+")
"""The rest of a reason, on a line of its own."""
PERIODS = re.compile(r"(.+?)((?: \d+){5,})")
SCORES = "SCORE BY PERIOD"
INACTIVE = "Inactive:"
MAN_OUT = re.compile(r"(.+?) ?\((.*)\)", re.DOTALL)
REGULATION = 4


@dataclass
class _Side:
    """A team's part of the book."""

    tricode: str
    active: Men = field(default_factory=list)
    dnp: Men = field(default_factory=list)
    inactive: Men = field(default_factory=list)
    total: dict[str, int] | None = None
    total_place: str = ""
    periods: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return by_tricode()[self.tricode].full_name


Line = tuple[str, str]
"""(place, text)."""


def read_book(pages: Sequence[Page], object_name: str) -> Book:
    """The book of one game.

    Raises `PayloadError` with page and line by rule `layout`, `date`, `teams`, `code`, `line` (not the numbers of a
    line), `inactive` or `B8` (periods against the final score).
    """
    lines = [(f"{page.place}, line {n}", text_of(line)) for page in pages for n, line in enumerate(page.lines, 1)]
    sides, labels = _sides(lines)
    pair = _pair(lines, [side.tricode for side in sides], labels, object_name)
    _read_periods(lines, sides)
    _read_inactive(lines, sides)
    for side in sides:
        if side.periods and side.total and sum(side.periods[:-1]) != side.periods[-1]:
            message = f"{side.tricode}: periods {side.periods[:-1]} do not add up to {side.periods[-1]}"
            raise PayloadError(side.total_place, "B8", message)
        if side.periods and side.total and side.periods[-1] != side.total["pts"]:
            message = f"{side.tricode}: {side.total['pts']} points in the totals, {side.periods[-1]} in the score"
            raise PayloadError(side.total_place, "B8", message)
    played = {len(side.periods) - 1 for side in sides if side.periods}
    return Book(
        pair=pair,
        active=[man for side in sides for man in side.active],
        dnp=[man for side in sides for man in side.dnp],
        inactive=[man for side in sides for man in side.inactive],
        totals={side.tricode: side.total for side in sides if side.total},
        overtimes=played.pop() - REGULATION if len(played) == 1 else None,
    )


def _sides(lines: Sequence[Line]) -> tuple[list[_Side], list[str]]:
    """The two teams' blocks, each from its heading to its totals, and the labels of their headings."""
    sides: list[_Side] = []
    labels: list[str] = []
    is_open = False
    for place, text in lines:
        heading = TEAM.fullmatch(text)
        if heading and len(sides) < 2 and (heading[1] or tricode_of(heading[2])):
            tricode = tricode_of(heading[2])
            if tricode is None or (is_open and sides):
                message = (
                    f"{heading[2]!r} is no team" if tricode is None else f"no totals of {sides[-1].name} before it"
                )
                raise PayloadError(place, "teams" if tricode is None else "layout", message, text)
            sides.append(_Side(tricode))
            labels.append(heading[1] or "")
            is_open = True
        elif is_open:
            is_open = not _read_line(sides[-1], place, text)
    if len(sides) != 2 or is_open:
        raise PayloadError(
            lines[-1][0] if lines else "page 1", "layout", f"{len(sides)} of two teams with their totals"
        )
    return sides, labels


def _read_line(side: _Side, place: str, text: str) -> bool:
    """Read one line of a team's block; whether it is the last, the totals."""
    if totals := TOTALS.fullmatch(text):
        numbers = _numbers(totals[2], place, text, (len(ORDER) + 1, len(ORDER) + 2))
        side.total = dict(zip(ORDER, numbers, strict=False)) | {"pts": numbers[-1]}
        side.total_place = place
        return True
    if played := PLAYED.fullmatch(text):
        jersey, name, position, minutes, rest = played.groups()
        *counts, plus_minus, points = _numbers(rest, place, text, (len(ORDER) + 2,))
        line = dict(zip(ORDER, counts, strict=True)) | {"pts": points}
        stats = {TWIN[key]: value for key, value in line.items()} | {"minutes": minutes, "plus_minus": plus_minus}
        side.active.append((place, _man(side, jersey, name) | {"position": position or "", "stats": stats}))
    elif rested := RESTED.fullmatch(text):
        side.dnp.append((place, _man(side, rested[1], rested[2]) | {"dnp_reason": rested[3]}))
    elif LISTED.fullmatch(text):
        raise PayloadError(place, "line", f"neither statistics nor why he did not play: {text!r}", text)
    elif side.dnp and WORDS.fullmatch(text):
        side.dnp[-1][1]["dnp_reason"] = continued(side.dnp[-1][1]["dnp_reason"], text)
    return False


def _man(side: _Side, jersey: str, name: str) -> dict[str, Any]:
    return {"name": name, "team": side.name, "jersey": jersey}


def _numbers(text: str, place: str, line: str, counts: Sequence[int]) -> list[int]:
    """The whole numbers of a line, as many as there must be: none is ever filled in."""
    found = text.split(" ")
    if len(found) not in counts or not all(re.fullmatch(r"[+-]?\d{1,3}", number) for number in found):
        message = f"{len(found)} values after the minutes, not {' or '.join(map(str, counts))} whole numbers: {text!r}"
        raise PayloadError(place, "line", message, line)
    return [int(number) for number in found]


def _pair(lines: Sequence[Line], teams: Sequence[str], labels: Sequence[str], object_name: str) -> Pair:
    """The game: teams by their labels, at a neutral site by the code in the name; the date by the first page's head."""
    dates = [found[1] for _, text in lines[:5] if (found := DATE.search(text))]
    try:
        date = pd.Timestamp(dt.datetime.strptime(dates[0] if dates else "", "%B %d, %Y"))  # noqa: DTZ007
    except ValueError:
        raise PayloadError("page 1, line 1", "date", "no date as 'April 10, 2024' at the head", lines[0][1]) from None
    coded = next((pair_of_code(part) for part in object_name.split("/") if CODE.fullmatch(part)), None)
    if labels == ["VISITOR", "HOME"]:
        told = Pair(date, teams[0], teams[1])
    elif labels == ["HOME", "VISITOR"]:
        told = Pair(date, teams[1], teams[0])
    elif coded is not None and {coded.away, coded.home} == set(teams):
        told = Pair(date, coded.away, coded.home)
    else:
        raise PayloadError("page 1", "teams", f"which of {' and '.join(teams)} is at home is said nowhere")
    if coded is not None and coded != told:
        raise PayloadError("page 1", "code", f"a book of {told.label} under the code {coded.label}")
    return told


def _read_periods(lines: Sequence[Line], sides: Sequence[_Side]) -> None:
    """Each team's points by period, the final score last."""
    start = next((n for n, (_, text) in enumerate(lines) if text.upper().startswith(SCORES)), len(lines))
    for _, text in lines[start + 1 : start + 3]:
        found = PERIODS.fullmatch(text)
        side = _side_of(found[1], sides) if found else None
        if found and side:
            side.periods = [int(number) for number in found[2].split()]


def _side_of(name: str, sides: Sequence[_Side]) -> _Side | None:
    """The team of a nickname or full name."""
    said = name.strip().casefold()
    for side in sides:
        if said in (by_tricode()[side.tricode].name.casefold(), side.name.casefold()):
            return side
    return None


def _read_inactive(lines: Sequence[Line], sides: Sequence[_Side]) -> None:
    """The men of each `Inactive:` list, with their reasons."""
    for place, text in _inactive_lists(lines):
        nickname, _, men = text.partition(" - ")
        side = _side_of(nickname, sides)
        if side is None:
            raise PayloadError(place, "inactive", f"{nickname!r} is neither team", text[:120])
        for said in _outside_brackets(men):
            man = MAN_OUT.fullmatch(said)
            if man is None:
                raise PayloadError(place, "inactive", f"{said!r} is no man with a reason in brackets", said[:120])
            side.inactive.append((place, {"name": man[1], "team": side.name, "reason": man[2]}))


def _inactive_lists(lines: Sequence[Line]) -> Iterator[Line]:
    """(place, text after the label) of every list: it ends with its last bracket, whatever follows."""
    where, said = "", ""
    for place, text in lines:
        before, *parts = text.split(INACTIVE)
        if said and not _is_complete(said):
            said = continued(said, before.strip())
        for part in parts:
            if where:
                yield where, said
            where, said = place, part.strip()
    if where:
        yield where, said


def _is_complete(said: str) -> bool:
    return said.endswith(")") and said.count("(") == said.count(")")


def _outside_brackets(text: str) -> Iterator[str]:
    """The parts between commas that no bracket encloses."""
    depth, start = 0, 0
    for place, character in enumerate(f"{text},"):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth <= 0:
            part = text[start:place].strip()
            if part and part.casefold() != "none":
                yield part
            start = place + 1
