"""Real files of any dates, written as drops by the tool that lies beside the real data."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def need_real_data() -> None:
    """Ends the process where the real data is not there."""
    if not SHARED.is_dir():
        sys.exit(f"the real data is not at {SHARED}")


def drops(folder: Path, first: dt.date, last: dt.date) -> Path:
    """Real drops of a range of dates below `folder`."""
    tool = SHARED / "tools" / "make_real_drops.py"
    command = [sys.executable, str(tool), str(folder), "--start", str(first), "--end", str(last)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder
