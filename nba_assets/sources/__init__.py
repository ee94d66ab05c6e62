"""Phase 2: from the bytes of a drop to typed, validated rows with their games and players. One module per source."""

from __future__ import annotations

import re
from dataclasses import replace

from nba_assets.sources.drift import explained
from nba_assets.sources.parsed import Outcome, Parsed, Reject
from nba_assets.sources.parsers import parser
from nba_assets.sources.payload import PayloadError, not_too_many

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LONGEST = 500


def parse(source: str, data: bytes, object_name: str) -> Parsed:
    """Parse one drop of `source`. Pure: same bytes and name, same result. Never raises for what the bytes are.

    What cannot be read is a `BAD` result whose reject names place and rule.
    """
    module = parser(source)
    if module is None:
        return Parsed(Outcome.BAD, rejects=(Reject("source", "format", f"no parser for this source: {source}"),))
    try:
        parsed: Parsed = module.parse(data, object_name)
        not_too_many(parsed.rejects)
    except PayloadError as error:
        parsed = Parsed(Outcome.BAD, rejects=(error.reject,))
    except Exception as error:
        reject = Reject("payload", "unreadable", f"{type(error).__name__} while parsing: {error}")
        parsed = Parsed(Outcome.BAD, rejects=(reject,))
    if parsed.rejects:
        parsed = explained(source, data, parsed)
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
