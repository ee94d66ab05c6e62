"""Every table of phases 2 to 5 as an asset: key, contract, partitions, one step."""

import dagster as dg
import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.model import Input, Table
from nba_assets.defs.automation.conditions import condition
from nba_assets.defs.dead_runs import claim
from nba_assets.defs.metadata import TEAM, asset_key, definition_metadata, landing_key
from nba_assets.defs.partitions import game_dates
from nba_assets.defs.plots.season import plot_or_warning
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.tables.checks import check_results, check_specs
from nba_assets.defs.tables.preview import markdown
from nba_assets.engine.code_version import code_version
from nba_assets.engine.graph import PHASES, build_order
from nba_assets.engine.replay import Replay
from nba_assets.engine.step import run_step


def dep(entry: Input) -> dg.AssetDep:
    """An input as Dagster lineage, date by date whatever its span: the metadata `reads` tells the other dates.

    With a mapping to other dates Dagster runs a backfill of a range layer by layer of the graph, a run each; without
    one it is a single run, whose steps read what they need. Conditions take no notice of history in either case.
    """
    return dg.AssetDep(asset_key(tables()[entry.table]))


def table_asset(contract: Table) -> dg.AssetsDefinition:
    """The asset of one table."""
    deps = [dep(entry) for entry in contract.inputs if entry.table != contract.name]
    deps += [dg.AssetDep(landing_key(source)) for source in contract.sources]
    key = asset_key(contract)

    @dg.asset(
        key=key,
        deps=deps,
        partitions_def=game_dates,
        group_name=contract.dataset,
        kinds={"python", *contract.kinds},
        owners=[TEAM],
        tags={"phase": str(PHASES[contract.dataset]), **contract.tags},
        description=contract.description,
        metadata=definition_metadata(contract),
        code_version=code_version(contract.name),
        automation_condition=condition(contract),
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=check_specs(contract),
        output_required=True,
    )
    def materialize(context: dg.AssetExecutionContext, platform: PlatformResource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        claim(context)
        home = platform.get()
        days = [pd.Timestamp(day) for day in context.partition_keys]
        result = run_step(home, contract.name, days, run_id=context.run.run_id, replay=Replay.of_tags(context.run.tags))
        outcomes = pd.Series(result.outcomes).value_counts().to_dict()
        if outcomes.get("skipped") and not result.changed:
            context.log.info("skipped: unchanged")
        plot = plot_or_warning(home, contract.name, days[-1].date(), context.log) if result.changed else None
        if plot is not None:  # of the run's last partition only: all others would carry the same picture
            context.add_asset_metadata({"plot": dg.MetadataValue.md(plot)}, key, context.partition_keys[-1])
        return dg.MaterializeResult(
            metadata={
                "dagster/partition_row_count" if len(days) == 1 else "dagster/row_count": result.rows,
                "dates": outcomes,
                "null_rates": dg.MetadataValue.json(result.null_rates),
                "preview": dg.MetadataValue.md(markdown(result.preview)),
                "waiting": dg.MetadataValue.json(result.waiting),
                "seconds": result.seconds,
            },
            data_version=dg.DataVersion(result.data_version),
            check_results=check_results(home, contract, days),
        )

    return materialize


table_assets = [table_asset(tables()[name]) for name in build_order()]
