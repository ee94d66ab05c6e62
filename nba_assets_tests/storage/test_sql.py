"""Questions in BigQuery's dialect: what they answer, and what they may not ask."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nba_assets import contracts
from nba_assets.contracts.frames import conform, empty
from nba_assets.contracts.model import Column, Table, Type
from nba_assets.errors import PlatformError
from nba_assets.storage import partition_files
from nba_assets.storage.interfaces import Warehouse
from nba_assets.storage.warehouse import LocalWarehouse

SCHEDULE = contracts.table("nbac_schedule")
FIRST, SECOND = dt.date(2024, 11, 1), dt.date(2024, 11, 2)
KNOWN = pd.Timestamp("2024-11-03", tz="UTC")


def plausible(column: Column, day: dt.date) -> Any:
    """A value that the column may hold."""
    if column.nullable:
        return None
    if column.type is Type.DATE:
        return pd.Timestamp(day)
    if column.type is Type.TIMESTAMP:
        return KNOWN
    if column.type in (Type.STRING, Type.JSON):
        return column.values[0] if column.values else "x"
    return {Type.INT64: int(column.low or 0), Type.FLOAT64: column.low or 0.0, Type.BOOL: False, Type.STRINGS: []}[
        column.type
    ]


def row(table: Table, day: dt.date, **values: Any) -> dict[str, Any]:
    return {column.name: plausible(column, day) for column in table.columns} | {"game_date": pd.Timestamp(day)} | values


@pytest.fixture
def league(tmp_path: Path) -> Warehouse:
    """Three games, one of them with a corrected score, and a drop in the ledger."""

    def ledger(name: str) -> pd.DataFrame:
        table = contracts.table(name)
        if name != "drops":
            return empty(table)
        drop = {column.name: plausible(column, FIRST) for column in table.columns}
        return conform(pd.DataFrame([drop | {"status": "applied", "game_dates": ["2024-11-01"]}]), table)

    warehouse = LocalWarehouse(tmp_path / "warehouse", ledger)
    games = [
        row(SCHEDULE, FIRST, game_id="1", home_tricode="BOS", home_score=100, superseded_at=KNOWN + pd.Timedelta("1h")),
        row(SCHEDULE, FIRST, game_id="1", home_tricode="BOS", home_score=101, known_at=KNOWN + pd.Timedelta("1h")),
        row(SCHEDULE, FIRST, game_id="2", home_tricode="NYK", home_score=90),
        row(SCHEDULE, SECOND, game_id="3", home_tricode="BOS", home_score=None),
    ]
    warehouse.replace(SCHEDULE, [FIRST, SECOND], conform(pd.DataFrame(games), SCHEDULE))
    return warehouse


def ask(warehouse: Warehouse, sql: str) -> list[list[Any]]:
    return warehouse.query(sql).to_numpy(dtype=object).tolist()


def test_a_table_is_its_current_rows_and_its_history_all(league: Warehouse) -> None:
    assert ask(league, "SELECT game_id, home_score FROM nba_raw.nbac_schedule WHERE game_id = '1'") == [["1", 101]]
    assert ask(league, "SELECT COUNT(*) FROM nba_raw.nbac_schedule__history") == [[4]]
    assert ask(league, "SELECT COUNT(*) FROM `nba_raw.nbac_schedule`") == [[3]]
    assert ask(league, "SELECT COUNT(*) FROM `nba_raw`.`nbac_schedule` AS s") == [[3]]


@pytest.mark.parametrize(
    "table", [t for t in contracts.tables().values() if t.dataset != "published"], ids=lambda t: t.name
)
def test_every_table_is_there_before_it_has_rows_with_its_columns_and_types(tmp_path: Path, table: Table) -> None:
    warehouse = LocalWarehouse(tmp_path, lambda name: empty(contracts.table(name)))
    pd.testing.assert_frame_equal(warehouse.query(f"SELECT * FROM {table.full_name}"), empty(table))
    assert warehouse.query(f"SELECT * FROM {table.full_name}__history").columns.tolist() == table.column_names


@pytest.mark.parametrize(
    ("sql", "answer"),
    [
        ("SELECT SAFE_DIVIDE(1, 0)", [[None]]),
        ("SELECT COUNTIF(home_score > 95) FROM nba_raw.nbac_schedule", [[1]]),
        ("SELECT COUNT(*) FROM nba_raw.nbac_schedule WHERE game_date = DATE '2024-11-01'", [[2]]),
        ("SELECT DATE_SUB(DATE '2024-11-01', INTERVAL 1 DAY)", [[pd.Timestamp("2024-10-31")]]),
        ("SELECT DATE_DIFF(DATE '2024-11-03', DATE '2024-11-01', DAY)", [[2]]),
        ("SELECT DISTINCT EXTRACT(DAY FROM game_date) AS d FROM nba_raw.nbac_schedule ORDER BY d", [[1], [2]]),
        ("SELECT TIMESTAMP_DIFF(MAX(known_at), MIN(known_at), MINUTE) FROM nba_raw.nbac_schedule__history", [[60]]),
        ("SELECT IFNULL(home_score, -1) FROM nba_raw.nbac_schedule WHERE game_id = '3'", [[-1]]),
        (
            "SELECT game_id FROM nba_raw.nbac_schedule WHERE TRUE"
            " QUALIFY ROW_NUMBER() OVER (PARTITION BY home_tricode ORDER BY game_id DESC) = 1 ORDER BY 1",
            [["2"], ["3"]],
        ),
        ("WITH late AS (SELECT * FROM nba_raw.nbac_schedule WHERE game_id > '1') SELECT COUNT(*) FROM late", [[2]]),
        ("SELECT * EXCEPT (b) FROM (SELECT 1 AS a, 2 AS b)", [[1]]),
        ("SELECT SUM(home_score), AVG(home_score) FROM nba_raw.nbac_schedule", [[191, 95.5]]),
        ("SELECT JSON_VALUE('{\"a\": \"b\"}', '$.a')", [["b"]]),
        ("SELECT COUNT(*) FROM nba_orchestration.drops, UNNEST(game_dates) AS d WHERE d = '2024-11-01'", [[1]]),
        ("SELECT STRING_AGG(game_id, ',' ORDER BY game_id) FROM nba_raw.nbac_schedule", [["1,2,3"]]),
        ("SELECT 1 AS x UNION ALL SELECT 2 ORDER BY x", [[1], [2]]),
        ("SELECT 1;", [[1]]),
        ("SELECT status, game_dates FROM nba_orchestration.drops", [["applied", ["2024-11-01"]]]),
    ],
)
def test_bigquery_says(league: Warehouse, sql: str, answer: list[list[Any]]) -> None:
    found = league.query(sql)
    assert found.astype(object).where(found.notna(), None).to_numpy().tolist() == answer


def test_answers_have_canonical_types(league: Warehouse) -> None:
    found = league.query(
        "SELECT game_date, game_id, home_score, known_at, home_score / 3 AS third FROM nba_raw.nbac_schedule"
    )
    kinds = {name: str(dtype) for name, dtype in found.dtypes.items()}
    assert kinds == {
        "game_date": "datetime64[us]",
        "game_id": "string",
        "home_score": "Int64",
        "known_at": "datetime64[us, UTC]",
        "third": "float64",
    }


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE nba_raw.nbac_schedule",
        "DELETE FROM nba_raw.nbac_schedule WHERE TRUE",
        "UPDATE nba_raw.nbac_schedule SET home_score = 0 WHERE TRUE",
        "INSERT INTO nba_raw.nbac_schedule SELECT * FROM nba_raw.nbac_schedule",
        "CREATE TABLE x AS SELECT 1",
        "SELECT 1; DROP TABLE nba_raw.nbac_schedule",
        "EXPORT DATA OPTIONS (uri = '/tmp/x') AS SELECT 1",
        "COPY (SELECT 1) TO '/tmp/nba_assets_stolen'",
        "ATTACH '/tmp/x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PRAGMA database_list",
        "SET enable_external_access = true",
        "CALL pragma_version()",
        "EXPLAIN SELECT 1",
        "SHOW TABLES",
        "",
        "-- nothing",
    ],
)
def test_f59_anything_but_one_select_is_refused(league: Warehouse, sql: str) -> None:
    before = league.versions(SCHEDULE)
    with pytest.raises(PlatformError, match=r"only one SELECT|not SQL") as refused:
        league.query(sql)
    assert "\n" not in str(refused.value)
    assert league.versions(SCHEDULE) == before and not Path("/tmp/nba_assets_stolen").exists()


@pytest.mark.parametrize(
    "source",
    [
        "read_csv('{file}')",
        "read_text('{file}')",
        "read_parquet('{file}')",
        "glob('/etc/*')",
        "'{file}'",
        '"{file}"',
        "`{file}`",
        "duckdb_settings()",
        "sqlite_scan('{file}', 'x')",
        "query('SELECT 1')",
        "query_table('{file}')",
        "information_schema.tables",
        "pg_catalog.pg_class",
        "secret_frame",
        "project.nba_raw.nbac_schedule",
        "published.slate",
    ],
)
@pytest.mark.parametrize(
    "shape",
    [
        "SELECT * FROM {source}",
        "SELECT (SELECT COUNT(*) FROM {source})",
        "WITH a AS (SELECT * FROM {source}) SELECT * FROM a",
    ],
)
def test_f59_nothing_but_the_tables_can_be_read(league: Warehouse, tmp_path: Path, source: str, shape: str) -> None:
    secret_frame = pd.DataFrame({"password": ["s3cret"]})
    file = tmp_path / "secret.csv"
    file.write_text("password\ns3cret\n")
    with pytest.raises(PlatformError) as refused:
        league.query(shape.format(source=source.format(file=file)))
    assert "s3cret" not in str(refused.value) and len(secret_frame) == 1


@pytest.mark.parametrize("expression", ["read_text('{file}')", "getenv('HOME')", "read_blob('{file}')"])
def test_no_function_reads_a_file_or_the_environment(league: Warehouse, tmp_path: Path, expression: str) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("s3cret")
    with pytest.raises(PlatformError):
        league.query(f"SELECT {expression.format(file=file)}")


def test_a_name_that_is_nearly_right_is_told(league: Warehouse) -> None:
    for sql, says, hint in (
        ("SELECT * FROM nba_raw.nbac_shedule", "no table 'nba_raw.nbac_shedule'", "nba_raw.nbac_schedule"),
        ("SELECT * FROM nbac_schedule", "no table 'nbac_schedule'", "nba_raw.nbac_schedule"),
        ("SELECT home_scor FROM nba_raw.nbac_schedule", "home_scor", "home_score"),
        ("SELECT SUMM(home_score) FROM nba_raw.nbac_schedule", "summ", "sum"),
    ):
        with pytest.raises(PlatformError) as refused:
            league.query(sql)
        assert says.lower() in str(refused.value).lower() and hint in refused.value.hint, refused.value.hint
        assert "\n" not in str(refused.value) + refused.value.hint


@pytest.mark.parametrize(
    "sql", ["SELEC 1", "SELECT (", "SELECT 'open", "SELECT home_score + 'x' FROM nba_raw.nbac_schedule"]
)
def test_a_slip_is_told_in_one_line(league: Warehouse, sql: str) -> None:
    with pytest.raises(PlatformError) as refused:
        league.query(sql)
    assert str(refused.value) and "\n" not in str(refused.value) and "\x1b" not in str(refused.value)


def test_a_partition_replaced_between_listing_and_reading_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partition_files, "GRACE", 0.0)
    writer = LocalWarehouse(tmp_path, lambda name: empty(contracts.table(name)))

    def write(score: int) -> None:
        writer.replace(SCHEDULE, [FIRST], conform(pd.DataFrame([row(SCHEDULE, FIRST, home_score=score)]), SCHEDULE))

    def ledger(name: str) -> pd.DataFrame:
        asked.append(name)
        if len(asked) == 1:
            write(2)
            write(3)  # by now the file that was listed is gone
        return empty(contracts.table(name))

    asked: list[str] = []
    write(1)
    sql = "SELECT home_score, (SELECT COUNT(*) FROM nba_orchestration.drops) FROM nba_raw.nbac_schedule"
    assert ask(LocalWarehouse(tmp_path, ledger), sql) == [[3, 0]]
    assert asked == ["drops", "drops"]
