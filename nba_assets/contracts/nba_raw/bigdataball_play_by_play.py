"""Contract of `nba_raw.bigdataball_play_by_play`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, boolean, float64, int64, string
from nba_assets.contracts.model import Column, Table, Versioning
from nba_assets.contracts.raw_columns import GAME_ID, TO_RESOLVE


def _person(role: str, text: str) -> tuple[Column, ...]:
    return (
        string(f"{role}_name?", f"{text}, as spelled"),
        string(f"{role}_id?", f"{text}: league person id; null while unresolved"),
    )


TABLE = Table(
    dataset="nba_raw",
    name="bigdataball_play_by_play",
    description=(
        "BigDataBall's play-by-play: one row per event with the ten men on the floor and the place of each shot. "
        "A capture speaks for its game."
    ),
    key=("game_id", "order_number"),
    versioning=Versioning.CLOSED,
    paths=("big-data-ball/",),
    kinds=("csv",),
    inputs=TO_RESOLVE,
    columns=(
        GAME_DATE,
        GAME_ID,
        int64("order_number", "Place of the event in the game, from 1", low=1),
        int64("period", "Period; 5 and more are overtime", low=1, high=14),
        float64("clock_seconds", "Time left in the period", unit="seconds", low=0, high=720),
        float64("elapsed_seconds", "Time since the tip", unit="seconds", low=0),
        float64("play_seconds", "Length of the play", unit="seconds", low=0),
        string("event_type?", "Kind of event: shot, rebound, substitution, …; null where the source has none"),
        string("sub_type?", "Kind within the type"),
        string("team_tricode?", "Tricode of the team"),
        *_person("player", "Who acted (a substitution: who left)"),
        *_person("assist", "Who assisted"),
        *_person("block", "Who blocked the shot"),
        *_person("steal", "Who stole the ball"),
        *_person("entered", "Who came in"),
        *_person("left", "Who went out"),
        *_person("opponent", "The other man of a foul or jump ball"),
        string("away_on_court?", "Five sorted ids of the away side, comma separated; null if one is unresolved"),
        string("home_on_court?", "Five sorted ids of the home side, comma separated; null if one is unresolved"),
        boolean("is_made?", "The shot or free throw went in; null for other events"),
        int64("shot_value?", "What the shot is worth", unit="points", low=1, high=3),
        int64("pts?", "Points of the event", unit="points", low=0, high=3),
        float64("shot_distance_ft?", "Distance of the shot", unit="feet", low=0),
        float64("shot_x_ft?", "Across the court from the basket", unit="feet"),
        float64("shot_y_ft?", "Along the court from the basket", unit="feet"),
        string("reason?", "Reason of a foul, turnover or violation"),
        int64("score_home", "Score of the home side after the event", unit="points", low=0),
        int64("score_away", "Score of the away side after the event", unit="points", low=0),
        string("description?", "The event in words"),
        *RAW_COMMON,
        SUPERSEDED_AT,
    ),
)
