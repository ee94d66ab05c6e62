"""Contract of `nba_precompute.player_rating`."""

from nba_assets.contracts.columns import GAME_DATE, QUALITY, float64, int64, string, timestamp
from nba_assets.contracts.history_columns import PLAYER_ROW, ROSTER
from nba_assets.contracts.model import TWO_SEASONS, Check, Input, Role, Span, Table

COUNTS = ("points", "fgm", "fga", "ftm", "fta", "oreb", "dreb", "ast", "stl", "blk", "tov", "pf")
PAST = (*PLAYER_ROW, "is_home", "minutes", "plus_minus", "team_points", "opponent_points", *COUNTS)

TABLE = Table(
    dataset="nba_precompute",
    name="player_rating",
    description=(
        "What a player is worth to his team's result and for how long he is expected on the floor, from box scores of "
        "the two years before his team's game of the day as known 30 minutes before the tip. Every registry player "
        "whose team plays. Rates are exponentially weighted (half after 200 days) and shrunk to the league's mean by "
        "300 minutes of it; whether he is out is guessed from his team's earlier games alone, no report is read."
    ),
    key=("game_date", "player_id"),
    columns=(
        GAME_DATE,
        string("player_id", "League person id"),
        string("game_id", "The team's game of the day, whose decision time counts"),
        string("team", "Tricode of the team he plays for on the date"),
        int64("season", "Start year of the season, from the schedule", low=1946),
        timestamp("decision_at", "Official decision time of that game: tip − 30 min"),
        int64("games_n", "Games he played in the two years", low=0),
        int64("games_missed", "His team's games of the season since he last played", low=0),
        float64("usual_minutes", "Minutes of games he played, half after 30 days; 0 if none", unit="minutes", low=0),
        float64(
            "expected_minutes",
            "usual_minutes times the chance to play, 0.93/(1 + 0.9·games_missed)",
            unit="minutes",
            low=0,
        ),
        float64("long_minutes", "Minutes of games he played, half after 200 days, shrunk to 10", unit="minutes", low=0),
        float64("plus_minus", "Score difference while on the floor, shrunk to 0", unit="points per 36"),
        float64("game_score", "Hollinger's game score above the league's mean, shrunk to it", unit="points per 36"),
        float64("scoring", "Points above the league's mean, shrunk to it", unit="points per 36"),
        float64(
            "adjusted_plus_minus",
            "What 48 minutes of him add to his team's margin, other things equal: a ridge regression of the margins of "
            "all games before the week's Monday on who played how long",
            unit="points per 48",
        ),
        *QUALITY,
    ),
    inputs=(
        Input("nbac_schedule", Role.CRITICAL),
        Input("nbac_player_list", Role.OPTIONAL, Span(before=14), columns=ROSTER),
        Input("player_game_summary", Role.HISTORY, TWO_SEASONS, columns=PAST),
    ),
    checks=(Check("point_in_time", "known_at <= decision_at", "Nothing known after the decision time is used"),),
)
