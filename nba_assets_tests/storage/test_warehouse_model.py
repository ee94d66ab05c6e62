"""The warehouse against a plain dictionary: any sequence of replaces and upserts, then every kind of read."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.contracts.frames import conform, empty
from nba_assets.scope import Scope
from nba_assets.storage.interfaces import Warehouse
from nba_assets.storage.warehouse import LocalWarehouse
from nba_assets_tests.storage.backends import no_ledger
from nba_assets_tests.storage.tables import BOX, at

Row = tuple[dt.date, str, str, int | None, str, str | None]
Content = dict[tuple[str, str, str], Row]

DATES = [dt.date(2024, 11, day) for day in (1, 2, 3)]
CLOCKS = ["08:00", "10:00", "12:00"]
PLAYERS = ["BOS1", "BOS2", "NYK1"]
dates = st.lists(st.sampled_from(DATES), min_size=1, max_size=3, unique=True)
rows = st.lists(
    st.tuples(
        st.sampled_from(DATES),
        st.sampled_from(PLAYERS),
        st.none() | st.integers(0, 60),
        st.sampled_from(CLOCKS[:2]),
        st.none() | st.just(CLOCKS[2]),
    ),
    max_size=8,
)
scopes = st.builds(
    Scope,
    players=st.frozensets(st.sampled_from(PLAYERS), max_size=2),
    teams=st.frozensets(st.sampled_from(["BOS", "NYK"]), max_size=1),
    games=st.frozensets(st.sampled_from(["g1", "g2", "g3"]), max_size=1),
)
operations = st.lists(st.tuples(st.sampled_from(["replace", "upsert"]), dates, rows, scopes), min_size=1, max_size=4)


def content(given_rows: list[tuple[dt.date, str, int | None, str, str | None]], days: list[dt.date]) -> Content:
    """Rows of those dates by game, player and version; of a key given twice the last."""
    found: Content = {}
    for day, player, points, known, ended in given_rows:
        if day in days:
            found[f"g{day.day}", player, known] = (day, f"g{day.day}", player, points, known, ended)
    return found


def frame(rows_of: Content) -> pd.DataFrame:
    records = [
        {
            "game_date": pd.Timestamp(day),
            "game_id": game,
            "player_id": player,
            "team": player[:3],
            "points": points,
            "known_at": at(known),
            "superseded_at": at(ended),
        }
        for day, game, player, points, known, ended in rows_of.values()
    ]
    return conform(pd.DataFrame(records), BOX) if records else empty(BOX)


def matches(row: Row, scope: Scope) -> bool:
    _, game, player, *_ = row
    return player in scope.players or player[:3] in scope.teams or game in scope.games


def apply(model: Content, kind: str, days: list[dt.date], new: Content, scope: Scope) -> Content:
    given_keys = {key[:2] for key in new}
    kept = {
        key: row
        for key, row in model.items()
        if row[0] not in days or (kind == "upsert" and not matches(row, scope) and key[:2] not in given_keys)
    }
    return kept | new


histories = given(operations=operations, as_of=st.sampled_from([*CLOCKS, "09:00", "23:00"]), scope=scopes, span=dates)
Operations = list[tuple[str, list[dt.date], list[tuple[dt.date, str, int | None, str, str | None]], Scope]]


@settings(max_examples=25, deadline=None)
@histories
def test_any_history_of_writes_reads_as_the_dictionary_says(
    operations: Operations, as_of: str, scope: Scope, span: list[dt.date]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_like_a_dictionary(
            LocalWarehouse(Path(folder), no_ledger),
            lambda: LocalWarehouse(Path(folder), no_ledger),
            operations,
            as_of,
            scope,
            span,
        )


def assert_like_a_dictionary(
    warehouse: Warehouse,
    reopen: Callable[[], Warehouse],
    operations: Operations,
    as_of: str,
    scope: Scope,
    span: list[dt.date],
) -> None:
    """Write, and read by the same process and by one that has just opened it."""
    model: Content = {}
    for kind, days, given_rows, wanted in operations:
        new = content(given_rows, days)
        if kind == "replace":
            warehouse.replace(BOX, days, frame(new))
        else:
            warehouse.upsert(BOX, frame(new), days, wanted)
        model = apply(model, kind, days, new, wanted)
    reopened = reopen()

    first, last = min(span), max(span)
    for reader in (warehouse, reopened):
        pd.testing.assert_frame_equal(reader.read(BOX, history=True), frame(model))
        current = {key: row for key, row in model.items() if row[5] is None}
        pd.testing.assert_frame_equal(reader.read(BOX), frame(current))
        ranged = {k: row for k, row in current.items() if first <= row[0] <= last and matches(row, scope)}
        pd.testing.assert_frame_equal(reader.read(BOX, dates=(first, last), scope=scope), frame(ranged))
        then = {
            key: (*row[:5], None)
            for key, row in model.items()
            if row[4] <= as_of and (row[5] is None or row[5] > as_of)
        }
        pd.testing.assert_frame_equal(reader.read(BOX, as_of=at(as_of)), frame(then))  # type: ignore[arg-type]
    assert warehouse.versions(BOX) == reopened.versions(BOX)
    assert list(warehouse.versions(BOX)) == sorted({str(row[0]) for row in model.values()})
