"""A step's input frames: each is read when it is first asked for, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.model import Table, Versioning
from nba_assets.engine.graph import read_range

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform


class InputFrames(Mapping[str, pd.DataFrame]):
    """The inputs of a table for some dates by bare name.

    `versions`: by input that was read, those of its partitions.
    """

    def __init__(self, platform: Platform, contract: Table, days: Sequence[dt.date]) -> None:
        self._platform, self._days = platform, days
        self._entries = {entry.table: entry for entry in contract.inputs}
        self._frames: dict[str, pd.DataFrame] = {}
        self.versions: dict[str, dict[str, str]] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            entry = self._entries[name]
            seen = self.versions[name] = {}
            self._frames[name] = self._platform.warehouse.read(
                name,
                dates=read_range(entry, self._days),
                columns=entry.columns or None,
                history=tables()[name].versioning is Versioning.CLOSED,
                seen=seen,
            )
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
