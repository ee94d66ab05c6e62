"""`schedule.json` and `search.json`: what there is in a release, and under which name.

An index is the previous release's one with the entries of the published dates replaced, so publishing one date never
reads the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from nba_assets.league import by_tricode
from nba_assets.publishing.envelope import Published, seal
from nba_assets.publishing.fields import Day, Field, column, many, model
from nba_assets.publishing.rows import Record, newest

SCHEDULE_NAME = "schedule.json"
SEARCH_NAME = "search.json"

SCHEDULE_DATE = model(
    "ScheduleDate",
    "A published date.",
    (
        Field("game_date", Day, "League date"),
        Field("games", int, "Games on its slate", low=0),
        Field("status", str, "Status of its slate"),
        Field("path", str, "Name of its slate in the manifest"),
    ),
)
SCHEDULE = model(
    "Schedule",
    "All published dates.",
    (Field("dates", many(SCHEDULE_DATE), "By date"),),
)

_PATH = Field("path", str, "Name of the document in the manifest")
SEARCH_PLAYER = model(
    "SearchPlayer",
    "A player.",
    (
        column("player_points_predictions", "player_id"),
        column("upcoming_player_game_context", "player_name", name="name"),
        column("player_points_predictions", "team"),
        _PATH,
    ),
)
SEARCH_TEAM = model("SearchTeam", "A team.", (Field("team", str, "Tricode"), Field("name", str, "City and name")))
SEARCH_GAME = model(
    "SearchGame",
    "A game.",
    (
        column("nbac_schedule", "game_id"),
        Field("game_date", Day, "League date"),
        column("nbac_schedule", "home_tricode", name="home"),
        column("nbac_schedule", "away_tricode", name="away"),
        _PATH,
    ),
)
SEARCH = model(
    "Search",
    "Players, teams and games with their documents.",
    (
        Field("players", many(SEARCH_PLAYER), "By id"),
        Field("teams", many(SEARCH_TEAM), "Teams of the league by tricode"),
        Field("games", many(SEARCH_GAME), "By date and id"),
    ),
)


def documents(
    previous: Mapping[str, Record], summaries: Sequence[Record], files: Iterable[str], data_origin: str
) -> list[Published]:
    """Both indexes.

    `previous`: the bodies of the previous release's indexes by name. `summaries`: `summary(document)` of every slate,
    game and player document built anew. `files`: the names in the release; entries of other names are dropped.
    """
    names = set(files)
    search = _data(previous, SEARCH_NAME)
    dates = _merged(_data(previous, SCHEDULE_NAME).get("dates", []), summaries, "daily", names)
    players = _merged(search.get("players", []), summaries, "player", names)
    games = _merged(search.get("games", []), summaries, "game", names)
    bodies = {
        SCHEDULE_NAME: ("schedule", {"dates": sorted(dates, key=lambda entry: entry["game_date"])}),
        SEARCH_NAME: (
            "search",
            {
                "players": sorted(players, key=lambda entry: entry["player_id"]),
                "teams": [{"team": code, "name": team.full_name} for code, team in sorted(by_tricode().items())],
                "games": sorted(games, key=lambda entry: (entry["game_date"], entry["game_id"])),
            },
        ),
    }
    as_of = newest([*(body["as_of"] for body in previous.values()), *(found["as_of"] for found in summaries)])
    return [
        Published("slate", name, kind, seal(kind, data, as_of=as_of and pd.Timestamp(as_of), data_origin=data_origin))
        for name, (kind, data) in bodies.items()
    ]


def _data(previous: Mapping[str, Record], name: str) -> Record:
    return previous[name]["data"] if name in previous else {}


def summary(document: Published) -> Record | None:
    """What the indexes say of a document; None for a kind they do not list."""
    body, data = document.body, document.data
    entry: dict[str, Any] = {"path": document.name}
    if document.document == "daily":
        entry |= {"game_date": body["game_date"], "games": len(data["games"]), "status": body["status"]}
    elif document.document == "game":
        game = data["game"]
        entry |= {"game_date": body["game_date"], **{name: game[name] for name in ("game_id", "home", "away")}}
    elif document.document == "player":
        entry |= {name: data[name] for name in ("player_id", "name", "team")}
    else:
        return None
    return {"kind": document.document, "as_of": body["as_of"], "entry": entry}


def _merged(old: Sequence[Record], summaries: Sequence[Record], kind: str, names: set[str]) -> list[Record]:
    entries = {entry["path"]: entry for entry in old}
    entries |= {found["entry"]["path"]: found["entry"] for found in summaries if found["kind"] == kind}
    return [entry for path, entry in entries.items() if path in names]
