"""What the five assets of `published` have in common: one row per document that a release's manifest names."""

from __future__ import annotations

from nba_assets.contracts.columns import date, int64, string, timestamp
from nba_assets.contracts.model import Column

STATUSES = ("complete", "partial", "empty", "stale", "halted")
"""How far a document can be relied on: all there; something lacks; nothing to show; old rows; stopped by a decision."""

DOCUMENT_INDEX: tuple[Column, ...] = (
    date("game_date?", "The league's date that the document is about; null where it is about none", public=True),
    string("document", "Kind of document: its JSON Schema is v1/schemas/<document>.json", public=True),
    string("path", "Its name in the manifest; v1/<path> is its copy", public=True),
    string("sha256", "Hash of its bytes and its object's name: v1/objects/sha256/<first two digits>/<hash>.json"),
    int64("bytes", "Its size", unit="bytes", low=0, public=True),
    string("status", "How far it can be relied on", values=STATUSES, public=True),
    timestamp("as_of?", "The latest known_at of what is in it; null where nothing is", public=True),
)
