"""JSON Schemas (draft 2020-12) of all documents, and one OpenAPI 3.1 document: generated from the declared fields."""

from __future__ import annotations

import functools
from typing import Any

from nba_assets.contracts.document_index import STATUSES
from nba_assets.publishing import daily, games, indexes, models, players, status, teams, track_record
from nba_assets.publishing.api_operations import OBJECT_PATH, PROBLEM, components, file_operations, server_operations
from nba_assets.publishing.envelope import SCHEMA_VERSION, envelope_model
from nba_assets.publishing.fields import Document, Field, Time, by_name, model
from nba_assets.publishing.rows import Record

DIALECT = "https://json-schema.org/draft/2020-12/schema"
OPENAPI_NAME = "openapi.json"

DATA: dict[str, type[Document]] = {
    "daily": daily.DAILY,
    "game": games.GAME_DATA,
    "player": players.PLAYER_DATA,
    "team": teams.TEAM_DATA,
    "model": models.MODEL_DATA,
    "track_record": track_record.SEASON_DATA,
    "track_record_day": track_record.DAY_DATA,
    "status": status.STATUS_DATA,
    "schedule": indexes.SCHEDULE,
    "search": indexes.SEARCH,
}
"""The model of each document's `data`, by kind."""

DOCUMENTS: dict[str, type[Document]] = {name: envelope_model(name, data) for name, data in DATA.items()}
"""The model of each whole document, by kind."""

FILE = model(
    "ManifestFile",
    "One file of the release.",
    (
        Field("sha256", str, "Hash of its bytes: the object v1/objects/sha256/<first two digits>/<hash>.json"),
        Field("bytes", int, "Its size", unit="bytes", low=0),
        Field("status", str, "The document's status", values=STATUSES),
    ),
)
PART = model(
    "ManifestPart",
    "Files whose names begin alike, in an object of their own.",
    (
        Field("sha256", str, "Hash of the object, which is as the schema manifest_part says"),
        Field("bytes", int, "Its size", unit="bytes", low=0),
        Field("files", int, "How many files it names", low=1),
    ),
)
MANIFEST = model(
    "Manifest",
    "The one authority on a release: all its files by name. A reader ignores a sequence not above its own.",
    (
        Field("schema_version", str, "Version of this format", values=(SCHEMA_VERSION,)),
        Field("sequence", int, "Number of the release; rises with every release, also with a rollback", low=1),
        Field("as_of", Time, "The latest known_at of what is in it; null where nothing is", nullable=True),
        Field("generated_at", Time, "When the release was made"),
        Field("previous", int, "Sequence of the release before; null for the first", nullable=True, low=1),
        Field("files", by_name(FILE), "The files by name, but those that stand in a part; v1/<name> is a file's copy"),
        Field("parts", by_name(PART), "By how a name begins: where the files with such names stand"),
    ),
)
MANIFEST_PART = model(
    "ManifestPartObject", "A part of a manifest.", (Field("files", by_name(FILE), "Its files by their whole names"),)
)
_OF_RELEASES = {"manifest": MANIFEST, "manifest_part": MANIFEST_PART}

PATHS = {
    "/v1/manifest.json": ("manifest", "The release that readers see"),
    "/v1/releases/{sequence}.json": ("manifest", "A release, while it is kept"),
    OBJECT_PATH: ("object", "A document, by the hash of its bytes"),
    "/v1/latest/daily.json": ("daily", "The newest slate that is not in the future"),
    "/v1/latest/games/{game_id}.json": ("game", "A game of the newest slate"),
    "/v1/latest/players/{player_id}.json": ("player", "A player"),
    "/v1/historical/{game_date}/daily.json": ("daily", "The slate of a date"),
    "/v1/historical/{game_date}/games/{game_id}.json": ("game", "A game of a date"),
    "/v1/latest/teams/{team}.json": ("team", "A team"),
    "/v1/models/{model_version}.json": ("model", "The card of a model"),
    "/v1/track-record/{season}.json": ("track_record", "The track record of a season, as 2024-25"),
    "/v1/track-record/days/{game_date}.json": ("track_record_day", "The official decisions of a date"),
    "/v1/status.json": ("status", "Whether everything arrived"),
    "/v1/schedule.json": ("schedule", "All published dates"),
    "/v1/search.json": ("search", "Players, teams and games"),
}


def schema_name(document: str) -> str:
    """A schema's name below v1/."""
    return f"schemas/{document}.json"


def files() -> dict[str, Record]:
    """The schemas and the OpenAPI document by their names below v1/."""
    found = {schema_name(document): schema_of(document) for document in (*_OF_RELEASES, *DOCUMENTS)}
    return found | {OPENAPI_NAME: openapi()}


@functools.cache
def schema_of(document: str) -> Record:
    """The JSON Schema of a document's kind, `manifest` or `manifest_part`. Unknown fields are allowed."""
    found = (_OF_RELEASES | DOCUMENTS)[document]
    body: Record = _open(found.model_json_schema())
    return {"$schema": DIALECT, **body}


def _open(node: Any) -> Any:
    """The schema without what would forbid a later field."""
    if isinstance(node, dict):
        return {key: _open(value) for key, value in node.items() if key != "additionalProperties" or value is not False}
    return [_open(item) for item in node] if isinstance(node, list) else node


@functools.cache
def openapi() -> Record:
    """The OpenAPI 3.1 document of the published tree. Copies also carry `sequence` and `generated_at`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Published NBA player-points predictions",
            "version": SCHEMA_VERSION,
            "description": (
                "Static JSON. The manifest names every file of a release with its hash; the other paths are whole "
                "copies, stamped with the release in which they last changed. /healthz, /readyz and /events are of "
                "nba-assets serve, not of the tree. Information, not advice; documents with "
                "data_origin simulated prove machinery, never skill."
            ),
        },
        "jsonSchemaDialect": DIALECT,
        "paths": {path: file_operations(path, *what) for path, what in PATHS.items()} | server_operations(),
        "components": {"schemas": _components(), **components()},
    }


def _components() -> Record:
    found = {name: _component(name) for name in (*_OF_RELEASES, *DOCUMENTS)}
    any_of = [{"$ref": f"#/components/schemas/{name}"} for name in ("manifest_part", *DOCUMENTS)]
    return found | {"object": {"description": "A document", "anyOf": any_of}, "problem": PROBLEM}


def _component(document: str) -> Record:
    """The schema with references that hold inside the OpenAPI document."""
    prefix = f"#/components/schemas/{document}/$defs/"

    def moved(node: Any) -> Any:
        if isinstance(node, dict):
            return {
                key: value.replace("#/$defs/", prefix) if key == "$ref" else moved(value) for key, value in node.items()
            }
        return [moved(item) for item in node] if isinstance(node, list) else node

    found: Record = moved({key: value for key, value in schema_of(document).items() if key != "$schema"})
    return found
