"""Phase 6 as five assets of one step: a release is built and signed off whole."""

from collections.abc import Iterator

import dagster as dg
import pandas as pd

from nba_assets.contracts import tables
from nba_assets.defs.automation.conditions import condition
from nba_assets.defs.dead_runs import claim
from nba_assets.defs.metadata import TEAM, asset_key, definition_metadata
from nba_assets.defs.partitions import game_dates
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.tables.assets import dep
from nba_assets.engine.code_version import code_version
from nba_assets.engine.release import publish
from nba_assets.engine.replay import Replay

CONTRACTS = [contract for contract in tables().values() if contract.dataset == "published"]


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            key=asset_key(contract),
            deps=[dep(entry) for entry in contract.inputs if tables()[entry.table].dataset != "published"],
            group_name="published",
            kinds={"json"},
            owners=[TEAM],
            tags={"phase": "6"},
            description=contract.description,
            metadata=definition_metadata(contract),
            code_version=code_version(contract.name),
            automation_condition=condition(contract),
        )
        for contract in CONTRACTS
    ],
    partitions_def=game_dates,
    backfill_policy=dg.BackfillPolicy.single_run(),
    can_subset=False,
)
def published(context: dg.AssetExecutionContext, platform: PlatformResource) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
    """Write the documents of the run's dates and make them one release."""
    claim(context)
    days = [pd.Timestamp(day) for day in context.partition_keys]
    result = publish(platform.get(), days, run_id=context.run.run_id, replay=Replay.of_tags(context.run.tags))
    for contract in CONTRACTS:
        yield dg.MaterializeResult(
            asset_key=asset_key(contract),
            metadata={
                "release": result.sequence,
                "new_release": result.changed,
                "documents": result.documents.get(contract.name, 0),
                "bytes": result.bytes,
            },
            data_version=dg.DataVersion(result.versions[contract.name]),
        )
