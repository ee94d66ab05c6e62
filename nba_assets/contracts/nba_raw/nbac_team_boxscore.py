"""Contract of `nba_raw.nbac_team_boxscore`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, boolean, float64, int64, string
from nba_assets.contracts.model import Event, Lag, Table, Versioning
from nba_assets.contracts.raw_columns import BOX_CHECKS, GAME_ID, SIDES, TO_PLACE, shooting_columns, stat_fields

TABLE = Table(
    dataset="nba_raw",
    name="nbac_team_boxscore",
    description=(
        "Team totals of a game from two forms: the league's team game log, preferred for totals, and the box score, "
        "which has the starters. A capture speaks for the games it holds."
    ),
    key=("game_id", "team_tricode"),
    versioning=Versioning.CLOSED,
    paths=("nba-com/team-boxscore/",),
    kinds=("json",),
    per_game=2,
    inputs=TO_PLACE,
    columns=(
        GAME_DATE,
        GAME_ID,
        int64("team_id", "League id of the team"),
        *SIDES,
        float64("team_seconds", "Time on the floor of all its players", unit="seconds", low=0, high=25_000),
        *shooting_columns("The team's", nullable=False, points_high=250),
        int64("ot_periods", "Overtime periods, from the team's time", low=0, high=8),
        string("starter_ids?", "Person ids of the five starters, comma separated; null without a box score"),
        boolean(
            "tov_includes_team", "tov counts the team's own turnovers (game log), not only its players' (box score)"
        ),
        *RAW_COMMON,
        SUPERSEDED_AT,
    ),
    checks=BOX_CHECKS,
    lag=Lag(Event.FINAL, 2),
    fields={
        "game_date": "GAME_DATE of the log, else the folder's date",
        "game_id": "GAME_ID, gameId",
        "team_id": "TEAM_ID, teamId",
        "team_tricode": "TEAM_ABBREVIATION, teamTricode",
        "opponent_tricode": "the other team",
        "is_home": "MATCHUP of the log, homeTeam, else the schedule",
        "team_seconds": "MIN, minutes",
        **stat_fields("FGM FGA FG3M FG3A FTM FTA OREB DREB REB AST STL BLK TOV|TO PF PTS PLUS_MINUS"),
        "ot_periods": "by the team's time",
        "starter_ids": "PLAYER_ID with a START_POSITION; personId with a position",
        "tov_includes_team": "the file is a game log",
    },
    quirks=(
        "Three forms: the league's team game log (a date in one answer), box score v2 and v3 (a game each).",
        (
            "The log's TOV has the team's own turnovers, the box score's TO is its players' sum: the log goes "
            "before for totals, the box score for starters."
        ),
        (
            "Rows of v2 stand in no order of home and away; its set TeamStarterBenchStats has shifted names and "
            "is not read."
        ),
        "v2 has nothing for seasons from 2025-26 on.",
    ),
    refused=(
        "B1, B2: points and makes of each team and man",
        "B4: the men's sums are the team's line",
        "B6, B9: time and starters",
        "two teams of one game",
    ),
    unverified_formats=("box score v3",),
)
