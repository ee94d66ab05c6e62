"""`nba-assets models`: which recipes there are, which one serves, and a person's choice of it."""

from __future__ import annotations

import datetime as dt
import getpass
from typing import Any

import pandas as pd
from rapidfuzz import process

from nba_assets import console
from nba_assets.alarms.wording import counted
from nba_assets.commands.current import make_current
from nba_assets.commands.session import PhaseTimes, opened
from nba_assets.contracts import tables
from nba_assets.contracts.nba_predictions.model_performance_daily import MARKET
from nba_assets.engine.ingest import affected
from nba_assets.engine.model_choices import MODELS, change_choice
from nba_assets.engine.platform import Platform
from nba_assets.errors import PlatformError, UsageError
from nba_assets.league import league_date
from nba_assets.modeling.recipes import recipe_column
from nba_assets.storage.records import ModelChange, ModelChoice

RECORD = "model_performance_daily"
CARD = (
    "game_date",
    "model_version",
    "target",
    "family",
    "train_end",
    "n_rows",
    "gate_status",
    "serving",
    "data_origin",
)
SHOWN = ("recipe", "model_version", "serving", "gate_status", "train_end", "n_rows", "data_origin")
DIFFERENCES = ("mae_diff", "log_loss_diff", "crps_diff")
COMPARED = (
    *("recipe", "run_kind", "window", "n_lined", "n_dates"),
    *(f"{name}{end}" for name in DIFFERENCES for end in ("", "_lo", "_hi")),
    "data_origin",
)
RECENT = 30
"""Newest dates with models whose recipes may be chosen."""


def run_list(*, as_json: bool) -> None:
    """Print the newest date's models, the choices that stand, and how challengers did beside whoever serves."""
    with opened() as platform:
        cards, day = _cards(platform, 1)
        standing = [vars(choice) for choice in platform.ledger.model_choices()]
        compared = _compared(platform)
    models = console.records(cards[list(SHOWN)])
    facts = {"game_date": day, "models": models, "choices": standing, "compared": console.records(compared)}
    if as_json:
        console.as_json(facts)
        return
    console.table(f"Models of {day}", SHOWN, console.values(cards[list(SHOWN)]))
    if standing:
        console.table("Choices, the newest counts", list(standing[0]), [list(c.values()) for c in standing])
    else:
        console.say("No choice stands: the gates alone decide who serves.")
    if len(compared):
        console.table(
            "Challengers minus whoever serves on the same rows, 95 % intervals; below 0 is better",
            ["recipe", "live?", "window", "N", "dates", *DIFFERENCES, "data"],
            [_comparison(row) for row in console.records(compared)],
        )


def run_serve(recipe: str, *, since: dt.date | None, reason: str, as_json: bool) -> None:
    """Keep the choice and make its dates current. Raises `UsageError` for a recipe that no model of late has."""
    with opened() as platform:
        cards, _ = _cards(platform, RECENT)
        known = sorted(set(cards["recipe"]))
        if recipe not in known:
            near = [name for name, *_ in process.extract(recipe, known, limit=3)]
            raise UsageError(f"no model is made by recipe {recipe!r}", f"nearest: {', '.join(near)}")
        first = since or league_date(platform.clock.now())
        facts = _changed(platform, ModelChoice(recipe, first, getpass.getuser(), reason), "serve")
    if as_json:
        console.as_json(facts)
        return
    console.say(f"{recipe} is to serve from {first} on.")
    _say(facts)


def run_back(*, reason: str, as_json: bool) -> None:
    """Take the newest standing choice back and make its dates current. Raises `PlatformError` if none stands."""
    with opened() as platform:
        standing = platform.ledger.model_choices()
        if not standing:
            raise PlatformError("no choice stands", "nba-assets models list shows who serves")
        last = standing[-1]
        facts = _changed(platform, ModelChoice(last.recipe, last.since, getpass.getuser(), reason), "back")
    if as_json:
        console.as_json(facts)
        return
    console.say(f"{last.recipe} no longer serves by choice from {last.since} on.")
    _say(facts)


def _changed(platform: Platform, choice: ModelChoice, change: ModelChange) -> dict[str, Any]:
    before = _versions(platform)
    days = change_choice(platform, choice, change)
    if window := affected(platform, days):
        make_current(platform, window, PhaseTimes())
    after = _versions(platform)
    rebuilt = [day for day in after if after[day] != before.get(day)]
    served = platform.warehouse.read(
        MODELS, dates=(days[0], days[-1]) if days else None, columns=["game_date", "target", "serving", "model_version"]
    )
    own = served[(served["target"] == "points") & served["serving"].fillna(False)]
    return {
        **vars(choice),
        "change": change,
        "dates": days,
        "changed": rebuilt,
        "serving": sorted(set(own["model_version"])) if days else [],
    }


def _versions(platform: Platform) -> dict[str, str]:
    return dict(platform.warehouse.versions(MODELS))


def _cards(platform: Platform, newest: int) -> tuple[pd.DataFrame, str]:
    """Cards of players' points of the newest dates with models, and the last of these."""
    days = list(platform.warehouse.versions(MODELS))[-newest:]
    if not days:
        raise PlatformError("there are no models yet", "nba-assets ingest, or nba-assets demo first")
    names = [name for name in (*CARD, "recipe") if name in tables()[MODELS].column_names]
    span = (dt.date.fromisoformat(days[0]), dt.date.fromisoformat(days[-1]))
    cards = platform.warehouse.read(MODELS, dates=span, columns=names)
    cards = cards[cards["target"] == "points"]
    return cards.assign(recipe=recipe_column(cards)).sort_values(["serving", "recipe"], ascending=False), days[-1]


def _compared(platform: Platform) -> pd.DataFrame:
    """The newest track record's rows of challengers, a month and the season."""
    days = list(platform.warehouse.versions(RECORD))
    last = dt.date.fromisoformat(days[-1]) if days else dt.date.min
    columns = ["game_date", "compared_with", *COMPARED]
    rows = platform.warehouse.read(RECORD, dates=(last, last), columns=columns)
    rows = rows[(rows["compared_with"] != MARKET) & rows["window"].isin(["30d", "season"])]
    return rows.sort_values(["recipe", "run_kind", "window"], kind="stable")[list(COMPARED)]


def _comparison(row: dict[str, Any]) -> list[object]:
    head = [row[name] for name in ("recipe", "run_kind", "window", "n_lined", "n_dates")]
    return [*head, *(_interval(row, name) for name in DIFFERENCES), row["data_origin"]]


def _interval(row: dict[str, Any], name: str) -> str | None:
    value, low, high = (row[f"{name}{end}"] for end in ("", "_lo", "_hi"))
    if value is None:
        return None
    return f"{value:+.4f}" + ("" if low is None else f" ({low:+.4f} to {high:+.4f})")


def _say(facts: dict[str, Any]) -> None:
    changed, dates = facts["changed"], facts["dates"]
    if not dates:
        console.say("No date with models is moved so far; it will be used when one comes.")
    elif not changed:
        console.say(f"Nothing changed on {counted(len(dates), 'date')}: who served does still.")
    else:
        console.say(f"{len(changed)} of {counted(len(dates), 'date')} changed, {changed[0]} to {changed[-1]}.")
    if facts["serving"]:
        console.say(f"Serving there: {', '.join(facts['serving'])}.")
