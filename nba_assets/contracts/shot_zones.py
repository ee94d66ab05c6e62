"""The five disjoint shot zones, and their columns in the post-game tables."""

from nba_assets.contracts.columns import int64
from nba_assets.contracts.model import Column

ZONES = {
    "ra": "restricted area",
    "paint_non_ra": "paint outside the restricted area",
    "mid": "mid-range",
    "corner3": "corner three",
    "above_break3": "above the break three, with heaves",
}
"""Zone names and what they mean; located field goal attempts are their sum."""

ZONE_COUNTS = tuple(f"{zone}_{short}" for zone in ZONES for short in ("fga", "fgm"))
"""Columns of attempts and makes, zone by zone."""

PLAY_BY_PLAY_NAMES = {"bigdataball_play_by_play": "bigdataball", "nbac_play_by_play": "nbac"}
"""Tables that tell where a shot was taken, in order of preference, and their names in `zone_source`."""

PLAY_BY_PLAY_TABLES = tuple(PLAY_BY_PLAY_NAMES)

LEAST_COVERAGE = 0.95
"""Located attempts / box score attempts of a game from which its zones are valid."""


def zone_columns(prefix: str = "", whose: str = "his") -> tuple[Column, ...]:
    """Attempts and makes by zone, null together: `<prefix><zone>_fga`, `<prefix><zone>_fgm`."""
    counts = (("fga", "attempts"), ("fgm", "makes"))
    return tuple(
        int64(f"{prefix}{zone}_{short}?", f"{whose} {text} field goal {what}; null without zones", low=0)
        for zone, text in ZONES.items()
        for short, what in counts
    )
