"""Contract of `nba_analytics.upcoming_team_game_context`."""

from nba_assets.contracts.columns import GAME_DATE, QUALITY, boolean, float64, int64, string, timestamp
from nba_assets.contracts.history_columns import PLAYER_ROW, TEAM_ROW
from nba_assets.contracts.model import SEASON, Check, Input, Role, Span, Table

PAST = (*TEAM_ROW, "points", "possessions", "pace", "margin", "won")

TABLE = Table(
    dataset="nba_analytics",
    name="upcoming_team_game_context",
    description=(
        "What is known about a team's game 30 minutes before its tip: rest, travel, record, form, absences and the "
        "market's spread and total. One row per team of every game of the date that was on the schedule at that time."
    ),
    key=("game_id", "team"),
    per_game=2,
    columns=(
        GAME_DATE,
        string("game_id", "League game id", references="nbac_schedule.game_id", public=True),
        string("team", "Tricode of the team", public=True),
        string("opponent", "Tricode of the opponent", public=True),
        int64("season", "Start year of the season, from the schedule", low=1946),
        string(
            "season_phase",
            "By the team's game number for regular season and Cup final (early ≤ 20, mid ≤ 60, late), else the type",
            values=("early", "mid", "late", "playoffs", "play_in"),
        ),
        boolean("is_home", "Designated home side, also at a neutral site", public=True),
        boolean("is_neutral", "Played at a neutral site", source=("nbac_schedule.is_neutral",), public=True),
        timestamp("tip_at", "Tip-off by the newest schedule known at the decision time", public=True),
        timestamp("decision_at", "Official decision time: tip − 30 min; nothing known later is used"),
        int64("game_number?", "This game's number among the team's regular season games", low=1, high=82),
        int64(
            "days_rest?",
            "Days between the team's last final game and this; 0 back-to-back",
            unit="days",
            low=0,
            public=True,
        ),
        boolean("is_b2b", "The team played yesterday", public=True),
        int64("games_last_7d", "Final games on D−7 to D−1", low=0, high=6),
        int64("games_last_14d", "Final games on D−14 to D−1", low=0, high=12),
        int64("b2b_last_14d", "Pairs of games on consecutive days in D−14 to D−1", low=0, high=8),
        int64("next_days_rest?", "Days between this game and the next listed one, up to 14 days ahead", low=0, high=13),
        int64("games_next_7d?", "Games listed on D+1 to D+7; null unless the schedule reaches that far", low=0, high=6),
        float64("travel_miles?", "Great circle from the last game's arena; null at neutral sites", unit="miles", low=0),
        int64("time_zones?", "Standard time zones crossed since the last game, east positive", low=-3, high=3),
        float64("spread?", "Median spread in this team's view: −5.5 = favoured", unit="points", low=-40, high=40),
        float64("opening_spread?", "Median of each book's first spread, this team's view", unit="points"),
        float64("total?", "Median total of both teams", unit="points", low=150, high=320),
        float64("opening_total?", "Median of each book's first total", unit="points"),
        string("lines_source?", "Where spread and total come from", values=("odds_api",)),
        timestamp("lines_captured_at?", "Newest capture among those used for spread and total"),
        float64("implied_points?", "total/2 − spread/2", unit="points", low=60, high=190),
        int64("streak?", "Games won (positive) or lost (negative) in a row before D"),
        int64("last_margin?", "Margin of the team's last game", unit="points"),
        float64("team_win_pct?", "Share of regular season games won before D", low=0, high=1),
        int64("games_played", "Final regular season games before D", low=0, high=82),
        int64("n_out?", "Players out in the latest report; null without a submitted report", low=0),
        int64("n_questionable?", "Players questionable in the latest report", low=0),
        int64("starters_out?", "Players out who started at least 5 of their last 10 games", low=0, high=10),
        float64("team_pace_l10?", "Mean pace of the last 10 games", unit="possessions per 48", low=75, high=125),
        float64("team_off_rating_l10?", "100·Σ points/Σ possessions of the last 10 games", low=60, high=180),
        float64("team_def_rating_l10?", "100·Σ points allowed/Σ possessions of the last 10", low=60, high=180),
        *QUALITY,
    ),
    inputs=(
        Input("nbac_schedule", Role.CRITICAL, Span(before=365, after=14)),
        Input("odds_api_game_lines", Role.OPTIONAL),
        Input("nbac_injury_report", Role.OPTIONAL),
        Input("team_offense_game_summary", Role.HISTORY, SEASON, columns=PAST),
        Input("player_game_summary", Role.HISTORY, SEASON, columns=(*PLAYER_ROW, "is_starter")),
    ),
    checks=(
        Check("point_in_time", "known_at <= decision_at", "Nothing known after the decision time is used"),
        Check("not_itself", "team != opponent", "A team does not play itself"),
    ),
)
