"""The league's injury reports, as PDF in both layouts and as the parsed twin: `nba_raw.nbac_injury_report`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nba_assets.league import LEAGUE_ZONE, tricode_of
from nba_assets.sources.injury_pages import STATUSES, Entry, read_entries
from nba_assets.sources.moments import day
from nba_assets.sources.names import player_lookup
from nba_assets.sources.pairs import Pair, pair_of
from nba_assets.sources.parsed import Parsed, Reject
from nba_assets.sources.paths import path_date
from nba_assets.sources.payload import PayloadError, member, read_json, shown
from nba_assets.sources.pdf import read_pdf
from nba_assets.sources.pdf_guard import HEAD
from nba_assets.sources.reasons import category
from nba_assets.sources.settle import settled

TITLED = "%m/%d/%y %I:%M %p"
MINUTES = 30
"""A twin names only the hour of its report; all reports of its time are of half past."""
TWIN = ("date", "matchup", "team", "player", "status", "reason")
PLAYER, NOT_SUBMITTED, NOTHING = "player", "not_submitted", "nothing_to_report"


@dataclass(frozen=True)
class Row:
    """One row of a report: an entry placed in its game, or what the silence about a team means."""

    pair: Pair
    team: str
    kind: str
    entry: Entry | None = None


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse one report: a row per player, and one per team without players that says why it has none.

    A team without a line had nothing to report; in a twin, which leaves the markers out, it is one that had not
    submitted: unknown, not healthy.
    """
    if data.lstrip()[: len(HEAD)] == HEAD:
        title, entries = read_entries(read_pdf(data))
        reported_at, silent = _titled(title), NOTHING
    else:
        payload = read_json(data)
        reported_at, entries, silent = _twin_time(payload), _twin_entries(payload), NOT_SUBMITTED
    of_path = path_date(object_name)
    if of_path is not None and of_path != reported_at.date():
        raise PayloadError("title", "path", f"a report of {reported_at.date()} in the folder of {of_path}")
    rows, pairs, rejects = _placed(entries)
    rejects += _breaches(rows)
    rows += [Row(pair, team, silent) for pair, team in _without_rows(pairs, rows)]
    columns = _columns(rows, pd.Timestamp(reported_at.astimezone(dt.UTC)))
    return settled(columns, [row.pair.label for row in rows], {pair.label: pair.unit for pair in pairs}, rejects)


def _titled(title: str) -> dt.datetime:
    """When a report is of, by its title, New York's time."""
    try:
        return dt.datetime.strptime(title, TITLED).replace(tzinfo=LEAGUE_ZONE)
    except ValueError:
        raise PayloadError("page 1, title", "title", f"{shown(title)} is not MM/DD/YY HH:MM AM", title) from None


def _twin_time(payload: dict[str, Any]) -> dt.datetime:
    about = member(payload, "metadata", dict, "$")
    date, hour = (member(about, key, str, "$.metadata") for key in ("gamedate", "hour24"))
    try:
        return dt.datetime.combine(day(date, "%Y%m%d"), dt.time(int(hour), MINUTES), LEAGUE_ZONE)
    except ValueError:
        raise PayloadError("$.metadata", "title", f"{shown(date)}, {shown(hour)} is no date and hour") from None


def _twin_entries(payload: dict[str, Any]) -> list[Entry]:
    entries = []
    for number, record in enumerate(member(payload, "records", list, "$")):
        place = f"$.records[{number}]"
        entry = Entry(place, *(member(record, key, str, place).strip() for key in TWIN))
        if entry.status not in STATUSES:
            message = f"{shown(entry.status)} is no status: {', '.join(sorted(STATUSES))}"
            raise PayloadError(f"{place}.status", "status", message, entry.status)
        entries.append(entry)
    return entries


def _placed(entries: Sequence[Entry]) -> tuple[list[Row], list[Pair], list[Reject]]:
    """The entries that name a game and a team of it, the games, and what is wrong with the other entries."""
    rows: list[Row] = []
    pairs: dict[Pair, None] = {}
    rejects: list[Reject] = []
    for entry in entries:
        try:
            pair = _pair(entry)
        except ValueError as error:
            rejects.append(Reject(entry.place, "matchup", str(error), entry.matchup))
            continue
        pairs[pair] = None
        team = tricode_of(entry.team)
        if team not in (pair.away, pair.home):
            message = f"{shown(entry.team)} is not of {entry.matchup}" if entry.team else f"no team of {entry.matchup}"
            rejects.append(Reject(entry.place, "teams", message, entry.team, pair.label))
            continue
        rows.append(Row(pair, str(team), PLAYER if entry.status else NOT_SUBMITTED, entry))
    return rows, list(pairs), rejects


def _pair(entry: Entry) -> Pair:
    away, at, home = entry.matchup.partition("@")
    if not at:
        raise ValueError(f"{shown(entry.matchup)} is not AWY@HOM")
    try:
        date = day(entry.date, "%m/%d/%Y")
    except ValueError:
        raise ValueError(f"{shown(entry.date)} is no date of a game") from None
    return pair_of(date.isoformat(), away, home)


def _breaches(rows: Sequence[Row]) -> list[Reject]:
    """A player without a name, twice in a game, or of a team that had not submitted; a team marked twice."""
    found = []
    seen: dict[tuple[str, str, str], Row] = {}
    marked = {(row.pair.label, row.team) for row in rows if row.kind == NOT_SUBMITTED}
    for row in rows:
        name = row.entry.player if row.entry else ""
        about, place = f"{shown(name)} of {row.team}", row.entry.place if row.entry else ""
        if row.kind == PLAYER and not player_lookup(name):
            found.append(Reject(place, "name", f"{about}: no name", name, row.pair.label))
        if row.kind == PLAYER and (row.pair.label, row.team) in marked:
            message = f"{about}: his team is marked as not yet submitted"
            found.append(Reject(place, "team_state", message, name, row.pair.label))
        if row.kind == NOT_SUBMITTED and name:
            found.append(Reject(place, "status", f"{about}: no status", name, row.pair.label))
        key = (row.pair.label, row.team, player_lookup(name))
        if seen.setdefault(key, row) is not row:
            found.append(Reject(place, "duplicate", f"{about} stands more than once in the game", name, row.pair.label))
    return found


def _without_rows(pairs: Sequence[Pair], rows: Sequence[Row]) -> Iterator[tuple[Pair, str]]:
    """Every team of the games that no row is about."""
    heard = {(row.pair, row.team) for row in rows}
    return ((pair, team) for pair in pairs for team in (pair.away, pair.home) if (pair, team) not in heard)


def _columns(rows: Sequence[Row], reported_at: pd.Timestamp) -> dict[str, Sequence[Any]]:
    people = [row.entry if row.kind == PLAYER else None for row in rows]
    names = [person.player if person else None for person in people]
    reasons = [_reason(person.reason) if person else None for person in people]
    return {
        "game_date": [row.pair.game_date for row in rows],
        "report_at": [reported_at] * len(rows),
        "game_id": [None] * len(rows),
        "away_tricode": [row.pair.away for row in rows],
        "home_tricode": [row.pair.home for row in rows],
        "player_key": [None if row.kind == PLAYER else f"team:{row.team}" for row in rows],
        "row_kind": [row.kind for row in rows],
        "player_name": names,
        "player_lookup": [player_lookup(name) if name else None for name in names],
        "team_tricode": [row.team for row in rows],
        "opponent_tricode": [row.pair.away if row.team == row.pair.home else row.pair.home for row in rows],
        "is_home": [row.team == row.pair.home for row in rows],
        "injury_status": [person.status.casefold() if person else None for person in people],
        "injury_reason": reasons,
        "reason_category": [category(reason) for reason in reasons],
    }


def _reason(text: str) -> str | None:
    """A bare dash is no reason."""
    return text if text not in ("", "-") else None
