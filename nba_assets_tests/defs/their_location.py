"""A user's own code location beside ours: an asset that reads one of ours, a condition, a sensor of all assets."""

import dagster as dg


@dg.asset(
    deps=[dg.AssetKey(["nba_predictions", "player_points_predictions"])],
    automation_condition=dg.AutomationCondition.eager(),
)
def my_bets() -> None:
    """What somebody makes of our predictions."""


defs = dg.Definitions(
    assets=[my_bets],
    sensors=[dg.AutomationConditionSensorDefinition("everything", target=dg.AssetSelection.all())],
)
