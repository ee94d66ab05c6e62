"""A card that is not what was fitted is not asked: PASS with the reason, by the market baseline."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nba_assets.modeling import TRANSFORMS
from nba_assets.modeling.forecast import Model
from nba_assets.modeling.golden import LINED, UNLINED, golden_rows, is_sound
from nba_assets_tests.modeling.conftest import MONDAY

Card = dict[str, Any]


def changed(**values: Any) -> Callable[[Card], Card]:
    return lambda card: card | values


def swapped(card: Card) -> Card:
    names = list(card["feature_names"])
    return card | {"feature_names": [names[1], names[0], *names[2:]]}


def leafed(card: Card) -> Card:
    return card | {"artifact": card["artifact"].replace("leaf_value=", "leaf_value=9", 1)}


def wider(card: Card) -> Card:
    bands = json.loads(card["dispersion"])
    return card | {"dispersion": json.dumps({name: [2 * value for value in values] for name, values in bands.items()})}


def forgotten(card: Card) -> Card:
    """A golden row of which something else is said."""
    golden = json.loads(card["golden_rows"])
    golden[0]["said"]["points_mean"] += 0.01
    return card | {"golden_rows": json.dumps(golden)}


TAMPERED = {
    "weight": ("stages_blend", changed(market_weight=0.77)),
    "shape": ("stages_blend", wider),
    "golden rows": ("stages_blend", forgotten),
    "no golden rows at all": ("stages_blend", changed(golden_rows="{")),
    "thresholds of another version": ("stages_blend", changed(thresholds='{"least_luck": 1}')),
    "artifact": ("residual_lgbm", leafed),
    "artifact is gone": ("residual_lgbm", changed(artifact=None)),
    "order of features": ("residual_lgbm", swapped),
    "a feature of another version": ("residual_lgbm", changed(feature_names=["luck"])),
}


@pytest.fixture(scope="module")
def models(cards: pd.DataFrame) -> dict[str, Card]:
    points = cards[(cards["target"] == "points") & (cards["game_date"] == MONDAY)]
    return {str(row["family"]): {str(k): v for k, v in row.items()} for row in points.to_dict("records")}


def test_what_was_fitted_is_sound_with_its_golden_rows(models: dict[str, Card]) -> None:
    assert set(models) == {"stages_blend", "residual_lgbm", "market_baseline"}
    for card in models.values():
        assert is_sound(card)
        golden = json.loads(card["golden_rows"])
        lines = [pair["row"]["consensus_line"] is not None for pair in golden]
        assert lines == [True] * LINED, "everybody of this league has a line"


def test_the_first_with_and_without_a_line_are_kept() -> None:
    rows = pd.DataFrame({"consensus_line": [np.nan, 20.5] * 5, "own_points": np.arange(10.0)})
    golden = json.loads(golden_rows(rows.assign(line_value=rows["consensus_line"], market_p_over=np.nan), Model()))
    assert [pair["row"]["own_points"] for pair in golden] == [1, 3, 5, 0, 2]
    assert len(golden) == LINED + UNLINED


@pytest.mark.parametrize("name", TAMPERED)
def test_whatever_is_changed_in_a_card_is_seen(name: str, models: dict[str, Card]) -> None:
    family, change = TAMPERED[name]
    assert not is_sound(change(models[family]))


@pytest.mark.parametrize("name", [name for name, (family, _) in TAMPERED.items() if family == "stages_blend"])
def test_a_card_that_is_not_sound_is_a_pass_with_the_markets_numbers(
    name: str, season: dict[str, pd.DataFrame], cards: pd.DataFrame
) -> None:
    change = TAMPERED[name][1]
    rows = [change(row) if row["family"] == "stages_blend" else row for row in cards.to_dict("records")]
    tampered = pd.DataFrame(rows, columns=cards.columns).astype(cards.dtypes)
    said = TRANSFORMS["player_points_predictions"](season | {"points_model": tampered}, [MONDAY])
    own = said[said["model_version"].str.startswith("stages_blend")]
    others = said[~said["model_version"].str.startswith("stages_blend")]
    assert len(own) and (own["decision"] == "PASS").all()
    assert own["reasons"].map(lambda reasons: "model_mismatch" in list(reasons)).all()
    assert not others["reasons"].map(lambda reasons: "model_mismatch" in list(reasons)).any()
    priced = own[own["market_p_over"].notna() & (own["line_value"] == own["consensus_line"])]
    assert np.abs(priced["p_over"] / (1 - priced["p_push"]) - priced["market_p_over"]).max() < 1e-3
