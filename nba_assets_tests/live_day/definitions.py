"""The platform's definitions on the day's clock: what the daemon and its runs load."""

import os
from pathlib import Path

from nba_assets.definitions import defs
from nba_assets.engine import platform as platforms
from nba_assets.engine.platform import Platform
from nba_assets_tests.live_day.lanes import CLOCK
from nba_assets_tests.soak.clock import SteppedClock

platforms.use(Platform.open(clock=SteppedClock(Path(os.environ[CLOCK]))))

__all__ = ["defs"]
