"""What raw contracts share: the stat block, the props block, resolution, and the inputs that place and resolve rows."""

from nba_assets.contracts.columns import boolean, float64, int64, json, string, timestamp
from nba_assets.contracts.model import Check, Column, Input, Role, Span

TO_PLACE = (Input("nbac_schedule", Role.OPTIONAL, Span(before=1, after=1)),)
"""The schedule finds each row's game: of its date or a day off. Its absence leaves rows unplaced, blocks nothing."""

TO_PLACE_BY_START = (Input("nbac_schedule", Role.OPTIONAL, Span(before=2, after=2)),)
"""The same for sources that give a start time. A row a day off is placed if its pair plays but once around its own
date: two days from the game's."""

REGISTRY = Input("player_identity", Role.OPTIONAL, Span(before=14, after=2))
"""The registry finds each name's player."""

TO_RESOLVE = (*TO_PLACE, REGISTRY)
TO_RESOLVE_BY_START = (*TO_PLACE_BY_START, REGISTRY)

REASON_CATEGORIES = (
    "injury",
    "coach_decision",
    "g_league",
    "rest",
    "personal",
    "suspension",
    "health_protocol",
    "not_with_team",
    "other",
)

GAME_ID = string("game_id", "League game id", references="nbac_schedule.game_id", public=True)
PLAYER_NAME = string("player_name", "Name as the source spells it")
PLAYER_LOOKUP = string("player_lookup", "Normalised name: letters a-z and digits, with its suffix")
PLAYER_KEY = string("player_key", "player_id, or unresolved:<tricode>:<lookup>#<n> while nobody is found")
PLAYER_ID = string("player_id?", "League person id; null while unresolved")
RESOLUTION = string(
    "resolution",
    "The step that found the player",
    values=("id", "exact", "no_suffix", "alias", "last_name_set", "unresolved"),
)
SIDES = (
    string("team_tricode", "Tricode of the team"),
    string("opponent_tricode", "Tricode of the opponent"),
    boolean("is_home", "Designated home side, also at a neutral site"),
)

FOUND = {
    "game_id": "found by date and teams",
    "player_key": "player_id, or the name while nobody is found",
    "player_id": "found by name, team and date",
    "player_lookup": "the name, normalised",
    "resolution": "the step that found him",
}
"""Where values of a source stand that has names and not the league's ids (see `Table.fields`)."""


def shooting_columns(whose: str, *, nullable: bool, points_high: int) -> tuple[Column, ...]:
    """Counts of a box score line, null together; `plus_minus` may be null by itself."""
    counts = (
        ("fgm", "field goals made, threes included"),
        ("fga", "field goal attempts, threes included"),
        ("fg3m", "three-pointers made"),
        ("fg3a", "three-point attempts"),
        ("ftm", "free throws made"),
        ("fta", "free throw attempts"),
        ("oreb", "offensive rebounds"),
        ("dreb", "defensive rebounds"),
        ("reb", "rebounds"),
        ("ast", "assists"),
        ("stl", "steals"),
        ("blk", "blocks"),
        ("tov", "turnovers"),
        ("pf", "personal fouls"),
    )
    return (
        *(int64(name, f"{whose} {text}", nullable=nullable, low=0) for name, text in counts),
        int64("pts", f"{whose} points", nullable=nullable, unit="points", low=0, high=points_high),
        int64("plus_minus?", "Score difference while on the floor; null if the source has none", unit="points"),
    )


def stat_block(*, nullable: bool) -> tuple[Column, ...]:
    """A player's box score line with his time; `nullable`: null for a man who did not play."""
    return (
        *shooting_columns("His", nullable=nullable, points_high=100),
        int64("seconds_played", "Time on the floor", nullable=nullable, unit="seconds", low=0, high=4680),
        string(
            "minutes_precision",
            "minute if the times of all the game's players are whole minutes, else second",
            nullable=nullable,
            values=("minute", "second"),
        ),
    )


def stat_fields(theirs: str) -> dict[str, str]:
    """A source's names of a stat line by ours (see `Table.fields`), in the order of the columns.

    `theirs`: fifteen counts, the score difference, and the time where the table has it.
    """
    names = [column.name for column in stat_block(nullable=True)]
    given = [name.replace("|", ", ") for name in theirs.split()]
    fields = dict(zip(names, given, strict=False))
    return fields | ({"minutes_precision": "whether all times are whole minutes"} if "seconds_played" in fields else {})


BOX_CHECKS = (
    Check("points_identity", "pts IS NULL OR pts = 2 * fgm + fg3m + ftm", "B1: points are what the made shots give"),
    Check(
        "makes_within_attempts",
        "pts IS NULL OR (fgm <= fga AND fg3m <= fg3a AND ftm <= fta AND fg3a <= fga AND fg3m <= fgm)",
        "B2: no more makes than attempts, no more threes than field goals",
    ),
    Check("rebounds", "pts IS NULL OR reb = oreb + dreb", "B2: rebounds are offensive plus defensive"),
)


def line_columns() -> tuple[Column, ...]:
    """A posted line of points: its prices, alternates and where it stands to the tip."""
    return (
        float64(
            "line",
            "The book's main line: two-sided, nearest even without the margin",
            unit="points",
            low=0,
            public=True,
        ),
        int64("over_price?", "Price of the over, American; null if only the under is posted", public=True),
        int64("under_price?", "Price of the under, American; null if only the over is posted", public=True),
        float64("over_decimal?", "Price of the over, decimal", low=1),
        float64("under_decimal?", "Price of the under, decimal", low=1),
        int64("line_count", "Lines the book posts for him in this capture", low=1),
        json("alternates?", "The other lines: list of line, over_price, under_price; null if there is one line"),
        boolean("is_dfs", "A fantasy operator: one price for both sides, no market price"),
        boolean("is_in_play", "Captured at or after the tip: never used as a line", nullable=True),
        timestamp("book_updated_at?", "When the book last changed the market"),
        float64("minutes_to_tip?", "From the capture to the tip; null if the tip is not set", unit="minutes"),
    )


LINE_CHECKS = (
    Check("line_range", "line BETWEEN 0.5 AND 70", "A line of points is between 0.5 and 70"),
    Check(
        "implied_sum",
        "over_decimal IS NULL OR under_decimal IS NULL OR 1 / over_decimal + 1 / under_decimal BETWEEN 1.0 AND 1.25",
        "The two sides' implied probabilities sum to 1.00 to 1.25",
    ),
)
