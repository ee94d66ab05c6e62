"""What may be an object's name, in every object store."""

from __future__ import annotations

import re

from nba_assets.storage.interfaces import InvalidName

VERSIONS = ".versions"
"""The hidden part below which overwritten contents are, `.versions/<name>/<sha256>`."""
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MAX_PART = 255
MAX_NAME = 1024


def check_name(name: str) -> str:
    """The name itself if it is a valid object name; raises `InvalidName` with the rule it breaks."""
    rule = broken_rule(name)
    if rule:
        raise InvalidName(
            f"invalid object name {name[:200]!r}: {rule}", "use a plain relative path with `/` between its parts"
        )
    return name


def broken_rule(name: str) -> str | None:
    """What is wrong with the name, None if nothing is."""
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return "not valid Unicode"
    if not name or size > MAX_NAME:
        return f"must have 1 to {MAX_NAME} bytes"
    if CONTROL.search(name):
        return "NUL and control characters are not allowed"
    if "\\" in name:
        return "backslashes are not allowed"
    for part in name.split("/"):
        if part == "":
            return "absolute paths and empty parts are not allowed"
        if part.startswith("."):
            return "`.`, `..` and hidden parts are not allowed"
        if len(part.encode()) > MAX_PART:
            return f"a part must have at most {MAX_PART} bytes"
    return None
