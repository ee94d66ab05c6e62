"""Which process it was: a name that no other process ever has, and whether that one still runs."""

from __future__ import annotations

import socket

import psutil  # type: ignore[import-untyped]


def this_process() -> str:
    """Machine, process id and start of this process."""
    return process_name(psutil.Process())


def process_name(process: psutil.Process) -> str:
    """The same of another process on this machine."""
    return f"{socket.gethostname()}|{process.pid}|{process.create_time():.2f}"


def is_gone(name: str) -> bool:
    """Whether a process of that name was on this machine and runs no more; one that nobody has waited for neither."""
    host, _, rest = name.partition("|")
    if host != socket.gethostname():
        return False
    try:
        process = psutil.Process(int(rest.partition("|")[0]))
        return process_name(process) != name or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
