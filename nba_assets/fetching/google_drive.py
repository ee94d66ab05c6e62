"""Reading a Google Drive as a service account: its token, a search, a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson

from nba_assets.errors import PlatformError
from nba_assets.fetching.bodies import Check, json_object
from nba_assets.fetching.client import Answer
from nba_assets.fetching.errors import FetchError
from nba_assets.fetching.keys import from_environment
from nba_assets.fetching.session import Session

FILES = "https://www.googleapis.com/drive/v3/files"
TOKEN = "https://oauth2.googleapis.com/token"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/drive.readonly"
LIFETIME = 3600
FILE_ID = re.compile(r"[\w-]{1,128}")
MOST_PAGES = 20


def authorization(session: Session, key: str) -> dict[str, str]:
    """The header of a token for the service account whose key file the environment variable `key` names."""
    form = {"grant_type": GRANT, "assertion": _assertion(session, key)}
    answer = session.get(TOKEN, json_object("access_token"), form=form)
    token = str(orjson.loads(answer.body)["access_token"])
    session.secrets.add(token)
    return {"Authorization": f"Bearer {token}"}


def search(session: Session, query: str, headers: dict[str, str]) -> list[dict[str, Any]]:
    """Every file that the query finds, all pages: `id`, `name`, `modifiedTime`."""
    found: list[dict[str, Any]] = []
    parameters = {
        "q": query,
        "fields": "nextPageToken,files(id,name,modifiedTime)",
        "supportsAllDrives": "true",
        "includeItemsFromAllDrives": "true",
    }
    for _ in range(MOST_PAGES):
        page = orjson.loads(session.get(FILES, json_object("files"), parameters, headers).body)
        found += page["files"]
        if not page.get("nextPageToken"):
            return found
        parameters |= {"pageToken": str(page["nextPageToken"])}
    raise FetchError(f"the list of files has more than {MOST_PAGES} pages", "share only the folder of games")


def download(session: Session, file_id: str, check: Check, headers: dict[str, str]) -> Answer:
    """The content of a file. Raises `FetchError` for an id that is none."""
    if not FILE_ID.fullmatch(file_id):
        raise FetchError(f"{file_id[:40]!r} is no id of a file")
    return session.get(f"{FILES}/{file_id}", check, {"alt": "media", "supportsAllDrives": "true"}, headers)


def _assertion(session: Session, key: str) -> str:
    """A signed claim to be the account. Raises `PlatformError` that names the key file, never what is in it."""
    from google.auth import crypt, jwt

    path = Path(from_environment(key))
    try:
        account = orjson.loads(path.read_bytes())
        signer = crypt.RSASigner.from_service_account_info(account)  # type: ignore[no-untyped-call]
        email = str(account["client_email"])
    except OSError as error:
        raise PlatformError(f"{key}: {path} cannot be read: {error.strerror}", "name the account's key file") from None
    except (ValueError, KeyError, TypeError):
        raise PlatformError(f"{key}: {path} is no key file of a service account", "download a new JSON key") from None
    issued = int(session.client.now().timestamp())
    claims = {"iss": email, "scope": SCOPE, "aud": TOKEN, "iat": issued, "exp": issued + LIFETIME}
    assertion: str = jwt.encode(signer, claims).decode()  # type: ignore[no-untyped-call]
    session.secrets.add(assertion)
    return assertion
