"""Contract of `nba_raw.bigdataball_play_by_play`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, boolean, float64, int64, string
from nba_assets.contracts.model import Column, Event, Lag, Table, Versioning
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
    lag=Lag(Event.FINAL, 12),
    fields={
        "game_date": "date",
        "game_id": "game_id, with its zeros again",
        "order_number": "play_id",
        "period": "period",
        "clock_seconds": "remaining_time",
        "elapsed_seconds": "period and remaining_time",
        "play_seconds": "play_length",
        "event_type": "event_type",
        "sub_type": "type",
        "team_tricode": "team",
        **{
            f"{role}_{what}": role if what == "name" else f"{role}, found by name and team"
            for role in ("player", "assist", "block", "steal", "entered", "left", "opponent")
            for what in ("name", "id")
        },
        "away_on_court": "a1 to a5",
        "home_on_court": "h1 to h5",
        "is_made": "result",
        "shot_value": "event_type and type",
        "pts": "points",
        "shot_distance_ft": "shot_distance",
        "shot_x_ft": "original_x / 10",
        "shot_y_ft": "original_y / 10",
        "reason": "reason",
        "score_home": "home_score",
        "score_away": "away_score",
        "description": "description",
    },
    quirks=(
        "game_id has lost its zeros; dates are ISO, in older files MM/DD/YYYY.",
        "a1 to a5 and h1 to h5 are the men on the court after the substitution of the row.",
        "elapsed restarts with each period; event_type is empty where type is unknown: such rows are kept.",
        (
            "A miss is a shot whose result is missed (or miss); a three's type starts with 3pt. Blocks and steals "
            "are fields of the shot or turnover."
        ),
        (
            "original_x, original_y are tenths of a foot from the basket. Two files of a game: the newest "
            "modification counts."
        ),
    ),
    refused=(
        "format, encoding, size: no CSV of texts, or far too long; column, row: a column is missing, a row is cut",
        "path: the game, date and sides are those of the name",
        "order: play_id rises; court: ten distinct men a row; teams: two, each on its side",
        "score: never falls; points: those of each team add up to it",
        "shot: made or missed, and worth its points",
    ),
)
