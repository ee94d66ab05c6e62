"""Contract of `nba_precompute.team_defense_zone_analysis`."""

from nba_assets.contracts.columns import GAME_DATE, QUALITY, float64, int64, string, timestamp
from nba_assets.contracts.history_columns import TEAM_ROW
from nba_assets.contracts.model import TWO_SEASONS, Check, Input, Role, Table
from nba_assets.contracts.shot_zones import ZONE_COUNTS

ZONES = {
    "paint": "in the paint",
    "mid": "from mid-range",
    "three": "from three",
    "corner3": "from the corners, threes",
}

ALLOWED = ("opp_points", "opp_fga", "opp_fta", *(f"opp_{name}" for name in ZONE_COUNTS))
PAST = (*TEAM_ROW, "pace", "possessions", *ALLOWED)

TABLE = Table(
    dataset="nba_precompute",
    name="team_defense_zone_analysis",
    description=(
        "What a team's defence allowed in its last 15 games, by zone against the league, as known 30 minutes before "
        "its game of the day. Allowed percentages are shrunk to the league's before they are compared."
    ),
    key=("game_date", "team"),
    columns=(
        GAME_DATE,
        string("team", "Tricode of the team, which defends"),
        string("game_id", "The team's game of the day, whose decision time counts"),
        int64("season", "Start year of the season, from the schedule", low=1946),
        timestamp("decision_at", "Official decision time of that game: tip − 30 min"),
        *(float64(f"opp_{z}_fg_pct?", f"Allowed FGM/FGA {t}, not shrunk", low=0, high=1) for z, t in ZONES.items()),
        *(float64(f"opp_{z}_fga_pg?", f"Allowed attempts a game {t}", low=0, high=110) for z, t in ZONES.items()),
        *(float64(f"opp_{z}_share?", f"Share of allowed located shots {t}", low=0, high=1) for z, t in ZONES.items()),
        *(
            float64(
                f"{z}_diff_pp?",
                f"100·(shrunk allowed FG% − league FG%) {ZONES[z]}; k = {k} attempts",
                unit="percentage points",
                low=-15,
                high=15,
            )
            for z, k in (("paint", 150), ("mid", 150), ("three", 600))
        ),
        float64("def_rating_l15?", "100·Σ points allowed/Σ possessions, last 15 games", low=60, high=180),
        float64("pace_l15?", "Mean pace, last 15 games", unit="possessions per 48", low=75, high=125),
        float64("opp_points_pg?", "Points allowed a game", unit="points", low=50, high=200),
        float64("fta_rate_allowed?", "Σ FTA/Σ FGA of the opponents", low=0, high=1.5),
        string("strongest_zone?", "Zone with the lowest diff", values=("paint", "mid", "three")),
        string("weakest_zone?", "Zone with the highest diff", values=("paint", "mid", "three")),
        int64("games_n", "Games in the window", low=0, high=15),
        int64("games_without_zones", "Games of the window without valid zones", low=0, high=15),
        float64("league_pace?", "Mean pace of the league baseline", unit="possessions per 48", low=75, high=125),
        int64("league_games_n", "Regular season team games in the league baseline", low=0),
        string(
            "league_source?",
            "This season before D, or the last one while this has fewer than 50 team games",
            values=("season", "prior_season"),
        ),
        int64("season_zone_games", "Team games with valid zones of all teams this season before D", low=0),
        *QUALITY,
    ),
    inputs=(
        Input("nbac_schedule", Role.CRITICAL),
        Input("team_defense_game_summary", Role.HISTORY, TWO_SEASONS, columns=PAST),
    ),
    checks=(
        Check(
            "def_rating_of_a_full_window",
            "games_n < 15 OR def_rating_l15 BETWEEN 85 AND 140",
            "The defensive rating over 15 games is within 85 to 140",
        ),
        Check("point_in_time", "known_at <= decision_at", "Nothing known after the decision time is used"),
    ),
)
