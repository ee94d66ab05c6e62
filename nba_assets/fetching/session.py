"""One source's fetch of one date: its requests, the files it will land, and what became of each piece."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from nba_assets.errors import PlatformError
from nba_assets.fetching.bodies import Check
from nba_assets.fetching.client import ATTEMPTS, MAX_BYTES, Answer, Client, Request
from nba_assets.fetching.errors import Absent, FetchError, Refused
from nba_assets.fetching.keys import Secrets
from nba_assets.fetching.slate import Slate
from nba_assets.fetching.validators import Landed, Validators
from nba_assets.league import league_date
from nba_assets.sources.paths import due_name

NOT_PUBLISHED = (403, 404)
"""How static hosts answer for a file that is not there yet."""
LONG_AGO = dt.timedelta(days=1)
"""A fetch so long after is of the past: nobody can say any more when it was published."""
GIVE_UP_AFTER = 3
"""Pieces that fail in a row before the rest is left alone: the source is down."""


@dataclass(frozen=True)
class Ask:
    """What is asked for: a league date, its games, and the moment of asking."""

    day: dt.date
    now: dt.datetime
    slate: Slate
    season_label: str

    @property
    def is_past(self) -> bool:
        """Whether the date is over in New York."""
        return self.day < league_date(self.now)


@dataclass(frozen=True)
class File:
    """Bytes to land under a name, with the answers they were made of."""

    object_name: str
    body: bytes
    answer: Answer
    conditional_url: str = ""

    @property
    def content_hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass
class Session:
    """What a fetcher works with. `pieces` counts outcomes: `landed`, `unchanged`, `not yet`, `empty`, `failed`."""

    source: str
    client: Client
    secrets: Secrets
    validators: Validators
    files: list[File] = field(default_factory=list)
    pieces: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    hint: str = ""
    requests: int = 0
    size: int = 0
    quota_left: str = ""
    due_at: dt.datetime | None = None
    """By when the source had published the date's results, if that is long ago."""
    _in_a_row: int = 0

    def key(self, name: str) -> str:
        """A key of the environment. Raises `MissingKey`."""
        return self.secrets.key(name)

    def get(
        self,
        url: str,
        check: Check,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        missing: tuple[int, ...] = (),
        conditional: bool = False,
        attempts: int = ATTEMPTS,
        max_bytes: int = MAX_BYTES,
    ) -> Answer:
        """The answer to one request; with `conditional` only if it is not what was landed from that URL before.

        Raises what `Client.send` raises.
        """
        landed = self.validators.of(url) if conditional else None
        request = Request(
            url=url,
            check=check,
            params=params or {},
            headers=dict(headers or {}) | (landed.headers if landed is not None else {}),
            form=form,
            missing=missing,
            attempts=attempts,
            max_bytes=max_bytes,
        )
        self.requests += 1
        answer = self.client.send(request)
        self.size += len(answer.body)
        self.quota_left = answer.quota_left or self.quota_left
        if landed is not None and hashlib.sha256(answer.body).hexdigest() == landed.content_hash:
            raise Absent("unchanged", "the same bytes as the last fetch")
        return answer

    def has_landed(self, url: str) -> bool:
        """Whether a file of that URL is in the landing zone."""
        return self.validators.of(url) is not None

    def is_stored(self, object_name: str) -> bool:
        """Whether the landing zone has an object of that name."""
        return self.validators.is_stored(object_name)

    def land(
        self,
        object_name: str,
        answer: Answer,
        body: bytes | None = None,
        *,
        conditional_url: str = "",
        due_at: dt.datetime | None = None,
    ) -> None:
        """Land the answer's bytes (or the `body` merged from several answers) under the name, once all is fetched.

        The first capture of something that its source had published long ago, by `due_at` or else the session's, has
        that time in its name: it counts as known since then. The same file twice is landed once. Raises `FetchError`
        for two contents of one name.
        """
        due = due_at or self.due_at
        if due is not None and due + LONG_AGO <= answer.received_at and not self.validators.has_any_beside(object_name):
            object_name = due_name(object_name, due)
        file = File(object_name, answer.body if body is None else body, answer, conditional_url)
        twin = next((known for known in self.files if known.object_name == object_name), None)
        if twin is not None:
            if twin.body != file.body:
                raise FetchError(f"two answers of one second would both be {object_name}")
            self.pieces["unchanged"] += 1
            return
        self.files.append(file)
        self.pieces["landed"] += 1

    @contextmanager
    def piece(self, label: str) -> Iterator[None]:
        """One game or page of the fetch: its failure is noted and leaves the others alone.

        Passes on `Refused`, what is no error of fetching, and the third failure in a row.
        """
        try:
            yield
            self._in_a_row = 0
        except Absent as absent:
            self.pieces[absent.outcome] += 1
            self.notes.append(f"{label}: {absent}")
            self._in_a_row = 0
        except Refused:
            raise
        except FetchError as error:
            self._in_a_row += 1
            if self._in_a_row >= GIVE_UP_AFTER:
                raise
            self.fail(error, label)

    def fail(self, error: PlatformError, label: str = "") -> None:
        """Note a failure."""
        self.pieces["failed"] += 1
        self.failures.append(f"{label}: {error}" if label else str(error))
        self.hint = self.hint or error.hint

    def note(self, outcome: str, text: str) -> None:
        """Note a piece for which no request was worth making."""
        self.pieces[outcome] += 1
        self.notes.append(text)

    def remember(self) -> None:
        """Keep the validators of what was landed: the next conditional request names them."""
        for file in self.files:
            if file.conditional_url:
                seen = Landed(file.object_name, file.content_hash)
                seen = replace(seen, etag=file.answer.etag, last_modified=file.answer.last_modified)
                self.validators.keep(file.conditional_url, seen)
