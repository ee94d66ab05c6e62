"""`publish`: the release that readers see, and the way back to an earlier one."""

from __future__ import annotations

import json

import pytest

from nba_assets.engine.platform import Platform
from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.engine.conftest import take_in
from nba_assets_tests.engine.three_games import correction


@pytest.fixture(scope="module")
def twice(mine: Command, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The home of the two games with a second release, of a corrected first game."""
    platform = Platform.open(mine.settings)
    take_in(platform, correction(tmp_path_factory.mktemp("twice")))
    platform.close()
    return mine


def files(command: Command) -> dict[str, str]:
    manifest = json.loads((command.home / "published/v1/manifest.json").read_text())
    return {name: file["sha256"] for name, file in manifest["files"].items()}


def test_it_shows_the_current_release_and_goes_back_and_forth(twice: Command) -> None:
    said = twice("publish", "--json")
    assert (said.code, said.err) == (0, "")
    assert (said.json["sequence"], said.json["files"]) == (2, len(files(twice)))
    assert said.json["folder"] == str(twice.home / "published")
    second = files(twice)

    back = twice("publish", "--rollback", "1", "--json")
    assert back.json["sequence"] == 3, "readers never see a sequence fall"
    first = files(twice)
    assert first.keys() == second.keys() and first != second

    forth = twice("publish", "--rollback", "2")
    assert forth.code == 0 and "sequence" in forth.out
    assert files(twice) == second


def test_a_release_that_never_was_is_bad_usage_and_moves_nothing(twice: Command) -> None:
    before = files(twice)
    said = twice("publish", "--rollback", "99")
    assert said.code == 2
    assert "there is no release 99 (the releases are 1 to " in said.error
    assert files(twice) == before
