"""A person's choices of the serving recipe in the ledger, change by change."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert

from nba_assets.storage.embedded_postgres import plain_errors
from nba_assets.storage.ledger_schema import model_choices
from nba_assets.storage.records import ModelChange, ModelChoice


class ChoiceLog:
    """The ledger's table of choices; see the `Ledger` interface."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def change(self, choice: ModelChoice, change: ModelChange, now: dt.datetime) -> None:
        row = {**vars(choice), "change": change, "changed_at": now}
        with plain_errors(), self._engine.begin() as connection:
            connection.execute(insert(model_choices).values(row))

    def standing(self) -> list[ModelChoice]:
        known = model_choices.c
        wanted = select(known.change, known.recipe, known.since, known.who, known.why).order_by(known.change_id)
        found: list[ModelChoice] = []
        with plain_errors(), self._engine.connect() as connection:
            for change, *said in connection.execute(wanted):
                if change == "serve":
                    found.append(ModelChoice(*said))
                elif found:
                    found.pop()
        return found
