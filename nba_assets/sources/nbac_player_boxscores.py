"""The league's game log of players: `nba_raw.nbac_player_boxscores`."""

from __future__ import annotations

from typing import Any

from nba_assets.sources.box_rules import Game, game_breaches, line_breaches
from nba_assets.sources.league_game_log import GameLog, read_log
from nba_assets.sources.league_ids import is_all_star
from nba_assets.sources.minutes import precision
from nba_assets.sources.names import player_lookup
from nba_assets.sources.parsed import Parsed
from nba_assets.sources.payload import read_json
from nba_assets.sources.settle import settled

SOURCE = "nbac_player_boxscores"


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse a `leaguegamelog` of players; every game of the file is judged by itself. Live games wait."""
    log = read_log(read_json(data), ("PLAYER_ID", "PLAYER_NAME"))
    ids = log.cells.identifiers("PLAYER_ID")
    names = log.cells.texts("PLAYER_NAME", empty=False)
    lines = log.lines(names, ids)
    rejects = list(log.cells.rejects)
    games = {label: Game(is_final=label not in log.waiting, is_regular=not is_all_star(label)) for label in log.units}
    rejects += [*line_breaches(lines), *game_breaches(lines, games)]
    columns = log.columns | {
        "player_id": [str(value) for value in ids],
        "player_name": names,
        "player_lookup": [player_lookup(name) if isinstance(name, str) else "" for name in names],
        "seconds_played": log.seconds,
        "minutes_precision": _precision(log),
    }
    identities: dict[str, Any] = {
        name: columns[name] for name in ("game_date", "player_id", "player_name", "team_tricode", "game_id")
    }
    identities["source"] = [SOURCE] * len(log.labels)
    return settled(
        columns,
        log.labels,
        log.units,
        rejects,
        identities=(identities, log.labels),
        waiting=log.waiting,
    )


def _precision(log: GameLog) -> list[str]:
    times: dict[str, list[int]] = {}
    for label, time in zip(log.labels, log.seconds, strict=True):
        times.setdefault(label, []).append(time)
    of_game = {label: precision(found) for label, found in times.items()}
    return [of_game[label] for label in log.labels]
