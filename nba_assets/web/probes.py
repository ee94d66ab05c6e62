"""`/healthz`: the process lives. `/readyz`: there is a release that readers can read."""

from __future__ import annotations

import datetime as dt

import orjson
from starlette.requests import Request
from starlette.responses import Response

from nba_assets.clock import Clock
from nba_assets.web.answers import problem
from nba_assets.web.current_release import CurrentRelease, NotReadyError

_UNCACHED = {"Cache-Control": "no-cache"}


class Probes:
    """The two endpoints."""

    def __init__(self, current: CurrentRelease, clock: Clock) -> None:
        self._current = current
        self._clock = clock

    async def health(self, request: Request) -> Response:
        return _json({"status": "ok"})

    async def ready(self, request: Request) -> Response:
        """Sequence, as_of and its age in seconds; or 503 and why not."""
        try:
            release = await self._current.check()
            age = self._age(release.as_of)
        except NotReadyError as error:
            return problem(503, str(error), {"Retry-After": "5"})
        return _json({"status": "ok", "sequence": release.sequence, "as_of": release.as_of, "age_seconds": age})

    def _age(self, as_of: str | None) -> int | None:
        """Whole seconds since then; None where nothing is known."""
        if as_of is None:
            return None
        try:
            then = dt.datetime.fromisoformat(as_of)
            return int((self._clock.now() - then).total_seconds())
        except (TypeError, ValueError) as error:
            raise NotReadyError(f"manifest.json is no manifest: its as_of is {as_of!r}") from error


def _json(body: dict[str, object]) -> Response:
    return Response(orjson.dumps(body), headers=_UNCACHED, media_type="application/json")
