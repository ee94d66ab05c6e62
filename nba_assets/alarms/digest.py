"""The digest of a morning: yesterday's games, predictions and record, today's slate, what is open, the model."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.alarms.wording import counted, minute
from nba_assets.data_origin import data_origin
from nba_assets.league import FINAL, league_date
from nba_assets.publishing.slate import COUNTED, official

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

SIMULATED = "SIMULATED DATA: a made-up league. Its figures prove machinery, never skill."
DAY = dt.timedelta(days=1)
OLDEST_REFIT = dt.timedelta(days=8)
"""Models are refitted on Mondays."""
SCHEDULE = ("game_date", "game_id", "season_type", "game_status", "is_postponed", "arena_name")
PLAYERS = (
    *("game_date", "prediction_id", "game_id", "player_id", "run_kind", "role", "decision_at", "decision"),
    *("line_value",),
)
CARD = ("game_date", "model_version", "target", "train_end", "refit_at", "gate_status", "serving")
RESULTS = ("win", "loss", "push", "void", "pending")


@dataclass(frozen=True)
class Digest:
    """A title and a plain text of a few lines."""

    title: str
    text: str


def digest(platform: Platform) -> Digest:
    """The digest as of now, by the platform's clock; yesterday and today are New York's."""
    now = platform.clock.now()
    today = league_date(now)
    yesterday = today - DAY
    schedule = platform.warehouse.read("nbac_schedule", dates=(yesterday, today), columns=SCHEDULE)
    schedule = schedule[schedule["season_type"].isin(COUNTED)]
    lines = [
        f"Yesterday, {yesterday}: {_games(schedule, yesterday)}",
        *_indented(_predicted(platform, yesterday)),
        *_indented(_record(platform, yesterday)),
        f"Today, {today}: {_games(schedule, today)}",
        *_indented(_predicted(platform, today)),
        _quarantine(platform, now),
        _dead_letters(platform),
        _alarms(platform),
        *_model(platform, now, bool((schedule["game_date"] == pd.Timestamp(today)).any())),
    ]
    simulated = data_origin(schedule) == "simulated"
    said = f"As of {minute(now)}."
    return Digest(
        f"nba-assets: digest of {today}{' (simulated data)' if simulated else ''}",
        "\n".join([*([SIMULATED, ""] if simulated else []), *lines, "", said]),
    )


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _games(schedule: pd.DataFrame, day: dt.date) -> str:
    own = schedule[schedule["game_date"] == pd.Timestamp(day)]
    if own.empty:
        return "no games."
    final = int((own["game_status"] == FINAL).fillna(False).sum())
    postponed = int(own["is_postponed"].fillna(False).sum())
    return f"{counted(len(own), 'game')}, {final} final, {postponed} postponed."


def _predicted(platform: Platform, day: dt.date) -> list[str]:
    """Official predictions and decisions; live and replayed ones are never mixed."""
    span = (day, day)
    rows = official(
        platform.warehouse.read("player_points_predictions", dates=span, columns=PLAYERS), ["game_id", "player_id"]
    )
    games = platform.warehouse.read("game_predictions", dates=span, columns=["game_date", "game_id"])
    if rows.empty and games.empty:
        return ["Predictions: none."]
    lined = int(rows["line_value"].notna().sum())
    found = [
        f"Predictions: {counted(len(rows), 'player')} in {counted(rows['game_id'].nunique(), 'game')}, {lined} with a"
        f" line; scores of {counted(games['game_id'].nunique(), 'game')}."
    ]
    for run_kind, own in rows.groupby("run_kind"):
        sides = Counter(own["decision"])
        found.append(
            f"Official decisions, {run_kind}: {sides['OVER']} OVER, {sides['UNDER']} UNDER, {sides['PASS']} PASS."
        )
    return found


def _record(platform: Platform, day: dt.date) -> list[str]:
    """What became of the official bets."""
    span = (day, day)
    grades = platform.warehouse.read(
        "prediction_grades",
        dates=span,
        columns=["game_date", "prediction_id", "target", "run_kind", "is_official", "result", "profit"],
    )
    grades = grades[grades["is_official"].fillna(False) & (grades["target"] == "points")]
    if grades.empty:
        return ["Record: nothing is graded."]
    said = platform.warehouse.read("player_points_predictions", dates=span, columns=PLAYERS)
    bets = grades[grades["prediction_id"].isin(said.loc[said["decision"] != "PASS", "prediction_id"])]
    if bets.empty:
        open_ = int((grades["result"] == "pending").sum())
        return [f"Record: no bets; {counted(len(grades), 'decision')} graded, {open_} of them pending."]
    found = []
    for run_kind, own in bets.groupby("run_kind"):
        became = Counter(own["result"])
        numbers = ", ".join(f"{became[result]} {result}" for result in RESULTS)
        found.append(f"Record of the bets, {run_kind}: {numbers}; {own['profit'].sum():+.2f} units.")
    return found


def _quarantine(platform: Platform, now: dt.datetime) -> str:
    entries = platform.ledger.quarantined(state="open")
    if not entries:
        return "Quarantine: empty."
    new = sum(entry["first_seen"] > now - DAY for entry in entries)
    return f"Quarantine: {len(entries):,} open, {new:,} of them since yesterday: {_by(e['source'] for e in entries)}."


def _dead_letters(platform: Platform) -> str:
    dead = platform.ledger.work(status=["dead"])
    return f"Dead letters: {len(dead):,}: {_by(w['processor_name'] for w in dead)}." if dead else "Dead letters: none."


def _alarms(platform: Platform) -> str:
    found = platform.ledger.alarms("open")
    return f"Open alarms: {len(found):,}: {_by(alarm['kind'] for alarm in found)}." if found else "Open alarms: none."


def _by(names: Iterable[str]) -> str:
    """`a 3, b 1`: the most first."""
    counts = sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {number:,}" for name, number in counts)


def _model(platform: Platform, now: dt.datetime, games_today: bool) -> list[str]:
    """The newest card of players' points, which model serves, and the alarms of the newest track record."""
    days = list(platform.warehouse.versions("points_model"))
    if not days:
        return ["Model: none yet."]
    last = dt.date.fromisoformat(days[-1])
    cards = platform.warehouse.read("points_model", dates=(last, last), columns=CARD)
    cards = cards[cards["target"] == "points"].sort_values(["refit_at", "serving", "model_version"])
    if cards.empty:
        return ["Model: none yet."]
    card = cards.iloc[-1]
    age = now - card["refit_at"].to_pydatetime()
    trained = "not trained" if pd.isna(card["train_end"]) else f"trained to {card['train_end']:%Y-%m-%d}"
    serves = cards[cards["serving"].fillna(False)]
    serving = ", ".join(serves["model_version"])
    found = [
        f"Model: newest card {card['model_version']}, gates {card['gate_status']}, {trained},"
        f" {counted(age.days, 'day')} old; serving: {serving or 'none'}."
    ]
    if games_today and age > OLDEST_REFIT:
        found.append(f"  OLD: models are refitted on Mondays, this one was at {minute(card['refit_at'])}.")
    return found + _model_alarms(platform)


def _model_alarms(platform: Platform) -> list[str]:
    days = list(platform.warehouse.versions("model_performance_daily"))
    if not days:
        return []
    last = dt.date.fromisoformat(days[-1])
    rows = platform.warehouse.read(
        "model_performance_daily", dates=(last, last), columns=["game_date", "model_version", "alarms"]
    )
    names = sorted({name for own in rows["alarms"] for name in own})
    return [f"  Alarms of the track record of {last}: {', '.join(names) or 'none'}."]
