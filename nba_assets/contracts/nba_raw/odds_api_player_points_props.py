"""Contract of `nba_raw.odds_api_player_points_props`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, string, timestamp
from nba_assets.contracts.model import Event, Lag, Table, Versioning
from nba_assets.contracts.raw_columns import (
    FOUND,
    GAME_ID,
    LINE_CHECKS,
    PLAYER_ID,
    PLAYER_KEY,
    PLAYER_LOOKUP,
    PLAYER_NAME,
    RESOLUTION,
    TO_RESOLVE_BY_START,
    line_columns,
)

TABLE = Table(
    dataset="nba_raw",
    name="odds_api_player_points_props",
    description=(
        "The Odds API's lines of players' points, one row per player, book and capture. The newest capture of an event "
        "and book speaks for all its players: who is absent is withdrawn. The capture time is in the key, so rows "
        "never close. Lines of a user's own history (`import-lines`, drops below `imported/lines/`) are rows of books "
        "named `imported:<book>`."
    ),
    key=("game_id", "player_key", "book", "captured_at"),
    versioning=Versioning.CAPTURES,
    paths=("odds-api/player-props/", "odds-api/player-props-history/", "imported/lines/"),
    kinds=("json",),
    inputs=TO_RESOLVE_BY_START,
    columns=(
        GAME_DATE,
        GAME_ID,
        PLAYER_KEY,
        string("book", "Canonical name of the sportsbook; `imported:` before it in a user's own lines", public=True),
        timestamp("captured_at", "When the line stood: the snapshot's time, or the capture's", public=True),
        string("event_id", "The Odds API's id of the game"),
        PLAYER_ID,
        PLAYER_NAME,
        PLAYER_LOOKUP,
        *line_columns(),
        RESOLUTION,
        *RAW_COMMON,
    ),
    checks=LINE_CHECKS,
    lag=Lag(Event.TIP, -1),
    fields={
        **FOUND,
        "game_date": "commence_time, in New York",
        "book": "bookmakers[].key, by its canonical name",
        "captured_at": "timestamp of the envelope, else the time in the drop's name",
        "event_id": "id",
        "player_name": "outcomes[].description",
        "line": "the main line of outcomes[].point",
        "over_price": "outcomes[].price of the over, as American",
        "under_price": "outcomes[].price of the under, as American",
        "over_decimal": "outcomes[].price of the over, as decimal",
        "under_decimal": "outcomes[].price of the under, as decimal",
        "line_count": "how many outcomes[].point the book has for him",
        "alternates": "the other lines",
        "is_dfs": "by the book",
        "is_in_play": "captured_at and the schedule's tip",
        "book_updated_at": "markets[].last_update",
        "minutes_to_tip": "captured_at and the schedule's tip",
    },
    quirks=(
        (
            "Live answers are an event, historical ones an envelope around it; prices are decimal or American, "
            "told apart by size."
        ),
        "A snapshot may be taken in play: it is kept and flagged, and never used as a line.",
        "commence_time is UTC and minutes off the league's tip: games are found by date and teams.",
        (
            "A book has several lines for one player: over and under are paired by player and point. One side "
            "missing: its price is null."
        ),
        "A player who is absent from the newest capture of the event and book is withdrawn.",
        "Fantasy operators have one price for both sides: no market price.",
        "No real file of this market was at hand: envelope and prices are those of game lines of the same API.",
    ),
    refused=(
        "content: another sport, no market player_points",
        "teams: not two of the thirty",
        "range: a line outside 0.5 to 70",
        "implied_sum below 0.95",
        "unique: one side of one line with two prices",
    ),
)
