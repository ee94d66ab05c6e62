"""Contracts as Dagster metadata: column schema, column lineage, kinds, tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg

from nba_assets.contracts import tables
from nba_assets.contracts.docs import dates_read, grid
from nba_assets.contracts.model import Column, Table

TEAM = "team:nba-assets"


def asset_key(contract: Table) -> dg.AssetKey:
    """`[dataset, table]`."""
    return dg.AssetKey([contract.dataset, contract.name])


def landing_key(source: str) -> dg.AssetKey:
    """`[landing, source]`."""
    return dg.AssetKey(["landing", source])


def column_schema(contract: Table) -> dg.TableSchema:
    """The contract's columns as Dagster shows them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=c.name,
                type=str(c.type),
                description=c.description,
                constraints=dg.TableColumnConstraints(
                    nullable=c.nullable, unique=contract.key == (c.name,), other=_constraints(c)
                ),
            )
            for c in contract.columns
        ]
    )


def _constraints(column: Column) -> list[str]:
    facts = []
    if column.low is not None or column.high is not None:
        facts.append(
            f"{column.low if column.low is not None else ''} to {column.high if column.high is not None else ''}"
        )
    if column.values:
        facts.append("one of " + ", ".join(column.values))
    if column.references:
        facts.append(f"references {column.references}")
    if column.unit:
        facts.append(column.unit)
    return facts


def column_lineage(contract: Table) -> dg.TableColumnLineage | None:
    """Where columns come from, as far as the contract says."""
    deps: dict[str, list[dg.TableColumnDep]] = {}
    for column in contract.columns:
        for source in column.source:
            table, _, name = source.rpartition(".")
            upstream = tables()[table.rpartition(".")[2]]
            deps.setdefault(column.name, []).append(dg.TableColumnDep(asset_key=asset_key(upstream), column_name=name))
    return dg.TableColumnLineage(deps_by_column=deps) if deps else None


def _reads(contract: Table) -> Iterator[str]:
    """Every input with what its absence means and the dates that are read of it: a Markdown table."""
    rows = [(tables()[entry.table].full_name, str(entry.role), dates_read(entry)) for entry in contract.inputs]
    yield from grid(("input", "role", "dates read around (history: before) the row's own"), rows)


def definition_metadata(contract: Table) -> dict[str, Any]:
    """Metadata that stands on the asset itself."""
    found: dict[str, Any] = {
        "dagster/column_schema": column_schema(contract),
        "grain": ", ".join(contract.key),
        "versioning": str(contract.versioning),
    }
    if contract.inputs:
        found["reads"] = dg.MetadataValue.md("\n".join(_reads(contract)))
    lineage = column_lineage(contract)
    if lineage is not None:
        found["dagster/column_lineage"] = lineage
    return found
