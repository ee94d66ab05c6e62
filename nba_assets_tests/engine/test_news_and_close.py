"""A night of a simulated league: what a late "out" moves before T and not after it, and how bets stand to the close.

6 November 2025 of seed 5. The report of 18:30 in New York (23:33 UTC) is the first to list two regulars as out: of
Houston (tip 01:00, decided 00:30) and of Boston, whose game was decided at 23:30. The models are planted: the league
proves the machinery, never any skill.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest

from nba_assets.contracts import tables
from nba_assets.engine.graph import STEP_DATASETS, build_order
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.release_reads import release_facts
from nba_assets.engine.step import run_step
from nba_assets.engine.whatif import SAME_REPORT, people_of, what_if
from nba_assets.modeling.decision import Thresholds
from nba_assets.modeling.forecast import Model
from nba_assets.simulator.faults.night import Drop, drops_of
from nba_assets.simulator.season import Season
from nba_assets_tests.engine.conftest import Kept, kept
from nba_assets_tests.modeling.rows import table

SEED, START, DAY = 5, dt.date(2025, 11, 4), dt.date(2025, 11, 6)
IN_TIME, TOO_LATE = "HOU", "BOS"
PROPS, REPORT, SAID = "odds_api_player_points_props", "nbac_injury_report", "player_points_predictions"
SOURCES = ("nbac_schedule", "nbac_player_list", "nbac_gamebook_player_stats", "bdl_player_boxscores", PROPS, REPORT)
NOON = dt.datetime.combine(DAY, dt.time(12))
DAYS = list(pd.date_range(DAY - dt.timedelta(days=1), DAY))


def _drops() -> list[Drop]:
    """Files of the two games and of what their teams played on the date before."""
    days = list(Season(SEED, START, games=15).days(DAY))[1:]
    last = [game for game in days[-1].games if {IN_TIME, TOO_LATE} & _teams(game)]
    teams = set().union(*map(_teams, last))
    wanted = [last if day is days[-1] else [game for game in day.games if _teams(game) & teams] for day in days]
    kept_days = [replace(day, games=tuple(games)) for day, games in zip(days, wanted, strict=True)]
    return [drop for day in kept_days for drop in drops_of(day).values() if drop.source in SOURCES]


def _teams(game: Any) -> set[str]:
    return {game.home.team.tricode, game.away.team.tricode}


def _is_close(drop: Drop) -> bool:
    return drop.source == PROPS and not drop.name.endswith(("-1700.json", "-2200.json"))


def _is_late_news(drop: Drop) -> bool:
    return drop.source == REPORT and drop.captured >= NOON + dt.timedelta(hours=11)


def _steps(platform: Platform, without: tuple[str, ...] = ()) -> None:
    for name in build_order():
        if name not in without:
            run_step(platform, name, DAYS)


def _taken(platform: Platform, folder: Path, drops: list[Drop]) -> None:
    for drop in drops:
        (folder / drop.name).parent.mkdir(parents=True, exist_ok=True)
        (folder / drop.name).write_bytes(drop.data)
    assert take(platform, scan(folder)).received == len(drops)


def _planted(platform: Platform, name: str, rows: pd.DataFrame) -> None:
    with platform.ledger.lock(name, [DAY]):
        platform.warehouse.replace(name, [pd.Timestamp(DAY)], rows)


def _model(**more: Any) -> pd.DataFrame:
    """A card of the date's serving model that trusts itself and bets wherever it sees a gain."""
    at = pd.Timestamp(START - dt.timedelta(days=1), tz="UTC")
    bold = Thresholds(least_books=1, least_quality=0.0, least_games=0, least_games_season=0)
    card = {"game_date": pd.Timestamp(DAY), "model_version": "planted", "target": "points", "family": "residual_lgbm"}
    card |= {"refit_at": at, "known_at": at, "market_weight": 1.0, "serving": True, "gate_status": "passed"}
    card |= {"thresholds": json.dumps(vars(bold)), "dispersion": Model().dispersion_json(), "data_origin": "simulated"}
    return table("points_model", [card | more])


def _frees_points() -> pd.DataFrame:
    """A model that gives 100 points for each vacated share of usage: what moves is what a report frees."""
    freed = np.linspace(0, 0.5, 400)
    data = lgb.Dataset(freed[:, None], label=100 * freed, feature_name=["vacated_usage"])
    quick = {"objective": "regression", "min_data_in_leaf": 5, "learning_rate": 0.5, "verbose": -1, "num_threads": 1}
    booster = lgb.train(quick, data, num_boost_round=30)
    text = booster.model_to_string()
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return _model(artifact=text, artifact_sha256=sha256, feature_names=["vacated_usage"])


def _said(platform: Platform) -> pd.DataFrame:
    return platform.warehouse.read(SAID, dates=(DAY, DAY)).set_index("player_id")


@pytest.fixture(scope="module")
def drops() -> list[Drop]:
    return _drops()


@pytest.fixture(scope="module")
def afternoon(postgres: str, drops: list[Drop], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Everything that is known before the late news."""
    folder = tmp_path_factory.mktemp("news")
    before = [
        d for d in drops if not _is_close(d) and not _is_late_news(d) and d.captured < NOON + dt.timedelta(hours=12)
    ]

    def fill(platform: Platform) -> None:
        _taken(platform, folder / "drops", before)
        _steps(platform)

    with kept(postgres, folder / "home", fill) as made:
        yield made


def test_a_late_out_moves_the_team_mates_who_are_decided_after_it_and_nobody_else(
    afternoon: Kept, copied: Callable[[Kept], Platform], drops: list[Drop], tmp_path: Path
) -> None:
    platform = copied(afternoon)
    _planted(platform, "points_model", _frees_points())
    run_step(platform, SAID, DAYS)
    before = _said(platform)

    _taken(platform, tmp_path / "late", [drop for drop in drops if _is_late_news(drop) and drop.captured.date() == DAY])
    _steps(platform, without=("points_model",))
    after = _said(platform)

    assert set(before.loc[before.index.difference(after.index), "team"]) == {IN_TIME}, "nobody predicts who is out"
    moved = after["points_mean"] - before["points_mean"].reindex(after.index)
    mates = (after["team"] == IN_TIME) & after["line_value"].notna()
    assert mates.sum() >= 5 and (moved[mates] > 0.3).mean() > 0.8
    assert (moved[after["team"] != IN_TIME] == 0).all(), "neither opponents nor Boston, whose game was decided"
    assert release_facts(platform, [DAY]).origin_of()(str(DAY)) == "simulated"


def test_what_if_he_is_out_moves_his_team_as_the_report_does_and_writes_nothing(
    afternoon: Kept, copied: Callable[[Kept], Platform], drops: list[Drop], tmp_path: Path
) -> None:
    platform = copied(afternoon)
    _planted(platform, "points_model", _frees_points())
    run_step(platform, SAID, DAYS)
    names = [table.name for table in tables().values() if table.dataset in STEP_DATASETS]
    before = {name: platform.warehouse.versions(name) for name in names}
    said = _said(platform)
    people = people_of(platform, str(said.loc[said["team"] == IN_TIME, "game_id"].iloc[0]))
    star = str(said[said["team"] == IN_TIME]["minutes_mean"].idxmax())

    found = what_if(platform, people, [star])

    assert {name: platform.warehouse.versions(name) for name in names} == before, "nothing is written"
    assert found.basis == SAME_REPORT
    stored = said[said["game_id"] == people["game_id"].iloc[0]]
    pd.testing.assert_frame_equal(found.before.sort_index(), stored.sort_index(), check_like=True)
    assert star in found.before.index and star not in found.after.index
    moved = found.after["points_mean"] - found.before["points_mean"]
    mates = (found.after["team"] == IN_TIME) & found.after["line_value"].notna()
    assert mates.sum() >= 5 and (moved[found.after.index[mates]] > 0.3).mean() > 0.8
    assert (moved[found.after.index[found.after["team"] != IN_TIME]] == 0).all()

    _taken(platform, tmp_path / "late", [drop for drop in drops if _is_late_news(drop) and drop.captured.date() == DAY])
    _steps(platform, without=("points_model",))
    (gone,) = set(stored.index[stored["team"] == IN_TIME]) - set(_said(platform).index)
    again = what_if(platform, people, [str(gone)])
    pd.testing.assert_frame_equal(again.after, again.before)
    real = _said(platform).loc[again.after.index, "points_mean"]
    pd.testing.assert_series_equal(again.after["points_mean"], real)


def test_bets_are_measured_against_the_close_which_moves_no_decision(
    afternoon: Kept, copied: Callable[[Kept], Platform], drops: list[Drop], tmp_path: Path
) -> None:
    """A model that says 3 more below 12 points and 3 less above: some bets gain on the close and some lose."""
    platform = copied(afternoon)
    bands = json.loads(Model().dispersion_json()) | {"bias": [3.0, 3.0, -3.0, -3.0, -3.0]}
    _planted(platform, "points_model", _model(dispersion=json.dumps(bands)))
    ready = platform.warehouse.read("ml_feature_store", dates=(DAY, DAY))
    _planted(platform, "ml_feature_store", ready.assign(is_ready=True, feature_quality_score=100.0))
    run_step(platform, SAID, DAYS)
    before = platform.warehouse.versions(SAID)[str(DAY)]

    closes = [drop for drop in drops if _is_close(drop) and drop.name.split("/")[2] == str(DAY)]
    assert len(closes) == 2
    _taken(platform, tmp_path / "close", closes)
    _taken(
        platform, tmp_path / "results", [drop for drop in drops if drop.captured.date() > DAY and not _is_close(drop)]
    )
    later = [n for n in build_order() if tables()[n].dataset == "nba_raw"] + ["player_game_summary", SAID]
    for name in (*later, "prediction_grades", "model_performance_daily"):
        run_step(platform, name, DAYS)
    assert platform.warehouse.versions(SAID)[str(DAY)] == before, "the close is known after T"

    bets = _said(platform)[lambda said: said["decision"] != "PASS"]
    grades = platform.warehouse.read("prediction_grades", dates=(DAY, DAY)).set_index("prediction_id")
    clv = grades["clv_points"].reindex(bets["prediction_id"]).set_axis(bets.index)
    assert set(bets["decision"]) == {"OVER", "UNDER"} and clv.notna().sum() > 10
    by_hand = _by_hand(closes, platform, bets)
    both = clv.notna() & by_hand.notna()
    assert both.sum() >= 5
    assert clv[both].astype(float).to_dict() == pytest.approx(by_hand[both].to_dict())
    assert (clv > 0).any() and (clv < 0).any()
    played = grades["played"].reindex(bets["prediction_id"]).fillna(False).to_numpy(dtype=bool)
    season = platform.warehouse.read("model_performance_daily", dates=(DAY, DAY))
    row = season[(season["window"] == "1d") & (season["segment"] == "all") & (season["model_version"] == "planted")]
    assert row["mean_clv"].item() == pytest.approx(clv.mean(), abs=1e-6) and played.any()
    assert row["data_origin"].item() == "simulated"


def _by_hand(closes: list[Drop], platform: Platform, bets: pd.DataFrame) -> pd.Series[float]:
    """The median of all books' two-sided main lines in the closing files, against the line bet on; of whom all had one.

    A book without alternates posts a man once: of Bovada, which has some, nothing is taken.
    """
    posted: dict[str, dict[str, list[float]]] = {}
    for drop in closes:
        for book in drop.payload()["bookmakers"]:
            for outcome in book["markets"][0]["outcomes"] if book["key"] != "bovada" else ():
                posted.setdefault(outcome["description"], {}).setdefault(book["key"], []).append(outcome["point"])
    names = platform.warehouse.read(PROPS, dates=(DAY, DAY), columns=["game_date", "player_id", "player_name", "book"])
    by_id = names.dropna(subset="player_id").groupby("player_id")["player_name"].agg(set)
    found = {}
    for player, bet in bets.iterrows():
        lines = [points[0] for n in by_id[player] for points in posted.get(n, {}).values() if len(points) == 2]
        if len(set(lines)) == 1 and len(lines) == 5:
            found[player] = (lines[0] - bet["line_value"]) * (1 if bet["decision"] == "OVER" else -1)
    return pd.Series(found, dtype=float).reindex(bets.index)
