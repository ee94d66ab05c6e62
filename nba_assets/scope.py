"""A scope: which rows of a table a refresh asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

TEAM_COLUMNS = ("team", "team_tricode", "home_tricode", "away_tricode", "home", "away")


@dataclass(frozen=True)
class Scope:
    """Players, teams and games whose rows are wanted; a row is in scope if it matches any of them.

    A scope filters the output of a transform, never its input.
    """

    players: frozenset[str] = field(default_factory=frozenset)
    teams: frozenset[str] = field(default_factory=frozenset)
    games: frozenset[str] = field(default_factory=frozenset)


def in_scope(frame: pd.DataFrame, scope: Scope) -> pd.Series[Any]:
    """A mask of the rows that match any of the scope's players, teams or games, by the columns the frame has.

    Columns looked at: `player_id`, `game_id`, and the team columns `TEAM_COLUMNS` (never `opponent`).
    """
    import pandas as pd

    wanted = pd.Series(False, index=frame.index)
    checks = [("player_id", scope.players), ("game_id", scope.games), *((c, scope.teams) for c in TEAM_COLUMNS)]
    for column, values in checks:
        if values and column in frame.columns:
            wanted |= frame[column].isin(list(values)).fillna(False).astype(bool)
    return wanted
