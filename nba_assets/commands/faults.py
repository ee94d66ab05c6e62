"""Faults nobody foresaw: the traceback goes to a log file, the operator gets one line that names it."""

from __future__ import annotations

import errno
import traceback

from pydantic import ValidationError

from nba_assets.clock import SystemClock
from nba_assets.errors import PlatformError, UsageError
from nba_assets.settings import Settings


def plain_fault(error: Exception) -> PlatformError:
    """The error as one line and what to do next; what the line does not explain goes to the log with its traceback."""
    if isinstance(error, ValidationError) and error.title == Settings.__name__:
        wrong = error.errors(include_url=False)[0]
        name = f"NBA_ASSETS_{wrong['loc'][0]}".upper()
        return UsageError(f"{name} is wrong: {wrong['msg']}", f"set {name} right, or unset it")
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return PlatformError("the disk is full", "free some space and run the same command again: nothing was lost")
    line = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}"
    return PlatformError(line, log("".join(traceback.format_exception(error))))


def log(text: str) -> str:
    """Append to today's log file; returns a hint that names it."""
    moment = SystemClock().now()
    path = Settings().logs / f"{moment:%Y-%m-%d}.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{moment.isoformat()} {text}\n")
    except OSError as error:
        return f"the log {path} could not be written: {error.strerror}"
    return f"the traceback is in {path}"
