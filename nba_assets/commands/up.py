"""`nba-assets up`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from nba_assets import console
from nba_assets.engine.supervisor import Child, Supervisor
from nba_assets.errors import UsageError
from nba_assets.settings import Settings

HOST = "127.0.0.1"
DEFINITIONS = ("-m", "nba_assets.definitions")


def run(*, dagster_port: int, page_port: int, without: list[str]) -> None:
    """Start what is needed and keep it alive until Ctrl-C or SIGTERM.

    Raises `UsageError` for a process to be left out that there is not.
    """
    from nba_assets.commands.session import opened
    from nba_assets.storage.dagster_instance import write_dagster_yaml

    settings = Settings()
    chosen = children(settings, dagster_port, page_port)
    unknown = set(without) - {child.name for child in chosen}
    if unknown:
        names = ", ".join(child.name for child in chosen)
        raise UsageError(f"there is no {', '.join(sorted(unknown))} to be left out", f"there are {names}")
    with opened(new=True):
        write_dagster_yaml(settings)
        supervisor = Supervisor(
            [child for child in chosen if child.name not in without],
            environment(settings),
            state_file(settings),
            console.say,
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: supervisor.stop.set())
        page = f"  page http://{HOST}:{page_port}/" if settings.profile == "local" else ""
        console.say(f"Dagster http://{HOST}:{dagster_port}/{page}  (Ctrl-C ends all)")
        supervisor.run()


def children(settings: Settings, dagster_port: int, page_port: int) -> list[Child]:
    """The webserver, the daemon, the fast lane and the page's server; in the gcp profile the bucket is the page's."""
    scripts = Path(sys.executable).parent
    logs = settings.logs.absolute()
    commands = {
        "watch": [sys.executable, "-m", "nba_assets.cli", "watch"],
        "daemon": [str(scripts / "dagster-daemon"), "run", *DEFINITIONS],
        "webserver": [str(scripts / "dagster-webserver"), "-h", HOST, "-p", str(dagster_port), *DEFINITIONS],
    }
    if settings.profile == "local":
        commands["page"] = [sys.executable, "-m", "nba_assets.cli", "serve", "--host", HOST, "--port", str(page_port)]
    return [Child(name, command, logs / f"{name}.log") for name, command in commands.items()]


def environment(settings: Settings) -> dict[str, str]:
    """The children's environment: our home, Dagster's home, its sensors running."""
    return os.environ | {
        "NBA_ASSETS_HOME": str(settings.home.absolute()),
        "NBA_ASSETS_AUTOMATION": "true",
        "DAGSTER_HOME": str(settings.dagster.absolute()),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "DAGSTER_EVENT_BATCH_SIZE": "1000",
    }


def state_file(settings: Settings) -> Path:
    """Says which processes `up` has started."""
    return settings.home.absolute() / "up.json"
