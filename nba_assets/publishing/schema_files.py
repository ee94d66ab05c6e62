"""`python -m nba_assets.publishing.schema_files FOLDER`: the schemas and the OpenAPI document of v1 as files.

A schema that readers of the one in the folder would stumble over is refused: within v1 fields are only added.
"""

from __future__ import annotations

import sys
from pathlib import Path

import orjson

from nba_assets.errors import PlatformError
from nba_assets.publishing import schemas
from nba_assets.publishing.compatibility import breaks
from nba_assets.publishing.rows import Record


def text(body: Record) -> bytes:
    """A schema as it stands in the folder."""
    return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def write(folder: Path) -> None:
    """Write all of them. Raises `PlatformError` naming what breaks, before anything is written."""
    found = [line for name in schemas.files() for line in broken(folder, name)]
    if found:
        raise PlatformError(
            f"readers of v1 would stumble over {len(found)} changes: {'; '.join(found)}",
            "add fields beside the old ones, or begin v2",
        )
    for name, body in schemas.files().items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text(body))


def broken(folder: Path, name: str) -> list[str]:
    """What of a schema breaks readers of the one in the folder; nothing where there is none."""
    there = folder / name
    if name == schemas.OPENAPI_NAME or not there.is_file():
        return []
    return [f"{name} {line}" for line in breaks(orjson.loads(there.read_bytes()), schemas.files()[name])]


if __name__ == "__main__":
    try:
        write(Path(sys.argv[1]))
    except PlatformError as error:
        sys.exit(f"error: {error}")
