"""Nobody out vacates nothing: 0 and computed, also for a man who has not played yet; no report is null."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets_tests.transforms.test_player_composite_factors import scores
from nba_assets_tests.transforms.test_upcoming_player_game_context import context, not_submitted, report, season

VACATED = ["vacated_usage", "vacated_minutes"]


def test_a_mans_first_game_with_nobody_out() -> None:
    rows = context([], nbac_injury_report=[report("8", "questionable"), report("9", "out", team="DEN")])

    assert rows.loc["7", [*VACATED, "star_teammates_out"]].tolist() == [0.0, 0.0, 0]
    assert rows.loc["9", VACATED].tolist() == [0.0, 0.0], "not by himself"


@pytest.mark.parametrize("out", [report("8", "out"), report("8", "doubtful")], ids=["out", "doubtful"])
def test_with_a_mate_out_it_depends_on_games_that_he_does_not_have(out: dict[str, Any]) -> None:
    rows = context(season("8", 10, 20), nbac_injury_report=[out])

    assert rows.loc["7", VACATED].isna().all()
    assert rows.loc["8", VACATED].tolist() == [0.0, 0.0], "he is the one who is out"
    assert context([*season("7", 10), *season("8", 20)], nbac_injury_report=[out]).loc["7", "vacated_usage"] > 0


def test_without_a_report_nothing_is_known() -> None:
    assert context([]).loc["7", VACATED].isna().all()
    withheld = [not_submitted("11-20 18:00"), report("9", "out", team="DEN")]
    assert context([], nbac_injury_report=withheld).loc["7", VACATED].isna().all()


@pytest.mark.parametrize("usage", [20.0, None])
def test_the_spike_is_zero_and_computed(usage: float | None) -> None:
    row = scores({"usage_l10": usage, "vacated_usage": 0.0, "vacated_minutes": 0.0})

    assert (row["usage_spike_score"], row["usage_spike_score_source"]) == (0.0, "computed")
    assert row["projected_usage"] == usage or pd.isna(row["projected_usage"])


def test_the_spike_of_a_man_without_usage_is_missing_where_somebody_is_out() -> None:
    row = scores({"usage_l10": None, "vacated_usage": 5.0, "vacated_minutes": 8.0})

    assert pd.isna(row["usage_spike_score"])
    assert row["usage_spike_score_source"] == "missing"


def test_what_is_vacated_of_either_moves_the_spike() -> None:
    only_usage = scores({"usage_l10": 20.0, "vacated_usage": 20.0, "vacated_minutes": 0.0})
    only_minutes = scores({"usage_l10": 20.0, "vacated_usage": 0.0, "vacated_minutes": 24.0})

    assert only_usage["usage_spike_score"] == pytest.approx(5.0)
    assert only_minutes["usage_spike_score"] == pytest.approx(-2.0)
