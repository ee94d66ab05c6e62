"""Other content of a drop that its parser still takes: lines that change places, lists and lines that say otherwise."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nba_assets_tests.laws.drops import Drop
from nba_assets_tests.laws.event_edits import first_half, other_actions, other_rows
from nba_assets_tests.laws.market_edits import other_game_lines, other_offers, other_props
from nba_assets_tests.laws.report_edits import other_officials, other_statuses

TIP = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Line:
    """A man's stats in a payload and where they stand, so that they can change places with a team mate's."""

    team: tuple[Any, ...]
    name: str
    holder: Any
    fields: Sequence[Any]

    @property
    def stats(self) -> list[Any]:
        return [self.holder[field] for field in self.fields]


def corrected(drop: Drop, men: tuple[str, str]) -> Drop:
    """A box score in which two team mates' lines have changed places: nothing else of the game moves."""
    payload = drop.payload()
    _rotate([line for line in LINES[drop.source](payload) if line.name in men])
    return drop.saying(payload)


@functools.cache
def scrambled(drop: Drop) -> Drop:
    """The drop with wild content: every man has a team mate's line, another tip, team, status or prop line."""
    found = SCRAMBLES[drop.source](drop)
    assert found.parsed.outcome is drop.parsed.outcome, (drop.name, found.parsed.rejects[:3])
    return found


def half(drop: Drop) -> Drop:
    """The league's play-by-play of a game that is on."""
    return _payload(first_half)(drop)


def retimed(drop: Drop) -> Drop:
    """A schedule with other tips, and every third game postponed."""
    payload = drop.payload()
    _retime(payload)
    return drop.saying(payload)


def postponed(drop: Drop, game_id: str, to: dt.date) -> Drop:
    """A schedule of one date, with the game on another: it speaks for both."""
    payload = drop.payload()
    game = _take(payload, game_id)
    moved(game, to)
    payload["leagueSchedule"]["gameDates"].append({"gameDate": f"{to:%m/%d/%Y} 00:00:00", "games": [game]})
    return drop.saying(payload)


def without_game(drop: Drop, game_id: str) -> Drop:
    """A schedule without the game."""
    payload = drop.payload()
    _take(payload, game_id)
    return drop.saying(payload)


def with_game(drop: Drop, game: dict[str, Any], on: dt.date) -> Drop:
    """A schedule of one date with a game from another, not played."""
    payload = drop.payload()
    payload["leagueSchedule"]["gameDates"][0]["games"].append(moved(dict(game), on))
    return drop.saying(payload)


def moved(game: dict[str, Any], to: dt.date) -> dict[str, Any]:
    """A schedule's game, set anew at the same hour of another date."""
    days = to - dt.date.fromisoformat(game["gameDateEst"][:10])
    tip = dt.datetime.strptime(game["gameDateTimeUTC"], TIP) + days  # noqa: DTZ007
    code = f"{to:%Y%m%d}/{game['gameCode'].partition('/')[2]}"
    game |= {"gameCode": code, "gameDateEst": f"{to}T00:00:00Z", "gameDateTimeUTC": f"{tip:{TIP}}"}
    return game


def games(payload: Any) -> list[dict[str, Any]]:
    """A schedule's games."""
    return [game for day in payload["leagueSchedule"]["gameDates"] for game in day["games"]]


def scores(drop: Drop) -> dict[tuple[str, str], int]:
    """(team, name) to points of a gamebook."""
    return {(man["team"], man["name"]): man["stats"]["points"] for man in drop.payload()["active_players"]}


def _take(payload: Any, game_id: str) -> dict[str, Any]:
    for day in payload["leagueSchedule"]["gameDates"]:
        for game in day["games"]:
            if game["gameId"] == game_id:
                day["games"].remove(game)
                return dict(game)
    raise KeyError(game_id)


def _gamebook(payload: Any) -> list[Line]:
    return [Line((man["team"],), man["name"], man, ("stats",)) for man in payload["active_players"]]


def _bdl(payload: Any) -> list[Line]:
    found = []
    for game in payload["data"]:
        for side in ("home_team", "visitor_team"):
            for man in game[side]["players"]:
                name = f"{man['player']['first_name']} {man['player']['last_name']}"
                found.append(Line((game["id"], side), name, man, [field for field in man if field != "player"]))
    return found


def _table(payload: Any, first: str) -> list[Line]:
    """Lines of the league's tabular answers; stats are the columns from `first` on, of men with minutes."""
    table = payload["resultSets"][0]
    place = {name: number for number, name in enumerate(table["headers"])}
    fields = range(place[first], len(place))
    return [
        Line((row[place["GAME_ID"]], row[place["TEAM_ID"]]), row[place["PLAYER_NAME"]], row, fields)
        for row in table["rowSet"]
        if row[place["MIN"]] is not None
    ]


def _team_box(payload: Any) -> list[Line]:
    return _table(payload, "START_POSITION") if payload["resource"] == "boxscore" else []


LINES: dict[str, Callable[[Any], list[Line]]] = {
    "nbac_gamebook_player_stats": _gamebook,
    "bdl_player_boxscores": _bdl,
    "nbac_player_boxscores": lambda payload: _table(payload, "MIN"),
    "nbac_team_boxscore": _team_box,
}
"""Sources of box scores; the teams' log has no lines."""


def _rotate(lines: Iterable[Line]) -> None:
    """Every man gets the line of the next one of his team."""
    teams: dict[tuple[Any, ...], list[Line]] = {}
    for line in lines:
        teams.setdefault(line.team, []).append(line)
    for mates in teams.values():
        stats = [line.stats for line in mates]
        for line, values in zip(mates, stats[1:] + stats[:1], strict=True):
            for field, value in zip(line.fields, values, strict=True):
                line.holder[field] = value


def _other_boxes(source: str) -> Callable[[Any], None]:
    def scramble(payload: Any) -> None:
        _rotate(LINES[source](payload))
        if payload.get("resource") == "leaguegamelog" and source == "nbac_team_boxscore":
            table = payload["resultSets"][0]
            for row in table["rowSet"]:
                row[table["headers"].index("TOV")] += 1

    return scramble


def _other_schedule(payload: Any) -> None:
    """Other tips and scores, and the first game of a date listed once more under another id."""
    _retime(payload)
    for day in payload["leagueSchedule"]["gameDates"]:
        day["games"] += [game | {"gameId": f"{game['gameId'][:5]}9{game['gameId'][6:]}"} for game in day["games"][:1]]


def _retime(payload: Any) -> None:
    """Of three games one tips off earlier, one later, and one is postponed or, if final, has another score."""
    for number, game in enumerate(games(payload)):
        minutes = (-20, 60, 0)[number % 3]
        tip = dt.datetime.strptime(game["gameDateTimeUTC"], TIP) + dt.timedelta(minutes=minutes)  # noqa: DTZ007
        game["gameDateTimeUTC"] = f"{tip:{TIP}}"
        if number % 3 == 2 and game["gameStatus"] == 3:
            for side in ("homeTeam", "awayTeam"):
                game[side]["score"] += 1
        elif number % 3 == 2:
            game |= {"postponedStatus": "Y", "gameStatusText": "PPD"}


def _other_list(payload: Any) -> None:
    """Every tenth man is on the team of the one after him, who is on his."""
    table = payload["resultSets"][0]
    columns = [number for number, name in enumerate(table["headers"]) if name.startswith("TEAM_")]
    rows = table["rowSet"]
    for one, other in zip(rows[::10], rows[1::10], strict=False):
        for column in columns:
            one[column], other[column] = other[column], one[column]


def _payload(change: Callable[[Any], None]) -> Callable[[Drop], Drop]:
    """A change of the content of JSON drops."""

    def changed(drop: Drop) -> Drop:
        payload = drop.payload()
        change(payload)
        return drop.saying(payload)

    return changed


SCRAMBLES: dict[str, Callable[[Drop], Drop]] = {
    "nbac_schedule": _payload(_other_schedule),
    "nbac_player_list": _payload(_other_list),
    "odds_api_player_points_props": _payload(other_props),
    "odds_api_game_lines": _payload(other_game_lines),
    "bettingpros_player_points_props": _payload(other_offers),
    "nbac_referee_assignments": _payload(other_officials),
    "nbac_injury_report": other_statuses,
    "nbac_play_by_play": _payload(other_actions),
    "bigdataball_play_by_play": other_rows,
    **{source: _payload(_other_boxes(source)) for source in LINES},
}
