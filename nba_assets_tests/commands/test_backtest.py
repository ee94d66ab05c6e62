"""`backtest`: every field of its JSON, one line for what it refuses, and exit code 1 for a result that is too good."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from nba_assets.engine.platform import Platform
from nba_assets.evaluation.reading import read
from nba_assets.evaluation.walk_forward import days_needed, walk_forward
from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.engine.three_games import FIRST, SECOND
from nba_assets_tests.evaluation.conftest import really, written
from nba_assets_tests.modeling.rows import league

START = dt.date(2024, 11, 4)
FIELDS = """
start end refit_every data_origin verdict n_lined n_two_sided n_dates mae line_mae mae_diff mae_diff_lo mae_diff_hi
mae_no_line mae_no_line_diff mae_no_line_diff_lo mae_no_line_diff_hi log_loss market_log_loss log_loss_diff
log_loss_diff_lo log_loss_diff_hi brier market_brier brier_diff brier_diff_lo brier_diff_hi ece ece_noise crps
market_crps crps_diff crps_diff_lo crps_diff_hi crps_ratio crps_ratio_lo crps_ratio_hi coverage coverage_nominal
coverage_diff coverage_diff_lo coverage_diff_hi bias bias_lo bias_hi pinball hit_rate roi roi_median_book n_bets n_clv
clv recalibration_slope recalibration_slope_lo recalibration_slope_hi models alarms gates segments passes floors
reliability pit
"""


def test_the_json_has_every_field_and_says_where_the_data_are_from(simulated: Command) -> None:
    said = simulated("backtest", "--start", START, "--end", "2024-11-11", "--json")
    assert (said.code, said.err) == (0, "")
    assert [name for name in FIELDS.split() if name not in said.json] == []
    assert (said.json["start"], said.json["end"], said.json["refit_every"]) == ("2024-11-04", "2024-11-11", 7)
    assert (said.json["data_origin"], said.json["n_dates"]) == ("simulated", 8)
    assert said.json["n_lined"] == said.json["n_two_sided"] > 200
    assert said.json["mae_diff_lo"] <= said.json["mae_diff"] <= said.json["mae_diff_hi"]
    assert (said.json["n_bets"], said.json["roi"]) == (0, None)
    assert said.json["mae_no_line_diff_lo"] <= said.json["mae_no_line_diff"] <= said.json["mae_no_line_diff_hi"]
    models = said.json["models"]
    assert [(each["train_end"], each["n"] > 0) for each in models] == [(None, False), ("2024-11-09", True)]
    assert sum(each["n_judged"] for each in models) == said.json["n_lined"]


def test_the_tables_and_the_report(simulated: Command, tmp_path: Path) -> None:
    before = simulated.contents()
    said = simulated("backtest", "--start", START, "--end", "2024-11-11", "--report", tmp_path / "reports")
    assert (said.code, said.err) == (0, "")
    assert "simulated data (they prove the machinery, never any skill)" in said.out
    for title in ("Floors and goals", "Leak alarms", "Model and market", "Gates", "Why PASS"):
        assert title in said.out
    (file,) = (tmp_path / "reports").iterdir()
    assert f"Report: {file}" in said.out
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert simulated.contents() == before


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (("--start", "2024-11-05", "--end", START), 2, "the range from 2024-11-05 to 2024-11-04 is empty"),
        (("--start", "2023-01-01", "--end", "2023-01-02"), 1, "no features of a date from 2023-01-01 to 2023-01-02"),
        (("--start", "yesterday", "--end", START), 2, "'yesterday' is not a date"),
        (("--start", START, "--end", START, "--refit-every", 0), 2, "refit-every"),
    ],
)
def test_what_cannot_be_judged_is_one_line(
    simulated: Command, arguments: tuple[object, ...], code: int, line: str
) -> None:
    said = simulated("backtest", *arguments)
    assert said.code == code and line in said.error and said.out == ""


def test_an_empty_home_says_what_to_do(command: Command) -> None:
    said = command("backtest", "--start", START, "--end", START)
    assert said.code == 1 and "nba-assets ingest" in said.error


def test_a_planted_leak_fails_on_real_data(command: Command) -> None:
    """A feature knows the points: the gates keep that model from serving, and the backtest fails the build."""
    inputs = league(days=31, games=4, players=12, seed=2, start=pd.Timestamp(START), signal=2.5)
    written(command.home / "warehouse", really(inputs))
    said = command("backtest", "--start", "2024-12-02", "--end", "2024-12-04", "--json")
    alarm = next(each for each in said.json["alarms"] if each["name"] == "refits_too_good")
    assert (alarm["verdict"], said.json["verdict"], said.code) == ("raised", "leak", 1)
    assert "leak alarm on real data: refits_too_good 2 (limit 0)" in said.error


def test_lines_that_are_placeholders_fail_on_real_data(command: Command) -> None:
    """Every line of the feed eight points too low: who says OVER is right far more often than a market lets him be."""
    inputs = really(league(days=15, games=3, players=12, seed=3, start=pd.Timestamp(START)))
    lines = inputs["odds_api_player_points_props"]
    inputs["odds_api_player_points_props"] = lines.assign(line=(lines["line"] - 8.0).clip(lower=0.5))
    written(command.home / "warehouse", inputs)
    said = command("backtest", "--start", START, "--end", "2024-11-18")
    assert said.code == 1 and "hit_rate_too_good 0.8" in said.error and "LEAK" in said.out


def test_its_rows_are_what_the_platform_has_stored(ingested: Command) -> None:
    """Two hand-made games that went through all phases."""
    platform = Platform.open(ingested.settings)
    days = FIRST.day, SECOND.day
    forward = walk_forward(read(platform.warehouse, days_needed(*days, 7)), *days)
    predictions, grades = (
        platform.warehouse.read(name, dates=days) for name in ("player_points_predictions", "prediction_grades")
    )
    platform.close()
    assert len(predictions) > 0
    pd.testing.assert_frame_equal(forward.predictions, predictions, check_exact=True)
    points = grades[grades["target"] == "points"].reset_index(drop=True)
    pd.testing.assert_frame_equal(forward.grades, points, check_exact=True)
