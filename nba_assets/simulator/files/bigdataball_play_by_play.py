"""BigDataBall's play-by-play of every second date: ten men on the floor in every row, names instead of ids."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence

from nba_assets.simulator.calendar import season_label
from nba_assets.simulator.events import Event, play_by_play
from nba_assets.simulator.files.folder import Folder, morning_after
from nba_assets.simulator.files.play_by_play_texts import shot_words, texts
from nba_assets.simulator.roster import Player
from nba_assets.simulator.season import REGULAR_PERIODS, Day, GameNight

CAPTURED = dt.time(14, 0)
EVERY = 2
"""One date in so many has files."""
PERIOD_SECONDS, OVERTIME_SECONDS = 720, 300
FIVES = [f"{side}{n}" for side in "ah" for n in range(1, 6)]
COLUMNS = ["game_id", "data_set", "date", *FIVES, "period", "away_score", "home_score", "remaining_time", "elapsed"]
COLUMNS += ["play_length", "play_id", "team", "event_type", "assist", "away", "home", "block", "entered", "left", "num"]
COLUMNS += ["opponent", "outof", "player", "points", "possession", "reason", "result", "steal", "type"]
COLUMNS += ["shot_distance", "original_x", "original_y", "converted_x", "converted_y", "description"]
EVENT_TYPES = {"start": "start of period", "end": "end of period"}
FOULS = {
    "shooting": ("shooting", "s.foul"),
    "loose ball": ("loose ball", "l.b.foul"),
    "away-from-play": ("away from play", "away.from.play.foul"),
    "": ("personal", "p.foul"),
}
TURNOVERS = {
    "bad pass": ("bad pass", "bad pass"),
    "out-of-bounds": ("bad pass", "bad pass"),
    "offensive foul": ("offensive foul", "offensive foul turnover"),
}
HALF_WIDTH_FEET, AWAY_BASKET_FEET, HOME_BASKET_FEET = 25, 5, 89
"""BigDataBall's floor: the visitors shoot at y = 5, the home team at y = 89."""


def write(folder: Folder, day: Day) -> None:
    """One file a game, on every second date."""
    if day.day.toordinal() % EVERY:
        return
    for game in day.games:
        away, home, game_id = game.away.team.tricode, game.home.team.tricode, game.fixture.game_id
        path = f"big-data-ball/{season_label(day.day)}/{day.day}/game_{game_id}"
        name = f"{path}/[{day.day}]-{game_id}-{away}@{home}-{morning_after(day.day, CAPTURED)}.csv"
        data = content(game, play_by_play(day.seed, game))
        folder.write_bytes("bigdataball_play_by_play", name, data)


def content(game: GameNight, events: Sequence[Event]) -> bytes:
    """The CSV file: UTF-8, lines end in CR LF; ids have lost their zeros."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    day, label = game.fixture.day, season_label(game.fixture.day)
    leading = [game.fixture.game_id.lstrip("0"), f"NBA {label} Regular Season", str(day)]
    floor = [line.player.full_name for side in (game.away, game.home) for line in side.active[:5]]
    before, number = (1, PERIOD_SECONDS), 0
    for event, words in zip(events, texts(game, events), strict=True):
        if event.entered is not None and event.player is not None:
            floor[floor.index(event.player.full_name)] = event.entered.full_name
        between_periods = event.kind == "substitution" and "startperiod" in event.qualifiers
        if between_periods or event.kind == "game end":
            continue
        number += 1
        length = before[1] - event.left if event.period == before[0] else 0
        before = (event.period, event.left)
        full = PERIOD_SECONDS if event.period <= REGULAR_PERIODS else OVERTIME_SECONDS
        fields = _fields(game, event)
        fields["description"] = ": ".join(text for text in words if text)
        row = [*leading, *floor, event.period, event.score[1], event.score[0]]
        row += [_time(event.left), _time(full - event.left), _time(length), number]
        writer.writerow(row + [fields.get(column, "") for column in COLUMNS[len(row) :]])
    return out.getvalue().encode()


def _time(seconds: int) -> str:
    return f"0:{seconds // 60:02d}:{seconds % 60:02d}"


def _name(player: Player | None) -> str:
    return player.full_name if player else ""


def _fields(game: GameNight, event: Event) -> dict[str, object]:
    """What the row says beside its time, score and men on the floor."""
    kind = EVENT_TYPES.get(event.kind, event.kind)
    fields: dict[str, object] = {"event_type": kind, "type": kind, "player": _name(event.player)}
    if event.team is not None:
        fields["team"] = (game.home, game.away)[event.team].team.tricode
    details = _DETAILS.get(event.kind)
    return fields | details(event) if details else fields


def _shot(event: Event) -> dict[str, object]:
    if event.shot is None:
        return {}
    spot, words = event.shot.spot, shot_words(event).lower()
    x, y = (1, AWAY_BASKET_FEET) if event.team == 1 else (-1, HOME_BASKET_FEET)
    return {
        "assist": _name(event.assist),
        "block": _name(event.block),
        "points": event.points,
        "result": "made" if event.made else "missed",
        "type": f"3pt {words}" if event.value == 3 else words,
        "shot_distance": int(spot.feet),
        "original_x": spot.x,
        "original_y": spot.y,
        "converted_x": HALF_WIDTH_FEET - x * spot.x / 10,
        "converted_y": y + x * spot.y / 10,
    }


def _free_throw(event: Event) -> dict[str, object]:
    return {
        "num": event.number,
        "outof": event.of,
        "points": event.points,
        "result": "made" if event.made else "missed",
        "type": f"free throw {event.descriptor or f'{event.number}/{event.of}'}",
    }


def _rebound(event: Event) -> dict[str, object]:
    return {"type": "team rebound" if "deadball" in event.qualifiers else f"rebound {event.detail}"}


def _turnover(event: Event) -> dict[str, object]:
    kind, reason = TURNOVERS.get(event.detail, (event.detail, ""))
    return {"type": kind, "reason": reason, "steal": _name(event.steal)}


def _foul(event: Event) -> dict[str, object]:
    kind, reason = FOULS[event.descriptor] if event.detail == "personal" else (event.detail, "")
    return {"type": kind, "reason": reason, "opponent": _name(event.drawn)}


def _timeout(event: Event) -> dict[str, object]:
    return {"type": "timeout: regular"}


def _substitution(event: Event) -> dict[str, object]:
    return {"type": "sub", "entered": _name(event.entered), "left": _name(event.player)}


def _jump_ball(event: Event) -> dict[str, object]:
    """`player` is the visitors' man, `possession` who got the ball."""
    if event.jumpers is None:
        return {}
    home, away = event.jumpers
    names = {"away": away.full_name, "home": home.full_name, "player": away.full_name}
    return {**names, "possession": _name(event.player)}


_DETAILS: Mapping[str, Callable[[Event], dict[str, object]]] = {
    "shot": _shot,
    "free throw": _free_throw,
    "rebound": _rebound,
    "turnover": _turnover,
    "foul": _foul,
    "timeout": _timeout,
    "substitution": _substitution,
    "jump ball": _jump_ball,
}
