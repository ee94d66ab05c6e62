"""`nba-assets monitor`."""

from __future__ import annotations

from collections.abc import Sequence

from nba_assets import console
from nba_assets.commands.session import opened
from nba_assets.errors import UsageError
from nba_assets.monitoring.answers import answer
from nba_assets.monitoring.registry import queries, query


def run(name: str, values: Sequence[str], *, as_json: bool) -> None:
    """Print the rows of a monitoring query, or what queries there are."""
    if not name:
        _list(as_json)
        return
    asked, given = query(name), dict(map(_pair, values))
    with opened() as platform:
        frame = answer(platform, asked, given)
    if as_json:
        console.as_json(console.records(frame))
        return
    console.table(asked.answers, list(frame.columns), console.values(frame))
    console.say(f"{len(frame):,} rows")


def _list(as_json: bool) -> None:
    found = [{"name": q.name, "answers": q.answers, "parameters": dict(q.defaults)} for q in queries().values()]
    if as_json:
        console.as_json(found)
        return
    rows = [[q.name, q.answers, ", ".join(f"{n}={text}" for n, text in q.defaults.items())] for q in queries().values()]
    console.table("", ["query", "answers", "parameters"], rows)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{text!r} is not NAME=VALUE", "write it as minutes=15")
    return name, value
