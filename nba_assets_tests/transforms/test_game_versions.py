"""game_versions: the moments at which a game's inputs changed, what stood at each, and versions made of equal rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms import game_versions
from nba_assets_tests.transforms.leagues import at, day

NOON, ONE, TWO, THREE = (at(f"11-02 {hour}:00") for hour in (12, 13, 14, 15))
DATE = day("11-01")


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    """Rows of game A where they name no other, with times of the platform's type."""
    frame = pd.DataFrame([{"game_date": DATE, "game_id": "A"} | row for row in rows])
    for name in ("known_at", "superseded_at", "since", "at"):
        if name in frame.columns:
            frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[us, UTC]")
    return frame


def test_moments_are_every_change_since_the_final_each_once_in_order() -> None:
    changes = table({"known_at": TWO, "superseded_at": THREE}, {"known_at": NOON, "superseded_at": None})
    more = table({"known_at": THREE}, {"known_at": THREE, "game_id": "B"}, {"known_at": TWO, "game_id": "C"})
    since = table({"since": ONE}, {"since": THREE, "game_id": "B"})

    found = game_versions.moments([more, changes], since)

    assert found[["game_id", "at"]].to_numpy().tolist() == [["A", ONE], ["A", TWO], ["A", THREE], ["B", THREE]]
    assert found.index.tolist() == [0, 1, 2, 3]


def test_moments_of_no_events_are_the_finals_own() -> None:
    found = game_versions.moments([table({"known_at": TWO}).head(0)], table({"since": ONE}))

    assert found["at"].tolist() == [ONE]


def test_what_stood_at_a_moment_was_known_and_not_superseded() -> None:
    rows = table(
        {"value": 1, "known_at": NOON, "superseded_at": TWO},
        {"value": 2, "known_at": TWO, "superseded_at": None},
        {"value": 3, "known_at": ONE, "superseded_at": None},
        {"value": 4, "known_at": NOON, "superseded_at": None, "game_id": "B"},
    )
    moments = table({"at": TWO}, {"at": ONE}, {"at": NOON, "game_id": "C"})

    found = game_versions.as_of(rows, moments)

    assert found[["moment", "value"]].to_numpy().tolist() == [[0, 2], [0, 3], [1, 1], [1, 3]]
    assert found.index.tolist() == [0, 1, 2, 3]
    assert "known_at" in found.columns


def versions(
    values: list[Any], built: list[int] | None = None, gone: tuple[int, ...] = (), key: str = "man"
) -> list[tuple[Any, Any, Any]]:
    """(value, known_at, superseded_at) of one man's rows at NOON, ONE, TWO, THREE; no row where the value is '-'."""
    moments = table(*({"at": moment} for moment in (NOON, ONE, TWO, THREE)[: len(values)]))
    rows = table(*({key: "7", "value": v, "known_at": NOON, "moment": m} for m, v in enumerate(values) if v != "-"))
    is_built = np.isin(np.arange(len(values)), range(len(values)) if built is None else built)
    found = game_versions.collapsed(rows, moments, is_built, np.isin(np.arange(len(values)), gone), ["game_id", key])
    assert "moment" not in found.columns and found.index.tolist() == list(range(len(found)))
    ends = [None if pd.isna(end) else end for end in found["superseded_at"]]
    return list(zip(found["value"], found["known_at"], ends, strict=True))


def test_equal_rows_are_one_version_known_from_the_first() -> None:
    assert versions([1, 1, 1]) == [(1, NOON, None)]


def test_another_value_ends_it_and_the_old_one_may_return() -> None:
    assert versions([1, 2, 2, 1]) == [(1, NOON, ONE), (2, ONE, THREE), (1, THREE, None)]


def test_no_row_any_more_ends_it_and_its_return_is_another_version() -> None:
    assert versions([1, "-", 1]) == [(1, NOON, ONE), (1, TWO, None)]
    assert versions(["-", 1]) == [(1, ONE, None)]


def test_a_game_that_cannot_be_built_keeps_what_was_known() -> None:
    assert versions([1, 9, 1], built=[0, 2]) == [(1, NOON, None)]
    assert versions([1, 9, 2], built=[0, 2]) == [(1, NOON, TWO), (2, TWO, None)]


def test_a_game_that_is_gone_ends_its_rows() -> None:
    assert versions([1, 9, 1], built=[0, 2], gone=(1,)) == [(1, NOON, ONE), (1, TWO, None)]


def test_null_equals_null_and_lists_are_compared_by_what_is_in_them() -> None:
    assert versions([None, None]) == [(None, NOON, None)]
    assert versions([["a", "b"], ["a", "b"], ["ab"]]) == [(["a", "b"], NOON, TWO), (["ab"], TWO, None)]


def test_known_at_makes_no_version() -> None:
    moments = table({"at": NOON}, {"at": ONE})
    rows = table(*({"man": "7", "known_at": moment, "moment": m} for m, moment in enumerate((NOON, ONE))))

    found = game_versions.collapsed(rows, moments, np.array([True, True]), np.array([False, False]), ["man"])

    assert found["known_at"].tolist() == [NOON]


def test_men_and_games_have_versions_of_their_own() -> None:
    """Man 8 is there at the second moment only, man 7 of game B at its one moment."""
    moments = table({"at": NOON}, {"at": ONE}, {"at": TWO, "game_id": "B"})
    rows = table(
        {"man": "8", "value": 1, "known_at": NOON, "moment": 1},
        {"man": "7", "value": 1, "known_at": NOON, "moment": 1},
        {"man": "7", "value": 1, "known_at": NOON, "moment": 0},
        {"man": "7", "value": 1, "known_at": NOON, "moment": 2, "game_id": "B"},
    )

    found = game_versions.collapsed(rows, moments, np.full(3, True), np.full(3, False), ["game_id", "man"])

    told = {(row.game_id, row.man): row.known_at for row in found.itertuples()}
    assert told == {("A", "8"): ONE, ("A", "7"): NOON, ("B", "7"): TWO}
    assert found["superseded_at"].isna().all()


def test_no_rows_have_no_versions() -> None:
    moments = table({"at": NOON})
    rows = table({"man": "7", "value": 1, "known_at": NOON, "moment": 0})

    found = game_versions.collapsed(rows, moments, np.array([False]), np.array([True]), ["man"])

    assert found.empty
    assert list(found.columns) == ["game_date", "game_id", "man", "value", "known_at", "superseded_at"]
