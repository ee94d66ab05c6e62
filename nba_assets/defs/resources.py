"""The platform as a Dagster resource, and in the gcp profile Google's own beside it."""

from typing import Any

import dagster as dg

from nba_assets.engine.platform import Platform, shared
from nba_assets.settings import Settings


class PlatformResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The process's one platform, configured by `NBA_ASSETS_*`."""

    def get(self) -> Platform:
        """The platform, opened at first use."""
        return shared()


def resources_of(settings: Settings) -> dict[str, Any]:
    """The resources of the profile by name; `gcs` and `bigquery` are for assets of your own, with the same settings."""
    found: dict[str, Any] = {"platform": PlatformResource()}
    if settings.profile == "gcp":
        from dagster_gcp import BigQueryResource, GCSResource  # seven seconds: not in the local profile

        found["gcs"] = GCSResource(project=settings.gcp_project)
        found["bigquery"] = BigQueryResource(project=settings.gcp_project, location=settings.gcp_location)
    return found
