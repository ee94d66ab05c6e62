"""`nba-assets train`: the models of a date, twice the same bytes."""

from __future__ import annotations

from nba_assets_tests.commands.conftest import Command


def test_the_models_that_serve_a_date_are_shown_with_their_gates_and_twice_the_same(simulated: Command) -> None:
    first, again = (simulated("train", "--as-of", "2024-11-11", "--json") for _ in range(2))
    assert (first.code, first.err) == (0, "")
    assert first.json == again.json
    assert first.json["game_date"] == "2024-11-11"
    serving = [model for model in first.json["models"] if model["serving"]]
    assert [(model["target"], model["train_end"]) for model in serving] == [("points", "2024-11-09")]


def test_a_week_without_games_is_refused(simulated: Command) -> None:
    said = simulated("train", "--as-of", "2031-07-01")
    assert said.code == 2
    assert "no game from 2031-06-30, a Monday, to 2031-07-01" in said.err
