"""`nba-assets` as a command of its own on an episode's clock: `python -m ...soak.verb CLOCK SKEW VERB ...`."""

from __future__ import annotations

import sys
from pathlib import Path

from nba_assets import cli
from nba_assets.engine import platform as platforms
from nba_assets.engine.platform import Platform
from nba_assets_tests.soak.clock import SteppedClock


def main() -> None:
    clock, skew, *arguments = sys.argv[1:]
    platforms.use(Platform.open(clock=SteppedClock(Path(clock), float(skew))))
    sys.argv[1:] = arguments
    cli.main()


if __name__ == "__main__":
    main()
