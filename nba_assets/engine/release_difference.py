"""What readers of one release see otherwise than those of another: files by name, from their manifests alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nba_assets.engine.kept_releases import kept_release
from nba_assets.engine.release_copies import difference

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


def release_difference(platform: Platform, before: int, after: int) -> list[Change]:
    """Files of which the releases' readers see something else, by name. Raises `UsageError` as `kept_release`."""
    old, new = (kept_release(platform, sequence)["files"] for sequence in (before, after))
    changed, removed = difference(old, new)
    return [_change(name, old.get(name), new.get(name)) for name in sorted((*changed, *removed))]


def _change(name: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> Change:
    what = "new" if old is None else "gone" if new is None else "changed"
    sides = [side or {} for side in (old, new)]
    sizes, states = ([side.get(field) for side in sides] for field in ("bytes", "status"))
    return Change(name, what, *sizes, *states)
