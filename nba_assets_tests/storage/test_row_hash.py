"""A partition's version depends on its rows, and on nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.contracts.frames import conform, to_arrow
from nba_assets.storage.row_hash import row_hashes
from nba_assets_tests.storage.tables import EVERY_TYPE, FIRST, SECOND, every_type

ROW = {
    "a_number": 1,
    "a_rate": 0.5,
    "a_flag": True,
    "a_day": pd.Timestamp(2020, 1, 1),
    "a_time": pd.Timestamp("2024-11-01", tz="UTC"),
    "a_document": "{}",
    "some_names": ["ab", "c"],
}


def version(frame: pd.DataFrame) -> str:
    return row_hashes(to_arrow(frame, EVERY_TYPE), [(0, len(frame))])[0]


@pytest.mark.parametrize(
    "changed",
    [
        {"a_number": 2},
        {"a_number": None},
        {"a_rate": 0.25},
        {"a_flag": False},
        {"a_flag": None},
        {"a_day": None},
        {"a_time": pd.Timestamp("2024-11-01 00:00:00.000001", tz="UTC")},
        {"a_document": None},
        {"a_document": ""},
        {"some_names": ["a", "bc"]},
        {"some_names": []},
        {"some_names": ["ab"]},
    ],
)
def test_any_changed_value_is_another_version(changed: dict[str, object]) -> None:
    assert version(every_type(FIRST, "p", **(ROW | changed))) != version(every_type(FIRST, "p", **ROW))


def test_a_value_that_moves_to_the_next_row_is_another_version() -> None:
    one = pd.concat([every_type(FIRST, "p", a_document="ab"), every_type(FIRST, "q", a_document="c")])
    other = pd.concat([every_type(FIRST, "p", a_document="a"), every_type(FIRST, "q", a_document="bc")])
    assert version(one) != version(other)


def test_what_lies_behind_a_null_does_not_matter() -> None:
    hidden = pa.array(np.array([1, 7]), mask=np.array([False, True]))
    plain = pa.array([1, None], pa.int64())
    assert hidden.buffers()[1] != plain.buffers()[1]
    assert row_hashes(pa.table({"n": hidden}), [(0, 2)]) == row_hashes(pa.table({"n": plain}), [(0, 2)])


records = st.lists(
    st.tuples(
        st.none() | st.integers(-(2**62), 2**62),
        st.none() | st.floats(allow_nan=False),
        st.none() | st.booleans(),
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=5),
        st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=3), max_size=3),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(first=records, second=records)
def test_a_slice_has_the_version_of_its_rows_alone(first: list[tuple], second: list[tuple]) -> None:  # type: ignore[type-arg]
    def frame(day: object, rows: list[tuple]) -> pd.DataFrame:  # type: ignore[type-arg]
        names = ["a_number", "a_rate", "a_flag", "a_document", "some_names"]
        found = pd.DataFrame(rows, columns=names, dtype=object)
        return conform(
            found.assign(game_date=pd.Timestamp(str(day)), player_id=[f"p{i}" for i in range(len(rows))]), EVERY_TYPE
        )

    one, other = frame(FIRST, first), frame(SECOND, second)
    both = to_arrow(pd.concat([one, other], ignore_index=True), EVERY_TYPE)
    bounds = [(0, len(one)), (len(one), len(one) + len(other))]
    assert row_hashes(both, bounds) == [version(one), version(other)]
    assert row_hashes(both.combine_chunks(), bounds) == [version(one), version(other)]
