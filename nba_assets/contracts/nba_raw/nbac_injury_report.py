"""Contract of `nba_raw.nbac_injury_report`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, string, timestamp
from nba_assets.contracts.model import Table, Versioning
from nba_assets.contracts.raw_columns import (
    GAME_ID,
    PLAYER_ID,
    PLAYER_KEY,
    REASON_CATEGORIES,
    RESOLUTION,
    SIDES,
    TO_RESOLVE,
)

TABLE = Table(
    dataset="nba_raw",
    name="nbac_injury_report",
    description=(
        "The league's injury reports, each whole: players with status and reason, teams that had not submitted, and "
        "teams with nothing to report. A capture speaks for its report, whose time is in the key: rows never close. "
        "A player gone from a later report of a team that submitted is cleared."
    ),
    key=("report_at", "game_id", "player_key"),
    versioning=Versioning.CAPTURES,
    paths=("nba-com/injury-report-pdf/", "nba-com/injury-report-data/"),
    kinds=("pdf", "json"),
    inputs=TO_RESOLVE,
    columns=(
        GAME_DATE,
        timestamp("report_at", "Time in the report's title"),
        GAME_ID,
        PLAYER_KEY,
        string(
            "row_kind",
            "A player, a team that had not submitted (unknown, not healthy), or a team with nothing to report",
            values=("player", "not_submitted", "nothing_to_report"),
        ),
        PLAYER_ID,
        string("player_name?", "Name as printed; null for a marker"),
        string("player_lookup?", "Normalised name; null for a marker"),
        *SIDES,
        string(
            "injury_status?",
            "Status of the player; null for a marker",
            values=("out", "doubtful", "questionable", "probable", "available"),
        ),
        string("injury_reason?", "The reason as printed"),
        string("reason_category?", "Class of that reason", values=REASON_CATEGORIES),
        RESOLUTION,
        *RAW_COMMON,
    ),
)
