"""Contract of `nba_raw.bettingpros_player_points_props`."""

from nba_assets.contracts.columns import GAME_DATE, RAW_COMMON, boolean, float64, int64, string, timestamp
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
    name="bettingpros_player_points_props",
    description=(
        "BettingPros' lines of players' points, one row per player, book and capture. The newest capture of an event "
        "and book speaks for all its players: who is absent is withdrawn, and so is a row that is not active. The "
        "capture time is in the key, so rows never close. Offers without their events get their games from a drop of "
        "events. `unverified_format`: no real file of offers or props was seen."
    ),
    key=("game_id", "player_key", "book", "captured_at"),
    versioning=Versioning.CAPTURES,
    paths=("bettingpros/player-props/points/", "bettingpros/events/"),
    kinds=("json",),
    inputs=TO_RESOLVE_BY_START,
    columns=(
        GAME_DATE,
        GAME_ID,
        PLAYER_KEY,
        string("book", "Canonical name of the sportsbook", public=True),
        timestamp("captured_at", "When the line stood", public=True),
        int64("bp_event_id", "BettingPros' id of the game"),
        int64("bp_player_id?", "BettingPros' id of the player; null in older files that lack it"),
        PLAYER_ID,
        PLAYER_NAME,
        PLAYER_LOOKUP,
        *line_columns(),
        float64("opening_line?", "The first line posted", unit="points", low=0),
        int64("opening_over_price?", "Price of the over at the opening, American"),
        int64("opening_under_price?", "Price of the under at the opening, American"),
        timestamp("opened_at?", "When the first line was posted"),
        boolean("is_active", "The line stands; false: withdrawn"),
        boolean("is_best", "The best line among the books"),
        RESOLUTION,
        *RAW_COMMON,
    ),
    checks=LINE_CHECKS,
    lag=Lag(Event.TIP, -1),
    fields={
        **FOUND,
        "game_date": "events[].scheduled, UTC without a zone, in New York",
        "book": "books[].id, by its canonical name",
        "captured_at": "the time in the drop's name",
        "bp_event_id": "event_id",
        "bp_player_id": "player_id",
        "player_name": "participants[].name",
        "line": "the main line of lines[].line",
        "over_price": "lines[].cost of the over, as American",
        "under_price": "lines[].cost of the under, as American",
        "over_decimal": "lines[].cost of the over, as decimal",
        "under_decimal": "lines[].cost of the under, as decimal",
        "line_count": "how many lines[].line the book has for him",
        "alternates": "the other lines",
        "is_dfs": "by the book",
        "is_in_play": "captured_at and the schedule's tip",
        "book_updated_at": "lines[].updated",
        "minutes_to_tip": "captured_at and the schedule's tip",
        "opening_line": "selections[].opening_line.line",
        "opening_over_price": "opening_line.cost of the over",
        "opening_under_price": "opening_line.cost of the under",
        "opened_at": "opening_line.created",
        "is_active": "lines[].active",
        "is_best": "lines[].best",
    },
    quirks=(
        "Offers name their event by number: the drop's events, or a drop of events, say which game that is.",
        "A participant's team is his team when fetched, not on the date: he is placed by the event and the registry.",
        "Book 0 is the consensus, not a book; one that is not known is book_<id>. Only market 156 (points) is read.",
        "Over and under may stand at different lines; active false is withdrawn. PHO, NOR and FA occur as codes.",
    ),
    refused=(
        "market: none of points",
        "event: one that no drop names",
        "range: a line outside 0.5 to 70",
        "implied_sum below 0.95",
        "unique: two standing prices of one side",
    ),
    unverified_formats=(
        "offers",
        "props, the older form",
    ),
)
