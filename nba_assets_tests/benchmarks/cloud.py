"""What the gcp profile asks of Google Cloud: bytes kept, objects, operations, jobs, documents, messages.

On the emulators, with Google's clients: requests are counted as they are sent. A simulated league of fifteen games a
date: a fortnight at once, as a backfill does it, then the next date, then one line that moves. Seconds are left out:
an emulator says nothing about Google's.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table

from nba_assets.clock import FixedClock
from nba_assets.contracts import frames, tables
from nba_assets.contracts.model import Type
from nba_assets.engine.attention import attend
from nba_assets.engine.graph import build_order
from nba_assets.engine.landing_zone import named, take_landed
from nba_assets.engine.platform import Platform
from nba_assets.engine.refresh import REFRESH_PHASES, refresh_phase
from nba_assets.settings import Settings
from nba_assets.simulator.faults import simulate_with_faults
from nba_assets.storage import embedded_postgres
from nba_assets.storage.gcp.bigquery_warehouse import BigQueryWarehouse
from nba_assets.storage.gcp.object_store import GcsObjectStore
from nba_assets_tests.emulators.installation import emulated_cloud, new_installation
from nba_assets_tests.engine.conftest import steps, take_in

SEED, GAMES = 7, 15
FIRST, LAST, NEXT = dt.date(2025, 11, 3), dt.date(2025, 11, 16), dt.date(2025, 11, 17)
NOW = dt.datetime(2025, 11, 18, 12, tzinfo=dt.UTC)
FIXED = {Type.INT64: 8, Type.FLOAT64: 8, Type.BOOL: 1, Type.DATE: 8, Type.TIMESTAMP: 8}
"""Bytes of a value as BigQuery counts them (its page on data types' sizes); a null is none, a text 2 and its UTF-8."""
CLASS_A = {"POST": "writes and lists", "PUT": "writes and lists", "PATCH": "writes and lists"}
VERSION_BYTES = 34
"""Of the column that tells a row's partition version: 32 characters."""


def main() -> None:
    console = Console()
    with tempfile.TemporaryDirectory(prefix="nba_assets_cloud_") as work, emulated_cloud():
        local = Settings(home=Path(work) / "postgres", database_url=None)
        settings = new_installation(embedded_postgres.database_url(local), Path(work) / "scratch")
        platform = Platform.open(settings, FixedClock(NOW))
        done: dict[str, Counter[str]] = {}
        with Counted(platform) as counted:
            fortnight = _simulated(Path(work) / "fortnight", FIRST, LAST)
            done["a fortnight at once"] = counted.during(lambda: take_in(platform, fortnight))
            date = _simulated(Path(work) / "date", NEXT, NEXT)
            done["the next date"] = counted.during(lambda: take_in(platform, date))
            name, data = _moved(date)
            done["a line that moves"] = counted.during(lambda: _line(platform, name, data))
        console.print(_operations(done))
        console.print(_kept(platform))
        console.print(_sizes(platform, {"a fortnight": fortnight, "a date": date}))
        platform.close()
        embedded_postgres.release(local)


class Counted:
    """Counts what a platform sends."""

    def __init__(self, platform: Platform) -> None:
        assert isinstance(platform.warehouse, BigQueryWarehouse) and isinstance(platform.landing, GcsObjectStore)
        self._warehouse, self._documents = platform.warehouse, platform.documents
        self._http = platform.landing._client._http
        self._counts: Counter[str] = Counter()

    def __enter__(self) -> Counted:
        self._http.hooks["response"].append(self._answered)
        put = self._documents.put_many

        def counting(documents: Any, sequence: int) -> int:
            written = put(documents, sequence)
            self._counts["Firestore: documents written"] += written
            return written

        self._documents.put_many = counting  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        self._http.hooks["response"].remove(self._answered)

    def during(self, action: Callable[[], object]) -> Counter[str]:
        """What was sent while it ran."""
        self._counts.clear()
        before = asdict(self._warehouse.usage)
        action()
        for name, value in asdict(self._warehouse.usage).items():
            self._counts[f"BigQuery: {name.replace('_', ' ')}"] += value - before[name]
        return Counter(self._counts)

    def _answered(self, response: Any, **_: object) -> None:
        method, path = response.request.method, response.request.path_url
        lists = method == "GET" and path.partition("?")[0].rstrip("/").endswith("/o")
        kind = "deletes" if method == "DELETE" else CLASS_A["POST"] if lists or method in CLASS_A else "reads"
        self._counts[f"Cloud Storage: {kind}"] += 1


def _simulated(folder: Path, first: dt.date, last: dt.date) -> Path:
    simulate_with_faults(folder, seed=SEED, start=first, end=last, faults=(), games=GAMES)
    return folder


def _moved(folder: Path) -> tuple[str, bytes]:
    """The newest capture of one event's props, a moment later, one man's line a point higher."""
    path = max((folder / "odds-api" / "player-props").rglob("*.json"))
    payload = orjson.loads(path.read_bytes())
    outcomes = [o for book in payload["bookmakers"] for market in book["markets"] for o in market["outcomes"]]
    for outcome in outcomes:
        outcome["point"] += outcome["description"] == outcomes[0]["description"]
    name = path.relative_to(folder).as_posix()
    return name.replace(name[-9:-5], f"{int(name[-9:-5]) + 1:04d}"), orjson.dumps(payload)


def _line(platform: Platform, name: str, data: bytes) -> None:
    platform.landing.put(name, data)
    take_landed(platform, named(platform, [name]))

    def refresh(keys: Any, ids: Any) -> bool:
        for phase in REFRESH_PHASES:
            refresh_phase(platform, phase, keys)
        return True

    done = attend(platform, "bench", refresh, lambda first, last, drops: steps(platform, _Window(first, last)))
    assert len(done.applied) == 1, done


class _Window:
    def __init__(self, first: dt.date, last: dt.date) -> None:
        self.first, self.last = first, last


def _operations(done: dict[str, Counter[str]]) -> Table:
    table = Table("asked of Google", *done, title="Operations (15 games a date)", title_justify="left")
    for name in sorted({name for counts in done.values() for name in counts}):
        table.add_row(name, *(f"{counts[name]:,}" for counts in done.values()))
    return table


def _kept(platform: Platform) -> Table:
    """Bytes of the tables as BigQuery counts them, per game."""
    table = Table("dataset", "tables", "rows", "bytes", "rows a game", "bytes a game", title="Tables")
    games = ((LAST - FIRST).days + 2) * GAMES
    for dataset in dict.fromkeys(tables()[name].dataset for name in build_order()):
        names = [name for name in build_order() if tables()[name].dataset == dataset]
        rows = {name: platform.warehouse.read(name, history=True) for name in names}
        count = sum(map(len, rows.values()))
        size = sum(logical_bytes(name, frames.to_arrow(frame, tables()[name])) for name, frame in rows.items())
        table.add_row(
            dataset, str(len(names)), f"{count:,}", f"{size:,}", f"{count / games:,.0f}", f"{size / games:,.0f}"
        )
    return table


def logical_bytes(name: str, rows: pa.Table) -> int:
    """The rows' logical size, by which BigQuery bills storage and scans."""
    total = VERSION_BYTES * len(rows)
    for column in tables()[name].columns:
        values = rows[column.name].combine_chunks()
        if column.type in FIXED:
            total += FIXED[column.type] * (len(values) - values.null_count)
        else:
            texts = values.flatten() if column.type is Type.STRINGS else values
            length = pc.sum(pc.binary_length(texts)).as_py() or 0
            total += length + 2 * (len(texts) - texts.null_count)
    return int(total)


def _sizes(platform: Platform, landed: dict[str, Path]) -> Table:
    table = Table("what", "objects", "bytes", title="Objects and documents")
    for name, folder in landed.items():
        files = [path for path in folder.rglob("*") if path.is_file()]
        table.add_row(f"landed: {name}", f"{len(files):,}", f"{sum(path.stat().st_size for path in files):,}")
    published = list(platform.published.entries())
    table.add_row("published", f"{len(published):,}", f"{sum(entry.size for entry in published):,}")
    bodies = [orjson.dumps(platform.documents.get(path)) for path in platform.documents.list()]
    table.add_row("documents (as JSON)", f"{len(bodies):,}", f"{sum(map(len, bodies)):,}")
    table.add_row("the largest document", "1", f"{max(map(len, bodies)):,}")
    return table
