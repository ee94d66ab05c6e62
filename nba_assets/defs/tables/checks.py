"""Asset checks of a table, generated from its contract: its integrity, its plausibility, and what other tables say.

An event costs Dagster 20 ms, so a check is a group of rules; its metadata lists them, and the rows that fail.

`integrity` (types, keys, nulls, games that the schedule has) is what a write refuses and a foreign hand can break. Of a
table that is somebody's critical input its failure is an ERROR and blocks: an asset is a step of its own, so what
descends from the table stops, in this run, and nothing else does. All else warns: what must not pass of a single game
is stopped inside the step, and one odd row of an old date holds up nobody.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Sequence

import dagster as dg
import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.frames import DTYPES, empty
from nba_assets.contracts.model import Role, Table, Versioning
from nba_assets.contracts.verify import Finding, verify
from nba_assets.defs.metadata import asset_key
from nba_assets.defs.tables import cross_checks, own_rules
from nba_assets.defs.tables.dagster_type import check_type
from nba_assets.defs.tables.preview import table_value
from nba_assets.engine.failure import one_line
from nba_assets.engine.platform import Platform

INTEGRITY, PLAUSIBILITY = "integrity", "plausibility"


def check_specs(contract: Table) -> list[dg.AssetCheckSpec]:
    """The checks of a table's asset."""
    key = asset_key(contract)
    blocks = contract.name in critical_tables()
    text = "The contract's types, unique keys, required values and references to the schedule"
    plausible = "Values in their ranges" + "".join(f"; {rule.description}" for rule in contract.checks)
    return [
        dg.AssetCheckSpec(INTEGRITY, asset=key, description=text, blocking=blocks),
        dg.AssetCheckSpec(PLAUSIBILITY, asset=key, description=plausible),
        *(
            dg.AssetCheckSpec(check.name, asset=key, description=check.description)
            for check in cross_checks.CHECKS.get(contract.name, ())
        ),
    ]


def check_results(platform: Platform, contract: Table, days: Sequence[pd.Timestamp]) -> list[dg.AssetCheckResult]:
    """Every check over the rows of `days` as the table now holds them."""
    span = (days[0].date(), days[-1].date())
    frame = platform.warehouse.read(contract.name, dates=span, history=contract.versioning is Versioning.CLOSED)
    found = [_types(contract, frame), *_columns(platform, contract, frame), *own_rules.findings(contract, frame)]
    severity = dg.AssetCheckSeverity.ERROR if contract.name in critical_tables() else dg.AssetCheckSeverity.WARN
    others = cross_checks.CHECKS.get(contract.name, ())
    return [
        _result(contract, INTEGRITY, [f for f in found if f.critical], severity),
        _result(contract, PLAUSIBILITY, [f for f in found if not f.critical], dg.AssetCheckSeverity.WARN),
        *(_compared(platform, contract, check, span) for check in others),
    ]


def _compared(
    platform: Platform, contract: Table, check: cross_checks.CrossCheck, span: tuple[dt.date, dt.date]
) -> dg.AssetCheckResult:
    """A comparison with other tables; one that cannot be made says why, and the table stands."""
    try:
        return _result(contract, check.name, [check.run(platform, span)], dg.AssetCheckSeverity.WARN)
    except Exception as error:
        return dg.AssetCheckResult(
            asset_key=asset_key(contract),
            check_name=check.name,
            passed=False,
            severity=dg.AssetCheckSeverity.WARN,
            description=f"could not be made: {one_line(error)}",
        )


@functools.cache
def critical_tables() -> frozenset[str]:
    """Tables that are a critical input of another."""
    inputs = (entry for table in tables().values() for entry in table.inputs)
    return frozenset(entry.table for entry in inputs if entry.role is Role.CRITICAL)


def _result(
    contract: Table, name: str, findings: Sequence[Finding], severity: dg.AssetCheckSeverity
) -> dg.AssetCheckResult:
    failed = [finding for finding in findings if not finding.passed]
    return dg.AssetCheckResult(
        asset_key=asset_key(contract),
        check_name=name,
        passed=not failed,
        severity=severity,
        description=in_words(failed) if failed else f"{len(findings)} rules hold",
        metadata={
            "rules": dg.MetadataValue.json({finding.rule: finding.fails for finding in findings}),
            **{finding.rule: table_value(finding.failing) for finding in failed if len(finding.failing)},
        },
    )


def in_words(failed: Iterable[Finding]) -> str:
    """Which rules do not hold, and of how many rows."""
    return "; ".join(
        f"{f.rule} ({f.description}): {f.fails} {'row fails' if f.fails == 1 else 'rows fail'}" for f in failed
    )


def _types(contract: Table, frame: pd.DataFrame) -> Finding:
    """The dagster-pandas type has the words; columns and dtypes that are the contract's pass it at a glance."""
    text = "of the contract's columns and dtypes"
    wanted = [DTYPES[column.type] for column in contract.columns]
    if list(frame.columns) == contract.column_names and list(frame.dtypes) == wanted:
        return Finding("types", text, 0, frame.iloc[:0], critical=True)
    verdict = check_type(contract.name, frame)
    return Finding("types", verdict.description or text, 0 if verdict.success else len(frame), frame.iloc[:0], True)


def _columns(platform: Platform, contract: Table, frame: pd.DataFrame) -> Iterator[Finding]:
    dates = (frame["game_date"].min(), frame["game_date"].max()) if len(frame) else None
    references = {}
    for name in sorted({c.references for c in contract.columns if c.references}):
        table, _, column = name.rpartition(".")
        ever = tables()[table].versioning is Versioning.CLOSED
        references[name] = platform.warehouse.read(table, dates=dates, columns=[column], history=ever)[column]
    games = empty(tables()["nbac_schedule"])
    if contract.per_game is not None:
        games = platform.warehouse.read("nbac_schedule", dates=dates, columns=["game_id", "game_status", "season_type"])
    return verify(contract, frame, references, games)
