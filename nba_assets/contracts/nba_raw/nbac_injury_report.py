"""Contract of `nba_raw.nbac_injury_report`."""

from dataclasses import replace

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, string, timestamp
from nba_assets.contracts.model import Event, Lag, Table, Versioning
from nba_assets.contracts.raw_columns import (
    FOUND,
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
        replace(PLAYER_KEY, description=f"{PLAYER_KEY.description}; team:<tricode> for a marker"),
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
        replace(RESOLUTION, nullable=True, description="The step that found the player; null for a marker"),
        *RAW_COMMON,
    ),
    lag=Lag(Event.TIP, -1),
    fields={
        **FOUND,
        "game_date": "Game Date",
        "report_at": "the title, New York time",
        "row_kind": "a player's line, NOT YET SUBMITTED, or a team without a line",
        "player_name": "Player Name",
        "team_tricode": "Team",
        "opponent_tricode": "Matchup",
        "is_home": "Matchup, away@home",
        "injury_status": "Current Status",
        "injury_reason": "Reason",
        "reason_category": "the Reason before ' - '",
    },
    quirks=(
        (
            "Two layouts of the PDF: to March 2023 one line a row and the header on every page; since November "
            "2023 the header on page 1 only, and reasons wrap around their row."
        ),
        (
            "Date, time, matchup and team print once and hold until changed, also over pages. Words belong to "
            "columns by x, to rows by the nearest status word."
        ),
        (
            "A team is in one of three states: players; NOT YET SUBMITTED, which is unknown and not healthy; no "
            "line at all, which is everyone available."
        ),
        (
            "The title's time counts, not the name's: ..._12PM is the 12:30 report. A report that does not exist "
            "answers 403 or 404."
        ),
        "A player gone from a later report of a team that submitted is cleared.",
    ),
    refused=(
        "title: no time in it",
        "a word of the page that belongs to no row",
        "teams: a matchup that is not of its date, a team that is not in it",
        "unique: a player once a game",
    ),
)
