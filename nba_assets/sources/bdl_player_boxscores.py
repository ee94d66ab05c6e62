"""BallDontLie box scores, older and newer answers: `nba_raw.bdl_player_boxscores`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nba_assets.sources.box_rules import STATS, Game, Lines, as_array, game_breaches, line_breaches
from nba_assets.sources.cells import Cells, members
from nba_assets.sources.minutes import precision, seconds
from nba_assets.sources.moments import instant
from nba_assets.sources.names import player_lookup
from nba_assets.sources.pairs import Pair, pair_of
from nba_assets.sources.parsed import Outcome, Parsed, Reject
from nba_assets.sources.payload import PayloadError, kind, member, read_json, shown
from nba_assets.sources.settle import settled

THEIRS = {name: name for name in STATS} | {"tov": "turnover"}
TEAMS = 30
"""Ids above are defunct teams, which reuse today's codes."""
REGULATION = 4
SIDES = (("visitor", "visitor_team"), ("home", "home_team"))


@dataclass(frozen=True)
class Entry:
    """One game of the answer."""

    place: str
    record: dict[str, Any]
    pair: Pair
    is_final: bool
    period: int | None
    starts_at: dt.datetime | None


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse an answer of `/v1/box_scores`. Games that are not final give rows that say so; the drop is partial then."""
    payload = read_json(data)
    records = member(payload, "data", list, "$")
    if not records:
        return Parsed(Outcome.EMPTY)
    rejects: list[Reject] = []
    entries = [entry for n, record in enumerate(records) if (entry := _entry(record, f"$.data[{n}]", rejects))]
    cells, of_row = _players(entries, rejects)
    rejects += cells.rejects
    bad_games = {reject.game for reject in rejects}
    good = [row for row, entry in enumerate(of_row) if entry.pair.label not in bad_games]
    columns = _columns(cells, of_row, good)
    rejects += _breaches(cells, columns, [of_row[row] for row in good], good)
    for entry in entries:
        if entry.is_final and entry.pair.label not in bad_games:
            rejects += _score_breaches(entry)
    labels = [of_row[row].pair.label for row in good]
    meta = payload.get("meta")
    more = isinstance(meta, dict) and meta.get("next_cursor") is not None
    return settled(
        columns,
        labels,
        {entry.pair.label: entry.pair.unit for entry in entries},
        rejects,
        incomplete=more or not all(entry.is_final for entry in entries),
    )


def _entry(record: Any, place: str, rejects: list[Reject]) -> Entry | None:
    """One game's frame; None if it is bad (a game that cannot be told from others makes the whole drop bad)."""
    if not isinstance(record, dict):
        raise PayloadError(place, "type", f"a game is {kind(record)}, not an object", shown(record))
    day = member(record, "date", str, place)
    codes = [member(member(record, side, dict, place), "abbreviation", str, f"{place}.{side}") for _, side in SIDES]
    try:
        pair = pair_of(day, *codes)
    except ValueError as error:
        rejects.append(Reject(place, "teams", str(error), game=f"{day[:10].replace('-', '')}/{''.join(codes)}"))
        return None
    found: list[Reject] = []
    for _, side in SIDES:
        number = record[side].get("id")
        if number is not None and (type(number) is not int or not 0 < number <= TEAMS):
            message = f"team id {shown(number)} of {record[side]['abbreviation']} is not one of today's {TEAMS}"
            found.append(Reject(f"{place}.{side}.id", "teams", message, shown(number), pair.label))
    period, number = record.get("period"), record.get("id")
    for name, value in (("period", period), ("id", number)):
        if value is not None and (type(value) is not int or not 0 <= value < 2**53):
            message = f"{name} is {shown(value)}, not an integer"
            found.append(Reject(f"{place}.{name}", "type", message, shown(value), pair.label))
    starts_at = None
    if isinstance(record.get("datetime"), str):
        try:
            starts_at = instant(record["datetime"])
        except ValueError:
            message = f"datetime {shown(record['datetime'])} is not a time"
            found.append(Reject(f"{place}.datetime", "time", message, game=pair.label))
    status = record.get("status")
    if not isinstance(status, str):
        found.append(Reject(f"{place}.status", "type", f"status is {shown(status)}, not a text", game=pair.label))
    rejects += found
    is_final = isinstance(status, str) and status.strip().casefold() == "final"
    return Entry(place, record, pair, is_final, period if type(period) is int else None, starts_at)


def _players(entries: Sequence[Entry], rejects: list[Reject]) -> tuple[Cells, list[Entry]]:
    """Everyone listed, with their stats as cells, and each one's game."""
    records: list[dict[str, Any]] = []
    places: list[str] = []
    of_row: list[Entry] = []
    for entry in entries:
        for side, key in SIDES:
            listed = entry.record[key].get("players")
            if not isinstance(listed, list):
                message = f"players is {shown(listed)}, not a list"
                rejects.append(Reject(f"{entry.place}.{key}", "type", message, game=entry.pair.label))
                continue
            team = entry.pair.home if side == "home" else entry.pair.away
            for number, record in enumerate(listed):
                places.append(f"{entry.place}.{key}.players[{number}]")
                of_row.append(entry)
                records.append(_flat(record, team))
    keys = ("min", "plus_minus", *THEIRS.values(), "player.id", "player.first_name", "player.last_name", "team")
    labels = [entry.pair.label for entry in of_row]
    cells = Cells(members(records, keys), lambda row, column: f"{places[row]}.{column}", labels)
    for column in THEIRS.values():
        cells.integers(column, null=True)
    cells.integers("plus_minus", low=-200, high=200, null=True)
    cells.identifiers("player.id")
    cells.texts("player.first_name", null=True)
    cells.texts("player.last_name", null=True)
    _named(cells)
    cells.columns["seconds"] = _times(cells)
    return cells, of_row


def _flat(record: Any, team: str) -> dict[str, Any]:
    if not isinstance(record, dict):
        return {"team": team}
    player = record.get("player")
    person = {f"player.{key}": value for key, value in player.items()} if isinstance(player, dict) else {}
    return {**record, **person, "team": team}


def _named(cells: Cells) -> None:
    """Rejects men without any name; one name is enough (Nenê)."""
    names = zip(cells.columns["player.first_name"], cells.columns["player.last_name"], strict=True)
    for row, both in enumerate(names):
        if not any(type(name) is str and name.strip() for name in both):
            cells.reject(row, "player.last_name", "empty", "neither first_name nor last_name says anything")


def _times(cells: Cells) -> list[int | None]:
    found: list[int | None] = []
    for row, value in enumerate(cells.columns["min"]):
        try:
            found.append(seconds(value))
        except ValueError:
            found.append(None)
            cells.reject(row, "min", "minutes", f"min {shown(value)} is not a time", shown(value))
    return found


def _columns(cells: Cells, of_row: Sequence[Entry], rows: Sequence[int]) -> dict[str, list[Any]]:
    """The columns of the good rows; stats are null for a man with no time and nothing but zeros."""

    def of(column: str) -> list[Any]:
        return [cells.columns[column][row] for row in rows]

    stats = {name: of(column) for name, column in THEIRS.items()}
    times, plus_minus = of("seconds"), of("plus_minus")
    played = [any(line) for line in zip(*stats.values(), times, plus_minus, strict=True)]
    names = [
        f"{first or ''} {last or ''}".strip()
        for first, last in zip(of("player.first_name"), of("player.last_name"), strict=True)
    ]
    teams = of("team")
    entries = [of_row[row] for row in rows]
    of_game: dict[str, list[int]] = {}
    for entry, time, did in zip(entries, times, played, strict=True):
        if did:
            of_game.setdefault(entry.pair.label, []).append(time or 0)
    unit = {label: precision(found) for label, found in of_game.items()}

    def if_played(values: Sequence[Any]) -> list[Any]:
        return [value if did else None for value, did in zip(values, played, strict=True)]

    return {
        "game_date": [entry.pair.game_date for entry in entries],
        "game_id": [None] * len(rows),
        "away_tricode": [entry.pair.away for entry in entries],
        "home_tricode": [entry.pair.home for entry in entries],
        "starts_at": [entry.starts_at for entry in entries],
        "bdl_player_id": of("player.id"),
        "bdl_game_id": [entry.record.get("id") for entry in entries],
        "player_name": names,
        "player_lookup": [player_lookup(name) for name in names],
        "team_tricode": teams,
        "opponent_tricode": [
            e.pair.away if t == e.pair.home else e.pair.home for e, t in zip(entries, teams, strict=True)
        ],
        "is_home": [team == entry.pair.home for entry, team in zip(entries, teams, strict=True)],
        "is_final": [entry.is_final for entry in entries],
        "did_play": played,
        **{name: if_played(values) for name, values in stats.items()},
        "plus_minus": if_played(plus_minus),
        "seconds_played": if_played([time or 0 for time in times]),
        "minutes_precision": if_played([unit.get(entry.pair.label) for entry in entries]),
    }


def _breaches(
    cells: Cells, columns: dict[str, list[Any]], entries: Sequence[Entry], rows: Sequence[int]
) -> list[Reject]:
    """B1, B2, B6, B9, B10 of those who played; a man with some stats and not others is bad."""
    found = []
    complete = []
    for row, did in enumerate(columns["did_play"]):
        missing = [name for name in STATS if columns[name][row] is None] if did else []
        if missing:
            message = f"{columns['player_name'][row]} has no {', '.join(missing)}"
            found.append(
                Reject(cells.place(rows[row], THEIRS[missing[0]]), "type", message, game=entries[row].pair.label)
            )
        elif did:
            complete.append(row)
    lines = Lines(
        games=[entries[row].pair.label for row in complete],
        teams=[columns["team_tricode"][row] for row in complete],
        names=[columns["player_name"][row] for row in complete],
        keys=[columns["bdl_player_id"][row] for row in complete],
        stats=as_array({name: [columns[name][row] for row in complete] for name in STATS}),
        seconds=np.array([columns["seconds_played"][row] for row in complete], dtype=np.int64),
        place=lambda row: cells.place(rows[complete[row]], "pts"),
    )
    games = {
        entry.pair.label: Game(None if entry.period is None else max(0, entry.period - REGULATION), entry.is_final)
        for entry in entries
    }
    return [*found, *line_breaches(lines), *game_breaches(lines, games)]


def _score_breaches(entry: Entry) -> list[Reject]:
    """B8 (quarters and overtimes add up to the score, if all are there) and the period of a final game."""
    found = []
    record, label = entry.record, entry.pair.label
    if entry.period is not None and entry.period < REGULATION:
        message = f"final in period {entry.period}"
        found.append(Reject(f"{entry.place}.period", "B10", message, game=label))
    overtimes = max(0, (entry.period or REGULATION) - REGULATION)
    for side, _ in SIDES:
        names = [*(f"{side}_q{n}" for n in range(1, 5)), *(f"{side}_ot{n}" for n in range(1, overtimes + 1))]
        parts: list[Any] = [record.get(name) for name in names]
        score = record.get(f"{side}_team_score")
        if type(score) is not int:
            message = f"{side}_team_score is {shown(score)}, not an integer"
            found.append(Reject(f"{entry.place}.{side}_team_score", "type", message, shown(score), label))
        elif all(type(part) is int for part in parts) and sum(parts) != score:
            message = f"{' + '.join(map(str, parts))} = {sum(parts)}, but the score is {score}"
            found.append(Reject(f"{entry.place}.{side}_team_score", "B8", message, game=label))
    return found
