"""Who serves is switched and switched back: only the dates since are due, live rows stay, bytes return."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.engine.due import due_of, plan_of
from nba_assets.engine.model_choices import change_choice
from nba_assets.engine.platform import Platform
from nba_assets.engine.step import run_step
from nba_assets.storage.records import ModelChoice
from nba_assets_tests.engine.conftest import Home
from nba_assets_tests.modeling.conftest import DAYS, MONDAY, START
from nba_assets_tests.modeling.rows import league

SUNDAY = MONDAY - pd.Timedelta(days=1)
DATES = [SUNDAY.date(), MONDAY.date()]
MODELS, SAID = "points_model", "player_points_predictions"
CHOICE = ModelChoice("market_baseline", MONDAY.date(), "me", "the feed is broken")


def planted(platform: Platform) -> None:
    """A generated season in the tables that the models read."""
    for name, rows in league(days=DAYS, games=4, players=12, seed=2, start=START).items():
        rows = rows.fillna({"game_status_text": "7:00 pm ET"}) if "game_status_text" in rows.columns else rows
        days = sorted(rows["game_date"].unique())
        with platform.ledger.lock(name, [pd.Timestamp(day).date() for day in days]):
            platform.warehouse.replace(name, days, rows)


def due(platform: Platform, name: str) -> list[dt.date]:
    contract = tables()[name]
    return due_of(platform, contract, DATES, plan_of(platform, contract, DATES), platform.warehouse.versions(name))


def steps(platform: Platform) -> dict[str, dict[str, str]]:
    for name in (MODELS, SAID):
        run_step(platform, name, [SUNDAY, MONDAY])
    return {name: dict(platform.warehouse.versions(name)) for name in (MODELS, SAID)}


def who(platform: Platform) -> dict[str, str]:
    """By date, the family of the models that serve, and of the replayed predictions that may be official."""
    cards = platform.warehouse.read(MODELS, dates=(DATES[0], DATES[1]))
    own = cards[cards["serving"] & (cards["target"] == "points")].set_index("game_date")["model_version"]
    said = platform.warehouse.read(SAID, dates=(DATES[0], DATES[1]))
    said = said[(said["role"] == "serving") & (said["run_kind"] == "backfill")]
    assert said.groupby("game_date")["model_version"].unique().map(list).to_dict() == own.map(lambda v: [v]).to_dict()
    return {str(day.date()): version.split("-")[0] for day, version in own.items()}


def test_switching_moves_the_dates_since_and_going_back_restores_their_bytes(home: Home) -> None:
    platform = home("chosen")
    planted(platform)
    first = steps(platform)
    served = who(platform)
    assert served["2024-12-09"] == "stages_blend"
    said = platform.warehouse.read(SAID, dates=(DATES[1], DATES[1]))
    live = said[said["role"] == "serving"].head(3).assign(run_kind="live", prediction_id=["l1", "l2", "l3"])
    live["decision_at"] -= pd.Timedelta(hours=1)
    with platform.ledger.lock(SAID, [DATES[1]]):
        platform.warehouse.replace(SAID, [MONDAY], pd.concat([said, live], ignore_index=True))

    assert change_choice(platform, CHOICE, "serve") == [MONDAY.date()]
    assert due(platform, MODELS) == [MONDAY.date()]
    changed = steps(platform)
    assert who(platform) == served | {"2024-12-09": "market_baseline"}
    assert {name: versions["2024-12-08"] for name, versions in changed.items()} == {
        name: versions["2024-12-08"] for name, versions in first.items()
    }
    stayed = platform.warehouse.read(SAID, dates=(DATES[1], DATES[1]))
    stayed = stayed[stayed["run_kind"] == "live"].sort_values("prediction_id", ignore_index=True)
    pd.testing.assert_frame_equal(stayed, live.sort_values("prediction_id", ignore_index=True), check_dtype=False)

    assert change_choice(platform, CHOICE, "back") == [MONDAY.date()]
    again = steps(platform)
    assert again[MODELS] == first[MODELS]
    backfill = platform.warehouse.read(SAID, dates=(DATES[1], DATES[1])).query("run_kind == 'backfill'")
    pd.testing.assert_frame_equal(backfill.reset_index(drop=True), said.reset_index(drop=True))
    assert due(platform, MODELS) == []
    assert platform.ledger.frames("model_choices")["change"].tolist() == ["serve", "back"]
