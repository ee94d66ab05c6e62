"""The Monday refit: what it may learn from, that it is the same twice, who serves."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.modeling import market_baseline, residual, trial
from nba_assets.modeling.forecast import Model, forecast
from nba_assets.modeling.game_weights import of_season
from nba_assets.modeling.points_model import build, refit_date, training_rows
from nba_assets.modeling.slate import FEATURE_NAMES, slate
from nba_assets_tests.modeling.conftest import MONDAY, START
from nba_assets_tests.modeling.rows import at, league

DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def data(season):
    return training_rows(MONDAY, slate(season), season)


@pytest.fixture(scope="module")
def baseline(data):
    return Model(bands=market_baseline.fit(data))


@pytest.fixture(scope="module")
def trained(data, baseline):
    return residual.train(data, baseline)


def card(cards, family="residual_lgbm"):
    found = cards[cards["family"] == family]
    assert len(found) == 1
    return found.iloc[0]


def test_every_date_of_a_week_comes_from_its_monday():
    assert [refit_date(MONDAY + n * DAY) for n in (0, 3, 6, 7)] == [MONDAY, MONDAY, MONDAY, MONDAY + 7 * DAY]


def test_features_are_at_most_forty_and_none_is_a_closing_line():
    assert len(FEATURE_NAMES) == len(set(FEATURE_NAMES)) <= 40
    assert not [name for name in FEATURE_NAMES if "closing" in name]


def test_training_ends_two_days_before_the_refit_and_holds_only_players_who_played(data, season):
    assert data["game_date"].min() == START
    assert data["game_date"].max() == MONDAY - 2 * DAY
    truth = season["player_game_summary"]
    played = truth[truth["status"] == "played"]
    assert len(data) == (played["game_date"] <= MONDAY - 2 * DAY).sum()
    assert data["actual"].notna().all()


def test_a_box_score_known_after_the_refit_is_not_learned_from(season):
    truth = season["player_game_summary"].copy()
    late = truth["game_date"] == START
    truth.loc[late, "known_at"] = at(MONDAY, 1)
    found = training_rows(MONDAY, slate(season), season | {"player_game_summary": truth})
    assert found["game_date"].min() == START + DAY


def test_a_correction_counts_from_the_monday_after_it_was_known(season):
    truth = season["player_game_summary"]
    row = truth[(truth["game_date"] == START) & (truth["status"] == "played")].index[0]
    old = truth.copy()
    old.loc[row, "superseded_at"] = at(MONDAY, 5)
    new = truth.loc[[row]].assign(points=99, known_at=at(MONDAY, 5))
    inputs = season | {"player_game_summary": pd.concat([old, new], ignore_index=True)}
    rows = slate(season)
    now, later = (training_rows(day, rows, inputs) for day in (MONDAY, MONDAY + 7 * DAY))
    assert 99 not in now["actual"].tolist()
    assert (later["actual"] == 99).sum() == 1


def test_blocks_lie_in_time_order_with_the_embargo_between_them(data):
    """Trap 8: fit, early stopping, held out; never a random split."""
    lined = data[data["consensus_line"].notna()]
    held = lined[lined["game_date"].isin(trial.last_dates(lined))]
    earlier = trial.before(lined, held["game_date"])
    stop = earlier[earlier["game_date"].isin(trial.last_dates(earlier))]
    fit = trial.before(earlier, stop["game_date"])
    assert earlier["game_date"].max() <= held["game_date"].min() - 2 * DAY
    assert fit["game_date"].max() <= stop["game_date"].min() - 2 * DAY
    assert len(fit) > 0


def test_of_those_that_pass_their_gates_the_blend_serves_and_the_other_is_a_challenger(cards):
    blend = card(cards, "stages_blend")
    assert (blend["gate_status"], blend["serving"]) == ("passed", True)
    assert (card(cards)["gate_status"], card(cards)["serving"]) == ("passed", False)


def test_a_card_says_what_it_was_made_of_and_how_it_was_judged(cards):
    model = card(cards)
    assert model["n_rows"] == model["n_lined"] == model["n_two_sided"] > 2_000
    assert model["train_end"] == MONDAY - 2 * DAY
    assert model["refit_at"] == model["known_at"] == at(MONDAY, 0)
    assert model["feature_names"] == [n for n in FEATURE_NAMES if n not in model["dropped_features"]]
    assert {gate["name"] for gate in json.loads(model["gates"])} >= {"mae_vs_line", "bias", "coverage", "reload"}
    assert json.loads(model["valid_metrics"])["n"] > 1_000
    assert model["data_origin"] == "simulated"


def test_the_contract_holds(cards):
    table = contracts.table("points_model")
    pd.testing.assert_frame_equal(frames.conform(cards, table), cards, check_exact=True)
    required = [column.name for column in table.columns if not column.nullable]
    assert not cards[required].isna().any(axis=None)
    assert (cards["train_end"].isna() | (cards["train_end"] < cards["game_date"])).all()
    assert cards.loc[cards["serving"], "target"].tolist() == ["points", "game"] or cards["serving"].sum() == 2


def test_the_same_rows_train_the_same_bytes(data, baseline, trained):
    again = residual.train(data, baseline)
    assert again == trained


def test_the_model_is_the_same_whichever_dates_are_asked_for(season, cards):
    week = build(season, [MONDAY - n * DAY for n in range(8)])
    own = week[week["game_date"] == MONDAY].reset_index(drop=True)
    pd.testing.assert_frame_equal(own, cards, check_exact=True)


def test_a_feature_that_is_mostly_null_is_dropped_and_named(data):
    thin = data.copy()
    thin.loc[thin.index[: len(thin) * 6 // 10], "fatigue_score"] = np.nan
    kept, dropped = residual.usable_features(thin)
    assert "fatigue_score" in dropped
    assert "fatigue_score" not in kept
    assert "pace_score" in kept


def test_below_two_thousand_lined_rows_or_twenty_dates_the_baseline_serves():
    short = league(days=15, games=6, players=12, start=START)
    thin = league(days=30, games=2, players=12, start=START)
    for inputs, monday in ((short, START + 14 * DAY), (thin, START + 28 * DAY)):
        found = build(inputs, [monday])
        model = card(found, "market_baseline")
        assert (model["serving"], model["gate_status"]) == (True, "insufficient")
        assert set(found["family"]) == {"market_baseline", "ratings"}


def test_a_failed_gate_keeps_the_incumbent_and_the_candidates_card():
    """A feature that knows the points trips the leak alarms: the market baseline goes on serving."""
    inputs = league(days=36, games=4, players=12, seed=2, start=START, signal=2.5)
    found = build(inputs, [MONDAY])
    incumbent = card(found, "market_baseline")
    assert incumbent["serving"]
    for candidate in (card(found), card(found, "stages_blend")):
        assert (candidate["gate_status"], candidate["serving"]) == ("failed", False)
        assert candidate["incumbent_version"] == incumbent["model_version"]
        alarm = next(gate for gate in json.loads(candidate["gates"]) if gate["name"] == "leak_alarms")
        assert "too_good" in alarm["detail"]


def test_the_model_that_served_stays_when_the_new_ones_fail_a_gate(season, cards):
    """A week later the outcomes of the last dates are nonsense: both candidates miss the line by far."""
    later = MONDAY + 7 * DAY
    inputs = league(days=44, games=4, players=12, seed=2, start=START)
    truth = inputs["player_game_summary"]
    wrong = (truth["game_date"] >= MONDAY - 10 * DAY) & (truth["status"] == "played")
    truth = truth.assign(points=truth["points"].mask(wrong, 60))
    found = build(inputs | {"player_game_summary": truth, "points_model": cards}, [later])
    served = card(cards, "stages_blend")
    stays = found[found["serving"] & (found["target"] == "points")].iloc[0]
    assert (stays["model_version"], stays["refit_at"]) == (served["model_version"], served["refit_at"])
    tried = found[found["refit_at"] == at(later, 0)]
    assert not tried.loc[tried["target"] == "points", "serving"].any()


def test_a_week_carries_on_what_its_first_date_holds(season, cards):
    """Nothing is fitted on a Tuesday: the cards are Monday's, whatever has become of the inputs."""
    tuesday = MONDAY + DAY
    inputs = league(days=37, games=4, players=12, seed=2, start=START)
    found = build({"nbac_schedule": inputs["nbac_schedule"], "points_model": cards}, [tuesday])
    same = cards.assign(game_date=found["game_date"])
    pd.testing.assert_frame_equal(found, same, check_exact=True)


def test_without_history_there_is_still_a_model():
    inputs = league(days=1, games=1, players=5, start=START)
    found = build({"nbac_schedule": inputs["nbac_schedule"]}, [START])
    assert found["serving"].all()
    assert found.set_index("target")["n_rows"].to_dict() == {"points": 0, "game": of_season(2024).n_games}


def test_a_date_without_games_has_no_models(season):
    assert build(season, [START - 30 * DAY]).empty


def test_held_out_rows_do_not_reach_the_parameters_that_are_judged_on_them(data):
    """Trap 10: noise in the held-out outcomes leaves booster, a, w and the incumbent's bands as they were."""
    honest = residual.candidate(data)
    noise = pd.Series(np.random.default_rng(1).integers(0, 60, len(data)), data.index, dtype="Int64")
    held = data["game_date"].isin(honest.held["game_date"].unique())
    noisy = residual.candidate(data.assign(actual=data["actual"].mask(held, noise)))
    assert not noisy.held["actual"].equals(honest.held["actual"])
    assert honest.model.artifact is not None
    assert noisy.model == honest.model
    assert noisy.incumbent == honest.incumbent


def test_weight_of_the_model_against_the_market():
    """Below 500 two-sided rows 0; where the model knows more, near 1; where it knows nothing, near 0."""
    rng = np.random.default_rng(3)
    n = 6_000
    truth = rng.uniform(0.3, 0.7, n)
    actual = np.where(rng.random(n) < truth, 25.0, 15.0)
    rows = pd.DataFrame({"market_p_over": np.full(n, 0.5), "line_value": np.full(n, 20.5), "actual": actual})
    assert residual.fit_weight(rows.iloc[:499], truth[:499]) == 0.0
    assert residual.fit_weight(rows, truth) > 0.8
    assert residual.fit_weight(rows, rng.uniform(0.3, 0.7, n)) < 0.2


def test_the_booster_is_text_that_reads_back_to_the_same_predictions(trained, data):
    rows = data.head(50)
    model = trained.model
    back = Model.of_row(
        {
            "family": model.family,
            "dispersion": model.dispersion_json(),
            "artifact": model.artifact,
            "params": "{}",
            "feature_names": list(model.feature_names),
            "market_weight": model.market_weight,
        }
    )
    pd.testing.assert_frame_equal(forecast(rows, back), forecast(rows, model), check_exact=True)
