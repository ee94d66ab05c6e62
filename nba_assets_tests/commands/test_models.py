"""`models`: the choice of the serving recipe, made and taken back."""

from __future__ import annotations

from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.engine.three_games import FIRST, SECOND


def test_a_recipe_that_no_model_has_and_a_way_back_that_there_is_not_are_refused(mine: Command) -> None:
    said = mine("models", "serve", "market_basline")
    assert (said.code, said.out) == (2, "")
    assert said.error == "error: no model is made by recipe 'market_basline' (nearest: market_baseline)"
    back = mine("models", "back")
    assert back.code == 1 and back.error.startswith("error: no choice stands")
    assert mine("models", "serve", "market_baseline", "--since", "tomorrow").code == 2


def test_a_choice_is_kept_with_who_and_why_shown_and_taken_back(mine: Command) -> None:
    before = mine.contents()
    said = mine("models", "serve", "market_baseline", "--since", SECOND.day, "--reason", "the feed is broken", "--json")
    assert said.code == 0, said.err
    assert (said.json["dates"], said.json["changed"]) == ([str(SECOND.day)], []), "it serves already"
    listed = mine("models", "list", "--json").json
    assert listed["game_date"] == str(SECOND.day) > str(FIRST.day)
    (choice,) = listed["choices"]
    assert (choice["recipe"], choice["since"], choice["why"]) == ("market_baseline", "2024-11-03", "the feed is broken")
    assert choice["who"]
    assert [(m["recipe"], m["serving"]) for m in listed["models"]] == [("market_baseline", True)]
    assert "Choices, the newest counts" in mine("models", "list").out
    back = mine("models", "back")
    assert back.code == 0, back.err
    assert back.out.startswith(
        "market_baseline no longer serves by choice from 2024-11-03 on.\nNothing changed on 1 date"
    )
    assert mine("models", "list", "--json").json["choices"] == []
    assert mine.contents() == before
