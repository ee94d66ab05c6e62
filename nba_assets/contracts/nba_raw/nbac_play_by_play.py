"""Contract of `nba_raw.nbac_play_by_play`."""

from nba_assets.contracts.columns import (
    GAME_DATE,
    RAW_COMMON,
    SUPERSEDED_AT,
    boolean,
    float64,
    int64,
    string,
    timestamp,
)
from nba_assets.contracts.model import Table, Versioning
from nba_assets.contracts.raw_columns import GAME_ID, TO_PLACE

TABLE = Table(
    dataset="nba_raw",
    name="nbac_play_by_play",
    description=(
        "The league's play-by-play: one row per event, in order, with players, shots and their places. A capture "
        "speaks for its game: a corrected game comes again whole."
    ),
    key=("game_id", "order_number"),
    versioning=Versioning.CLOSED,
    paths=("nba-com/play-by-play/", "nba-com/play-by-play-v3/", "nba-com/play-by-play-v2/"),
    kinds=("json",),
    inputs=TO_PLACE,
    columns=(
        GAME_DATE,
        GAME_ID,
        int64("order_number", "Place of the event in the game, strictly rising"),
        int64("action_number", "The source's number of the event, not in order"),
        int64("period", "Period; 5 and more are overtime", low=1, high=14),
        float64("clock_seconds", "Time left in the period", unit="seconds", low=0, high=720),
        float64("elapsed_seconds", "Time since the tip", unit="seconds", low=0),
        timestamp("wall_time?", "When it happened; not monotone"),
        string("action_type", "Kind of event: 2pt, 3pt, freethrow, rebound, turnover, foul, period, game, …"),
        string("sub_type?", "Kind within the type: Layup, offensive, 1 of 2, …"),
        string("descriptor?", "Description of the shot or foul: driving, pullup, shooting, …"),
        string("qualifiers?", "Qualifiers, comma separated: pointsinthepaint, fastbreak, 2ndchance, …"),
        string("team_tricode?", "Tricode of the team; null on period and game rows"),
        string("player_id?", "League person id; null for team events"),
        string("assist_player_id?", "Who assisted"),
        string("block_player_id?", "Who blocked the shot"),
        string("steal_player_id?", "Who stole the ball"),
        string("foul_drawn_player_id?", "Who was fouled"),
        boolean("is_field_goal", "A field goal attempt"),
        boolean("is_made?", "The shot or free throw went in; null for other events"),
        int64("shot_value?", "What the shot is worth", unit="points", low=1, high=3),
        float64("shot_x_ft?", "Across the court from the basket", unit="feet"),
        float64("shot_y_ft?", "Along the court from the basket; may be negative", unit="feet"),
        float64("shot_distance_ft?", "Distance of the shot", unit="feet", low=0),
        string(
            "shot_zone?",
            "The league's area of the shot",
            values=(
                "Restricted Area",
                "In The Paint (Non-RA)",
                "Mid-Range",
                "Left Corner 3",
                "Right Corner 3",
                "Above the Break 3",
                "Backcourt",
            ),
        ),
        int64("score_home", "Score of the home side after the event", unit="points", low=0),
        int64("score_away", "Score of the away side after the event", unit="points", low=0),
        string("description", "The event in words"),
        *RAW_COMMON,
        SUPERSEDED_AT,
    ),
)
