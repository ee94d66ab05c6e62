"""What must hold after the storm, and what must be equal to the clean run; each divergence in one line."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.model import Table, Versioning
from nba_assets.engine.graph import STEP_DATASETS
from nba_assets.engine.manifest import MANIFEST
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import current_manifest, publish, verify_release
from nba_assets.errors import PlatformError
from nba_assets.storage.records import correlation_id
from nba_assets.storage.write_rules import version_key

LIVE = "live"
"""Predictions made before a game by what had arrived by then: they depend on the order of arrival."""
HANGS_ON_LIVE = "model_performance_daily"
"""The record of official predictions: where live ones are official, those as of T are not."""
IS_OFFICIAL = "is_official"
WAITING = ["table", "game_date", "game_id", "reason"]
"""What of a waiting game does not hang on when it was looked at."""
INDEXES = ("schedule.json", "search.json")
"""Their `as_of` is that of the release before at least, though rows are known earlier than before when a capture comes
that is older than one already there: it is not compared."""
ABOUT_ALL = ("status.json", "schedule.json", "search.json")
"""Documents that say which dates were published and what lies in quarantine."""
SHOWN = 3
"""Rows of a table, or documents, that are shown where they diverge."""


def broken(platform: Platform, valid: Mapping[str, str], invalid: Mapping[str, str]) -> list[str]:
    """What does not hold of one home. `valid`, `invalid`: by correlation id the names of the files that were brought.

    Files that were seen half written may be in quarantine besides.
    """
    return [*_ledger(platform, valid, invalid), *_keys(platform), *_release(platform)]


def different(platform: Platform, clean: Platform, *, live: bool) -> list[str]:
    """Where tables, waiting games and documents are not those of the clean run.

    `live`: predictions were made before games, so that those and documents, which show them, are not compared.
    """
    found = []
    live = live and live_rows(platform) > 0
    for table in _step_tables():
        if live and table.name == HANGS_ON_LIVE:
            continue
        if platform.warehouse.versions(table) != clean.warehouse.versions(table):
            found += _rows(table, platform, clean, live=live)
    here, there = (_waiting(one) for one in (platform, clean))
    found += [f"waiting: {line}" for line in sorted(here ^ there)]
    return found if live else found + documents(platform, clean)


def documents(platform: Platform, clean: Platform, *, of_games: bool = False) -> list[str]:
    """Documents of the current release that are not those of the clean run; or only those that are about games."""
    here, there = (_files(one) for one in (platform, clean))
    names = sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))
    names = [name for name in names if name not in INDEXES or _content(platform, name) != _content(clean, name)]
    if of_games:
        names = [
            name
            for name in names
            if name not in ABOUT_ALL and "empty" not in (_status(one, name) for one in (platform, clean))
        ]
    shown = [
        f"document {name}: {_first_difference(_body(platform, name), _body(clean, name))}" for name in names[:SHOWN]
    ]
    return shown + ([f"and {len(names) - SHOWN} documents more"] if len(names) > SHOWN else [])


def stale(platform: Platform, days: Iterable[dt.date]) -> list[str]:
    """Documents that change when all dates are published anew: they were not what the home's own tables say."""
    before = _files(platform)
    publish(platform, [pd.Timestamp(day) for day in days])
    after = _files(platform)
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return [f"document {name} was not what the tables say" for name in names]


def _ledger(platform: Platform, valid: Mapping[str, str], invalid: Mapping[str, str]) -> list[str]:
    counts = platform.ledger.counts()
    found = []
    fates = ("applied", "duplicate", "quarantined", "pending")
    for source, row in {"all": counts, **platform.ledger.counts_by_source()}.items():
        if row["received_total"] != sum(row[fate] for fate in fates):
            found.append(f"ledger identity of {source}: {row}")
    fate = {drop["correlation_id"]: drop["status"] for drop in platform.ledger.drops()}
    for files, wanted in ((valid, "applied"), (invalid, "quarantined")):
        found += [
            f"{name} is {fate.get(key, 'lost')}, not {wanted}" for key, name in files.items() if fate.get(key) != wanted
        ]
    applied = {key for key, status in fate.items() if status == "applied"}
    return found + [f"{key} is applied and was never right" for key in sorted(applied - set(valid))]


def _keys(platform: Platform) -> list[str]:
    found = []
    for table in _step_tables():
        rows = _history(platform, table)
        doubled = int(rows.duplicated(version_key(table)).sum())
        if doubled:
            found.append(f"{table.full_name}: {doubled} rows with a key that another one has")
        if table.versioning is Versioning.CLOSED:
            doubled = int(rows[rows["superseded_at"].isna()].duplicated(list(table.key)).sum())
            if doubled:
                found.append(f"{table.full_name}: {doubled} keys with two current rows")
    return found


def _release(platform: Platform) -> list[str]:
    """Copies and document store are those of the release, and each of its objects is as its schema says."""
    try:
        verify_release(platform)
    except PlatformError as error:
        return [f"release: {error}"]
    manifest = current_manifest(platform)
    if manifest is None:
        return ["nothing is published"]
    found = []
    for name in manifest["files"]:
        copy = orjson.loads(platform.published.get(f"v1/{name}"))
        copy = {key: value for key, value in copy.items() if key not in ("sequence", "generated_at")}
        if copy != orjson.loads(_bytes(platform, name)):
            found.append(f"copy {name} is not that of release {manifest['sequence']}")
    kept = orjson.loads(platform.published.get(MANIFEST))["sequence"]
    mark = platform.documents.get("state/release")
    if mark is None or mark["sequence"] != kept:
        found.append(f"the document store is at {mark}, the release is {kept}")
    return found


def _step_tables() -> list[Table]:
    return [table for table in tables().values() if table.dataset in STEP_DATASETS]


def _history(platform: Platform, table: Table) -> pd.DataFrame:
    return platform.warehouse.read(table, history=table.versioning is Versioning.CLOSED)


def _rows(table: Table, platform: Platform, clean: Platform, *, live: bool) -> list[str]:
    """The table's difference in rows, without live predictions and their grades, and which ones are official."""
    here, there = (_settled(one, table) for one in (platform, clean))
    if live and IS_OFFICIAL in here.columns:
        here, there = (rows.assign(**{IS_OFFICIAL: False}) for rows in (here, there))
    both = pd.concat([here.assign(run="tortured"), there.assign(run="clean")], ignore_index=True)
    for name in table.column_names:
        if both[name].dtype == object:
            both[name] = both[name].map(repr)
    alone = both[~both.duplicated(table.column_names, keep=False)]
    if alone.empty:
        return [] if len(here) == len(there) else [f"{table.full_name}: {len(here)} rows, not {len(there)}"]
    key = [name for name in table.sort_key if name in alone.columns]
    shown = [f"{table.full_name}: {len(alone)} rows diverge"]
    for _, rows in list(alone.groupby(list(table.key), dropna=False))[:SHOWN]:
        columns = [name for name in table.column_names if rows[name].astype(str).nunique() > 1]
        shown.append(f"  {rows[[*dict.fromkeys([*key, *columns, 'run'])]].to_dict('records')}")
    return shown


def _settled(platform: Platform, table: Table) -> pd.DataFrame:
    rows = _history(platform, table)
    if "run_kind" in rows.columns:
        return rows[rows["run_kind"] != LIVE]
    return rows


def live_rows(platform: Platform) -> int:
    """How many predictions were made before their games."""
    made = [platform.warehouse.read(name) for name in ("player_points_predictions", "game_predictions")]
    return sum(int((rows["run_kind"] == LIVE).sum()) for rows in made if "run_kind" in rows.columns)


def _waiting(platform: Platform) -> set[str]:
    rows = platform.ledger.frames("waiting")
    names = [name for name in WAITING if name in rows.columns]
    return {str(row) for row in rows[names].astype(str).to_dict("records")}


def _files(platform: Platform) -> dict[str, str]:
    manifest = current_manifest(platform) or {"files": {}}
    return {name: file["sha256"] for name, file in manifest["files"].items()}


def _status(platform: Platform, name: str) -> str:
    manifest = current_manifest(platform) or {"files": {}}
    return str(manifest["files"].get(name, {}).get("status", ""))


def _bytes(platform: Platform, name: str) -> bytes:
    sha = _files(platform)[name]
    return platform.published.get(f"v1/objects/sha256/{sha[:2]}/{sha}.json")


def _body(platform: Platform, name: str) -> Any:
    return orjson.loads(_bytes(platform, name)) if name in _files(platform) else None


def _content(platform: Platform, name: str) -> Any:
    body = _body(platform, name)
    return {key: value for key, value in body.items() if key != "as_of"} if body is not None else None


def _first_difference(here: Any, there: Any, where: str = "") -> str:
    if isinstance(here, dict) and isinstance(there, dict):
        for key in sorted(here.keys() | there.keys()):
            if here.get(key) != there.get(key):
                return _first_difference(here.get(key), there.get(key), f"{where}.{key}")
    if isinstance(here, list) and isinstance(there, list) and len(here) == len(there):
        for place, (one, other) in enumerate(zip(here, there, strict=True)):
            if one != other:
                return _first_difference(one, other, f"{where}[{place}]")
    return f"{where}: {str(here)[:300]}, not {str(there)[:300]}"


def ids(files: Mapping[str, bytes]) -> dict[str, str]:
    """Names by correlation id."""
    return {correlation_id(name, hashlib.sha256(data).hexdigest()): name for name, data in files.items()}
