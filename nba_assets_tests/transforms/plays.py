"""Play-by-play by hand: events of both sources from few words, and the frames that transforms make of them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nba_assets.transforms.play_by_play_states import EventVersions
from nba_assets_tests.transforms.boxes import LISTED, POINTS, person
from nba_assets_tests.transforms.leagues import at, frame

NBAC, BIGDATABALL = "nbac_play_by_play", "bigdataball_play_by_play"
TOLD_AT = at("11-02 08:00")
SPOTS: dict[str, tuple[float, float]] = {
    "ra": (0.0, 2.0),
    "paint_non_ra": (3.0, 8.0),
    "mid": (0.0, 18.0),
    "corner3": (22.5, 1.0),
    "above_break3": (0.0, 25.0),
}
"""A place in each zone: feet across and along from the hoop."""

UNPLACED = {"shot_x_ft": 0.0, "shot_y_ft": 0.0}
MEN = [person(team, n) for team in POINTS for n in range(5)]

Row = dict[str, Any]


def clock(period: int, left: str) -> dict[str, Any]:
    """Period and times of an event with `m:ss` left."""
    minutes, seconds = left.split(":")
    seconds_left = 60.0 * int(minutes) + float(seconds)
    length = 720.0 if period <= 4 else 300.0
    before = 720.0 * min(period - 1, 4) + 300.0 * max(period - 5, 0)
    return {"period": period, "clock_seconds": seconds_left, "elapsed_seconds": before + length - seconds_left}


def shot(table: str, who: str, value: int, when: str = "1 10:00", made: bool = True, **facts: Any) -> Row:
    """A field goal attempt of `bos0` and his like, `when` a period and the time left."""
    kind = {"action_type": f"{value}pt", "is_field_goal": True} if table == NBAC else {"event_type": "shot"}
    if table == BIGDATABALL:
        kind["pts"] = value if made else 0
    return _of(who, when) | kind | {"is_made": made, "shot_value": value} | facts


def spot(zone: str) -> Row:
    """A place in the zone."""
    x, y = SPOTS[zone]
    return {"shot_x_ft": x, "shot_y_ft": y, "shot_distance_ft": (x * x + y * y) ** 0.5}


def throw(table: str, who: str, number: str, when: str = "1 10:00", made: bool = True, foul: str = "") -> Row:
    """A free throw, `number` as `1 of 1`, for a technical or flagrant foul if `foul` says so."""
    facts: Row = {"is_made": made, "shot_value": 1}
    if table == NBAC:
        facts |= {"action_type": "freethrow", "sub_type": number, "descriptor": foul or None}
    else:
        words = {"technical": "free throw technical", "flagrant": f"free throw flagrant {number.replace(' of ', '/')}"}
        kind = words.get(foul, f"free throw {number.replace(' of ', '/')}")
        facts |= {"event_type": "free throw", "sub_type": kind, "pts": int(made)}
    return _of(who, when) | facts


def event(table: str, who: str, kind: str, when: str = "1 10:00", **facts: Any) -> Row:
    """Any other event."""
    return _of(who, when) | {"action_type" if table == NBAC else "event_type": kind} | facts


def change(leaves: str, enters: str, when: str, at_break: bool = False) -> list[Row]:
    """NBA.com's two rows of a substitution, at a break between periods with the qualifier of one."""
    qualifiers = {"qualifiers": "startperiod" if at_break else None}
    return [
        event(NBAC, leaves, "substitution", when, sub_type="out", **qualifiers),
        event(NBAC, enters, "substitution", when, sub_type="in", **qualifiers),
    ]


def told(rows: list[Row], **facts: Any) -> list[Row]:
    """The rows as events of LISTED in their order, known at TOLD_AT."""
    game = {"game_date": LISTED["game_date"], "game_id": LISTED["game_id"], "known_at": TOLD_AT}
    return [game | {"order_number": n} | row | facts for n, row in enumerate(rows, 1)]


def game_of(table: str, unplaced: int = 0, more: list[Row] | None = None, **facts: Any) -> list[Row]:
    """Every man's points by free throws, and ten missed mid-range shots of each, of which the last are unplaced."""
    points = {person(team, n): p for team, scored in POINTS.items() for n, p in enumerate(scored)}
    throws = [throw(table, who, "1 of 2") for who, scored in points.items() for _ in range(scored)]
    places = [spot("mid")] * (100 - unplaced) + [UNPLACED] * unplaced
    shots = [shot(table, MEN[n // 10], 2, made=False, **place) for n, place in enumerate(places)]
    return told([*throws, *shots, *(more or [])], **facts)


def events_of(table: str, *games: list[Row]) -> pd.DataFrame:
    """The rows of each game as the events of a state: 0, 1, ..."""
    ids = [f"{int(LISTED['game_id']) + n:010d}" for n in range(len(games))]
    moments = pd.DataFrame({"game_date": LISTED["game_date"], "game_id": ids, "at": TOLD_AT})
    moments["at"] = moments["at"].astype("datetime64[us, UTC]")
    rows = [row for game_id, game in zip(ids, games, strict=True) for row in told(game, game_id=game_id)]
    return EventVersions(frame(table, rows)).at(moments)[1]


def _of(who: str, when: str) -> Row:
    """The man (`bos0`), or with no number the team."""
    period, left = when.split()
    team = who[:3].upper() or None
    return clock(int(period), left) | {"team_tricode": team, "player_id": who if len(who) > 3 else None}
