"""A person's choice among the models of a date, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from nba_assets.modeling.recipes import recipes, serving
from nba_assets_tests.modeling.rows import D, at, table

DAY = pd.Timedelta(days=1)


def cards(*rows):
    """Models of D and the day after: the residual serves, the baseline is beside it; and the model of games."""
    plain = [("residual_lgbm", True, "passed"), ("market_baseline", False, "passed")]
    made = [
        {"game_date": D + n * DAY, "model_version": f"{family}-1", "family": family, "target": "points"}
        | {"serving": serves, "gate_status": status, "refit_at": at(D, -48)}
        for n in (0, 1)
        for family, serves, status in rows or plain
    ]
    games = [
        {"game_date": D + n * DAY, "model_version": "g", "family": "ratings", "target": "game", "serving": True}
        for n in (0, 1)
    ]
    return table("points_model", made + games)


def choices(*made):
    return table("model_choices", [{"change_id": n, "recipe": r, "since": day} for n, (r, day) in enumerate(made)])


def served(*made, among=()):
    found = serving(cards(*among), choices(*made))
    assert (found.loc[found["target"] == "points"].groupby("game_date")["serving"].sum() == 1).all()
    assert found.loc[found["target"] == "game", "serving"].all()
    own = found[found["serving"] & (found["target"] == "points")]
    return own.sort_values("game_date")["family"].tolist()


LEARNED, MARKET = "residual_lgbm", "market_baseline"


@pytest.mark.parametrize(
    ("made", "serve"),
    [
        ((), [LEARNED, LEARNED]),
        (((MARKET, D),), [MARKET, MARKET]),
        (((MARKET, D + DAY),), [LEARNED, MARKET]),
        (((MARKET, D + 2 * DAY),), [LEARNED, LEARNED]),
        (((MARKET, D), (LEARNED, D + DAY)), [MARKET, LEARNED]),
        (((LEARNED, D + DAY), (MARKET, D)), [MARKET, MARKET]),
        ((("nobody", D),), [LEARNED, LEARNED]),
    ],
)
def test_the_newest_choice_made_for_a_date_or_an_earlier_one_counts(made, serve):
    assert served(*made) == serve


@pytest.mark.parametrize("status", ["failed", "insufficient"])
def test_a_model_whose_gates_do_not_let_it_serve_does_not(status):
    among = ((LEARNED, False, status), (MARKET, True, "insufficient"))
    assert served((LEARNED, D), among=among) == [MARKET, MARKET]
    assert served((MARKET, D), among=among) == [MARKET, MARKET]


def test_without_a_choice_the_rows_are_the_same():
    given = cards()
    pd.testing.assert_frame_equal(serving(given, choices()), given)


def test_the_recipe_is_the_family_until_there_is_a_column_for_it():
    assert recipes(cards())["residual_lgbm-1"] == "residual_lgbm"
    assert recipes(cards().assign(recipe="new"))["residual_lgbm-1"] == "new"
