"""Google's errors as one clear line each, with the fix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from google.api_core import exceptions as google
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, RefreshError
from requests.exceptions import RequestException

from nba_assets.errors import PlatformError, TransientError, UsageError

LONGEST = 300
"""Characters of Google's own words in a line."""
_PERMISSION = re.compile(
    r"\b([a-z]+\.[A-Za-z]+\.[A-Za-z]+)\b(?='? (?:access|denied|permission)|[^a-z]*(?:denied|on resource))"
)
_REGION = re.compile(r"not found in location|different location|locations? .* (?:do|does) not match|in location", re.I)
_CONFLICT = re.compile(r"concurrent update|could not serialize access|transaction is aborted", re.I)
_UNBOUNDED = re.compile(r"over table '?([^' ]+)'? without a filter over column", re.I)
_TOO_MUCH = re.compile(r"bytes ?billed[^0-9]*([0-9]+)[^0-9]+([0-9]+)", re.I)
_MISSING = re.compile(r"^not found: (?:table|dataset) ", re.I)
_NOT_OURS = re.compile(r"^not found: (?:table|dataset|project) ", re.I)
_API_OFF = re.compile(
    r"\b(?:api )?has not (?:been used in project|enabled bigquery)|it is disabled|\bAPI is not enabled", re.I
)
_BILLING = re.compile(r"billing has not been enabled|billing (?:account|to be enabled)", re.I)
_NARROW = "narrow its dates or columns"
_HOST = re.compile(r"HTTPS?ConnectionPool\(host='([^']+)', port=(\d+)\)")
_NO_WAY = re.compile(r"failed to connect|errors resolving|dns resolution", re.I)
_SECRET = re.compile(r"(?:ya29\.|AIza|-----BEGIN)[\w.\-/+=]*")


class WriteConflict(TransientError):  # noqa: N818
    """Other rows of the table were being written at the same time, and BigQuery ended this transaction."""


@contextmanager
def google_errors(what: str) -> Iterator[None]:
    """Turn what Google's clients raise into a `PlatformError` that says what could not be done, why, and the fix.

    What may be over by itself (a quota, a server that is away, a conflict) is a `TransientError`.
    """
    try:
        yield
    except (google.GoogleAPIError, GoogleAuthError, RequestException, ConnectionError) as error:
        raise plain(error, what) from error


@contextmanager
def question_errors() -> Iterator[None]:
    """Turn what BigQuery refuses of a query that a person wrote into a `UsageError` of one line."""
    try:
        yield
    except TransientError:
        raise
    except PlatformError as error:
        cause = error.__cause__
        why = said(cause) if isinstance(cause, Exception) else ""
        asked = isinstance(cause, google.BadRequest | google.NotFound) or _is_too_large(why)
        if not asked or _NOT_OURS.search(why) or _REGION.search(why):
            raise
        raise _refused(why) from error


def _refused(why: str) -> UsageError:
    if found := _UNBOUNDED.search(why):
        return UsageError(
            f"the query reads {found.group(1)} without bounds on game_date",
            "add a filter, as WHERE game_date BETWEEN DATE '2025-11-01' AND DATE '2025-11-30'",
        )
    if found := _TOO_MUCH.search(why):
        return UsageError(
            f"the query would scan {int(found.group(2)):,} bytes, more than {int(found.group(1)):,}",
            f"{_NARROW}, or set NBA_ASSETS_QUERY_BYTES higher",
        )
    if _is_too_large(why):
        return UsageError(why, _NARROW)
    return UsageError(why, "check the columns and types of the query")


def plain(error: Exception, what: str) -> PlatformError:
    """The `PlatformError` of one of Google's: `cannot <what>: <why>`, with the fix as its hint."""
    if isinstance(error, google.RetryError) and isinstance(error.cause, Exception):
        return plain(error.cause, what)
    why = said(error)
    line = f"cannot {what}: {why}"
    if isinstance(error, RequestException | ConnectionError) or _HOST.search(str(error)) or _NO_WAY.search(why):
        return TransientError(line, "look at this machine's network, proxy and firewall, then try again")
    if isinstance(error, DefaultCredentialsError | RefreshError):
        return PlatformError(
            f"cannot {what}: no usable Application Default Credentials",
            "run `gcloud auth application-default login`, or run as a service account; keys are not needed",
        )
    if isinstance(error, google.Unauthorized | google.Unauthenticated):
        return PlatformError(line, "run `gcloud auth application-default login` anew, or see the service account")
    if _is_too_large(why):
        return PlatformError(line, f"{_NARROW}; NBA_ASSETS_QUERY_BYTES bounds what a query may scan")
    if _CONFLICT.search(why):
        return WriteConflict(line, "other dates of the table were being written meanwhile: it is tried again")
    if isinstance(error, google.TooManyRequests | google.ResourceExhausted) or _is_quota(why):
        return TransientError(line, "a quota is used up: wait, or raise it in the console at IAM & Admin, Quotas")
    if _BILLING.search(why):
        return PlatformError(line, "enable billing for the project of NBA_ASSETS_GCP_PROJECT")
    if _API_OFF.search(why):
        return PlatformError(line, "enable the API in the project (deploy/terraform, or `gcloud services enable`)")
    if isinstance(error, google.Forbidden):
        found = _PERMISSION.search(why)
        wanted = f" {found.group(1)}" if found else ""
        return PlatformError(
            line, f"grant the permission{wanted} to the account that runs this (deploy/terraform/iam.tf)"
        )
    if _REGION.search(why):
        return PlatformError(line, "datasets and buckets must be in one place: set NBA_ASSETS_GCP_LOCATION to theirs")
    if _MISSING.search(why):
        return PlatformError(
            line, "run `nba-assets schema --apply`, or check NBA_ASSETS_GCP_PROJECT and NBA_ASSETS_DATASET_PREFIX"
        )
    if isinstance(error, google.NotFound):
        return PlatformError(line, "check NBA_ASSETS_GCP_PROJECT and the names of buckets, datasets, subscription")
    if isinstance(error, google.BadRequest | google.InvalidArgument):
        return PlatformError(line, "run `nba-assets doctor`")
    return TransientError(line, "try again; see https://status.cloud.google.com if it stays")


def said(error: Exception) -> str:
    """Google's own words in one line, without addresses and without anything that looks like a key."""
    message = _body(error) or _first(error) or getattr(error, "message", None) or str(error)
    if found := _HOST.search(str(message)):
        trouble = "has a certificate that is not trusted" if "certificate" in str(message) else "does not answer"
        return f"{found.group(1)}:{found.group(2)} {trouble}"
    message = re.sub(r"(?:(?:GET|POST|PUT|PATCH|DELETE) )?https?://\S+", "", str(message))
    message = re.sub(r": \('Request failed with status code'.*", "", message, flags=re.S)
    message = re.sub(r"(?i)\s*(location|job id|reason): *[\w:.\-]+\s*$", "", message)
    return _SECRET.sub("…", " ".join(message.split()))[:LONGEST].strip(" :;,-") or type(error).__name__


def _body(error: Exception) -> str | None:
    """The message of the JSON that an upload's or a download's error wraps."""
    try:
        message = error.response.json()["error"]["message"]  # type: ignore[attr-defined]
    except (AttributeError, TypeError, KeyError, ValueError):
        return None
    return str(message)


def _first(error: Exception) -> str | None:
    """The message alone of what ended a job; the client's own text says it twice."""
    first = next(iter(getattr(error, "errors", None) or ()), None)
    return str(first["message"]) if isinstance(first, dict) and first.get("message") else None


def _is_too_large(why: str) -> bool:
    return bool(_TOO_MUCH.search(why) or re.search(r"response too large|resources exceeded", why, re.I))


def _is_quota(why: str) -> bool:
    return bool(re.search(r"quota ?exceeded|exceeded (?:rate|quota)|rate ?limit", why, re.I))
