"""What BigQuery's emulator does not do: which requests we send, and answers with the API's own statuses and words."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest

from nba_assets.errors import PlatformError, TransientError, UsageError
from nba_assets.settings import Settings
from nba_assets.storage.gcp import bigquery_warehouse
from nba_assets.storage.gcp.bigquery_schema import SCHEMA_LABEL, BigQuerySchema, Names, fields_of, schema_digest
from nba_assets.storage.gcp.bigquery_warehouse import BigQueryWarehouse
from nba_assets.storage.gcp.clients import bigquery_client, bigquery_read_client
from nba_assets.storage.gcp.environment import BIGQUERY_READ_EMULATOR
from nba_assets.storage.gcp.errors import WriteConflict
from nba_assets_tests.gcp.grpc_answers import ReadAnswers
from nba_assets_tests.gcp.impatience import shorten
from nba_assets_tests.gcp.scripted import Answer, Asked, Scripted, scripted_server
from nba_assets_tests.storage.backends import no_ledger
from nba_assets_tests.storage.tables import BOX, FIRST, box

OURS = Settings(database_url=None, gcp_project="ours", emulators=True, query_bytes=10 * 1024**2)
JOBS = "/bigquery/v2/projects/ours/jobs"
UPLOAD = "/upload/bigquery/v2/projects/ours/jobs"
DATASETS = "/bigquery/v2/projects/ours/datasets"
ROWS = "ours:nba_raw.box__rows"
ONE = box((FIRST, "g1", "p1", 20, "12:00", None))
QUESTION = "SELECT COUNT(*) AS n FROM nba_raw.nbac_schedule WHERE game_date = '2024-11-01'"
DROPPED = Answer(204)


def refused(status: int, reason: str, message: str, domain: str = "global") -> Answer:
    """An error's body as the reference shows it."""
    error = {"domain": domain, "reason": reason, "message": message}
    return Answer(status, {"error": {"errors": [error], "code": status, "message": message}})


def job(kind: str, reason: str = "", message: str = "", **statistics: Any) -> Answer:
    """A job that has ended, with an error if there is a reason."""
    error = {"reason": reason, "location": "q", "message": message}
    status = {"state": "DONE"} | ({"errorResult": error, "errors": [error]} if reason else {})
    reference = {"projectId": "ours", "jobId": "one", "location": "US"}
    body = {"kind": "bigquery#job", "jobReference": reference, "status": status, "statistics": statistics}
    return Answer(200, body | {"configuration": {"jobType": kind.upper(), kind: {}}})


REFERENCE = {"projectId": "ours", "jobId": "one", "location": "US"}
RESULT = Answer(200, {"jobReference": REFERENCE, "jobComplete": True, "schema": {"fields": []}, "totalRows": "0"})
OVERTAKEN = (
    "invalidQuery",
    f"Transaction is aborted due to concurrent update against table {ROWS}. Transaction ID: 68381985-0000-235c-aa1e",
)
NOT_SERIALIZED = ("invalidQuery", f"Could not serialize access to table {ROWS} due to concurrent update")
UNBOUNDED = (
    "invalidQuery",
    "Cannot query over table 'ours.nba_raw.nbac_schedule__rows' without a filter over column(s) 'game_date' that can "
    "be used for partition elimination",
)
TOO_MANY_BYTES = (
    "bytesBilledLimitExceeded",
    "Query exceeded limit for bytes billed: 10485760. 20971520 or higher required.",
)
NO_QUOTA = ("quotaExceeded", "Quota exceeded: Your table exceeded quota for imports or query appends per table.")
TOO_FAST = ("rateLimitExceeded", "Exceeded rate limits: too many table update operations for this table.")
NO_JOBS = (
    "accessDenied",
    "Access Denied: Project ours: User does not have bigquery.jobs.create permission in project ours.",
)
ELSEWHERE = ("notFound", "Not found: Dataset ours:nba_raw was not found in location EU")
UNREADABLE = ("invalid", "Error while reading data, error message: Parquet column 'points' has type DOUBLE.")


@pytest.fixture
def reads() -> ReadAnswers:
    return ReadAnswers()


@pytest.fixture
def server(reads: ReadAnswers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    """Between attempts nobody waits, and patience is short."""
    monkeypatch.setattr(random, "uniform", lambda least, most: least)
    shorten(monkeypatch, 150, ["PATIENCE"])
    with scripted_server() as server, reads.serve() as address:
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", server.url)
        monkeypatch.setenv(BIGQUERY_READ_EMULATOR, address)
        yield server


@pytest.fixture
def warehouse(server: Scripted) -> BigQueryWarehouse:
    reader = bigquery_read_client(OURS)
    return BigQueryWarehouse(bigquery_client(OURS), reader, Names("ours"), no_ledger, OURS.query_bytes)


@pytest.fixture
def schema(server: Scripted) -> BigQuerySchema:
    return BigQuerySchema(bigquery_client(OURS), Names("ours"), "US", [BOX])


def loading(server: Scripted, ended: Answer | None = None) -> list[Answer]:
    """The answers to a load job's two requests."""
    return [Answer(200, headers={"Location": f"{server.url}/session"}), ended or job("load")]


def sent(asked: Asked) -> Any:
    return json.loads(asked.body)


def scripts(server: Scripted) -> list[str]:
    """The statements that were sent."""
    return [sent(asked)["configuration"]["query"]["query"] for asked in server.asked if asked.path == JOBS]


def failing(act: Callable[[], object], kind: type[PlatformError]) -> PlatformError:
    """What it raises: one line without an address, with a fix."""
    with pytest.raises(PlatformError) as raised:
        act()
    error = raised.value
    assert type(error) is kind, f"{type(error).__name__}: {error}"
    assert "\n" not in str(error) and "://" not in str(error) and error.hint
    return error


def test_a_write_is_one_load_job_one_transaction_and_nothing_left(
    server: Scripted, warehouse: BigQueryWarehouse
) -> None:
    server.answers = [*loading(server), job("query"), RESULT, DROPPED]
    versions = warehouse.replace(BOX, [FIRST], ONE)
    begin, piece, script, _, drop = server.asked
    load = sent(begin)["configuration"]
    assert (begin.method, begin.path, begin.query) == ("POST", UPLOAD, {"uploadType": "resumable"})
    assert load["labels"] == sent(script)["configuration"]["labels"] == {"made_by": "nba_assets"}
    assert load["load"]["writeDisposition"] == "WRITE_EMPTY" and load["load"]["sourceFormat"] == "PARQUET"
    assert [field["name"] for field in load["load"]["schema"]["fields"]] == [f.name for f in fields_of(BOX)]
    staged = load["load"]["destinationTable"]
    assert staged["datasetId"] == "nba_staging" and piece.body.startswith(b"PAR1")
    assert sent(script)["jobReference"]["location"] == sent(begin)["jobReference"]["location"] == "US"
    text = sent(script)["configuration"]["query"]["query"]
    assert text.startswith("BEGIN TRANSACTION;") and text.endswith("COMMIT TRANSACTION;")
    assert f"`ours.nba_staging.{staged['tableId']}`" in text and f"'{versions['2024-11-01']}'" in text
    assert (drop.method, drop.path) == ("DELETE", f"{DATASETS}/nba_staging/tables/{staged['tableId']}")
    assert server.answers == []


@pytest.mark.parametrize(
    ("ended", "kind", "line", "hint"),
    [
        (job("load", *UNREADABLE), PlatformError, UNREADABLE[1], "run `nba-assets doctor`"),
        (job("load", *NO_QUOTA), TransientError, NO_QUOTA[1], "a quota is used up"),
        (refused(403, *NO_QUOTA), TransientError, NO_QUOTA[1], "a quota is used up"),
        (refused(403, *NO_JOBS), PlatformError, NO_JOBS[1], "grant the permission bigquery.jobs.create to"),
        (refused(404, *ELSEWHERE), PlatformError, ELSEWHERE[1], "datasets and buckets must be in one place"),
    ],
    ids=["a file that cannot be read", "quota of jobs", "quota", "permission", "region"],
)
def test_of_a_load_job_that_fails_nothing_is_put_in_place(
    server: Scripted, warehouse: BigQueryWarehouse, ended: Answer, kind: type[PlatformError], line: str, hint: str
) -> None:
    server.answers = loading(server, ended)
    error = failing(lambda: warehouse.replace(BOX, [FIRST], ONE), kind)
    assert str(error) == f"cannot stage nba_raw.box: {line.rstrip('.')}." or str(error).endswith(line)
    assert error.hint.startswith(hint)
    assert scripts(server) == [] and warehouse.usage.transactions == 0


@pytest.mark.parametrize("reason", [OVERTAKEN, NOT_SERIALIZED], ids=["aborted", "not serialized"])
@pytest.mark.parametrize("told", ["by the job", "by its result", "at once"])
def test_a_transaction_that_a_concurrent_one_ended_is_tried_again(
    server: Scripted, warehouse: BigQueryWarehouse, reason: tuple[str, str], told: str
) -> None:
    running = job("query")
    running.body["status"] = {"state": "RUNNING"}
    ended = {
        "by the job": [job("query", *reason)],
        "by its result": [running, refused(400, *reason)],
        "at once": [refused(400, *reason)],
    }[told]
    server.answers = [*loading(server), *ended, job("query"), RESULT, DROPPED]
    warehouse.replace(BOX, [FIRST], ONE)
    first, second = scripts(server)
    assert first == second and server.answers == []
    assert len([asked for asked in server.asked if asked.path == UPLOAD]) == 1, "what is staged is staged once"


def test_a_transaction_that_others_always_end_is_given_up_and_its_rows_dropped(
    server: Scripted, warehouse: BigQueryWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bigquery_warehouse, "CONFLICT_SECONDS", 0.0)
    server.answers = [*loading(server), job("query", *OVERTAKEN), DROPPED]
    error = failing(lambda: warehouse.replace(BOX, [FIRST], ONE), WriteConflict)
    assert str(error) == f"cannot write nba_raw.box: {OVERTAKEN[1]}"
    assert isinstance(error, TransientError) and server.asked[-1].method == "DELETE"


@pytest.mark.parametrize("told", ["by the job", "at once"])
@pytest.mark.parametrize("reason", [NO_QUOTA, TOO_FAST], ids=["quotaExceeded", "rateLimitExceeded"])
def test_a_quota_that_is_used_up_is_told_after_some_patience(
    server: Scripted, warehouse: BigQueryWarehouse, reason: tuple[str, str], told: str
) -> None:
    server.answers = [job("query", *reason) if told == "by the job" else refused(403, *reason)] * 4000
    error = failing(lambda: warehouse.query(QUESTION), TransientError)
    assert str(error) == f"cannot answer the query: {reason[1]}"
    assert error.hint == "a quota is used up: wait, or raise it in the console at IAM & Admin, Quotas"


def test_a_limit_of_rate_that_is_over_in_a_moment_is_nobodys_concern(
    server: Scripted, warehouse: BigQueryWarehouse
) -> None:
    server.answers = [refused(403, *TOO_FAST), job("query"), RESULT, RESULT]
    assert warehouse.query(QUESTION).empty


@pytest.mark.parametrize(
    ("answer", "kind", "line", "hint"),
    [
        (
            refused(400, *UNBOUNDED),
            UsageError,
            "the query reads ours.nba_raw.nbac_schedule__rows without bounds on game_date",
            "add a filter, as WHERE game_date BETWEEN",
        ),
        (
            job("query", *TOO_MANY_BYTES),
            UsageError,
            "the query would scan 20,971,520 bytes, more than 10,485,760",
            "narrow its dates or columns, or set NBA_ASSETS_QUERY_BYTES higher",
        ),
        (
            refused(400, *TOO_MANY_BYTES),
            UsageError,
            "the query would scan 20,971,520 bytes, more than 10,485,760",
            "narrow its dates or columns",
        ),
        (
            refused(403, "responseTooLarge", "Response too large to return. Consider a destination table."),
            UsageError,
            "Response too large to return. Consider a destination table.",
            "narrow its dates or columns",
        ),
        (
            job("query", "resourcesExceeded", "Resources exceeded during query execution: Not enough resources."),
            UsageError,
            "Resources exceeded during query execution: Not enough resources.",
            "narrow its dates or columns",
        ),
        (
            refused(400, "invalidQuery", "No matching signature for operator = for argument types: INT64, STRING."),
            UsageError,
            "No matching signature for operator = for argument types: INT64, STRING.",
            "check the columns and types",
        ),
        (
            refused(403, *NO_JOBS),
            PlatformError,
            f"cannot answer the query: {NO_JOBS[1]}",
            "grant the permission bigquery.jobs.create to the account that runs this",
        ),
        (
            refused(404, *ELSEWHERE),
            PlatformError,
            f"cannot answer the query: {ELSEWHERE[1]}",
            "datasets and buckets must be in one place: set NBA_ASSETS_GCP_LOCATION",
        ),
        (
            refused(404, "notFound", "Not found: Table ours:nba_raw.nbac_schedule was not found"),
            PlatformError,
            "cannot answer the query: Not found: Table ours:nba_raw.nbac_schedule was not found",
            "run `nba-assets schema --apply`, or check NBA_ASSETS_GCP_PROJECT",
        ),
        (
            refused(403, "billingNotEnabled", "Billing has not been enabled for this project. Enable billing at "
                    "https://console.cloud.google.com/billing. DML queries are not allowed in the free tier."),
            PlatformError,
            "cannot answer the query: Billing has not been enabled for this project. Enable billing at DML queries are "
            "not allowed in the free tier.",
            "enable billing for the project",
        ),
        (
            refused(403, "accessNotConfigured", "BigQuery API has not been used in project 123 before or it is "
                    "disabled. Enable it by visiting https://console.developers.google.com/apis then retry.",
                    "usageLimits"),
            PlatformError,
            "cannot answer the query: BigQuery API has not been used in project 123 before or it is disabled. Enable "
            "it by visiting then retry.",
            "enable the API in the project",
        ),
        (
            refused(401, "authError", "Request had invalid authentication credentials."),
            PlatformError,
            "cannot answer the query: no usable Application Default Credentials",
            "run `gcloud auth application-default login`",
        ),
    ],
    ids=["unbounded", "bytes of the job", "bytes", "response", "resources", "types", "permission", "region", "table",
         "billing", "API", "login"],
)  # fmt: skip
def test_a_query_that_is_refused_is_one_line_with_its_fix(
    server: Scripted, warehouse: BigQueryWarehouse, answer: Answer, kind: type[PlatformError], line: str, hint: str
) -> None:
    server.answers = [answer]
    error = failing(lambda: warehouse.query(QUESTION), kind)
    assert str(error) == line and error.hint.startswith(hint)
    assert len(server.asked) == 1, "it is not tried again"


def test_a_question_carries_what_it_may_scan(server: Scripted, warehouse: BigQueryWarehouse) -> None:
    server.answers = [job("query", query={"totalBytesProcessed": "7"}), RESULT, RESULT]
    warehouse.query(QUESTION)
    asked = sent(server.asked[0])["configuration"]
    assert asked["query"]["maximumBytesBilled"] == "10485760" and "dryRun" not in asked
    assert asked["labels"] == {"made_by": "nba_assets"} and asked["query"]["useLegacySql"] is False
    assert (warehouse.usage.queries, warehouse.usage.query_bytes) == (1, 7)


def test_a_dry_run_tells_the_bytes_and_asks_for_nothing_else(server: Scripted, warehouse: BigQueryWarehouse) -> None:
    server.answers = [job("query", query={"totalBytesProcessed": "123456"})]
    assert warehouse.scanned_bytes(QUESTION) == 123456
    assert sent(server.asked[0])["configuration"]["dryRun"] is True
    server.answers = [refused(400, *UNBOUNDED)]
    error = failing(lambda: warehouse.scanned_bytes(QUESTION.split(" WHERE")[0]), UsageError)
    assert "without bounds on game_date" in str(error)


@pytest.mark.parametrize(
    ("refusal", "kind", "line", "hint"),
    [
        (
            (
                grpc.StatusCode.PERMISSION_DENIED,
                "request failed: the user does not have 'bigquery.readsessions.create' permission for 'projects/ours'",
            ),
            PlatformError,
            "the user does not have 'bigquery.readsessions.create' permission for 'projects/ours'",
            "grant the permission bigquery.readsessions.create to the account",
        ),
        (
            (grpc.StatusCode.NOT_FOUND, "Not found: Table ours:nba_warehouse.partition_versions"),
            PlatformError,
            "Not found: Table ours:nba_warehouse.partition_versions",
            "run `nba-assets schema --apply`",
        ),
        (
            (grpc.StatusCode.RESOURCE_EXHAUSTED, "Quota exceeded for quota metric 'CreateReadSession requests'"),
            TransientError,
            "Quota exceeded for quota metric 'CreateReadSession requests'",
            "a quota is used up",
        ),
    ],
    ids=["permission", "table", "quota"],
)
def test_a_read_that_is_refused_is_one_line_with_its_fix(
    reads: ReadAnswers,
    warehouse: BigQueryWarehouse,
    refusal: tuple[grpc.StatusCode, str],
    kind: type[PlatformError],
    line: str,
    hint: str,
) -> None:
    reads.refusals = [refusal]
    error = failing(lambda: warehouse.versions(BOX), kind)
    assert str(error).startswith("cannot read nba_warehouse.partition_versions: ") and str(error).endswith(line)
    assert error.hint.startswith(hint)


def test_a_read_api_that_is_away_is_asked_again_and_then_told(reads: ReadAnswers, warehouse: BigQueryWarehouse) -> None:
    away = (grpc.StatusCode.UNAVAILABLE, "The service is currently unavailable.")
    reads.refusals = [away]
    assert warehouse.versions(BOX) == {} and len(reads.asked) == 2
    reads.refusals = [away] * 4000
    error = failing(lambda: warehouse.versions(BOX), TransientError)
    assert str(error).endswith("The service is currently unavailable.")
    read = reads.asked[0].read_session
    assert read.read_options.row_restriction.startswith("written_at >= TIMESTAMP '2000-01-01")


def test_what_is_made_carries_expiry_bounds_and_place(server: Scripted, schema: BigQuerySchema) -> None:
    missing = refused(404, "notFound", "Not found: Dataset ours:x")
    named = {name: {"datasetReference": {"projectId": "ours", "datasetId": name}} for name in ("nba_raw", "any")}
    table = {"tableReference": {"projectId": "ours", "datasetId": "nba_raw", "tableId": "any"}}
    made = [*[Answer(200, named["any"])] * 3, *[Answer(200, table)] * 4]
    server.answers = [*[missing] * 7, *made]
    schema.apply()
    raw, staging, kept = (sent(asked) for asked in server.asked[7:10])
    assert {one["location"] for one in (raw, staging, kept)} == {"US"}
    assert {str(one["labels"]) for one in (raw, staging, kept)} == {"{'made_by': 'nba_assets'}"}
    assert staging["datasetReference"]["datasetId"] == "nba_staging"
    assert staging["defaultTableExpirationMs"] == "86400000"
    assert "defaultTableExpirationMs" not in raw and "defaultTableExpirationMs" not in kept
    rows, current, history, log = (sent(asked) for asked in server.asked[10:14])
    assert rows["timePartitioning"] == {"type": "DAY", "field": "game_date"} and rows["requirePartitionFilter"] is True
    assert rows["clustering"] == {"fields": ["game_id", "player_id"]}
    assert log["timePartitioning"] == {"type": "DAY", "field": "written_at"} and log["requirePartitionFilter"] is True
    assert current["view"]["query"].endswith("FROM `ours.nba_raw.box__rows` WHERE superseded_at IS NULL")
    assert history["view"]["query"].endswith("FROM `ours.nba_raw.box__rows`") and not history["view"]["useLegacySql"]
    assert log["labels"][SCHEMA_LABEL] == schema_digest([BOX]) and server.answers == []


def test_columns_are_added_and_views_changed_where_nobody_else_has_changed_them(
    server: Scripted, schema: BigQuerySchema
) -> None:
    dataset = {"datasetReference": {"projectId": "ours", "datasetId": "any"}, "location": "US"}
    fields = [field.to_api_repr() for field in fields_of(BOX) if field.name != "team"]
    name = {"tableReference": {"projectId": "ours", "datasetId": "nba_raw", "tableId": "any"}}
    rows = Answer(200, name | {"schema": {"fields": fields}, "etag": '"r"'})
    view = Answer(200, name | {"view": {"query": "SELECT 1", "useLegacySql": False}, "etag": '"v"'})
    log = Answer(200, name | {"labels": {SCHEMA_LABEL: "older"}, "etag": '"l"'})
    server.answers = [*[Answer(200, dataset)] * 3, *[rows, view, view, log] * 2]
    assert [change.what for change in schema.apply()] == [
        "add team to nba_raw.box",
        "change the view ours.nba_raw.box",
        "change the view ours.nba_raw.box__history",
        f"note the schema {schema_digest([BOX])}",
    ]
    patches = [asked for asked in server.asked if asked.method == "PATCH"]
    assert [patch.headers["If-Match"] for patch in patches] == ['"r"', '"v"', '"v"', '"l"']
    added = sent(patches[0])["schema"]["fields"]
    assert [field["name"] for field in added] == [*(field["name"] for field in fields), "team"]
    assert added[-1]["mode"] == "NULLABLE" and set(sent(patches[0])) == {"schema"}


@pytest.mark.parametrize(
    ("answer", "line", "hint"),
    [
        (
            refused(404, "notFound", "Not found: Project ours"),
            "cannot look at the dataset nba_warehouse: Not found: Project ours",
            "check NBA_ASSETS_GCP_PROJECT",
        ),
        (
            refused(400, "invalid", "The project ours has not enabled BigQuery."),
            "cannot look at the dataset nba_warehouse: The project ours has not enabled BigQuery.",
            "enable the API in the project",
        ),
        (
            refused(404, "notFound", "Not found: Dataset ours:nba_warehouse"),
            "there are no tables in BigQuery's project ours (nba_warehouse)",
            "run `nba-assets schema --apply`",
        ),
        (
            refused(
                403,
                "accessDenied",
                "Access Denied: Dataset ours:nba_warehouse: Permission bigquery.datasets.get denied on dataset "
                "ours:nba_warehouse (or it may not exist).",
            ),
            "cannot look at the dataset nba_warehouse: Access Denied: Dataset ours:nba_warehouse: Permission "
            "bigquery.datasets.get denied on dataset ours:nba_warehouse (or it may not exist).",
            "grant the permission bigquery.datasets.get to the account",
        ),
        (
            Answer(200, {"datasetReference": {"projectId": "ours", "datasetId": "nba_warehouse"}, "location": "EU"}),
            "the dataset nba_warehouse is in EU, not in US",
            "set NBA_ASSETS_GCP_LOCATION=EU",
        ),
    ],
    ids=["project", "API", "nothing there", "permission", "region"],
)
def test_tables_that_cannot_be_opened_are_one_line_with_the_fix(
    server: Scripted, schema: BigQuerySchema, answer: Answer, line: str, hint: str
) -> None:
    server.answers = [answer]
    error = failing(schema.check, PlatformError)
    assert str(error) == line and error.hint.startswith(hint)
