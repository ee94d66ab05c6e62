"""Contract of `nba_raw.nbac_player_boxscores`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, boolean, int64, string
from nba_assets.contracts.model import Table, Versioning
from nba_assets.contracts.raw_columns import (
    BOX_CHECKS,
    GAME_ID,
    PLAYER_LOOKUP,
    PLAYER_NAME,
    SIDES,
    TO_PLACE,
    stat_block,
)

TABLE = Table(
    dataset="nba_raw",
    name="nbac_player_boxscores",
    description=(
        "The league's game log of players: one row per man who appeared, with the league's ids and whole minutes. "
        "A capture speaks for the games it holds."
    ),
    key=("game_id", "player_id"),
    versioning=Versioning.CLOSED,
    paths=("nba-com/player-boxscores/",),
    kinds=("json",),
    inputs=TO_PLACE,
    columns=(
        GAME_DATE,
        GAME_ID,
        string("player_id", "League person id", public=True),
        PLAYER_NAME,
        PLAYER_LOOKUP,
        int64("team_id", "League id of his team in this game"),
        *SIDES,
        boolean("won?", "His team won; null while live"),
        *stat_block(nullable=False),
        *RAW_COMMON,
        SUPERSEDED_AT,
    ),
    checks=BOX_CHECKS,
)
