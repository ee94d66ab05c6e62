"""What readers have counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

WRONG = {
    "mixtures": "documents of two releases in one view",
    "missing": "objects that the manifest names and that are not there, also when it is asked once more",
    "not at first": "objects that were there only after the manifest was asked once more",
    "bad hashes": "objects that are not those of their hash",
    "falling": "a sequence lower than one seen before",
    "broken": "what does not parse, was cut short or is no document",
    "false copies": "copies that are not those of the release in their stamp",
}
"""What must be 0, and what it is."""
EXAMPLES = 5


@dataclass
class Counts:
    """Of one reader, or of several together."""

    reads: int = 0
    """Documents fetched and found right, or counted as wrong."""
    looks: int = 0
    """At the manifest."""
    releases: int = 0
    """Different ones seen, at most by one reader."""
    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    cache: Counter[str] = field(default_factory=Counter)
    """Answers by what the cache between did."""

    def count(self, kind: str, example: str) -> None:
        """Something wrong, of a kind of `WRONG`."""
        self.wrong[kind] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"{kind}: {example}")

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.reads + other.reads,
            self.looks + other.looks,
            max(self.releases, other.releases),
            self.wrong + other.wrong,
            self.examples + other.examples,
            self.cache + other.cache,
        )
