"""Contract of `nba_precompute.player_daily_cache`."""

from nba_assets.contracts.columns import GAME_DATE, QUALITY, boolean, float64, int64, string, timestamp
from nba_assets.contracts.history_columns import PLAYER_ROW, ROSTER, TEAM_ROW
from nba_assets.contracts.model import SEASON, TWO_SEASONS, Check, Input, Role, Span, Table

PAST = (*PLAYER_ROW, "points", "minutes", "usage_rate", "fga", "fta", "ftm", "fg3a", "pf", "is_starter")
TEAM_PAST = (*TEAM_ROW, "points", "possessions", "pace", "won")

WEIGHTED = (
    ("minutes", "Weighted mean of minutes", "minutes", 78, (3, 8, 25)),
    ("points", "Weighted mean of points", "points", 100, (3, 8, 25, 80)),
    ("shots", "Weighted mean of FGA + 0.44 FTA", "shooting possessions", 80, (3, 8, 25, 80)),
    ("fta", "Weighted mean of free throw attempts", None, 50, (25,)),
    ("fg3a", "Weighted mean of three-point attempts", None, 40, (25,)),
    ("usage_rate", "Weighted mean of usage", "per 100", 100, (25,)),
    ("pf", "Weighted mean of personal fouls", None, 10, (8,)),
)
"""Exponentially weighted form over his last 100 games of two seasons: 0.5^(games back / half-life)."""

TABLE = Table(
    dataset="nba_precompute",
    name="player_daily_cache",
    description=(
        "A player's form, season and prior season as known 30 minutes before his team's game of the day, with his "
        "team's form. Every registry player whose team plays; last N = his last N played games of this season."
    ),
    key=("game_date", "player_id"),
    columns=(
        GAME_DATE,
        string("player_id", "League person id"),
        string("game_id", "The team's game of the day, whose decision time counts"),
        string("team", "Tricode of the team he plays for on the date"),
        int64("season", "Start year of the season, from the schedule", low=1946),
        timestamp("decision_at", "Official decision time of that game: tip − 30 min"),
        *(
            float64(f"points_avg_{window}?", f"Mean points, {text}", unit="points", low=0, high=80)
            for window, text in (
                ("l3", "last 3 games"),
                ("l5", "last 5 games"),
                ("l10", "last 10 games"),
                ("season", "regular season games"),
            )
        ),
        float64("points_std_l10?", "Sample sd of points, last 10 games, from 3", unit="points", low=0, high=40),
        float64("recent_trend?", "Mean points of the last 2 games − mean of the 3 before; from 5 games", unit="points"),
        int64("games_n_l10", "Games in the last-10 window", low=0, high=10),
        int64("games_n_season", "Regular season games he played before D, over 82 if traded", low=0, high=88),
        float64("minutes_avg_l5?", "Mean minutes, last 5 games", unit="minutes", low=0, high=65),
        float64("minutes_avg_l10?", "Mean minutes, last 10 games", unit="minutes", low=0, high=65),
        float64("minutes_avg_season?", "Mean minutes, regular season games", unit="minutes", low=0, high=65),
        float64("minutes_std_l10?", "Sample sd of minutes, last 10 games, from 3", unit="minutes", low=0, high=40),
        float64("usage_l5?", "Usage weighted by minutes, last 5 games", unit="per 100", low=0, high=100),
        float64("usage_l10?", "Usage weighted by minutes, last 10 games", unit="per 100", low=0, high=100),
        float64("usage_season?", "Usage weighted by minutes, regular season", unit="per 100", low=0, high=100),
        float64("ts_pct_l10?", "Σ points/(2·(Σ FGA + 0.44·Σ FTA)), last 10 games", low=0, high=1.5),
        float64("ppm_l10?", "Σ points/Σ minutes, last 10 games", unit="points per minute", low=0),
        float64("fga_l10?", "Field goal attempts a game, last 10 games", low=0, high=50),
        float64("fta_l10?", "Free throw attempts a game, last 10 games", low=0, high=40),
        float64("ft_points_share_l10?", "Σ free throws made/Σ points, last 10 games", low=0, high=1),
        float64("dnp_rate_l10?", "Share of the last 10 games he was rostered for that he did not play", low=0, high=1),
        float64("starter_share_l10?", "Share started of the last 10 played games with known starters", low=0, high=1),
        *(
            float64(f"{name}_ew{games}?", f"{text}, half-life {games} games", unit=unit, low=0, high=high)
            for name, text, unit, high, half_lives in WEIGHTED
            for games in half_lives
        ),
        float64("minutes_last?", "Minutes of his last game, of whatever season", unit="minutes", low=0, high=78),
        float64("minutes_before_last?", "Minutes of the game before", unit="minutes", low=0, high=78),
        int64("games_n_form", "Games that the weighted means are over, this season and before", low=0, high=100),
        int64("days_since_last?", "Days since his last game, of whatever season", low=1, high=730),
        boolean("is_same_team", "His last game was for the team of the date"),
        int64("team_games_played_l10", "How many of the team's last 10 games of the season he played", low=0, high=10),
        int64("games_last_7d", "Games he played on D−7 to D−1", low=0, high=6),
        float64("minutes_last_7d", "Minutes on D−7 to D−1", unit="minutes", low=0, high=400),
        float64("team_pace_l10?", "Mean pace of the team's last 10 games", unit="possessions per 48", low=75, high=125),
        float64("team_off_rating_l10?", "100·Σ points/Σ possessions, team's last 10 games", low=60, high=180),
        float64("team_win_pct?", "Share of the team's regular season games won before D", low=0, high=1),
        int64("team_games_n_l10", "Team games in the last-10 window", low=0, high=10),
        int64("team_games_n_season", "The team's regular season games before D", low=0, high=82),
        float64("prior_season_points_avg?", "Mean points, last regular season", unit="points", low=0, high=60),
        float64("prior_season_minutes_avg?", "Mean minutes, last regular season", unit="minutes", low=0, high=65),
        int64("prior_season_games", "Games he played last regular season, as far as loaded", low=0, high=88),
        boolean("early_season", "games_n_season < 10"),
        *QUALITY,
    ),
    inputs=(
        Input("nbac_schedule", Role.CRITICAL),
        Input("nbac_player_list", Role.OPTIONAL, Span(before=14), columns=ROSTER),
        Input("player_game_summary", Role.HISTORY, TWO_SEASONS, columns=PAST),
        Input("team_offense_game_summary", Role.HISTORY, SEASON, columns=TEAM_PAST),
    ),
    checks=(Check("point_in_time", "known_at <= decision_at", "Nothing known after the decision time is used"),),
)
