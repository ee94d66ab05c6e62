"""Dump and restore of the platform's schemas with Postgres' own tools."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import inspect, make_url

from nba_assets.errors import PlatformError
from nba_assets.storage.embedded_postgres import binaries, engine_of, plain_errors


def dump(url: str, target: Path, schemas: Sequence[str]) -> None:
    """Write the schemas (those there are) into a file that `restore` reads, as of one moment."""
    chosen = [f"--schema={name}" for name in present(url, schemas)]
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", *chosen)


def restore(url: str, source: Path) -> None:
    """Bring back the schemas of a dump, all or nothing."""
    _run("pg_restore", url, "--single-transaction", "--exit-on-error", "--no-owner", str(source))


def dump_script(url: str, target: Path, schemas: Sequence[str], snapshot: str, without_rows_of: str) -> None:
    """Write the schemas (those there are) as SQL for `run_scripts`, as of an exported snapshot."""
    chosen = [f"--schema={name}" for name in present(url, schemas)]
    options = ["--format=plain", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
    _run("pg_dump", url, *options, f"--exclude-table-data={without_rows_of}", *chosen)


def run_scripts(url: str, scripts: Sequence[Path]) -> None:
    """Run files of SQL one after the other, all or nothing."""
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--output={os.devnull}"]
    _run("psql", url, *options, *(f"--file={script}" for script in scripts))


def require_empty(url: str, schemas: Sequence[str]) -> None:
    """Raises `PlatformError` if one of the schemas is there."""
    if found := present(url, schemas):
        raise PlatformError(
            f"the database has the schemas {', '.join(found)} already", "restore into an empty database"
        )


def present(url: str, schemas: Sequence[str]) -> list[str]:
    """Those of the schemas that are there."""
    with plain_errors():
        there = set(inspect(engine_of(url)).get_schema_names())
    return [name for name in schemas if name in there]


def major_version() -> int:
    """That of the tools."""
    said = subprocess.run([binaries() / "pg_dump", "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].partition(".")[0])


def _run(tool: str, url: str, *arguments: str) -> None:
    """Run a tool; the password goes by the environment, never by the command line or a message."""
    parsed = make_url(url)
    address = parsed.set(drivername="postgresql", password=None).render_as_string()
    env = os.environ | ({"PGPASSWORD": parsed.password} if parsed.password else {})
    done = subprocess.run(
        [binaries() / tool, f"--dbname={address}", *arguments], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if "error" in line.lower()] or [f"{tool} failed"]
        raise PlatformError(lines[0].strip(), "check the disk and the database's version")
