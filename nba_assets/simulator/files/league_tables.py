"""The tabular form of stats.nba.com's answers, and the columns that several of them share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SHOOTING = ("FGM", "FGA", "FG_PCT", "FG3M", "FG3A", "FG3_PCT", "FTM", "FTA", "FT_PCT")
COUNTS = ("oreb", "dreb", "reb", "ast", "stl", "blk", "tov", "pf", "pts")
HEADERS = ("OREB", "DREB", "REB", "AST", "STL", "BLK", "TOV", "PF", "PTS", "PLUS_MINUS")


def share(made: int, tried: int) -> float:
    """A percentage as the league prints it: three digits, 0 of 0 attempts."""
    return round(made / tried, 3) if tried else 0.0


def shooting(counts: Mapping[str, int]) -> list[Any]:
    """The values of `SHOOTING`."""
    pairs = ((counts["fgm"], counts["fga"]), (counts["fg3m"], counts["fg3a"]), (counts["ftm"], counts["fta"]))
    return [value for made, tried in pairs for value in (made, tried, share(made, tried))]


def stat_line(counts: Mapping[str, int], plus_minus: int) -> list[Any]:
    """The values of `SHOOTING` and `HEADERS`."""
    return [*shooting(counts), *(counts[name] for name in COUNTS), plus_minus]


def answer(resource: str, parameters: dict[str, Any], sets: Mapping[str, tuple[list[str], list[list[Any]]]]) -> Any:
    """A whole answer; `sets`: name to (headers, rows)."""
    results = [{"name": name, "headers": headers, "rowSet": rows} for name, (headers, rows) in sets.items()]
    return {"resource": resource, "parameters": parameters, "resultSets": results}


def clock(seconds: int) -> str:
    """Time on the floor as `m:ss`."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def minutes(seconds: int) -> int:
    """Whole minutes, rounded half to even."""
    return round(seconds / 60)
