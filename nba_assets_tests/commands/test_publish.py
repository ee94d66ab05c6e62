"""`publish`: the release that readers see, and the way back to an earlier one."""

from __future__ import annotations

import pytest

from nba_assets.engine.manifest import MANIFEST, Manifest, read_manifest, release_name
from nba_assets.engine.platform import Platform
from nba_assets.storage.object_store import LocalObjectStore
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
    return {name: file["sha256"] for name, file in manifest(command, MANIFEST)["files"].items()}


def manifest(command: Command, name: str) -> Manifest:
    found = read_manifest(LocalObjectStore(command.home / "published"), name)
    assert found is not None
    return found


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
    assert "there is no release 99 (those kept are 1 to " in said.error
    assert files(twice) == before


def test_two_releases_are_compared_file_by_file(twice: Command) -> None:
    said = twice("publish", "--diff", "1", "2", "--json")
    assert (said.code, said.err) == (0, "")
    first, second = (manifest(twice, release_name(number))["files"] for number in (1, 2))
    expected = {name for name in {*first, *second} if first.get(name) != second.get(name)}
    changes = {change["name"]: change for change in said.json["changes"]}
    assert changes.keys() == expected and expected
    for name, change in changes.items():
        assert change["bytes_after"] == second[name]["bytes"]
        assert change["what"] == ("changed" if name in first else "new")
    words = twice("publish", "--diff", "1", "2")
    assert f"From release 1 to 2: {len(second.keys() - first.keys())} new," in words.out
    assert twice("publish", "--diff", "1", "1", "--json").json["changes"] == []
    assert twice("publish", "--diff", "1", "99").code == 2


def test_nothing_that_a_reader_may_need_is_collected(twice: Command) -> None:
    before = files(twice)
    said = twice("publish", "--gc", "--json")
    assert (said.code, said.err) == (0, "")
    kinds = {kind["what"]: kind for kind in said.json["kinds"]}
    assert kinds["releases"]["removed"] == 0 and kinds["releases"]["kept"] >= 3
    assert kinds["published objects"]["removed"] == 0
    assert files(twice) == before


def test_one_thing_is_asked_for_at_a_time(twice: Command) -> None:
    said = twice("publish", "--gc", "--rollback", "1")
    assert said.code == 2
    assert "one at a time" in said.error
