"""`refresh`: one player, team or game through all phases; nothing that is right already moves."""

from __future__ import annotations

import pytest

from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.engine.three_games import ADAM, FIRST

DAY = ("--date", str(FIRST.day))


@pytest.mark.parametrize(("option", "entity"), [("--team", "NYK"), ("--game", FIRST.game_id)], ids=lambda v: v)
def test_a_refresh_goes_through_every_phase_and_moves_nothing(option: str, entity: str, ingested: Command) -> None:
    before = ingested.contents()
    said = ingested("refresh", *DAY, option, entity, "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["keys"] == [f"{FIRST.day}|{option[2:]}|{entity}"]
    assert said.json["games"] == [FIRST.game_id]
    assert [line["phase"][0] for line in said.json["phases"]] == list("23456")
    assert ingested.contents() == before


def test_it_is_told_by_phase_and_found_under_the_player(ingested: Command) -> None:
    said = ingested("refresh", *DAY, "--player", ADAM)
    assert f"game {FIRST.game_id}" in said.out and "4 precompute" in said.out
    seen = ingested("status", "--player", ADAM, "--json").json["executions"]
    assert {"incremental"} == {e["event_type"] for e in seen}
    assert "nba_predictions.player_points_predictions" in {e["processor_name"] for e in seen}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--player", "1"), "player 1 has no game on 2024-11-01"),
        (("--team", "LAL"), "team LAL has no game on 2024-11-01"),
        (("--game", "0022400999"), "game 0022400999 has no game on 2024-11-01"),
    ],
)
def test_who_has_no_game_that_day_is_bad_usage(arguments: tuple[str, str], says: str, ingested: Command) -> None:
    said = ingested("refresh", *DAY, *arguments)
    assert said.code == 2
    assert f"{says} (nba-assets status --date 2024-11-01 lists the games)" in said.error
