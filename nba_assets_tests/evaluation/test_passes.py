"""PASS analysis by hand."""

from __future__ import annotations

import pytest

from nba_assets.evaluation.passes import BETS, passes, would
from nba_assets_tests.evaluation.graded import graded

PRICED = {"ev_over": 0.01, "ev_under": -0.05, "over_price": 100, "decision": "PASS"}


def test_each_reason_is_counted_with_what_a_bet_would_have_been_worth():
    rows = graded(
        {"points": 24, **PRICED, "reasons": ["ev_small"]},
        {"points": 10, **PRICED, "reasons": ["ev_small", "edge_small"]},
        {"points": None, **PRICED, "reasons": ["ev_small"]},
        {"points": 24, "decision": "PASS", "reasons": ["pickem_price"], "p_over": 0.4, "p_under": 0.6},
        {"points": 24, "ev_over": 0.05, "ev_under": -0.1},
    )
    found = {each.reason: each for each in passes(rows)}
    assert list(found) == ["pickem_price", "ev_small", "edge_small", BETS]
    small = found["ev_small"]
    assert (small.n, small.alone, small.n_played) == (3, 2, 2)
    assert (small.hit_rate.value, small.hit_rate.n) == (0.5, 2)
    assert (small.roi.value, small.roi.n) == (0.0, 2)
    assert small.verdict == "insufficient"
    pickem = found["pickem_price"]
    assert (pickem.hit_rate.value, pickem.roi.value, pickem.roi.n) == (0.0, None, 0)
    assert found[BETS].roi.value == pytest.approx(100 / 110, abs=1e-6)


def test_a_push_returns_the_stake():
    rows = graded({"points": 20, "line_value": 20.0, "consensus_line": 20.0, **PRICED, "reasons": ["ev_small"]})
    assert would(rows).iloc[0].to_dict() == {"would_decide": 0, "would_win": 0, "would_settle": 1, "would_profit": 0}
