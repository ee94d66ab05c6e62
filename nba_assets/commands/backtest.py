"""`nba-assets backtest`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from nba_assets import console
from nba_assets.commands.session import opened
from nba_assets.errors import PlatformError
from nba_assets.evaluation import report
from nba_assets.evaluation.backtest import Backtest, backtest, facts
from nba_assets.evaluation.tables import VERDICTS, headline, tables

IN_REPORT = frozenset({"Segments", "Models"})
"""Tables that are too long for a terminal; the report has them."""


def run(start: dt.date, end: dt.date, *, refit_every: int, folder: Path | None, as_json: bool) -> None:
    """Walk forward over the dates and print what came of it. Nothing in the home changes.

    Raises `PlatformError` after printing if real data raise a leak alarm: a result that is too good fails.
    """
    with opened() as platform, console.progress() as bar:
        task = bar.add_task("backtest", total=None)

        def going_on(what: str, done: int, of: int) -> None:
            bar.update(task, description=f"backtest: {what}", completed=done, total=of)

        found = backtest(platform.warehouse, start, end, refit_every, going_on)
        going_on("report", 0, 1)
        written = None if folder is None else report.write(found, folder)
    if as_json:
        console.as_json(facts(found) | {"report": written and str(written)})
    else:
        _say(found, written)
    if found.verdict == "leak":
        names = ", ".join(f"{each.name} {each.value:g} (limit {each.limit:g})" for each in found.raised)
        raise PlatformError(
            f"leak alarm on real data: {names}",
            "a feature or a model has seen the answer: find it before anything else",
        )


def _say(found: Backtest, written: Path | None) -> None:
    console.say(f"{headline(found)}.\nVerdict: {found.verdict} ({VERDICTS[found.verdict]}).\n")
    for shown in tables(found):
        if shown.title not in IN_REPORT and shown.rows:
            console.table(shown.title, shown.columns, shown.rows)
    if written is None:
        console.say("Segments, models and pictures: --report DIR")
    else:
        console.say(f"Report: {written}")
