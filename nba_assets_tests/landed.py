"""A file put where others look for it, as somebody does who knows how: written beside it first, then renamed."""

from __future__ import annotations

from pathlib import Path


def beside(path: Path, data: bytes) -> Path:
    """The data in a hidden file beside `path`, whose folder is made: rename it to put it there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.part")
    staged.write_bytes(data)
    return staged
