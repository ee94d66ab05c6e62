"""Minutes, volume, efficiency: who is expected on the floor, what each stage learns, who may serve."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from nba_assets.modeling import TRANSFORMS, availability, stages
from nba_assets.modeling.own_points import FITTED, MISMATCH, SIMPLE, with_own_points
from nba_assets.modeling.slate import features, slate
from nba_assets.modeling.team_mates import with_team_mates
from nba_assets.modeling.training import played
from nba_assets_tests.leakage.night import randomised
from nba_assets_tests.modeling.rows import at, league, table

OCTOBER = pd.Timestamp("2024-10-22")
DAY = pd.Timedelta(days=1)
NULL = float("nan")


def men(**columns):
    """Regulars of one team who have played all games, without a line."""
    plain = {
        "game_date": OCTOBER,
        "game_id": "0022400001",
        "team": "BOS",
        "opponent": "NYK",
        "consensus_line": NULL,
        "injury_status": None,
        "points_ew8": 15.0,
        "shots_ew8": 13.0,
        "minutes_ew8": 30.0,
        "days_since_last": 2.0,
        "is_same_team": True,
        "team_games_missed": 0.0,
        "team_games_played_l10": 10.0,
        "team_games_n_l10": 10.0,
    }
    n = max((len(v) for v in columns.values() if isinstance(v, list)), default=1)
    return pd.DataFrame({name: v if isinstance(v, list) else [v] * n for name, v in (plain | columns).items()})


def test_who_was_there_lately_is_likelier_to_play_and_a_word_of_the_report_decides():
    lately = availability.p_plays(men(team_games_missed=[0.0, 1.0, 8.0], team_games_played_l10=[10.0, 9.0, 2.0]))
    assert lately[0] > 0.9 > lately[1] > lately[2]
    said = availability.p_plays(men(injury_status=["out", "doubtful", "questionable", "probable"]))
    assert said.tolist() == [0.0, 0.25, 0.5, 0.75]


def test_a_missing_line_is_news_only_of_a_man_who_would_have_one():
    """Three team mates with 12 points have lines; a scorer and a man off the bench have none."""
    line = [11.5, 11.5, 11.5, NULL, NULL]
    rows = men(points_ew8=[12.0, 12.0, 12.0, 24.0, 2.0], consensus_line=line)
    lined, without = availability.p_plays(rows), availability.p_plays(rows.assign(consensus_line=NULL))
    assert lined[:3].tolist() == [availability.WITH_LINE] * 3
    assert lined[3] < 0.5 < without[3]
    assert lined[4] == pytest.approx(without[4], abs=0.02)


def test_who_is_out_leaves_his_minutes_and_shots_to_the_others():
    rows = with_team_mates(men(injury_status=["out", "available", "available"]))
    alone = with_team_mates(men(injury_status=["available", "available", "available"]))
    assert rows["mates_minutes"].iloc[1] == pytest.approx(alone["mates_minutes"].iloc[1] - 30 * alone["p_play"].iloc[0])
    assert rows["gone_minutes"].iloc[1] > alone["gone_minutes"].iloc[1] + 25
    assert rows["gone_minutes"].iloc[0] < rows["gone_minutes"].iloc[1]
    assert rows["minutes_share"].iloc[1] > alone["minutes_share"].iloc[1]


def test_a_teams_sums_have_the_same_bits_whichever_other_teams_are_there():
    rng = np.random.default_rng(1)
    one = men(points_ew8=list(rng.uniform(0, 30, 9)), minutes_ew8=list(rng.uniform(0, 40, 9)))
    other = one.assign(team="NYK", opponent="BOS", points_ew8=one["points_ew8"] + 0.1)
    both = with_team_mates(pd.concat([other, one], ignore_index=True))
    own = both[both["team"] == "BOS"].reset_index(drop=True)
    alone = with_team_mates(one)
    for name in ("p_play", "mates_minutes", "mates_points", "gone_shots"):
        assert own[name].tolist() == alone[name].tolist()
    assert own["opponent_points"].nunique() == 1


PER_GAME = {"minutes": 30.0, "shots": 18.0}


def test_rates_are_shrunk_to_the_leagues_by_how_little_is_known():
    """10 games of 30 minutes and 18 shots: (180 + 0.42 * 60) / (300 + 60); of eight as if of 8."""
    known = {f"{name}_{form}": [value, NULL] for form in stages.WEIGHT_GAMES for name, value in PER_GAME.items()}
    long = {"points_ew80": [20.0, NULL], "shots_ew80": [18.0, NULL]}
    rows = pd.DataFrame(known | long).assign(games_n_form=[10, 0], mates_shots=[72.0, 0.0])
    found = stages.with_rates(rows)
    assert found["volume_shrunk"].iloc[0] == pytest.approx((180 + 0.42 * 60) / 360)
    assert found["volume_shrunk_ew8"].iloc[0] == pytest.approx((144 + 0.42 * 60) / (240 + 60))
    assert found["volume_shrunk_ew3"].iloc[0] == pytest.approx((54 + 0.42 * 60) / (90 + 60))
    assert found["shots_share"].iloc[0] == pytest.approx(18 / 90)
    assert np.isnan(found["shots_share"].iloc[1])
    assert found["efficiency_shrunk"].iloc[0] == pytest.approx((200 + 1.09 * 60) / (180 + 60))
    assert found["volume_shrunk"].iloc[1] == pytest.approx(stages.LEAGUE_VOLUME)
    assert found["efficiency_shrunk"].iloc[1] == pytest.approx(stages.LEAGUE_EFFICIENCY)


def test_a_training_row_weighs_by_his_points_within_bounds_and_a_rate_by_its_exposure_too():
    rows = pd.DataFrame({"points_ew25": [NULL, 12.0, 30.0], "actual_minutes": [0.5, 20.0, 40.0]})
    minutes, volume, _ = stages.STAGES
    assert stages.weights(minutes, rows).tolist() == [5.0, 12.0, 20.0]
    assert stages.weights(volume, rows).tolist() == [5.0, 240.0, 800.0]


@pytest.fixture(scope="module")
def seasons():
    """50 dates of one season, then two of the next: 5,760 rows to learn from."""
    first = league(days=50, games=5, players=12, seed=3, start=pd.Timestamp("2024-02-01"))
    second = league(days=2, games=5, players=12, seed=4, start=OCTOBER)
    return {name: pd.concat([first[name], second[name]], ignore_index=True) for name in first}


@pytest.fixture(scope="module")
def models(seasons):
    return TRANSFORMS["stage_models"](seasons, [OCTOBER, OCTOBER + DAY])


def test_the_first_date_of_a_season_holds_its_stages(models):
    assert models["stage"].tolist() == ["efficiency", "minutes", "volume"]
    assert set(models["game_date"]) == {OCTOBER}
    assert set(models["refit_at"]) == {at(pd.Timestamp("2024-09-01"), 0)}
    assert (models["train_end"] == pd.Timestamp("2024-03-21")).all()
    assert (models["n_rows"] > 5_000).all()


def test_training_twice_gives_the_same_bytes(seasons, models):
    again = TRANSFORMS["stage_models"](seasons, [OCTOBER])
    pd.testing.assert_frame_equal(again, models, check_exact=True)


def test_a_season_with_too_little_before_it_has_none(seasons):
    assert TRANSFORMS["stage_models"](seasons, [pd.Timestamp("2024-02-01")]).empty


def test_nothing_of_its_own_season_moves_a_stage(seasons, models):
    """Trap 9: the stage has seen no game of the season that it speaks of, nor what another stage says of any.

    Every number of every row of the season is another, and all of them were known in August.
    """
    changed = {}
    for name, rows in seasons.items():
        now = rows["game_date"] >= OCTOBER
        other = randomised(name, rows, now, seed=5)
        changed[name] = other.assign(known_at=rows["known_at"].mask(now, at(pd.Timestamp("2024-08-01"), 0)))
    assert not changed["player_game_summary"]["fga"].equals(seasons["player_game_summary"]["fga"])
    said = {"stage_models": models.assign(artifact="another")}
    pd.testing.assert_frame_equal(TRANSFORMS["stage_models"](changed | said, [OCTOBER]), models, check_exact=True)


@pytest.mark.parametrize("stage", stages.STAGES, ids=lambda stage: stage.name)
def test_shuffled_truth_teaches_a_stage_nothing(seasons, stage):
    """What is learned of shuffled games says no more of the next season's than their mean."""
    rows = features(seasons)
    truth = seasons["player_game_summary"]
    moment, begin = at(pd.Timestamp("2024-12-01"), 0), pd.Timestamp("2020-01-01")
    data = played(rows, truth, moment, begin, pd.Timestamp("2024-08-30"))
    later = played(rows, truth, moment, OCTOBER, OCTOBER + 2 * DAY)
    happened = ["actual", "actual_minutes", "actual_fga", "actual_fta"]
    mixed = data[happened].sample(frac=1, random_state=5).set_index(data.index)
    said = stages.predict(later, stage, stages.fit(stage, data.assign(**mixed)))
    target = stage.target(later)
    error, of_mean = np.abs(target - said).mean(), np.abs(target - np.mean(target)).mean()
    assert error > of_mean * 0.98 - 0.01


def test_rows_are_said_by_the_stages_of_their_season(seasons, models):
    found = slate(seasons | {"stage_models": models})
    assert set(found.loc[found["game_date"] < OCTOBER, "stages"]) == {SIMPLE}
    new = found[found["game_date"] >= OCTOBER]
    assert set(new["stages"]) == {FITTED}
    assert np.isfinite(new["own_points"]).all() and (new["own_points"] > 0).all()
    assert (models["train_end"] + 2 * DAY <= new["game_date"].min()).all()


def broken(models, how):
    first = models["stage"] == "minutes"
    if how == "text":
        return models.assign(artifact=models["artifact"].mask(first, models["artifact"] + " "))
    if how == "features":
        return models.assign(
            feature_names=[
                names[::-1] if is_it else names for names, is_it in zip(models["feature_names"], first, strict=True)
            ]
        )
    if how == "golden":
        golden = json.loads(models.loc[first, "golden_rows"].iloc[0])
        golden[0]["value"] += 1e-3
        return models.assign(golden_rows=models["golden_rows"].mask(first, json.dumps(golden)))
    return models[~first]


@pytest.mark.parametrize("how", ["text", "features", "golden", "missing"])
def test_a_stage_that_is_not_what_was_fitted_does_not_serve(seasons, models, how):
    rows = features(seasons).query("game_date >= @OCTOBER").reset_index(drop=True)
    found = with_own_points(rows, broken(models, how))
    assert set(found["stages"]) == {MISMATCH}
    plain = with_own_points(rows, models.iloc[:0])
    assert found["own_points"].tolist() == plain["own_points"].tolist()


def test_a_mismatch_is_a_reason_to_pass(seasons, models):
    cards = TRANSFORMS["points_model"](seasons, [OCTOBER])
    given = seasons | {"points_model": cards, "stage_models": broken(models, "text")}
    rows = TRANSFORMS["player_points_predictions"](given, [OCTOBER])
    assert all("model_mismatch" in reasons for reasons in rows["reasons"])


def test_what_is_served_is_what_was_trained_on(seasons, models):
    """The row of a date by itself is, feature by feature, that of the whole history."""
    given = seasons | {"stage_models": models}
    whole = slate(given).query("game_date == @OCTOBER").reset_index(drop=True)
    alone = slate(given, pd.DatetimeIndex([OCTOBER]))
    pd.testing.assert_frame_equal(alone, whole, check_exact=True)


def test_the_contract_takes_stage_models(models):
    pd.testing.assert_frame_equal(table("stage_models", models), models, check_exact=True)
