"""The monitoring queries: one file each in `queries/`, in BigQuery's dialect over `nba_orchestration`.

A file begins with one line of comment that says what it answers. `@parameters` are bound, never written into the SQL;
a line `-- @since: 168 hours` gives one another default than `PARAMETERS`. Whatever a query reads of the execution log
began in `@since` to `@now`, and where it has a `@correlation_id`, that drop fed it.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nba_assets.contracts.model import Table, Type
from nba_assets.errors import UsageError
from nba_assets.storage.sql import Question, nearest, parse

FOLDER = Path(__file__).parent / "queries"
HOURS = re.compile(r"(\d+) hours?")


@dataclass(frozen=True)
class Parameter:
    """A parameter's type, meaning, and its value where none is given ('' : it must be)."""

    type: Type
    meaning: str
    default: str


PARAMETERS = {
    "now": Parameter(Type.TIMESTAMP, "the moment asked about", "0 hours"),
    "since": Parameter(Type.TIMESTAMP, "what came or began before is left out", "24 hours"),
    "minutes": Parameter(Type.INT64, "for how long nothing may have happened", "30"),
    "correlation_id": Parameter(Type.STRING, "a drop's id", ""),
}


@dataclass(frozen=True)
class Query:
    """One monitoring query: what it answers, its SQL in BigQuery's dialect, checked, and its parameters' defaults."""

    name: str
    answers: str
    sql: str
    question: Question
    defaults: Mapping[str, str]

    def columns(self, table: Table) -> Sequence[str]:
        """The columns of a table that it may read."""
        named = self.question.columns
        return [name for name in table.column_names if named is None or name in named]

    def values(self, given: Mapping[str, str], now: dt.datetime) -> dict[str, Any]:
        """A value for each parameter, from text: a number, or a time as `2024-11-15T00:00:00Z` or `48 hours` ago.

        Raises `UsageError` for a parameter that the query does not have, a value of another form, and one that lacks.
        """
        for name in given:
            if name not in self.defaults:
                raise UsageError(f"{self.name} has no parameter {name!r}", f"it has {', '.join(sorted(self.defaults))}")
        return {name: _value(name, given.get(name, text), now) for name, text in self.defaults.items()}


@functools.cache
def queries() -> Mapping[str, Query]:
    """Every monitoring query by name."""
    return {file.stem: _read(file) for file in sorted(FOLDER.glob("*.sql"))}


def query(name: str) -> Query:
    """The query of that name. Raises `UsageError` with the nearest names if there is none."""
    if name not in queries():
        raise UsageError(f"no monitoring query {name!r}", nearest(name, queries()))
    return queries()[name]


def _read(file: Path) -> Query:
    text = file.read_text(encoding="utf-8")
    head = [line.removeprefix("--").strip() for line in text.splitlines() if line.startswith("--")]
    own = dict(line.removeprefix("@").split(": ", 1) for line in head[1:])
    question = parse(text)
    defaults = {name: own.get(name, PARAMETERS[name].default) for name in question.parameters}
    return Query(file.stem, head[0], text, question, defaults)


def _value(name: str, text: str, now: dt.datetime) -> Any:
    kind = PARAMETERS[name].type
    if not text:
        raise UsageError(f"{name} is needed: {PARAMETERS[name].meaning}", f"--set {name}=VALUE")
    if kind is Type.STRING:
        return text
    try:
        if kind is Type.INT64:
            return int(text)
        if (hours := HOURS.fullmatch(text)) is not None:
            return now - dt.timedelta(hours=int(hours[1]))
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("it has no time zone")
    except (ValueError, OverflowError) as error:
        example = "30" if kind is Type.INT64 else "2024-11-15T00:00:00Z, or 48 hours"
        raise UsageError(f"{text!r} is no value of {name}", f"write it as {example}") from error
    return moment
