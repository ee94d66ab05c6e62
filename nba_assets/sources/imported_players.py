"""Who a user's own lines are about: the registry asked for names and teams around a date."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pandas as pd

from nba_assets.sources.candidates import AFTER, BEFORE
from nba_assets.sources.names import player_lookup


class Registry:
    """The current rows of `player_identity` (`game_date`, `player_id`, `player_name`, `team_tricode`)."""

    def __init__(self, identity: pd.DataFrame) -> None:
        self._seen: dict[str, list[tuple[dt.date, str]]] = defaultdict(list)
        self._names: dict[str, str] = {}
        self._ids: dict[str, set[str]] = defaultdict(set)
        ordered = identity.sort_values(["game_date", "player_name", "player_id"], kind="stable")
        columns = (ordered[name].tolist() for name in ("player_id", "player_name", "team_tricode"))
        for day, player_id, name, team in zip(ordered["game_date"].dt.date, *columns, strict=True):
            self._seen[player_id].append((day, team))
            self._names[player_id] = name
            self._ids[player_lookup(name)].add(player_id)

    def name(self, player_id: str) -> str | None:
        """The newest name of an id."""
        return self._names.get(player_id)

    def players(self, day: dt.date, player_id: str | None, name: str) -> dict[str, str]:
        """Ids and teams of who may be meant on a date: seen from D - 14 to D + 2, with the team seen last before."""
        found = {}
        for candidate in [player_id] if player_id else sorted(self._ids.get(player_lookup(name), ())):
            around = [seen for seen in self._seen.get(candidate, ()) if -BEFORE <= (seen[0] - day).days <= AFTER]
            before = [seen for seen in around if seen[0] <= day]
            if around:
                found[candidate] = (max(before) if before else min(around))[1]
        return found
