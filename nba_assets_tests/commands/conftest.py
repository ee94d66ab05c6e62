"""Running `nba-assets` in this process, on a home and a database of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from nba_assets import cli
from nba_assets.settings import Settings


@dataclass(frozen=True)
class Said:
    """Exit code and what was printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Said]


@pytest.fixture
def command(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """`command("status", "--json")` runs the verb as the shell would."""
    assert settings.database_url is not None
    monkeypatch.setenv("NBA_ASSETS_HOME", str(settings.home))
    monkeypatch.setenv("NBA_ASSETS_DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments: str) -> Said:
        monkeypatch.setattr("sys.argv", ["nba-assets", *map(str, arguments)])
        code: object = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code or 0
        said = capsys.readouterr()
        return Said(int(str(code)), said.out, said.err)

    return run
