"""A command in a process of its own: its wall seconds, peak memory with its children, what it printed as JSON."""

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

LOOKED_EVERY = 0.25
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Measured:
    """One command: wall seconds, peak memory with its children in MB, what it printed as JSON."""

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
        together = _peak_of_tree(process)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        said.seek(0)
        words.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {words.read().decode()[-2000:]}")
        return Measured(seconds, max(usage.ru_maxrss / 1024, together), json.loads(said.read()))


def _peak_of_tree(process: subprocess.Popen[bytes]) -> float:
    """Looks at the process and its descendants until it ends: the most memory that they had together, in MB."""
    peak = 0
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        peak = max(peak, sum(map(_resident, _tree(process.pid))))
        time.sleep(LOOKED_EVERY)
    return peak / 1024


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _tree(int(child)))]


def _resident(pid: int) -> int:
    """Resident memory in kB, pages shared with others in proportion; 0 for a process that has gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
