"""How long Google's clients wait for a service that does not answer; by themselves up to ten minutes, and forty."""

from __future__ import annotations

from typing import Any

from requests.adapters import HTTPAdapter

PATIENCE = 60.0
"""Seconds for which a call that fails for a moment is repeated."""
CONNECTING = 10.0
"""Seconds until a connection stands; where no network is, packets are often just lost."""
ANSWERING = 120.0
"""Seconds until something is said on it. Jobs may take longer: they are asked after again and again."""


class PatientAdapter(HTTPAdapter):
    """A session's connections, with limits also where the client sets none."""

    def send(self, request: Any, stream: bool = False, timeout: Any = None, *others: Any, **options: Any) -> Any:
        connecting, answering = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        limits = min(connecting or CONNECTING, CONNECTING), answering or ANSWERING
        return super().send(request, stream, limits, *others, **options)


def limit_http(session: Any, connections: int) -> None:
    """Limit the waiting of a client's session, and let it keep as many connections."""
    for scheme in ("https://", "http://"):
        session.mount(scheme, PatientAdapter(pool_maxsize=connections))


def limit_retries(calls: Any, *jobs: Any) -> None:
    """Limit the policies that a client's methods repeat their calls by; the clients take them from nowhere else.

    Those of `jobs` repeat what has been repeated already.
    """
    calls._timeout = PATIENCE
    for retry in jobs:
        retry._timeout = PATIENCE / 2


def limit_grpc(client: Any) -> None:
    """The same of a client that speaks gRPC; a stream of rows may go on for longer once it has begun."""
    for call in client.transport._wrapped_methods.values():
        if call._retry:
            call._retry = call._retry.with_timeout(PATIENCE)
