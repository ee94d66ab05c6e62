"""Faults nobody foresaw: the traceback goes to a log file, the operator gets one line that names it."""

from __future__ import annotations

import errno
import traceback

from nba_assets.clock import SystemClock
from nba_assets.settings import Settings


def log_fault(error: BaseException) -> tuple[str, str]:
    """Append the traceback to the log; returns the line and the hint to print."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "the disk is full", "free some space and run the same command again: nothing was lost"
    moment = SystemClock().now()
    path = Settings().logs / f"{moment:%Y-%m-%d}.log"
    line = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(f"{moment.isoformat()} {''.join(traceback.format_exception(error))}\n")
    except OSError:
        return line, "the log could not be written: is NBA_ASSETS_HOME writable?"
    return line, f"the traceback is in {path}"
