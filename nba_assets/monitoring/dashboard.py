"""The Grafana dashboard over the monitoring queries: `python -m nba_assets.monitoring.dashboard FILE`.

Its data source is the ledger's Postgres, so each query is translated from BigQuery's dialect, with Grafana's own time
range and variables for the parameters.
"""

from __future__ import annotations

from typing import Any

import orjson
import sqlglot
from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import ErrorLevel
from sqlglot.generators.postgres import PostgresGenerator

from nba_assets.contracts.docs import target
from nba_assets.contracts.model import Type
from nba_assets.monitoring.registry import PARAMETERS, Query, query

TITLE = "nba_assets: the pipeline"
SOURCE = {"type": "grafana-postgresql-datasource", "uid": "${ledger}"}
SCHEMA = 39
"""Version of Grafana's dashboard format: that of Grafana 11; newer ones migrate it when they load it."""
RANGE = {"now": "$__timeTo()", "since": "$__timeFrom()"}
"""Parameters that are the dashboard's time range."""
UNITS = {"MILLISECOND": "* 1000", "SECOND": "/ 1", "MINUTE": "/ 60", "HOUR": "/ 3600"}
CASTS = {Type.TIMESTAMP: "TIMESTAMPTZ", Type.INT64: "BIGINT", Type.STRING: "TEXT"}

OPTIONS = {"stat": {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}}

PANELS = (
    ("pipeline_health", "stat", "", 24, 4),
    ("stuck_updates", "table", "", 24, 8),
    ("recent_failures", "table", "", 12, 8),
    ("dead_letters", "table", "", 12, 8),
    ("time_to_phase", "table", "s", 12, 8),
    ("latency_per_phase", "table", "s", 12, 8),
    ("executions_by_hour", "timeseries", "", 12, 8),
    ("skip_reasons", "table", "", 12, 8),
    ("waiting_games", "table", "", 24, 8),
    ("drop_trace", "table", "", 24, 8),
)
"""Query, kind of panel, unit, width (of 24) and height, from the top left."""


class _Generator(PostgresGenerator):
    """What sqlglot's Postgres does not know, and parameters as Grafana writes them."""

    TRANSFORMS = {
        **PostgresGenerator.TRANSFORMS,
        exp.TimestampDiff: lambda self, node: self.difference(node),
        exp.In: lambda self, node: self.contained(node),
        exp.JSONExtractScalar: lambda self, node: self.member(node),
        exp.Parameter: lambda self, node: _variable(node.name),
    }

    def difference(self, node: exp.TimestampDiff) -> str:
        """Whole units from the second time to the first."""
        span = f"EXTRACT(EPOCH FROM {self.sql(node, 'this')} - {self.sql(node, 'expression')})"
        return f"CAST(TRUNC({span} {UNITS[node.text('unit').upper()]}) AS BIGINT)"

    def contained(self, node: exp.In) -> str:
        """A value among those of an array, so that the array's index serves."""
        array = node.args.get("unnest")
        if array is None:
            return self.in_sql(node)
        return f"{self.expressions(array, flat=True)} @> ARRAY[{self.sql(node, 'this')}]"

    def member(self, node: exp.JSONExtractScalar) -> str:
        """A member of a JSONB object as text."""
        (_, member) = node.expression.expressions
        return f"{self.sql(node, 'this')} ->> {self.sql(exp.Literal.string(member.name))}"


class GrafanaPostgres(Postgres):
    """Postgres as Grafana's data source takes it: with macros and variables."""

    Generator = _Generator


def panel_sql(asked: Query) -> str:
    """The query in Postgres' dialect, with Grafana's macros and variables for its parameters."""
    statement = sqlglot.parse_one(asked.sql, read="bigquery")
    return statement.sql(dialect=GrafanaPostgres, pretty=True, comments=False, unsupported_level=ErrorLevel.RAISE)


def dashboard() -> dict[str, Any]:
    """The dashboard as Grafana imports it; the data source is chosen on it."""
    panels, x, y = [], 0, 0
    for number, (name, kind, unit, width, height) in enumerate(PANELS, 1):
        panels.append(_panel(number, query(name), kind, unit, {"x": x, "y": y, "w": width, "h": height}))
        x, y = (0, y + height) if x + width == 24 else (x + width, y)
    return {
        "uid": "nba-assets-pipeline",
        "title": TITLE,
        "tags": ["nba_assets"],
        "schemaVersion": SCHEMA,
        "version": 1,
        "editable": True,
        "timezone": "utc",
        "time": {"from": "now-24h", "to": "now"},
        "refresh": "1m",
        "templating": {"list": [_ledger(), _text("minutes"), _text("correlation_id")]},
        "annotations": {"list": []},
        "panels": panels,
    }


def _panel(number: int, asked: Query, kind: str, unit: str, place: dict[str, int]) -> dict[str, Any]:
    panel: dict[str, Any] = {
        "id": number,
        "type": kind,
        "title": asked.name.replace("_", " ").capitalize(),
        "description": asked.answers,
        "gridPos": place,
        "datasource": SOURCE,
        "fieldConfig": {"defaults": {"unit": unit} if unit else {}, "overrides": []},
        "options": OPTIONS.get(kind, {}),
        "targets": [
            {
                "refId": "A",
                "datasource": SOURCE,
                "editorMode": "code",
                "rawQuery": True,
                "format": "time_series" if kind == "timeseries" else "table",
                "rawSql": panel_sql(asked),
            }
        ],
    }
    own = asked.defaults.get("since", "")
    if own and own != PARAMETERS["since"].default:
        panel["timeFrom"] = f"{own.split()[0]}h"
    if unit:
        panel["fieldConfig"]["overrides"] = [_plain(name) for name in ("phase", "executions", "updates")]
    return panel


def _plain(column: str) -> dict[str, Any]:
    """A column that is a number of things, not an amount of the panel's unit."""
    return {"matcher": {"id": "byName", "options": column}, "properties": [{"id": "unit", "value": "none"}]}


def _ledger() -> dict[str, Any]:
    return {"name": "ledger", "label": "Ledger", "type": "datasource", "query": SOURCE["type"], "current": {}}


def _text(name: str) -> dict[str, Any]:
    value = PARAMETERS[name].default
    facts = {"name": name, "label": PARAMETERS[name].meaning, "type": "textbox", "query": value}
    return facts | {"current": {"text": value, "value": value}, "options": []}


def _variable(name: str) -> str:
    return f"CAST({RANGE.get(name, f'${{{name}:sqlstring}}')} AS {CASTS[PARAMETERS[name].type]})"


if __name__ == "__main__":
    target(__doc__).write_bytes(orjson.dumps(dashboard(), option=orjson.OPT_INDENT_2) + b"\n")
