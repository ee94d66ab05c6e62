"""`nba-assets demo`: the whole platform on a simulated league."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nba_assets import console
from nba_assets.commands.ingest import ingest_folder
from nba_assets.commands.session import PHASE_COLUMNS, opened
from nba_assets.errors import PlatformError, UsageError
from nba_assets.settings import Settings
from nba_assets.simulator import simulate
from nba_assets.storage.dagster_instance import write_dagster_yaml

FIRST = dt.date(2025, 10, 21)
PAGE, DAGSTER = 8000, 3000
"""Ports of `--serve`."""
INTERESTING = """
SELECT FORMAT_DATE('%b %d', p.game_date) AS date, s.player_name AS player, CONCAT(p.team, ' v ', p.opponent) AS game,
       p.line_value AS line, ROUND(p.points_q50, 1) AS median, ROUND(p.p_over, 2) AS `P(over)`,
       ROUND(p.market_p_over, 2) AS market, p.decision, g.actual_points AS pts
FROM nba_predictions.player_points_predictions p
JOIN nba_predictions.prediction_grades g USING (prediction_id)
LEFT JOIN nba_analytics.player_game_summary s ON s.game_id = p.game_id AND s.player_id = p.player_id
WHERE p.role = 'serving' AND p.line_value IS NOT NULL
ORDER BY CASE p.decision WHEN 'PASS' THEN 1 ELSE 0 END, ABS(p.points_q50 - p.line_value) DESC, p.prediction_id
LIMIT 5
"""
NEXT = """\
Next:
  .venv/bin/nba-assets serve                      the page
  .venv/bin/nba-assets status                     where everything is
  .venv/bin/nba-assets query 'SELECT * FROM nba_predictions.model_performance_daily'
  make demo ARGS=--serve                          the page and Dagster's UI"""


def run(*, days: int, seed: int, serve: bool, as_json: bool) -> None:
    """Simulate, ingest, show; with `serve` open the page and Dagster on the same instance."""
    if Settings().profile != "local":
        raise UsageError("the demo is simulated data, which has no place in the cloud", "set NBA_ASSETS_PROFILE=local")
    began = time.perf_counter()
    last = FIRST + dt.timedelta(days=days - 1)
    with tempfile.TemporaryDirectory(prefix="nba_assets_demo_") as folder, opened(new=True) as platform:
        with console.progress() as bar:
            bar.add_task(f"simulating {days} dates", total=None)
            counts = simulate(Path(folder), seed=seed, start=FIRST, end=last)
        result, times = ingest_folder(platform, Path(folder))
        interesting = platform.warehouse.query(INTERESTING)
        published = platform.settings.published.absolute()
    if as_json:
        console.as_json(
            {
                "data_origin": "simulated",
                "files": sum(counts.values()),
                "duplicate": result.duplicates,
                "phases": times.records(),
                "predictions": console.records(interesting),
                "published": str(published),
            }
        )
    else:
        title = f"A simulated league, {FIRST} to {last}: {sum(counts.values()):,} files"
        seen = f", {result.duplicates:,} seen before" if result.duplicates else ""
        console.table(title + seen, PHASE_COLUMNS, times.lines())
        console.table(
            "The five most interesting predictions (simulated data: they prove the machinery, not any skill)",
            list(interesting.columns),
            console.values(interesting),
        )
        console.say(f"Published: {published}/v1/manifest.json   ({time.perf_counter() - began:.0f} s in all)\n{NEXT}")
    if serve:
        _serve(Settings())


def _serve(settings: Settings) -> None:
    """The page and `dagster dev` on the same instance, until Ctrl-C.

    Each is in a process group of its own, so that Ctrl-C reaches this process alone, which then ends both.
    """
    write_dagster_yaml(settings)
    env = os.environ | {
        "DAGSTER_HOME": str(settings.dagster.absolute()),
        "NBA_ASSETS_HOME": str(settings.home.absolute()),
    }
    page = [sys.executable, "-m", "nba_assets.cli", "serve", "--port", str(PAGE)]
    dagster = [sys.executable, "-m", "dagster", "dev", "-m", "nba_assets.definitions", "-h", "127.0.0.1"]
    children = {
        "the page": subprocess.Popen(page, env=env, stdout=subprocess.DEVNULL, process_group=0),
        "Dagster": subprocess.Popen([*dagster, "-p", str(DAGSTER)], env=env, process_group=0),
    }
    console.say(f"The page: http://127.0.0.1:{PAGE}/\nDagster:  http://127.0.0.1:{DAGSTER}/   (Ctrl-C ends both)")
    try:
        while True:
            for name, child in children.items():
                if child.poll() is not None:
                    raise PlatformError(f"{name} ended with exit code {child.returncode}", "read what it said above")
            time.sleep(0.5)
    except KeyboardInterrupt:
        console.say("ending")
    finally:
        for child in children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGINT)
        for child in children.values():
            child.wait(timeout=30)
