"""A planted leak for every leak alarm: through walk-forward, grades and command it is raised and fails the build.

Each plant is what the leak would be in the code: what a model says of a game is drawn towards what happened in it. The
honest twin is the same command without a plant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nba_assets.errors import PlatformError
from nba_assets.evaluation import games as evaluated
from nba_assets.evaluation import walk_forward
from nba_assets.evaluation.backtest import backtest
from nba_assets.evaluation.verdicts import ALARMS
from nba_assets.market_lines import KEY
from nba_assets.modeling import TRANSFORMS
from nba_assets.modeling.alarms import GAME_LIMITS
from nba_assets.modeling.columns import floats
from nba_assets_tests.commands.conftest import Command, Said, new_command
from nba_assets_tests.evaluation.conftest import really, written
from nba_assets_tests.modeling.rows import league, table

Frames = dict[str, pd.DataFrame]
Plant = Callable[[pd.DataFrame, np.ndarray], pd.DataFrame]

START, LAST = dt.date(2024, 11, 4), dt.date(2024, 11, 15)
RANGE = ("--start", START, "--end", LAST)


def toward(values: pd.Series, actual: np.ndarray, share: float) -> np.ndarray:
    """The values drawn to what happened by a share of the way; as they are where nobody played."""
    said = floats(values)
    return np.where(np.isfinite(actual), said + share * (actual - said), said)


def probabilities(rows: pd.DataFrame, actual: np.ndarray) -> pd.DataFrame:
    """P(over) a little too sure of the right side."""
    over, known = actual > floats(rows["line_value"]), np.isfinite(actual)
    p = np.where(known, np.where(over, 0.53, 0.47), floats(rows["p_over"]))
    return rows.assign(p_over=p, p_push=0.0, p_under=1.0 - p)


def bets(rows: pd.DataFrame, actual: np.ndarray) -> pd.DataFrame:
    """A bet on the right side two times in three."""
    right = (actual > floats(rows["line_value"])) == (np.arange(len(rows)) % 3 > 0)
    return rows.assign(decision=np.where(right, "OVER", "UNDER"), reasons=[[] for _ in range(len(rows))])


PLANTS: dict[str, Plant] = {
    "mae_too_good": lambda rows, actual: rows.assign(points_q50=toward(rows["points_q50"], actual, 0.1)),
    "bet_hit_rate_too_good": bets,
    "hit_rate_too_good": probabilities,
    "edge_hit_rate_too_good": lambda rows, actual: rows.assign(points_mean=toward(rows["points_mean"], actual, 0.5)),
    "log_loss_too_good": probabilities,
    "mae_without_line_too_good": lambda rows, actual: rows.assign(own_q50=toward(rows["own_q50"], actual, 0.1)),
}
"""By the alarm that it is to raise."""


@pytest.fixture(scope="module")
def inputs() -> Frames:
    """Twelve dates of eight teams in real arenas."""
    return really(league(days=12, games=4, players=12, seed=2, start=pd.Timestamp(START)))


@pytest.fixture(scope="module")
def home(inputs: Frames, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """Commands on a home with those dates."""
    folder = tmp_path_factory.mktemp("leaks") / "home"
    written(folder / "warehouse", inputs)
    with new_command(postgres, folder) as made:
        yield made


def planted(inputs: Frames, plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on predictions hold what happened."""
    truth = inputs["player_game_summary"]
    predict = walk_forward.predict

    def leaky(rows: pd.DataFrame, card: dict[str, object], role: str) -> pd.DataFrame:
        said = predict(rows, card, role)
        return plant(said, floats(said[KEY].merge(truth[[*KEY, "points"]], on=KEY, how="left")["points"]))

    monkeypatch.setattr(walk_forward, "predict", leaky)


def raised(said: Said) -> list[str]:
    return [alarm["name"] for alarm in said.json["alarms"] if alarm["verdict"] == "raised"]


def test_without_a_plant_no_alarm_is_raised_and_nothing_fails(home: Command) -> None:
    said = home("backtest", *RANGE, "--json")
    assert (said.code, said.err, raised(said)) == (0, "", [])
    assert (said.json["data_origin"], said.json["verdict"] == "leak") == ("real", False)
    judged = {alarm["name"]: alarm["verdict"] for alarm in said.json["alarms"]}
    few = {"bet_hit_rate_too_good", "edge_hit_rate_too_good", "refits_too_good", *GAME_LIMITS}
    assert {name for name, verdict in judged.items() if verdict == "insufficient"} <= few


@pytest.mark.parametrize("name", ALARMS)
def test_a_planted_leak_raises_its_alarm_and_fails_the_command(
    name: str, home: Command, inputs: Frames, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(inputs, PLANTS[name], monkeypatch)
    said = home("backtest", *RANGE, "--json")
    assert name in raised(said)
    assert (said.json["verdict"], said.code) == ("leak", 1)
    assert "leak alarm on real data: " in said.error and name in said.error


def every(rows: pd.DataFrame, actual: np.ndarray) -> pd.DataFrame:
    for plant in PLANTS.values():
        rows = plant(rows, actual)
    return rows


@pytest.mark.parametrize("leaks", [False, True], ids=["honest", "planted"])
def test_the_track_record_raises_them_too(leaks: bool, inputs: Frames, monkeypatch: pytest.MonkeyPatch) -> None:
    """All but that of the own median, which is of no official row."""
    if leaks:
        planted(inputs, every, monkeypatch)
    forward = walk_forward.walk_forward(inputs, START, LAST)
    graded = inputs | {"player_points_predictions": forward.predictions, "prediction_grades": forward.grades}
    record = TRANSFORMS["model_performance_daily"](graded, [pd.Timestamp(LAST)])
    season = record[(record["window"] == "season") & (record["segment"] == "all")]
    found = {name for names in season["alarms"] for name in names if name.endswith("too_good")}
    assert found == (set(ALARMS) - {"mae_without_line_too_good"} if leaks else set())


def test_form_that_counts_the_game_itself_is_seen_without_any_line(inputs: Frames, tmp_path: Path) -> None:
    """Trap 1 in the table of features: a player's weighted form holds a fifth of what he scores tonight."""
    cache = inputs["player_daily_cache"]
    key = ["game_date", "player_id"]
    actual = floats(cache[key].merge(inputs["player_game_summary"][[*key, "points"]], on=key, how="left")["points"])
    form = {name: toward(cache[name], actual, 0.2) for name in cache.columns if name.startswith("points_ew")}
    warehouse = written(tmp_path / "warehouse", inputs | {"player_daily_cache": cache.assign(**form)})
    found = backtest(warehouse, START, LAST)
    assert [alarm.name for alarm in found.raised] == ["mae_without_line_too_good"]
    assert found.verdict == "leak"


SEASON = (dt.date(2024, 11, 4), dt.date(2025, 3, 1))


@pytest.fixture(scope="module")
def season_of_games() -> Frames:
    """Eleven games a night, a hundred nights."""
    return league(days=100, games=11, players=1, seed=3, start=pd.Timestamp(SEASON[0]), books=())


def rated(inputs: Frames, share: float) -> Frames:
    """With team ratings that hold so much of each game's own margin."""
    rows = inputs["team_offense_game_summary"]
    ratings = rows[["game_date", "game_id", "team", "season"]].assign(
        strength=share * rows["margin"] / 2, home_advantage=0.0, league_total=240.0, games_n=20
    )
    return inputs | {"team_rating": table("team_rating", ratings)}


def test_ratings_that_hold_the_results_of_other_games_of_the_night_gain_nothing(season_of_games: Frames) -> None:
    """The leak's ratings, dealt anew among the teams of a date: no better than knowing nothing."""
    known = rated(season_of_games, 0.5)["team_rating"]
    rng = np.random.default_rng(1)
    strength = known.groupby("game_date")["strength"].transform(lambda values: rng.permutation(values.to_numpy()))
    found = evaluated.games(season_of_games | {"team_rating": known.assign(strength=strength)}, *SEASON)
    assert found["alarms"] == []
    assert found["log_loss"] > np.log(2) - 0.01


def test_a_result_in_the_ratings_raises_both_alarms_of_games_and_fails(season_of_games: Frames) -> None:
    honest = evaluated.games(rated(season_of_games, 0.0), *SEASON)
    assert honest["n_games"] >= 1_000 and honest["alarms"] == []
    evaluated.refuse_leaks(honest)
    leak = evaluated.games(rated(season_of_games, 0.5), *SEASON)
    assert leak["alarms"] == ["game_log_loss_too_good", "game_margin_mae_too_good"]
    with pytest.raises(PlatformError, match="leak alarm: game_log_loss_too_good, game_margin_mae_too_good"):
        evaluated.refuse_leaks(leak)
