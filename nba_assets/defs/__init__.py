"""What Dagster sees, thin: assets by phase, their conditions and checks, entity refresh, resources and jobs."""

import warnings

import dagster as dg

BETA = (
    "Parameter `(backfill_policy|allow_nonexistent_upstream_partitions)`"
    "|Class `(PandasColumn|StrictColumnsConstraint)`|Function `create_dagster_pandas_dataframe_type`"
)
warnings.filterwarnings("ignore", message=BETA, category=dg.BetaWarning)
