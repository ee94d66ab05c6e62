"""What every warehouse does: read, replace, upsert, versions."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from nba_assets.contracts import frames, tables
from nba_assets.errors import PlatformError, UsageError
from nba_assets.scope import Scope
from nba_assets.storage.interfaces import Warehouse
from nba_assets_tests.storage.tables import BOX, EVERY_TYPE, FIRST, SECOND, THIRD, at, box, every_type

TWO_DATES = box((FIRST, "g1", "BOS1", 20, "08:00", None), (SECOND, "g2", "NYK1", 10, "08:00", None))
CORRECTED = box(
    (FIRST, "g1", "BOS1", 20, "08:00", "12:00"),
    (FIRST, "g1", "BOS1", 22, "12:00", None),
    (FIRST, "g1", "BOS2", 7, "09:00", None),
)


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(found, expected.reset_index(drop=True))


def test_what_was_never_written_is_empty_with_typed_columns(warehouse: Warehouse) -> None:
    same(warehouse.read(EVERY_TYPE), frames.empty(EVERY_TYPE))
    same(warehouse.read(BOX, columns=["points", "game_id"]), frames.empty(BOX)[["points", "game_id"]])
    assert warehouse.versions(BOX) == {}


def test_every_type_comes_back_as_it_went_null_or_not(warehouse: Warehouse) -> None:
    full = every_type(
        FIRST,
        "p1",
        a_number=-3,
        a_rate=0.1,
        a_flag=False,
        a_day=pd.Timestamp(2020, 2, 29),
        a_time=pd.Timestamp("2024-11-01 23:59:59.123456", tz="UTC"),
        a_document='{"a":"é"}',
        some_names=["x", ""],
    )
    frame = pd.concat([full, every_type(FIRST, "p2")], ignore_index=True)
    warehouse.replace(EVERY_TYPE, [FIRST], frame)
    same(warehouse.read(EVERY_TYPE), frame)


def test_rows_come_back_in_the_contracts_order_however_they_were_given(warehouse: Warehouse) -> None:
    versions = warehouse.replace(BOX, [FIRST, SECOND], TWO_DATES.iloc[::-1])
    same(warehouse.read(BOX), TWO_DATES)
    assert warehouse.replace(BOX, [SECOND, FIRST], TWO_DATES) == versions == warehouse.versions(BOX)


def test_a_range_of_dates_is_inclusive(warehouse: Warehouse) -> None:
    warehouse.replace(BOX, [FIRST, SECOND], TWO_DATES)
    same(warehouse.read(BOX, dates=(SECOND, THIRD)), TWO_DATES.iloc[[1]])
    same(warehouse.read(BOX, dates=(pd.Timestamp(FIRST), pd.Timestamp(FIRST))), TWO_DATES.iloc[[0]])
    assert list(warehouse.versions(BOX, (FIRST, FIRST))) == ["2024-11-01"]


def test_replace_leaves_other_dates_alone_and_empties_a_date_without_rows(warehouse: Warehouse) -> None:
    before = warehouse.replace(BOX, [FIRST, SECOND], TWO_DATES)
    assert warehouse.replace(BOX, [FIRST, THIRD], TWO_DATES.iloc[:0]) == {"2024-11-01": "", "2024-11-03": ""}
    assert warehouse.versions(BOX) == {"2024-11-02": before["2024-11-02"]}
    same(warehouse.read(BOX), TWO_DATES.iloc[[1]])


def test_a_version_says_what_the_rows_are(warehouse: Warehouse) -> None:
    first = warehouse.replace(BOX, [FIRST], CORRECTED)
    changed = CORRECTED.assign(points=CORRECTED["points"].mask(CORRECTED["player_id"] == "BOS2", 8))
    assert warehouse.replace(BOX, [FIRST], changed) != first
    assert warehouse.replace(BOX, [FIRST], CORRECTED) == first
    alone = warehouse.replace(BOX, [FIRST, SECOND], TWO_DATES)
    assert warehouse.replace(BOX, [SECOND], TWO_DATES.iloc[[1]])["2024-11-02"] == alone["2024-11-02"], "date by date"


def test_current_rows_history_and_any_time_between(warehouse: Warehouse) -> None:
    warehouse.replace(BOX, [FIRST], CORRECTED)
    same(warehouse.read(BOX), CORRECTED.iloc[[1, 2]])
    same(warehouse.read(BOX, history=True), CORRECTED)

    def points(as_of: str) -> dict[str, int]:
        rows = warehouse.read(BOX, as_of=at(as_of))
        assert rows["superseded_at"].isna().all(), "as it was then"
        return dict(zip(rows["player_id"], rows["points"], strict=True))

    assert points("07:59") == {}
    assert points("08:00") == {"BOS1": 20}
    assert points("11:59") == {"BOS1": 20, "BOS2": 7}
    assert points("12:00") == {"BOS1": 22, "BOS2": 7}
    then = warehouse.read(BOX, as_of=at("10:00"), history=True)
    assert then["points"].tolist() == [20, 7] and then["superseded_at"].isna().all()


def test_columns_are_those_asked_for_in_that_order(warehouse: Warehouse) -> None:
    warehouse.replace(BOX, [FIRST], CORRECTED)
    same(warehouse.read(BOX, columns=["points", "player_id"]), CORRECTED.iloc[[1, 2]][["points", "player_id"]])
    same(warehouse.read(BOX, columns=["points"], as_of=at("10:00")), CORRECTED.iloc[[0, 2]][["points"]])
    scope = Scope(players=frozenset({"BOS2"}))
    same(warehouse.read(BOX, columns=["points"], scope=scope), CORRECTED.iloc[[2]][["points"]])


def test_a_scope_reads_the_rows_of_its_players_teams_or_games(warehouse: Warehouse) -> None:
    warehouse.replace(BOX, [FIRST, SECOND], TWO_DATES)
    for scope in (
        Scope(players=frozenset({"NYK1"})),
        Scope(teams=frozenset({"NYK"})),
        Scope(games=frozenset({"g2", "g9"})),
    ):
        same(warehouse.read(BOX, scope=scope), TWO_DATES.iloc[[1]])
    assert warehouse.read(BOX, scope=Scope()).empty


def test_changing_a_frame_that_was_read_changes_nothing_stored(warehouse: Warehouse) -> None:
    warehouse.replace(EVERY_TYPE, [FIRST], every_type(FIRST, "p1", a_number=1, a_rate=0.5, some_names=["x"]))
    frame = warehouse.read(EVERY_TYPE)
    frame.loc[0, ["a_number", "a_rate", "player_id"]] = [9, 9.0, "q"]
    frame.loc[0, "some_names"].append("y")
    again = warehouse.read(EVERY_TYPE).iloc[0]
    assert (again["a_number"], again["a_rate"], again["player_id"], again["some_names"]) == (1, 0.5, "p1", ["x"])


def test_upsert_replaces_the_rows_in_scope_and_no_others(warehouse: Warehouse) -> None:
    warehouse.replace(BOX, [FIRST], CORRECTED)
    fresh = box((FIRST, "g1", "BOS1", 30, "13:00", None))
    warehouse.upsert(BOX, fresh, [FIRST], Scope(players=frozenset({"BOS1"})))
    same(warehouse.read(BOX, history=True), pd.concat([fresh, CORRECTED.iloc[[2]]]))


def test_upsert_without_rows_removes_what_is_in_scope(warehouse: Warehouse) -> None:
    warehouse.replace(BOX, [FIRST, SECOND], TWO_DATES)
    found = warehouse.upsert(BOX, TWO_DATES.iloc[:0], [FIRST, SECOND], Scope(games=frozenset({"g1"})))
    assert found["2024-11-01"] == "" and list(warehouse.versions(BOX)) == ["2024-11-02"]


def test_upsert_replaces_a_row_of_the_same_key_that_was_not_in_scope(warehouse: Warehouse) -> None:
    warehouse.replace(BOX, [FIRST], CORRECTED)
    traded = box((FIRST, "g1", "BOS2", 9, "10:00", None)).assign(team=pd.Series(["NYK"], dtype="string[pyarrow]"))
    warehouse.upsert(BOX, traded, [FIRST], Scope(teams=frozenset({"NYK"})))
    rows = warehouse.read(BOX)
    assert rows.loc[rows["player_id"] == "BOS2", ["team", "points"]].values.tolist() == [["NYK", 9]]


def test_upsert_of_what_a_rebuild_would_write_gives_the_same_version(warehouse: Warehouse) -> None:
    rebuilt = warehouse.replace(BOX, [FIRST], CORRECTED)
    warehouse.upsert(BOX, box((FIRST, "g1", "BOS2", 1, "09:00", None)), [FIRST], Scope(players=frozenset({"BOS2"})))
    assert warehouse.versions(BOX) != rebuilt
    again = warehouse.upsert(BOX, CORRECTED.iloc[[2]], [FIRST], Scope(players=frozenset({"BOS2"})))
    assert again == rebuilt == warehouse.versions(BOX)


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (TWO_DATES, "1 rows outside the dates written (first: game_date 2024-11-02, game_id g2"),
        (pd.concat([CORRECTED, CORRECTED.iloc[[2]]]), "2 rows with the same game_id, player_id, known_at"),
        (CORRECTED.assign(player_id=pd.Series(["a", None, "b"], dtype="string[pyarrow]")), "1 rows without player_id"),
        (CORRECTED.assign(speed=1), "nba_raw.box: columns not in the contract: speed"),
        (CORRECTED.drop(columns="game_id"), "nba_raw.box: column game_id is missing"),
        (CORRECTED.assign(points="many"), "nba_raw.box.points: not INT64"),
    ],
)
def test_what_breaks_the_contract_is_refused_before_anything_is_written(
    warehouse: Warehouse, frame: pd.DataFrame, says: str
) -> None:
    before = warehouse.replace(BOX, [FIRST], CORRECTED)
    with pytest.raises(PlatformError) as refused:
        warehouse.replace(BOX, [FIRST], frame)
    assert says in str(refused.value) and "\n" not in str(refused.value)
    assert warehouse.versions(BOX) == before


def test_two_versions_of_one_key_are_no_duplicate_but_in_a_table_without_versions(warehouse: Warehouse) -> None:
    twice = pd.concat([every_type(FIRST, "p1", a_number=1), every_type(FIRST, "p1", a_number=2)])
    with pytest.raises(PlatformError, match="2 rows with the same game_date, player_id"):
        warehouse.replace(EVERY_TYPE, [FIRST], twice)
    assert warehouse.replace(BOX, [FIRST], CORRECTED)


def test_a_table_is_named_by_its_contract_or_its_name(warehouse: Warehouse) -> None:
    name = "nbac_schedule"
    assert warehouse.read(name).columns.tolist() == tables()[name].column_names
    assert warehouse.versions(f"nba_raw.{name}") == {}


@pytest.mark.parametrize("table", ["nbac_shedule", "nba_analytics.nbac_schedule"])
def test_an_unknown_table_is_refused_with_the_nearest_name(warehouse: Warehouse, table: str) -> None:
    with pytest.raises(UsageError, match="no table") as refused:
        warehouse.read(table)
    assert "nba_raw.nbac_schedule" in refused.value.hint


def test_an_unknown_column_is_refused_with_the_nearest_name(warehouse: Warehouse) -> None:
    with pytest.raises(UsageError, match="no column 'point'") as refused:
        warehouse.read(BOX, columns=["point"])
    assert "points" in refused.value.hint


def test_a_time_without_a_zone_is_refused(warehouse: Warehouse) -> None:
    with pytest.raises(UsageError, match="time zone"):
        warehouse.read(BOX, as_of=dt.datetime(2024, 11, 5))  # noqa: DTZ001
