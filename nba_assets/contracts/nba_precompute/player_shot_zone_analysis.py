"""Contract of `nba_precompute.player_shot_zone_analysis`."""

from nba_assets.contracts.columns import GAME_DATE, QUALITY, float64, int64, string, timestamp
from nba_assets.contracts.history_columns import PLAYER_ROW, ROSTER
from nba_assets.contracts.model import SEASON, Check, Column, Input, Role, Span, Table
from nba_assets.contracts.shot_zones import ZONE_COUNTS

ZONES = {
    "ra": "in the restricted area",
    "paint": "in the paint, restricted area included",
    "mid": "from mid-range",
    "corner3": "from the corners, threes",
    "three": "from three, corners included",
}


def _window(n: int) -> tuple[Column, ...]:
    last = f"last {n} played games with valid zones"
    return (
        *(
            float64(f"{z}_share_l{n}?", f"Share of his located shots {t}, {last}; from 10 attempts", low=0, high=1)
            for z, t in ZONES.items()
        ),
        *(float64(f"{z}_fg_pct_l{n}?", f"FGM/FGA {t}, {last}", low=0, high=1) for z, t in ZONES.items()),
        *(float64(f"{z}_fga_pg_l{n}?", f"Attempts a game {t}, {last}", low=0, high=40) for z, t in ZONES.items()),
        float64(f"assisted_share_l{n}?", f"Assisted FGM/FGM of games with known assists, {last}", low=0, high=1),
        int64(f"fga_n_l{n}", f"Located attempts, {last}", low=0),
        int64(f"games_n_l{n}", f"Games with valid zones among the last {n} played", low=0, high=n),
        int64(f"games_without_zones_l{n}", f"Games without valid zones among the last {n} played", low=0, high=n),
    )


PAST = (*PLAYER_ROW, *ZONE_COUNTS, "assisted_fgm", "unassisted_fgm")

TABLE = Table(
    dataset="nba_precompute",
    name="player_shot_zone_analysis",
    description=(
        "Where a player shoots and how well, as known 30 minutes before his team's game of the day. Shares are null "
        "where no play-by-play located his shots."
    ),
    key=("game_date", "player_id"),
    columns=(
        GAME_DATE,
        string("player_id", "League person id"),
        string("game_id", "The team's game of the day, whose decision time counts"),
        string("team", "Tricode of the team he plays for on the date"),
        int64("season", "Start year of the season, from the schedule", low=1946),
        timestamp("decision_at", "Official decision time of that game: tip − 30 min"),
        *_window(10),
        *_window(20),
        string(
            "primary_zone?",
            "Of the last 10: paint if its share ≥ 0.40, else three ≥ 0.40, else mid ≥ 0.35, else balanced",
            values=("paint", "three", "mid", "balanced"),
        ),
        int64("season_zone_games", "Player-games with valid zones of all teams this season before D", low=0),
        *QUALITY,
    ),
    inputs=(
        Input("nbac_schedule", Role.CRITICAL),
        Input("nbac_player_list", Role.OPTIONAL, Span(before=14), columns=ROSTER),
        Input("player_game_summary", Role.HISTORY, SEASON, columns=PAST),
    ),
    checks=(
        Check("point_in_time", "known_at <= decision_at", "Nothing known after the decision time is used"),
        Check(
            "shares_add_up",
            "paint_share_l10 IS NULL OR ABS(paint_share_l10 + mid_share_l10 + three_share_l10 - 1) < 1e-9",
            "Paint, mid-range and three cover all located shots",
        ),
    ),
)
