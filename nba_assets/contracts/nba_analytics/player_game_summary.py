"""Contract of `nba_analytics.player_game_summary`."""

from nba_assets.contracts.columns import (
    GAME_DATE,
    QUALITY,
    SUPERSEDED_AT,
    boolean,
    float64,
    int64,
    string,
    timestamp,
)
from nba_assets.contracts.model import Check, Input, Role, Span, Table, Versioning
from nba_assets.contracts.raw_columns import REASON_CATEGORIES
from nba_assets.contracts.shot_zones import PLAY_BY_PLAY_NAMES, zone_columns

EVENTS = ("game_date", "game_id", "order_number", "period", "elapsed_seconds", "team_tricode", "player_id", "sub_type")
"""Columns of both play-by-plays that are read: the events' order and who acts, ..."""
SHOTS = ("is_made", "shot_value", "shot_x_ft", "shot_y_ft", "shot_distance_ft")
"""... their shots, ..."""
VERSIONS = ("known_at", "superseded_at")
"""... and when they were known."""

TABLE = Table(
    dataset="nba_analytics",
    name="player_game_summary",
    description=(
        "What each player did in a final game: one row per player of the gamebook, also those who did not play, or of "
        "BallDontLie where there is no gamebook. A game appears once its schedule row is final, its box sources are "
        "there (one alone after two hours) and the players' points add up to the score. Keeps its versions: a stat "
        "correction adds one."
    ),
    key=("game_id", "player_id"),
    versioning=Versioning.CLOSED,
    columns=(
        string("game_id", "League game id", references="nbac_schedule.game_id", public=True),
        string("player_id", "League person id", public=True),
        GAME_DATE,
        int64("season", "Start year of the season", low=1946, source=("nbac_schedule.season",)),
        string(
            "season_phase",
            "Regular season and Cup final by the team's game number (early ≤ 20, mid ≤ 60, late), else the game type",
            values=("preseason", "early", "mid", "late", "play_in", "playoffs"),
        ),
        string("team", "Tricode of the team he belonged to in this game, from the box score", public=True),
        string("opponent", "Tricode of the opponent", public=True),
        boolean("is_home", "Designated home side, also at a neutral site", public=True),
        boolean("is_neutral", "Played at a neutral site", source=("nbac_schedule.is_neutral",)),
        string("player_name", "Name in the box score used", public=True),
        string(
            "status",
            "played: time on the floor or any non-zero stat; inactive: on the inactive list; else dnp",
            values=("played", "dnp", "inactive"),
            public=True,
        ),
        string("dnp_reason?", "Why he did not play, as printed", source=("nbac_gamebook_player_stats.reason",)),
        string(
            "dnp_category?",
            "Class of that reason",
            values=REASON_CATEGORIES,
            source=("nbac_gamebook_player_stats.reason_category",),
        ),
        boolean(
            "is_starter?",
            "Among the starters of the team box score, else by the gamebook; null if neither says",
            source=("nbac_team_boxscore.starter_ids", "nbac_gamebook_player_stats.is_starter"),
        ),
        float64("minutes?", "Seconds played / 60; null unless played", unit="minutes", low=0, high=78, public=True),
        string("minutes_precision?", "Unit the source gives minutes in", values=("second", "minute")),
        float64(
            "minutes_q4?",
            "Time on the floor in the fourth quarter, without overtime, from line-ups; null unless he played and his "
            "team's five are certain throughout it",
            unit="minutes",
            low=0,
            high=12,
            source=("bigdataball_play_by_play.away_on_court", "nbac_play_by_play.action_type"),
        ),
        int64("points?", "Points; null unless played", unit="points", low=0, high=100, public=True),
        int64("fgm?", "Field goals made, threes included", low=0, high=50),
        int64("fga?", "Field goal attempts, threes included", low=0, high=70),
        int64("fg3m?", "Three-pointers made", low=0, high=30),
        int64("fg3a?", "Three-point attempts", low=0, high=40),
        int64("ftm?", "Free throws made", low=0, high=40),
        int64("fta?", "Free throw attempts", low=0, high=50),
        int64("oreb?", "Offensive rebounds", low=0, high=30),
        int64("dreb?", "Defensive rebounds", low=0, high=40),
        int64("reb?", "Rebounds", low=0, high=60),
        int64("ast?", "Assists", low=0, high=40),
        int64("stl?", "Steals", low=0, high=20),
        int64("blk?", "Blocks", low=0, high=20),
        int64("tov?", "Turnovers", low=0, high=20),
        int64("pf?", "Personal fouls", low=0, high=10),
        int64("plus_minus?", "Score difference while on the floor; null if the source has none", unit="points"),
        *zone_columns(),
        int64("assisted_fgm?", "Made field goals with an assist; null without play-by-play", low=0),
        int64("unassisted_fgm?", "Made field goals without an assist; null without play-by-play", low=0),
        int64("and1?", "Makes with a foul and its one free throw; null without play-by-play", low=0),
        int64("shots_imputed?", "Shots without a place, counted as restricted area; null without play-by-play", low=0),
        int64("blk_paint?", "His blocks of shots in the paint; null without zones", low=0),
        int64("blk_mid?", "His blocks of mid-range shots; null without zones", low=0),
        int64("blk_three?", "His blocks of threes; null without zones", low=0),
        float64(
            "usage_rate?",
            "Share of the team's plays he used while on the floor (team totals of this table); null at 0 minutes",
            unit="per 100",
            low=0,
            high=100,
            public=True,
        ),
        float64("ts_pct?", "PTS / (2·(FGA + 0.44·FTA)); null without attempts", low=0, high=1.5),
        float64("efg_pct?", "(FGM + 0.5·3PM) / FGA; null without attempts", low=0, high=1.5),
        float64("ast_pct?", "Share of team mates' field goals he assisted while on the floor", low=0, high=1),
        float64("tov_pct?", "TOV / (FGA + 0.44·FTA + TOV)", low=0, high=1),
        float64("oreb_pct?", "Share of available offensive rebounds while on the floor", low=0, high=1),
        float64("dreb_pct?", "Share of available defensive rebounds while on the floor", low=0, high=1),
        boolean("won", "His team won", public=True),
        int64("team_points", "Final score of his team", unit="points", low=40, high=250, public=True),
        int64("opponent_points", "Final score of the opponent", unit="points", low=40, high=250, public=True),
        int64("ot_periods", "Overtime periods", low=0, high=8, public=True),
        float64(
            "closing_line?",
            "Consensus of each book's last capture before tip",
            unit="points",
            low=0,
            source=("odds_api_player_points_props.line", "bettingpros_player_points_props.line"),
            public=True,
        ),
        float64("opening_line?", "Consensus of each book's first capture before tip", unit="points", low=0),
        string("line_source?", "Sources of the closing line", values=("odds_api", "bettingpros", "both")),
        timestamp("line_captured_at?", "Newest capture used for the closing line"),
        float64("minutes_to_tip?", "From that capture to tip; always positive", unit="minutes", low=0),
        float64("line_margin?", "points − closing_line; null unless played", unit="points"),
        string(
            "line_result?",
            "points against the closing line; null unless played",
            values=("over", "under", "push"),
            public=True,
        ),
        string("box_source", "Box score the row comes from", values=("gamebook", "bdl")),
        boolean("source_conflict", "Gamebook and BallDontLie disagree about this player; the gamebook's row is kept"),
        boolean(
            "play_by_play_conflict?",
            "A play-by-play of the game tells other points than the score: it is not used; null where there is none",
        ),
        string(
            "zone_source?",
            "Play-by-play of the game that zones, assists, and-ones and blocks by zone come from; null without one",
            values=tuple(PLAY_BY_PLAY_NAMES.values()),
        ),
        float64(
            "zone_coverage?",
            "Located field goal attempts / box score attempts of the game; zones are known from 0.95",
            low=0,
            high=1.1,
        ),
        *QUALITY,
        SUPERSEDED_AT,
    ),
    inputs=(
        Input("nbac_schedule", Role.CRITICAL, Span(before=300)),
        Input("nbac_gamebook_player_stats", Role.CRITICAL, any_of="box_score"),
        Input("bdl_player_boxscores", Role.CRITICAL, any_of="box_score"),
        Input("nbac_player_boxscores", Role.OPTIONAL),
        Input("nbac_team_boxscore", Role.OPTIONAL),
        Input("odds_api_player_points_props", Role.OPTIONAL),
        Input("bettingpros_player_points_props", Role.OPTIONAL),
        Input(
            "bigdataball_play_by_play",
            Role.OPTIONAL,
            columns=(
                *EVENTS,
                *("event_type", "assist_name", "block_id", "pts", "away_on_court", "home_on_court"),
                *SHOTS,
                *VERSIONS,
            ),
        ),
        Input(
            "nbac_play_by_play",
            Role.OPTIONAL,
            columns=(
                *EVENTS,
                *("action_type", "descriptor", "qualifiers", "assist_player_id", "block_player_id", "shot_zone"),
                *SHOTS,
                *VERSIONS,
            ),
        ),
    ),
    checks=(
        Check(
            "points_identity",
            "points IS NULL OR points = 2 * fgm + fg3m + ftm",
            "Points are what the made shots are worth",
        ),
        Check(
            "makes_within_attempts",
            "points IS NULL OR (fgm <= fga AND fg3m <= fg3a AND ftm <= fta AND fg3a <= fga AND fg3m <= fgm)",
            "No more makes than attempts, no more threes than field goals",
        ),
        Check("rebounds", "points IS NULL OR reb = oreb + dreb", "Rebounds are offensive plus defensive"),
        Check(
            "zones_within_makes",
            "ra_fga IS NULL OR (ra_fgm <= ra_fga AND paint_non_ra_fgm <= paint_non_ra_fga AND mid_fgm <= mid_fga AND "
            "corner3_fgm <= corner3_fga AND above_break3_fgm <= above_break3_fga)",
            "No more makes than attempts in any zone",
        ),
        Check("fourth_quarter", "minutes_q4 IS NULL OR minutes_q4 <= minutes + 1", "No longer than the whole game"),
        Check("played_has_stats", "(status = 'played') = (points IS NOT NULL)", "Stats exactly for those who played"),
        Check("line_before_tip", "minutes_to_tip IS NULL OR minutes_to_tip > 0", "No line from in play"),
        Check("winner", "won = (team_points > opponent_points)", "The team with more points won"),
    ),
)
