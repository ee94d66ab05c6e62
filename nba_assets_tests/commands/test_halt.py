"""`halt` and `resume`: said to readers with the reason, once at a time."""

from __future__ import annotations

import json

from nba_assets_tests.commands.conftest import Command


def status(command: Command) -> dict:
    return json.loads((command.home / "published/v1/status.json").read_text())


def test_a_halt_is_published_with_its_reason_and_ended(mine: Command) -> None:
    assert mine("halt", "--reason", " ").code == 2
    assert "needs a reason" in mine("halt", "--reason", " ").error
    assert mine("resume").code == 1

    said = mine("halt", "--reason", "the lines feed is broken", "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["dates"] == [], "the weekend was played long ago"
    assert status(mine)["data"]["halted"]["reason"] == "the lines feed is broken"
    again = mine("halt", "--reason", "another")
    assert again.code == 1 and "halted already" in again.error

    over = mine("resume")
    assert over.code == 0 and "made again" in over.out
    assert status(mine)["data"]["halted"] is None
