"""A part of a step made: its dates read, built and written, and what is told of it."""

from __future__ import annotations

import datetime as dt
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts.frames import conform
from nba_assets.contracts.model import Table
from nba_assets.engine.aliases import own_aliases
from nba_assets.engine.builders import SECOND_SOURCE, Built, build_table, scoped
from nba_assets.engine.captures import captures
from nba_assets.engine.graph import read_range
from nba_assets.engine.halts import own_halts
from nba_assets.engine.input_frames import InputFrames
from nba_assets.engine.live import with_live
from nba_assets.engine.model_choices import own_choices
from nba_assets.errors import TransientError
from nba_assets.scope import Scope, in_scope
from nba_assets.storage.records import WaitingRow

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

PREVIEW_ROWS = 5


@dataclass(frozen=True)
class Made:
    """What is told of the dates that were made; the rows themselves are in the table.

    Rows by date, nulls by column, the first rows, who waits, the dates some of whose rows will only be known later, and
    by input the versions of the partitions that were read.
    """

    rows: dict[dt.date, int] = field(default_factory=dict)
    nulls: dict[str, int] = field(default_factory=dict)
    preview: pd.DataFrame | None = None
    waiting_days: frozenset[dt.date] = frozenset()
    waiting_lines: tuple[str, ...] = ()
    unripe: frozenset[dt.date] = frozenset()
    read: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.rows.values())

    @property
    def null_rates(self) -> dict[str, float]:
        return {name: round(nulls / self.count, 4) for name, nulls in self.nulls.items()} if self.count else {}

    def __add__(self, other: Made) -> Made:
        names = dict.fromkeys((*self.nulls, *other.nulls))
        return Made(
            rows=self.rows | other.rows,
            nulls={name: self.nulls.get(name, 0) + other.nulls.get(name, 0) for name in names},
            preview=other.preview if self.preview is None or self.preview.empty else self.preview,
            waiting_days=self.waiting_days | other.waiting_days,
            waiting_lines=(*self.waiting_lines, *other.waiting_lines),
            unripe=self.unripe | other.unripe,
        )

    def is_of(self, versions: Mapping[str, Mapping[str, str]], contract: Table, days: Sequence[dt.date]) -> bool:
        """Whether what was read for the days are these versions of the inputs; what was not read moved nothing."""
        for entry in contract.inputs:
            if entry.table not in self.read:
                continue
            first, last = map(str, read_range(entry, days))
            if self.read[entry.table] != {d: v for d, v in versions[entry.table].items() if first <= d <= last}:
                return False
        return True


def make(platform: Platform, contract: Table, days: Sequence[dt.date], scope: Scope | None) -> Made:
    """Read, build and write the dates' rows (in scope, if one is given). The caller holds the dates' lock."""
    inputs = InputFrames(platform, contract, days)
    built = build(platform, contract, days, scope, inputs)
    _write(platform, contract, days, built, scope)
    frame = built.frame
    return Made(
        rows=frame["game_date"].dt.date.value_counts().to_dict() if len(frame) else {},
        nulls={str(name): int(count) for name, count in frame.isna().sum().items()},
        preview=frame.head(PREVIEW_ROWS).copy(),
        waiting_days=frozenset(built.waiting_days),
        waiting_lines=tuple(built.waiting_lines),
        unripe=built.unripe,
        read=inputs.versions,
    )


def build(
    platform: Platform,
    contract: Table,
    days: Sequence[dt.date],
    scope: Scope | None,
    inputs: InputFrames | None = None,
) -> Built:
    """The dates' rows as they would be written now; nothing is. `inputs` are those of the table for the days."""
    inputs = InputFrames(platform, contract, days) if inputs is None else inputs
    told: Mapping[str, pd.DataFrame] = ChainMap(own_choices(platform, contract) | own_halts(platform, contract), inputs)  # type: ignore[arg-type]
    stamps = [pd.Timestamp(day) for day in days]
    if contract.dataset == "nba_raw":
        built = scoped(_raw(platform, contract, stamps, inputs), scope)
    else:
        built = build_table(contract, told, stamps, scope, [])
    known = _as_known(built, contract, pd.Timestamp(platform.clock.now()))
    return replace(known, frame=with_live(platform, contract, days, scope, told, known.frame))


def _raw(
    platform: Platform,
    contract: Table,
    stamps: Sequence[pd.Timestamp],
    inputs: InputFrames,
) -> Built:
    """Raw rows of any scope; of one date those last built of the same: drops are looked at before they are written."""
    found = captures(platform, contract.name, [stamp.date() for stamp in stamps])
    aliases = own_aliases(platform, contract)
    said = [(each.object_name, each.content_hash, each.known_at, each.known_at_assumed) for each in found]
    read = dict(inputs)
    of = (*stamps, *said, str(inputs.versions), *(frame.to_csv() for frame in aliases))
    last = platform.last_raw.get(contract.name)
    if last is not None and last[0] == of:
        return last[1]
    built = build_table(contract, read, stamps, None, found, aliases)
    if len(stamps) == 1:
        platform.last_raw.put(contract.name, (of, built))
    return built


def _as_known(built: Built, contract: Table, now: pd.Timestamp) -> Built:
    """Without what is not known yet: rows of a later `known_at`, ends of versions that still stand."""
    if "not_before" in built.waiting.columns:
        over = (built.waiting["reason"] == SECOND_SOURCE) & (built.waiting["not_before"] <= now)
        built = replace(built, waiting=built.waiting[~over].drop(columns="not_before"))
    frame = built.frame
    if frame.empty or "known_at" not in frame.columns:
        return replace(built, frame=conform(frame, contract))
    early = frame["known_at"] > now
    if "superseded_at" in frame.columns:
        ends_later = frame["superseded_at"] > now
        frame = frame.assign(superseded_at=frame["superseded_at"].mask(ends_later))
        early |= ends_later
    unripe = frozenset(frame.loc[early, "game_date"].dt.date)
    known = frame[(frame["known_at"] <= now).fillna(True)]
    return replace(built, frame=conform(known, contract), unripe=unripe)


def _write(platform: Platform, contract: Table, days: Sequence[dt.date], built: Built, scope: Scope | None) -> None:
    stamps = [pd.Timestamp(day) for day in days]
    if scope is None:
        platform.warehouse.replace(contract.name, stamps, built.frame)
        waiting = [
            WaitingRow(day.date(), game, why)
            for day, game, why in built.waiting[["game_date", "game_id", "reason"]].itertuples(index=False)
        ]
        platform.ledger.set_waiting(contract.name, days, waiting, platform.clock.now())
    else:
        platform.warehouse.upsert(contract.name, built.frame, stamps, scope)
    _read_back(platform, contract, days, built.frame, scope)


def _read_back(
    platform: Platform, contract: Table, days: Sequence[dt.date], frame: pd.DataFrame, scope: Scope | None
) -> None:
    """That as many rows are there as were written. Raises `TransientError`: a writer may lose rows and report none."""
    span = (min(days), max(days))
    there = platform.warehouse.read(contract.name, dates=span, columns=["game_date"], scope=scope, history=True)
    there = there[there["game_date"].isin([pd.Timestamp(day) for day in days])]
    wanted = frame if scope is None else frame[in_scope(frame, scope)]
    written, found = wanted["game_date"].value_counts(), there["game_date"].value_counts()
    for day in written.index.union(found.index):
        if written.get(day, 0) != found.get(day, 0):
            raise TransientError(
                f"{contract.full_name} {day.date()}: {found.get(day, 0)} rows are there, {written.get(day, 0)} were"
                " written",
                "see whether the disk or the back end has lost them: the date is written again",
            )
