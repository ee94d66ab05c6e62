"""Floors, gates, leak alarms: each verdict, and that a planted leak is raised."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from nba_assets.evaluation.calibration import Calibration
from nba_assets.evaluation.measures import Figure
from nba_assets.evaluation.verdicts import ALARMS, Limit, floors, gate_limits, leak_limits, refit_leaks, verdict
from nba_assets.modeling import alarms
from nba_assets_tests.evaluation.graded import many

NONE = Figure(None, None, None, 0, 0)


def figure(value, lo=None, hi=None, n=2_000, dates=40):
    return Figure(value, value - 0.001 if lo is None else lo, value + 0.001 if hi is None else hi, n, dates)


def calibrated(ece=0.01, noise=0.02, slope=(0.8, 1.2), n=2_000):
    return Calibration(n, 40, ece, noise, Figure(1.0, *slope, n, 40), NONE, ())


GOOD = {
    "mae_no_line_diff": 0.02,
    "mae_diff": -0.04,
    "log_loss_diff": -0.001,
    "crps_ratio": 0.98,
    "coverage_diff": 0.01,
}


def judged_floors(calibration=None, **changed):
    found = {name: figure(value) for name, value in GOOD.items()} | changed
    return {each.name: each for each in floors(found, calibration or calibrated())}


def test_the_table_is_the_issues_and_a_good_model_reaches_every_goal():
    found = judged_floors()
    assert list(found) == ["mae_no_line_diff", "mae_diff", "log_loss_diff", "ece", "crps_ratio", "coverage_diff"]
    assert {each.verdict for each in found.values()} == {"goal"}
    assert (found["mae_diff"].floor, found["mae_diff"].goal) == ("≤ 0", "≤ -0.03")
    assert (found["crps_ratio"].floor, found["coverage_diff"].goal) == ("≤ 1", "±0.015")


@pytest.mark.parametrize(
    ("name", "floor", "missed"),
    [
        ("mae_no_line_diff", 0.08, 0.081),
        ("mae_diff", 0.0, 0.001),
        ("log_loss_diff", 0.001, 0.0011),
        ("crps_ratio", 1.0, 1.0001),
        ("coverage_diff", -0.03, -0.031),
        ("coverage_diff", 0.03, 0.031),
    ],
)
def test_each_floor_is_reached_at_its_limit_and_missed_beyond_it(name, floor, missed):
    assert judged_floors(**{name: figure(floor)})[name].verdict == "floor"
    assert judged_floors(**{name: figure(missed)})[name].verdict == "missed"


def test_calibration_is_judged_by_its_noise_and_its_slope():
    assert judged_floors(calibrated(slope=(0.2, 0.9)))["ece"].verdict == "floor"
    assert judged_floors(calibrated(ece=0.03))["ece"].verdict == "missed"
    assert judged_floors(calibrated(n=999))["ece"].verdict == "insufficient"


def test_too_few_rows_or_dates_judge_nothing():
    assert judged_floors(mae_diff=figure(0.5, n=499))["mae_diff"].verdict == "insufficient"
    assert judged_floors(mae_diff=figure(0.5, dates=9))["mae_diff"].verdict == "insufficient"
    assert judged_floors(mae_no_line_diff=NONE)["mae_no_line_diff"].verdict == "insufficient"


def test_a_verdict_is_clear_where_the_whole_interval_is_on_its_side():
    assert judged_floors(mae_diff=figure(-0.02, -0.03, -0.01))["mae_diff"].clear is True
    assert judged_floors(mae_diff=figure(-0.02, -0.05, 0.01))["mae_diff"].clear is False
    assert judged_floors(mae_diff=figure(0.02, 0.01, 0.03))["mae_diff"].clear is True
    assert judged_floors(coverage_diff=figure(-0.02, -0.04, 0.0))["coverage_diff"].clear is False


def test_the_verdict_of_all_is_the_worst_and_a_leak_counts_on_real_data():
    good, raised = list(judged_floors().values()), [Limit("mae_too_good", -0.4, None, None, -0.25, 900, 30, "raised")]
    assert verdict("real", good, []) == "goal"
    assert verdict("real", good, raised) == "leak"
    assert verdict("simulated", good, raised) == "goal"
    poor = list(judged_floors(mae_diff=figure(0.1), log_loss_diff=NONE).values())
    assert verdict("real", poor, []) == "missed"
    assert verdict("real", list(judged_floors(log_loss_diff=NONE).values()), []) == "insufficient"


def by_name(limits):
    return {each.name: each for each in limits}


def test_an_honest_model_passes_its_gates_and_raises_nothing():
    rows = many(2_500)
    assert {each.verdict for each in gate_limits(rows, cards())} <= {"passed", "insufficient"}
    assert {each.verdict for each in leak_limits(rows)} == {"quiet", "insufficient"}


def cards(leaked="passed", reload="passed"):
    gates = [{"name": "leak_alarms", "verdict": leaked}, {"name": "reload", "verdict": reload}]
    return pd.DataFrame({"gates": ["[]", json.dumps(gates)]})


def test_gates_have_the_interval_of_what_they_judge():
    rows = many(2_500)
    rows["points_mean"] += 2.0
    found = by_name(gate_limits(rows, cards()))
    bias = found["bias"]
    assert bias.verdict == "failed" and bias.lo < bias.value < bias.hi < -0.5
    own = rows["actual"] - rows["points_mean"]
    assert bias.value == pytest.approx(own.mean(), abs=1e-6)
    assert found["mae_vs_line"].value == 0.0 and found["mae_vs_line"].dates == 40
    assert found["reload"].verdict == "passed"
    assert by_name(gate_limits(rows, cards(reload="failed")))["reload"].verdict == "failed"


def knows(rows, share):
    """The median is drawn to what happened by a share of the way."""
    return rows["points_q50"] + share * (rows["actual"] - rows["points_q50"])


def leaking(name, n=2_500):
    """Honest rows with the one leak that the alarm is for."""
    rows = many(n)
    right = np.arange(n) % 100 < 70
    side = np.where(right == (rows["over"] > 0), "OVER", "UNDER")
    if name == "mae_too_good":
        return rows.assign(points_q50=knows(rows, 0.1))
    if name == "bet_hit_rate_too_good":
        return rows.assign(decision=side)
    if name == "hit_rate_too_good":
        return rows.assign(p=np.where(side == "OVER", 0.51, 0.49))
    if name == "edge_hit_rate_too_good":
        return rows.assign(points_mean=rows["line_value"] + np.where(side == "OVER", 4.0, -4.0))
    if name == "log_loss_too_good":
        return rows.assign(p=np.where(rows["over"] > 0, 0.52, 0.48))
    return rows.assign(own_q50=knows(rows, 0.05))


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_a_planted_leak_raises_its_alarm(name):
    found = by_name(leak_limits(leaking(name)))
    assert found[name].verdict == "raised"
    assert found[name].n >= 1_000
    assert found[name].lo <= found[name].value <= found[name].hi


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_the_limits_that_are_shown_are_those_of_the_alarms(name):
    """Sums of 10,000 rows a little on each side of the limit, and with too few rows."""
    count, top, less, limit, least = ALARMS[name]
    high = "hit_rate" in name
    for step, n, raised in ((1e-4, 10_000, True), (-1e-4, 10_000, False), (1e-4, least - 1, False)):
        value = limit + step if high else limit - step
        sums = {each: np.asarray([0.0]) for each in alarms.SUMS} | {count: np.asarray([float(n)])}
        sums |= {less: np.asarray([5.0 * n])} if less else {}
        sums[top] = np.asarray([(value + (5.0 if less else 0.0)) * n])
        assert bool(alarms.leaks(sums, lined_model=name != "mae_without_line_too_good")[name][0]) is raised


def test_every_leak_alarm_of_points_is_shown():
    sums = {name: np.asarray([0.0]) for name in alarms.SUMS}
    assert set(ALARMS) == set(alarms.leaks(sums, lined_model=False))


def test_a_refit_whose_own_gate_saw_a_leak_is_an_alarm():
    assert refit_leaks(cards()).verdict == "quiet"
    assert (refit_leaks(cards("failed")).verdict, refit_leaks(cards("failed")).value) == ("raised", 1.0)
    assert refit_leaks(pd.DataFrame({"gates": ["[]"]})).verdict == "insufficient"


def test_without_lined_rows_there_are_no_gates_and_nothing_is_raised():
    rows = many(20, lined=False)
    assert gate_limits(rows, cards()) == []
    assert {(each.verdict, each.value, each.n) for each in leak_limits(rows)} == {("insufficient", None, 0)}
