"""Contract of `nba_raw.odds_api_game_lines`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, boolean, float64, int64, string, timestamp
from nba_assets.contracts.model import Check, Table, Versioning
from nba_assets.contracts.raw_columns import GAME_ID, TO_PLACE

TABLE = Table(
    dataset="nba_raw",
    name="odds_api_game_lines",
    description=(
        "The Odds API's spreads, totals and moneylines, one row per game, book and capture. Drops may hold parts of "
        "one key: columns are merged, null never overwrites. The capture time is in the key, so rows never close."
    ),
    key=("game_id", "book", "captured_at"),
    versioning=Versioning.CAPTURES,
    paths=("odds-api/game-lines/", "odds-api/game-lines-history/"),
    kinds=("json",),
    inputs=TO_PLACE,
    columns=(
        GAME_DATE,
        GAME_ID,
        string("book", "Canonical name of the sportsbook"),
        timestamp("captured_at", "When the lines stood: the snapshot's time, or the capture's"),
        string("event_id", "The Odds API's id of the game"),
        float64("home_spread?", "Handicap of the home side; negative: favourite", unit="points"),
        float64("total?", "Line of both sides' points", unit="points", low=0),
        int64("home_spread_price?", "Price of the home side with the handicap, American"),
        int64("away_spread_price?", "Price of the away side with the handicap, American"),
        int64("over_price?", "Price of the over, American"),
        int64("under_price?", "Price of the under, American"),
        int64("home_ml_price?", "Price of the home side to win, American"),
        int64("away_ml_price?", "Price of the away side to win, American"),
        boolean("is_in_play", "Captured at or after the tip: never used as a line", nullable=True),
        timestamp("book_updated_at?", "When the book last changed the markets"),
        float64("minutes_to_tip?", "From the capture to the tip; null if the tip is not set", unit="minutes"),
        *RAW_COMMON,
    ),
    checks=(
        Check("spread_range", "is_in_play OR home_spread IS NULL OR ABS(home_spread) <= 30", "A spread is within 30"),
        Check("total_range", "is_in_play OR total IS NULL OR total BETWEEN 180 AND 280", "A total is from 180 to 280"),
    ),
)
