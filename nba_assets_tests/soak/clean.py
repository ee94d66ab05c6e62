"""The same files without any trouble: one process, all at once, in the order in which they were captured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nba_assets.defs.run import report_landing, run_range
from nba_assets.engine.ingest import Window, ingest
from nba_assets.engine.intake import Incoming, IntakeResult
from nba_assets.engine.platform import Platform
from nba_assets_tests.soak.league import captured


def build(platform: Platform, files: Mapping[str, bytes], folder: Path) -> None:
    """Ingest the files at once: whenever they come, the tables are the same."""

    def run(window: Window, result: IntakeResult) -> bool:
        report_landing(platform, result.dirty)
        report = run_range(platform, window.first, window.last)
        assert report.success, report.failures
        return True

    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    ingest(platform, [Incoming(name, folder / name) for name in sorted(files, key=captured)], run)
