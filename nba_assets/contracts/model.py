"""What a contract is: `Table`, `Column`, `Input`. Everything else about a table is derived from these."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Type(StrEnum):
    """Column types, by their BigQuery names."""

    STRING = "STRING"
    INT64 = "INT64"
    FLOAT64 = "FLOAT64"
    BOOL = "BOOL"
    DATE = "DATE"
    TIMESTAMP = "TIMESTAMP"
    JSON = "JSON"
    """A JSON document as text, keys sorted."""
    STRINGS = "ARRAY<STRING>"
    """A list of strings, never null; empty when there is nothing."""


@dataclass(frozen=True)
class Column:
    """One column: its type, meaning, unit and the values it may hold.

    `low` and `high` are inclusive. `references` names `table.column` of a foreign key. `source` names where the value
    comes from (`table.column`) and becomes column lineage. `public` puts the field on the published allow-list.
    """

    name: str
    type: Type
    description: str
    nullable: bool = False
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()
    references: str | None = None
    source: tuple[str, ...] = ()
    public: bool = False


class Role(StrEnum):
    """What the absence of an input means."""

    CRITICAL = "critical"
    """Nothing is built without it; its change fires the table."""
    OPTIONAL = "optional"
    """Never blocks, never fires at once; improves the row and is recorded in its quality columns."""
    HISTORY = "history"
    """`^`: earlier dates only; read and shown as lineage, ignored by conditions."""


class Refit(StrEnum):
    """How often models are fitted anew; `nba_assets.refits` has the dates."""

    SEASON = "season"
    WEEK = "week"


@dataclass(frozen=True)
class Span:
    """Which dates of an input one date of the table reads: `D - before .. D + after`, in days.

    With `refit` the last refit stands for D, and only dates up to the embargo before it are read: what comes in
    between two refits moves nothing.
    """

    before: int = 0
    after: int = 0
    refit: Refit | None = None


SAME_DATE = Span()
SEASON = Span(before=365)
TWO_SEASONS = Span(before=730)


@dataclass(frozen=True)
class Input:
    """One input table. `any_of` names a group of critical inputs of which one is enough."""

    table: str
    role: Role
    span: Span = SAME_DATE
    any_of: str | None = None
    columns: tuple[str, ...] = ()
    """Columns that are read of it; all of them if none is named."""


class Versioning(StrEnum):
    """How a table remembers."""

    CLOSED = "closed"
    """Rows have `superseded_at`: the plain name is the rows without one, `__history` all (raw, post-game, grades)."""
    CAPTURES = "captures"
    """The capture time is in the key: rows are never closed (props, game lines, injury reports)."""
    REPLACED = "replaced"
    """A pure function of other tables as of the decision time: a rebuild replaces the row (pre-game tables)."""


class SpeaksFor(StrEnum):
    """What one capture of a raw table is complete for."""

    GAME = "game"
    DATE = "date"


class Event(StrEnum):
    """What a source's publication is counted from."""

    TIP = "tip"
    FINAL = "final"


@dataclass(frozen=True)
class Lag:
    """When a source has a game at the latest: so many hours after (negative: before) the game's tip or final."""

    event: Event
    hours: float


@dataclass(frozen=True)
class Check:
    """A table-level rule beyond the columns' own, as a SQL predicate in BigQuery's dialect that every row keeps."""

    name: str
    predicate: str
    description: str


@dataclass(frozen=True)
class Table:
    """A table's contract: the single source of its types, descriptions, keys, criticality, deps, checks and schema.

    `key` is the grain (without `superseded_at`, which tells versions of one key apart). `paths` are the object name
    prefixes of a raw table's drops, `speaks_for` is what one of them is complete for.
    """

    dataset: str
    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    versioning: Versioning = Versioning.REPLACED
    inputs: tuple[Input, ...] = ()
    checks: tuple[Check, ...] = ()
    paths: tuple[str, ...] = ()
    fed_by: tuple[str, ...] = ()
    """Landing sources of a raw table that has no drops of its own."""
    speaks_for: SpeaksFor = SpeaksFor.GAME
    progress: str | None = None
    """Column of a raw table by which a later capture never takes a game back: a live one after the final is ignored."""
    keys_move: bool = False
    """A raw table's key may move to another date: a date is built from all captures of its season."""
    few_games: int = 3
    """A drop of a raw table that changes no more games of a date than these is carried on for those games alone."""
    lag: Lag | None = None
    """When a raw table's source has a game at the latest; one that has none by then is late."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """By column of a raw table where its value stands in the payload, in the source's own words."""
    quirks: tuple[str, ...] = ()
    """What a reader of the source's files must know."""
    refused: tuple[str, ...] = ()
    """Rules of a raw table's parser: a game (or file) that breaks one is quarantined."""
    unverified_formats: tuple[str, ...] = ()
    """Forms of the source that are read as documented: no real file of them was seen."""
    kinds: tuple[str, ...] = ()
    per_game: int | None = None
    """Rows per final or listed game where the table has a fixed number (schedule 1, team tables 2)."""
    owners: tuple[str, ...] = ("team:nba-assets",)
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """`dataset.table`, as SQL writes it."""
        return f"{self.dataset}.{self.name}"

    @property
    def sources(self) -> tuple[str, ...]:
        """The landing sources whose drops feed the table: its own, or those in `fed_by`."""
        return self.fed_by or ((self.name,) if self.paths else ())

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The column of that name; raises `KeyError` if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.full_name} has no column {name!r}")

    def of_columns(self, names: Collection[str]) -> Table:
        """The table with no columns but those and the key's."""
        return replace(self, columns=tuple(c for c in self.columns if c.name in names or c.name in self.key))

    @property
    def sort_key(self) -> list[str]:
        """Canonical row order: partition (where the table has one), grain, then version."""
        order = [*dict.fromkeys(("game_date", *self.key, "known_at"))]
        return [name for name in order if name in self.column_names]
