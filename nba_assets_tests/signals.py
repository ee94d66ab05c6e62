"""Signals in the processes that tests start: as at a terminal, whatever the shell that started the tests ignores."""

from __future__ import annotations

import signal


def as_at_a_terminal() -> None:
    """For `preexec_fn`: Ctrl-C and a plain kill end the process."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
