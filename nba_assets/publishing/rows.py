"""Frames as JSON values: rounded, null for what is unknown, times as RFC 3339, nothing that is not finite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.publishing.fields import Day, Field, Time

Record = dict[str, Any]


class NotPublishable(ValueError):  # noqa: N818
    """A value or a document that must not be published; the message names the place and the rule."""


def records(frame: pd.DataFrame, fields: Iterable[Field]) -> list[Record]:
    """One dict per row with exactly the declared fields, in row order.

    Raises `NotPublishable` for an infinite number, naming the field and its row.
    """
    wanted = tuple(fields)
    if not wanted:
        return [{} for _ in range(len(frame))]
    names = [field.name for field in wanted]
    lists = [plain(frame[field.name], field) for field in wanted]
    return [dict(zip(names, values, strict=True)) for values in zip(*lists, strict=True)]


def plain(values: pd.Series[Any], field: Field) -> list[Any]:
    """A column as JSON values."""
    if field.kind is float:
        return _floats(values, field)
    if field.kind is Time:
        return times(values)
    if field.kind is Day:
        return days(values)
    if pd.api.types.is_object_dtype(values.dtype):
        return [None if value is None or value is pd.NA else value for value in values.tolist()]
    return [None if missing else value for value, missing in zip(values.tolist(), values.isna(), strict=True)]


def _floats(values: pd.Series[Any], field: Field) -> list[float | None]:
    numbers = pd.to_numeric(values).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(numbers).any():
        raise NotPublishable(f"{field.name}: row {int(np.isinf(numbers).argmax())} is not a finite number")
    rounded = np.round(numbers, field.decimals) + 0.0
    return [None if value != value else value for value in rounded.tolist()]


def times(values: pd.Series[Any]) -> list[str | None]:
    """`2024-11-02T02:30:00Z`, with a fraction only where there is one."""
    moments = values.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    texts = np.datetime_as_string(moments, unit="us").tolist()
    return [None if text == "NaT" else f"{text.removesuffix('.000000')}Z" for text in texts]


def days(values: pd.Series[Any]) -> list[str | None]:
    """`2024-11-01`."""
    texts = np.datetime_as_string(values.to_numpy().astype("datetime64[D]")).tolist()
    return [None if text == "NaT" else text for text in texts]


def moment(value: Any) -> str | None:
    """One time as RFC 3339 with Z; null for null."""
    if value is None or pd.isna(value):
        return None
    return pd.Timestamp(value).tz_convert("UTC").isoformat().replace("+00:00", "Z")


def latest(*moments: Any) -> Any:
    """The latest of the times that are known; `pd.NaT` if none is."""
    known = [time for time in moments if time is not None and not pd.isna(time)]
    return max(known) if known else pd.NaT


def newest(texts: Iterable[str | None]) -> str | None:
    """The latest of times in text; null if there is none."""
    return max((text for text in texts if text), key=lambda text: text.removesuffix("Z"), default=None)


def number(value: Any, decimals: int) -> float | None:
    """A computed figure, rounded; null for NaN. Raises `NotPublishable` if it is infinite."""
    if value is None or pd.isna(value):
        return None
    if not np.isfinite(value):
        raise NotPublishable(f"{value} is not a finite number")
    return round(float(value), decimals) + 0.0


def grouped(keys: Sequence[Any], items: Sequence[Record]) -> dict[Any, list[Record]]:
    """The items by their key, each group in the given order."""
    found: dict[Any, list[Record]] = {}
    for key, item in zip(keys, items, strict=True):
        found.setdefault(key, []).append(item)
    return found
