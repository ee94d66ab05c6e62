"""The releases that one can go back to: those whose manifests are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nba_assets.engine.manifest import RELEASES, Manifest, read_manifest, release_name
from nba_assets.errors import UsageError

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform


def releases(platform: Platform) -> list[int]:
    """Sequences of the releases that are kept, in order."""
    names = platform.published.list(RELEASES)
    return sorted(int(name.removeprefix(RELEASES).removesuffix(".json")) for name in names)


def kept_release(platform: Platform, sequence: int) -> Manifest:
    """The manifest of a release.

    Raises `UsageError` for one that never was or was pruned, with those that there are.
    """
    found = read_manifest(platform.published, release_name(sequence)) if sequence > 0 else None
    if found is None:
        raise UsageError(f"there is no release {sequence}", f"those kept are {_spans(releases(platform))}")
    return found


def _spans(numbers: list[int]) -> str:
    """`1 to 3, 7`; `none`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    return ", ".join(" to ".join(map(str, span)) for span in spans) or "none"
