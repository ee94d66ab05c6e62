"""A command in a process of its own: its wall seconds, its peak memory, what it printed as JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measured:
    """One command: wall seconds of the whole process, its peak memory in MB, what it printed as JSON."""

    seconds: float
    peak_mb: float
    said: Any

    def phase(self, name: str) -> str:
        """Seconds of a phase of `nba-assets ingest` or `refresh`; empty if it has none."""
        found = [line["seconds"] for line in self.said.get("phases", []) if line["phase"] == name]
        return f"{found[0]:.2f}" if found else ""


def measure(home: Path, module: str, *arguments: str) -> Measured:
    """Run a Python module on the home. Raises `RuntimeError` with its last words if it fails."""
    environment = os.environ | {"NBA_ASSETS_HOME": str(home)}
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], env=environment, stdout=said, stderr=words
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        said.seek(0)
        words.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {words.read().decode()[-2000:]}")
        return Measured(seconds, usage.ru_maxrss / 1024, json.loads(said.read()))
