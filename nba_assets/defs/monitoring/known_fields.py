"""The alarm on a source whose newest drops have fields it did not have before: one check per landing asset."""

from collections.abc import Iterator

import dagster as dg
import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.verify import FAILING_ROWS
from nba_assets.defs.metadata import landing_key
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.tables.preview import table_value
from nba_assets.engine.new_fields import new_fields
from nba_assets.sources.drift import known_keys

NAME = "known_fields"
SOURCES = {
    landing_key(table.name): table.name
    for table in tables().values()
    if table.paths and known_keys(table.name) is not None
}


@dg.multi_asset_check(
    name=NAME,
    specs=[
        dg.AssetCheckSpec(NAME, asset=key, description="The newest drops have no field that the source had not before")
        for key in SOURCES
    ],
    can_subset=True,
)
def known_fields(context: dg.AssetCheckExecutionContext, platform: PlatformResource) -> Iterator[dg.AssetCheckResult]:
    """Warn about new fields, each with a drop that has it; a missing one that is needed is quarantined at parsing."""
    for check in sorted(context.selected_asset_check_keys, key=lambda key: key.asset_key):
        found = new_fields(platform.get(), SOURCES[check.asset_key])
        names = ", ".join(new.field for new in found[:FAILING_ROWS])
        rows = pd.DataFrame([vars(new) for new in found[:FAILING_ROWS]])
        yield dg.AssetCheckResult(
            asset_key=check.asset_key,
            check_name=NAME,
            passed=not found,
            severity=dg.AssetCheckSeverity.WARN,
            description=f"{len(found)} new fields: {names}" if found else None,
            metadata={"new_fields": table_value(rows)} if found else {},
        )
