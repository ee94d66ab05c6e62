"""What the gcp profile needs of settings and environment before any client is made."""

from __future__ import annotations

import os
from collections.abc import Mapping

from nba_assets.errors import PlatformError
from nba_assets.settings import Settings

BIGQUERY_READ_EMULATOR = "BIGQUERY_STORAGE_EMULATOR_HOST"
"""Of the emulator's Storage Read API, `host:port`; Google's client knows no variable for it."""
EMULATORS = {
    "STORAGE_EMULATOR_HOST": "objects",
    "BIGQUERY_EMULATOR_HOST": "tables",
    BIGQUERY_READ_EMULATOR: "reads of tables",
    "FIRESTORE_EMULATOR_HOST": "documents",
    "PUBSUB_EMULATOR_HOST": "notifications",
}
"""The variables by which Google's clients turn to an emulator, and what would go there."""
NEEDED = ("gcp_project", "landing_bucket", "published_bucket", "private_bucket")


def check_environment(settings: Settings, environment: Mapping[str, str] = os.environ) -> None:
    """Raise `PlatformError` of one line for a setting that is missing, and for an emulator that would take real data.

    With `NBA_ASSETS_EMULATORS=true` all emulators must be named, so that nothing of a test reaches the cloud.
    """
    for name in NEEDED:
        if not getattr(settings, name):
            variable = f"NBA_ASSETS_{name.upper()}"
            raise PlatformError(f"the gcp profile needs {variable}", f"set {variable}, or NBA_ASSETS_PROFILE=local")
    if settings.database_url is None:
        raise PlatformError(
            "the gcp profile needs NBA_ASSETS_DATABASE_URL: the ledger and Dagster's storage are on Postgres",
            "set NBA_ASSETS_DATABASE_URL=postgresql://user:password@host/database (Cloud SQL, say)",
        )
    for variable, what in EMULATORS.items():
        if environment.get(variable) and not settings.emulators:
            raise PlatformError(
                f"{variable} is set: {what} would go to an emulator",
                f"unset {variable}; for tests set NBA_ASSETS_EMULATORS=true",
            )
        if settings.emulators and not environment.get(variable):
            raise PlatformError(
                f"NBA_ASSETS_EMULATORS is set and {variable} is not: {what} would go to Google Cloud",
                f"set {variable}, or unset NBA_ASSETS_EMULATORS",
            )
