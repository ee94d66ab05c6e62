"""What is sent about an alarm: a title and a plain text."""

from __future__ import annotations

import datetime as dt

from nba_assets.alarms.wording import counted, minute, quoted
from nba_assets.engine.lateness import LOOKED_BACK
from nba_assets.league import league_date
from nba_assets.storage.records import Alarm


def title(alarm: Alarm) -> str:
    """`nba-assets: late_sources bdl_player_boxscores 2024-11-01`; of a resolved one `nba-assets: resolved: …`."""
    resolved = "resolved: " if alarm["state"] == "resolved" else ""
    return f"nba-assets: {resolved}{quoted(alarm['cause'].replace('|', ' '))}"


def body(alarm: Alarm) -> str:
    """The message, and how often it held since when."""
    checks, since = counted(alarm["count"], "check"), minute(alarm["first_seen"])
    if alarm["state"] == "open":
        return f"{alarm['message']}\n\nHeld at {checks} since {since}."
    ended = minute(alarm["resolved_at"] or alarm["last_seen"])
    how = (
        f"No longer looked at since {ended}: its date is more than {LOOKED_BACK} days ago. Until then it held."
        if out_of_sight(alarm)
        else f"No longer so since {ended}."
    )
    return f"{how} It held at {checks} since {since}. It was:\n\n{alarm['message']}"


def out_of_sight(alarm: Alarm) -> bool:
    """Whether a cause that is about a date ended because nobody looks back so far."""
    try:
        day = dt.date.fromisoformat(alarm["cause"].rpartition("|")[2])
    except ValueError:
        return False
    ended = alarm["resolved_at"] or alarm["last_seen"]
    return league_date(ended) - day > dt.timedelta(days=LOOKED_BACK)
