"""`nba-assets watch`."""

from __future__ import annotations

import datetime as dt
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

from nba_assets import console
from nba_assets.commands.session import opened
from nba_assets.engine.attention import days_between
from nba_assets.engine.intake import by_source
from nba_assets.engine.notifications import listen
from nba_assets.engine.watch import WAIT, Round, Watch

if TYPE_CHECKING:
    from nba_assets.defs.run import RunReport
    from nba_assets.engine.notifications import Notifications
    from nba_assets.engine.platform import Platform
    from nba_assets.settings import Settings
    from nba_assets.storage.records import Drop


def run(*, once: bool, as_json: bool) -> None:
    """Watch the landing zone until Ctrl-C or SIGTERM, or `once`: one line a round in which something happened."""
    with opened(new=True) as platform:
        notifications = listen(platform.settings)
        watch = fast_lane(platform, notifications)
        try:
            if once:
                _tell(watch.round(), as_json)
                return
            if not as_json:
                console.say(f"watching {landing_zone(platform.settings)}")
            _until_told(watch, lambda done: _tell(done, as_json))
        finally:
            notifications.close()


def _until_told(watch: Watch, tell: Callable[[Round], None]) -> None:
    """Rounds until a signal; the one that is going on is finished.

    They run beside the main thread: in that one Dagster would take the signal for an order to break its run off.
    """
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with ThreadPoolExecutor(1, thread_name_prefix="watch") as pool:
        rounds = pool.submit(watch.go_on, stop, tell)
        while not (stop.wait(WAIT) or rounds.done()):
            pass
        stop.set()
        rounds.result()


def fast_lane(platform: Platform, notifications: Notifications) -> Watch:
    """A watch whose work runs in this process, on the platform's Dagster instance; all imports are done before."""
    from nba_assets.defs.run import report_landing, run_range, run_refresh
    from nba_assets.defs.take_up import take_up, take_up_neighbours

    def refresh(keys: Sequence[str], ids: Sequence[str]) -> bool:
        return _succeeded(platform, run_refresh(platform, keys, ids), ids)

    def run_dates(first: dt.date, last: dt.date, drops: Sequence[Drop]) -> bool:
        report_landing(platform, by_source(drops, days_between(first, last)))
        report = run_range(platform, first, last)
        if not report.success:
            take_up_neighbours(platform, report.run_id)
        return _succeeded(platform, report, [drop["correlation_id"] for drop in drops])

    return Watch(platform, notifications, refresh, run_dates, lambda: len(take_up(platform)))


def _succeeded(platform: Platform, report: RunReport, ids: Sequence[str]) -> bool:
    """Tells what failed; its drops wait for nothing but that work, which is retried."""
    for table, why in report.failures.items():
        console.fail(f"{table}: {why}", f"run {report.run_id}")
    if not report.success:
        platform.ledger.hold(ids, report.run_id)
    return report.success


def landing_zone(settings: Settings) -> str:
    """Where drops come, and whether somebody tells of them."""
    if settings.profile == "local":
        return str(settings.landing)
    told = f"told by {settings.landing_subscription}" if settings.landing_subscription else "by listing it"
    return f"gs://{settings.landing_bucket} ({told})"


def _tell(done: Round, as_json: bool) -> None:
    if done.unheard is not None:
        console.fail(str(done.unheard), done.unheard.hint)
    facts = {
        "received": done.taken.received,
        "duplicate": done.taken.duplicates,
        "quarantined": len({entry.correlation_id for entry in done.taken.quarantined}),
        "keys": done.attended.keys,
        "runs": [f"{first}...{last}" for first, last in (*done.attended.ranges, *done.swept)],
        "applied": len(done.attended.applied),
        "put_off": len(done.attended.put_off),
        "failed": len(done.attended.failed),
        "retried": done.retried,
    }
    if as_json:
        console.as_json(facts)
        return
    said = ", ".join(f"{name} {_short(value)}" for name, value in facts.items() if value)
    console.say(f"{time.strftime('%H:%M:%S')} {said or 'nothing to do'}")


def _short(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
