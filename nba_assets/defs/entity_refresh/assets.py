"""Entity refresh: the update of a player, team or game through all phases, one run over five assets.

Keys of the dynamic partitions are `2025-11-15|player|1630567` (kinds: player, team, game).
"""

import dagster as dg

from nba_assets.defs.dead_runs import claim
from nba_assets.defs.metadata import TEAM
from nba_assets.defs.partitions import entity_keys
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.run import CORRELATION_IDS
from nba_assets.engine.intake import applied
from nba_assets.engine.platform import Platform
from nba_assets.engine.refresh import REFRESH_PHASES, refresh_phase
from nba_assets.engine.replay import Replay


def refresh_asset(phase: str, upstream: str | None) -> dg.AssetsDefinition:
    """The asset of one phase; it upserts into the daily tables and marks them by observations, which wake nothing."""

    @dg.asset(
        key=["entity_refresh", phase],
        deps=[dg.AssetKey(["entity_refresh", upstream])] if upstream else [],
        partitions_def=entity_keys,
        group_name="entity_refresh",
        kinds={"python"},
        owners=[TEAM],
        tags={"phase": str(list(REFRESH_PHASES).index(phase) + 2)},
        description=f"The {phase} rows of one player, team or game on one date, upserted into the daily tables.",
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def refresh(context: dg.AssetExecutionContext, platform: PlatformResource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        claim(context)
        run = context.run
        replay = Replay.of_tags(run.tags)
        result = refresh_phase(platform.get(), phase, list(context.partition_keys), run_id=run.run_id, replay=replay)
        for key, day, rows in result.touched:
            context.log_event(
                dg.AssetObservation(asset_key=dg.AssetKey(list(key)), partition=day, metadata={"refreshed_rows": rows})
            )
        if phase == "published":
            count_as_applied(platform.get(), context.run.tags.get(CORRELATION_IDS, ""))
        return dg.MaterializeResult(metadata={"rows": result.rows, "tables": result.tables})

    return refresh


def count_as_applied(platform: Platform, ids: str) -> None:
    """The drops that the run was for are in the tables and on the page."""
    wanted = [one for one in ids.split(",") if one]
    drops = platform.ledger.drops(status=["pending"], correlation_ids=wanted) if wanted else []
    applied(platform, drops)
    platform.ledger.give_back([drop["correlation_id"] for drop in drops])


entity_refresh_assets = [
    refresh_asset(phase, upstream) for phase, upstream in zip(REFRESH_PHASES, (None, *REFRESH_PHASES), strict=False)
]
