"""Live rows of a step: those that are there stay, those that say something new before T are added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts.frames import conform
from nba_assets.contracts.model import Table
from nba_assets.engine.halts import decided_upon
from nba_assets.modeling import live
from nba_assets.modeling.identity import within

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.scope import Scope


def with_live(
    platform: Platform,
    contract: Table,
    days: Sequence[dt.date],
    scope: Scope | None,
    inputs: Mapping[str, pd.DataFrame],
    rows: pd.DataFrame,
) -> pd.DataFrame:
    """The rows of the dates (in scope, if one is given) together with their live rows."""
    if contract.name not in live.ASKS:
        return rows
    now = pd.Timestamp(platform.clock.now())
    stamps = [pd.Timestamp(day) for day in days]
    news = decided_upon(platform, contract)
    receipts = {
        pd.Timestamp(day): pd.Timestamp(max([at, *news])) for day, at in platform.ledger.last_receipts(days).items()
    }
    said = live.said(contract.name, inputs, stamps, scope, receipts, now)
    earlier = _earlier(platform, contract, days)
    new = live.added(contract.name, earlier, said, inputs, scope, now) if len(said) or len(earlier) else said
    parts = [part for part in (rows, within(earlier, scope), new) if len(part)]
    return conform(pd.concat(parts, ignore_index=True), contract) if parts else rows


def _earlier(platform: Platform, contract: Table, days: Sequence[dt.date]) -> pd.DataFrame:
    """The live rows that the dates have."""
    span = (min(days), max(days))
    kinds = platform.warehouse.read(contract.name, dates=span, columns=["game_date", "run_kind"])
    spoken = kinds.loc[(kinds["run_kind"] == "live").fillna(False), "game_date"].dt.date.unique()
    dates = sorted(set(spoken) & set(days))
    rows = platform.warehouse.read(contract.name, dates=(dates[0], dates[-1]) if dates else (min(days), min(days)))
    found = rows["game_date"].dt.date.isin(dates) & (rows["run_kind"] == "live").fillna(False)
    live_rows: pd.DataFrame = rows[found]
    return live_rows
