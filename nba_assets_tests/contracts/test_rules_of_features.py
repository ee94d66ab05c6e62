"""Rules that look at a whole date: a feature with one value for everybody is a broken input; usage that cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from nba_assets import contracts
from nba_assets.contracts.nba_precompute.ml_feature_store import FEATURES, OFTEN_ALIKE
from nba_assets.defs.tables.own_rules import findings
from nba_assets_tests.transforms.leagues import day, frame

STORE, SUMMARY = "ml_feature_store", "player_game_summary"


def broken(table: str, rows: list[dict[str, Any]]) -> set[str]:
    """Names of the rules that the rows break."""
    return {found.rule for found in findings(contracts.table(table), frame(table, rows)) if not found.passed}


def rows(feature: str, values: list[float | None], games: int = 3, quality: float = 100.0) -> list[dict[str, Any]]:
    """Rows of a date, over so many games, with these values of the feature."""
    facts = [{"player_id": str(n), "game_id": f"00224009{n % games:02d}", feature: v} for n, v in enumerate(values)]
    quality_of = {f"{feature}_quality": quality, "game_date": day("11-20"), "is_ready": True}
    return [row | quality_of for row in facts]


CONSTANT: list[float | None] = [0.5] * 20


@pytest.mark.parametrize("feature", [each.name for each in FEATURES if each.name not in OFTEN_ALIKE])
def test_one_value_for_twenty_men_of_three_games_is_a_broken_input(feature: str) -> None:
    rule = f"{feature}_varies"
    assert rule in broken(STORE, rows(feature, CONSTANT))
    assert rule not in broken(STORE, rows(feature, [*CONSTANT[1:], 0.6]))


def test_few_rows_or_games_or_windows_that_are_not_full_may_be_alike() -> None:
    rule, feature = "team_win_pct_varies", "team_win_pct"
    assert rule not in broken(STORE, rows(feature, CONSTANT[1:]))
    assert rule not in broken(STORE, [*rows(feature, CONSTANT[1:]), *rows(feature, [None])])
    assert rule not in broken(STORE, rows(feature, CONSTANT, games=2))
    assert rule not in broken(STORE, rows(feature, CONSTANT, quality=90.0))


def test_each_date_is_by_itself() -> None:
    feature = "team_pace"
    later = [row | {"game_date": day("11-21"), feature: 101.0} for row in rows(feature, CONSTANT)]
    both = frame(STORE, [*rows(feature, [100.0] * 19), *later])
    (rule,) = (found for found in findings(contracts.table(STORE), both) if found.rule == "team_pace_varies")
    assert rule.fails == 20
    assert set(rule.failing["team_pace"]) == {101.0}


@pytest.mark.parametrize(
    ("usage", "minutes", "is_odd"), [(61.0, 5.0, True), (60.0, 30.0, False), (100.0, 4.9, False), (None, 0.0, False)]
)
def test_usage_above_sixty_is_of_short_stints_only(usage: float | None, minutes: float, is_odd: bool) -> None:
    assert ("usage" in broken(SUMMARY, [{"usage_rate": usage, "minutes": minutes}])) == is_odd
