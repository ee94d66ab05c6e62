"""Phase 2: from the bytes of a drop to typed, validated rows with their games and players. One module per source."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace

from nba_assets.sources.parsed import Outcome, Parsed, Reject
from nba_assets.sources.payload import PayloadError

PARSERS = (
    "nbac_schedule",
    "nbac_player_list",
    "nbac_gamebook_player_stats",
    "nbac_player_boxscores",
    "nbac_team_boxscore",
    "bdl_player_boxscores",
    "odds_api_player_points_props",
)
"""Sources that have a parser, each `sources.<source>.parse(data, object_name)`. Drops of other sources are kept in
quarantine with that reason, until their parsers exist."""

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LONGEST = 500


def parse(source: str, data: bytes, object_name: str) -> Parsed:
    """Parse one drop of `source`. Pure: same bytes and name, same result. Never raises for what the bytes are.

    What cannot be read is a `BAD` result whose reject names place and rule.
    """
    if source not in PARSERS:
        return Parsed(Outcome.BAD, rejects=(Reject("source", "format", f"no parser for this source yet: {source}"),))
    parser = importlib.import_module(f"nba_assets.sources.{source}")
    try:
        parsed: Parsed = parser.parse(data, object_name)
    except PayloadError as error:
        parsed = Parsed(Outcome.BAD, rejects=(error.reject,))
    except Exception as error:
        reject = Reject("payload", "unreadable", f"{type(error).__name__} while parsing: {error}")
        parsed = Parsed(Outcome.BAD, rejects=(reject,))
    if parsed.rejects:
        return replace(parsed, rejects=tuple(_printable(reject) for reject in parsed.rejects))
    return parsed


def _printable(reject: Reject) -> Reject:
    """Without control characters and not endless: payload text may be anything."""
    return Reject(
        place=_clean(reject.place),
        rule=reject.rule,
        message=_clean(reject.message),
        excerpt=_clean(reject.excerpt),
        game=None if reject.game is None else _clean(reject.game),
    )


def _clean(text: str) -> str:
    printable = CONTROL.sub("\N{REPLACEMENT CHARACTER}", text).encode("utf-8", "replace").decode("utf-8")
    return printable if len(printable) <= LONGEST else printable[: LONGEST - 1] + "…"
