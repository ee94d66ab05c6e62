"""What holds after every fault: the ledger adds up, no key is doubled, tables and release are those of a clean run."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import pandas as pd
import pytest

from nba_assets.contracts import tables
from nba_assets.contracts.model import Versioning
from nba_assets.engine.captures import capture_of
from nba_assets.engine.graph import build_order
from nba_assets.engine.kept_releases import kept_release, releases
from nba_assets.engine.manifest import hashes, object_name
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import current_manifest, verify_release
from nba_assets.engine.release_copies import document_path
from nba_assets.modeling.live import ASKS
from nba_assets.sources.assemble import Capture
from nba_assets.storage import records
from nba_assets.storage.write_rules import version_key
from nba_assets_tests.faults.clean_run import CleanRun
from nba_assets_tests.laws.drops import Drop
from nba_assets_tests.laws.tables import Frames, assert_same


@dataclass(frozen=True)
class Received(Drop):
    """A drop as the ledger has it: known when it was received if its stamp says later."""

    receipt: records.Drop

    @cached_property
    def capture(self) -> Capture:
        return capture_of(self.parsed, self.receipt)


def assert_sound(platform: Platform, built: Collection[str] = ()) -> None:
    """The ledger adds up in every source, no stored key is doubled, and the tables are what the valid drops make.

    `built`: the tables that the test has built; all without it. They are compared, all versions of all rows, with
    those of a run over the landed bytes of all drops that are not in quarantine: in order, from nothing, in memory.
    """
    assert_adds_up(platform)
    clean = _clean(platform, built)
    for name in built or build_order():
        rows = stored(platform, name)
        doubled = rows[rows.duplicated(version_key(tables()[name]), keep=False)]
        assert doubled.empty, (name, doubled[list(tables()[name].key)].iloc[0].to_dict())
        assert_same(tables()[name], rows, clean[name])


def assert_adds_up(platform: Platform) -> None:
    """Received = applied + duplicate + quarantined + pending, in every source."""
    for source, counts in platform.ledger.counts_by_source().items():
        parts = sum(counts[name] for name in ("applied", "duplicate", "quarantined", "pending"))
        assert counts["received_total"] == parts, (source, counts)


def assert_released(platform: Platform) -> None:
    """The release is whole, copies and documents are its own and no others, every kept release can come back."""
    assert_adds_up(platform)
    manifest = current_manifest(platform)
    assert manifest is not None and verify_release(platform) == len(manifest["files"])
    store = platform.published
    whole = {name: store.get(object_name(file["sha256"])) for name, file in manifest["files"].items()}
    strict = {name: json.loads(data, parse_constant=pytest.fail) for name, data in whole.items()}
    copied = {name.removeprefix("v1/") for part in ("latest", "historical") for name in store.list(f"v1/{part}/")}
    assert copied <= set(whole)
    for name, data in whole.items():
        copy = store.get(f"v1/{name}")
        assert copy.endswith(data[1:]) and json.loads(copy)["sequence"] <= manifest["sequence"], name
    documents = {path: strict[name] for name in whole if (path := document_path(name))}
    assert {path: platform.documents.get(path) for path in platform.documents.list("predictions/")} == documents
    for sequence in releases(platform):
        assert all(store.exists(object_name(sha256)) for sha256 in hashes(kept_release(platform, sequence)))


def stored(platform: Platform, name: str) -> pd.DataFrame:
    """A table's rows of all dates, all versions."""
    return platform.warehouse.read(name, history=tables()[name].versioning is Versioning.CLOSED)


def versions(platform: Platform) -> dict[str, dict[str, str]]:
    """The version of every partition of every table."""
    return {name: platform.warehouse.versions(name) for name in build_order()}


def _clean(platform: Platform, built: Collection[str]) -> Frames:
    receipts = platform.ledger.drops(status=["received", "pending", "applied"])
    drops = [
        Received(
            one["object_name"], platform.landing.get(one["object_name"], one["content_hash"]), cast(records.Drop, one)
        )
        for one in sorted(receipts, key=lambda one: (one["known_at"], one["content_hash"], one["object_name"]))
    ]
    days = sorted({pd.Timestamp(day) for drop in drops for day in drop.dates})
    run = CleanRun(drops)
    for name in built or build_order():
        if ready := [day for day in days if run.is_ready(name, day)]:
            run.make(name, ready)
        if name in ASKS:  # what was said before the games: no drop tells when that was, so it is taken as it was said
            said = stored(platform, name)
            run.add(name, said[said["run_kind"] == "live"])
    return run.frames
