"""`whatif` on the hand-made weekend, of which no report is known: what it says, and what it refuses."""

from __future__ import annotations

import pytest

from nba_assets.commands.whatif import FIGURES
from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.engine.three_games import ADAM, SECOND
from nba_assets_tests.handmade import player_id

GAME = SECOND.game_id


def test_everybody_is_told_before_and_after_and_nothing_is_written(ingested: Command) -> None:
    before = ingested.contents()
    said = ingested("whatif", "--game", GAME, "--out", "adam bostwick", "--json")
    assert (said.code, said.err) == (0, "")
    found = said.json
    assert found["out"] == [{"player_id": ADAM, "player_name": "Adam Bostwicka"}]
    assert found["basis"].startswith("no report of the game was known")
    assert (found["game_date"], found["data_origin"]) == (str(SECOND.day), "real")
    players = {player["player_id"]: player for player in found["players"]}
    assert len(players) == 16
    assert players[ADAM]["before"]["points_mean"] > 0 and players[ADAM]["after"]["points_mean"] is None
    assert players[ADAM]["moved"] == dict.fromkeys(FIGURES)
    assert players[player_id("DEN", 0)]["moved"]["points_mean"] == 0
    boston = next(team for team in found["teams"] if team["team"] == "BOS")
    own = [player for player in players.values() if player["team"] == "BOS"]
    for side in ("before", "after"):
        known = [player[side] for player in own if player[side]["own_mean"] is not None]
        expected = sum(man["p_play"] * man["own_mean"] for man in known)
        assert boston[f"expected_own_mean_{side}"] == pytest.approx(expected, abs=1e-3)
    assert ingested.contents() == before


def test_it_is_said_in_words(ingested: Command) -> None:
    said = ingested("whatif", "--game", GAME, "--out", ADAM, "--out", player_id("DEN", 1))
    assert said.code == 0, said.err
    assert said.out.startswith(f"Game {GAME} of 2024-11-03 without Adam Bostwicka ({ADAM}), Boris Denholmb")
    row = next(line for line in said.out.splitlines() if "Adam Bostwicka" in line and "→" in line)
    assert row.count("→ out") == 5
    assert "Nothing was written." in said.out


@pytest.mark.parametrize(
    ("game", "player", "line"),
    [
        ("0022400199", "adam", "no game '0022400199' with players is known (nearest of the newest dates: 00224001"),
        (GAME, "Adam Nyquista", "no player is called 'Adam Nyquista' (nearest: Adam "),
        (GAME, "adam", "'adam' may be Adam Bostwicka (9000000), Adam Denholma (9000100)"),
    ],
)
def test_what_is_not_known_is_refused_with_the_nearest(game: str, player: str, line: str, ingested: Command) -> None:
    said = ingested("whatif", "--game", game, "--out", player)
    assert (said.code, said.out) == (2, "")
    assert line in said.error
