"""Contract of `nba_raw.nbac_referee_assignments`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, string
from nba_assets.contracts.model import Column, Table, Versioning
from nba_assets.contracts.raw_columns import GAME_ID, TO_PLACE


def _official(number: int) -> tuple[Column, ...]:
    return (
        string(f"official_{number}_id", f"League id of official {number}"),
        string(f"official_{number}_name", f"Name of official {number}"),
        string(f"official_{number}_jersey", f"Shirt number of official {number}"),
    )


TABLE = Table(
    dataset="nba_raw",
    name="nbac_referee_assignments",
    description=(
        "Officials of a game, as announced on its morning; they may change. A capture speaks for the games it holds."
    ),
    key=("game_id",),
    versioning=Versioning.CLOSED,
    paths=("nba-com/referee-assignments/",),
    kinds=("json",),
    inputs=TO_PLACE,
    columns=(
        GAME_DATE,
        GAME_ID,
        string("home_tricode", "Tricode of the home side"),
        string("away_tricode", "Tricode of the away side"),
        *_official(1),
        *_official(2),
        *_official(3),
        string("alternate_id?", "League id of the alternate"),
        string("alternate_name?", "Name of the alternate"),
        *RAW_COMMON,
        SUPERSEDED_AT,
    ),
)
