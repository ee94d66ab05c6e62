"""What a release is made of: which drops a document comes from."""

from __future__ import annotations

import pandas as pd

from nba_assets.publishing.facts import Facts

BEFORE, AFTER = pd.Timestamp("2025-11-05"), pd.Timestamp("2025-11-08")


def test_a_game_that_has_moved_has_its_drops_of_each_date() -> None:
    drops = pd.DataFrame(
        {
            "game_date": [BEFORE, BEFORE, BEFORE, AFTER, AFTER],
            "game_id": ["4", "4", None, "4", "5"],
            "correlation_id": ["b", "a", "list", "moved", "other"],
        }
    )
    facts = Facts(dates=[], tables={}, drops=drops)
    assert facts.ids_by_game() == {(BEFORE, "4"): ["a", "b"], (AFTER, "4"): ["moved"], (AFTER, "5"): ["other"]}
