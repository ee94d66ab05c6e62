"""Errors an operator sees: one line that says what is wrong and what to do next."""

from __future__ import annotations


class PlatformError(Exception):
    """Something failed; the message is one line, `hint` says what to do next. The CLI exits 1."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class TransientError(PlatformError):
    """May be over by itself: a partition that is locked, a full disk, a database that is away."""


class UsageError(PlatformError):
    """The request itself is wrong (an unknown date, table or player). The CLI exits 2."""
