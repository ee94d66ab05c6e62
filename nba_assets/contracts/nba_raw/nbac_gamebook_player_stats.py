"""Contract of `nba_raw.nbac_gamebook_player_stats`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, boolean, string
from nba_assets.contracts.model import Check, Event, Lag, Table, Versioning
from nba_assets.contracts.raw_columns import (
    BOX_CHECKS,
    FOUND,
    GAME_ID,
    PLAYER_ID,
    PLAYER_KEY,
    PLAYER_LOOKUP,
    PLAYER_NAME,
    REASON_CATEGORIES,
    RESOLUTION,
    SIDES,
    TO_RESOLVE,
    stat_block,
    stat_fields,
)

TABLE = Table(
    dataset="nba_raw",
    name="nbac_gamebook_player_stats",
    description=(
        "The official gamebook: who played, who was available and did not, and who was inactive, with reasons. "
        "Inactive men have last names only. A capture speaks for its game."
    ),
    key=("game_id", "player_key"),
    versioning=Versioning.CLOSED,
    paths=("nba-com/gamebooks-data/", "nba-com/gamebooks-pdf/"),
    kinds=("json", "pdf"),
    inputs=TO_RESOLVE,
    columns=(
        GAME_DATE,
        GAME_ID,
        PLAYER_KEY,
        PLAYER_ID,
        PLAYER_NAME,
        PLAYER_LOOKUP,
        *SIDES,
        string(
            "player_status",
            "Played, sat on the bench or away, or on the inactive list",
            values=("active", "dnp", "inactive"),
        ),
        string(
            "status_code?",
            "Why he has no stats: did not play, did not dress, not with team, inactive; null if active",
            values=("DNP", "DND", "NWT", "INACTIVE"),
        ),
        string("reason?", "The reason as printed"),
        string("reason_category?", "Class of that reason", values=REASON_CATEGORIES),
        boolean("is_starter?", "In the starting five; null where the file does not mark them"),
        string("jersey_number?", "Number on the shirt; 0 is not 00"),
        *stat_block(nullable=True),
        RESOLUTION,
        *RAW_COMMON,
        SUPERSEDED_AT,
    ),
    checks=(
        *BOX_CHECKS,
        Check(
            "stats_if_active", "(player_status = 'active') = (pts IS NOT NULL)", "Stats exactly for those who played"
        ),
    ),
    lag=Lag(Event.FINAL, 3),
    fields={
        **FOUND,
        "opponent_tricode": "the other team of the game",
        "is_home": "which of the two is home",
        "game_date": "date, which is that of game_code",
        "player_name": "name, or the line of the PDF",
        "team_tricode": "team, or the heading above the line",
        "player_status": "active_players, dnp_players, inactive_players",
        "status_code": "category, or the code before the reason",
        "reason": "dnp_reason, reason",
        "reason_category": "by the reason",
        "is_starter": "the position of the PDF's line; the twin has none",
        "jersey_number": "the number before the name; the twin has none",
        **stat_fields(
            "field_goals_made field_goals_attempted three_pointers_made three_pointers_attempted free_throws_made "
            "free_throws_attempted offensive_rebounds defensive_rebounds total_rebounds assists steals blocks "
            "turnovers personal_fouls points plus_minus minutes"
        ),
    },
    quirks=(
        "Two forms: the league's PDF, and its parsed twin (JSON). The two real PDFs at hand are damaged.",
        "Inactive men have last names only, and are found as a set among the team's men whom the book does not list.",
        "A line that is glued at an 'Inactive:' label puts men under the other team: it is cut there.",
        "The PDF's numbers stand in the order PF ST TO BS, not the twin's.",
        "Reasons vary in spelling and case; preseason books have no inactive list.",
    ),
    refused=(
        "B1, B2: points and makes of each man",
        "B6, B9, B10: time, men and length of the game",
        "code: the game's code is its date and teams; path: the folder is its date's",
        "teams: a team that is not of the game",
        "row_count: no active player; a line without its sixteen numbers is never filled up",
    ),
    unverified_formats=("the PDF",),
)
