"""A contract's checks on a frame: keys, nulls, ranges, foreign keys, rows per game."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from nba_assets.contracts.model import Table, Versioning

CHECKS = ("keys", "nulls", "ranges", "references", "row_count")
FAILING_ROWS = 10


@dataclass(frozen=True)
class Finding:
    """The verdict of one check: what was counted, and the first failing rows."""

    check: str
    passed: bool
    description: str
    failing: pd.DataFrame


def checks_of(contract: Table) -> tuple[str, ...]:
    """Names of the checks that apply to a table."""
    without = set()
    if not any(c.references for c in contract.columns):
        without.add("references")
    if contract.per_game is None:
        without.add("row_count")
    return tuple(name for name in CHECKS if name not in without)


def verify(
    contract: Table, frame: pd.DataFrame, references: Mapping[str, pd.Series], games: pd.DataFrame
) -> Iterator[Finding]:
    """Every check's finding on `frame` (all versions of a closed table).

    `references`: `table.column` to the values that exist there. `games`: current schedule rows of the frame's dates
    against which rows are counted; All-Star games have none.
    """
    current = frame[frame["superseded_at"].isna()] if "superseded_at" in frame.columns else frame
    for name in checks_of(contract):
        if name == "keys":
            key = [*contract.key, *(["known_at"] if contract.versioning is Versioning.CLOSED else [])]
            yield _finding(
                name, frame[frame.duplicated(list(dict.fromkeys(key)), keep=False)], f"unique {', '.join(key)}"
            )
        elif name == "nulls":
            required = [c.name for c in contract.columns if not c.nullable]
            yield _finding(name, frame[frame[required].isna().any(axis=1)], f"{len(required)} columns are never null")
        elif name == "ranges":
            yield _ranges(contract, frame)
        elif name == "references":
            yield _references(contract, current, references)
        else:
            yield _row_count(contract, current, games)


def _finding(check: str, failing: pd.DataFrame, description: str) -> Finding:
    text = description if failing.empty else f"{description}: {len(failing)} rows fail"
    return Finding(check, failing.empty, text, failing.head(FAILING_ROWS))


def _ranges(contract: Table, frame: pd.DataFrame) -> Finding:
    bad = pd.Series(False, index=frame.index)
    for column in contract.columns:
        values = frame[column.name]
        if column.low is not None:
            bad |= (values < column.low).fillna(False).astype(bool)
        if column.high is not None:
            bad |= (values > column.high).fillna(False).astype(bool)
        if column.values:
            bad |= values.notna() & ~values.isin(column.values)
    return _finding("ranges", frame[bad], "values in the contract's ranges")


def _references(contract: Table, frame: pd.DataFrame, references: Mapping[str, pd.Series]) -> Finding:
    bad = pd.Series(False, index=frame.index)
    for column in contract.columns:
        if column.references is not None and column.references in references:
            bad |= frame[column.name].notna() & ~frame[column.name].isin(references[column.references])
    return _finding("references", frame[bad], "every reference exists")


def _row_count(contract: Table, frame: pd.DataFrame, games: pd.DataFrame) -> Finding:
    final = games[(games["game_status"] == 3).fillna(False) & (games["season_type"] != "all_star").fillna(True)]
    counts = frame.groupby("game_id").size()
    found = counts.reindex(final["game_id"].unique()).fillna(0)
    wrong = found[found != contract.per_game]
    failing = wrong.rename("rows").rename_axis("game_id").reset_index()
    return _finding("row_count", failing, f"{contract.per_game} rows per final game of {len(found)}")
