"""A scope: which rows of a table a refresh asks for."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scope:
    """Players, teams and games whose rows are wanted; a row is in scope if it matches any of them.

    A scope filters the output of a transform, never its input.
    """

    players: frozenset[str] = field(default_factory=frozenset)
    teams: frozenset[str] = field(default_factory=frozenset)
    games: frozenset[str] = field(default_factory=frozenset)
