"""The mark in the database of an installation that a migration began to fill: until its end nothing else opens it."""

from __future__ import annotations

from sqlalchemy import Engine, text

from nba_assets.errors import PlatformError
from nba_assets.storage.embedded_postgres import engine_of, plain_errors

SCHEMA = "nba_migration"


def refuse_half_migrated(url: str) -> None:
    """Raises `PlatformError` for an installation whose migration did not finish."""
    if (mark := half_migrated(engine_of(url))) is not None:
        raise PlatformError(
            f"the migration into this installation did not finish (it came from {mark[1]})",
            "run `nba-assets migrate` again: it goes on where it was",
        )


def half_migrated(engine: Engine) -> tuple[str, str] | None:
    """The source of the migration that did not finish: which it is, and where it lies; None if there is none."""
    with plain_errors(), engine.connect() as connection:
        if connection.execute(text(f"SELECT to_regclass('{SCHEMA}.source')")).scalar() is None:
            return None
        found = connection.execute(text(f"SELECT identity, place FROM {SCHEMA}.source")).one()
        return found.identity, found.place


def begin(engine: Engine, identity: str, place: str) -> None:
    """Set the mark."""
    with plain_errors(), engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        connection.execute(text(f"CREATE TABLE {SCHEMA}.source (identity text NOT NULL, place text NOT NULL)"))
        connection.execute(text(f"INSERT INTO {SCHEMA}.source VALUES (:i, :p)"), {"i": identity, "p": place})


def end(engine: Engine) -> None:
    """Take it away."""
    with plain_errors(), engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
