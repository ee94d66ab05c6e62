"""`/private/`: documents for who has the token of a file, which is read each time, so a new one holds at once."""

from __future__ import annotations

import hmac
import logging
import os
import re
import stat
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from nba_assets.errors import UsageError
from nba_assets.web.answers import NEVER_KEPT, problem

log = logging.getLogger("nba_assets.web")

_TOKEN = re.compile(rb"[A-Za-z0-9._~+/-]+=*")
"""What can stand behind `Bearer` (RFC 6750)."""
MAX_BYTES = 4096


class TokenFile:
    """The token in a file: one line, readable by its owner (and group) alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def token(self) -> bytes:
        """The present token. Raises `UsageError` naming the file and the rule that it breaks."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise self._refused(f"it cannot be read: {error.strerror}") from error
        try:
            state = os.fstat(handle)
            if not stat.S_ISREG(state.st_mode):
                raise self._refused("it is no file")
            if state.st_mode & stat.S_IRWXO:
                raise self._refused("others may read or write it", f"chmod o-rwx {self.path}")
            text = os.read(handle, MAX_BYTES).strip()
        finally:
            os.close(handle)
        if not text:
            raise self._refused("it is empty")
        if not _TOKEN.fullmatch(text):
            raise self._refused("it is not one line of letters, digits and ._~+/-")
        return text

    def _refused(self, why: str, hint: str = "head -c 32 /dev/urandom | base64 makes a token") -> UsageError:
        return UsageError(f"the token file {self.path} is not used: {why}", hint)


class Bearer:
    """ASGI before an application: lets a request through whose `Authorization` has the token; others get 401.

    While the file breaks a rule nobody is let through: 503, and the log says once which rule.
    """

    def __init__(self, app: ASGIApp, file: TokenFile) -> None:
        self.app = app
        self._file = file
        self._told = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"Cache-Control": NEVER_KEPT}
        try:
            token = self._file.token()
        except UsageError as error:
            if self._told != str(error):
                self._told = str(error)
                log.error(self._told)
            await problem(503, "the server's token file cannot be used", headers)(scope, receive, send)
            return
        self._told = ""
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        kind, _, shown = given[0].partition(b" ") if len(given) == 1 else (b"", b"", b"")
        if kind.lower() == b"bearer" and hmac.compare_digest(shown.strip(), token):
            await self.app(scope, receive, send)
            return
        challenge = 'Bearer realm="private"' + (', error="invalid_token"' if given else "")
        answer = problem(
            401, "this needs the token: Authorization: Bearer …", headers | {"WWW-Authenticate": challenge}
        )
        await answer(scope, receive, send)
