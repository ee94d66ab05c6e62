"""The monitoring queries: what they answer of a ledger by hand, in DuckDB, and the dashboard's panels in Postgres."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlglot
from sqlalchemy import create_engine, text
from sqlglot import exp

from nba_assets import console
from nba_assets.engine.platform import Platform
from nba_assets.errors import UsageError
from nba_assets.monitoring.answers import answer
from nba_assets.monitoring.dashboard import PANELS, dashboard
from nba_assets.monitoring.registry import queries, query
from nba_assets.storage.records import Drop
from nba_assets_tests.monitoring.conftest import ERROR, NOW, STEPS, at

Told = tuple[Platform, dict[str, Drop]]
COMMITTED = Path(__file__).resolve().parents[2] / "deploy" / "grafana" / "nba_assets.json"
NAMES = sorted(queries())


def rows(told: Told, name: str, **given: str) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in answer(told[0], query(name), given).to_dict("records")]


def test_there_is_a_query_for_each_question() -> None:
    asked = {"pipeline_health", "stuck_updates", "latency_per_phase", "skip_reasons", "dead_letters", "recent_failures"}
    assert asked <= set(NAMES)
    assert {name for name, *_ in PANELS} == set(NAMES), "each has its panel"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_of_the_log_is_bounded_by_the_time_asked_about(name: str) -> None:
    """So that no more of it has to be read than began since then."""
    statement = sqlglot.parse_one(query(name).sql, read="bigquery")
    assert query(name).answers.endswith((".", "nothing since."))
    for select in statement.find_all(exp.Select):
        source = select.args["from_"].this
        if isinstance(source, exp.Table) and source.name == "pipeline_execution_log":
            bounds = select.args["where"].sql("bigquery")
            assert re.search(r"started_at BETWEEN @since AND @now", bounds)
            assert "@correlation_id" not in bounds or "@correlation_id IN UNNEST(correlation_ids)" in bounds


def test_health_counts_each_drop_once(told: Told) -> None:
    assert rows(told, "pipeline_health") == [
        {"updates": 5, "complete": 1, "on_their_way": 2, "failing": 1, "quarantined": 1}
    ]
    assert rows(told, "pipeline_health", since="2 hours")[0]["updates"] == 4, "one of 10:00 sharp is in"
    assert rows(told, "pipeline_health", since="2030-01-01T00:00:00Z")[0] == dict.fromkeys(
        ("updates", "complete", "on_their_way", "failing", "quarantined"), 0
    )


def test_what_stays_in_a_phase_is_stuck(told: Told) -> None:
    _, drops = told
    stuck, failed = rows(told, "stuck_updates")
    assert (stuck["correlation_id"], stuck["phase"]) == (drops["stuck"]["correlation_id"], 2)
    assert (stuck["since"], stuck["minutes"]) == (pd.Timestamp(at("09:00:20")), pytest.approx(179, abs=1))
    assert (failed["correlation_id"], failed["phase"]) == (drops["failed"]["correlation_id"], 3)
    assert (failed["failures"], failed["error"]) == (1, ERROR)
    assert [row["correlation_id"] for row in rows(told, "stuck_updates", minutes="5")][2:] == [
        drops["third"]["correlation_id"]
    ]
    assert len(rows(told, "stuck_updates", minutes="100")) == 1


def test_failures_are_counted_by_step_and_error(told: Told) -> None:
    found = {row["phase"]: row for row in rows(told, "recent_failures")}
    assert (found[1]["processor_name"], found[1]["example"]) == (STEPS[1], "line 1: rule json: cut off")
    assert (found[4]["failures"], found[4]["last_occurrence"]) == (1, pd.Timestamp(at("11:00:39")))
    assert [row["phase"] for row in rows(told, "recent_failures", since="45 hours", now="1 hours")] == [], (
        "11:00 is out"
    )


def test_latency_is_by_nearest_rank(told: Told) -> None:
    found = {row["phase"]: row for row in rows(told, "latency_per_phase")}
    assert {phase: row["executions"] for phase, row in found.items()} == {1: 4, 2: 4, 3: 3, 4: 1, 5: 1, 6: 1}
    assert {(row["p50"], row["p95"], row["p99"]) for row in found.values()} == {(1.0, 1.0, 1.0)}
    waits = {row["phase"]: row for row in rows(told, "time_to_phase")}
    assert (waits[6]["updates"], waits[6]["p50"], waits[6]["p99"]) == (1, 60.0, 60.0)
    assert (waits[3]["updates"], waits[3]["p95"]) == (3, 30.0)


def test_skips_dead_letters_and_waiting_games(told: Told) -> None:
    (skip,) = rows(told, "skip_reasons")
    assert (skip["phase"], skip["reason"], skip["executions"]) == (1, "duplicate", 1)
    (letter,) = rows(told, "dead_letters")
    assert (letter["processor_name"], letter["error_message"], letter["attempts"]) == (STEPS[4], ERROR, 1)
    (game,) = rows(told, "waiting_games")
    assert (game["game_id"], game["reason"], game["minutes"]) == ("0022400101", "no box score yet", 240)


def test_a_drop_is_traced_by_its_id(told: Told) -> None:
    _, drops = told
    found = rows(told, "drop_trace", correlation_id=drops["failed"]["correlation_id"])
    assert [(row["phase"], row["status"]) for row in found] == [
        (1, "completed"),
        (2, "completed"),
        (3, "completed"),
        (4, "failed"),
    ]
    assert rows(told, "drop_trace", correlation_id="' OR 1 = 1 --") == [], "a value is bound, not written into the SQL"


def test_executions_by_the_hour(told: Told) -> None:
    found = rows(told, "executions_by_hour")
    assert [(row["time"].hour, row["completed"], row["skipped"], row["failed"]) for row in found] == [
        (9, 2, 0, 0),
        (10, 6, 0, 0),
        (11, 6, 1, 2),
    ]


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("stuck_updates", {"minutes": "ten"}, "'ten' is no value of minutes"),
        ("stuck_updates", {"since": "2024-11-01T00:00:00"}, "no value of since"),
        ("stuck_updates", {"colour": "red"}, "no parameter 'colour'"),
        ("drop_trace", {}, "correlation_id is needed"),
        ("stuck_update", {}, "no monitoring query 'stuck_update'"),
    ],
)
def test_what_cannot_be_asked_says_why(told: Told, name: str, given: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        answer(told[0], query(name), given)


def test_the_committed_dashboard_is_the_one_that_the_queries_give() -> None:
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == dashboard(), "run `make docs`"


def test_no_panel_covers_another() -> None:
    cells: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        own = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not own & cells and max(x for x, _ in own) < 24
        cells |= own


def as_grafana_asks(panel: dict[str, Any], values: dict[str, str]) -> str:
    """The panel's SQL with Grafana's macros and variables written in, as its Postgres data source does."""
    hours = int(panel.get("timeFrom", "24h").removesuffix("h"))
    times = {"$__timeFrom()": NOW - dt.timedelta(hours=hours), "$__timeTo()": NOW}
    sql: str = panel["targets"][0]["rawSql"]
    for macro, moment in times.items():
        sql = sql.replace(macro, f"'{moment:%Y-%m-%dT%H:%M:%SZ}'")
    for name, value in values.items():
        sql = sql.replace(f"${{{name}:sqlstring}}", "'" + value.replace("'", "''") + "'")
    assert "$" not in sql, sql
    return sql


@pytest.mark.parametrize("panel", dashboard()["panels"], ids=lambda panel: panel["title"])
def test_a_panel_shows_what_the_query_answers(told: Told, panel: dict[str, Any]) -> None:
    platform, drops = told
    name = PANELS[panel["id"] - 1][0]
    values = {"minutes": "30", "correlation_id": drops["failed"]["correlation_id"]}
    engine = create_engine(platform.settings.database_url.get_secret_value())  # type: ignore[union-attr]
    with engine.connect() as connection:
        result = connection.execute(text(as_grafana_asks(panel, values).replace(":", "\\:")))
        shown = [dict(row) for row in result.mappings()]
    engine.dispose()
    asked = query(name)
    expected = console.records(answer(platform, asked, {n: v for n, v in values.items() if n in asked.defaults}))
    assert shown, "there is something to see"
    assert [{n: _comparable(v) for n, v in row.items() if n not in WHOLE} for row in shown] == [
        {n: _comparable(v) for n, v in row.items() if n not in WHOLE} for row in expected
    ]
    for name in WHOLE & set(shown[0]):
        assert [row[name] for row in shown] == pytest.approx([row[name] for row in expected], abs=1)


WHOLE = {"minutes", "hours"}
"""DuckDB counts those that began, Postgres those that are over."""


def _comparable(value: Any) -> Any:
    plain = console.plain(value)
    return float(plain) if hasattr(plain, "__float__") else None if plain is None else str(plain)[:19]
