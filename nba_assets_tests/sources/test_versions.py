"""Versions of rows from captures: what adds one, what closes one, and that the order of captures never shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.sources.versions import CAPTURE_COLUMNS, close, without_repeats, without_setbacks

MIDNIGHT = pd.Timestamp("2025-01-15T00:00Z")
Row = tuple[str, str, int, int]
"""Key, unit, points, status."""
Version = tuple[str, str, int, int, int | None]
"""Key, unit, points, hour from, hour until (None: current)."""


@dataclass(frozen=True)
class Seen:
    """One capture: its hour, its rows, the units it speaks for, and what orders it among those of its hour."""

    hour: int
    rows: tuple[Row, ...] = ()
    speaks: tuple[str, ...] = ("game",)
    hash: str = "a"
    path: str = "x.json"
    stamped: int | None = None

    @property
    def stamp(self) -> dict[str, Any]:
        own = self.hour if self.stamped is None else self.stamped
        return {
            "known_at": MIDNIGHT + pd.Timedelta(hours=self.hour),
            "stamped_at": MIDNIGHT + pd.Timedelta(hours=own),
            "source_hash": self.hash,
            "source_path": self.path,
        }

    @property
    def order(self) -> tuple[int, int, str, str]:
        return self.hour, self.hour if self.stamped is None else self.stamped, self.hash, self.path


def man(key: str, points: int, unit: str = "game", status: int = 1) -> Row:
    return key, unit, points, status


def frames(captures: list[Seen]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What `close` takes."""
    names = ("key", "unit", "points", "status")
    rows = pd.DataFrame(
        [dict(zip(names, row, strict=True)) | capture.stamp for capture in captures for row in capture.rows],
        columns=[*names, *CAPTURE_COLUMNS[1:]],
    )
    spoken = pd.DataFrame(
        [{"unit": unit} | capture.stamp for capture in captures for unit in capture.speaks], columns=CAPTURE_COLUMNS
    )
    return typed(rows), typed(spoken)


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    text = {c: "string[pyarrow]" for c in ("key", "unit", "source_hash", "source_path") if c in frame.columns}
    times = dict.fromkeys(("known_at", "stamped_at"), "datetime64[us, UTC]")
    numbers = {c: "Int64" for c in ("points", "status") if c in frame.columns}
    return frame.astype(text | times | numbers)


def closed(*captures: Seen, status: bool = False) -> pd.DataFrame:
    """The versions; the unit is also a column of its own, as a game's date is."""
    rows, spoken = frames(list(captures))
    rows = rows.assign(where=rows["unit"])
    return close(rows, spoken, ["key"], "status") if status else close(rows.drop(columns="status"), spoken, ["key"])


def history(*captures: Seen, status: bool = False) -> list[Version]:
    return sorted(
        (
            str(row.key),
            str(row.where),
            int(row.points),
            hour(row.known_at),
            None if pd.isna(row.superseded_at) else hour(row.superseded_at),
        )
        for row in closed(*captures, status=status).itertuples()
    )


def hour(time: Any) -> int:
    return int((time - MIDNIGHT) / pd.Timedelta(hours=1))


def test_one_capture_is_the_current_state() -> None:
    assert history(Seen(6, (man("ann", 10), man("bob", 20)))) == [
        ("ann", "game", 10, 6, None),
        ("bob", "game", 20, 6, None),
    ]


def test_nothing_captured_is_no_rows_with_the_column() -> None:
    found = closed(Seen(6))
    assert found.empty and "superseded_at" in found.columns and "unit" not in found.columns


def test_an_unchanged_recapture_adds_nothing_and_keeps_the_first_file() -> None:
    found = closed(Seen(6, (man("ann", 10),)), Seen(8, (man("ann", 10),), hash="b", path="y.json"))
    assert len(found) == 1 and found["source_path"].iloc[0] == "x.json" and hour(found["known_at"].iloc[0]) == 6


def test_a_change_supersedes_at_the_time_of_its_successor() -> None:
    captures = [Seen(6, (man("ann", 10), man("bob", 20))), Seen(8, (man("ann", 12), man("bob", 20)), hash="b")]
    assert history(*captures) == [
        ("ann", "game", 10, 6, 8),
        ("ann", "game", 12, 8, None),
        ("bob", "game", 20, 6, None),
    ]


def test_a_change_that_is_taken_back_is_three_versions() -> None:
    captures = [Seen(6, (man("ann", 10),)), Seen(7, (man("ann", 12),)), Seen(8, (man("ann", 10),))]
    assert history(*captures) == [
        ("ann", "game", 10, 6, 7),
        ("ann", "game", 10, 8, None),
        ("ann", "game", 12, 7, 8),
    ]


def test_a_null_equals_a_null() -> None:
    rows, spoken = frames([Seen(6, (man("ann", 10),)), Seen(8, (man("ann", 10),), hash="b")])
    assert len(close(rows.assign(points=pd.NA, share=float("nan")), spoken, ["key"])) == 1


def test_a_null_that_gets_a_value_is_a_change() -> None:
    rows, spoken = frames([Seen(6, (man("ann", 0),)), Seen(8, (man("ann", 0),), hash="b")])
    assert len(close(rows.assign(points=rows["points"].mask([True, False])), spoken, ["key"])) == 2


@pytest.mark.parametrize("column", ["known_at_assumed", "data_source"])
def test_where_a_row_comes_from_is_no_change(column: str) -> None:
    rows, spoken = frames([Seen(6, (man("ann", 10),)), Seen(8, (man("ann", 10),), hash="b")])
    assert len(close(rows.assign(**{column: ["one", "two"]}), spoken, ["key"])) == 1


def test_absence_from_a_capture_of_the_unit_closes() -> None:
    captures = [Seen(6, (man("ann", 10), man("bob", 20))), Seen(8, (man("ann", 10),), hash="b")]
    assert history(*captures) == [("ann", "game", 10, 6, None), ("bob", "game", 20, 6, 8)]


def test_a_capture_that_speaks_for_the_unit_without_a_row_closes_all_of_it() -> None:
    assert history(Seen(6, (man("ann", 10),)), Seen(8, hash="b")) == [("ann", "game", 10, 6, 8)]


def test_absence_from_a_capture_that_does_not_speak_for_the_unit_closes_nothing() -> None:
    captures = [Seen(6, (man("ann", 10),)), Seen(8, (man("eve", 5, "other"),), ("other",), hash="b")]
    assert history(*captures) == [("ann", "game", 10, 6, None), ("eve", "other", 5, 8, None)]


def test_absence_before_the_first_appearance_closes_nothing() -> None:
    assert history(Seen(6), Seen(8, (man("ann", 10),), hash="b")) == [("ann", "game", 10, 8, None)]


def test_a_row_of_a_capture_that_speaks_for_nothing_still_counts() -> None:
    assert history(Seen(6, (man("ann", 10),), speaks=())) == [("ann", "game", 10, 6, None)]


def test_reappearance_opens_a_new_version_even_if_nothing_changed() -> None:
    captures = [Seen(6, (man("ann", 10),)), Seen(7), Seen(8), Seen(9, (man("ann", 10),), hash="b")]
    assert history(*captures) == [("ann", "game", 10, 6, 7), ("ann", "game", 10, 9, None)]


def test_a_postponed_game_moves_and_its_old_date_is_closed_by_the_same_capture() -> None:
    captures = [
        Seen(6, (man("g1", 1, "01-09"),), ("01-09",)),
        Seen(8, (man("g1", 1, "02-19"), man("g2", 2, "01-09")), ("01-09", "02-19"), hash="b"),
    ]
    assert history(*captures) == [
        ("g1", "01-09", 1, 6, 8),
        ("g1", "02-19", 1, 8, None),
        ("g2", "01-09", 2, 8, None),
    ]


def test_a_moved_game_is_not_closed_by_its_old_date() -> None:
    captures = [
        Seen(6, (man("g1", 1, "01-09"),), ("01-09",)),
        Seen(8, (man("g1", 2, "02-19"),), ("02-19",), hash="b"),
        Seen(9, (), ("01-09",), hash="c"),
    ]
    assert history(*captures) == [("g1", "01-09", 1, 6, 8), ("g1", "02-19", 2, 8, None)]


def test_a_status_never_goes_back() -> None:
    final, stale = man("g1", 110, "01-09", 3), man("g1", 80, "01-09", 2)
    captures = [Seen(6, (final,), ("01-09",)), Seen(8, (stale,), ("01-09",), hash="b")]
    assert history(*captures, status=True) == [("g1", "01-09", 110, 6, None)]


def test_a_correction_of_a_final_game_is_legal() -> None:
    captures = [
        Seen(6, (man("g1", 110, "01-09", 3),), ("01-09",)),
        Seen(8, (man("g1", 80, "01-09", 1),), ("01-09",), hash="b"),
        Seen(9, (man("g1", 111, "01-09", 3),), ("01-09",), hash="c"),
    ]
    assert history(*captures, status=True) == [("g1", "01-09", 110, 6, 9), ("g1", "01-09", 111, 9, None)]


@pytest.mark.parametrize(("status", "until"), [(1, 8), (2, None), (3, None)])
def test_only_a_game_that_never_began_vanishes(status: int, until: int | None) -> None:
    captures = [Seen(6, (man("g1", 0, "01-09", status),), ("01-09",)), Seen(8, (), ("01-09",), hash="b")]
    assert history(*captures, status=True) == [("g1", "01-09", 0, 6, until)]


def test_of_captures_known_at_one_time_the_last_by_hash_and_name_counts() -> None:
    low, high = Seen(6, (man("ann", 10),), hash="a"), Seen(6, (man("ann", 12),), hash="b")
    assert history(low, high) == history(high, low) == [("ann", "game", 12, 6, None)]
    first, second = Seen(6, (man("ann", 10),), path="1.json"), Seen(6, (man("ann", 12),), path="2.json")
    assert history(first, second) == history(second, first) == [("ann", "game", 12, 6, None)]


def test_of_captures_that_waited_for_the_same_time_the_newest_counts_whatever_its_hash() -> None:
    old, new = Seen(12, (man("ann", 10),), hash="b", stamped=5), Seen(12, (man("ann", 12),), hash="a", stamped=6)
    assert history(old, new) == history(new, old) == [("ann", "game", 12, 12, None)]


def test_what_appears_and_vanishes_at_one_time_never_was() -> None:
    assert history(Seen(6, (man("ann", 10),), hash="a"), Seen(6, hash="b")) == []


def test_what_changes_and_changes_back_at_one_time_did_not_change() -> None:
    captures = [
        Seen(5, (man("ann", 10),)),
        Seen(6, (man("ann", 12),), hash="a"),
        Seen(6, (man("ann", 10),), hash="b"),
    ]
    assert history(*captures) == [("ann", "game", 10, 5, None)]


def test_a_capture_behind_an_earlier_status_is_left_out_whole() -> None:
    live, final = (man("ann", 4, status=0), man("bob", 2, status=0)), (man("ann", 10, status=1),)
    rows, spoken = frames([Seen(6, final), Seen(7, live, hash="b"), Seen(8, (), hash="c")])
    left, heard = without_setbacks(rows, spoken, "status")
    assert left["points"].tolist() == [10] and heard["source_hash"].tolist() == ["a"]
    assert len(without_setbacks(*frames([Seen(5, live), Seen(6, final, hash="b")]), "status")[0]) == 3


def test_a_status_of_one_game_says_nothing_of_another() -> None:
    rows, spoken = frames(
        [
            Seen(6, (man("ann", 10, "one", 1),), ("one",)),
            Seen(7, (man("bob", 2, "two", 0),), ("two",), hash="b"),
        ]
    )
    assert len(without_setbacks(rows, spoken, "status")[0]) == 2


def test_the_same_bytes_again_are_left_out_but_not_when_others_came_between() -> None:
    one, two = (man("ann", 10),), (man("ann", 12),)
    captures = [
        Seen(6, one, hash="a"),
        Seen(7, one, hash="a", path="y.json"),
        Seen(8, two, hash="b"),
        Seen(9, one, hash="a", path="z.json"),
    ]
    rows, spoken = without_repeats(*frames(captures))
    assert [hour(time) for time in rows["known_at"]] == [hour(time) for time in spoken["known_at"]] == [6, 8, 9]


def by_hand(captures: list[Seen], status: bool) -> list[Version]:
    """The rules once more, capture by capture."""
    state: dict[str, Row | None] = {}
    level: dict[str, int] = {}
    versions: dict[str, list[Version]] = {}
    ordered = sorted(set(captures), key=lambda capture: capture.order)
    for position, capture in enumerate(ordered):
        for row in capture.rows:
            rank = row[3] if status else 1
            if rank >= level.get(row[0], 0):
                state[row[0]], level[row[0]] = row, rank
        held = {row[0] for row in capture.rows}
        for key, now in state.items():
            if now is not None and key not in held and now[1] in capture.speaks and level[key] <= 1:
                state[key] = None
        if position + 1 < len(ordered) and ordered[position + 1].hour == capture.hour:
            continue
        for key, now in state.items():
            past = versions.setdefault(key, [])
            current = past[-1] if past and past[-1][4] is None else None
            told = None if now is None else (key, now[1], now[2])
            if told != (current[:3] if current else None):
                if current:
                    past[-1] = (*current[:4], capture.hour)
                if told:
                    past.append((*told, capture.hour, None))
    return sorted(version for past in versions.values() for version in past)


UNITS = ("one", "two")


@st.composite
def captured(draw: st.DrawFn) -> Seen:
    keys = draw(st.lists(st.sampled_from(("ann", "bob", "eve")), unique=True))
    rows = tuple((key, draw(st.sampled_from(UNITS)), draw(st.integers(0, 1)), draw(st.integers(1, 3))) for key in keys)
    hour_ = draw(st.integers(0, 4))
    return Seen(
        hour_,
        rows,
        tuple(draw(st.lists(st.sampled_from(UNITS), unique=True))),
        draw(st.sampled_from(("a", "b"))),
        draw(st.sampled_from(("x", "y"))),
        hour_ - draw(st.integers(0, 1)),
    )


drops = st.lists(captured(), min_size=1, max_size=6, unique_by=lambda capture: capture.order)


@settings(max_examples=50, deadline=None)
@given(drops)
def test_versions_are_what_the_rules_say_capture_by_capture(captures: list[Seen]) -> None:
    assert history(*captures) == by_hand(captures, status=False)


@settings(max_examples=50, deadline=None)
@given(drops)
def test_so_are_versions_of_rows_with_a_status(captures: list[Seen]) -> None:
    fixed = [replace(c, rows=tuple((k, u, 10 * s, s) for k, u, _, s in c.rows)) for c in captures]
    assert history(*fixed, status=True) == by_hand(fixed, status=True)


@settings(max_examples=40, deadline=None)
@given(drops, st.randoms(use_true_random=False), st.booleans())
def test_neither_order_nor_repetition_of_captures_shows(captures: list[Seen], random: Any, status: bool) -> None:
    again = [*captures, *random.sample(captures, k=random.randint(0, len(captures)))]
    random.shuffle(again)
    by = ["key", "known_at"]
    first, second = (closed(*each, status=status).sort_values(by, ignore_index=True) for each in (captures, again))
    pd.testing.assert_frame_equal(first, second)


@settings(max_examples=40, deadline=None)
@given(drops, st.booleans())
def test_versions_of_a_key_follow_each_other_and_take_time(captures: list[Seen], status: bool) -> None:
    for _, past in closed(*captures, status=status).groupby("key"):
        ordered = past.sort_values("known_at")
        assert ordered["known_at"].is_unique
        until = ordered["superseded_at"].fillna(pd.Timestamp.max.tz_localize("UTC"))
        assert (until > ordered["known_at"]).all()
        assert (ordered["known_at"].to_numpy()[1:] >= until.to_numpy()[:-1]).all()
