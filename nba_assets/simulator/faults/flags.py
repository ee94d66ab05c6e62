"""Fault flags as they are written: `late:nbac_play_by_play=6h`, `schema:rename,prefix`, `missing_games=8`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nba_assets.errors import UsageError

FLAG = re.compile(r"(?P<name>[a-z_]+)(?:(?P<sign>[:=])(?P<rest>.+))?")
OPTION = re.compile(r"(?P<key>[A-Za-z_]+)(?:=(?P<value>\w+%?))?")


@dataclass(frozen=True)
class Flag:
    """One flag: the fault's name, and its options by key. `html=2` is the option `html` with the value `2`."""

    name: str
    options: Mapping[str, str]

    def number(self, key: str, default: int) -> int:
        """An option that is a count, or hours, days or per cent with their sign: `6h`, `3d`, `5%`."""
        value = self.options.get(key, str(default)).rstrip("hd%")
        if not value.isdigit():
            raise UsageError(
                f"{key}={self.options[key]} of the fault {self.name} is not a number", f"for example {key}={default}"
            )
        return int(value)


def read_flag(text: str) -> Flag:
    """A flag from its text. Raises `UsageError` if it is of another form."""
    found = FLAG.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no fault flag", "for example html, missing_games=8 or schema:rename,prefix")
    name, rest = found["name"], found["rest"]
    if rest is None:
        return Flag(name, {})
    options = {}
    for part in (f"{name}={rest}" if found["sign"] == "=" else rest).split(","):
        option = OPTION.fullmatch(part.strip())
        if option is None:
            raise UsageError(f"{part!r} in the fault flag {text!r} is no option", f"for example {name}:key=value")
        options[option["key"]] = option["value"] or ""
    return Flag(name, options)
