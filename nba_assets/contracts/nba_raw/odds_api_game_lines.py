"""Contract of `nba_raw.odds_api_game_lines`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, boolean, float64, int64, string, timestamp
from nba_assets.contracts.model import Check, Event, Lag, Table, Versioning
from nba_assets.contracts.raw_columns import GAME_ID, TO_PLACE_BY_START

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
    inputs=TO_PLACE_BY_START,
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
    lag=Lag(Event.TIP, -1),
    fields={
        "game_date": "commence_time, in New York",
        "game_id": "found by date and teams",
        "book": "bookmakers[].key, by its canonical name",
        "captured_at": "timestamp of the envelope, else the time in the drop's name",
        "event_id": "id",
        "home_spread": "market spreads: the home side's point",
        "total": "market totals: point",
        "home_spread_price": "market spreads: price, as American",
        "away_spread_price": "market spreads: price, as American",
        "over_price": "market totals: price, as American",
        "under_price": "market totals: price, as American",
        "home_ml_price": "market h2h: price, as American",
        "away_ml_price": "market h2h: price, as American",
        "is_in_play": "captured_at and the schedule's tip",
        "book_updated_at": "last_update",
        "minutes_to_tip": "captured_at and the schedule's tip",
    },
    quirks=(
        "One event, a list of events, or the historical envelope around either.",
        "Outcomes are named by the team's full name, in no order of home and away; point is that team's spread.",
        "Drops may hold parts of one key (moneylines here, spreads there): columns are merged, null never overwrites.",
    ),
    refused=(
        "line: the home point is the away point's opposite, the over's is the under's",
        "teams: an outcome of neither team",
        "unique: one side with two values",
    ),
)
