"""Automation conditions, derived from a contract's inputs.

Fire when a critical input's data version changed, or is about to be made in the same tick; wait while a critical input
is missing or being made; take no notice of optional and `^` inputs. No time window: a correction of an old date counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import dagster as dg

from nba_assets.contracts import tables
from nba_assets.contracts.model import Role, Table
from nba_assets.defs.metadata import asset_key, landing_key

Condition = dg.AutomationCondition[dg.AssetKey]


def condition(contract: Table) -> Condition:
    """The condition of a table's asset."""
    if contract.dataset == "nba_raw":
        return _condition([[landing_key(source) for source in contract.sources]])
    return _condition(_criticals(contract))


def _criticals(contract: Table) -> list[list[dg.AssetKey]]:
    """Groups of critical inputs: one of each group is enough."""
    groups: dict[str, list[dg.AssetKey]] = defaultdict(list)
    for entry in contract.inputs:
        if entry.role is Role.CRITICAL:
            groups[entry.any_of or entry.table].append(asset_key(tables()[entry.table]))
    return list(groups.values())


def _condition(groups: list[list[dg.AssetKey]]) -> Condition:
    critical = _selection(key for group in groups for key in group)
    changed = (
        dg.AutomationCondition.any_deps_match(
            dg.AutomationCondition.data_version_changed() | dg.AutomationCondition.will_be_requested()
        )
        .allow(critical)
        .with_label("critical input changed")
    )
    ready = dg.AutomationCondition.in_progress().__invert__()
    for group in groups:
        present = dg.AutomationCondition.any_deps_match(
            ~dg.AutomationCondition.missing() | dg.AutomationCondition.will_be_requested()
        ).allow(_selection(group))
        ready = ready & present.with_label(f"there is {' or '.join(key.path[-1] for key in group)}")
    busy = dg.AutomationCondition.any_deps_in_progress().allow(critical)
    return (changed.since_last_handled() & ready & ~busy).with_label("critical inputs changed and there")


def _selection(keys: Iterable[dg.AssetKey]) -> dg.AssetSelection:
    return dg.AssetSelection.assets(*keys)
