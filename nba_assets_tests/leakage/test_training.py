"""What a model may have seen of the games that it speaks of: traps 8, 9, 10, 11 and 16, and shuffled targets."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from nba_assets import contracts
from nba_assets.modeling import TRANSFORMS, blend, market_baseline, residual, trial
from nba_assets.modeling.decision import Thresholds
from nba_assets.modeling.forecast import Model
from nba_assets.modeling.game_features import FEATURES as GAME_FEATURES
from nba_assets.modeling.own_points import with_own_points
from nba_assets.modeling.points_model import training_rows
from nba_assets.modeling.slate import FEATURE_NAMES, features, slate
from nba_assets.modeling.stages import STAGES
from nba_assets_tests.leakage.night import Night, same
from nba_assets_tests.leakage.season import predict
from nba_assets_tests.modeling.conftest import MONDAY
from nba_assets_tests.modeling.rows import at

DAY = pd.Timedelta(days=1)
EMBARGO = 2 * DAY
READ_BY = {stage.name: stage.features for stage in STAGES} | {"residual": FEATURE_NAMES, "games": GAME_FEATURES}
"""By model the features that it reads."""
COLUMNS = [column.name for column in contracts.table("points_model").columns]


@pytest.fixture(scope="module")
def data(season):
    return training_rows(MONDAY, slate(season), season)


def noise(rows, where, seed=1):
    """Outcomes at random where asked."""
    drawn = pd.Series(np.random.default_rng(seed).integers(0, 60, len(rows)), rows.index, dtype="Int64")
    return rows.assign(actual=rows["actual"].mask(where, drawn))


class Fits:
    """What every fit was given."""

    def __init__(self, fit):
        self.fit, self.rows, self.models = fit, [], []

    def __call__(self, rows, bands):
        self.rows.append(rows)
        self.models.append(self.fit(rows, bands))
        return self.models[-1]


def test_trap_8_a_blend_is_fitted_an_embargo_before_the_dates_it_is_judged_on(data):
    fits = Fits(lambda rows, bands: Model(bands=bands))
    trial.tried(data, market_baseline.fit(data), fits, None)
    judged, (candidate, last) = trial.held_out(data)["game_date"], fits.rows
    assert candidate["game_date"].max() + EMBARGO <= judged.min()
    assert last["game_date"].max() == judged.max() == MONDAY - EMBARGO


def test_trap_8_a_booster_is_fitted_and_stopped_an_embargo_apart_and_in_time_order(data, monkeypatch):
    fits, fit = [], residual.fit_booster

    def watched(rows, names, trees=None, valid=None):
        fits.append((rows["game_date"].max(), None if valid is None else valid["game_date"].min()))
        return fit(rows, names, trees, valid)

    monkeypatch.setattr(residual, "fit_booster", watched)
    found = residual.candidate(data)
    (first, stopped), (second, _) = fits
    assert first + EMBARGO <= stopped <= second
    assert second + EMBARGO <= found.held["game_date"].min()


@pytest.mark.parametrize("model", READ_BY)
def test_trap_9_no_model_reads_what_a_stage_says(season, model):
    rows = features(season)
    said = set(with_own_points(rows, pd.DataFrame()).columns) - set(rows.columns)
    assert {"own_minutes", "own_points"} <= said
    predicted = {column.name for column in contracts.table("player_points_predictions").columns}
    predicted -= {
        column.name for name in ("ml_feature_store", "player_daily_cache") for column in contracts.table(name).columns
    }
    predicted -= {"consensus_line", "line_range", "n_books", "market_p_over", "p_play"}
    assert not set(READ_BY[model]) & (said | predicted | {"actual", "actual_minutes", "actual_fga", "actual_fta"})
    assert not [name for name in rows.columns if name in said or name.startswith("actual")]


def test_trap_9_minutes_of_the_box_scores_train_nothing(given):
    """Expected minutes come from form alone: shuffled minutes leave every model as it was."""
    box = given["player_game_summary"]
    minutes = np.random.default_rng(1).permutation(box["minutes"].to_numpy())
    shuffled = box.assign(minutes=pd.Series(minutes, index=box.index).where(box["status"] == "played"))
    same(TRANSFORMS["points_model"](given | {"player_game_summary": shuffled}, [MONDAY]), given["points_model"])


def test_trap_10_held_out_outcomes_reach_no_parameter_of_a_blend(data):
    """Bands, a and lambda of the candidate that is judged on them."""
    honest, noisy = Fits(blend.fit), Fits(blend.fit)
    held = data["game_date"].isin(trial.held_out(data)["game_date"].unique())
    changed = noise(data, held)
    trial.tried(data, market_baseline.fit(data), honest, None)
    trial.tried(changed, market_baseline.fit(changed), noisy, None)
    assert honest.models[0] == noisy.models[0]
    assert honest.models[1] != noisy.models[1]


@pytest.fixture(scope="module")
def noisy_cards(season):
    """The models of the Monday if every result within the embargo were another, and known on the eve."""
    truth = season["player_game_summary"]
    ahead = truth["game_date"] > MONDAY - EMBARGO
    drawn = pd.Series(np.random.default_rng(3).integers(0, 60, len(truth)), truth.index, dtype="Int64")
    eve = at(MONDAY, -1)
    changed = truth.assign(
        **{name: truth[name].mask(ahead, drawn) for name in ("points", "fga", "fta")},
        minutes=truth["minutes"].mask(ahead, 48.0),
        status=truth["status"].mask(ahead, "played"),
        known_at=truth["known_at"].mask(ahead, eve),
    )
    assert (changed["points"] != truth["points"]).any()
    early = {
        name: season[name].assign(known_at=season[name]["known_at"].clip(upper=eve))
        for name in ("ml_feature_store", "upcoming_player_game_context", "player_daily_cache")
    }
    return TRANSFORMS["points_model"](season | early | {"player_game_summary": changed}, [MONDAY])


@pytest.mark.parametrize("column", COLUMNS)
def test_trap_10_results_from_within_the_embargo_reach_no_column_of_a_model(cards, noisy_cards, column):
    same(noisy_cards[[column]], cards[[column]])


def test_trap_11_a_model_never_saw_the_game_it_predicts(given, said):
    cards = given["points_model"].set_index("model_version")
    end = said["model_version"].map(cards["train_end"])
    assert (end + 2 * DAY <= said["game_date"]).all()
    assert (said["model_version"].map(cards["refit_at"]) <= said["decision_at"]).all()
    assert set(said["run_kind"]) == {"backfill"}


def test_trap_11_no_date_of_a_season_is_served_by_a_model_that_saw_it(night: Night):
    cards = night.tables["points_model"]
    cards = cards[cards["target"] == "points"]
    assert cards["game_date"].nunique() > 10 and cards["train_end"].notna().any()
    assert (cards["train_end"].isna() | (cards["train_end"] + EMBARGO <= cards["refit_at"].dt.tz_localize(None))).all()
    assert (cards["refit_at"].dt.tz_localize(None) <= cards["game_date"]).all()
    said = night.tables["player_points_predictions"]
    ends = said.merge(cards, on=["game_date", "model_version"], suffixes=("", "_of_model"))
    assert len(ends) == len(said)
    assert (ends["refit_at"] <= ends["decision_at"]).all()


def test_trap_16_thresholds_are_those_of_every_earlier_card(cards, night: Night):
    """They stand in the card before the first game that they decide, and no result has ever moved them."""
    every = pd.concat([night.tables["points_model"], cards], ignore_index=True)
    every = every[every["target"] == "points"]
    assert every["refit_at"].nunique() > 3
    assert [json.loads(text) for text in every["thresholds"].unique()] == [Thresholds().__dict__]


def test_trap_16_decisions_are_by_the_cards_thresholds(given, said, served):
    """The same rows under a card that asks for more, and one that asks for nothing."""
    cards = given["points_model"]
    points = cards["target"] == "points"

    def under(**changed):
        text = json.dumps(Thresholds().__dict__ | changed, sort_keys=True)
        return predict(given | {"points_model": cards.assign(thresholds=cards["thresholds"].mask(points, text))})

    assert set(under(least_ev=9.0)["decision"]) == {"PASS"}
    loose = under(least_ev=-1.0, least_edge=0.0)
    assert (loose["decision"] != "PASS").sum() > (said["decision"] != "PASS").sum()


@pytest.fixture(scope="module")
def shuffled(data):
    """Errors of the line change hands within a date: what is left is noise."""
    rng = np.random.default_rng(4)
    error = (
        (data["actual"] - data["consensus_line"])
        .groupby(data["game_date"])
        .transform(lambda values: rng.permutation(values.to_numpy()))
    )
    return data.assign(actual=(data["consensus_line"] + error).clip(lower=0))


TRAINS = {
    "stages_blend": blend.train,
    "residual_lgbm": lambda rows, bands: residual.train(rows, Model(bands=bands)),
}


@pytest.mark.parametrize("family", TRAINS)
def test_shuffled_outcomes_give_no_gain_over_the_line(shuffled, family):
    found = TRAINS[family](shuffled, market_baseline.fit(shuffled))
    assert found.metrics["n"] > 1_000
    assert found.metrics["mae"] - found.metrics["line_mae"] > -0.05
    assert found.metrics["log_loss"] > found.metrics["market_log_loss"] - 0.002
    assert found.metrics["crps"] > 0.99 * found.metrics["baseline_crps"]
    assert next(gate for gate in found.gates if gate["name"] == "leak_alarms")["verdict"] == "passed"
