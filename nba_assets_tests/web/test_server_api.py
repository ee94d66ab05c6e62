"""The server against its own OpenAPI document, over a release of a simulated date: schemathesis."""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from nba_assets.clock import FixedClock
from nba_assets.engine.platform import Platform
from nba_assets.settings import Settings
from nba_assets.simulator import simulate
from nba_assets_tests.conftest import new_database
from nba_assets_tests.engine.conftest import NOW, take_in
from nba_assets_tests.web.live_server import live_server

DAY = dt.date(2025, 11, 3)


@pytest.fixture(scope="module")
def released(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published folder after a simulated date was taken in."""
    folder = tmp_path_factory.mktemp("released")
    simulate(folder / "drops", seed=7, start=DAY, end=DAY)
    with new_database(postgres) as url:
        platform = Platform.open(Settings(home=folder / "home", database_url=SecretStr(url)), FixedClock(NOW))
        take_in(platform, folder / "drops")
        platform.close()
    return folder / "home" / "published"


@pytest.fixture(scope="module")
def address(released: Path) -> Iterator[str]:
    with live_server(released, access_log=str(released / "access.log")) as found:
        yield found


@pytest.fixture(scope="module")
def api(released: Path, address: str) -> dict[str, Any]:
    """The document that the server itself has, with the ids of this release."""
    return with_real_ids(httpx2.get(f"{address}v1/openapi.json").json(), released)


def with_real_ids(described: dict[str, Any], published: Path) -> dict[str, Any]:
    """A copy whose parameters of paths are those of a file that there is."""
    names = sorted(f"/{path.relative_to(published)}" for path in (published / "v1").rglob("*.json"))
    found = copy.deepcopy(described)
    for template, operations in found["paths"].items():
        named = re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template)))
        there = next((match for name in names if (match := named.fullmatch(name))), None)
        if template.startswith("/v1/"):
            assert there is not None, f"this release has no {template}"
            for operation in operations.values():
                for parameter in operation["parameters"]:
                    if parameter.get("in") == "path":
                        parameter["schema"] = {"type": "string", "enum": [there[parameter["name"]]]}
    return found


def test_every_answer_is_as_described(api: dict[str, Any], address: str, released: Path, tmp_path: Path) -> None:
    """All checks but that what is well asked is granted: a condition may not hold, a range begin behind the end.

    A stream of events has no end: `test_server_process` reads it.
    """
    (tmp_path / "openapi.json").write_text(json.dumps(api))
    options = [
        *("--exclude-path", "/events", "--exclude-checks", "positive_data_acceptance"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "4", "--seed", "7"),
        *("--generation-database", "none"),
        *("--workers", "2", "--no-color"),
    ]
    command = [str(Path(sys.executable).parent / "schemathesis"), "run", "openapi.json", "--url", address, *options]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert said.returncode == 0, said.stdout[-5000:] + said.stderr
    assert int(re.findall(r"(\d+) generated", said.stdout)[0]) > 300, said.stdout
    assert {200, 206, 304, 404, 405, 412, 416} <= answered(released / "access.log")


def answered(log: Path) -> set[int]:
    """The statuses of an access log."""
    return {json.loads(line)["status"] for line in log.read_text().splitlines()}


def test_every_path_of_the_tree_is_described(api: dict[str, Any], released: Path) -> None:
    templates = [re.escape(path) for path in api["paths"]]
    known = re.compile("|".join(re.sub(r"\\{\w+\\}", "[^/]+", template) for template in templates))
    names = [f"/{path.relative_to(released)}" for path in (released / "v1").rglob("*.json")]
    assert len(names) > 400
    about_itself = re.compile("/v1/(openapi|schemas/[a-z_]+).json")
    assert [name for name in names if not known.fullmatch(name) and not about_itself.fullmatch(name)] == []


def test_every_object_is_answered_as_its_manifest_says(address: str) -> None:
    with httpx2.Client(base_url=address) as client:
        files = client.get("v1/manifest.json").json()["files"]
        for name, file in files.items():
            sha256 = file["sha256"]
            found = client.get(f"v1/objects/sha256/{sha256[:2]}/{sha256}.json")
            assert (found.status_code, len(found.content)) == (200, file["bytes"]), name
            json.loads(found.content)
