"""Rows from warehouse to warehouse: all versions, a few dates at a time, verified by reading them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nba_assets.contracts import tables
from nba_assets.contracts.frames import conform
from nba_assets.errors import PlatformError
from nba_assets.migration.rows import MOST_DAYS, MOST_ROWS, compare, move, ranges, refuse_others, row_counts
from nba_assets.storage.warehouse import LocalWarehouse
from nba_assets_tests.storage.backends import no_ledger

TABLE = tables()["nbac_player_list"]
FIRST, SECOND, THIRD = (dt.date(2024, 11, day) for day in (1, 2, 3))


def quiet(part: str, done: int, total: int) -> None:
    """Nobody looks on."""


def players(*days: dt.date, team: str = "BOS") -> pd.DataFrame:
    """Two versions of a player on each of the dates."""
    known = pd.Timestamp("2024-11-05 12:00", tz="UTC")
    row = {column.name: None for column in TABLE.columns} | {"known_at": known}
    texts = {name: f"{name} of a player" for name in TABLE.key if name != "game_date"}
    versions = [{"superseded_at": known + pd.Timedelta(hours=1)}, {"known_at": known + pd.Timedelta(hours=1)}]
    found = [row | texts | {"game_date": pd.Timestamp(day)} | version for day in days for version in versions]
    frame = pd.DataFrame(found)
    for column in TABLE.columns:
        if not column.nullable and frame[column.name].isna().any():
            frame[column.name] = team if column.type.value == "STRING" else 0
    return conform(frame, TABLE)


@pytest.fixture
def source(tmp_path: Path) -> LocalWarehouse:
    """Three dates."""
    made = LocalWarehouse(tmp_path / "source", no_ledger)
    made.replace(TABLE, [FIRST, SECOND, THIRD], players(FIRST, SECOND, THIRD))
    return made


@pytest.fixture
def target(tmp_path: Path) -> LocalWarehouse:
    return LocalWarehouse(tmp_path / "target", no_ledger)


def counted(source: LocalWarehouse) -> dict[str, int]:
    return row_counts([TABLE], source)[TABLE.full_name]


def test_all_versions_of_the_rows_are_copied_once(source: LocalWarehouse, target: LocalWarehouse) -> None:
    target.replace(TABLE, [SECOND], players(SECOND))
    done = move(TABLE, source, target, counted(source), quiet)
    assert (done.part, done.copied, done.already_there, done.rows) == (TABLE.full_name, 2, 1, 6)
    assert target.versions(TABLE) == source.versions(TABLE)
    pd.testing.assert_frame_equal(target.read(TABLE, history=True), source.read(TABLE, history=True))
    again = move(TABLE, source, target, counted(source), quiet)
    assert (again.copied, again.already_there, again.rows) == (0, 3, 6)


def test_a_half_migrated_table_becomes_the_source_s_as_it_is_now(
    source: LocalWarehouse, target: LocalWarehouse
) -> None:
    move(TABLE, source, target, counted(source), quiet)
    source.replace(TABLE, [FIRST, SECOND], players(SECOND, team="NYK"))
    move(TABLE, source, target, counted(source), quiet)
    assert target.versions(TABLE) == source.versions(TABLE) and str(FIRST) not in target.versions(TABLE)


def test_partitions_that_the_source_has_not_are_named(source: LocalWarehouse, target: LocalWarehouse) -> None:
    refuse_others(TABLE, compare(TABLE, source, target))
    target.replace(TABLE, [SECOND], players(SECOND, team="NYK"))
    with pytest.raises(PlatformError, match=r"nbac_player_list 2024-11-02 is not the source's"):
        refuse_others(TABLE, compare(TABLE, source, target))
    target.replace(TABLE, [FIRST - dt.timedelta(days=1)], players(FIRST - dt.timedelta(days=1)))
    with pytest.raises(PlatformError, match=r"2024-10-31 and 1 more dates is not the source's"):
        refuse_others(TABLE, compare(TABLE, source, target))


@pytest.mark.parametrize("side", ["source", "target"])
def test_rows_that_are_not_those_of_their_version_are_told(
    source: LocalWarehouse, target: LocalWarehouse, tmp_path: Path, side: str
) -> None:
    if side == "target":
        target.replace(TABLE, [FIRST], players(FIRST))
    changed = LocalWarehouse(tmp_path / "changed", no_ledger)
    changed.replace(TABLE, [FIRST], players(FIRST, team="NYK"))
    ours, other = (
        next((tmp_path / name / "nba_raw/nbac_player_list").glob("2024-11-01.*")) for name in (side, "changed")
    )
    ours.write_bytes(other.read_bytes())
    with pytest.raises(PlatformError, match=f"nbac_player_list 2024-11-01: the {side}'s rows are not"):
        move(TABLE, source, target, counted(source), quiet)


@given(
    st.lists(st.integers(1, MOST_ROWS * 2), max_size=200),
    st.sets(st.integers(0, 199)),
)
def test_a_read_is_of_wanted_dates_next_to_one_another_and_never_too_large(counts: list[int], left: set[int]) -> None:
    first = dt.date(2024, 1, 1)
    days = [str(first + dt.timedelta(days=2 * number)) for number in range(len(counts))]
    by_day = dict(zip(days, counts, strict=True))
    wanted = {day for number, day in enumerate(days) if number not in left}
    found = list(ranges(days, wanted, by_day))
    assert Counter(day for part in found for day in part) == Counter(wanted)
    for part in found:
        assert len(part) <= MOST_DAYS
        assert len(part) == 1 or sum(by_day[day] for day in part) <= MOST_ROWS
        assert not any(part[0] < day < part[-1] and day not in part for day in days)
