"""The documents below `private/`, written with a release: the newest as a whole, replaced by rename."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nba_assets.batches import batched
from nba_assets.engine.release_copies import TOGETHER
from nba_assets.publishing import private, sign_off
from nba_assets.publishing.fields import Document
from nba_assets.publishing.rows import Record

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform


def write_private(platform: Platform, days: Sequence[dt.date], sequence: int) -> None:
    """Write what is not public of the dates and what is open, where `publish_private` is set; nothing else.

    Raises pydantic's `ValidationError` for a row that is not as its contract says.
    """
    if not platform.settings.publish_private:
        return
    rows = platform.warehouse.read(private.TABLE, dates=(days[0], days[-1])) if days else None
    if rows is not None:
        for documents in batched(private.predictions(rows, map(str, days), sequence), TOGETHER):
            platform.private.put_many((name, _checked(private.PREDICTIONS, body)) for name, body in documents)
    platform.private.put(private.OPERATIONS_NAME, _checked(private.OPERATIONS, _operations(platform, sequence)))


def _checked(kind: type[Document], body: Record) -> bytes:
    payload = sign_off.encode(body)
    kind.model_validate_json(payload)
    return payload


def _operations(platform: Platform, sequence: int) -> Record:
    work = sorted(platform.ledger.work(status=["retrying", "dead"]), key=lambda item: item["work_id"])
    rejects = sorted(platform.ledger.quarantined(state="open"), key=lambda item: item["quarantine_id"])
    failures = [
        {field: item[field] for field in private.FAILURE.model_fields if field != "dates"}  # type: ignore[literal-required]
        | {"dates": [str(day) for day in item["dates"]]}
        for item in work
    ]
    quarantined = [{field: str(item[field]) for field in private.REJECT.model_fields} for item in rejects]  # type: ignore[literal-required]
    return {"document": "operations", "sequence": sequence, "failures": failures, "quarantined": quarantined}
