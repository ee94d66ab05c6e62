"""The table of faults: complete, and every test in it is there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROW = re.compile(r"^\| F(\d\d) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"^def (test_((?:f\d\d_)+)\w+)", re.MULTILINE)
KNOWN = [*range(1, 44), *range(52, 61)]
"""Those of predictions are not in it yet."""


def table() -> dict[int, set[str]]:
    """By number of the fault, its tests as `file::test`."""
    rows = ROW.findall((Path(__file__).parent / "README.md").read_text(encoding="utf-8"))
    assert [int(number) for number, _ in rows] == KNOWN
    return {int(number): set(re.findall(r"`([^`]+)`", tests)) for number, tests in rows}


def test_the_table_of_faults_is_complete_and_true() -> None:
    there: dict[int, set[str]] = {number: set() for number in KNOWN}
    for path in TESTS.rglob("*.py"):
        for name, ids in NAMED.findall(path.read_text(encoding="utf-8")):
            for number in re.findall(r"f(\d\d)_", ids):
                if int(number) in there:
                    there[int(number)].add(f"{path.relative_to(TESTS)}::{name}")
    assert [number for number, tests in there.items() if not tests] == [], "faults without a test"
    assert table() == there
