"""The table of traps: complete, and every test in it is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
DEFINED = re.compile(r"^ *def (test_\w+)", re.MULTILINE)
OF_TRAP = re.compile(r"test_trap_(\d+)_")
TRAPS = range(1, 17)


def table() -> dict[int, set[str]]:
    """By number of the trap, its tests as `file::test`."""
    rows = ROW.findall((Path(__file__).parent / "README.md").read_text(encoding="utf-8"))
    return {int(number): set(re.findall(r"`([^`]+)`", tests)) for number, tests in rows}


def defined(path: Path) -> set[str]:
    return {f"{path.relative_to(TESTS)}::{name}" for name in DEFINED.findall(path.read_text(encoding="utf-8"))}


def test_every_trap_has_tests() -> None:
    assert sorted(table()) == list(TRAPS)


@pytest.mark.parametrize("trap", TRAPS)
def test_every_test_of_a_trap_is_there(trap: int) -> None:
    named = table()[trap]
    files = {TESTS / test.partition("::")[0] for test in named}
    there = {test for file in files if file.exists() for test in defined(file)}
    assert named and named - there == set()


def test_every_test_that_names_a_trap_is_in_its_row() -> None:
    found: dict[int, set[str]] = {trap: set() for trap in TRAPS}
    for path in TESTS.rglob("*.py"):
        for test in defined(path):
            for number in OF_TRAP.findall(test):
                found[int(number)].add(test)
    assert {trap: tests - table()[trap] for trap, tests in found.items() if tests - table()[trap]} == {}
