"""The published tree's operations as OpenAPI has them: parameters, headers and answers of who serves it.

What every host answers is 200 and 404; codings, conditions and ranges are those of `nba-assets serve`, and of most.
"""

from __future__ import annotations

from typing import Any

from nba_assets.publishing.fields import DAY
from nba_assets.publishing.rows import Record

OBJECT_PATH = "/v1/objects/sha256/{prefix}/{sha256}.json"

PATTERNS = {
    "game_date": DAY,
    "game_id": r"^[0-9A-Za-z_]+$",
    "model_version": r"^[A-Za-z0-9_][A-Za-z0-9_.~+:@=,-]*$",
    "player_id": r"^[0-9A-Za-z_]+$",
    "prefix": r"^[0-9a-f]{2}$",
    "season": r"^\d{4}-\d\d$",
    "sequence": r"^[1-9]\d*$",
    "sha256": r"^[0-9a-f]{64}$",
    "team": r"^[A-Z]{3}$",
}
"""What a part of a path looks like, by its name."""

PROBLEM: Record = {
    "type": "object",
    "description": "An error (RFC 9457)",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What is wrong, in words"},
    },
}


def _header(description: str, pattern: str = "") -> Record:
    return {"description": description, "schema": {"type": "string"} | ({"pattern": pattern} if pattern else {})}


HEADERS: Record = {
    "ETag": _header("Hash of the bytes, with the coding: strong", r'^"[0-9a-f]{64}(-br|-gzip)?"$'),
    "Cache-Control": _header("Objects are immutable, all else is to be revalidated"),
    "Vary": _header("The coding depends on it", "Accept-Encoding"),
    "Content-Range": _header("Which bytes, of how many", r"^bytes (\d+-\d+|\*)/\d+$"),
    "Retry-After": _header("Seconds", r"^\d+$"),
}


def _asked(name: str, description: str, *examples: str) -> Record:
    asked = {"name": name, "in": "header", "required": False, "description": description, "schema": {"type": "string"}}
    shown = {f"{number}": {"value": value} for number, value in enumerate(examples, 1)}
    return asked | ({"examples": shown} if shown else {})


CONDITIONS: Record = {
    "If-None-Match": _asked(
        "If-None-Match", "Tags that the client has, or *: 304 if it is one of them", '"a"', "*", '"a", W/"b"'
    ),
    "If-Match": _asked("If-Match", "Tags that it must be one of, or *: else 412", "*"),
    "Range": _asked(
        "Range",
        "One range of the bytes without a coding; anything else is ignored",
        *("bytes=0-499", "bytes=-1", "bytes=1000000000-"),
    ),
    "If-Range": _asked("If-Range", "The tag of which the client has the rest: the whole file if it is another one"),
    "Accept-Encoding": _asked("Accept-Encoding", "br, gzip, identity, with weights", "br, gzip;q=0.8"),
}


def _ref(kind: str, name: str) -> Record:
    return {"$ref": f"#/components/{kind}/{name}"}


def _headers(*names: str) -> Record:
    return {name: _ref("headers", name) for name in names}


def _error(description: str, *headers: str) -> Record:
    content = {"application/problem+json": {"schema": _ref("schemas", "problem")}}
    return {"description": description, "content": content, "headers": _headers(*headers)}


_STATE = ("ETag", "Cache-Control", "Vary")
ANSWERS: Record = {
    "NotModified": {"description": "It is what the client has", "headers": _headers(*_STATE)},
    "NotFound": _error("Not published"),
    "NotAcceptable": _error("None of the codings is accepted"),
    "PreconditionFailed": _error("It is another one"),
    "RangeNotSatisfiable": _error("The range begins behind its end", "Content-Range"),
    "Unavailable": _error("Not now: its bytes are not what they should be, or cannot be read", "Retry-After"),
    "NotReady": _error("No release that can be read", "Retry-After"),
    "TooMany": _error("Too many clients listen", "Retry-After"),
}


def components() -> Record:
    """What operations refer to, beside the documents' schemas."""
    return {"parameters": CONDITIONS, "headers": HEADERS, "responses": ANSWERS}


def file_operations(path: str, schema: str, summary: str) -> Record:
    """`GET` and `HEAD` of a file of the tree whose content is of a schema of the components."""
    names = [part.split("}")[0] for part in path.split("{")[1:]]
    parameters = [
        *(
            {"name": n, "in": "path", "required": True, "schema": {"type": "string", "pattern": PATTERNS[n]}}
            for n in names
        ),
        *(_ref("parameters", name) for name in CONDITIONS),
    ]
    whole = {
        "description": summary,
        "headers": _headers(*_STATE),
        "content": {"application/json": {"schema": _ref("schemas", schema)}},
    }
    part = {
        "description": "The bytes of the range",
        "headers": _headers(*_STATE, "Content-Range"),
        "content": {"application/json": {}},
    }
    answers = {
        "200": whole,
        "304": _ref("responses", "NotModified"),
        "404": _ref("responses", "NotFound"),
        "406": _ref("responses", "NotAcceptable"),
        "412": _ref("responses", "PreconditionFailed"),
        "503": _ref("responses", "Unavailable"),
    }
    ranges = {"206": part, "416": _ref("responses", "RangeNotSatisfiable")}
    head = {"summary": f"{summary}: its headers", "parameters": parameters, "responses": _without_bodies(answers)}
    return {"get": {"summary": summary, "parameters": parameters, "responses": answers | ranges}, "head": head}


def _without_bodies(answers: Record) -> Record:
    return {status: {"description": "As of GET, without a body"} for status in answers}


def server_operations() -> Record:
    """What `nba-assets serve` answers beside the tree; a static host has none of it."""
    return {
        "/healthz": _probe("The process lives", {"status": {"const": "ok"}}),
        "/readyz": _probe(
            "There is a release that can be read",
            {
                "status": {"const": "ok"},
                "sequence": {"type": "integer", "minimum": 1},
                "as_of": {"type": ["string", "null"]},
                "age_seconds": {"type": ["integer", "null"], "description": "Seconds since as_of"},
            },
            {"503": _ref("responses", "NotReady")},
        ),
        "/events": {"get": _events()},
    }


def _probe(summary: str, fields: Record, more: Record | None = None) -> Record:
    schema = {"type": "object", "required": list(fields), "properties": fields}
    answer = {"description": summary, "content": {"application/json": {"schema": schema}}}
    return {"get": {"summary": summary, "responses": {"200": answer, **(more or {})}}}


def _events() -> Record:
    told = _asked("Last-Event-ID", "The last sequence that the client was told")
    text = "Server-sent events: id is the sequence, event is release, data is {sequence, as_of, generated_at}"
    answer: dict[str, Any] = {"description": text, "content": {"text/event-stream": {"schema": {"type": "string"}}}}
    return {
        "summary": "The present release unless the client was told of it, then every newer one",
        "parameters": [told],
        "responses": {"200": answer, "503": _ref("responses", "TooMany")},
    }
