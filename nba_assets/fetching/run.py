"""Fetches of a date: one source or many at once, staged as drops; the caller takes them in."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
import traceback
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.model import Event
from nba_assets.engine.captures import season_of
from nba_assets.errors import PlatformError
from nba_assets.fetching.client import Client, log
from nba_assets.fetching.errors import FetchError
from nba_assets.fetching.fetchers import Holds, fetcher
from nba_assets.fetching.hosts import hosts
from nba_assets.fetching.keys import MissingKey, Secrets
from nba_assets.fetching.session import Ask, File, Session
from nba_assets.fetching.slate import Slate, slate_of
from nba_assets.fetching.validators import Validators
from nba_assets.league import FINAL
from nba_assets.storage.files import storage_error
from nba_assets.storage.records import Execution, correlation_id

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

SCHEDULE = "nbac_schedule"
GAME_LENGTH = dt.timedelta(hours=3)
"""From tip to final, with overtimes: longer than games take."""
SLATE_COLUMNS = [
    "game_date",
    "game_id",
    "away_tricode",
    "home_tricode",
    "tip_at",
    "game_status",
    "season_type",
    "season_label",
    "is_postponed",
]


@dataclass
class SourceReport:
    """What became of one source.

    `outcome`: `landed`, `partial` (something failed, or final games are missing), `failed`, `no key`, or without any
    file: `empty`, `unchanged`, `not yet`, `nothing due`. `missing`: games that the files should hold.
    """

    source: str
    outcome: str
    files: list[File] = field(default_factory=list)
    size: int = 0
    requests: int = 0
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hint: str = ""
    quota_left: str = ""

    @property
    def failed(self) -> bool:
        """Whether an operator must know: not when a file is not published yet, or a key was never bought."""
        return self.outcome in ("failed", "partial")

    @property
    def reason(self) -> str:
        """What went wrong, or what is not there, in one line."""
        if self.missing:
            return "; ".join([*self.failures, f"missing {', '.join(self.missing)}"])
        return "; ".join(self.failures or self.notes[:1])


@dataclass
class Fetched:
    """Everything that was fetched for a date; `folder` holds the files under their object names."""

    day: dt.date
    folder: Path
    reports: list[SourceReport]


@contextmanager
def fetched(
    platform: Platform,
    sources: Sequence[str],
    day: dt.date,
    *,
    skip_without_key: bool = False,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
    done: Callable[[str], None] = lambda _: None,
) -> Iterator[Fetched]:
    """Fetch the sources for the date, the schedule first, the others at once; each fails by itself.

    The body takes the folder in. After it, each fetch is in the execution log, and what was landed is remembered for
    conditional requests. Raises `UsageError` for an unknown source, `MissingKey` unless that is to be skipped.
    """
    for source in sources:
        fetcher(source)
    secrets = Secrets()
    known, folder = hosts(platform.settings), platform.settings.fetching.absolute()
    with (
        tempfile.TemporaryDirectory(prefix="nba_assets_fetch_") as name,
        Client(known, folder, platform.clock, secrets, sleep=sleep, monotonic=monotonic) as client,
    ):
        work = _Work(platform, client, secrets, day, monotonic, skip_without_key, done)
        work.run(sources)
        _stage(Path(name), work.sessions.values())
        try:
            yield Fetched(day, Path(name), work.reports)
        finally:
            work.record()
        for session in work.sessions.values():
            session.remember()


def known_slate(platform: Platform, day: dt.date) -> Slate:
    """The date's games as the warehouse has them."""
    return slate_of(platform.warehouse.read(SCHEDULE, dates=(day, day), columns=SLATE_COLUMNS), day)


class _Work:
    """One call: the sessions of its sources, and the slate that they share."""

    def __init__(
        self,
        platform: Platform,
        client: Client,
        secrets: Secrets,
        day: dt.date,
        monotonic: Callable[[], float],
        skip_without_key: bool,
        done: Callable[[str], None],
    ) -> None:
        self.platform = platform
        self.client = client
        self.secrets = secrets
        self.day = day
        self.monotonic = monotonic
        self.skip_without_key = skip_without_key
        self.done = done
        self.started = platform.clock.now()
        self.reports: list[SourceReport] = []
        self.sessions: dict[str, Session] = {}
        self.slate = known_slate(platform, day)

    def run(self, sources: Sequence[str]) -> None:
        needs_games = any(fetcher(source).by_games for source in sources)
        if SCHEDULE in sources or (needs_games and not self.slate.games):
            self.reports.append(self._fetch(SCHEDULE))
            self.slate = self._fetched_slate() or self.slate
        others = [source for source in sources if source != SCHEDULE]
        if others:
            with ThreadPoolExecutor(len(others)) as pool:
                try:
                    self.reports += pool.map(self._fetch, others)
                except BaseException:
                    self.client.close()  # what still waits for an answer ends now
                    raise

    def _fetched_slate(self) -> Slate | None:
        """The date's games in the schedule file that was just fetched, None if it has none."""
        for file in self.sessions[SCHEDULE].files:
            parsed = self._parsed(SCHEDULE, file)
            if len(parsed.rows):
                return slate_of(parsed.rows, self.day)
        return None

    def _parsed(self, source: str, file: File) -> Any:
        return self.platform.parses.get(source, file.object_name, file.content_hash, file.body, self.platform)

    def _fetch(self, source: str) -> SourceReport:
        """One source's report; whatever happens to it stays with it."""
        began = self.monotonic()
        validators = Validators(self.platform.settings.fetching / "validators", self.platform.landing)
        session = self.sessions[source] = Session(source, self.client, self.secrets, validators)
        outcome = ""
        try:
            self._ask(source, session)
        except MissingKey as error:
            if not self.skip_without_key:
                raise
            session.note("no key", str(error))
            outcome = "no key"
        except PlatformError as error:
            session.fail(error)
        except Exception as error:
            log.error("%s: %s", source, self.secrets.hide("".join(traceback.format_exception(error))))
            what = self.secrets.hide(f"{type(error).__name__}: {error}")
            session.fail(FetchError(f"the answer could not be read: {what}", "its format may have changed"))
        missing = self._missing(source, session)
        self.done(source)
        return SourceReport(
            source=source,
            outcome=outcome or self._outcome(source, session, missing),
            files=session.files,
            size=session.size,
            requests=session.requests,
            seconds=self.monotonic() - began,
            failures=session.failures,
            missing=missing,
            notes=session.notes,
            hint=session.hint,
            quota_left=session.quota_left,
        )

    def _ask(self, source: str, session: Session) -> None:
        year = season_of(self.day)
        now = self.platform.clock.now()
        kind = fetcher(source)
        if kind.by_games and not self.slate.games:
            schedule = self.sessions.get(SCHEDULE)
            if schedule is not None and schedule.failures:
                raise FetchError(f"no schedule says which games {self.day} has", "fetch nbac_schedule first")
            session.note("nothing due", f"no games on {self.day}")
            return
        session.due_at = _due_at(source, self.slate)
        kind.fetch(session, Ask(self.day, now, self.slate, f"{year}-{(year + 1) % 100:02d}"))

    def _outcome(self, source: str, session: Session, missing: Sequence[str]) -> str:
        if session.failures:
            return "partial" if session.files else "failed"
        if missing:
            return "partial"
        if session.files:
            parsed = [self._parsed(source, file).outcome.value for file in session.files]
            return "empty" if set(parsed) == {"empty"} else "landed"
        return next((name for name in ("unchanged", "not yet", "empty") if session.pieces[name]), "nothing due")

    def _missing(self, source: str, session: Session) -> list[str]:
        """The games that the source's rule wants and its files lack; none if they hold no game at all."""
        holds = fetcher(source).holds
        if holds is None or not session.files:
            return []
        wanted = [game for game in self.slate.games if holds is Holds.LISTED or game.status == FINAL]
        units = [self._parsed(source, file).speaks_for for file in session.files]
        found = pd.concat([unit for unit in units if len(unit)] or [pd.DataFrame()])
        if found.empty:
            return []
        ids = set(found["game_id"].dropna().astype(str))
        pairs = set((found["away_tricode"].astype("string") + "@" + found["home_tricode"].astype("string")).dropna())
        return [game.pair for game in wanted if game.game_id not in ids and game.pair not in pairs]

    def record(self) -> None:
        """Every fetch in the execution log, as phase 1, with its files and request ids."""
        finished = self.platform.clock.now()
        rows = [self._execution(report, finished) for report in self.reports]
        self.platform.ledger.record_executions(rows)

    def _execution(self, report: SourceReport, finished: dt.datetime) -> Execution:
        status = "failed" if report.failed else "completed" if report.files else "skipped"
        files = [
            {
                "object_name": file.object_name,
                "content_hash": file.content_hash,
                "request_id": file.answer.request_id,
                "url": file.answer.url,
            }
            for file in report.files
        ]
        facts = {"outcome": report.outcome, "requests": report.requests, "bytes": report.size, "files": files}
        return {
            "execution_id": uuid.uuid4().hex,
            "correlation_ids": [correlation_id(file.object_name, file.content_hash) for file in report.files],
            "phase": 1,
            "processor_name": f"landing.{report.source}",
            "event_type": "fetch",
            "game_date": self.day,
            "status": status,
            "started_at": self.started,
            "completed_at": finished,
            "records_processed": len(report.files),
            "error_type": "FetchError" if report.failed else None,
            "error_message": report.reason if report.failed else None,
            "metadata": facts | ({"quota_left": report.quota_left} if report.quota_left else {}),
        }


def _due_at(source: str, slate: Slate) -> dt.datetime | None:
    """When a source of results has every game of the slate at the latest; None for other sources."""
    lag = tables()[source].lag
    if lag is None or lag.event is not Event.FINAL or not slate.tips:
        return None
    return slate.tips[-1] + GAME_LENGTH + dt.timedelta(hours=lag.hours)


def _stage(folder: Path, sessions: Any) -> None:
    for session in sessions:
        for file in session.files:
            path = folder / file.object_name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.body)
            except OSError as error:
                raise storage_error(error, f"stage {file.object_name}") from error
