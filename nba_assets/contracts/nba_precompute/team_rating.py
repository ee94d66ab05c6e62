"""Contract of `nba_precompute.team_rating`."""

from nba_assets.contracts.columns import GAME_DATE, QUALITY, float64, int64, string, timestamp
from nba_assets.contracts.model import SEASON, Check, Input, Role, Table

RESULTS = (
    *("game_date", "game_id", "season", "season_type", "game_status", "is_postponed", "is_neutral"),
    *("home_tricode", "away_tricode", "home_score", "away_score", "known_at", "superseded_at"),
)

TABLE = Table(
    dataset="nba_precompute",
    name="team_rating",
    description=(
        "How many points a team is better than the average and how many more are scored in its games, from the final "
        "scores of the year before its game of the day as known 30 minutes before the tip. Two ridge regressions, of "
        "margins and of totals, in which a game counts half after 100 and 30 days; with them what home is worth and "
        "what the league scores."
    ),
    key=("game_date", "team"),
    columns=(
        GAME_DATE,
        string("team", "Tricode of the team"),
        string("game_id", "The team's game of the day, whose decision time counts"),
        int64("season", "Start year of the season, from the schedule", low=1946),
        timestamp("decision_at", "Official decision time of that game: tip − 30 min"),
        float64("strength", "Points a game above the average team on neutral ground", unit="points"),
        float64("total_strength", "Points of both teams that its games have above the league's", unit="points"),
        float64("home_advantage", "What home is worth in the league", unit="points"),
        float64("league_total", "Points of both teams in a regular season game of average teams", unit="points"),
        int64("games_n", "Its results that were used", low=0),
        *QUALITY,
    ),
    inputs=(Input("nbac_schedule", Role.CRITICAL, SEASON),),
    checks=(Check("point_in_time", "known_at <= decision_at", "Nothing known after the decision time is used"),),
)
