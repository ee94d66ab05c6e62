"""Jobs: the whole graph of dates, and the refresh of entities."""

import dagster as dg

DATASETS = ("nba_raw", "nba_analytics", "nba_precompute", "nba_predictions", "published")

all_phases = dg.define_asset_job(
    "all_phases",
    selection=dg.AssetSelection.groups(*DATASETS),
    description="Phases 2 to 6 of a date or a range of dates.",
)
entity_refresh = dg.define_asset_job(
    "entity_refresh",
    selection=dg.AssetSelection.groups("entity_refresh"),
    description="One player, team or game through phases 2 to 6.",
)
