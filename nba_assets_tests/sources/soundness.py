"""What holds of any parse, whatever the bytes were."""

from __future__ import annotations

from nba_assets import sources
from nba_assets.sources.parsed import Outcome, Parsed


def sound(found: Parsed) -> None:
    """Nothing of a bad drop, no reject of a good one, every reject with place, rule and a message of one short line."""
    if found.outcome is Outcome.BAD:
        assert found.rejects and found.rows.empty and found.speaks_for.empty and found.identities.empty
    if found.outcome in (Outcome.OK, Outcome.EMPTY):
        assert not found.rejects
    for reject in found.rejects:
        assert reject.place and reject.rule and reject.message, reject
        assert "\x00" not in f"{reject}" and "Traceback" not in reject.message, reject
        texts = (reject.place, reject.message, reject.excerpt, reject.game or "")
        assert all(len(text) <= sources.LONGEST and not sources.CONTROL.search(text) for text in texts), reject
        "".join(texts).encode()
