"""`make fuzz`: every parser under atheris, one after the other; needs the extra `fuzz` (Linux, x86-64)."""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from nba_assets.contracts import tables

RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
LONGEST_INPUT = 512 * 1024
SLOWEST = 10
"""Seconds of one input beyond which it is a finding."""
LARGEST = 2048
"""MB of memory beyond which it is one."""
out = Console()


@dataclass(frozen=True)
class Fuzzed:
    """One source: how many inputs in how many seconds, and what was found."""

    source: str
    executions: int
    seconds: float
    findings: list[dict[str, Any]]


def fuzz(source: str, seconds: int, folder: Path) -> Fuzzed:
    """Fuzz one source; its inputs and findings stay in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT}", f"-timeout={SLOWEST}", "-print_final_stats=1"]
    limits += [f"-rss_limit_mb={LARGEST}", f"-artifact_prefix={folder}/"]
    command = [sys.executable, "-m", "nba_assets_tests.fuzzing.target", source, str(folder), *limits]
    began = time.perf_counter()
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    spent = time.perf_counter() - began
    said = process.stdout.decode(errors="replace")
    path = folder / "findings.jsonl"
    found = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    if process.returncode:
        found.append({"what": f"stopped with code {process.returncode}", "message": said[-300:], "stack": said[-3000:]})
    runs = RUNS.search(said)
    return Fuzzed(source, int(runs[1]) if runs else 0, spent, found)


def main() -> int:
    """Fuzz the sources asked for; 1 if anything was found."""
    known = sorted(name for name, table in tables().items() if table.paths)
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="of each source")
    parser.add_argument("--source", action="append", choices=known, help="all, if not given")
    parser.add_argument("--keep", type=Path, help="a folder for inputs and findings, instead of a temporary one")
    asked = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        out.print("atheris is not installed: .venv/bin/pip install 'nba_assets[fuzz]' (Linux, x86-64)")
        return 2
    table = Table("source", "executions", "seconds", "findings")
    stacks = []
    with tempfile.TemporaryDirectory() as temporary:
        for source in asked.source or known:
            fuzzed = fuzz(source, asked.seconds, (asked.keep or Path(temporary)) / source)
            whats = "\n".join(f"{f['what']}: {f['message'][:120]}" for f in fuzzed.findings)
            table.add_row(source, f"{fuzzed.executions:,}", f"{fuzzed.seconds:.0f}", whats or "none")
            stacks += [f"{source}, {f.get('form', '')}\n{f['stack']}" for f in fuzzed.findings]
    for stack in stacks:
        out.print(stack, markup=False, highlight=False)
    out.print(table)
    return 1 if stacks else 0


if __name__ == "__main__":
    sys.exit(main())
