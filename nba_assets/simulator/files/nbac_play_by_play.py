"""The league's play-by-play of every game, as its live data gives it after the last whistle."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from nba_assets.simulator.events import Event, play_by_play
from nba_assets.simulator.events.court import MID, RESTRICTED, Shot
from nba_assets.simulator.files.folder import Folder, morning_after
from nba_assets.simulator.files.nbac_referee_assignments import FIRST_CODE
from nba_assets.simulator.names import referees
from nba_assets.simulator.roster import Player
from nba_assets.simulator.season import REGULAR_PERIODS, Day, GameNight

CAPTURED = dt.time(6, 50)
TIP_DELAY = dt.timedelta(minutes=10)
"""From the league's tip to the ball in the air."""
REAL_TIME, HALFTIME = 2.2, dt.timedelta(minutes=15)
"""Seconds of an evening that a second of the game takes, and the break between its halves."""
PERIOD_SECONDS, OVERTIME_SECONDS = 720, 300
ORDER_STEP = 10_000
COURT_FEET, COURT_WIDTH_FEET, BASELINE_FEET = 94.0, 50.0, 5.25
"""The floor, and how far the basket is from the baseline."""
FAR_TWO, FAR_THREE = 6, 24
"""Feet from which on the text has a shot's distance."""
CALLED = ("out-of-bounds", "traveling", "offensive foul", "shot clock", "5-second violation", "8-second violation")
"""Turnovers that a referee calls."""
NO_PLACE: Mapping[str, Any] = {}
ELSEWHERE = {"area": MID, "areaDetail": "16-24 Center", "side": None}
AT_THE_RIM = {"area": RESTRICTED, "areaDetail": "0-8 Center", "side": None}


def write(folder: Folder, day: Day) -> None:
    """One file a game."""
    for game in day.games:
        path = f"nba-com/play-by-play/{day.day}/game-{game.fixture.game_id}"
        name = f"{path}/{morning_after(day.day, CAPTURED)}.json"
        folder.write("nbac_play_by_play", name, payload(game, play_by_play(day.seed, game)))


def payload(game: GameNight, events: Sequence[Event]) -> dict[str, Any]:
    """The live data's answer."""
    game_id = game.fixture.game_id
    meta = {
        "version": 1,
        "code": 200,
        "request": f"http://nba.cloud/games/{game_id}/playbyplay?Format=json",
        "time": f"{game.fixture.tip - dt.timedelta(hours=5, minutes=40):%Y-%m-%d %H:%M:%S.%f}",
    }
    return {"meta": meta, "game": {"gameId": game_id, "actions": _Scorer(game).rows(events)}}


def clock(left: int) -> str:
    """Time left in a period, as `PT11M04.00S`."""
    return f"PT{left // 60:02d}M{left % 60:02d}.00S"


def initialed(player: Player) -> str:
    """A man's name as the live data's texts have it: `K. Oubre Jr.`."""
    return f"{player.first_name[0]}. {player.last_name}"


class _Scorer:
    """Writes a game's rows, and keeps every man's totals for them."""

    def __init__(self, game: GameNight) -> None:
        self.teams = (game.home.team, game.away.team)
        self.ball_in_the_air = game.fixture.tip + TIP_DELAY
        self.officials = [FIRST_CODE + referees().index(name) for name in game.referees]
        self.totals: Counter[tuple[int, str]] = Counter()
        self.found: list[dict[str, Any]] = []
        self.number = 0
        self.missed = 0
        self.place: Mapping[str, Any] = NO_PLACE

    def rows(self, events: Sequence[Event]) -> list[dict[str, Any]]:
        """A row an event, two a substitution, one more for a steal or a block; their numbers do not rise with them."""
        changes: list[Event] = []
        for event in events:
            if event.kind == "substitution":
                changes.append(event)
                continue
            self._changes(changes)
            changes.clear()
            getattr(self, f"_{event.kind.replace(' ', '_')}")(event)
        for row, after in zip(self.found, self.found[1:], strict=False):
            if row["actionType"] == "block":
                row["actionNumber"], after["actionNumber"] = after["actionNumber"], row["actionNumber"]
        return self.found

    def _count(self, player: Player, what: str, more: int = 1) -> int:
        self.totals[player.player_id, what] += more
        return self.totals[player.player_id, what]

    def _row(
        self,
        event: Event,
        action: str,
        player: Player | None,
        tail: Mapping[str, Any],
        *,
        team: int | None = None,
        detail: str | None = None,
        place: Mapping[str, Any] = NO_PLACE,
        legacy: tuple[int, int] | None = None,
        percent: tuple[float, float] | None = None,
        official: bool = False,
    ) -> None:
        """A row: what all have, in the league's order, and what this action has (`tail`)."""
        self.number += 1 + len(self.found) % 3 // 2
        moment = self._moment(event)
        team = event.team if team is None else team
        row: dict[str, Any] = {
            "actionNumber": self.number,
            "clock": clock(event.left),
            "timeActual": f"{moment}.0Z",
            "period": event.period,
            "periodType": "REGULAR" if event.period <= REGULAR_PERIODS else "OVERTIME",
        }
        if team is not None:
            row["teamId"], row["teamTricode"] = self.teams[team].team_id, self.teams[team].tricode
        row["actionType"] = action
        if detail is not None:
            row["subType"] = detail
            if event.descriptor:
                row["descriptor"] = event.descriptor
        row["qualifiers"] = list(event.qualifiers) if detail is not None else []
        row["personId"] = player.player_id if player else 0
        row["x"], row["y"] = percent or (None, None)
        row.update(place)
        row["possession"] = self.teams[event.ball].team_id if event.ball is not None else 0
        row["scoreHome"], row["scoreAway"] = str(event.score[0]), str(event.score[1])
        row["edited"] = f"{moment}Z"
        if official:
            row["officialId"] = self.officials[len(self.found) % len(self.officials)]
        row["orderNumber"] = ORDER_STEP * (len(self.found) + 1)
        row["isTargetScoreLastPeriod"] = False
        if detail is None:
            row["subType"] = ""
        row["xLegacy"], row["yLegacy"] = legacy or (None, None)
        row["isFieldGoal"] = int(percent is not None)
        row.update(tail)
        self.found.append(row)

    def _moment(self, event: Event) -> str:
        """When it happened, without fractions and zone."""
        before = min(event.period - 1, REGULAR_PERIODS) * PERIOD_SECONDS
        before += max(event.period - 1 - REGULAR_PERIODS, 0) * OVERTIME_SECONDS
        length = PERIOD_SECONDS if event.period <= REGULAR_PERIODS else OVERTIME_SECONDS
        since = dt.timedelta(seconds=int(REAL_TIME * (before + length - event.left)))
        if event.period > REGULAR_PERIODS // 2:
            since += HALFTIME
        return (self.ball_in_the_air + since).strftime("%Y-%m-%dT%H:%M:%S")

    def _bare(self, event: Event, action: str, detail: str, text: str) -> None:
        self._row(event, action, None, {"side": None, "description": text, "personIdsFilter": []}, detail=detail)

    def _start(self, event: Event) -> None:
        self._bare(event, "period", "start", "Period Start")

    def _end(self, event: Event) -> None:
        self._bare(event, "period", "end", "Period End")

    def _game_end(self, event: Event) -> None:
        self._bare(event, "game", "end", "Game End")

    def _timeout(self, event: Event) -> None:
        self._bare(event, "timeout", event.detail, f"{self._code(event)} Timeout")

    def _code(self, event: Event) -> str:
        return self.teams[event.team or 0].tricode

    def _changes(self, changes: list[Event]) -> None:
        """Who leaves, then who comes."""
        for event in changes:
            self._change(event, "out", event.player)
        for event in changes:
            self._change(event, "in", event.entered)

    def _change(self, event: Event, detail: str, player: Player | None) -> None:
        if player is not None:
            text = f"SUB {detail}: {initialed(player)}"
            self._row(event, "substitution", player, {"side": None, **_named(text, player)}, detail=detail)

    def _jump_ball(self, event: Event) -> None:
        if event.jumpers is None or event.player is None or event.team is None:
            return
        player, won, lost = event.player, event.jumpers[event.team], event.jumpers[1 - event.team]
        tail = {
            "jumpBallRecoveredName": initialed(player),
            "jumpBallRecoverdPersonId": player.player_id,
            "side": None,
            "playerName": player.last_name,
            "playerNameI": initialed(player),
            "personIdsFilter": [player.player_id, won.player_id, lost.player_id],
            "jumpBallWonPlayerName": won.last_name,
            "jumpBallWonPersonId": won.player_id,
            "description": f"Jump Ball {initialed(won)} vs. {initialed(lost)}: Tip to {initialed(player)}",
            "jumpBallLostPlayerName": lost.last_name,
            "jumpBallLostPersonId": lost.player_id,
        }
        self._row(event, "jumpball", player, tail, detail=event.detail)

    def _shot(self, event: Event) -> None:
        player, taken = event.player, event.shot
        if player is None or taken is None:
            return
        side, percent = _on_the_floor(event, taken)
        area = {"area": taken.spot.area, "areaDetail": taken.spot.detail, "side": side}
        tail: dict[str, Any] = {"shotResult": "Made" if event.made else "Missed"}
        if event.made:
            tail["pointsTotal"] = self._count(player, "pts", event.value)
        text = _shot_text(event, taken, tail.get("pointsTotal"), initialed(player))
        more: dict[str, Any] = {}
        helper = event.assist or event.block
        if event.assist is not None:
            total = self._count(event.assist, "ast")
            name = initialed(event.assist)
            text += f" ({name} {total} AST)"
            more = {"assistPlayerNameInitial": name, "assistPersonId": event.assist.player_id, "assistTotal": total}
        if event.block is not None:
            text += " - blocked"
            more = {"blockPlayerName": event.block.last_name, "blockPersonId": event.block.player_id}
        self._row(
            event,
            f"{event.value}pt",
            player,
            {**tail, **_named(text, player, helper), **more},
            detail=taken.style,
            place={**area, "shotDistance": round(taken.spot.feet, 2)},
            legacy=(taken.spot.x, taken.spot.y),
            percent=percent,
        )
        if taken.descriptor:
            self._describe(taken.descriptor)
        self.missed, self.place = self.number, {**area, "side": None}
        if event.block is not None:
            text = f"{initialed(event.block)} BLOCK ({self._count(event.block, 'blk')} BLK)"
            team = 1 - (event.team or 0)
            self._row(event, "block", event.block, _named(text, event.block), team=team, place=self.place)

    def _describe(self, descriptor: str) -> None:
        """Put a shot's descriptor behind its subtype."""
        row = self.found[-1]
        keys = list(row)
        after = {key: row.pop(key) for key in keys[keys.index("subType") + 1 :]}
        row["descriptor"] = descriptor
        row.update(after)

    def _free_throw(self, event: Event) -> None:
        player = event.player
        if player is None:
            return
        tail: dict[str, Any] = {"shotResult": "Made" if event.made else "Missed"}
        kind = f"{event.descriptor} " if event.descriptor else ""
        text = f"{initialed(player)} {kind}Free Throw {event.detail}"
        if event.made:
            tail["pointsTotal"] = self._count(player, "pts")
            text += f" ({tail['pointsTotal']} PTS)"
        else:
            text = f"MISS {text}"
        tail |= _named(text, player)
        self._row(event, "freethrow", player, tail, detail=event.detail, place={"side": None})
        self.missed, self.place = self.number, {"side": None}

    def _rebound(self, event: Event) -> None:
        player = event.player
        tail: dict[str, Any] = {"shotActionNumber": self.missed}
        if player is None:
            tail |= {"description": f"TEAM {event.detail} REBOUND", "personIdsFilter": []}
        else:
            self._count(player, event.detail)
            back, away = (self.totals[player.player_id, kind] for kind in ("offensive", "defensive"))
            tail |= {"reboundTotal": back + away, "reboundDefensiveTotal": away, "reboundOffensiveTotal": back}
            tail |= _named(f"{initialed(player)} REBOUND (Off:{back} Def:{away})", player)
        self._row(event, "rebound", player, tail, detail=event.detail, place=self.place)

    def _turnover(self, event: Event) -> None:
        player, steal = event.player, event.steal
        kind = f"{event.descriptor} {event.detail}".strip()
        tail: dict[str, Any]
        if player is None:
            tail = {"description": f"{self._code(event)} {kind} Team TURNOVER", "personIdsFilter": []}
        else:
            total = self._count(player, "tov")
            tail = {"turnoverTotal": total}
            tail |= _named(f"{initialed(player)} {kind} TURNOVER ({total} TO)", player, steal)
        if steal is not None:
            tail |= {"stealPlayerName": steal.last_name, "stealPersonId": steal.player_id}
        called = event.detail in CALLED
        self._row(event, "turnover", player, tail, detail=event.detail, place=ELSEWHERE, official=called)
        if steal is not None:
            text = f"{initialed(steal)} STEAL ({self._count(steal, 'stl')} STL)"
            self._row(event, "steal", steal, _named(text, steal), team=1 - (event.team or 0), place=ELSEWHERE)

    def _foul(self, event: Event) -> None:
        player, drawn = event.player, event.drawn
        if player is None:
            return
        technical = event.detail == "technical"
        self._count(player, "tech" if technical else "pf")
        personal, technicals = self.totals[player.player_id, "pf"], self.totals[player.player_id, "tech"]
        kind = f"{event.descriptor} {event.detail}".strip()
        text = f"{initialed(player)} {kind} FOUL ({f'{technicals} Tech' if technical else f'{personal} PF'})"
        if drawn is not None and event.of:
            text += f" ({drawn.last_name} {event.of} FT)"
        tail: dict[str, Any] = {"foulPersonalTotal": personal, "foulTechnicalTotal": technicals}
        tail |= {"side": None} if technical else {}
        tail |= _named(text, player, drawn)
        if drawn is not None:
            tail |= {"foulDrawnPlayerName": drawn.last_name, "foulDrawnPersonId": drawn.player_id}
        place = NO_PLACE if technical else AT_THE_RIM if event.descriptor == "shooting" else ELSEWHERE
        self._row(event, "foul", player, tail, detail=event.detail, place=place, official=True)


def _named(text: str, player: Player, other: Player | None = None) -> dict[str, Any]:
    """The text and the men it is about."""
    return {
        "description": text,
        "playerName": player.last_name,
        "playerNameI": initialed(player),
        "personIdsFilter": [player.player_id, other.player_id] if other else [player.player_id],
    }


def _on_the_floor(event: Event, taken: Shot) -> tuple[str, tuple[float, float]]:
    """The side and the place in per cent of the floor: the home team begins on the right, and changes at half-time."""
    right = (event.team == 0) == (event.period <= REGULAR_PERIODS // 2)
    along = 100 / COURT_FEET * (taken.spot.y / 10 + BASELINE_FEET)
    across = 100 / COURT_WIDTH_FEET * (taken.spot.x / 10)
    return ("right", (100 - along, 50 + across)) if right else ("left", (along, 50 - across))


def _shot_text(event: Event, taken: Shot, total: int | None, name: str) -> str:
    """A shot's text without who passed or blocked."""
    feet, kind = int(taken.spot.feet), taken.descriptor
    far = f"{feet}' " if feet >= (FAR_THREE if event.value == 3 else FAR_TWO) else ""
    if event.value == 3:
        what = f"3PT {kind}" if event.made else f"{kind} 3PT".strip()
    else:
        style = "Shot" if taken.style == "Jump Shot" and not event.made else taken.style
        what = f"{kind} {style}".strip()
    return f"{name} {far}{what} ({total} PTS)" if event.made else f"MISS {name} {far}{what}"
