"""A reader of the published tree who goes by the manifest, all the time: what it names must be there, as it says."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import orjson

from nba_assets.engine.manifest import MANIFEST, object_name

PAUSE = 0.05


def read_on(published: Path, told: Path, stop: Path) -> None:
    """Read until the file `stop` is there; then, or at the first mixture, write what was seen into `told`."""
    seen: set[str] = set()
    sequence = reads = 0
    wrong = ""
    while not wrong and not stop.exists():
        path = published / MANIFEST
        if path.exists():
            manifest = orjson.loads(path.read_bytes())
            if manifest["sequence"] < sequence:
                wrong = f"release {manifest['sequence']} after {sequence}"
            sequence = manifest["sequence"]
            wrong = wrong or first_mixture(published, manifest, seen)
            reads += 1
        time.sleep(PAUSE)
    told.write_text(json.dumps({"reads": reads, "releases": sequence, "wrong": wrong}))


def first_mixture(published: Path, manifest: dict[str, dict[str, dict[str, str]]], seen: set[str]) -> str:
    """What of the release is not there or not what it should be; bytes that were right once are not read again."""
    named = dict(manifest["files"])
    for begins, part in manifest.get("parts", {}).items():
        path = published / object_name(part["sha256"])
        if not path.exists():
            return f"{begins}: its part {part['sha256']} is not there"
        named |= {begins: part} | orjson.loads(path.read_bytes())["files"]
    for name, file in named.items():
        path = published / object_name(file["sha256"])
        if not path.exists():
            return f"{name}: its object {file['sha256']} is not there"
        if file["sha256"] not in seen:
            if hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
                return f"{name}: its object {file['sha256']} is something else"
            seen.add(file["sha256"])
    return ""
