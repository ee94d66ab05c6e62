"""The list of a live examination: what was looked at, what was found, how long it took, and what it left to remove."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from nba_assets.commands.faults import plain_fault
from nba_assets.errors import PlatformError

CLEANING = "cleaning up"


@dataclass(frozen=True)
class Found:
    """What a check that passed has to say; `bytes` are those that it sent or fetched."""

    text: str = ""
    bytes: int | None = None
    milliseconds: float | None = None
    """Where another time than that of the whole check tells more."""


@dataclass(frozen=True)
class Line:
    """One check."""

    service: str
    check: str
    ok: bool
    milliseconds: float
    bytes: int | None = None
    found: str = ""
    advice: str = ""


class Checklist:
    """Checks are made one after the other; `tell` is given the name of each before."""

    def __init__(self, tell: Callable[[str], None] = lambda name: None) -> None:
        self.lines: list[Line] = []
        self._tell = tell
        self._left: list[tuple[str, Callable[[], object]]] = []

    def check(self, service: str, name: str, look: Callable[[], Found | str]) -> bool:
        """Look, and note what was found or what is wrong; whether all is well."""
        self._tell(f"{service}: {name}")
        begun = time.perf_counter()
        try:
            found = look()
        except Exception as error:
            known = error if isinstance(error, PlatformError) else plain_fault(error)
            self._note(service, name, begun, False, Found(str(known)), known.hint)
            return False
        self._note(service, name, begun, True, Found(found) if isinstance(found, str) else found)
        return True

    def part(self, service: str, look: Callable[[], None]) -> None:
        """Make a service's checks; what keeps them from being made at all is a line too."""
        begun = time.perf_counter()
        try:
            look()
        except Exception as error:
            known = error if isinstance(error, PlatformError) else plain_fault(error)
            self._note(service, "connect", begun, False, Found(str(known)), known.hint)

    def remove_at_last(self, what: str, remove: Callable[[], object]) -> None:
        """Have something removed at the end, whatever happens until then."""
        self._left.append((what, remove))

    def clean_up(self) -> list[Line]:
        """Remove it, the latest first; what cannot be removed is named in its line and does not keep the rest."""
        made = len(self.lines)
        while self._left:
            what, remove = self._left[-1]
            self.check(CLEANING, what, lambda remove=remove: str(remove() or ""))  # type: ignore[misc]
            self._left.pop()
        return self.lines[made:]

    def _note(self, service: str, name: str, begun: float, ok: bool, found: Found, advice: str = "") -> None:
        spent = found.milliseconds if found.milliseconds is not None else 1000 * (time.perf_counter() - begun)
        self.lines.append(Line(service, name, ok, round(spent, 1), found.bytes, found.text, advice))


def must(holds: bool, wrong: str, advice: str) -> None:
    """Raise `PlatformError` unless it holds."""
    if not holds:
        raise PlatformError(wrong, advice)
