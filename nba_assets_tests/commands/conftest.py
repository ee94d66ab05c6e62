"""Running `nba-assets` as the shell would, on a home and a database of the test's own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import SecretStr

from nba_assets import cli
from nba_assets.contracts import tables
from nba_assets.engine.graph import STEP_DATASETS
from nba_assets.engine.platform import Platform
from nba_assets.settings import Settings
from nba_assets_tests.conftest import new_database
from nba_assets_tests.engine.three_games import FIRST, LINES, SECOND
from nba_assets_tests.evaluation.conftest import written
from nba_assets_tests.handmade import Drops
from nba_assets_tests.modeling.rows import league
from nba_assets_tests.signals import as_at_a_terminal


@dataclass(frozen=True)
class Said:
    """Exit code and what was printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The one line on stderr. Fails if there are more, or none, or it does not say what to do next."""
        assert self.err.count("\n") == 1, self.err
        assert self.err.startswith("error: ") and self.err.endswith(")\n"), self.err
        assert "Traceback" not in self.err
        return self.err.removesuffix("\n")


@dataclass(frozen=True)
class Command:
    """`command("status", "--json")` runs a verb on one home."""

    home: Path
    url: str

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, database_url=SecretStr(self.url))

    @property
    def environment(self) -> dict[str, str]:
        ours = {"NBA_ASSETS_HOME": str(self.home), "NBA_ASSETS_DATABASE_URL": self.url}
        return ours | {"COLUMNS": "200", "NO_COLOR": "1"}

    def __call__(self, *arguments: object) -> Said:
        """In this process."""
        out, err = io.StringIO(), io.StringIO()
        code: object = 0
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name, value in self.environment.items():
                patch.setenv(name, value)
            patch.setattr("sys.argv", ["nba-assets", *map(str, arguments)])
            try:
                cli.main()
            except SystemExit as stop:
                code = stop.code or 0
        return Said(int(str(code)), out.getvalue(), err.getvalue())

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """In a process and a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "nba_assets.cli", *map(str, arguments)],
            env=os.environ | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=as_at_a_terminal,
        )

    def contents(self) -> dict[str, dict[str, str]]:
        """The version of every partition of every table."""
        platform = Platform.open(self.settings)
        names = [t.name for t in tables().values() if t.dataset in STEP_DATASETS]
        found = {name: platform.warehouse.versions(name) for name in names}
        platform.close()
        return found


@contextmanager
def new_command(postgres: str, home: Path) -> Iterator[Command]:
    """Commands on a home that is still to be made, and an empty database."""
    with new_database(postgres) as url:
        yield Command(home, url)


@pytest.fixture
def command(postgres: str, tmp_path: Path) -> Iterator[Command]:
    """Commands on an empty home."""
    (tmp_path / "home").mkdir()
    with new_command(postgres, tmp_path / "home") as made:
        yield made


@pytest.fixture(scope="session")
def drops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hand-made games, of 1 and 3 November 2024, as 14 drops."""
    folder = tmp_path_factory.mktemp("weekend") / "drops"
    for game in (FIRST, SECOND):
        Drops(folder).before(game, LINES)
        Drops(folder).after(game)
    return folder


@pytest.fixture(scope="session")
def first_ingest(
    postgres: str, drops: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Command, Said]]:
    """The home into which the two games were ingested, and what that command said."""
    with new_command(postgres, tmp_path_factory.mktemp("ingested") / "home") as made:
        yield made, made("ingest", drops, "--json")


@pytest.fixture(scope="session")
def ingested(first_ingest: tuple[Command, Said]) -> Command:
    """Commands on a home that holds the two games; no test changes what is in its tables."""
    made, said = first_ingest
    assert said.code == 0, said.err
    return made


@pytest.fixture(scope="session")
def kept(ingested: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of that home."""
    folder = tmp_path_factory.mktemp("kept") / "backup"
    said = ingested("backup", folder)
    assert said.code == 0, said.err
    return folder


@pytest.fixture(scope="module")
def mine(postgres: str, kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """Commands on a copy of that home, to be changed by the tests of one file in their order."""
    with new_command(postgres, tmp_path_factory.mktemp("mine") / "home") as made:
        said = made("restore", kept)
        assert said.code == 0, said.err
        yield made


@pytest.fixture(scope="module")
def simulated(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """Eight dates of a generated league, from Monday 2024-11-04."""
    home = tmp_path_factory.mktemp("backtest") / "home"
    written(home / "warehouse", league(days=8, games=2, players=8, start=pd.Timestamp("2024-11-04")))
    with new_command(postgres, home) as made:
        yield made
