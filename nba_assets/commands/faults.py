"""Faults nobody foresaw: the traceback goes to a log file, the operator gets one line that names it."""

from __future__ import annotations

import errno
import tempfile
import traceback
from pathlib import Path

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
    where = log("".join(traceback.format_exception(error)))
    if isinstance(error, OSError) and error.filename and error.strerror:
        return PlatformError(f"{error.filename}: {error.strerror}", where)
    return PlatformError(f"{type(error).__name__}: {str(error) or 'no message'}", where)


def log(text: str) -> str:
    """Append to today's log file, to a temporary one where there is no home; returns a hint that names it."""
    moment = SystemClock().now()
    settings = Settings()
    path = settings.logs.absolute() / f"{moment:%Y-%m-%d}.log"
    try:
        if settings.home.exists():
            path.parent.mkdir(exist_ok=True)
        else:
            path = Path(tempfile.mkstemp(prefix="nba_assets_", suffix=".log")[1])
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{moment.isoformat()} {text}\n")
    except OSError as error:
        return f"its traceback could not be written to {path}: {error.strerror}"
    return f"the traceback is in {path}"
