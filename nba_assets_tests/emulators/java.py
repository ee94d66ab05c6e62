"""Google's emulators that are Java programs: started on loopback, ended by their pid."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nba_assets_tests.conftest import absent
from nba_assets_tests.pictures import free_port

SMALL = ("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Duser.language=en")
"""They begin twice as fast so, and leave memory to the tests."""
PATIENCE = 60.0


@contextmanager
def java_emulator(jar: str, command: Callable[[str, str, int], Sequence[str]], gcloud: Sequence[str]) -> Iterator[str]:
    """`host:port` of an emulator: `command` makes of its jar, a host and a port what Java is to run.

    `jar` is a pattern below the SDK's folder of emulators; where it is not found, `gcloud` starts the emulator.
    """
    host, port = "127.0.0.1", free_port()
    found, java = _jar(jar), shutil.which("java")
    if not java or not (found or shutil.which("gcloud")):
        absent("emulators", f"Java and Google's SDK with its {jar.split('/')[0]} are not installed")
    line = [java, *SMALL, *command(found, host, port)] if found else [*gcloud, f"--host-port={host}:{port}"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            list(map(str, line)), stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
        try:
            if not _answers(f"http://{host}:{port}/", process):
                said.seek(0)
                absent("emulators", f"{line[0]} did not answer: {said.read()[-300:].decode(errors='replace')}")
            yield f"{host}:{port}"
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _jar(pattern: str) -> str:
    """The emulator's jar beside the gcloud that is installed, "" if it is not there; asking gcloud takes seconds."""
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        return ""
    return next(map(str, sorted((Path(gcloud).resolve().parents[1] / "platform").glob(pattern))), "")


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Whether anything is said at the address before the process has ended, or has taken too long."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.05)
    return False
