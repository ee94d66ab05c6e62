"""`nba-assets schema`."""

from __future__ import annotations

from nba_assets import console
from nba_assets.errors import UsageError
from nba_assets.settings import Settings


def run(*, apply: bool, as_json: bool) -> None:
    """Say in what BigQuery's tables differ from the contracts, or mend it."""
    settings = Settings()
    if settings.profile != "gcp":
        raise UsageError(
            "the local warehouse has no schema to migrate: a file says its own columns", "set NBA_ASSETS_PROFILE=gcp"
        )
    from nba_assets.storage.gcp import clients
    from nba_assets.storage.gcp.bigquery_schema import BigQuerySchema, Names, stored_tables
    from nba_assets.storage.gcp.environment import check_environment

    check_environment(settings)
    names = Names(settings.gcp_project, settings.dataset_prefix)
    schema = BigQuerySchema(clients.bigquery_client(settings), names, settings.gcp_location, stored_tables())
    changes = schema.apply() if apply else schema.plan()
    if as_json:
        console.as_json([{"change": change.what, "possible": change.possible, "applied": apply} for change in changes])
        return
    for change in changes:
        console.say(change.what if change.possible else f"{change.what} (not possible)")
    done = "done" if apply else "to do: nba-assets schema --apply"
    console.say(f"{len(changes)} changes {done}." if changes else "BigQuery's tables are as the contracts say.")
