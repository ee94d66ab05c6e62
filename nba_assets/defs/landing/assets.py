"""The landing datasets: one external asset per source, the drops as they lie in the landing zone."""

import dagster as dg

from nba_assets.contracts import tables
from nba_assets.defs.metadata import TEAM
from nba_assets.defs.partitions import game_dates

landing_assets = [
    dg.AssetSpec(
        key=["landing", contract.name],
        description=f"Drops of {contract.name}: {', '.join(contract.paths)}",
        group_name="landing",
        kinds={"file"},
        owners=[TEAM],
        tags={"phase": "1"},
        metadata={"paths": list(contract.paths)},
        partitions_def=game_dates,
    )
    for contract in tables().values()
    if contract.paths
]
