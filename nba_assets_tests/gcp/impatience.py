"""Waiting for Google's services, made short for one test."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from google.cloud.bigquery import retry as queries
from google.cloud.storage.retry import DEFAULT_RETRY

from nba_assets.storage.gcp import patience

LIMITS = ("PATIENCE", "CONNECTING", "ANSWERING")


def shorten(patch: pytest.MonkeyPatch, times: float, limits: Sequence[str] = LIMITS) -> None:
    """The limits are so many times shorter, for clients that are made from now on until the patch is undone."""
    for name in limits:
        patch.setattr(patience, name, getattr(patience, name) / times)
    every = (DEFAULT_RETRY, queries.DEFAULT_RETRY, queries.DEFAULT_JOB_RETRY, queries._DEFAULT_QUERY_JOB_INSERT_RETRY)
    for retry in every:
        patch.setattr(retry, "_timeout", retry._timeout)  # a client sets it, and the patch sets it back
