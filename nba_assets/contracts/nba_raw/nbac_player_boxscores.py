"""Contract of `nba_raw.nbac_player_boxscores`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, boolean, int64, string
from nba_assets.contracts.model import Event, Lag, Table, Versioning
from nba_assets.contracts.raw_columns import (
    BOX_CHECKS,
    GAME_ID,
    PLAYER_LOOKUP,
    PLAYER_NAME,
    SIDES,
    TO_PLACE,
    stat_block,
    stat_fields,
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
    lag=Lag(Event.FINAL, 2),
    fields={
        "game_date": "GAME_DATE",
        "game_id": "GAME_ID",
        "player_id": "PLAYER_ID",
        "player_name": "PLAYER_NAME",
        "player_lookup": "PLAYER_NAME, normalised",
        "team_id": "TEAM_ID",
        "team_tricode": "TEAM_ABBREVIATION",
        "opponent_tricode": "MATCHUP",
        "is_home": "MATCHUP: vs. home, @ away",
        "won": "WL",
        **stat_fields("FGM FGA FG3M FG3A FTM FTA OREB DREB REB AST STL BLK TOV PF PTS PLUS_MINUS MIN"),
    },
    quirks=(
        "One answer is a date; a wrong SeasonType gives a valid empty answer.",
        "Only men who appeared; minutes are whole, and 0 minutes with a foul is a man who played.",
        "WL is null while a game is live; a game of which one team is there is left for a later drop.",
    ),
    refused=(
        "B1, B2: points and makes of each man",
        "B6: the men's time is that of the game",
        "column: a header that is missing",
    ),
)
