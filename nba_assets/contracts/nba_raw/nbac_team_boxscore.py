"""Contract of `nba_raw.nbac_team_boxscore`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, boolean, float64, int64, string
from nba_assets.contracts.model import Table, Versioning
from nba_assets.contracts.raw_columns import BOX_CHECKS, GAME_ID, SIDES, TO_PLACE, shooting_columns

TABLE = Table(
    dataset="nba_raw",
    name="nbac_team_boxscore",
    description=(
        "Team totals of a game from two forms: the league's team game log, preferred for totals, and the box score, "
        "which has the starters. A capture speaks for the games it holds."
    ),
    key=("game_id", "team_tricode"),
    versioning=Versioning.CLOSED,
    paths=("nba-com/team-boxscore/",),
    kinds=("json",),
    per_game=2,
    inputs=TO_PLACE,
    columns=(
        GAME_DATE,
        GAME_ID,
        int64("team_id", "League id of the team"),
        *SIDES,
        float64("team_seconds", "Time on the floor of all its players", unit="seconds", low=0, high=25_000),
        *shooting_columns("The team's", nullable=False, points_high=250),
        int64("ot_periods", "Overtime periods, from the team's time", low=0, high=8),
        string("starter_ids?", "Person ids of the five starters, comma separated; null without a box score"),
        boolean(
            "tov_includes_team", "tov counts the team's own turnovers (game log), not only its players' (box score)"
        ),
        *RAW_COMMON,
        SUPERSEDED_AT,
    ),
    checks=BOX_CHECKS,
)
