"""Drop sensors: the safety net below the fast lane, one per source family, each looking at its own prefixes.

What is new is taken in and leased; few changed entities ask for one refresh run, more for the landing asset's event,
from which the conditions go on. Which dates are looked at moves on with the cursor: the newest ones every time, and one
older date of the season each time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Sequence

import dagster as dg

from nba_assets.contracts import tables
from nba_assets.defs.jobs import entity_refresh
from nba_assets.defs.partitions import entity_keys
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.run import KEYS_AT_ONCE, make_newest, refresh_tags, report_landing
from nba_assets.engine.attention import LEASE, asked, put_off, take_back, today
from nba_assets.engine.intake import by_source
from nba_assets.engine.landing_zone import newest_dates, take_landed, unseen
from nba_assets.engine.platform import Platform
from nba_assets.engine.processes import this_process
from nba_assets.settings import Settings
from nba_assets.storage.records import Drop

OLDEST = dt.timedelta(days=365)
"""How far back the slow round goes before it begins anew."""


def families() -> dict[str, list[str]]:
    """Sources by the first folder of their paths: who they are fetched from."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, table in tables().items():
        if table.paths:
            found[table.paths[0].split("/")[0].replace("-", "_")].append(name)
    return dict(found)


def drop_sensor(family: str, sources: Sequence[str]) -> dg.SensorDefinition:
    """The sensor of one family."""

    @dg.sensor(
        name=f"drops_{family}",
        job=entity_refresh,
        minimum_interval_seconds=Settings().looks_every,
        default_status=automation_status(),
        description=f"New drops of {', '.join(sources)}.",
        tags={"family": family},
    )
    def evaluate(context: dg.SensorEvaluationContext, platform: PlatformResource) -> dg.SensorResult | dg.SkipReason:
        home = platform.get()
        older = _older(context.cursor, home)
        take_back(home)
        taken = take_landed(home, unseen(home, sources, [*newest_dates(home), older]))
        now = home.clock.now()
        drops = home.ledger.lease(f"daemon|{this_process()}", now, now + LEASE, sources)
        requests = _carried_on(context.instance, home, drops) if drops else []
        seen = f"{taken.received} new drops, {len(drops)} to see to"
        if not requests:
            context.update_cursor(older.isoformat())
            return dg.SkipReason(f"{seen}; {older} was looked at too")
        return dg.SensorResult(run_requests=requests, cursor=older.isoformat())

    return evaluate


def automation_status() -> dg.DefaultSensorStatus:
    """Sensors run from the start where `NBA_ASSETS_AUTOMATION` says so (`nba-assets up` does); else when started."""
    return dg.DefaultSensorStatus.RUNNING if Settings().automation else dg.DefaultSensorStatus.STOPPED


def _carried_on(instance: dg.DagsterInstance, home: Platform, drops: Sequence[Drop]) -> list[dg.RunRequest]:
    wanted = asked(home, drops)
    put_off(home, wanted.put_off)
    report_landing(home, by_source(drops, wanted.dates))
    if not wanted.keys:
        return []
    with home.ledger.lock(str(entity_keys.name), KEYS_AT_ONCE):
        make_newest(instance, wanted.keys)
    ids = wanted.answered(drops)
    run_key = hashlib.sha256(",".join(ids).encode()).hexdigest()[:16]
    return [dg.RunRequest(run_key=run_key, tags=refresh_tags(wanted.keys, ids))]


def _older(cursor: str | None, home: Platform) -> dt.date:
    """The date that the slow round looks at next: one before the last, from a year back to last week's again."""
    newest = newest_dates(home)[-1] - dt.timedelta(days=1)
    try:
        last = dt.date.fromisoformat(cursor or "")
    except ValueError:
        return newest
    earlier = last - dt.timedelta(days=1)
    return earlier if today(home) - OLDEST <= earlier < newest else newest


drop_sensors = [drop_sensor(family, sources) for family, sources in families().items()]
