"""A man without a league id: a game waits for him if he played, scorer or not; it does not if he did not."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.transforms import TRANSFORMS
from nba_assets.transforms.readiness import games_of
from nba_assets_tests.transforms.boxes import LISTED, bdl, gamebook, inputs_of, line, man, scheduled
from nba_assets_tests.transforms.leagues import at, day

DAY = [day("11-01")]
NOBODY = {"player_id": None, "player_key": "unresolved:BOS:manbos6#1", "resolution": "unresolved"}
BENCH = man(LISTED, "BOS", 6, at("11-02 06:00"), player_status="active") | line(0, 240)


def waits_for(player: dict[str, Any]) -> tuple[str, pd.DataFrame]:
    inputs = inputs_of(schedule=scheduled(LISTED), gamebook=[*gamebook(), player], bdl=bdl())
    return str(games_of(inputs, DAY)["reason"].iloc[0]), TRANSFORMS["player_game_summary"](inputs, DAY, None)


@pytest.mark.parametrize("facts", [{}, {"seconds_played": 0, "fga": 0, "pf": 1}], ids=["five misses", "a foul"])
def test_who_played_without_a_point_is_waited_for_by_name(facts: dict[str, Any]) -> None:
    """His five misses are in his team's attempts: without him everybody's usage would be too high."""
    reason, rows = waits_for(BENCH | NOBODY | facts)

    assert reason == "no league id for Man bos6 (BOS), who scored 0"
    assert rows.empty
    reason, rows = waits_for(BENCH | facts)
    assert reason == ""
    assert len(rows) == 11


def test_who_did_not_play_is_not() -> None:
    idle = dict.fromkeys(line(0)) | {"player_status": "dnp"}

    reason, rows = waits_for(BENCH | NOBODY | idle)

    assert reason == ""
    assert len(rows) == 10
