"""Contract of `nba_analytics.team_defense_game_summary`."""

from nba_assets.contracts.columns import GAME_DATE, QUALITY, SUPERSEDED_AT, boolean, float64, int64, string
from nba_assets.contracts.model import Check, Input, Role, Table, Versioning
from nba_assets.contracts.shot_zones import zone_columns

TABLE = Table(
    dataset="nba_analytics",
    name="team_defense_game_summary",
    description=(
        "What a team allowed in a final game: the opponent's totals and efficiency, and its own steals, blocks, "
        "defensive rebounds and fouls. The exact mirror of the opponent's offence. Keeps its versions."
    ),
    key=("game_id", "team"),
    versioning=Versioning.CLOSED,
    per_game=2,
    columns=(
        string("game_id", "League game id", references="nbac_schedule.game_id", public=True),
        string("team", "Tricode of the team that defends", public=True),
        GAME_DATE,
        string("opponent", "Tricode of the team with the ball", public=True),
        int64("season", "Start year of the season", low=1946),
        string(
            "season_phase",
            "Regular season and Cup final by the team's game number (early ≤ 20, mid ≤ 60, late), else the game type",
            values=("preseason", "early", "mid", "late", "play_in", "playoffs"),
        ),
        boolean("is_home", "Designated home side, also at a neutral site", public=True),
        boolean("is_neutral", "Played at a neutral site"),
        boolean("won", "The team won", public=True),
        int64("opp_points", "Points allowed", unit="points", low=40, high=250, public=True),
        int64("opp_fgm", "Field goals allowed", low=0, high=100),
        int64("opp_fga", "Opponent's field goal attempts", low=0, high=170),
        int64("opp_fg3m", "Three-pointers allowed", low=0, high=60),
        int64("opp_fg3a", "Opponent's three-point attempts", low=0, high=100),
        int64("opp_ftm", "Free throws allowed", low=0, high=100),
        int64("opp_fta", "Opponent's free throw attempts", low=0, high=120),
        int64("opp_oreb", "Opponent's offensive rebounds", low=0, high=60),
        int64("opp_dreb", "Opponent's defensive rebounds", low=0, high=90),
        int64("opp_ast", "Opponent's assists", low=0, high=80),
        int64("opp_tov", "Opponent's turnovers (players')", low=0, high=60),
        int64("opp_team_turnovers", "Opponent's own team turnovers; 0 if not known", low=0, high=7),
        *zone_columns("opp_", "the opponent's"),
        int64("opp_points_in_paint?", "Points allowed in the paint; null without zones", unit="points", low=0),
        float64("opp_ts_pct?", "Opponent's true shooting", low=0, high=1.5),
        float64("opp_efg_pct?", "Opponent's effective field goal share", low=0, high=1.5),
        float64("opp_tov_pct?", "Opponent's TOV / (FGA + 0.44·FTA + TOV)", low=0, high=1),
        float64("opp_oreb_pct?", "Opponent's OREB / (OREB + the team's DREB)", low=0, high=1),
        float64("opp_ft_rate?", "Opponent's FTM/FGA", low=0, high=2),
        float64("opp_fta_rate?", "Opponent's FTA/FGA", low=0, high=2),
        int64("stl", "The team's steals", low=0, high=40),
        int64("blk", "The team's blocks", low=0, high=40),
        int64("dreb", "The team's defensive rebounds", low=0, high=90),
        int64("pf", "The team's personal fouls", low=0, high=80),
        int64("blk_paint?", "The team's blocks in the paint; null without zones", low=0),
        int64("blk_mid?", "The team's blocks of mid-range shots; null without zones", low=0),
        int64("blk_three?", "The team's blocks of threes; null without zones", low=0),
        int64("ot_periods", "Overtime periods", low=0, high=8),
        float64("possessions", "Two-team estimate, equal for both teams", unit="possessions", low=70, high=160),
        float64("pace", "48·possessions/(TmMin/5)", unit="possessions per 48", low=75, high=125, public=True),
        float64("def_rating", "100·points allowed/possessions", unit="per 100", low=60, high=180, public=True),
        *QUALITY,
        SUPERSEDED_AT,
    ),
    inputs=(
        Input("player_game_summary", Role.CRITICAL),
        Input("nbac_team_boxscore", Role.OPTIONAL),
    ),
    checks=(
        Check("not_itself", "team != opponent", "A team does not play itself"),
        Check("points_identity", "opp_points = 2 * opp_fgm + opp_fg3m + opp_ftm", "Points are made shots"),
    ),
)
