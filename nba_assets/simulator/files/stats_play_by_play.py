"""The two older forms of the league's play-by-play, as stats.nba.com gives them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nba_assets.league import Team
from nba_assets.simulator.events import Event
from nba_assets.simulator.files.league_tables import answer
from nba_assets.simulator.files.nbac_play_by_play import clock, initialed
from nba_assets.simulator.files.play_by_play_texts import texts
from nba_assets.simulator.roster import Player
from nba_assets.simulator.season import GameNight

ACTIONS = {
    "start": "period",
    "end": "period",
    "jump ball": "Jump Ball",
    "free throw": "Free Throw",
    "rebound": "Rebound",
    "turnover": "Turnover",
    "foul": "Foul",
    "timeout": "Timeout",
    "substitution": "Substitution",
}
MESSAGES = {
    "free throw": 3,
    "rebound": 4,
    "turnover": 5,
    "foul": 6,
    "substitution": 8,
    "timeout": 9,
    "jump ball": 10,
    "start": 12,
    "end": 13,
}
MADE, MISSED = 1, 2
NO_PLAY = {"xLegacy": 0, "yLegacy": 0, "shotDistance": 0, "shotResult": "", "isFieldGoal": 0, "shotValue": 0}
NO_PLAY |= {"scoreHome": "", "scoreAway": "", "pointsTotal": 0, "actionType": "", "subType": ""}
HEADERS = ["GAME_ID", "EVENTNUM", "EVENTMSGTYPE", "EVENTMSGACTIONTYPE", "PERIOD", "WCTIMESTRING", "PCTIMESTRING"]
HEADERS += ["HOMEDESCRIPTION", "NEUTRALDESCRIPTION", "VISITORDESCRIPTION", "SCORE", "SCOREMARGIN"]
PERSON = ["PLAYER{}_ID", "PLAYER{}_NAME", "PLAYER{}_TEAM_ID", "PLAYER{}_TEAM_CITY", "PLAYER{}_TEAM_NICKNAME"]
PERSON = ["PERSON{}TYPE", *PERSON, "PLAYER{}_TEAM_ABBREVIATION"]
HEADERS += [column.format(n) for n in (1, 2, 3) for column in PERSON] + ["VIDEO_AVAILABLE_FLAG"]


def v3(game: GameNight, events: Sequence[Event]) -> dict[str, Any]:
    """The answer of `playbyplayv3`: a block or a steal is a row with an empty action and its play's number."""
    actions: list[dict[str, Any]] = []
    for number, (event, (text, other)) in enumerate(zip(events, texts(game, events), strict=True), start=2):
        if event.kind == "game end":
            continue
        actions.append(_action(game, event, number, text, event.player, event.team, len(actions) + 1))
        helper = event.block or event.steal
        if helper is not None and event.team is not None:
            row = _action(game, event, number, other, helper, 1 - event.team, len(actions) + 1)
            actions.append(row | NO_PLAY)
    meta = {"version": 1, "request": f"http://nba.cloud/games/{game.fixture.game_id}/playbyplay", "time": ""}
    return {"meta": meta, "game": {"gameId": game.fixture.game_id, "videoAvailable": 0, "actions": actions}}


def _action(
    game: GameNight, event: Event, number: int, text: str, player: Player | None, team: int | None, action_id: int
) -> dict[str, Any]:
    of = (game.home, game.away)[team].team if team is not None else None
    taken, scored = event.shot, event.made
    made = "Made" if event.made else "Missed"
    action = ACTIONS.get(event.kind, f"{made} Shot")
    return {
        "actionNumber": number,
        "clock": clock(event.left),
        "period": event.period,
        "teamId": of.team_id if of else 0,
        "teamTricode": of.tricode if of else "",
        "personId": player.player_id if player else 0,
        "playerName": player.last_name if player else "",
        "playerNameI": initialed(player) if player else "",
        "xLegacy": taken.spot.x if taken else 0,
        "yLegacy": taken.spot.y if taken else 0,
        "shotDistance": int(taken.spot.feet) if taken else 0,
        "shotResult": made if taken else "",
        "isFieldGoal": int(taken is not None),
        "scoreHome": str(event.score[0]) if scored else "",
        "scoreAway": str(event.score[1]) if scored else "",
        "pointsTotal": sum(event.score) if scored else 0,
        "location": "" if team is None else "hv"[team],
        "description": text if event.kind not in ("start", "end") else f"{event.kind.title()} of period {event.period}",
        "actionType": action,
        "subType": _sub_type(event),
        "videoAvailable": 0,
        "shotValue": event.value if taken else 0,
        "actionId": action_id,
    }


def _sub_type(event: Event) -> str:
    if event.shot is not None:
        return f"{event.shot.descriptor} {event.shot.style}".strip().title()
    if event.kind == "free throw":
        return f"Free Throw {event.detail}"
    if event.kind in ("start", "end"):
        return event.kind
    return "" if event.kind == "rebound" else event.detail.title()


def v2(game: GameNight, events: Sequence[Event]) -> Any:
    """The answer of `playbyplayv2`: event numbers are not the order; a score stands in scoring rows only."""
    rows = []
    for number, (event, (text, other)) in enumerate(zip(events, texts(game, events), strict=True), start=2):
        if event.kind != "game end":
            rows.append(_v2_row(game, event, number ^ 1, text, other))
    parameters = {"GameID": game.fixture.game_id, "StartPeriod": 0, "EndPeriod": 14}
    return answer("playbyplay", parameters, {"PlayByPlay": (HEADERS, rows)})


def _v2_row(game: GameNight, event: Event, number: int, text: str, other: str) -> list[Any]:
    message = MESSAGES.get(event.kind, MADE if event.made else MISSED)
    home, away = event.score
    left = f"{event.left // 60}:{event.left % 60:02d}"
    sides = [text or None, other or None]
    if event.team == 1:
        sides.reverse()
    score = [f"{away} - {home}", "TIE" if home == away else str(home - away)] if event.made else [None, None]
    row = [game.fixture.game_id, number, message, 0, event.period, "", left, sides[0], None, sides[1], *score]
    teams = (game.home.team, game.away.team)
    for player, team in _persons(event):
        row += _person(player, teams[team] if team is not None else None)
    return [*row, 0]


def _persons(event: Event) -> list[tuple[Player | None, int | None]]:
    """The event's three men, each with his team: who did it, and whoever else the event's kind names."""
    team = event.team
    other = None if team is None else 1 - team
    second = event.assist or event.entered
    if event.kind == "jump ball" and event.jumpers is not None:
        return [(event.jumpers[0], 0), (event.jumpers[1], 1), (event.player, team)]
    against = event.steal or event.drawn
    people = [(event.player, team), (against, other) if against else (second, team if second else None)]
    return [*people, (event.block, other if event.block else None)]


def _person(player: Player | None, team: Team | None) -> list[Any]:
    """A man's seven columns; a team event has the team's id for the man's."""
    if team is None:
        return [0, 0, None, None, None, None, None]
    person, name = (player.player_id, player.full_name) if player else (team.team_id, None)
    return [4 if player else 2, person, name, team.team_id, team.city, team.name, team.tricode]
