"""The envelope that every document has: what it is, how current, how far to be relied on, and where it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nba_assets.contracts.document_index import STATUSES
from nba_assets.publishing.fields import Day, Document, Field, Time, many, model
from nba_assets.publishing.rows import Record, moment

SCHEMA_VERSION = "1.0"
"""Changes within 1 only add fields."""

REASONS = {
    "no_games": "No games on this date",
    "waiting": "{n} of {of} games wait: each says for what",
    "no_lines": "No lines yet: distributions only, every decision is PASS",
    "lines_missing": "{n} of {of} games have no lines",
    "no_predictions": "No predictions yet",
    "no_grades": "No graded decisions yet",
    "ungraded": "{n} of {of} decisions are not graded yet",
    "work_failed": "{n} pieces of work failed and are retried or wait for the operator",
    "quarantined": "{n} things in the drops did not pass and are in quarantine",
    "nothing_received": "Nothing has been received yet",
    "halted": "Decisions are halted since {since}: {why}",
}
"""Why a document is not complete, by code."""

REASON = model(
    "Reason",
    "Why a document is not complete.",
    (
        Field("code", str, "Stable code", values=tuple(REASONS)),
        Field("text", str, "The same in words"),
    ),
)


@dataclass(frozen=True)
class Published:
    """One document: the asset that it belongs to, its name in the manifest, its kind and its body."""

    asset: str
    name: str
    document: str
    body: Record

    @property
    def data(self) -> Record:
        found: Record = self.body["data"]
        return found


def envelope_fields(document: str, data: type[Document]) -> tuple[Field, ...]:
    """The envelope's fields around a document's data."""
    return (
        Field("schema_version", str, "Version of this format", values=(SCHEMA_VERSION,)),
        Field("document", str, "Kind of document", values=(document,)),
        Field("as_of", Time, "The latest known_at of what is in it; null where nothing is", nullable=True),
        Field("game_date", Day, "League date (America/New_York) it is about; null where about none", nullable=True),
        Field("status", str, "How far it can be relied on", values=STATUSES),
        Field("reasons", many(REASON), "Why it is not complete"),
        Field("sources_seen", list[str], "Sources that have something for it"),
        Field("sources_missing", list[str], "Sources that could have something for it and do not"),
        Field("correlation_ids", list[str], "Drops that its rows come from; empty where it sums up many dates"),
        Field("data_origin", str, "simulated: proves machinery, never skill", values=("real", "simulated")),
        Field("model_version", str, "Serving model of its predictions; null without any", nullable=True),
        Field("data", data, "The document itself"),
    )


def envelope_model(document: str, data: type[Document]) -> type[Document]:
    """The model of a whole document."""
    title = "".join(part.capitalize() for part in document.split("_"))
    return model(f"{title}Document", (data.__doc__ or "").strip(), envelope_fields(document, data))


def seal(
    document: str,
    data: Record,
    *,
    as_of: Any,
    data_origin: str,
    game_date: str | None = None,
    status: str = "complete",
    reasons: Iterable[Record] = (),
    sources_seen: Iterable[str] = (),
    sources_missing: Iterable[str] = (),
    correlation_ids: Iterable[str] = (),
    model_version: str | None = None,
) -> Record:
    """The document's body around `data`; every set is sorted, so equal content is equal bytes."""
    return {
        "schema_version": SCHEMA_VERSION,
        "document": document,
        "as_of": moment(as_of),
        "game_date": game_date,
        "status": status,
        "reasons": list(reasons),
        "sources_seen": sorted(set(sources_seen)),
        "sources_missing": sorted(set(sources_missing)),
        "correlation_ids": sorted(set(correlation_ids)),
        "data_origin": data_origin,
        "model_version": model_version,
        "data": data,
    }


def halt_reason(since: Any, why: str) -> Record:
    """Why a document is halted."""
    return reason("halted", since=moment(since) or "", why=why)


def reason(code: str, **told: int | str) -> Record:
    """A reason with its text."""
    return {"code": code, "text": REASONS[code].format(**told)}
