"""The platform as a Dagster resource."""

import dagster as dg

from nba_assets.engine.platform import Platform, shared


class PlatformResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The process's one platform, configured by `NBA_ASSETS_*`."""

    def get(self) -> Platform:
        """The platform, opened at first use."""
        return shared()
