"""What readers of one release see otherwise than those of another: files by name, from their manifests alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nba_assets.engine.release_copies import RELEASES, Manifest, load, release_name
from nba_assets.errors import UsageError

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform


@dataclass(frozen=True)
class Change:
    """A file that is new, gone or another one; bytes and status on both sides, None where it is not there."""

    name: str
    what: str
    bytes_before: int | None
    bytes_after: int | None
    status_before: str | None
    status_after: str | None


def releases(platform: Platform) -> list[int]:
    """Sequences of the releases that are kept, in order."""
    names = platform.published.list(RELEASES)
    return sorted(int(name.removeprefix(RELEASES).removesuffix(".json")) for name in names)


def kept_release(platform: Platform, sequence: int) -> Manifest:
    """The manifest of a release.

    Raises `UsageError` for one that never was or was pruned, with those that there are.
    """
    found: Manifest | None = load(platform.published, release_name(sequence)) if sequence > 0 else None
    if found is None:
        raise UsageError(f"there is no release {sequence}", f"those kept are {_spans(releases(platform))}")
    return found


def release_difference(platform: Platform, before: int, after: int) -> list[Change]:
    """Files of which the releases' readers see something else, by name. Raises `UsageError` as `kept_release`."""
    old, new = (kept_release(platform, sequence)["files"] for sequence in (before, after))
    moved = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    return [_change(name, old.get(name), new.get(name)) for name in moved]


def _change(name: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> Change:
    what = "new" if old is None else "gone" if new is None else "changed"
    sides = [side or {} for side in (old, new)]
    sizes, states = ([side.get(field) for side in sides] for field in ("bytes", "status"))
    return Change(name, what, *sizes, *states)


def _spans(numbers: list[int]) -> str:
    """`1 to 3, 7`; `none`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    return ", ".join(" to ".join(map(str, span)) for span in spans) or "none"
