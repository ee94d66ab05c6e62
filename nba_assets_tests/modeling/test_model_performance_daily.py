"""The track record: figures by hand, intervals by resampling dates, verdicts, alarms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.verify import verify
from nba_assets.modeling.alarms import one_sided
from nba_assets.modeling.calibration_noise import calibration_noise
from nba_assets.modeling.gates import ece_limit
from nba_assets.modeling.model_performance_daily import build
from nba_assets.modeling.resampling import DRAWS, MICRO, draw_counts, intervals
from nba_assets_tests.modeling.rows import D, at, predictions, schedule, table

DAY = pd.Timedelta(days=1)
WIN = 100 / 110


def bet(result="win", day=0, **more):
    """A settled official bet of 20.5 OVER at -110, `day` days after D, and its grade."""
    points = {"win": 24, "loss": 18, "push": 20}.get(result)
    line = 20.0 if result == "push" else 20.5
    plain = {
        "game_date": D + day * DAY,
        "model_version": "m1",
        "run_kind": "backfill",
        "is_official": True,
        "target": "points",
        "played": result != "void",
        "outcome": {"win": "over", "loss": "under", "push": "push", "void": "void"}[result],
        "result": result,
        "void_reason": "dnp" if result == "void" else None,
        "profit": {"win": WIN, "loss": -1.0}.get(result, 0.0),
        "actual_points": points,
        "line_abs_error": None if points is None else abs(points - line),
        "model_abs_error": None if points is None else abs(points - 21.0),
        "signed_error": None if points is None else points - 21.0,
        "log_loss": {"win": 0.6, "loss": 0.8}.get(result),
        "brier": {"win": 0.2, "loss": 0.3}.get(result),
        "market_log_loss": {"win": 0.7, "loss": 0.7}.get(result),
        "market_brier": {"win": 0.25, "loss": 0.25}.get(result),
        "crps": None if points is None else 3.0,
        "market_crps": None if points is None else 3.5,
        "pinball": None if points is None else 1.5,
        "covered": None if points is None else result != "loss",
        "decision": "OVER",
        "line_value": line,
        "consensus_line": line,
        "points_q50": 21.0,
        "known_at": at(D + day * DAY, 30),
    }
    return plain | more


def no_line(day=0, error=4.0):
    nothing = dict.fromkeys(("profit", "line_abs_error", "log_loss", "brier", "market_log_loss", "market_brier"))
    nothing |= dict.fromkeys(("line_value", "consensus_line", "market_p_over", "minutes_to_tip"))
    graded = {"outcome": "no_line", "result": "no_bet", "decision": "PASS", "model_abs_error": error}
    return bet(day=day) | nothing | graded


def inputs(*rows):
    """Grades and predictions of the rows, and a schedule of their dates."""
    numbered = [
        {"prediction_id": f"p{n:05d}", "player_id": str(n), "game_id": f"00224{n % 3:05d}"} | row
        for n, row in enumerate(rows)
    ]
    both = {column.name for column in contracts.table("prediction_grades").columns}
    own = {column.name for column in contracts.table("player_points_predictions").columns}
    graded = [{name: value for name, value in row.items() if name in both} for row in numbered]
    said = [{k: v for k, v in row.items() if k in own and k != "known_at"} for row in numbered]
    days = sorted({row["game_date"] for row in numbered})
    return {
        "prediction_grades": table("prediction_grades", graded),
        "player_points_predictions": predictions(*said),
        "nbac_schedule": schedule(*({"game_date": day, "game_id": f"g{day}"} for day in days)),
    }


def figures(rows, day=0, window="season", segment="all", model="serving_points"):
    found = build(inputs(*rows), [D + day * DAY])
    found = found[(found["window"] == window) & (found["segment"] == segment) & (found["model_version"] == model)]
    assert len(found) == 1
    return found.iloc[0]


MIXED = (bet(), bet(), bet("loss"), bet("push"), bet("void"), no_line())


def test_counts_by_hand():
    row = figures(MIXED)
    counts = ["n_rows", "n_lined", "n_dates", "n_bets", "wins", "losses", "pushes", "voids"]
    assert row[counts].tolist() == [5, 4, 1, 5, 2, 1, 1, 1]


def test_figures_by_hand():
    row = figures(MIXED)
    assert row["hit_rate"] == pytest.approx(2 / 3, abs=1e-6)
    assert row["roi"] == pytest.approx((2 * WIN - 1) / 4, abs=1e-6)
    assert row["mae"] == pytest.approx((3 + 3 + 3 + 1) / 4)
    assert row["line_mae"] == pytest.approx((3.5 + 3.5 + 2.5 + 0.0) / 4)
    assert row["mae_diff"] == pytest.approx((10 - 9.5) / 4)
    assert row["bias"] == pytest.approx((3 + 3 - 3 - 1) / 4)
    assert row["log_loss"] == pytest.approx((0.6 + 0.6 + 0.8) / 3, abs=1e-6)
    assert row["market_log_loss"] == pytest.approx(0.7)
    assert row["brier"] == pytest.approx((0.2 + 0.2 + 0.3) / 3, abs=1e-6)
    assert (row["crps"], row["market_crps"], row["pinball"]) == (3.0, 3.5, 1.5)
    assert row["coverage"] == pytest.approx(4 / 5)
    assert row["mae_no_line"] == 4.0
    assert row["line_coverage"] == pytest.approx(4 / 5)
    assert row["known_at"] == at(D, 30)


def test_without_the_predictions_the_grades_still_say_what_they_say():
    """Predictions are optional: segments, calibration and what alarms look at are missing, nothing else."""
    given = inputs(*MIXED)
    whole = build(given, [D]).query("segment == 'all'").reset_index(drop=True)
    del given["player_points_predictions"]
    bare = build(given, [D])
    assert set(bare["segment"]) == {"all"}
    pd.testing.assert_frame_equal(bare.drop(columns="ece"), whole.drop(columns="ece"), check_exact=True)


def test_only_current_official_settled_grades_count():
    others = (
        bet(is_official=False),
        bet(superseded_at=at(D, 40)),
        bet() | {"outcome": "pending", "result": "pending", "profit": None, "played": None},
    )
    assert figures((bet(), *others))["n_bets"] == 1


def test_a_correction_counts_instead_of_what_it_replaced():
    """The same prediction twice: superseded, and current."""
    given = inputs(bet("win", superseded_at=at(D, 70)), bet("loss", known_at=at(D, 70)))
    given["prediction_grades"]["prediction_id"] = "p00001"
    row = build(given, [D]).query("window == '1d' and segment == 'all'").iloc[0]
    assert (row["wins"], row["losses"], row["known_at"]) == (0, 1, at(D, 70))


def test_windows_reach_back_their_days_and_not_into_last_season():
    rows = [bet(day=-n) for n in (0, 1, 6, 7, 29, 30, 100)]
    rows.append(bet(day=-200, game_id="0022300001"))
    counts = {window: figures(rows, window=window)["wins"] for window in ("1d", "7d", "30d", "season")}
    assert counts == {"1d": 1, "7d": 3, "30d": 5, "season": 7}


def test_later_dates_are_not_looked_at():
    row = figures([bet(), bet("loss", day=1)])
    assert (row["wins"], row["losses"]) == (1, 0)


def test_segments_by_side_line_and_time_to_the_tip():
    rows = [
        bet(consensus_line=7.5, minutes_to_tip=45.0),
        bet("loss", decision="UNDER", outcome="over", consensus_line=25.0, minutes_to_tip=400.0),
        no_line(),
    ]
    found = build(inputs(*rows), [D])
    found = found[(found["model_version"] == "serving_points") & (found["window"] == "1d")].set_index("segment")
    assert found["n_rows"].to_dict() == {
        "all": 3,
        "side=OVER": 1,
        "side=UNDER": 1,
        "line=0-8": 1,
        "line=25+": 1,
        "tip=0-60": 1,
        "tip=360+": 1,
    }
    assert found.loc["side=OVER", "wins"] == found.loc["side=UNDER", "losses"] == 1


def test_live_and_backfill_and_models_are_kept_apart():
    rows = [bet(), bet(run_kind="live"), bet("loss", model_version="m2")]
    found = build(inputs(*rows), [D]).query("window == '1d' and segment == 'all'")
    assert found.set_index(["model_version", "run_kind"])["n_bets"].to_dict() == {
        ("m1", "backfill"): 1,
        ("m1", "live"): 1,
        ("m2", "backfill"): 1,
        ("serving_points", "backfill"): 2,
        ("serving_points", "live"): 1,
    }


def test_pickem_rows_have_a_log_loss_of_their_own_only_where_no_row_has_a_market():
    pickem = {"market_log_loss": None, "market_brier": None, "market_p_over": None, "log_loss": 0.9}
    assert figures([bet(**pickem)])["log_loss"] == pytest.approx(0.9)
    both = figures([bet(**pickem), bet(log_loss=0.5)])
    assert (both["log_loss"], both["market_log_loss"]) == (0.5, 0.7)


def test_closing_line_value_is_of_the_bets_that_have_a_close():
    assert figures([bet(clv_points=1.0), bet(clv_points=0.0), bet()])["mean_clv"] == 0.5
    assert np.isnan(figures([bet()])["mean_clv"])


def test_calibration_error_by_hand():
    """Ten rows at P(over) .6 of which five went over: one a bin, errors .4 and .6."""
    rows = [bet(p_over=0.6, p_under=0.4) for _ in range(5)] + [bet("loss", p_over=0.6, p_under=0.4) for _ in range(5)]
    assert figures(rows)["ece"] == pytest.approx(0.5)
    assert np.isnan(figures(rows[:9])["ece"])


def season_of_bets(dates, daily, wins, seed=1):
    rng = np.random.default_rng(seed)
    return [
        bet("win" if rng.random() < wins else "loss", day=n, decision=("OVER", "UNDER")[number % 2])
        for n in range(dates)
        for number in range(daily)
    ]


def test_under_three_hundred_bets_there_is_no_verdict():
    good = season_of_bets(30, 9, 0.9)
    assert figures(good, day=29)["verdict"] == "insufficient"
    assert figures(good + [bet(day=29)] * 30, day=29)["verdict"] == "ahead"


@pytest.mark.parametrize(("wins", "verdict"), [(0.7, "ahead"), (0.524, "level"), (0.35, "behind")])
def test_the_verdict_is_where_the_interval_of_the_return_lies(wins, verdict):
    row = figures(season_of_bets(35, 10, wins), day=34)
    assert row["verdict"] == verdict
    assert row["hit_rate_lo"] < row["hit_rate"] < row["hit_rate_hi"]
    assert row["roi_lo"] < row["roi"] < row["roi_hi"]


def test_one_date_has_no_interval():
    row = figures([bet(), bet("loss")])
    assert row[["hit_rate_lo", "hit_rate_hi", "roi_lo", "mae_diff_hi"]].isna().all()
    assert row["hit_rate"] == 0.5


def whole(values):
    return np.asarray(np.rint(np.asarray(values, dtype=float) * MICRO), dtype=np.int64)


def test_the_interval_of_two_dates_by_hand():
    """10 of 10 and 0 of 10: a quarter of the draws is 0, a quarter 1; widened by t(1) around one half."""
    low, high = intervals(whole([10, 0]), whole([10, 10]), np.array([0]), np.array([2]))
    wider = t.ppf(0.975, 1) / 1.96
    assert low == pytest.approx([0.5 - 0.5 * wider])
    assert high == pytest.approx([0.5 + 0.5 * wider])


def test_from_thirty_dates_on_the_interval_is_that_of_the_draws():
    top, bottom = whole(np.arange(30) % 7), whole(np.full(30, 10))
    low, high = intervals(top, bottom, np.array([0]), np.array([30]))
    drawn = (draw_counts(30) @ top) / (draw_counts(30) @ bottom)
    assert [low[0], high[0]] == pytest.approx(np.quantile(drawn, [0.025, 0.975]).tolist())


def test_dates_without_a_bet_say_nothing():
    few = intervals(whole([3, 5, 2]), whole([6, 6, 6]), np.array([0]), np.array([3]))
    gaps = intervals(whole([3, 0, 5, 0, 2]), whole([6, 0, 6, 0, 6]), np.array([0]), np.array([5]))
    assert few == gaps


def test_draws_are_of_as_many_dates_as_there_are():
    counts = draw_counts(12)
    assert counts.shape == (DRAWS, 12)
    assert (counts.sum(axis=1) == 12).all()


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), min_size=2, max_size=40),
    st.data(),
)
@settings(max_examples=40, deadline=None)
def test_intervals_contain_the_ratio_and_are_equal_alone_and_among_others(days, data):
    top = whole([min(won, bets) for won, bets in days])
    bottom = whole([bets for _, bets in days])
    n = len(days)
    pairs = data.draw(st.lists(st.tuples(st.integers(0, n), st.integers(0, n)), min_size=1, max_size=10))
    first, last = (np.array(ends) for ends in zip(*(sorted(pair) for pair in [(0, n), *pairs]), strict=True))
    low, high = intervals(top, bottom, first, last)
    ratio = top.sum() / bottom.sum()
    assert low[0] <= ratio + 1e-12
    assert high[0] >= ratio - 1e-12
    alone = [intervals(top, bottom, first[[i]], last[[i]]) for i in range(len(first))]
    np.testing.assert_array_equal(low, np.concatenate([one[0] for one in alone]))
    np.testing.assert_array_equal(high, np.concatenate([one[1] for one in alone]))


def test_alarm_of_a_leak():
    good = figures(season_of_bets(30, 40, 0.6), day=29)
    assert "bet_hit_rate_too_good" in good["alarms"]
    assert figures(season_of_bets(30, 40, 0.53), day=29)["alarms"] == []


def test_alarm_of_a_bias_and_of_lines_that_went_missing():
    stale = [bet(day=n, points_mean=22.5, points_q50=22.0, signed_error=-2.0) for n in range(30) for _ in range(40)]
    assert "bias" in figures(stale, day=29)["alarms"]
    fell = [bet(day=n) for n in range(20) for _ in range(100)]
    fell += [row for n in range(20, 27) for _ in range(50) for row in (bet(day=n), *[no_line(day=n)] * 3)]
    assert "line_coverage_fell" in figures(fell, day=26, window="7d")["alarms"]
    assert "line_coverage_fell" not in figures(fell, day=19, window="7d")["alarms"]


def honest_season(dates=60, daily=80, seed=3, **wrong):
    """A season of a model that knows its chances: P(over) 0.44 to 0.56 and true, bets where it differs from one half.

    `wrong`: `bets` (which sides it may bet), `outcome` (true P(over) of a said one), `covered` (share within).
    """
    rng = np.random.default_rng(seed)
    true, sides = wrong.get("outcome", lambda p: p), wrong.get("bets", lambda day: ("OVER", "UNDER"))
    rows = []
    for day in range(dates):
        for p in rng.uniform(0.44, 0.56, daily):
            over = bool(rng.random() < true(p))
            side = "OVER" if p > 0.53 else "UNDER" if p < 0.47 else "PASS"
            side = side if side in sides(day) else "PASS"
            won = over == (side == "OVER")
            away = int(np.ceil(rng.exponential(5.0)))
            points = 20 + away if over else max(21 - away, 0)
            q50 = 20.5 + 20 * (p - 0.5)
            rows.append(
                bet(day=day, decision=side, p_over=p, p_under=1 - p, points_mean=q50, points_q50=q50)
                | {
                    "outcome": "over" if over else "under",
                    "result": "no_bet" if side == "PASS" else "win" if won else "loss",
                }
                | {"profit": None if side == "PASS" else WIN if won else -1.0, "actual_points": points}
                | {"model_abs_error": abs(points - q50), "line_abs_error": abs(points - 20.5)}
                | {
                    "signed_error": points - 20.5,
                    "log_loss": -np.log(p if over else 1 - p),
                    "market_log_loss": np.log(2),
                }
                | {"covered": rng.random() < wrong.get("covered", 0.83), "coverage_expected": 0.83}
            )
    return rows


def alarms_of(rows, day):
    """Alarms of the date's rows of whichever model was official, in any window and segment."""
    found = build(inputs(*rows), [D + day * DAY])
    return sorted({name for own in found["alarms"] for name in own})


def test_an_honest_season_raises_no_alarm():
    rows = honest_season()
    assert [alarms_of(rows, day) for day in (20, 40, 59)] == [[], [], []]


@pytest.mark.parametrize(
    ("alarm", "wrong"),
    [
        ("calibration", {"outcome": lambda p: 0.5 + 3 * (0.5 - p)}),
        ("coverage", {"covered": 0.75}),
        ("coverage", {"covered": 0.91}),
        ("one_sided", {"bets": lambda day: ("OVER",)}),
        ("one_sided", {"bets": lambda day: ("UNDER",)}),
        ("all_pass", {"bets": lambda day: ("OVER", "UNDER") if day < 45 else ()}),
    ],
)
def test_what_goes_wrong_is_an_alarm(alarm, wrong):
    found = alarms_of(honest_season(**wrong), 59)
    assert alarm in found and set(found) <= {alarm, "bias"}, "the side that a wrong chance makes one bet is off as well"


def test_a_model_that_never_bets_is_no_alarm():
    """The market baseline passes on everything: that it does is its nature."""
    assert alarms_of(honest_season(bets=lambda day: ()), 59) == []


@pytest.mark.parametrize(("over", "under", "alarm"), [(20, 0, True), (18, 2, False), (90, 10, True), (75, 25, False)])
def test_one_sidedness_is_by_the_exact_binomial(over, under, alarm):
    """20 of 20 at 0.7 each: 0.0008."""
    sums = {"n_bets": np.array([over + under]), "over_bets": np.array([over])}
    assert one_sided(sums)["one_sided"].tolist() == [alarm]


@pytest.mark.parametrize("n", [300, 1_500])
def test_the_noise_of_the_calibration_error_is_that_of_redrawn_outcomes(n):
    p = np.sort(np.random.default_rng(n).uniform(0.3, 0.7, n))
    assert calibration_noise(p) == pytest.approx(ece_limit(p), rel=0.05)
    assert np.isnan(calibration_noise(p[:9]))


def test_differences_to_the_market_are_of_the_same_rows():
    row = figures(MIXED)
    assert row["compared_with"] == "market" and pd.isna(row["recipe"])
    assert row["log_loss_diff"] == pytest.approx((0.6 + 0.6 + 0.8) / 3 - 0.7, abs=1e-6)
    assert row["crps_diff"] == pytest.approx(-0.5)
    two = figures([bet(), bet("loss", day=1)], day=1)
    assert two["log_loss_diff_lo"] < two["log_loss_diff"] < two["log_loss_diff_hi"]


def challenger(official, number, **more):
    """What a model in role shadow said of the same row."""
    said = {"prediction_id": f"s{number}", "model_version": f"new-{number}", "role": "shadow", "is_official": False}
    same = {name: official[name] for name in ("player_id", "game_id", "game_date")}
    return bet() | same | said | more


def test_a_challenger_is_compared_with_whoever_serves_on_the_rows_that_they_share():
    """Two versions of one recipe, on two dates: nearer by 1 and by 3 points. The third row has no challenger."""
    mine = [bet(day=day, player_id=str(day), game_id=f"002240000{day}") for day in (0, 1, 2)]
    theirs = [
        challenger(mine[0], 0, model_abs_error=2.0, log_loss=0.5, crps=2.0, known_at=at(D, 30)),
        challenger(mine[1], 1, model_abs_error=0.0, log_loss=0.6, crps=3.0, known_at=at(D + DAY, 30)),
        challenger(mine[2], 2, consensus_line=22.5, line_value=22.5, known_at=at(D + 2 * DAY, 30)),
    ]
    given = inputs(*mine, *theirs)
    given["points_model"] = table(
        "points_model",
        [
            {"game_date": D + n * DAY, "model_version": name, "target": "points", "family": family}
            for n in range(3)
            for name, family in (("m1", "market_baseline"), (f"new-{n}", "residual_lgbm"))
        ],
    )
    found = build(given, [D + 2 * DAY]).query("window == 'season' and segment == 'all'").set_index("model_version")
    assert set(found.index) == {"serving_points", "m1"}, "on the last date they stand on different lines"
    found = build(given, [D + DAY]).query("window == 'season'")
    found = found[found["segment"] == "all"].set_index("model_version")
    row = found.loc["residual_lgbm"]
    assert (row["compared_with"], row["recipe"], row["n_lined"], row["n_dates"]) == (
        "serving_points",
        "residual_lgbm",
        2,
        2,
    )
    assert row["mae_diff"] == pytest.approx((-1 - 3) / 2)
    assert row["log_loss_diff"] == pytest.approx((-0.1 + 0.0) / 2)
    assert row["crps_diff"] == pytest.approx((-1 + 0) / 2)
    assert row["mae_diff_lo"] < row["mae_diff"] < row["mae_diff_hi"]
    assert (row["mae"], row["line_mae"], row["market_log_loss"]) == (1.0, 3.5, 0.7)
    assert found.loc["serving_points", "n_lined"] == 2 and found.loc["m1", "recipe"] == "market_baseline"
    assert "residual_lgbm" not in set(build(given, [D + DAY]).query("segment != 'all'")["model_version"])


def games(n, log_loss=0.62, error=10.7, **more):
    plain = {
        "game_date": D,
        "model_version": "ratings-1",
        "run_kind": "backfill",
        "is_official": True,
        "target": "game",
        "result": "no_bet",
        "home_won": True,
        "margin": 5,
        "total": 220,
        "log_loss": log_loss,
        "brier": 0.21,
        "margin_abs_error": error,
        "known_at": at(D, 30),
    }
    rows = [plain | {"prediction_id": f"g{i}", "game_id": f"00224{i:05d}"} | more for i in range(n)]
    said = [{"game_date": D, "prediction_id": row["prediction_id"], "p_home_win": 0.6} for row in rows]
    return {"prediction_grades": table("prediction_grades", rows), "game_predictions": table("game_predictions", said)}


def test_games_without_lines_have_their_own_alarms():
    def alarms(**more):
        return build(games(1_000, **more), [D]).query("window == '1d'")["alarms"].iloc[0]

    assert alarms() == []
    assert alarms(log_loss=0.58) == ["game_log_loss_too_good"]
    assert alarms(error=9.8) == ["game_margin_mae_too_good"]


def test_games_are_measured_by_their_margin():
    row = build(games(4, market_margin_abs_error=9.7, market_log_loss=0.6, market_brier=0.2), [D]).iloc[0]
    assert (row["n_rows"], row["n_lined"], row["n_bets"]) == (4, 4, 0)
    assert (row["mae"], row["line_mae"]) == (10.7, 9.7)
    assert row["mae_diff"] == pytest.approx(1.0)
    assert row[["hit_rate", "roi", "bias", "crps", "coverage"]].isna().all()
    assert (row["log_loss"], row["market_log_loss"], row["verdict"]) == (0.62, 0.6, "insufficient")


def test_simulated_dates_say_so():
    given = inputs(bet())
    assert set(build(given, [D])["data_origin"]) == {"real"}
    given["nbac_schedule"]["arena_name"] = "Simulated Arena"
    assert set(build(given, [D])["data_origin"]) == {"simulated"}


def test_no_grades_no_record():
    assert build({}, [D]).empty
    assert build(inputs(bet()), [D + DAY]).empty


def test_a_date_is_the_same_alone_and_in_a_range():
    given = inputs(*season_of_bets(12, 6, 0.5))
    dates = [D + n * DAY for n in range(12)]
    together = build(given, dates)
    alone = pd.concat([build(given, [day]) for day in dates], ignore_index=True)
    contract = contracts.table("model_performance_daily")
    pd.testing.assert_frame_equal(frames.conform(alone, contract), together, check_exact=True)
    findings = list(verify(contract, together, {}, given["nbac_schedule"]))
    assert all(finding.passed for finding in findings), [f.description for f in findings if not f.passed]
