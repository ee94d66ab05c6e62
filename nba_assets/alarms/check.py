"""One check: find what is wrong, record it, and tell what somebody has not been told within the hour.

Told at least once: the right to send an alarm is a short lease, and that it was sent is recorded after a target took
it. A process that dies in between, or reaches no target, leaves the alarm to the next check; one that dies after the
target took it and before the record sends it twice. Two checks at once never send the same one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nba_assets.alarms import messages
from nba_assets.alarms.causes import causes
from nba_assets.alarms.sending import SECONDS, Level, Target, targets, untaken
from nba_assets.storage.records import Alarm

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

AGAIN = dt.timedelta(hours=1)
"""How long a cause is quiet after a message about it."""


@dataclass(frozen=True)
class Told:
    """Alarms that a target took, alarms that none took, and the names of the targets that did not take something."""

    sent: list[Alarm] = field(default_factory=list)
    unsent: list[Alarm] = field(default_factory=list)
    failing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Checked:
    """What is open after a check, what was told of it, and how many targets there are."""

    open: list[Alarm]
    told: Told
    targets: int


def check(platform: Platform) -> Checked:
    """Find, record and send; without targets alarms are recorded and nothing else."""
    look = causes(platform)
    platform.ledger.record_alarms(look.causes, look.kinds, platform.clock.now())
    found = targets(platform.settings.alarm_urls)
    told = tell(platform, found) if found else Told()
    return Checked(platform.ledger.alarms("open"), told, len(found))


def tell(platform: Platform, found: list[Target]) -> Told:
    """Send every alarm that is to be told. One that any target took is sent; one that none took is tried next time."""
    begun = platform.clock.now()
    longest = dt.timedelta(seconds=SECONDS * (len(found) + 1))
    told, failing = Told(), set()
    while (alarm := platform.ledger.lease_alarm(begun, platform.clock.now() + longest, begun - AGAIN)) is not None:
        level: Level = "warning" if alarm["state"] == "open" else "success"
        refused = untaken(found, messages.title(alarm), messages.body(alarm), level)
        failing.update(refused)
        if len(refused) < len(found):
            platform.ledger.alarm_sent(alarm["cause"], alarm["state"], platform.clock.now())
            told.sent.append(alarm)
        else:
            told.unsent.append(alarm)
    told.failing.extend(target.name for target in found if target.name in failing)
    return told
