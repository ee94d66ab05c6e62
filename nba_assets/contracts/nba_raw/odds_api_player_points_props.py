"""Contract of `nba_raw.odds_api_player_points_props`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, string, timestamp
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
    name="odds_api_player_points_props",
    description=(
        "The Odds API's lines of players' points, one row per player, book and capture. The newest capture of an event "
        "and book speaks for all its players: who is absent is withdrawn. The capture time is in the key, so rows "
        "never close."
    ),
    key=("game_id", "player_key", "book", "captured_at"),
    versioning=Versioning.CAPTURES,
    paths=("odds-api/player-props/", "odds-api/player-props-history/"),
    kinds=("json",),
    inputs=TO_RESOLVE,
    columns=(
        GAME_DATE,
        GAME_ID,
        PLAYER_KEY,
        string("book", "Canonical name of the sportsbook"),
        timestamp("captured_at", "When the line stood: the snapshot's time, or the capture's"),
        string("event_id", "The Odds API's id of the game"),
        PLAYER_ID,
        PLAYER_NAME,
        PLAYER_LOOKUP,
        *line_columns(),
        RESOLUTION,
        *RAW_COMMON,
    ),
    checks=LINE_CHECKS,
)
