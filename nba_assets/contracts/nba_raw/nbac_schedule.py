"""Contract of `nba_raw.nbac_schedule`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, SUPERSEDED_AT, boolean, int64, string, timestamp
from nba_assets.contracts.model import Check, Event, Lag, SpeaksFor, Table, Versioning

TABLE = Table(
    dataset="nba_raw",
    name="nbac_schedule",
    description=(
        "The league's schedule: one row per game with its date, tip, sides, arena, status and score. A capture speaks "
        "for the dates it lists. A postponed game keeps its id and changes its date: the old date's row is closed. "
        "A later capture never takes a game back (scheduled, live, final)."
    ),
    key=("game_id",),
    versioning=Versioning.CLOSED,
    paths=("nba-com/schedule/", "nba-com/schedule-cdn/"),
    speaks_for=SpeaksFor.DATE,
    progress="game_status",
    keys_move=True,
    few_games=0,
    kinds=("json",),
    per_game=1,
    columns=(
        GAME_DATE,
        string("game_id", "League game id: 00, type, start year, five digits", public=True),
        string("game_code", "YYYYMMDD/AWYHOM"),
        string("season_label", "The season, as 2024-25"),
        int64("season", "Start year of the season", low=1946),
        string(
            "season_type",
            "Kind of game, from the third digit of the id",
            values=("preseason", "regular", "all_star", "playoffs", "play_in", "cup_final"),
        ),
        int64("game_status", "1 scheduled, 2 live, 3 final", low=1, high=3, public=True),
        string("game_status_text", "Status as shown: a tip time, Final, Final/OT2, PPD", public=True),
        timestamp("tip_at?", "Scheduled tip-off; null while to be determined", public=True),
        int64("home_team_id", "League id of the designated home side"),
        int64("away_team_id", "League id of the designated away side"),
        string("home_tricode", "Tricode of the home side; also foreign teams in preseason", public=True),
        string("away_tricode", "Tricode of the away side; also foreign teams in preseason", public=True),
        int64(
            "home_score?", "Points of the home side; null before the tip", unit="points", low=0, high=250, public=True
        ),
        int64(
            "away_score?", "Points of the away side; null before the tip", unit="points", low=0, high=250, public=True
        ),
        int64("ot_periods?", "Overtime periods the status text names; null if it names none", low=1, high=8),
        boolean("is_neutral", "Played at a neutral site"),
        string("arena_name?", "Arena", public=True),
        string("arena_city?", "City of the arena"),
        string("arena_state?", "State of the arena"),
        string("national_tv?", "National broadcasters, comma separated"),
        string("game_label?", "Label, as Emirates NBA Cup"),
        string("game_sub_label?", "Second label, as Game 1"),
        boolean("is_postponed", "Postponed and not yet set anew"),
        string("data_source", "Form of the file", values=("stats", "cdn")),
        *RAW_COMMON,
        SUPERSEDED_AT,
    ),
    checks=(
        Check(
            "final_has_score",
            "game_status < 3 OR (home_score + away_score >= 2 AND home_score <> away_score)",
            "A final game has two unequal scores; a forfeit has 2-0",
        ),
        Check("two_teams", "home_tricode <> away_tricode", "A game has two teams"),
    ),
    lag=Lag(Event.TIP, 4),
    fields={
        "game_date": "gameDates[].gameDate, which is gameDateEst and the date in gameCode",
        "game_id": "gameId",
        "game_code": "gameCode",
        "season_label": "by the fourth and fifth digit of gameId",
        "season": "by the fourth and fifth digit of gameId",
        "season_type": "by the third digit of gameId",
        "game_status": "gameStatus",
        "game_status_text": "gameStatusText",
        "tip_at": "gameDateTimeUTC",
        "home_team_id": "homeTeam.teamId",
        "away_team_id": "awayTeam.teamId",
        "home_tricode": "homeTeam.teamTricode",
        "away_tricode": "awayTeam.teamTricode",
        "home_score": "homeTeam.score",
        "away_score": "awayTeam.score",
        "ot_periods": "by gameStatusText",
        "is_neutral": "isNeutral",
        "arena_name": "arenaName",
        "arena_city": "arenaCity",
        "arena_state": "arenaState",
        "national_tv": "broadcasters.nationalTvBroadcasters[].broadcasterDisplay",
        "game_label": "gameLabel",
        "game_sub_label": "gameSubLabel",
        "is_postponed": "postponedStatus, or PPD in gameStatusText",
        "data_source": "by the folder of the drop",
    },
    quirks=(
        "One file is a season; a file of one date is legal too. Only the dates whose rows changed are built again.",
        (
            "Fields that end in Est, homeTeamTime and awayTeamTime carry a false Z: they are local. Only those "
            "that end in UTC are UTC."
        ),
        "A postponed game keeps its id and changes its date: rows are compared by id, the old date's row is closed.",
        "Scores are 0 before the tip: stored as null. A bare Final does not mean that there was no overtime.",
        (
            "Preseason and All-Star games have teams that are none of the thirty; third digit of the id: 1 "
            "preseason, 2 regular, 3 All-Star, 4 playoffs, 5 play-in, 6 Cup final."
        ),
        "Games 'if necessary' that are not needed vanish; games whose sides are undecided are left out.",
    ),
    refused=(
        "id: 00, type, season, five digits, once in the file",
        "code: date, away and home of the game; the date is the day entry's and gameDateEst's",
        "score: a final game has two unequal scores above zero",
    ),
)
