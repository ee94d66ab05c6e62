"""`nba-assets train`."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd

from nba_assets import console
from nba_assets.commands.session import opened
from nba_assets.contracts.model import Refit
from nba_assets.engine.platform import Platform
from nba_assets.engine.step import run_step
from nba_assets.errors import UsageError
from nba_assets.refits import last_seen, refit_date

SHOWN = ("family", "model_version", "serving", "gate_status", "train_start", "train_end", "n_rows", "n_lined")
GATE = ("name", "value", "limit", "n", "verdict")
OF_STAGE = ["stage", "train_start", "train_end", "n_rows", "artifact_sha256", "lightgbm_version"]
STEPS = ("stage_models", "points_model")


def run(as_of: dt.date, *, as_json: bool) -> None:
    """Fit the models that serve `as_of` as their refit would have, write them where they belong, print their cards.

    Trained twice they are the same bytes: the second time there is nothing to do.
    """
    with opened() as platform, console.progress() as bar:
        days = _dates(platform, as_of)
        task = bar.add_task("train", total=len(STEPS))
        for name in STEPS:
            bar.update(task, description=f"train: {name}")
            run_step(platform, name, [pd.Timestamp(day) for day in days[name]])
            bar.advance(task)
        day = days["points_model"][-1]
        cards = platform.warehouse.read("points_model", dates=(day, day))
        stages = platform.warehouse.read("stage_models", dates=(days["stage_models"][0], days["stage_models"][0]))
    cards = cards[cards["target"] == "points"].sort_values(["serving", "family"], ascending=[False, True])
    shown = console.records(cards.drop(columns="artifact"))
    if as_json:
        found = {
            "as_of": str(as_of),
            "game_date": str(day),
            "models": shown,
            "stages": console.records(stages[OF_STAGE]),
        }
        console.as_json(found)
        return
    seen = last_seen(Refit.WEEK, as_of)
    console.say(f"Refit of {refit_date(Refit.WEEK, as_of)}: game dates to {seen}; it serves {day}.")
    console.table("Models", SHOWN, [[card[name] for name in SHOWN] for card in shown])
    for card in shown:
        if gates := json.loads(card["gates"]):
            rows = [[gate.get(name) for name in GATE] for gate in gates]
            console.table(f"Gates of {card['model_version']}", GATE, rows)


def _dates(platform: Platform, as_of: dt.date) -> dict[str, list[dt.date]]:
    """The dates that hold the models which serve `as_of`: the season's first, and those of the week until then."""
    days = [dt.date.fromisoformat(day) for day in sorted(platform.warehouse.versions("nbac_schedule"))]
    week = [day for day in days if refit_date(Refit.WEEK, as_of) <= day <= as_of]
    if not week:
        near = f"the schedule has {days[0]} to {days[-1]}" if days else "nba-assets ingest your files first"
        raise UsageError(f"no game from {refit_date(Refit.WEEK, as_of)}, a Monday, to {as_of}", near)
    season = min(day for day in days if day >= refit_date(Refit.SEASON, as_of))
    return {"stage_models": [season], "points_model": week}
