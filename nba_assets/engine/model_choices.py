"""A person's choice of the serving recipe: what the steps are told of it, and what a change of it moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets import contracts
from nba_assets.contracts.model import Table
from nba_assets.storage.records import ModelChange, ModelChoice

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

TABLE, MODELS = "model_choices", "points_model"


def own_choices(platform: Platform, contract: Table) -> dict[str, pd.DataFrame]:
    """What the models' step gets beside its inputs: the standing choices, oldest first; nothing for other tables."""
    if contract.name != MODELS:
        return {}
    rows = [{"change_id": n, **vars(choice)} for n, choice in enumerate(platform.ledger.model_choices())]
    columns = contracts.table(TABLE).column_names
    frame = pd.DataFrame(rows, columns=columns)
    return {TABLE: frame.assign(since=pd.to_datetime(frame["since"]))}


def choice_lines(platform: Platform, contract: Table, days: Sequence[dt.date]) -> dict[dt.date, list[str]]:
    """Per date, what the standing choices add to the input of the models' step."""
    if contract.name != MODELS:
        return {}
    standing = platform.ledger.model_choices()
    lines = {day: [f"serve {choice.recipe}" for choice in standing if choice.since <= day] for day in days}
    return {day: found for day, found in lines.items() if found}


def change_choice(platform: Platform, choice: ModelChoice, change: ModelChange) -> list[dt.date]:
    """Keep the change; the dates with models that it moves, which the caller makes current."""
    platform.ledger.choose_model(choice, change, platform.clock.now())
    days = map(dt.date.fromisoformat, platform.warehouse.versions(MODELS))
    return [day for day in days if day >= choice.since]
