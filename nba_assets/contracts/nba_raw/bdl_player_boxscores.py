"""Contract of `nba_raw.bdl_player_boxscores`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, boolean, int64
from nba_assets.contracts.model import Check, Table, Versioning
from nba_assets.contracts.raw_columns import (
    BOX_CHECKS,
    GAME_ID,
    PLAYER_ID,
    PLAYER_KEY,
    PLAYER_LOOKUP,
    PLAYER_NAME,
    RESOLUTION,
    SIDES,
    TO_RESOLVE,
    stat_block,
)

TABLE = Table(
    dataset="nba_raw",
    name="bdl_player_boxscores",
    description=(
        "BallDontLie box scores: one row per man the source lists, also those who did not play. Its ids are its own, "
        "so names are resolved. A capture speaks for the games it holds; live never replaces final."
    ),
    key=("game_id", "player_key"),
    versioning=Versioning.CLOSED,
    paths=("ball-dont-lie/boxscores/",),
    progress="is_final",
    kinds=("json",),
    inputs=TO_RESOLVE,
    columns=(
        GAME_DATE,
        GAME_ID,
        PLAYER_KEY,
        PLAYER_ID,
        int64("bdl_player_id", "BallDontLie's id of the player, not the league's"),
        int64("bdl_game_id?", "BallDontLie's id of the game; older answers have none"),
        PLAYER_NAME,
        PLAYER_LOOKUP,
        *SIDES,
        boolean("is_final", "The game was final in this capture"),
        boolean("did_play", "Any time or any non-zero stat"),
        *stat_block(nullable=True),
        RESOLUTION,
        *RAW_COMMON,
        SUPERSEDED_AT,
    ),
    checks=(
        *BOX_CHECKS,
        Check("stats_if_played", "did_play = (pts IS NOT NULL)", "Stats exactly for those who played"),
    ),
)
