"""Contract of `nba_raw.nbac_gamebook_player_stats`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, boolean, string
from nba_assets.contracts.model import Check, Table, Versioning
from nba_assets.contracts.raw_columns import (
    BOX_CHECKS,
    GAME_ID,
    PLAYER_ID,
    PLAYER_KEY,
    PLAYER_LOOKUP,
    PLAYER_NAME,
    REASON_CATEGORIES,
    RESOLUTION,
    SIDES,
    TO_RESOLVE,
    stat_block,
)

TABLE = Table(
    dataset="nba_raw",
    name="nbac_gamebook_player_stats",
    description=(
        "The official gamebook: who played, who was available and did not, and who was inactive, with reasons. "
        "Inactive men have last names only. A capture speaks for its game."
    ),
    key=("game_id", "player_key"),
    versioning=Versioning.CLOSED,
    paths=("nba-com/gamebooks-data/", "nba-com/gamebooks-pdf/"),
    kinds=("json", "pdf"),
    inputs=TO_RESOLVE,
    columns=(
        GAME_DATE,
        GAME_ID,
        PLAYER_KEY,
        PLAYER_ID,
        PLAYER_NAME,
        PLAYER_LOOKUP,
        *SIDES,
        string(
            "player_status",
            "Played, sat on the bench or away, or on the inactive list",
            values=("active", "dnp", "inactive"),
        ),
        string(
            "status_code?",
            "Why he has no stats: did not play, did not dress, not with team, inactive; null if active",
            values=("DNP", "DND", "NWT", "INACTIVE"),
        ),
        string("reason?", "The reason as printed"),
        string("reason_category?", "Class of that reason", values=REASON_CATEGORIES),
        boolean("is_starter?", "In the starting five; null where the file does not mark them"),
        string("jersey_number?", "Number on the shirt; 0 is not 00"),
        *stat_block(nullable=True),
        RESOLUTION,
        *RAW_COMMON,
        SUPERSEDED_AT,
    ),
    checks=(
        *BOX_CHECKS,
        Check(
            "stats_if_active", "(player_status = 'active') = (pts IS NOT NULL)", "Stats exactly for those who played"
        ),
    ),
)
