"""Why a player did not play: the class of a printed reason, for gamebooks and injury reports alike."""

from __future__ import annotations

PREFIXES = (
    ("injury/illness", "injury"),
    ("concussion protocol", "injury"),
    ("return to competition", "injury"),
    ("health and safety", "health_protocol"),
    ("coach", "coach_decision"),
    ("g league", "g_league"),
    ("rest", "rest"),
    ("personal", "personal"),
    ("suspen", "suspension"),
    ("league suspension", "suspension"),
    ("team suspension", "suspension"),
    ("not with team", "not_with_team"),
)
"""How reasons begin, case-folded, and their classes."""


def category(reason: str | None) -> str | None:
    """The class of a reason, `other` if it is none of the known; None without a reason (empty or a bare `-`)."""
    text = (reason or "").strip().casefold()
    if text in ("", "-"):
        return None
    return next((found for prefix, found in PREFIXES if text.startswith(prefix)), "other")
