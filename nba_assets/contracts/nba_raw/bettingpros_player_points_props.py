"""Contract of `nba_raw.bettingpros_player_points_props`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, boolean, float64, int64, string, timestamp
from nba_assets.contracts.model import Table, Versioning
from nba_assets.contracts.raw_columns import (
    GAME_ID,
    LINE_CHECKS,
    PLAYER_ID,
    PLAYER_KEY,
    PLAYER_LOOKUP,
    PLAYER_NAME,
    RESOLUTION,
    TO_RESOLVE,
    line_columns,
)

TABLE = Table(
    dataset="nba_raw",
    name="bettingpros_player_points_props",
    description=(
        "BettingPros' lines of players' points, one row per player, book and capture. The newest capture of an event "
        "and book speaks for all its players: who is absent is withdrawn. The capture time is in the key, so rows "
        "never close."
    ),
    key=("game_id", "player_key", "book", "captured_at"),
    versioning=Versioning.CAPTURES,
    paths=("bettingpros/player-props/points/", "bettingpros/events/"),
    kinds=("json",),
    inputs=TO_RESOLVE,
    columns=(
        GAME_DATE,
        GAME_ID,
        PLAYER_KEY,
        string("book", "Canonical name of the sportsbook"),
        timestamp("captured_at", "When the line stood"),
        int64("bp_event_id", "BettingPros' id of the game"),
        int64("bp_player_id", "BettingPros' id of the player"),
        PLAYER_ID,
        PLAYER_NAME,
        PLAYER_LOOKUP,
        *line_columns(),
        float64("opening_line?", "The first line posted", unit="points", low=0),
        int64("opening_over_price?", "Price of the over at the opening, American"),
        int64("opening_under_price?", "Price of the under at the opening, American"),
        timestamp("opened_at?", "When the first line was posted"),
        boolean("is_active", "The line stands; false: withdrawn"),
        boolean("is_best", "The best line among the books"),
        RESOLUTION,
        *RAW_COMMON,
    ),
    checks=LINE_CHECKS,
)
