"""Imported before a run's processes are forked: each then has done what the first release of a process takes."""

from __future__ import annotations

from nba_assets.contracts import tables
from nba_assets.contracts.frames import empty
from nba_assets.publishing import schemas
from nba_assets_tests.release_rows import weekend
from nba_assets_tests.torn_reads import torture  # noqa: F401 (with all that it imports)

schemas.files()
weekend()
for _table in tables().values():
    empty(_table)
