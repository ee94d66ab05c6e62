"""The league's schedule, league JSON and CDN form: `nba_raw.nbac_schedule`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from nba_assets.league import FINAL, FORFEIT_SCORES, tricode_of
from nba_assets.sources.cells import Cells, members
from nba_assets.sources.league_ids import GAME_ID, is_league_game, season, season_type
from nba_assets.sources.moments import day, instant
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets.sources.payload import PayloadError, bad, kind, member, read_json, shown
from nba_assets.sources.settle import Unit, frame, speaks_for

CDN = "nba-com/schedule-cdn/"
SCHEDULED = 1
OVERTIME = re.compile(r"Final/OT(\d?)")
CODE = re.compile(r"(\d{8})/(\w{3})(\w{3})")
TEXTS = {
    "gameLabel": "game_label",
    "gameSubLabel": "game_sub_label",
    "arenaName": "arena_name",
    "arenaCity": "arena_city",
    "arenaState": "arena_state",
}
KEYS = (
    "gameId",
    "gameCode",
    "gameStatus",
    "gameStatusText",
    "gameDateEst",
    "gameDateTimeUTC",
    "isNeutral",
    "postponedStatus",
    *TEXTS,
)
SIDE_KEYS = ("teamId", "teamTricode", "score")


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse a schedule, of a season or of some dates. It speaks for every date it lists, unless a game there is bad."""
    place = "$.leagueSchedule.gameDates"
    days = member(member(read_json(data), "leagueSchedule", dict, "$"), "gameDates", list, "$.leagueSchedule")
    games: list[dict[str, Any]] = []
    places: list[str] = []
    listed: list[pd.Timestamp] = []
    dates: list[pd.Timestamp] = []
    for number, entry in enumerate(days):
        at = f"{place}[{number}]"
        date = _day_entry(member(entry, "gameDate", str, at), f"{at}.gameDate")
        dates.append(date)
        for index, game in enumerate(member(entry, "games", list, at)):
            if not isinstance(game, dict):
                raise PayloadError(
                    f"{at}.games[{index}]", "type", f"a game is {kind(game)}, not an object", shown(game)
                )
            if _teams_known(game):
                games.append(game)
                places.append(f"{at}.games[{index}]")
                listed.append(date)
    if not days:
        return Parsed(Outcome.EMPTY)
    return _judged(games, places, listed, dates, "cdn" if object_name.startswith(CDN) else "stats")


def _judged(
    games: list[dict[str, Any]], places: list[str], listed: list[pd.Timestamp], dates: list[pd.Timestamp], form: str
) -> Parsed:
    labels = [next((game[k] for k in ("gameId", "gameCode") if isinstance(game.get(k), str)), None) for game in games]
    cells = Cells(members(games, KEYS), lambda row, column: f"{places[row]}.{column}", labels)
    columns = _columns(cells, games, listed, form)
    _check(cells, columns)
    rejects = tuple(cells.rejects)
    bad_games = {reject.game for reject in rejects}
    keep = [row for row, label in enumerate(labels) if label not in bad_games]
    if None in bad_games or (rejects and not keep):
        return bad(rejects)
    silent = {listed[row] for row, label in enumerate(labels) if label in bad_games}
    return Parsed(
        Outcome.PARTIAL if rejects else Outcome.OK,
        rows=frame({name: [values[row] for row in keep] for name, values in columns.items()}),
        speaks_for=speaks_for(Unit(date) for date in dict.fromkeys(dates) if date not in silent),
        rejects=rejects,
    )


def _day_entry(text: str, place: str) -> pd.Timestamp:
    try:
        return pd.Timestamp(day(text[:10], "%m/%d/%Y"))
    except ValueError:
        raise PayloadError(place, "date", f"{shown(text)} is not MM/DD/YYYY", shown(text)) from None


def _teams_known(game: dict[str, Any]) -> bool:
    """False for a game whose sides are not decided yet (a later round): it is no game so far."""
    sides = [game.get("homeTeam"), game.get("awayTeam")]
    undecided = [isinstance(s, dict) and s.get("teamId") == 0 and not s.get("score") for s in sides]
    return not (any(undecided) and game.get("gameStatus") == SCHEDULED)


def _columns(
    cells: Cells, games: Sequence[dict[str, Any]], listed: Sequence[pd.Timestamp], form: str
) -> dict[str, list[Any]]:
    ids = [value if is_league_game(value) else None for value in cells.texts("gameId")]
    for row, value in enumerate(ids):
        if value is None:
            given = shown(cells.columns["gameId"][row])
            cells.reject(row, "gameId", "game_id", f"gameId {given} is not {GAME_ID.pattern}", given)
    seasons = [season(value) if value else None for value in ids]
    status = list(cells.integers("gameStatus", low=SCHEDULED, high=FINAL))
    texts = [text.strip() if isinstance(text, str) else "" for text in cells.texts("gameStatusText")]
    postponed = cells.texts("postponedStatus", null=True)
    columns: dict[str, list[Any]] = {
        "game_date": list(listed),
        "game_id": ids,
        "game_code": list(cells.texts("gameCode")),
        "season_label": [f"{year}-{(year + 1) % 100:02d}" if year else None for year in seasons],
        "season": seasons,
        "season_type": [season_type(value) if value else None for value in ids],
        "game_status": status,
        "game_status_text": texts,
        "tip_at": _tips(cells, texts),
    }
    for side, key in (("home", "homeTeam"), ("away", "awayTeam")):
        columns |= _side(cells, games, side, key, status)
    columns |= {
        "ot_periods": [_overtimes(text) for text in texts],
        "is_neutral": list(cells.flags("isNeutral")),
        "is_postponed": [
            flag == "Y" or text.upper().startswith(("PPD", "POSTPONED"))
            for flag, text in zip(postponed, texts, strict=True)
        ],
        "national_tv": [_national(game) for game in games],
        "data_source": [form] * len(games),
    }
    for key, name in TEXTS.items():
        texts_of = cells.texts(key, null=True)
        columns[name] = [(text.strip() or None) if isinstance(text, str) else None for text in texts_of]
    return columns


def _side(
    cells: Cells, games: Sequence[dict[str, Any]], side: str, key: str, status: Sequence[Any]
) -> dict[str, list[Any]]:
    entries: list[dict[str, Any]] = [game[key] if isinstance(game.get(key), dict) else {} for game in games]
    of_team = Cells(
        members(entries, SIDE_KEYS),
        lambda row, column: cells.place(row, f"{key}.{column}"),
        cells.games,
        cells.rejects,
    )
    codes = of_team.texts("teamTricode", empty=False)
    scores = of_team.integers("score", null=True)
    return {
        f"{side}_team_id": list(of_team.identifiers("teamId")),
        f"{side}_tricode": [(tricode_of(c) or c.strip()) if isinstance(c, str) else None for c in codes],
        f"{side}_score": [None if s == SCHEDULED else score for s, score in zip(status, scores, strict=True)],
    }


def _tips(cells: Cells, texts: Sequence[str]) -> list[dt.datetime | None]:
    """The tip from the one field that is really UTC; null while it is to be determined."""
    found: list[dt.datetime | None] = []
    for row, value in enumerate(cells.texts("gameDateTimeUTC", null=True)):
        tip = None
        if isinstance(value, str) and value and texts[row].upper() != "TBD":
            try:
                tip = instant(value, without_zone=dt.UTC)
            except ValueError:
                message = f"gameDateTimeUTC {shown(value)} is not a time"
                cells.reject(row, "gameDateTimeUTC", "time", message, shown(value))
        found.append(tip)
    return found


def _overtimes(text: str) -> int | None:
    found = OVERTIME.fullmatch(text)
    return int(found[1] or 1) if found else None


def _national(game: dict[str, Any]) -> str | None:
    broadcasters = game.get("broadcasters")
    national = broadcasters.get("nationalTvBroadcasters") if isinstance(broadcasters, dict) else None
    entries = national if isinstance(national, list) else []
    names = [entry.get("broadcasterDisplay") for entry in entries if isinstance(entry, dict)]
    return ", ".join(name for name in names if isinstance(name, str) and name not in ("", "TBD")) or None


def _check(cells: Cells, columns: dict[str, list[Any]]) -> None:
    """League date, code, scores and uniqueness of every game whose cells are what they should be."""
    broken = {(reject.game) for reject in cells.rejects}
    seen: set[str] = set()
    for row, label in enumerate(cells.games):
        if label in seen:
            cells.reject(row, "gameId", "unique", f"game {label} stands more than once in the file")
        if label is not None:
            seen.add(label)
        if label in broken:
            continue
        date, home, away = (columns[name][row] for name in ("game_date", "home_tricode", "away_tricode"))
        estimated = cells.columns["gameDateEst"][row]
        if not isinstance(estimated, str) or estimated[:10] != date.strftime("%Y-%m-%d"):
            message = f"gameDateEst {shown(estimated)} under the day {date.date()}"
            cells.reject(row, "gameDateEst", "date", message, shown(estimated))
        code = CODE.fullmatch(columns["game_code"][row])
        sides = (tricode_of(code[2]) or code[2], tricode_of(code[3]) or code[3]) if code else None
        if code is None or code[1] != date.strftime("%Y%m%d") or sides != (away, home):
            message = f"gameCode {shown(columns['game_code'][row])} is not {date:%Y%m%d}/{away}{home}"
            cells.reject(row, "gameCode", "code", message)
        scores = columns["home_score"][row], columns["away_score"][row]
        scored = (all(scores) and scores[0] != scores[1]) or set(scores) == FORFEIT_SCORES
        if columns["game_status"][row] == FINAL and not scored:
            message = f"a final game of {away} at {home} with the score {scores[1]}:{scores[0]}"
            cells.reject(row, "gameStatus", "score", message)
