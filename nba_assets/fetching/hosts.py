"""The hosts that may be asked, and how politely: nothing else is ever requested."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from nba_assets.errors import UsageError
from nba_assets.fetching.errors import FetchError
from nba_assets.settings import Settings


@dataclass(frozen=True)
class Host:
    """A host's budget and patience, in seconds: `pause` between two requests, `read` without a byte, `whole` answer."""

    name: str
    pause: float
    connect: float = 10.0
    read: float = 30.0
    whole: float = 120.0
    base: str = ""
    """Where its requests really go: `https://<name>`, or a loopback address that the settings name."""


STATS = "stats.nba.com"
CDN = "cdn.nba.com"
GAMEBOOKS = "statsdmz.nba.com"
INJURIES = "ak-static.cms.nba.com"
OFFICIALS = "official.nba.com"
BALLDONTLIE = "api.balldontlie.io"
ODDS_API = "api.the-odds-api.com"
BETTINGPROS = "api.bettingpros.com"
DRIVE = "www.googleapis.com"
TOKENS = "oauth2.googleapis.com"

_HOSTS = (
    Host(STATS, pause=1.0, read=45.0),
    Host(CDN, pause=0.2),
    Host(GAMEBOOKS, pause=0.5),
    Host(INJURIES, pause=0.2),
    Host(OFFICIALS, pause=1.0),
    Host(BALLDONTLIE, pause=1.0),
    Host(ODDS_API, pause=0.2),
    Host(BETTINGPROS, pause=2.5, read=45.0),
    Host(DRIVE, pause=0.2),
    Host(TOKENS, pause=0.2),
)


def hosts(settings: Settings) -> dict[str, Host]:
    """Every host by name, with the settings' budget for balldontlie and their base addresses.

    Raises `UsageError` for a base of an unknown host, or one that is not on this machine.
    """
    found = {host.name: replace(host, base=f"https://{host.name}") for host in _HOSTS}
    found[BALLDONTLIE] = replace(found[BALLDONTLIE], pause=60 / settings.bdl_requests_per_minute)
    for name, base in settings.fetch_bases.items():
        if name not in found or not _is_loopback(base):
            raise UsageError(
                f"NBA_ASSETS_FETCH_BASES sends {name} to {base}: only a known host, to http://127.0.0.1:<port>",
                f"the hosts are {', '.join(sorted(found))}",
            )
        found[name] = replace(found[name], base=base.rstrip("/"))
    return found


def locate(url: str, known: Mapping[str, Host]) -> tuple[Host, str]:
    """The host of an `https` URL and the address that its request goes to.

    Raises `FetchError` for another scheme, a host that is not listed, a port or a user in the URL.
    """
    parts = urlsplit(url)
    host = known.get(parts.netloc)
    if parts.scheme != "https" or host is None:
        raise FetchError(
            f"{parts.netloc or url[:80]} is not a host that may be asked", "see nba_assets/fetching/hosts.py"
        )
    return host, host.base + url.removeprefix(f"https://{host.name}")


def _is_loopback(base: str) -> bool:
    parts = urlsplit(base)
    try:
        return parts.scheme == "http" and ipaddress.ip_address(parts.hostname or "").is_loopback and not parts.path
    except ValueError:
        return False
