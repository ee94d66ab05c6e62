"""The one HTTP client of all fetchers: allowed hosts only, in turn, with patience, limits and retries."""

from __future__ import annotations

import datetime as dt
import logging
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Self

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter, wait_random

from nba_assets.clock import Clock
from nba_assets.fetching.bodies import Check
from nba_assets.fetching.errors import Absent, FetchError, Refused, Transient
from nba_assets.fetching.hosts import Host, locate
from nba_assets.fetching.keys import Secrets
from nba_assets.fetching.pace import LONGEST_WAIT, Pace

ATTEMPTS = 4
MAX_BYTES = 64 * 1024 * 1024
"""A season's schedule has 5 MB; nothing real comes near this."""
REDIRECTS = 3
PASSING = {408, 425, 429, 500, 502, 503, 504}
REQUEST_IDS = ("x-request-id", "x-amz-request-id", "x-amz-cf-id", "cf-ray", "x-guploader-uploadid")
ONE_LINE = re.compile(r"\s+")

for _name in ("httpx2", "httpcore2"):  # they log whole URLs and headers, and so keys
    logging.getLogger(_name).setLevel(logging.WARNING)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """One GET, or a POST of a form. `missing`: statuses that mean that there is no such file (yet)."""

    url: str
    check: Check
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    missing: tuple[int, ...] = ()
    attempts: int = ATTEMPTS
    max_bytes: int = MAX_BYTES


@dataclass(frozen=True)
class Answer:
    """A body that passed its check. `url` is without secrets, `request_id` the server's or else our own."""

    body: bytes
    received_at: dt.datetime
    url: str
    request_id: str
    etag: str = ""
    last_modified: str = ""
    quota_left: str = ""

    @property
    def stamp(self) -> str:
        """The capture stamp of object names."""
        return f"{self.received_at:%Y%m%d_%H%M%S}"


class _Again(Exception):  # noqa: N818
    """This attempt failed in a way that may pass; `after` is the pause that the server asks for, in seconds."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Client:
    """Requests of one process; threads may share it. `folder` keeps the rate budgets that all processes share."""

    def __init__(
        self,
        known: Mapping[str, Host],
        folder: Path,
        clock: Clock,
        secrets: Secrets,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hosts = known
        self._clock = clock
        self._secrets = secrets
        self._sleep = sleep
        self._monotonic = monotonic
        self._pace = Pace(folder / "pace", clock, sleep)
        direct: dict[str, httpx2.HTTPTransport | None] = {"all://127.0.0.1": None, "all://[::1]": None}
        self._http = httpx2.Client(follow_redirects=False, trust_env=True, mounts=direct)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connections; requests that are under way fail."""
        self._http.close()

    def now(self) -> dt.datetime:
        """The platform's time."""
        return self._clock.now()

    def send(self, request: Request) -> Answer:
        """The answer, after as many attempts as it takes.

        Raises `Absent` where nothing is there or nothing is new, `Refused` for 401 and 403, `Transient` when all
        attempts failed, `FetchError` for what will not pass; none of them repeats a secret.
        """
        host, url = locate(request.url, self._hosts)
        retrying = Retrying(
            retry=retry_if_exception_type(_Again),
            stop=stop_after_attempt(request.attempts),
            wait=_pause,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._attempt, host, url, request)
        except _Again as error:
            reason = self._secrets.hide(str(error))
            raise Transient(
                f"{host.name}: {reason}, at the last of {request.attempts} attempts", "the next fetch tries again"
            ) from None

    def _attempt(self, host: Host, url: str, request: Request) -> Answer:
        self._pace.turn(host)
        began = self._monotonic()
        try:
            answer = self._exchange(host, url, request, began + host.whole)
        except httpx2.TimeoutException as error:
            patience = host.connect if isinstance(error, httpx2.ConnectTimeout) else host.read
            raise _Again(f"no answer within {patience:g} s ({type(error).__name__})") from None
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            raise _Again(f"{type(error).__name__}: {self._plain(str(error))}") from None
        except (httpx2.InvalidURL, httpx2.StreamError) as error:
            raise FetchError(f"{host.name}: {type(error).__name__}: {self._plain(str(error))}") from None
        finally:
            self._pace.hold(host, host.pause)
        log.info(
            "%s: %d bytes in %.2f s, request %s",
            answer.url,
            len(answer.body),
            self._monotonic() - began,
            answer.request_id,
        )
        return answer

    def _exchange(self, host: Host, url: str, request: Request, deadline: float) -> Answer:
        timeout = httpx2.Timeout(host.read, connect=host.connect)
        current = self._http.build_request(
            "GET" if request.form is None else "POST",
            url,
            params=request.params or None,
            headers=request.headers,
            data=request.form,
            timeout=timeout,
        )
        shown = self._secrets.hide(str(current.url)).replace(host.base, f"https://{host.name}", 1)
        for _ in range(REDIRECTS + 1):
            response = self._http.send(current, stream=True)
            try:
                if response.next_request is None:
                    return self._read(host, request, response, shown, deadline)
                current = self._redirected(host, current, response.next_request)
            finally:
                response.close()
        raise FetchError(f"{host.name} redirects more than {REDIRECTS} times", "look at the address in a browser")

    def _redirected(self, host: Host, asked: httpx2.Request, target: httpx2.Request) -> httpx2.Request:
        """The next request of a redirect within the host; nothing follows one that leads elsewhere."""
        here, there = (f"{r.url.scheme}://{r.url.netloc.decode('ascii', 'replace')}" for r in (asked, target))
        if here != there:
            raise FetchError(
                f"{host.name} redirects to {self._plain(there)}, which is not followed",
                "if the source has moved, its host must be listed",
            )
        return target

    def _read(self, host: Host, request: Request, response: httpx2.Response, shown: str, deadline: float) -> Answer:
        self._judge(host, request, response)
        chunks, size = [], 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > request.max_bytes:
                raise FetchError(f"{host.name}: an answer of more than {request.max_bytes:,} bytes: {shown}")
            if self._monotonic() > deadline:
                raise _Again(f"the answer was not whole within {host.whole:g} s")
            chunks.append(chunk)
        body = b"".join(chunks)
        reason = request.check(body)
        if reason is not None:
            raise _Again(f"a 200 with {self._plain(reason)}")
        if self._secrets.stand_in(body):
            raise FetchError(f"{host.name}: the answer repeats the key, so it is not kept: {shown}")
        named = next((value for name in REQUEST_IDS if (value := response.headers.get(name))), None)
        return Answer(
            body=body,
            received_at=self._clock.now(),
            url=shown,
            request_id=self._plain(named) if named else uuid.uuid4().hex,
            etag=self._plain(response.headers.get("etag", "")),
            last_modified=self._plain(response.headers.get("last-modified", "")),
            quota_left=self._plain(response.headers.get("x-requests-remaining", "")),
        )

    def _judge(self, host: Host, request: Request, response: httpx2.Response) -> None:
        """Raises for every status but a 200."""
        status = response.status_code
        if status == 200:
            return
        if status == 204:
            raise Absent("empty", "an empty answer (204)")
        if status == 304:
            raise Absent("unchanged", "nothing new since the last fetch (304)")
        if status in request.missing:
            raise Absent("not yet", f"not published ({status})")
        if status in PASSING or status >= 500:
            after = _retry_after(response.headers.get("retry-after"), self._clock.now())
            if after is not None:
                self._pace.hold(host, after)
            if after is not None and after > LONGEST_WAIT:
                raise Transient(
                    f"{host.name} answers {status} and wants {after:.0f} s of peace", "fetch again after it"
                )
            raise _Again(f"answers {status}", after)
        said = self._said(response)
        if status in (401, 403):
            raise Refused(f"{host.name} answers {status}{said}", _refusal_hint(request))
        raise FetchError(f"{host.name} answers {status}{said}", "the source may have changed its address or parameters")

    def _said(self, response: httpx2.Response) -> str:
        """The start of an error's own words."""
        start = next(response.iter_bytes(chunk_size=400), b"")
        text = self._plain(start.decode("utf-8", "replace"))
        return f": {text[:120]}" if text and not text.startswith("<") else ""

    def _plain(self, text: str) -> str:
        """Without secrets, on one line, printable."""
        hidden = ONE_LINE.sub(" ", self._secrets.hide(text))
        return "".join(character for character in hidden if character.isprintable())[:300].strip()


def _pause(state: RetryCallState) -> float:
    """What the server asked for, else 1, 2, 4 s …; and a little more, so that workers do not come back in step."""
    error = state.outcome.exception() if state.outcome is not None else None
    if isinstance(error, _Again) and error.after is not None:
        return error.after + wait_random(0, 1)(state)
    return wait_exponential_jitter(initial=1, max=30, jitter=1)(state)


def _retry_after(value: str | None, now: dt.datetime) -> float | None:
    """Seconds of a `Retry-After`: a number, or a date of the HTTP form; None for neither."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
    return max(0.0, (moment - now).total_seconds())


def _refusal_hint(request: Request) -> str:
    if request.headers.keys() & {"Authorization", "X-Api-Key"} or "apiKey" in request.params:
        return "the key may be wrong, expired or used up: put it right, then fetch again"
    return "the source blocks addresses of data centres: set HTTPS_PROXY to one that it serves"
