"""What may stand in a document: declared fields, and the pydantic models generated from them.

A field that shows a table's column takes its meaning from the contract and needs `public=True` there: the contract is
the allow-list. A field that is computed is declared with its own description.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Optional

from pydantic import BaseModel, ConfigDict, create_model
from pydantic import Field as PydanticField

from nba_assets import contracts
from nba_assets.contracts.model import Type

TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"
DAY = r"^\d{4}-\d\d-\d\d$"

PROBABILITY_DECIMALS = 4
MEAN_DECIMALS = 1
LINE_DECIMALS = 2
"""A median of lines of half points is a multiple of a quarter."""


@dataclass(frozen=True)
class Time:
    """Marks a field as a time: RFC 3339 with Z."""


@dataclass(frozen=True)
class Day:
    """Marks a field as a league date: YYYY-MM-DD."""


@dataclass(frozen=True)
class Field:
    """One field of a document. `kind`: str, int, float, bool, `Time`, `Day`, `list[str]`, a model or a list of one.

    `source` is the contract column shown, empty for what is computed; `decimals` how a float is rounded.
    """

    name: str
    kind: Any
    description: str
    nullable: bool = False
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()
    unit: str | None = None
    source: str = ""
    decimals: int = PROBABILITY_DECIMALS


_KINDS: dict[Type, Any] = {
    Type.STRING: str,
    Type.INT64: int,
    Type.FLOAT64: float,
    Type.BOOL: bool,
    Type.DATE: Day,
    Type.TIMESTAMP: Time,
    Type.STRINGS: list[str],
    Type.JSON: str,
}


def column(table: str, name: str, /, **changes: Any) -> Field:
    """The field that shows `table.name` under its own name, or under `changes["name"]`.

    Raises `ValueError` if the contract does not mark the column as public.
    """
    contract = contracts.table(table)
    if not contract.column(name).public:
        raise ValueError(f"{contract.full_name}.{name} is not public: it must not be published")
    return any_column(table, name, **changes)


def any_column(table: str, name: str, /, **changes: Any) -> Field:
    """The same of any column, for documents that are not public."""
    found = contracts.table(table).column(name)
    share = found.low == 0 and found.high == 1
    field = Field(
        name=name,
        kind=_KINDS[found.type],
        description=found.description,
        nullable=found.nullable,
        low=found.low,
        high=found.high,
        values=found.values,
        unit=found.unit,
        source=f"{table}.{name}",
        decimals=PROBABILITY_DECIMALS if share or found.unit not in ("points", "minutes") else MEAN_DECIMALS,
    )
    return replace(field, **changes)


def columns(table: str, names: Iterable[str], /, **changes: Any) -> tuple[Field, ...]:
    """Fields of several columns, all with the same changes."""
    return tuple(column(table, name, **changes) for name in names)


def if_public(table: str, name: str, /, **changes: Any) -> tuple[Field, ...]:
    """The field of a column that is published once its contract marks it as public, and until then is left out."""
    return (column(table, name, **changes),) if contracts.table(table).column(name).public else ()


def nullable(fields: Iterable[Field]) -> tuple[Field, ...]:
    """The same fields, each of which may be null."""
    return tuple(replace(field, nullable=True) for field in fields)


def many(item: Any) -> Any:
    """The kind of a field that holds a list of a model."""
    return list[item]


def by_name(item: Any) -> Any:
    """The kind of a field that holds models by their names."""
    return dict[str, item]


class Document(BaseModel):
    """What all generated models are: strict, closed, finite."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


def model(name: str, description: str, fields: Iterable[Field]) -> type[Document]:
    """The pydantic model of the fields, every one required."""
    shape: dict[str, Any] = {field.name: (_annotation(field), _info(field)) for field in fields}
    made = create_model(name, __base__=Document, __doc__=description, **shape)
    made.declared = {field.name: field for field in fields}  # type: ignore[attr-defined]
    return made


def _annotation(field: Field) -> Any:
    facts: dict[str, Any] = {}
    kind = field.kind
    if kind is Time or kind is Day:
        facts = {"pattern": TIME if kind is Time else DAY}
        facts["json_schema_extra"] = {"format": "date-time" if kind is Time else "date"}
        kind = str
    elif field.values:
        kind = Literal[field.values]
    elif kind in (int, float):
        facts = {key: value for key, value in (("ge", field.low), ("le", field.high)) if value is not None}
        facts = {key: int(value) if kind is int else value for key, value in facts.items()}
    annotated = Annotated[kind, PydanticField(**facts)] if facts else kind
    return Optional[annotated] if field.nullable else annotated  # noqa: UP045


def _info(field: Field) -> Any:
    extra = {key: value for key, value in (("x-unit", field.unit), ("x-source", field.source)) if value}
    return PydanticField(description=field.description, json_schema_extra=extra or None)  # type: ignore[arg-type]
