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
from nba_assets.commands.session import opened
from nba_assets.settings import Settings
from nba_assets.simulator import simulate

FIRST = dt.date(2025, 10, 21)
INTERESTING = """
SELECT FORMAT_DATE('%b %d', p.game_date) AS date, s.player_name AS player, CONCAT(p.team, ' v ', p.opponent) AS game, p.line_value AS line,
       ROUND(p.points_q50, 1) AS median, ROUND(p.p_over, 2) AS `P(over)`, ROUND(p.market_p_over, 2) AS market,
       p.decision, g.actual_points AS pts
FROM nba_predictions.player_points_predictions p
JOIN nba_predictions.prediction_grades g USING (prediction_id)
LEFT JOIN nba_analytics.player_game_summary s ON s.game_id = p.game_id AND s.player_id = p.player_id
WHERE p.role = 'serving' AND p.line_value IS NOT NULL
ORDER BY CASE p.decision WHEN 'PASS' THEN 1 ELSE 0 END, ABS(p.points_q50 - p.line_value) DESC, p.prediction_id
LIMIT 5
"""


def run(*, days: int, seed: int, serve: bool) -> None:
    """Simulate, ingest, show; with `serve` open the page and Dagster on the same instance."""
    began = time.perf_counter()
    last = FIRST + dt.timedelta(days=days - 1)
    with tempfile.TemporaryDirectory(prefix="nba_assets_demo_") as folder, opened() as platform:
        with console.progress() as bar:
            bar.add_task(f"simulating {days} dates", total=None)
            counts = simulate(Path(folder), seed=seed, start=FIRST, end=last)
        result, times, _ = ingest_folder(platform, Path(folder))
        console.table(
            f"A simulated league, {FIRST} to {last}: {sum(counts.values())} files, {result.duplicates} seen before",
            ["phase", "tables", "rows", "seconds"],
            times.lines(),
        )
        frame = platform.warehouse.query(INTERESTING)
        console.frame(
            "The five most interesting predictions (simulated data: they prove the machinery, not any skill)", frame
        )
        published = platform.settings.published.absolute()
    console.out.print(f"Published: {published}/v1/manifest.json   ({time.perf_counter() - began:.0f} s in all)")
    console.out.print(
        "Next:\n"
        "  .venv/bin/nba-assets serve                      the page\n"
        "  .venv/bin/nba-assets status                     where everything is\n"
        "  .venv/bin/nba-assets query 'SELECT * FROM nba_predictions.model_performance_daily'\n"
        "  make demo ARGS=--serve                          the page and Dagster's UI"
    )
    if serve:
        _serve(Settings())


def _serve(settings: Settings) -> None:
    """The page and `dagster dev` on the same instance, until Ctrl-C."""
    from nba_assets.storage.dagster_instance import write_dagster_yaml
    from nba_assets.storage.embedded_postgres import database_url

    database_url(settings)
    write_dagster_yaml(settings)
    env = os.environ | {
        "DAGSTER_HOME": str(settings.dagster.absolute()),
        "NBA_ASSETS_HOME": str(settings.home.absolute()),
    }
    page = [sys.executable, "-m", "nba_assets.cli", "serve", "--port", "8000"]
    dagster = [sys.executable, "-m", "dagster", "dev", "-m", "nba_assets.definitions", "-h", "127.0.0.1", "-p", "3000"]
    children = [subprocess.Popen(command, env=env) for command in (page, dagster)]
    console.out.print("The page: http://127.0.0.1:8000/\nDagster:  http://127.0.0.1:3000/   (Ctrl-C ends both)")
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
    except KeyboardInterrupt:
        console.out.print("ending")
    finally:
        for child in children:
            if child.poll() is None:
                child.send_signal(signal.SIGINT)
        for child in children:
            child.wait(timeout=30)
