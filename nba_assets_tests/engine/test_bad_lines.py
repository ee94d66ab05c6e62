"""Lines and prices that nobody offers, from the drop to the decision: PASS with the reason, never a made-up number."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from nba_assets.engine.platform import Platform
from nba_assets_tests.engine.conftest import Home, rows, take_in
from nba_assets_tests.engine.three_games import ADAM, FIRST, LINES, SECOND, THIRD
from nba_assets_tests.handmade import Drops, Game, player_name

NOBODY = "Zebulon Unheardof"


def edited(drops: Drops, game: Game, lines: dict[str, float], edit: Callable[[dict[str, Any]], object]) -> None:
    """A game as it lands, every outcome of its lines edited."""
    drops.before(game)
    path = drops.props(game, lines)
    payload = json.loads(path.read_text())
    for book in payload["bookmakers"]:
        for outcome in book["markets"][0]["outcomes"]:
            edit(outcome)
    path.write_text(json.dumps(payload))
    drops.after(game)


def said(platform: Platform, game: Game) -> pd.DataFrame:
    """The game's predictions by player."""
    return rows(platform, "player_points_predictions", game.day).set_index("player_id")


def test_a_price_of_0_a_line_of_99_5_a_price_of_99999_and_an_unknown_player(home: Home, tmp_path: Path) -> None:
    drops = Drops(tmp_path / "drops")
    edited(drops, FIRST, LINES, lambda outcome: outcome.update(price=0))
    edited(drops, SECOND, LINES, lambda outcome: outcome.update(point=99.5))
    edited(
        drops,
        THIRD,
        LINES | {NOBODY: 10.5},
        lambda outcome: outcome.update(price=99999 if outcome["name"] == "Over" else -99999),
    )
    platform = home("lines")
    result = take_in(platform, tmp_path / "drops")

    assert {entry.rule for entry in result.quarantined} == {"price", "range"}
    for game in (FIRST, SECOND):
        row = said(platform, game).loc[ADAM]
        assert (row["decision"], row["reasons"][0]) == ("PASS", "no_line")
        assert row[["line_value", "over_price", "p_over", "ev_over"]].isna().all()
    row = said(platform, THIRD).loc[ADAM]
    assert (row["line_value"], row["over_price"], row["decision"]) == (20.5, 99999, "PASS")
    assert "price_outlier" in row["reasons"]
    props = rows(platform, "odds_api_player_points_props", THIRD.day)
    assert set(props.loc[props["player_name"] == NOBODY, "resolution"]) == {"unresolved"}
    assert len(said(platform, THIRD)) == 16, "eight men a side, and nobody else"
    assert player_name("BOS", 0) in set(props["player_name"])
