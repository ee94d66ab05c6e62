"""Postgres: its version, how far away it is, and whether locks are kept."""

from __future__ import annotations

import datetime as dt
import statistics
import time

from sqlalchemy import text

from nba_assets.commands.live_checks.checklist import Checklist, Found, must
from nba_assets.errors import PlatformError, TransientError
from nba_assets.settings import Settings
from nba_assets.storage.embedded_postgres import database_url, engine_of, plain_errors
from nba_assets.storage.locks import partition_lock

SERVICE = "Postgres"
ROUND_TRIPS = 20
FAR = 50.0
"""Milliseconds of a round trip above which Dagster's bookkeeping is slow: a step has hundreds."""
OLDEST = 13
DAY = dt.date(2000, 1, 1)


def check_postgres(checks: Checklist, settings: Settings, scratch: str) -> None:
    engine = engine_of(database_url(settings))

    def version() -> str:
        with plain_errors(), engine.connect() as connection:
            found = str(connection.execute(text("SHOW server_version")).scalar())
        must(int(found.split(".")[0]) >= OLDEST, f"Postgres {found}", f"use {OLDEST} or newer")
        return found

    def round_trip() -> Found:
        spent = []
        with plain_errors(), engine.connect() as connection:
            for _ in range(ROUND_TRIPS):
                begun = time.perf_counter()
                connection.execute(text("SELECT 1"))
                spent.append(1000 * (time.perf_counter() - begun))
        middle = statistics.median(spent)
        must(middle < FAR, f"a round trip takes {middle:.0f} ms", "run the platform in the database's region")
        return Found(f"the median of {ROUND_TRIPS} round trips", milliseconds=middle)

    def lock() -> str:
        with partition_lock(engine, scratch, [DAY], 5.0):
            try:
                with partition_lock(engine, scratch, [DAY], 0.2):
                    pass
            except TransientError:
                return "kept from others, and given back"
        raise PlatformError("a lock was given twice", "use connections of your own: a pool by transactions keeps none")

    if checks.check(SERVICE, "connect", version):
        checks.check(SERVICE, "round trip", round_trip)
        checks.check(SERVICE, "advisory lock", lock)
