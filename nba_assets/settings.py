"""The one settings object: environment variables `NBA_ASSETS_*`, with defaults that need nothing."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Configuration of one installation; every field is an environment variable `NBA_ASSETS_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="NBA_ASSETS_", extra="ignore")

    profile: Literal["local", "gcp"] = "local"
    home: Path = Path(".nba_assets")
    """Everything the embedded default keeps: landing zone, tables, published tree, Postgres, Dagster, logs."""
    first_date: dt.date = dt.date(2017, 10, 17)
    """The first partition."""
    database_url: SecretStr | None = None
    """A Postgres of your own instead of the embedded one."""
    local_database_url: SecretStr | None = None
    """For `migrate` alone: the local installation's Postgres where it is not the embedded one."""
    automation: bool = False
    """Whether Dagster's sensors run from the start, as below `nba-assets up`; else each when it is started."""
    seasons_at_once: int = Field(default=min(2, os.cpu_count() or 1), ge=1, le=64)
    """Processes that build a long history, a season each; every one takes some 1.5 GB."""
    cache_bytes: int = Field(default=256 * 1024**2, ge=0)
    """Of tables' rows that a process keeps in memory after it has read or written them."""
    lock_seconds: float = Field(default=60.0, gt=0)
    """How long a step waits for dates that another process writes, before it is tried again later."""
    bdl_requests_per_minute: int = Field(default=60, ge=1, le=6000)
    """What your tier of balldontlie allows."""
    alarm_urls: SecretStr | None = None
    """Where alarms go: apprise's URLs, separated by commas, as `mailto://user:password@example.com,slack://…`."""
    stuck_after_minutes: int = Field(default=30, ge=1)
    """How long a drop may be pending before it is an alarm."""
    sweep_seconds: int = Field(default=120, ge=1)
    """How often watch and daemon compare what should exist with what does."""
    look_seconds: int | None = Field(default=None, ge=1)
    """How often sensors list the landing zone: 5 seconds, on Cloud Storage, where every listing costs, 300."""
    keep_log_days: int = Field(default=90, ge=7)
    """How long `prune` leaves rows of the execution log, closed failed work, resolved alarms and rejects, log files."""
    keep_runs_days: int = Field(default=14, ge=7)
    """The same of Dagster's runs with their events, and of its ticks that asked for runs."""
    keep_keys_days: int = Field(default=3, ge=1)
    """The same of entity refreshes' partition keys, after they were last asked for."""
    keep_releases_days: int = Field(default=14, ge=7)
    """The same of releases that one can go back to, and of the objects that only they have."""
    publish_private: bool = False
    """Whether releases also write what is not public, for `serve --token-file`."""
    gcp_project: str = ""
    """The project of the gcp profile; this and what follows is of that profile alone."""
    gcp_location: str = "US"
    """Where datasets and buckets are: one location for all of them."""
    landing_bucket: str = ""
    published_bucket: str = ""
    private_bucket: str = ""
    """Quarantined bytes, what is published privately, Dagster's compute logs."""
    landing_subscription: str = ""
    """The Pub/Sub subscription that tells of drops; without one the landing bucket is listed."""
    dataset_prefix: str = Field(default="", pattern=r"^[a-z0-9_]{0,64}$")
    """Before the names of the datasets, where several installations share a project."""
    firestore_database: str = "(default)"
    firestore_root: str = Field(default="nba_assets", pattern=r"^[A-Za-z0-9_-]{1,64}$")
    """The collection that holds the documents."""
    query_bytes: int = Field(default=20 * 1024**3, ge=10 * 1024**2)
    """Bytes that one query may scan (BigQuery's `maximumBytesBilled`)."""
    emulators: bool = False
    """Whether the four emulators stand for Google Cloud; nobody's data is there."""
    fetch_bases: dict[str, str] = {}
    """A stand-in on this machine for a source's host, as `{"cdn.nba.com": "http://127.0.0.1:8080"}`."""

    @property
    def looks_every(self) -> int:
        """Seconds between two listings of the landing zone."""
        return self.look_seconds or (5 if self.profile == "local" else 300)

    @property
    def landing(self) -> Path:
        return self.home / "landing"

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse"

    @property
    def fetching(self) -> Path:
        return self.home / "fetching"

    @property
    def published(self) -> Path:
        return self.home / "published"

    @property
    def private(self) -> Path:
        return self.home / "private"

    @property
    def quarantine(self) -> Path:
        return self.home / "quarantine"

    @property
    def postgres(self) -> Path:
        return self.home / "postgres"

    @property
    def dagster(self) -> Path:
        return self.home / "dagster"

    @property
    def logs(self) -> Path:
        return self.home / "logs"
