"""A user's own history of lines: from a CSV file to drops of `odds_api_player_points_props` below `imported/lines/`."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from nba_assets.league import tricode_of
from nba_assets.sources.books import book_of
from nba_assets.sources.imported_players import Registry
from nba_assets.sources.moments import day, instant
from nba_assets.sources.names import player_lookup
from nba_assets.sources.pairs import Pair
from nba_assets.sources.payload import shown
from nba_assets.sources.prices import HIGHEST, LEAST_IMPLIED, LOWEST, Line, Price, american, price

COLUMNS = (
    "game_date",
    "player",
    "player_id",
    "team",
    "book",
    "line",
    "over_price",
    "under_price",
    "captured_at",
)
"""What they mean: `nba-assets import-lines --help`."""
REQUIRED = ("game_date", "book", "line", "captured_at")
ONE_OF = (("player", "player_id"), ("over_price", "under_price"))
PREFIX = "imported/lines/"
EVENT = "imported"


@dataclass(frozen=True)
class ImportedLine:
    """One row of the file: a line of a player at a book; `number`: where it ends in the file."""

    number: int
    game_date: dt.date
    player: str
    player_id: str | None
    team: str | None
    book: str
    point: float
    over: Price | None
    under: Price | None
    captured_at: dt.datetime


@dataclass(frozen=True)
class Problem:
    """A row that is refused, and by which rule; line 0 is the file itself."""

    number: int
    rule: str
    message: str


class RowError(Exception):
    """The rule that a row breaks."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def read_lines(data: bytes, now: dt.datetime) -> tuple[list[ImportedLine], list[Problem]]:
    """The file's rows that keep the rules of their columns (`COLUMNS`), and the others' problems."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Problem(0, "encoding", f"not UTF-8: byte {error.start} is {data[error.start]:#04x}")]
    lines: list[ImportedLine] = []
    problems: list[Problem] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = [name.strip() for name in next(reader, [])]
        if problem := _of_head(head):
            return [], [problem]
        for cells in reader:
            if not any(cells):
                continue
            try:
                lines.append(_line(reader.line_num, head, cells, now))
            except RowError as error:
                problems.append(Problem(reader.line_num, error.rule, str(error)))
    except csv.Error as error:
        problems.append(Problem(reader.line_num, "csv", f"{error}; nothing is read from here on"))
    return lines, problems


def place(
    lines: Sequence[ImportedLine], games: dict[tuple[dt.date, str], Pair], registry: Registry
) -> tuple[dict[Pair, list[ImportedLine]], list[Problem]]:
    """The lines by game, each of a known game and none at odds with another; and the problems of the others.

    `games`: by date and team. Where a line has no team the registry's for that date counts; who might be in more games
    than one is refused.
    """
    found: dict[Pair, list[ImportedLine]] = defaultdict(list)
    taken: dict[tuple[Any, ...], tuple[Price | None, Price | None, int]] = {}
    problems = []
    for line in lines:
        try:
            pair, named = _game(line, games, registry)
            for kept in _agreed(pair, named, taken):
                found[pair].append(kept)
        except RowError as error:
            problems.append(Problem(line.number, error.rule, str(error)))
    return found, problems


def drops(lines: dict[Pair, list[ImportedLine]]) -> Iterator[tuple[str, bytes]]:
    """Object names and bytes: one drop per game and capture time, whatever the order of the lines."""
    for pair, of_game in lines.items():
        captures: dict[dt.datetime, list[ImportedLine]] = defaultdict(list)
        for line in of_game:
            captures[line.captured_at].append(line)
        for captured_at, posted in captures.items():
            data = orjson.dumps(_envelope(pair, captured_at, posted), option=orjson.OPT_SORT_KEYS)
            folder = f"{pair.away}{pair.home}-{hashlib.sha256(data).hexdigest()[:12]}"
            yield f"{PREFIX}{pair.game_date:%Y-%m-%d}/{folder}/{captured_at:%Y%m%d_%H%M%S}.json", data


def _of_head(head: Sequence[str]) -> Problem | None:
    unknown = [name for name in head if name not in COLUMNS]
    missing = [name for name in REQUIRED if name not in head]
    missing += [" or ".join(names) for names in ONE_OF if not set(names) & set(head)]
    if unknown or len(set(head)) < len(head):
        names = ", ".join(unknown) or "one that stands twice"
        return Problem(1, "columns", f"unknown column: {names}; there are {', '.join(COLUMNS)}")
    return Problem(1, "columns", f"no column {', '.join(missing)}") if missing else None


def _line(number: int, head: Sequence[str], cells: Sequence[str], now: dt.datetime) -> ImportedLine:
    if len(cells) != len(head):
        raise RowError("columns", f"{len(cells)} cells under {len(head)} columns")
    row = dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(head, cells, strict=True)}
    for name, cell in row.items():
        if not cell.isprintable() or len(cell) > 100:
            raise RowError("text", f"{name} is {shown(cell)}")
    if not player_lookup(row["player"]) and not row["player_id"]:
        raise RowError("player", f"neither a name nor an id: player is {shown(row['player'])}")
    if row["player_id"] and not (row["player_id"].isascii() and row["player_id"].isdigit()):
        raise RowError("player", f"player_id is {shown(row['player_id'])}, not a number")
    if not row["book"]:
        raise RowError("book", "no book")
    over, under = _price(row, "over_price"), _price(row, "under_price")
    if over is None and under is None:
        raise RowError("price", "neither an over nor an under price")
    return ImportedLine(
        number=number,
        game_date=_date(row["game_date"]),
        player=row["player"],
        player_id=row["player_id"].lstrip("0") or None,
        team=_team(row["team"]),
        book="".join(row["book"].split()).casefold(),
        point=_point(row["line"]),
        over=over,
        under=under,
        captured_at=_moment(row["captured_at"], now),
    )


def _date(text: str) -> dt.date:
    try:
        return day(text)
    except ValueError:
        raise RowError("date", f"game_date is {shown(text)}, not a date as 2025-01-15") from None


def _moment(text: str, now: dt.datetime) -> dt.datetime:
    """To the second, as names of drops have it."""
    if not text:
        raise RowError("captured_at", "captured_at is empty: when a line stood must be known")
    try:
        found = instant(text).replace(microsecond=0)
    except ValueError:
        raise RowError("captured_at", f"captured_at is {shown(text)}, not a time with its zone") from None
    if found > now:
        raise RowError("captured_at", f"captured_at {text} is still to come")
    return found


def _team(text: str) -> str | None:
    found = tricode_of(text)
    if text and found is None:
        raise RowError("team", f"team {shown(text)} is no team")
    return found


def _point(text: str) -> float:
    try:
        point = float(text)
    except ValueError:
        raise RowError("line", f"line is {shown(text)}, not a number") from None
    if not LOWEST <= point <= HIGHEST:
        raise RowError("line", f"a line of {text} points, not within {LOWEST} to {HIGHEST:g}")
    return point


def _price(row: dict[str, str], column: str) -> Price | None:
    if not row[column]:
        return None
    try:
        return price(float(row[column]))
    except ValueError:
        raise RowError("price", f"{column} is {shown(row[column])}, neither an American nor a decimal price") from None


def _game(line: ImportedLine, games: dict[tuple[dt.date, str], Pair], registry: Registry) -> tuple[Pair, ImportedLine]:
    """The line's game, and the line with a name."""
    known = registry.players(line.game_date, line.player_id, line.player)
    name = registry.name(line.player_id) if line.player_id else None
    named = _named(line, name or line.player)
    if line.team is not None:
        pair = games.get((line.game_date, line.team))
        if pair is None:
            raise RowError("game", f"the schedule has no game of {line.team} on {line.game_date}")
        elsewhere = known.get(line.player_id) if line.player_id else None
        if elsewhere is not None and elsewhere not in (pair.away, pair.home):
            raise RowError("team", f"player {line.player_id} was with {elsewhere}, who are not in {pair.label}")
        return pair, named
    if not known:
        raise RowError("player", f"the registry has nobody as {shown(line.player_id or line.player)} then: give team")
    teams = sorted(set(known.values()))
    pairs = {pair for team in teams if (pair := games.get((line.game_date, team))) is not None}
    if len(pairs) != 1:
        which = "more than one game" if pairs else "no game"
        raise RowError("game", f"the schedule has {which} of {' or '.join(teams)} on {line.game_date}")
    return pairs.pop(), named


def _named(line: ImportedLine, name: str) -> ImportedLine:
    if not player_lookup(name):
        raise RowError("player", f"the registry has no name of player {line.player_id}: give player")
    return replace(line, player=name)


def _agreed(
    pair: Pair, line: ImportedLine, taken: dict[tuple[Any, ...], tuple[Price | None, Price | None, int]]
) -> Iterator[ImportedLine]:
    """The line, unless an earlier one says the same. Raises `RowError` if an earlier one says otherwise."""
    key = (pair, line.player_id or player_lookup(line.player), line.book, line.captured_at, line.point)
    over, under, number = taken.get(key, (None, None, 0))
    for side, ours, theirs in (("over", line.over, over), ("under", line.under, under)):
        if ours is not None and theirs is not None and ours != theirs:
            raise RowError("unique", f"{side} {line.point} at {line.book} has another price in line {number}")
    both = Line(line.point, line.over or over, line.under or under)
    total = both.implied_sum
    if total is not None and total < LEAST_IMPLIED and not book_of("odds_api", line.book).is_dfs:
        raise RowError("implied_sum", f"the two sides' implied probabilities add up to {total:.3f}")
    if (both.over, both.under) != (over, under):
        taken[key] = (both.over, both.under, line.number)
        yield line


def _envelope(pair: Pair, captured_at: dt.datetime, lines: Sequence[ImportedLine]) -> dict[str, Any]:
    """The Odds API's envelope of history, marked as the user's own."""
    books: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (line.book, line.player_id or "", line.player, line.point)):
        for side, offered in (("Over", line.over), ("Under", line.under)):
            if offered is not None:
                given = offered.american if american(offered.american) == offered else offered.decimal
                outcome = {"name": side, "description": line.player, "point": line.point, "price": given}
                books[line.book].append(outcome | ({"player_id": line.player_id} if line.player_id else {}))
    return {
        "imported": True,
        "timestamp": f"{captured_at:%Y-%m-%dT%H:%M:%SZ}",
        "data": {
            "id": EVENT,
            "sport_key": "basketball_nba",
            "game_date": f"{pair.game_date:%Y-%m-%d}",
            "away_team": pair.away,
            "home_team": pair.home,
            "bookmakers": [
                {"key": book, "markets": [{"key": "player_points", "outcomes": outcomes}]}
                for book, outcomes in books.items()
            ],
        },
    }
