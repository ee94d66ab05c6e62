"""Contract of `nba_analytics.upcoming_player_game_context`."""

from nba_assets.contracts.columns import GAME_DATE, QUALITY, boolean, float64, int64, string, timestamp
from nba_assets.contracts.history_columns import PLAYER_ROW, ROSTER
from nba_assets.contracts.model import SEASON, Check, Input, Role, Span, Table

PAST = (*PLAYER_ROW, "points", "minutes", "usage_rate", "closing_line")

TABLE = Table(
    dataset="nba_analytics",
    name="upcoming_player_game_context",
    description=(
        "What is known about a player's game 30 minutes before its tip: injury status, rest, workload, form, the "
        "consensus line and who of his team is absent. One row per registry player of both teams; players who are "
        "out keep a row."
    ),
    key=("game_id", "player_id"),
    columns=(
        GAME_DATE,
        string("game_id", "League game id", references="nbac_schedule.game_id", public=True),
        string("player_id", "League person id", public=True),
        string("player_name?", "Name in the registry, else in his last box score", public=True),
        string("team", "Tricode of the team he plays for on the date, as known at the decision time", public=True),
        string("opponent", "Tricode of the opponent", public=True),
        int64("season", "Start year of the season, from the schedule", low=1946),
        string(
            "season_phase?",
            "The team's phase of the season; null for a regular season game without its team context",
            values=("early", "mid", "late", "playoffs", "play_in"),
        ),
        boolean("is_home", "Designated home side", public=True),
        boolean("is_neutral", "Played at a neutral site"),
        timestamp("tip_at", "Tip-off by the newest schedule known at the decision time", public=True),
        timestamp("decision_at", "Official decision time: tip − 30 min; nothing known later is used"),
        string(
            "team_source",
            "Where his team is known from: the player list, or the team of his last game",
            values=("player_list", "last_game"),
        ),
        int64("games_with_team", "Games he played for this team this season before D", low=0),
        string(
            "injury_status?",
            "By the latest report known; not on a submitted one: available; no report: null, never healthy",
            values=("available", "probable", "questionable", "doubtful", "out"),
            public=True,
        ),
        string("injury_reason?", "Reason in that report", public=True),
        timestamp("report_at?", "Time of the latest report that covers the game"),
        int64("status_changes?", "How often his status changed over the reports of this game", low=0),
        int64("days_rest?", "Days between his last played game and this; null for the season's first", low=0),
        boolean("is_b2b", "He played yesterday"),
        int64("days_rest_prev?", "days_rest as it was before his last game", low=0),
        int64("games_last_7d", "Games he played on D−7 to D−1", low=0, high=6),
        int64("games_last_14d", "Games he played on D−14 to D−1", low=0, high=12),
        float64("minutes_last_7d", "Minutes on D−7 to D−1", unit="minutes", low=0, high=400),
        float64("minutes_last_14d", "Minutes on D−14 to D−1", unit="minutes", low=0, high=700),
        float64("avg_minutes_last_7d?", "Minutes a game on D−7 to D−1; null without a game", low=0, high=65),
        int64("b2b_last_14d", "Pairs of his games on consecutive days in D−14 to D−1", low=0, high=8),
        int64("team_games_missed?", "Games of the team since he last played; null before his first", low=0),
        int64("opponent_days_rest?", "The opponent team's days_rest", low=0),
        int64("rest_advantage?", "Team's days_rest − opponent's (teams, not players)", unit="days"),
        float64("points_avg_l5?", "Mean points of his last 5 games", unit="points", low=0, high=80),
        float64("points_avg_l10?", "Mean points of his last 10 games", unit="points", low=0, high=80),
        float64("usage_l10?", "Usage of his last 10 games, weighted by minutes", unit="per 100", low=0, high=100),
        float64("minutes_avg_l5?", "Mean minutes of his last 5 games", unit="minutes", low=0, high=65),
        float64("minutes_avg_l10?", "Mean minutes of his last 10 games", unit="minutes", low=0, high=65),
        boolean("has_line", "There is a consensus line at the decision time"),
        float64("consensus_line?", "Median of the books' main lines at T", unit="points", low=0, public=True),
        float64("opening_line?", "Consensus of each book's first capture", unit="points", low=0),
        float64("line_move?", "consensus_line − opening_line", unit="points"),
        string("line_source?", "Sources of the line", values=("odds_api", "bettingpros", "both")),
        timestamp("line_captured_at?", "Newest capture used for the line"),
        int64("n_books?", "Books in the consensus; null without a line", low=0),
        float64("line_range?", "Highest − lowest main line", unit="points", low=0),
        int64("over_streak?", "Last games over their own closing line; push skipped, no line ends it", low=0),
        int64("under_streak?", "Last games under their own closing line; push skipped, no line ends it", low=0),
        float64("spread?", "The team's spread", unit="points", source=("upcoming_team_game_context.spread",)),
        float64("total?", "Total of both teams", unit="points", source=("upcoming_team_game_context.total",)),
        float64(
            "implied_points?",
            "Points the market gives the team",
            unit="points",
            source=("upcoming_team_game_context.implied_points",),
        ),
        int64(
            "star_teammates_out?",
            "Team mates out or doubtful with ≥ 10 games and ≥ 18 ppg, or ≥ 28 min and ≥ 12 ppg; null without report",
            low=0,
        ),
        int64("teammates_questionable?", "Team mates who are questionable; null without report", low=0),
        float64(
            "vacated_usage?",
            "V = Σ a·usage·minutes/48 over team mates out or doubtful (their last 10); a = share of this player's "
            "last 10 games in which the team mate played; 0 if nobody is; null without report, or without games of his",
            unit="usage points",
            low=0,
        ),
        float64("vacated_minutes?", "M = Σ a·minutes over the same team mates", unit="minutes", low=0),
        *QUALITY,
    ),
    inputs=(
        Input("nbac_schedule", Role.CRITICAL),
        Input("nbac_player_list", Role.OPTIONAL, Span(before=14), columns=ROSTER),
        Input("upcoming_team_game_context", Role.OPTIONAL),
        Input("nbac_injury_report", Role.OPTIONAL),
        Input("odds_api_player_points_props", Role.OPTIONAL),
        Input("bettingpros_player_points_props", Role.OPTIONAL),
        Input("player_game_summary", Role.HISTORY, SEASON, columns=PAST),
    ),
    checks=(
        Check("point_in_time", "known_at <= decision_at", "Nothing known after the decision time is used"),
        Check("line_before_tip", "line_captured_at IS NULL OR line_captured_at < tip_at", "No line from in play"),
        Check("line_flag", "has_line = (consensus_line IS NOT NULL)", "has_line says whether there is a line"),
    ),
)
