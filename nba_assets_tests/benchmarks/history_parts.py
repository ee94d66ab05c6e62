"""The parts of the history benchmark, each a process of its own on one home: `raw`, `features`, `checks`; JSON out."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.frames import empty
from nba_assets.defs.tables.checks import check_results
from nba_assets.engine.captures import ParseCache
from nba_assets.engine.graph import PHASES, build_order
from nba_assets.engine.intake import applied, scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.step import run_step
from nba_assets_tests.real.identities import broken

SHOWN = 3
"""Failing rows of a rule that are told."""
Told = dict[str, Any]


def raw(platform: Platform, folder: Path) -> Told:
    """Takes in the drops of each season's folder and makes its raw tables: seconds by season."""
    told = []
    for season in sorted(folder.iterdir()):
        began = time.perf_counter()
        result = take(platform, scan(season))
        taken = time.perf_counter() - began
        seconds = steps(platform, [2], result.dates[0], result.dates[-1])
        applied(platform, result.drops)
        platform.parses = ParseCache()
        refused = Counter(f"{entry.source}, rule {entry.rule}" for entry in result.quarantined)
        spent = {"landing": taken, "raw": sum(seconds.values())}
        told.append({"season": season.name, "files": result.received, "quarantined": refused, **spent})
    return {"seasons": told}


def features(platform: Platform, first: dt.date, last: dt.date) -> Told:
    """Makes the tables of Phases 3 and 4 from nothing: dates with games, seconds by phase and by table."""
    for name in of_phases([3, 4]):
        there = [dt.date.fromisoformat(day) for day in platform.warehouse.versions(name)]
        platform.warehouse.replace(name, there, empty(tables()[name]))
    dates = len(platform.warehouse.versions("nbac_schedule", (first, last)))
    seconds = {phase: steps(platform, [phase], first, last) for phase in (3, 4)}
    by_table = {name: spent for each in seconds.values() for name, spent in each.items()}
    return {"dates": dates, "tables": by_table} | {str(phase): sum(each.values()) for phase, each in seconds.items()}


def checks(platform: Platform, first: dt.date, last: dt.date) -> Told:
    """Every check of the tables of Phases 2 to 4 that does not pass, and the identities that a season breaks."""
    days = list(pd.date_range(first, last))
    results = [
        (name, result) for name in of_phases([2, 3, 4]) for result in check_results(platform, tables()[name], days)
    ]
    failed = [
        {
            "check": f"{result.severity.value} {name} {result.check_name}",
            "description": result.description,
            "rows": _failing(result),
        }
        for name, result in results
        if not result.passed
    ]
    players, teams = (
        platform.warehouse.read(name, dates=(first, last))
        for name in ("player_game_summary", "team_offense_game_summary")
    )
    seasons = sorted(players["season"].unique())
    identities = [
        {"season": int(season), "identity": text, "games": games}
        for season in seasons
        for text, games in broken(players[players["season"] == season], teams[teams["season"] == season]).items()
    ]
    return {"ran": len(results), "failed": failed, "identities": identities}


def steps(platform: Platform, phases: list[int], first: dt.date, last: dt.date) -> dict[str, float]:
    """Every table of the phases in one call for all dates: seconds by table."""
    days = list(pd.date_range(first, last))
    return {name: run_step(platform, name, days).seconds for name in of_phases(phases)}


def of_phases(phases: list[int]) -> list[str]:
    """The tables of the phases in the order of building."""
    return [name for name in build_order() if PHASES[tables()[name].dataset] in phases]


def _failing(result: dg.AssetCheckResult) -> list[str]:
    return [
        f"{rule}: " + ", ".join(f"{name} {value}" for name, value in record.data.items())
        for rule, value in (result.metadata or {}).items()
        if isinstance(value, dg.TableMetadataValue)
        for record in value.records[:SHOWN]
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["raw", "features", "checks"])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--start", type=dt.date.fromisoformat)
    parser.add_argument("--end", type=dt.date.fromisoformat)
    chosen = parser.parse_args()
    platform = Platform.open()
    try:
        if chosen.part == "raw":
            told = raw(platform, chosen.folder)
        else:
            told = {"features": features, "checks": checks}[chosen.part](platform, chosen.start, chosen.end)
    finally:
        platform.close()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
