"""Contract of `nba_analytics.team_offense_game_summary`."""

from nba_assets.contracts.columns import GAME_DATE, QUALITY, SUPERSEDED_AT, boolean, float64, int64, string
from nba_assets.contracts.model import Check, Input, Role, Span, Table, Versioning
from nba_assets.contracts.shot_zones import zone_columns

EVENTS = ("game_date", "game_id", "order_number", "period", "elapsed_seconds", "team_tricode")
"""Columns of both play-by-plays that are read: what each team's events are, ..."""
VERSIONS = ("known_at", "superseded_at")
"""... and when they were known."""

TABLE = Table(
    dataset="nba_analytics",
    name="team_offense_game_summary",
    description=(
        "A team's final game with the ball: box score totals from its players, possessions, pace, ratings and the "
        "four factors. Possessions are the two-team estimate, one number for both teams. Keeps its versions."
    ),
    key=("game_id", "team"),
    versioning=Versioning.CLOSED,
    per_game=2,
    columns=(
        string("game_id", "League game id", references="nbac_schedule.game_id", public=True),
        string("team", "Tricode of the team", public=True),
        GAME_DATE,
        string("opponent", "Tricode of the opponent", public=True),
        int64("season", "Start year of the season", low=1946),
        string(
            "season_phase",
            "Regular season and Cup final by the team's game number (early ≤ 20, mid ≤ 60, late), else the game type",
            values=("preseason", "early", "mid", "late", "play_in", "playoffs"),
        ),
        boolean("is_home", "Designated home side, also at a neutral site", public=True),
        boolean("is_neutral", "Played at a neutral site"),
        boolean("won", "The team won", public=True),
        int64("points", "Points of the team's players", unit="points", low=40, high=250, public=True),
        int64("margin", "Points − opponent's points", unit="points", low=-150, high=150, public=True),
        int64("fgm", "Field goals made", low=0, high=100),
        int64("fga", "Field goal attempts", low=0, high=170),
        int64("fg3m", "Three-pointers made", low=0, high=60),
        int64("fg3a", "Three-point attempts", low=0, high=100),
        int64("ftm", "Free throws made", low=0, high=100),
        int64("fta", "Free throw attempts", low=0, high=120),
        int64("oreb", "Offensive rebounds of players", low=0, high=60),
        int64("dreb", "Defensive rebounds of players", low=0, high=90),
        int64("ast", "Assists", low=0, high=80),
        int64("stl", "Steals", low=0, high=40),
        int64("blk", "Blocks", low=0, high=40),
        int64("tov", "Turnovers of players", low=0, high=60),
        int64("pf", "Personal fouls", low=0, high=80),
        int64(
            "team_turnovers",
            "The team's own turnovers (shot clock, 5 seconds): team log − players' sum; 0 if not known",
            low=0,
            high=7,
            source=("nbac_team_boxscore.tov",),
        ),
        boolean("team_turnovers_known", "The team's log includes them; else possessions are a little low"),
        int64("ot_periods", "Overtime periods", low=0, high=8),
        int64("minutes", "TmMin: 240 + 25 an overtime", unit="player minutes", low=240, high=440),
        *zone_columns(whose="the team's"),
        int64("points_in_paint?", "Twice the makes in the paint; null without zones", unit="points", low=0),
        int64(
            "second_chance_points?",
            "Points of makes and free throws that NBA.com's play-by-play qualifies as 2ndchance; null without it",
            unit="points",
            low=0,
            source=("nbac_play_by_play.qualifiers",),
        ),
        int64(
            "fast_break_points?",
            "Points of makes and free throws that NBA.com's play-by-play qualifies as fastbreak; null without it",
            unit="points",
            low=0,
            source=("nbac_play_by_play.qualifiers",),
        ),
        int64("players_used", "Players who played", low=5, high=15),
        int64(
            "starters_missing?",
            "Players of the game's list who started at least 5 of the team's last 10 games and did not play; null "
            "where no starters are known",
            low=0,
            high=15,
        ),
        float64("possessions", "Two-team estimate, equal for both teams", unit="possessions", low=70, high=160),
        float64(
            "possessions_pbp?",
            "Changes of possession counted in play-by-play, mean of both teams; for audit only",
            unit="possessions",
            low=70,
            high=160,
        ),
        float64("pace", "48·possessions/(TmMin/5)", unit="possessions per 48", low=75, high=125, public=True),
        float64("off_rating", "100·points/possessions", unit="per 100", low=60, high=180, public=True),
        float64("def_rating", "100·opponent's points/possessions", unit="per 100", low=60, high=180, public=True),
        float64("net_rating", "100·margin/possessions", unit="per 100", low=-100, high=100, public=True),
        float64("ts_pct?", "PTS / (2·(FGA + 0.44·FTA))", low=0, high=1.5),
        float64("efg_pct?", "(FGM + 0.5·3PM) / FGA", low=0, high=1.5),
        float64("tov_pct?", "Players' TOV / (FGA + 0.44·FTA + TOV)", low=0, high=1),
        float64("oreb_pct?", "OREB / (OREB + opponent's DREB)", low=0, high=1),
        float64("dreb_pct?", "DREB / (DREB + opponent's OREB)", low=0, high=1),
        float64("ft_rate?", "FTM/FGA", low=0, high=2),
        float64("fta_rate?", "FTA/FGA", low=0, high=2),
        boolean(
            "totals_match_boxscore?",
            "Players' sums equal the team box score in shots, rebounds, assists, steals, blocks and fouls; null "
            "without it",
        ),
        *QUALITY,
        SUPERSEDED_AT,
    ),
    inputs=(
        Input("player_game_summary", Role.CRITICAL, Span(before=60)),
        Input("nbac_team_boxscore", Role.OPTIONAL),
        Input(
            "bigdataball_play_by_play",
            Role.OPTIONAL,
            columns=(*EVENTS, "event_type", "sub_type", "pts", *VERSIONS),
        ),
        Input(
            "nbac_play_by_play",
            Role.OPTIONAL,
            columns=(*EVENTS, "action_type", "descriptor", "qualifiers", "is_made", "shot_value", *VERSIONS),
        ),
    ),
    checks=(
        Check("not_itself", "team != opponent", "A team does not play itself"),
        Check("points_identity", "points = 2 * fgm + fg3m + ftm", "Points are what the made shots are worth"),
        Check("minutes_of_game", "minutes = 240 + 25 * ot_periods", "Five men for the length of the game"),
        Check("winner", "won = (margin > 0)", "The team with more points won"),
        Check(
            "possessions_counted",
            "possessions_pbp IS NULL OR NOT team_turnovers_known OR ABS(possessions_pbp - possessions) <= 4",
            "Possessions counted in play-by-play are within 4 of the estimate, where it has the team turnovers",
        ),
        Check(
            "zones_within_attempts",
            "ra_fga IS NULL OR ra_fga + paint_non_ra_fga + mid_fga + corner3_fga + above_break3_fga <= 1.1 * fga",
            "Located attempts are not many more than the box score's",
        ),
    ),
)
