"""Opening the stores: what there is afterwards, and one clear line where it cannot be."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from nba_assets.errors import PlatformError
from nba_assets.settings import Settings
from nba_assets.storage.embedded_postgres import engine_of
from nba_assets.storage.opening import open_stores


def test_an_empty_home_opens_and_opens_again(settings: Settings) -> None:
    for _ in range(2):
        stores = open_stores(settings)
        assert stores["ledger"].counts()["received_total"] == 0
        assert stores["warehouse"].query("SELECT COUNT(*) AS n FROM nba_orchestration.drops")["n"].tolist() == [0]
        assert list(stores["landing"].list()) == [] == list(stores["documents"].list())
    assert {path.name for path in settings.home.iterdir()} == {
        "landing",
        "private",
        "published",
        "quarantine",
        "warehouse",
    }


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_home_that_cannot_be_written_is_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(PlatformError) as refused:
        open_stores(settings)
    assert str(refused.value) == f"cannot keep the platform in {settings.home}: {os.strerror(code)}"
    assert refused.value.hint


def test_a_home_below_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PlatformError, match="Not a directory"):
        open_stores(Settings(home=tmp_path / "file" / "home", database_url=None))


def test_the_gcp_profile_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="the gcp profile needs NBA_ASSETS_GCP_PROJECT"):
        open_stores(Settings(home=tmp_path / "home", profile="gcp"))
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://someone:s3cret@127.0.0.1:1/x", "Postgres: connection to server at"),
        ("mysql://someone:s3cret@localhost/x", "not a Postgres URL"),
        ("s3cret", "not a Postgres URL"),
    ],
)
def test_a_database_that_cannot_be_had_is_one_line_without_its_password(tmp_path: Path, url: str, says: str) -> None:
    with pytest.raises(PlatformError, match=says) as refused:
        open_stores(Settings(home=tmp_path / "home", database_url=SecretStr(url)))
    assert "s3cret" not in str(refused.value) + refused.value.hint and "\n" not in str(refused.value)


@pytest.mark.parametrize(("version", "says"), [(99, "newer"), (1, "older")])
def test_a_ledger_of_another_version_is_refused(settings: Settings, database_url: str, version: int, says: str) -> None:
    open_stores(settings)
    with engine_of(database_url).begin() as connection:
        connection.execute(text(f"UPDATE nba_orchestration.schema_version SET version = {version}"))
    with pytest.raises(PlatformError, match=f"{says} version") as refused:
        open_stores(settings)
    assert refused.value.hint
