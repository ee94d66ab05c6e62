"""Asset checks generated from the contract: they report (WARN), gates are inside the steps."""

from collections.abc import Iterator, Sequence

import dagster as dg
import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.frames import empty
from nba_assets.contracts.model import Table, Versioning
from nba_assets.contracts.verify import FAILING_ROWS, Finding, checks_of, verify
from nba_assets.defs.metadata import asset_key
from nba_assets.defs.tables.dagster_type import check_type
from nba_assets.defs.tables.preview import markdown
from nba_assets.engine.platform import Platform

TYPES = "types"


def check_specs(contract: Table) -> list[dg.AssetCheckSpec]:
    """The dagster-pandas type, the rules of single columns and keys, and the contract's own rules."""
    key = asset_key(contract)
    own = [dg.AssetCheckSpec(check.name, asset=key, description=check.description) for check in contract.checks]
    return [dg.AssetCheckSpec(name, asset=key) for name in (TYPES, *checks_of(contract))] + own


def check_results(platform: Platform, contract: Table, days: Sequence[pd.Timestamp]) -> list[dg.AssetCheckResult]:
    """Every generated check over the rows of `days` as the table now holds them."""
    span = (days[0].date(), days[-1].date())
    frame = platform.warehouse.read(contract.name, dates=span, history=contract.versioning is Versioning.CLOSED)
    findings = [_type(contract, frame), *_columns(platform, contract, frame), *_rules(platform, contract, days)]
    return [
        dg.AssetCheckResult(
            asset_key=asset_key(contract),
            check_name=finding.check,
            passed=finding.passed,
            severity=dg.AssetCheckSeverity.WARN,
            description=finding.description,
            metadata={"failing_rows": dg.MetadataValue.md(markdown(finding.failing))} if not finding.passed else {},
        )
        for finding in findings
    ]


def _type(contract: Table, frame: pd.DataFrame) -> Finding:
    verdict = check_type(contract.name, frame)
    return Finding(TYPES, verdict.success, verdict.description or "of the contract's columns and dtypes", frame.head(0))


def _columns(platform: Platform, contract: Table, frame: pd.DataFrame) -> Iterator[Finding]:
    dates = (frame["game_date"].min(), frame["game_date"].max()) if len(frame) else None
    references = {}
    for name in sorted({c.references for c in contract.columns if c.references}):
        table, _, column = name.rpartition(".")
        references[name] = platform.warehouse.read(table, dates=dates, columns=[column])[column]
    games = empty(tables()["nbac_schedule"])
    if contract.per_game is not None:
        games = platform.warehouse.read("nbac_schedule", dates=dates)
    return verify(contract, frame, references, games)


def _rules(platform: Platform, contract: Table, days: Sequence[pd.Timestamp]) -> Iterator[Finding]:
    """The contract's own rules, all in one question; only the rows that break one are fetched."""
    if not contract.checks:
        return
    closed = contract.versioning is Versioning.CLOSED
    source = f"{contract.full_name}{'__history' if closed else ''}"
    dates = f"game_date BETWEEN DATE '{days[0]:%Y-%m-%d}' AND DATE '{days[-1]:%Y-%m-%d}'"
    counts = ", ".join(f"IFNULL(COUNTIF(NOT ({check.predicate})), 0) AS {check.name}" for check in contract.checks)
    broken = platform.warehouse.query(f"SELECT {counts} FROM {source} WHERE {dates}").iloc[0]
    for check in contract.checks:
        number = int(broken[check.name])
        failing = pd.DataFrame()
        if number:
            rule = f"{dates} AND NOT ({check.predicate})"
            failing = platform.warehouse.query(f"SELECT * FROM {source} WHERE {rule} LIMIT {FAILING_ROWS}")
        text = f"{check.description}: {number} rows fail" if number else check.description
        yield Finding(check.name, not number, text, failing)
