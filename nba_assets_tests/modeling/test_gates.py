"""A candidate's gates: each passes, fails and lacks rows; and each leak alarm goes off where a leak is planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nba_assets.modeling import alarms, gates


def fold(n=1_500, dates=15, seed=1):
    """Held-out rows of an honest model: it says the line, the market is fair, outcomes scatter around both."""
    rng = np.random.default_rng(seed)
    line = rng.choice([6.5, 10.5, 15.5, 22.5, 28.5], n)
    over = rng.random(n) < 0.5
    away = np.ceil(rng.exponential(5, n)) + 0.5
    return pd.DataFrame(
        {
            "game_date": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n) % dates, unit="D"),
            "actual": np.where(over, line + away, np.maximum(line - away, 0)),
            "consensus_line": line,
            "line_value": line,
            "market_p_over": np.full(n, 0.5),
            "points_mean": line + 0.4,
            "points_q50": line,
            "p_no_push": np.full(n, 0.5),
            "covered": (np.arange(n) % 100 < 83).astype(float),
            "coverage_expected": np.full(n, 0.83),
            "crps": np.full(n, 3.5),
        }
    )


def verdict(name, held, incumbent=None, reload=True):
    found, _ = gates.evaluate(held, held if incumbent is None else incumbent, reload)
    return next(gate["verdict"] for gate in found if gate["name"] == name)


def test_an_honest_model_passes_every_gate():
    found, status = gates.evaluate(fold(), fold(), True)
    assert {gate["verdict"] for gate in found} <= {"passed", "insufficient"}
    assert status == "passed"


def worse(held, by):
    """The same rows with a median that is `by` points further from what happened."""
    return held.assign(points_q50=held["points_q50"] - np.sign(held["actual"] - held["points_q50"]) * by)


def test_mae_against_the_line():
    assert verdict("mae_vs_line", worse(fold(), 0.04)) == "passed"
    assert verdict("mae_vs_line", worse(fold(), 0.06)) == "failed"
    assert verdict("mae_vs_line", worse(fold(n=499), 0.06)) == "insufficient"
    assert verdict("mae_vs_line", fold(dates=9)) == "insufficient"


def test_mae_against_the_incumbent():
    assert verdict("mae_vs_incumbent", worse(fold(), 0.01), fold()) == "passed"
    assert verdict("mae_vs_incumbent", worse(fold(), 0.03), fold()) == "failed"
    assert verdict("mae_vs_incumbent", worse(fold(n=400), 0.03), fold(n=400)) == "insufficient"


def biased(held, by):
    return held.assign(points_mean=held["actual"].mean() - held["consensus_line"].mean() + held["consensus_line"] - by)


def test_bias_of_the_mean_over_all_rows():
    assert verdict("bias", biased(fold(), 0.45)) == "passed"
    assert verdict("bias", biased(fold(), 0.55)) == "failed"
    assert verdict("bias", biased(fold(n=900), 0.55)) == "insufficient"


@pytest.mark.parametrize(("low", "line"), [(0, 6.5), (8, 10.5), (12, 15.5), (20, 22.5), (25, 28.5)])
def test_bias_of_each_line_band(low, line):
    held = fold(n=2_500)
    inside = held["consensus_line"] == line
    held.loc[inside, "points_mean"] = held["actual"][inside].mean() - 1.2
    assert verdict(f"bias_line_from_{low}", held) == "failed"
    few = held[~inside | (np.arange(len(held)) < 500)]
    assert verdict(f"bias_line_from_{low}", few) == "insufficient"


def test_coverage_against_the_models_own():
    held = fold()
    assert verdict("coverage", held.assign(coverage_expected=0.87)) == "passed"
    assert verdict("coverage", held.assign(coverage_expected=0.89)) == "failed"
    assert verdict("coverage", fold(n=900).assign(coverage_expected=0.89)) == "insufficient"


def overconfident(held, p):
    """P(over) that is `p` on rows that went under, with the market at one half."""
    return held.assign(p_no_push=np.where(held["actual"] > held["line_value"], 1 - p, p))


def test_log_loss_against_market_and_incumbent():
    for name in ("log_loss_vs_market", "log_loss_vs_incumbent"):
        assert verdict(name, overconfident(fold(), 0.5), fold()) == "passed"
        assert verdict(name, overconfident(fold(), 0.53), fold()) == "failed"
        assert verdict(name, overconfident(fold(n=499), 0.53), fold(n=499)) == "insufficient"


def test_without_market_probabilities_log_loss_and_calibration_are_insufficient_and_block_nothing():
    held = fold().assign(market_p_over=np.nan)
    found, status = gates.evaluate(held, held, True)
    short = {gate["name"] for gate in found if gate["verdict"] == "insufficient"}
    assert {"log_loss_vs_market", "log_loss_vs_incumbent", "ece"} <= short
    assert status == "passed"


def test_calibration_against_redraws_of_the_outcomes():
    rng = np.random.default_rng(2)
    held = fold()
    honest = rng.uniform(0.4, 0.6, len(held))
    over = rng.random(len(held)) < honest
    held["actual"] = held["line_value"] + np.where(over, 5, -5)
    assert verdict("ece", held.assign(p_no_push=honest)) == "passed"
    assert verdict("ece", held.assign(p_no_push=np.clip(0.5 + 4 * (honest - 0.5), 0.05, 0.95))) == "failed"
    assert verdict("ece", held.iloc[:999]) == "insufficient"


def test_a_model_that_does_not_reload_fails():
    assert verdict("reload", fold(), reload=False) == "failed"
    assert gates.evaluate(fold(), fold(), False)[1] == "failed"


def test_too_few_rows_for_mae_or_bias_block_without_being_a_failure():
    assert gates.evaluate(fold(n=900), fold(n=900), True)[1] == "insufficient"


def test_calibration_error_by_hand():
    """Two bins of two: .2 against 0, and .7 against one half."""
    p, over = np.array([0.1, 0.3, 0.6, 0.8]), np.array([0.0, 0.0, 1.0, 0.0])
    assert gates.ece(p, over, bins=2) == pytest.approx((0.2 * 2 + 0.2 * 2) / 4)
    assert np.isnan(gates.ece(p, over, bins=10))


def test_the_standard_error_has_dates_as_clusters():
    """Two dates at +1 and -1: their sums are +2 and -2 whatever the rows of a date say together."""
    values, dates = np.array([1.0, 1.0, -1.0, -1.0]), ["a", "a", "b", "b"]
    assert gates.clustered_se(values, dates) == pytest.approx(np.sqrt(8 * 2) / 4)


def test_an_honest_model_raises_no_alarm():
    assert gates.leak_alarms(fold(n=3_000)) == []


def cheat(held, share, seed=9):
    """Which rows a model that saw `share` of the answers knows."""
    return np.random.default_rng(seed).random(len(held)) < share


def test_alarm_of_a_median_that_knows_the_result():
    held = fold()
    leaked = held.assign(points_q50=held["points_q50"] + 0.1 * (held["actual"] - held["points_q50"]))
    assert "mae_too_good" in gates.leak_alarms(leaked)


def test_alarm_of_the_likelier_side_that_wins_too_often():
    held = fold(n=2_000)
    over = held["actual"] > held["line_value"]
    leaked = held.assign(p_no_push=np.where(cheat(held, 0.2), np.where(over, 0.51, 0.49), 0.5))
    assert gates.leak_alarms(leaked) == ["hit_rate_too_good"]
    assert gates.leak_alarms(leaked.iloc[:900]) == []


def test_alarm_of_bets_that_win_too_often():
    held = fold(n=4_000)
    over = (held["actual"] > held["line_value"]).to_numpy()
    good = np.where(over, "OVER", "UNDER")
    bets = np.where(np.arange(len(held)) % 3 == 0, np.where(cheat(held, 0.3), good, "OVER"), "PASS")
    assert gates.leak_alarms(held.assign(decision=bets)) == ["bet_hit_rate_too_good"]
    assert gates.leak_alarms(held.assign(decision=bets).iloc[:2_000]) == []


def test_alarm_of_large_edges_that_are_right():
    held = fold()
    away = np.sign(held["actual"] - held["line_value"]) * np.where(cheat(held, 0.5), 1, -1)
    some = np.arange(len(held)) < 400
    right = np.where(cheat(held, 0.7), np.sign(held["actual"] - held["line_value"]), away)
    leaked = held.assign(points_mean=held["line_value"] + np.where(some, 3 * right, 0.0))
    assert gates.leak_alarms(leaked) == ["edge_hit_rate_too_good"]
    assert gates.leak_alarms(leaked.assign(points_mean=held["line_value"] + np.where(some, 2.9 * right, 0.0))) == []


def test_alarm_of_a_log_loss_that_is_too_low():
    held = overconfident(fold(), 0.48)
    assert "log_loss_too_good" in gates.leak_alarms(held)


def test_alarm_of_a_model_without_the_line_that_beats_it():
    held = fold()
    leaked = held.assign(points_q50=held["points_q50"] + 0.02 * (held["actual"] - held["points_q50"]))
    assert gates.leak_alarms(leaked, lined_model=False) == ["mae_without_line_too_good"]
    assert gates.leak_alarms(leaked) == []


def test_alarms_of_games_without_lines():
    n = np.array([1_000.0, 1_000.0, 1_000.0, 999.0])
    found = alarms.game_leaks(n, n * [0.62, 0.58, 0.62, 0.58], n * [10.7, 10.7, 9.8, 9.8])
    assert found["game_log_loss_too_good"].tolist() == [False, True, False, False]
    assert found["game_margin_mae_too_good"].tolist() == [False, False, True, False]


def test_a_season_a_little_below_the_limit_may_be_chance_eight_seasons_are_not():
    """Elo alone was at 0.6046 on the 1,231 games of 2024-25."""
    n = np.array([1_231.0, 9_000.0])
    found = alarms.game_leaks(n, n * 0.5975, n * 10.1)
    assert found["game_log_loss_too_good"].tolist() == [False, True]
    assert found["game_margin_mae_too_good"].tolist() == [False, True]


def test_a_failed_leak_gate_says_which_alarm():
    held = overconfident(fold(), 0.48)
    found, status = gates.evaluate(held, fold(), True)
    gate = next(gate for gate in found if gate["name"] == "leak_alarms")
    assert status == "failed"
    assert "log_loss_too_good" in gate["detail"]


def test_a_candidate_whose_own_median_beats_the_line_fails_its_leak_gate():
    """Its blend says the line; only what the stages say of the game holds a little of the result."""
    held = fold()
    leaked = held.assign(own_q50=held["points_q50"] + 0.02 * (held["actual"] - held["points_q50"]))
    found, status = gates.evaluate(leaked, held, True)
    gate = next(gate for gate in found if gate["name"] == "leak_alarms")
    assert (status, gate["verdict"], gate["detail"]) == ("failed", "failed", "mae_without_line_too_good")
    honest = held.assign(own_q50=held["points_q50"] + 1.0)
    for rows in (honest, leaked.iloc[:999], honest.assign(own_q50=np.nan)):
        assert verdict("leak_alarms", rows) == "passed"
