"""`make pictures`: the README's pictures, from a simulated league, with Debian's chromium."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from nba_assets.settings import Settings
from nba_assets.storage import embedded_postgres
from nba_assets.storage.dagster_instance import write_dagster_yaml

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DAYS = "12"
PATIENCE = 90.0


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: list[str], address: str, env: dict[str, str]) -> Iterator[None]:
    """Run a server until the block ends. Raises `TimeoutError` if it does not answer at `address`."""
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(address, timeout=2):
                    break
            except OSError as error:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise TimeoutError(f"nothing answers at {address}") from error
                time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def page_pictures(browser: Browser, address: str) -> None:
    """The slate, wide and on a phone at night; a game, a player, the track record and the status."""
    slate = json.loads(urllib.request.urlopen(f"{address}v1/latest/daily.json").read())
    player = max(slate["data"]["players"], key=lambda one: one["points_mean"])
    places = {"slate": "", "slate_phone": "", "record": "#/track-record", "status": "#/status"}
    places |= {"game": f"#/game/{slate['game_date']}/{player['game_id']}", "player": f"#/player/{player['player_id']}"}
    for name, place in places.items():
        phone = name.endswith("phone")
        page = browser.new_page(
            viewport={"width": 390, "height": 844} if phone else {"width": 1200, "height": 1000},
            color_scheme="dark" if phone else "light",
            timezone_id="America/New_York",
        )
        page.goto(f"{address}{place}")
        page.locator("main h1").wait_for()
        page.wait_for_timeout(1_000)
        page.screenshot(path=PICTURES / f"{name}.png")
        page.close()


def dagster_pictures(browser: Browser, address: str) -> None:
    """The graph as Dagster's UI draws it, two phases unfolded; and one asset with its columns."""
    page = browser.new_page(viewport={"width": 1700, "height": 950}, device_scale_factor=1)
    unfolded = ",".join(f"global@global:{group}" for group in ("nba_precompute", "nba_predictions"))
    for name, path, sign in (
        ("dagster_graph", f"asset-groups/?expanded={unfolded}", "ml_feature_store"),
        ("dagster_asset", "assets/nba_analytics/player_game_summary", "Column name"),
    ):
        page.goto(f"{address}/{path}")
        page.get_by_text(sign).first.wait_for(timeout=60_000)
        page.wait_for_timeout(5_000)
        page.screenshot(path=PICTURES / f"{name}.png")
    page.close()


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nba_assets_pictures_") as work:
        env = os.environ | {"NBA_ASSETS_HOME": f"{work}/home", "DAGSTER_DISABLE_TELEMETRY": "1"}
        subprocess.run([sys.executable, "-m", "nba_assets.cli", "demo", "--days", DAYS], env=env, check=True)
        settings = Settings(home=Path(work) / "home")
        write_dagster_yaml(settings)
        env["DAGSTER_HOME"] = str(settings.dagster)
        slate, graph = free_port(), free_port()
        page = [sys.executable, "-m", "nba_assets.cli", "serve", "--port", str(slate)]
        web = [str(Path(sys.executable).parent / "dagster-webserver"), "-h", "127.0.0.1", "-p", str(graph)]
        web += ["-w", "workspace.yaml"]
        with (
            serving(page, f"http://127.0.0.1:{slate}/healthz", env),
            serving(web, f"http://127.0.0.1:{graph}/server_info", env),
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page_pictures(browser, f"http://127.0.0.1:{slate}/")
            dagster_pictures(browser, f"http://127.0.0.1:{graph}")
            browser.close()
        embedded_postgres.release(settings)
    for picture in sorted(PICTURES.glob("*.png")):
        print(picture.relative_to(ROOT), f"{picture.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
