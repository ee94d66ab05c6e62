"""Contract of `nba_raw.bdl_player_boxscores`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, boolean, int64
from nba_assets.contracts.model import Check, Event, Lag, Table, Versioning
from nba_assets.contracts.raw_columns import (
    BOX_CHECKS,
    FOUND,
    GAME_ID,
    PLAYER_ID,
    PLAYER_KEY,
    PLAYER_LOOKUP,
    PLAYER_NAME,
    RESOLUTION,
    SIDES,
    TO_RESOLVE_BY_START,
    stat_block,
    stat_fields,
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
    inputs=TO_RESOLVE_BY_START,
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
    lag=Lag(Event.FINAL, 2),
    fields={
        **FOUND,
        "opponent_tricode": "the other team of the game",
        "is_home": "which of the two is home",
        "game_date": "data[].date, which is the league's date",
        "bdl_player_id": "player.id",
        "bdl_game_id": "data[].id",
        "player_name": "player.first_name, player.last_name",
        "team_tricode": "home_team.abbreviation, visitor_team.abbreviation",
        "is_final": "status is Final",
        "did_play": "any time or stat that is not zero",
        **stat_fields("fgm fga fg3m fg3a ftm fta oreb dreb reb ast stl blk turnover pf pts plus_minus min"),
    },
    quirks=(
        "The older answer has no id, datetime, quarters or plus_minus: games are found by date and teams.",
        "A whole team is listed: min 00 and zeros are a man who did not play.",
        (
            "status is Final with or without overtime (period tells); a live status or a tip time is not final, "
            "and never replaces final."
        ),
        "player.id is BallDontLie's own; teams with an id above 30 are defunct and reuse codes.",
        "Pages are merged into one file; one whose meta has a next_cursor is partial.",
    ),
    refused=(
        "B1, B2: points and makes of each man",
        "B6, B9, B10: time, men and length of the game",
        "B8: periods add up to the score",
        "teams: an id above 30",
    ),
)
