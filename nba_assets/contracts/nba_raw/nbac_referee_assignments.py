"""Contract of `nba_raw.nbac_referee_assignments`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, string
from nba_assets.contracts.model import Column, Event, Lag, Table, Versioning
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
    lag=Lag(Event.TIP, -3),
    fields={
        "game_date": "nba.Table.rows[].game_date",
        "game_id": "game_id",
        "home_tricode": "home_team_abbr",
        "away_tricode": "away_team_abbr",
        **{
            f"official_{number}_{ours}": f"official{number}{theirs}"
            for number in (1, 2, 3)
            for ours, theirs in (("id", "_code"), ("name", ""), ("jersey", "_JNum"))
        },
        "alternate_id": "official4_code",
        "alternate_name": "official4",
    },
    quirks=(
        "The answer has other leagues (gl, wnba) and the replay centre (Table1): they are not read.",
        "Announced on the morning of the game, and changed sometimes; the fourth official is mostly null.",
        "A game with fewer than three officials is left for a later drop.",
    ),
    refused=(
        "game_id: a league game, once in the file",
        "date, path: the game's date, which is the folder's",
        "teams, code: two teams, and game_code says the same date and teams",
        "officials: one in two places, a name without its id, no shirt number",
    ),
)
