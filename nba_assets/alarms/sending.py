"""Sending by apprise: mail, Slack, a webhook, whatever its URLs name. The URLs are secrets and stay in here."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import SecretStr

SECONDS = 20
"""How long a target may take for a message."""
SEPARATOR = re.compile(r"[\s,]+(?=[A-Za-z][A-Za-z0-9+.-]*://)")
"""What separates two URLs: a comma before a scheme; one within a URL does not."""
THEY_LOG_URLS = ("apprise", "urllib3.connectionpool")
"""Loggers that are silent in a process that sends."""

Level = Literal["warning", "success", "info"]


@dataclass(frozen=True)
class Target:
    """Where alarms go. `name` is all that is ever said of it: its kind, and which of the URLs it is."""

    name: str
    service: Any = field(repr=False)
    """apprise's object; None if apprise does not understand the URL."""

    def take(self, title: str, body: str, level: Level) -> bool:
        """Send one message as plain text; whether the target took it. Whatever goes wrong, nothing is raised."""
        if self.service is None:
            return False
        from apprise import Apprise, NotifyFormat, NotifyType

        try:
            sender = Apprise()
            sender.add(self.service)
            return bool(
                sender.notify(
                    body=body,
                    title=title,
                    notify_type=NotifyType(level),
                    body_format=NotifyFormat.TEXT,
                    timeout=SECONDS,
                )
            )
        except Exception:
            return False


def targets(urls: SecretStr | None) -> list[Target]:
    """The targets of apprise's URLs, separated by commas, in their order; none without URLs."""
    found = [] if urls is None else [url for url in SEPARATOR.split(urls.get_secret_value().strip(" ,\n\t")) if url]
    return [_target(url, number, len(found)) for number, url in enumerate(found, 1)]


def untaken(found: list[Target], title: str, body: str, level: Level) -> list[str]:
    """Send a message to every target; the names of those that did not take it."""
    return [target.name for target in found if not target.take(title, body, level)]


def _target(url: str, number: int, of: int) -> Target:
    from apprise import Apprise, AppriseAsset

    for name in THEY_LOG_URLS:
        logging.getLogger(name).disabled = True
    service = Apprise.instantiate(url, asset=AppriseAsset(app_id="nba-assets", storage_mode="memory"))
    kind = "no URL of apprise's" if service is None else str(service.service_name)
    return Target(f"{kind} (target {number} of {of})", service)
