"""How a request can end without a file."""

from __future__ import annotations

from nba_assets.errors import PlatformError


class FetchError(PlatformError):
    """A request failed for good: the same request would fail again."""


class Refused(FetchError):  # noqa: N818
    """401 or 403: the key is wrong or used up, or the address is blocked. Nothing of the source is asked again."""


class Transient(FetchError):  # noqa: N818
    """Every attempt failed in a way that may pass: the next fetch tries again."""


class Absent(Exception):  # noqa: N818
    """There is nothing to land, and that is no error; `outcome` is `not yet`, `unchanged` or `empty`."""

    def __init__(self, outcome: str, detail: str = "") -> None:
        super().__init__(detail or outcome)
        self.outcome = outcome
