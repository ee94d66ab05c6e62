"""A contract's checks on a frame: keys, nulls, references, ranges, rows per game."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nba_assets.contracts.model import Column, Table, Versioning

FAILING_ROWS = 20
"""Failing rows that a finding keeps."""
REASON = "broken"
"""Column of failing rows that says what is wrong with each."""
SCHEDULE = "nbac_schedule"


@dataclass(frozen=True)
class Finding:
    """The verdict of one rule: what was looked at, how many rows fail, and the first of them with their keys."""

    rule: str
    description: str
    fails: int
    failing: pd.DataFrame
    critical: bool = False
    """Nothing may be built upon rows that break it."""

    @property
    def passed(self) -> bool:
        return not self.fails


def verify(
    contract: Table, frame: pd.DataFrame, references: Mapping[str, pd.Series], games: pd.DataFrame
) -> Iterator[Finding]:
    """Every rule's finding on `frame` (all versions of a closed table); the critical ones first.

    `references`: `table.column` to the values that exist there. `games`: current schedule rows of the frame's dates
    against which rows are counted; All-Star games have none.
    """
    current = frame[frame["superseded_at"].isna()] if "superseded_at" in frame.columns else frame
    key = version_key(contract)
    yield finding("keys", f"unique {', '.join(key)}", frame, frame.duplicated(key, keep=False), key, critical=True)
    yield _nulls(contract, frame)
    ours = [c for c in contract.columns if c.references]
    critical, other = ([c for c in ours if _of_schedule(c) is told] for told in (True, False))
    if critical:
        yield _references(contract, "schedule", critical, current, references)
    if other:
        yield _references(contract, "references", other, current, references)
    yield _ranges(contract, frame)
    if contract.per_game is not None:
        yield _row_count(contract, current, games)


def version_key(contract: Table) -> list[str]:
    """The columns that no two rows of all versions share."""
    return [*dict.fromkeys((*contract.key, *(["known_at"] if contract.versioning is Versioning.CLOSED else [])))]


def finding(
    rule: str,
    description: str,
    frame: pd.DataFrame,
    bad: pd.Series[Any],
    shown: Sequence[str],
    *,
    why: pd.Series[Any] | None = None,
    critical: bool = False,
) -> Finding:
    """The finding of a rule that the rows in `bad` break; of them it keeps the columns `shown` and why they do."""
    fails = int(bad.sum())
    failing = frame.loc[bad, [*dict.fromkeys(shown)]].head(FAILING_ROWS)
    if why is not None:
        failing = failing.assign(**{REASON: why[failing.index]})
    return Finding(rule, description, fails, failing, critical)


def _of_schedule(column: Column) -> bool:
    return str(column.references).startswith(f"{SCHEDULE}.")


def _nulls(contract: Table, frame: pd.DataFrame) -> Finding:
    required = [c.name for c in contract.columns if not c.nullable]
    reasons = _Reasons(frame)
    for name in required:
        if frame[name].hasnans:
            reasons.add(frame[name].isna(), f"{name} is null")
    text = f"{len(required)} columns are never null"
    return finding("nulls", text, frame, reasons.bad, version_key(contract), why=reasons.text, critical=True)


def _ranges(contract: Table, frame: pd.DataFrame) -> Finding:
    reasons = _Reasons(frame)
    shown = []
    for column in contract.columns:
        values = frame[column.name]
        found = []
        if column.low is not None and pd.notna(least := values.min()) and least < column.low:
            found.append((values < column.low, f"{column.name} below {column.low:g}"))
        if column.high is not None and pd.notna(most := values.max()) and most > column.high:
            found.append((values > column.high, f"{column.name} above {column.high:g}"))
        if column.values and not set(values.dropna().unique()) <= set(column.values):
            found.append((values.notna() & ~values.isin(column.values), f"{column.name} is none of its values"))
        for bad, text in found:
            reasons.add(bad, text)
            shown.append(column.name)
    text = "values are within the contract's ranges"
    return finding("ranges", text, frame, reasons.bad, [*version_key(contract), *shown], why=reasons.text)


def _references(
    contract: Table, rule: str, columns: Sequence[Column], frame: pd.DataFrame, references: Mapping[str, pd.Series]
) -> Finding:
    reasons = _Reasons(frame)
    for column in columns:
        if column.references is not None and column.references in references:
            bad = frame[column.name].notna() & ~frame[column.name].isin(references[column.references])
            if bad.any():
                reasons.add(bad, f"no {column.references}")
    text = f"{', '.join(c.name for c in columns)} exist in {', '.join(str(c.references) for c in columns)}"
    shown = [*contract.key, *(c.name for c in columns)]
    return finding(rule, text, frame, reasons.bad, shown, why=reasons.text, critical=rule == "schedule")


def _row_count(contract: Table, frame: pd.DataFrame, games: pd.DataFrame) -> Finding:
    final = games[(games["game_status"] == 3).fillna(False) & (games["season_type"] != "all_star").fillna(True)]
    counts = frame.groupby("game_id").size()
    found = counts.reindex(final["game_id"].unique()).fillna(0).astype(int).rename("rows").rename_axis("game_id")
    listed = found.reset_index()
    text = f"{contract.per_game} rows per final game of {len(found)}"
    return finding("row_count", text, listed, listed["rows"] != contract.per_game, ["game_id", "rows"])


class _Reasons:
    """Which rows are bad and, in words, why."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.bad = pd.Series(False, index=frame.index)
        self.text = pd.Series("", index=frame.index, dtype=object)

    def add(self, bad: pd.Series[Any], why: str) -> None:
        bad = bad.fillna(False).astype(bool)
        self.text = self.text.mask(bad, self.text.where(self.text == "", self.text + "; ") + why)
        self.bad |= bad
