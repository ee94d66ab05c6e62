"""`make bench`: a season of real files, a date and a player in a warm process, a night, Dagster's bookkeeping, latency.

`--only history` is eight seasons of real files, `--only ticks` a simulated season of automation, ten minutes long,
`--only backtest` the models judged on real dates after eight seasons; `--only games` the games' model against Elo on
the warehouse of NBA_ASSETS_HOME, `--only publish` releases of a slate and of a season, `--only page` the first view in
Debian's chromium, `--only serve` the server under load, `--only cloud` what the gcp profile asks of Google, counted on
emulators; none of these is among the others.
"""

from __future__ import annotations

import argparse
import datetime as dt

from nba_assets_tests.benchmarks import (
    backtest,
    cloud,
    dagster_bookkeeping,
    games,
    history,
    latency,
    night,
    page,
    publish,
    season,
    serve,
    ticks,
    warm,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", type=dt.date.fromisoformat, help="first date of real files")
    parser.add_argument("--end", type=dt.date.fromisoformat, help="last date of real files")
    parts = ["season", "warm", "night", "dagster", "latency", "history", "ticks", "backtest", "games"]
    parts += ["publish", "page", "serve", "cloud"]
    parser.add_argument("--only", choices=parts)
    parser.add_argument("--profile", action="store_true", help="of warm, by function")
    chosen = parser.parse_args()
    if chosen.only in (None, "dagster"):
        dagster_bookkeeping.main()
    if chosen.only in (None, "night"):
        night.main()
    if chosen.only in (None, "warm"):
        warm.main(chosen.start, chosen.end, profiled=chosen.profile)
    if chosen.only in (None, "season"):
        season.main(chosen.start, chosen.end)
    if chosen.only in (None, "latency"):
        latency.main()
    if chosen.only == "history":
        history.main(chosen.start, chosen.end)
    if chosen.only == "backtest":
        backtest.main(chosen.start)
    if chosen.only == "games":
        games.main(chosen.start, chosen.end)
    if chosen.only == "publish":
        publish.main(chosen.start, chosen.end)
    if chosen.only == "page":
        page.main()
    if chosen.only == "serve":
        serve.main()
    if chosen.only == "cloud":
        cloud.main()
    if chosen.only == "ticks":
        ticks.main()


if __name__ == "__main__":
    main()
