"""Asset checks generated from the contract: they report (WARN), gates are inside the steps."""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg
import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.frames import empty
from nba_assets.contracts.model import Table, Versioning
from nba_assets.contracts.verify import checks_of, verify
from nba_assets.defs.metadata import asset_key
from nba_assets.defs.tables.preview import markdown
from nba_assets.engine.platform import Platform
from nba_assets.engine.step import StepResult


def check_results(
    platform: Platform, contract: Table, result: StepResult, days: Sequence[pd.Timestamp]
) -> list[dg.AssetCheckResult]:
    """Every generated check over the rows of `days` as the table now holds them."""
    span = (days[0].date(), days[-1].date())
    frame = platform.warehouse.read(contract.name, dates=span, history=contract.versioning is Versioning.CLOSED)
    names = sorted({c.references for c in contract.columns if c.references})
    references = {}
    for name in names:
        table, _, column = name.rpartition(".")
        bare = table.rpartition(".")[2]
        references[name] = platform.warehouse.read(bare, dates=span, columns=[column])[column]
    games = empty(tables()["nbac_schedule"])
    if contract.per_game is not None:
        games = platform.warehouse.read("nbac_schedule", dates=span, columns=["game_id", "game_status"])
    findings = {finding.check: finding for finding in verify(contract, frame, references, games)}
    return [
        dg.AssetCheckResult(
            asset_key=asset_key(contract),
            check_name=name,
            passed=findings[name].passed,
            severity=dg.AssetCheckSeverity.WARN,
            description=findings[name].description,
            metadata={"failing_rows": dg.MetadataValue.md(markdown(findings[name].failing))},
        )
        for name in checks_of(contract)
    ]
