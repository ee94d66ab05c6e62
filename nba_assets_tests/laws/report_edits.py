"""Other content of the league's announcements: statuses in a report of injuries, a game's officials."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from nba_assets.league import TEAMS
from nba_assets.simulator.files.injury_pdf import MARKER, Printed, draw
from nba_assets_tests.laws.drops import Drop

EASTERN = ZoneInfo("America/New_York")
FULL_NAMES = {team.tricode: team.full_name for team in TEAMS}
NO_TIME = "07:00 (ET)"
"""The report's game times are not read."""
CHANGED = {"Out": "Questionable", "Questionable": "Out", "Available": "Doubtful", "Probable": "Out"}
CREW = ("official1", "official2", "official3")


def other_statuses(drop: Drop, at: pd.Timestamp | None = None) -> Drop:
    """The report drawn anew, every second man with another status; with `at` it is of that time, filed at once."""
    rows = drop.parsed.rows
    title = pd.Timestamp(rows["report_at"].iloc[0] if at is None else at).tz_convert(EASTERN)
    turn = count()
    printed = [_printed(row, turn) for row in rows.to_dict("records") if row["row_kind"] != "nothing_to_report"]
    found = Drop(drop.name, draw(title.to_pydatetime(), printed))
    return found if at is None else found.again(at + dt.timedelta(minutes=3))


def other_officials(payload: Any) -> None:
    """Crew chief and third official of every game change places."""
    first, *_, last = CREW
    for row in payload["nba"]["Table"]["rows"]:
        for field in ("", "_code", "_JNum"):
            row[f"{first}{field}"], row[f"{last}{field}"] = row[f"{last}{field}"], row[f"{first}{field}"]


def _printed(row: dict[Any, Any], turn: count[int]) -> Printed:
    is_man = row["row_kind"] == "player"
    status = row["injury_status"].title() if is_man else ""
    return Printed(
        date=f"{row['game_date']:%m/%d/%Y}",
        time=NO_TIME,
        matchup=f"{row['away_tricode']}@{row['home_tricode']}",
        team=FULL_NAMES[row["team_tricode"]],
        player=row["player_name"] if is_man else "",
        status=CHANGED.get(status, status) if is_man and next(turn) % 2 else status,
        reason=(row["injury_reason"] or "-") if is_man else MARKER,
    )
