"""A person's own aliases in the ledger, change by change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from nba_assets.storage.embedded_postgres import plain_errors
from nba_assets.storage.ledger_schema import aliases
from nba_assets.storage.records import Alias, AliasChange


class AliasLog:
    """The ledger's table of alias changes; see the `Ledger` interface."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def change(self, alias: Alias, change: AliasChange, dates: Sequence[dt.date], now: dt.datetime) -> None:
        row = {**vars(alias), "change": change, "game_dates": sorted(set(dates)), "changed_at": now}
        with plain_errors(), self._engine.begin() as connection:
            connection.execute(insert(aliases).values(row))

    def current(self) -> list[Alias]:
        known = aliases.c
        newest = (
            select(known.source, known.lookup, known.name, known.player_id, known.change)
            .ext(distinct_on(known.source, known.lookup))
            .order_by(known.source, known.lookup, known.change_id.desc())
        )
        with plain_errors(), self._engine.connect() as connection:
            return [Alias(*row[:4]) for row in connection.execute(newest) if row.change == "add"]

    def touching(self, source: str, dates: Sequence[dt.date]) -> dict[dt.date, list[str]]:
        known = aliases.c
        wanted = (
            select(known.change_id, known.change, known.source, known.lookup, known.player_id, known.game_dates)
            .where(known.source == func.any([source, "*"]), known.game_dates.overlap(sorted(set(dates))))
            .order_by(known.change_id)
        )
        found: dict[dt.date, list[str]] = {}
        with plain_errors(), self._engine.connect() as connection:
            for number, change, said_of, lookup, player, touched in connection.execute(wanted):
                for day in set(touched) & set(dates):
                    found.setdefault(day, []).append(f"{number} {change} {said_of} {lookup} {player}")
        return found
