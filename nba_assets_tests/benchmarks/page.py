"""`--only page`: the first view of fifteen games on a phone, throttled as Lighthouse's mobile profile is."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from dataclasses import fields
from pathlib import Path

from playwright.sync_api import sync_playwright

from nba_assets import console
from nba_assets_tests.pictures import CHROMIUM, FLAGS, free_port, serving
from nba_assets_tests.web import tree
from nba_assets_tests.web.first_view import FirstView, first_view

RUNS = 9


def main() -> None:
    """Print the median and the range of each measure."""

    with tempfile.TemporaryDirectory(prefix="nba_assets_page_") as work:
        home, port = Path(work), free_port()
        tree.write(home / "published", tree.full_slate())
        address = f"http://127.0.0.1:{port}/"
        serve = [sys.executable, "-m", "nba_assets.cli", "serve", "--port", str(port)]
        with serving(serve, f"{address}healthz", os.environ | {"NBA_ASSETS_HOME": work}), sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            first_view(browser, address)
            found = [first_view(browser, address) for _ in range(RUNS)]
            browser.close()
    rows = []
    for measure in fields(FirstView):
        values = [getattr(one, measure.name) for one in found]
        rows.append([measure.name, f"{statistics.median(values):,.0f}", f"{min(values):,.0f}", f"{max(values):,.0f}"])
    console.table(f"First view of fifteen games, {RUNS} runs", ["", "median", "least", "most"], rows)
