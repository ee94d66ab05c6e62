"""Failed work taken up again: each due item's table and what reads it, that of later dates too, or its refresh.

Items whose dates touch are one run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from nba_assets.contracts import tables
from nba_assets.defs.lost_work import processor
from nba_assets.defs.run import RELEASE, RunReport, run_range, run_refresh
from nba_assets.engine.attempt import NEIGHBOUR
from nba_assets.engine.failure import due, failed, succeeded
from nba_assets.engine.graph import PHASES
from nba_assets.engine.ingest import affected
from nba_assets.engine.platform import Platform
from nba_assets.engine.processes import is_gone, this_process
from nba_assets.engine.refresh import REFRESH_PHASES, keys_of
from nba_assets.engine.release_log import PROCESSOR
from nba_assets.engine.replay import Replay
from nba_assets.errors import TransientError, UsageError
from nba_assets.league import league_date
from nba_assets.storage.records import Work, WorkItem, WorkStatus

RUNS = 3
"""Of runs in one call: new drops have their turn in between."""
LEASE = dt.timedelta(minutes=30)
"""How long an item is its taker's; of one whose process is known to be gone, not that long."""
OPEN: tuple[WorkStatus, ...] = ("retrying", "dead")


@dataclass(frozen=True)
class TakenUp:
    """What one run did about failed work: the items, the dates made current (or entity keys), and how it ended."""

    items: list[Work]
    first: dt.date
    last: dt.date
    keys: list[str]
    run_id: str
    success: bool
    failures: dict[str, str]


def take_up(platform: Platform, now: dt.datetime | None = None, *, limit: int = RUNS) -> list[TakenUp]:
    """Run the failed work again that is due, today's dates first, at most `limit` runs; what was run.

    Items are leased: two processes never run the same one, nor two items that share a date. What succeeds is
    forgotten, and drops that waited for nothing else are applied; what fails is due later, or a dead letter.
    """
    moment = now or platform.clock.now()
    _count_lost(platform, moment)
    return _taken(platform, grouped(due(platform, moment), league_date(moment))[:limit], moment, ("retrying",), None)


def take_up_neighbours(platform: Platform, run_id: str) -> list[TakenUp]:
    """Of a run that just failed: carry on the dates that were made beside those that failed."""
    moment = platform.clock.now()
    items = [item for item in platform.ledger.work(run_id=run_id, due=moment) if item["error_type"] == NEIGHBOUR]
    return _taken(platform, grouped(items, league_date(moment)), moment, ("retrying",), None)


def replay_work(platform: Platform, items: Sequence[Work], asked_by: str) -> list[TakenUp]:
    """Run these items again now, whatever their next attempt and input; those that succeed count as replayed."""
    moment = platform.clock.now()
    names = frozenset(item["processor_name"] for item in items)
    replay = Replay(asked_by, names, frozenset(day for item in items for day in item["dates"]))
    return _taken(platform, grouped(items, league_date(moment)), moment, OPEN, replay)


def grouped(items: Sequence[Work], today: dt.date) -> list[list[Work]]:
    """Items by the run that does them: those whose ranges of dates touch, but last night's and later never with older.

    The newest dates first.
    """
    late = today - dt.timedelta(days=1)
    groups: list[list[Work]] = []
    for item in sorted(items, key=lambda item: (min(item["dates"]) >= late, min(item["dates"]))):
        last = groups[-1] if groups else []
        reach = max((max(other["dates"]) for other in last), default=dt.date.min)
        same_age = bool(last) and (min(last[0]["dates"]) >= late) is (min(item["dates"]) >= late)
        if same_age and min(item["dates"]) <= reach + dt.timedelta(days=1):
            last.append(item)
        else:
            groups.append([item])
    return groups[::-1]


def _taken(
    platform: Platform,
    groups: Sequence[Sequence[Work]],
    moment: dt.datetime,
    status: Sequence[WorkStatus],
    replay: Replay | None,
) -> list[TakenUp]:
    found = []
    for group in groups:
        ids = [item["work_id"] for item in group]
        leased = platform.ledger.lease_work(this_process(), moment, moment + LEASE, ids, status)
        if leased:
            found.append(_run(platform, leased, replay))
    if found:
        platform.ledger.settle_held(platform.clock.now())
    return found


def _run(platform: Platform, items: list[Work], replay: Replay | None) -> TakenUp:
    days = sorted({day for item in items for day in item["dates"]})
    first, last = days[0], days[-1]
    whole = any(not item["scope"] for item in items)
    keys = [] if whole else sorted({key for item in items for key in keys_of(item["scope"])})
    try:
        report = None if whole else _refreshed(platform, items, keys, replay)
        if report is None:
            keys = []
            if window := affected(platform, days):
                first, last = window.first, window.last
            report = run_range(platform, first, last, only=sorted(_tables(items)), replay=replay)
    except Exception as error:
        for item in items:
            failed(platform, _as_item(item), error)
        return TakenUp(items, first, last, keys, "", False, {items[0]["processor_name"]: str(error)})
    _close(platform, items, report, replay)
    return TakenUp(items, first, last, keys, report.run_id, report.success, report.failures)


def _refreshed(
    platform: Platform, items: Sequence[Work], keys: Sequence[str], replay: Replay | None
) -> RunReport | None:
    """The refresh of the items' keys; None if an entity has no game on its date any more: the dates are run whole."""
    from_phase = min(phase_of(item["processor_name"]) for item in items)
    try:
        return run_refresh(platform, keys, from_phase=from_phase, replay=replay)
    except UsageError:
        return None


def _close(platform: Platform, items: Sequence[Work], report: RunReport, replay: Replay | None) -> None:
    """What became of the items: done, narrowed to fewer dates, or not reached, which is an attempt that failed.

    Those that failed again have been recorded so by their step, which ended their lease.
    """
    mine = platform.ledger.work(ids=[item["work_id"] for item in items])
    mine = [item for item in mine if item["leased_by"] == this_process()]
    done = {processor(step) for step in report.done}
    who = f"replayed by {replay.asked_by}" if replay is not None else "retried"
    succeeded(platform, [item for item in mine if _is_done(item, done)], f"{who} in run {report.run_id[:8]}")
    for item in mine:
        if _is_done(item, done):
            continue
        left = platform.ledger.work(run_id=report.run_id, processor=item["processor_name"], within=item["dates"])
        if left:
            succeeded(
                platform, [item], f"what still fails of it is {', '.join(sorted(one['work_id'] for one in left))}"
            )
        elif replay is not None:
            platform.ledger.give_back_work([item["work_id"]])
        else:
            why = "; ".join(f"{step}: {said}" for step, said in sorted(report.failures.items()))
            failed(platform, _as_item(item), TransientError(f"not reached: {why}"))


def _is_done(item: Work, done: set[str]) -> bool:
    """Whether a run that did those processors did the item: its own, its phase's refresh, or all that it refreshes."""
    name = item["processor_name"]
    phase = next((phase for phase, dataset in REFRESH_PHASES.items() if name.startswith(f"{dataset}.")), "")
    if name in done or f"entity_refresh.{phase}" in done:
        return True
    parts = {PROCESSOR if table == RELEASE else tables()[table].full_name for table in _tables([item])}
    return name.startswith("entity_refresh.") and parts <= done


def _count_lost(platform: Platform, moment: dt.datetime) -> None:
    """A lease whose process is gone, or that ran out, is an attempt that failed; a replay's is only given back."""
    for item in platform.ledger.work(status=OPEN):
        owner, until = item["leased_by"], item["leased_until"]
        if owner is None or until is None or (until > moment and not is_gone(owner)):
            continue
        if item["status"] == "dead":
            platform.ledger.give_back_work([item["work_id"]])
        else:
            failed(platform, _as_item(item), TransientError(f"process {owner}, which tried it again, is gone"))


def _as_item(item: Work) -> WorkItem:
    return WorkItem(item["processor_name"], tuple(item["dates"]), item["scope"], tuple(item["correlation_ids"]))


def _tables(items: Sequence[Work]) -> set[str]:
    """The items' tables by their bare names; of a refresh that failed as a whole, all of its phase."""
    found = set()
    for item in items:
        dataset, _, name = item["processor_name"].partition(".")
        if item["processor_name"] == PROCESSOR:
            found.add(RELEASE)
        elif dataset == "entity_refresh":
            phase = REFRESH_PHASES[name]
            found |= {RELEASE} if phase == "published" else {t.name for t in tables().values() if t.dataset == phase}
        else:
            found.add(name)
    return found


def phase_of(name: str) -> int:
    """The phase of a processor."""
    dataset, _, phase = name.partition(".")
    return PHASES[REFRESH_PHASES[phase] if dataset == "entity_refresh" else dataset]
