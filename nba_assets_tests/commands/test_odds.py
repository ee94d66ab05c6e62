"""`odds`: a stored prediction against a line and prices of one's own, by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from nba_assets.engine.platform import Platform
from nba_assets_tests.commands.conftest import Command, new_command
from nba_assets_tests.release_rows import FRIDAY, GAMES, SATURDAY, STARS, context, frame, game, prediction

HALVES = {"points_mean": 1.0, "dispersion": 1.0, "short_share": 0.0, "baseline_dispersion": 1.0}
"""P(points = k) = 1/2, 1/4, 1/8 ..."""
TATUM = STARS["BOS"][0]


def rows() -> dict[str, list[dict[str, object]]]:
    """Both teams' stars on Friday and Saturday; the market thinks as the model does but for LaMelo Ball: pick'em."""
    found: dict[str, list[dict[str, object]]] = {"schedule": [], "context": [], "said": []}
    for day, games in GAMES.items():
        for game_id, home, away in games:
            found["schedule"].append(game(day, game_id, home, away, arena_name="Simulated Arena"))
            for team, opponent in ((home, away), (away, home)):
                market = None if team == "CHA" else 0.5
                more = {**HALVES, "line_value": 0.5, "market_p_over": market}
                found["context"].append(context(day, game_id, team, opponent))
                found["said"].append(prediction(day, game_id, team, opponent, **more))
    return found


@pytest.fixture(scope="module")
def predicted(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """A home in which those are predicted, and Tatum on Saturday by a challenger too."""
    home = tmp_path_factory.mktemp("odds") / "home"
    home.mkdir()
    with new_command(postgres, home) as made:
        given = rows()
        shadow = {"model_version": "m2", "role": "shadow", "prediction_id": "other"}
        given["said"].append(prediction(SATURDAY, "0022400140", "BOS", "CHA", **shadow))
        days = [pd.Timestamp(day) for day in GAMES]
        platform = Platform.open(made.settings)
        for table, name in (
            ("nbac_schedule", "schedule"),
            ("upcoming_player_game_context", "context"),
            ("player_points_predictions", "said"),
        ):
            with platform.ledger.lock(table, [day.date() for day in days]):
                platform.warehouse.replace(table, days, frame(table, given[name]))
        platform.close()
        yield made


def test_probabilities_fair_odds_and_what_the_prices_expect(predicted: Command) -> None:
    before = predicted.contents()
    said = predicted("odds", "--player", "tatum", "--line", 1, "--over", 150, "--under", -110, "--json")
    assert (said.code, said.err) == (0, "")
    found = said.json
    assert (found["player_name"], found["game_date"], found["game_id"]) == ("Jayson Tatum", str(SATURDAY), "0022400140")
    assert (found["model_version"], found["data_origin"], found["decision"]) == ("m1", "simulated", "PASS")
    assert found["decision_at"] == "2024-11-02T22:30:00Z" and "no advice" in found["note"]
    model = found["model"]
    assert (model["p_over"], model["p_push"], model["p_under"]) == (0.25, 0.25, 0.5)
    assert model["over"] == {"fair_decimal": 3.0, "fair_american": 200, "price": 150, "ev": -0.125}
    assert model["under"] == {"fair_decimal": 1.5, "fair_american": -200, "price": -110, "ev": 0.204545}
    assert found["market"] == model
    assert found["hold"] == round(1 / 2.5 + 110 / 210 - 1, 6)
    assert [rung["k"] for rung in found["ladder"]] == list(range(1, 101))
    assert [rung["p"] for rung in found["ladder"][:3]] == [0.5, 0.25, 0.125]
    assert predicted.contents() == before


def test_it_is_said_in_words(predicted: Command) -> None:
    said = predicted("odds", "--player", "Jayson Tatum", "--line", 0.5, "--over", -110)
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert lines[0].startswith("SIMULATED DATA")
    assert lines[1].startswith("Jayson Tatum (1628369), BOS v CHA, game 0022400140 of 2024-11-02. Tip 2024-11-02T23:")
    assert lines[2].startswith("Said by m1 at 2024-11-02T22:30:00Z (backfill): mean 1.0")
    assert any(
        line.split() == ["OVER", "0.5", "50.0%", "+100", "2.0", "-110", "-0.045", "50.0%", "-0.045"] for line in lines
    )
    assert lines[-1].startswith("What the model says, given he plays; no advice to bet.")


def test_another_date_or_game_may_be_asked_for(predicted: Command) -> None:
    said = predicted("odds", "--player", "tatum", "--line", 20.5, "--date", FRIDAY, "--json")
    assert said.json["game_id"] == "0022400130"
    same = predicted("odds", "--player", "tatum", "--line", 20.5, "--game", "0022400130", "--json")
    assert same.json == said.json


def test_without_a_market_nothing_is_made_up(predicted: Command) -> None:
    said = predicted("odds", "--player", "lamelo ball", "--line", 0.5, "--json").json
    assert said["market"] is None and said["hold"] is None
    assert said["model"]["over"] == {"fair_decimal": 2.0, "fair_american": 100, "price": None, "ev": None}
    assert "The market has no probability" in predicted("odds", "--player", "lamelo", "--line", 0.5).out


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (("tatum", 99.5), 2, "99.5 is no line of points (0.5 to 70 in steps of a half)"),
        (("tatum", 20.3), 2, "20.3 is no line of points"),
        (("tatum", 20.5, "--over", 0), 2, "--over 0 is no American price"),
        (("tatum", 20.5, "--over", 99999), 2, "--over 99999 is an error"),
        (("tatum", 20.5, "--under", -99999), 2, "--under -99999 is an error"),
        (("Jason Tatun", 20.5), 2, "no player is called 'Jason Tatun' (nearest: Jayson Tatum (1628369)"),
        (("la", 20.5), 2, "'la' may be "),
        (
            ("tatum", 20.5, "--date", "2024-10-31"),
            1,
            "nothing is predicted in the year to 2024-10-31 (predictions: 2024-11-01 to",
        ),
        (
            ("jokic", 20.5, "--date", SATURDAY),
            1,
            "nothing is predicted for Nikola Jokić on 2024-11-02 (his newest is of",
        ),
    ],
)
def test_what_is_refused(predicted: Command, arguments: tuple[object, ...], code: int, line: str) -> None:
    player, asked, *more = arguments
    said = predicted("odds", "--player", player, "--line", asked, *more)
    assert (said.code, said.out) == (code, "")
    assert line in said.error
