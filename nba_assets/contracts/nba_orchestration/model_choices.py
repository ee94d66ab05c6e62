"""Contract of `nba_orchestration.model_choices`: which recipe a person had serve, change by change."""

from nba_assets.contracts.columns import date, int64, string, timestamp
from nba_assets.contracts.model import Table

TABLE = Table(
    dataset="nba_orchestration",
    name="model_choices",
    description=(
        "One row per choice of the recipe that serves players' points, and per step back, which takes back the newest "
        "choice that stands. On a date the newest standing choice made for it or an earlier one counts, if the recipe "
        "has a model there that its gates let serve; without one the gates alone decide. Live rows do not move."
    ),
    key=("change_id",),
    columns=(
        int64("change_id", "Number of the change"),
        timestamp("changed_at", "When it was made"),
        string("change", "What was done", values=("serve", "back")),
        string("recipe", "The recipe chosen, or whose choice is taken back"),
        date("since", "First game date that the choice is for"),
        string("who", "Who made the change: the user's name on the machine"),
        string("why", "The reason given; empty without one"),
    ),
)
