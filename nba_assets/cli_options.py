"""Options that many verbs have. Light to import."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from nba_assets.errors import UsageError

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def a_date(text: str) -> dt.date:
    """The date that is written; raises `UsageError` for another text."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a date", "write it as 2024-11-15") from error
