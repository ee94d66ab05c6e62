"""The model of games against Elo on identical rows, every game accounted for."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from nba_assets.evaluation import games as evaluated
from nba_assets.modeling import TRANSFORMS
from nba_assets_tests.modeling.rows import league, table

START, DAYS = pd.Timestamp("2024-11-04"), 30
SPAN = (dt.date(2024, 11, 10), dt.date(2024, 12, 31))


@pytest.fixture(scope="module")
def inputs() -> dict[str, pd.DataFrame]:
    """30 dates of 4 games of 8 teams."""
    return league(days=DAYS, games=4, players=2, seed=3, start=START)


def knowing(inputs: dict[str, pd.DataFrame], share: float) -> dict[str, pd.DataFrame]:
    """With team ratings that know so much of each game's own result: a planted leak."""
    rows = inputs["team_offense_game_summary"]
    keys = rows[["game_date", "game_id", "team", "season"]]
    ratings = keys.assign(strength=share * rows["margin"] / 2, home_advantage=0.0, league_total=240.0, games_n=20)
    return inputs | {"team_rating": table("team_rating", ratings)}


def test_every_game_is_compared_or_left_out_with_its_reason(inputs: dict[str, pd.DataFrame]) -> None:
    schedule, context = inputs["nbac_schedule"], inputs["upcoming_team_game_context"]
    late = schedule["game_date"] == START + pd.Timedelta(days=DAYS - 1)
    open_ = schedule[~late | (schedule["game_status"] == 1)].copy()
    open_.loc[late[late].index.intersection(open_.index), "superseded_at"] = pd.NaT
    gone = context["game_id"] == context["game_id"].iloc[-1 - 8 * 2]
    found = evaluated.games(inputs | {"nbac_schedule": open_, "upcoming_team_game_context": context[~gone]}, *SPAN)

    assert found["left_out"] == {"not_final": 4, "no_decision": 1}
    assert found["n_games"] == (DAYS - 6) * 4 - 5
    assert found["n_dates"] == DAYS - 7
    assert found["n_with_box_score"] == found["n_games"]


def test_the_models_rows_are_those_of_its_table(inputs: dict[str, pd.DataFrame]) -> None:
    rows, _ = evaluated.compared(inputs, *SPAN)
    dates = sorted(rows["game_date"].unique())
    said = TRANSFORMS["game_predictions"](inputs, dates)
    joined = rows.merge(said, on=["game_date", "game_id"], suffixes=("", "_said"))

    assert len(joined) == len(rows)
    assert joined["margin_mean"].tolist() == joined["margin_mean_said"].tolist()
    assert joined["p_home_win"].to_numpy() == pytest.approx(joined["p_home_win_said"].to_numpy(), abs=1e-6)


def test_figures_are_means_of_the_same_rows(inputs: dict[str, pd.DataFrame]) -> None:
    rows, _ = evaluated.compared(inputs, *SPAN)
    found = evaluated.games(inputs, *SPAN)

    won = rows["margin"] > 0
    assert found["brier"] == pytest.approx(((rows["p_home_win"] - won) ** 2).mean())
    assert found["elo_margin_mae"] == pytest.approx((rows["margin"] - rows["elo_margin"]).abs().mean())
    assert found["log_loss_diff"] == pytest.approx(found["log_loss"] - found["elo_log_loss"])
    assert found["log_loss_diff_lo"] < found["log_loss_diff"] < found["log_loss_diff_hi"]


def test_a_planted_leak_is_seen_and_alarms_once_there_are_a_thousand_games(
    inputs: dict[str, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, leak = evaluated.games(inputs, *SPAN), evaluated.games(knowing(inputs, 1.0), *SPAN)
    assert leak["margin_mae"] < honest["margin_mae"] / 2
    assert leak["floor"] == leak["goal"] == dict.fromkeys(evaluated.FLOOR, True)
    assert leak["alarms"] == []
    monkeypatch.setattr("nba_assets.modeling.alarms.LEAST_GAMES", 50)
    assert evaluated.games(knowing(inputs, 1.0), *SPAN)["alarms"] == [
        "game_log_loss_too_good",
        "game_margin_mae_too_good",
    ]


def test_no_games_are_no_numbers(inputs: dict[str, pd.DataFrame]) -> None:
    found = evaluated.games(inputs, dt.date(2023, 1, 1), dt.date(2023, 2, 1))

    assert (found["n_games"], found["log_loss"], found["log_loss_diff_lo"], found["alarms"]) == (0, None, None, [])
    assert found["floor"] == dict.fromkeys(evaluated.FLOOR, False)


def test_weights_are_fitted_on_the_seasons_before(inputs: dict[str, pd.DataFrame]) -> None:
    """A generated season too small to fit raises; of one season alone there is nothing to fit."""
    assert evaluated.refitted(inputs) == []
    both = {}
    for name, rows in inputs.items():
        next_ = rows.assign(game_date=rows["game_date"] + pd.Timedelta(days=364))
        next_ = next_.assign(season=2025) if "season" in rows.columns else next_
        both[name] = pd.concat([rows, next_], ignore_index=True)
    with pytest.raises(ValueError, match="need 500 games"):
        evaluated.refitted(both)
