"""Cloud Storage: the three buckets, and everything that is done with objects."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from google.api_core.exceptions import PreconditionFailed

from nba_assets.commands.live_checks.checklist import Checklist, Found, must
from nba_assets.errors import PlatformError
from nba_assets.publishing.caching import REVALIDATE
from nba_assets.settings import Settings
from nba_assets.storage.gcp.clients import storage_client
from nba_assets.storage.gcp.errors import google_errors
from nba_assets.storage.gcp.object_headers import published_headers
from nba_assets.storage.gcp.object_store import GcsObjectStore

if TYPE_CHECKING:
    from google.cloud import storage

SERVICE = "Cloud Storage"
HIDDEN = ".doctor/"
"""Below this lies what the checks put into a bucket: the platform passes by what starts with a dot."""
NAME = "probe/one.json"
REPORT = "report it: the platform's own calls are not answered as documented"
ONE, TWO = b'{"probe": 1}', b'{"probe": 2}'
IN_PIECES = "probe/large.bin"
LARGE = b"probe" * (9 * 1024**2 // 5)
"""More than one request carries."""


def check_objects(checks: Checklist, settings: Settings, scratch: str) -> None:
    client = storage_client(settings)
    for role in ("landing", "published", "private"):
        name = getattr(settings, f"{role}_bucket")
        held: list[storage.Bucket] = []
        if not checks.check(SERVICE, f"{role} bucket", partial(_find, client, name, held)):
            continue
        checks.check(SERVICE, f"{role} location", partial(_location, held[0], settings))
        prefix = f"{HIDDEN}{scratch}/"
        checks.remove_at_last(f"objects of the {role} bucket", partial(remove_below, client, name, prefix))
        landing = role == "landing"
        store = GcsObjectStore(client, name, prefix, keep_versions=landing, headers=published_headers)
        if not checks.check(SERVICE, f"{role} write, read", partial(_write, store)):
            continue
        if landing:
            _every_operation(checks, store, held[0], settings)
        if role == "published":
            checks.check(SERVICE, "published to anybody", partial(_published, held[0], settings, f"{prefix}{NAME}"))


def remove_below(client: storage.Client, bucket: str, prefix: str) -> str:
    """Remove all objects below the prefix; says how many."""
    with google_errors(f"remove what is below gs://{bucket}/{prefix}"):
        found = list(client.list_blobs(bucket, prefix=prefix))
        for blob in found:
            blob.delete()
    return f"{len(found)} removed"


def _find(client: storage.Client, name: str, held: list[storage.Bucket]) -> str:
    with google_errors(f"look at the bucket {name}"):
        held.append(client.get_bucket(name))
    prevention = held[0].iam_configuration.public_access_prevention
    return f"{name}, public access {'prevented' if prevention == 'enforced' else 'as its permissions say'}"


def _location(bucket: storage.Bucket, settings: Settings) -> str:
    there = str(bucket.location)
    must(
        there.upper() == settings.gcp_location.upper(),
        f"the bucket {bucket.name} is in {there}, not in {settings.gcp_location}",
        "buckets and datasets must be in one place: set NBA_ASSETS_GCP_LOCATION, or make the bucket anew there",
    )
    return there


def _write(store: GcsObjectStore) -> Found:
    store.put(NAME, ONE)
    must(store.get(NAME) == ONE, "what was read is not what was written", REPORT)
    return Found(bytes=2 * len(ONE))


def _every_operation(checks: Checklist, store: GcsObjectStore, bucket: storage.Bucket, settings: Settings) -> None:
    def put_if_absent() -> Found:
        kept = store.put(NAME, TWO, if_absent=True)
        must(store.get(NAME) == ONE and kept.size == len(ONE), "an object that was there was replaced", REPORT)
        return Found("what was there stayed", bytes=len(TWO))

    def overwrite() -> Found:
        old, new = store.put(NAME, ONE), store.put(NAME, TWO)
        read = store.get(NAME), store.get(NAME, old.sha256), store.get(NAME, new.sha256)
        must(read == (TWO, ONE, TWO), "an overwritten content is not read by its hash", REPORT)
        return Found("copied, replaced, both read by their hash", bytes=len(TWO) + sum(map(len, read)))

    def refusal() -> str:
        with google_errors("write on condition that nothing is there"):
            try:
                bucket.blob(f"{store.prefix}{NAME}").upload_from_string(ONE, if_generation_match=0)
            except PreconditionFailed:
                return "a write of another generation is refused"
        raise PlatformError("a write of another generation was not refused", REPORT)

    def large() -> Found:
        store.put(IN_PIECES, LARGE)
        with store.open(IN_PIECES) as stream:
            must(stream.read() == LARGE, "what was read is not what was written", REPORT)
        return Found("in pieces, checked by its sum", bytes=2 * len(LARGE))

    def large_refusal() -> Found:
        kept = store.put(IN_PIECES, bytes(len(LARGE)), if_absent=True)
        stayed = kept.sha256 == hashlib.sha256(LARGE).hexdigest()
        must(stayed or settings.emulators, "an object that was there was replaced", REPORT)
        return Found("what was there stayed" if stayed else "not kept by the emulator", bytes=len(LARGE))

    def listing() -> str:
        names = [f"probe/two/{number}.json" for number in range(3)]
        store.put_many((name, ONE) for name in names)
        must(list(store.list("probe/two/")) == names, "a listing does not show what was written", REPORT)
        found = list(store.list())
        must(not any(name.startswith(".") for name in found) and set(names) < set(found), f"listed {found}", REPORT)
        return f"{len(found)} objects, what is hidden passed by"

    def delete() -> str:
        names = list(store.list())
        store.delete_many(names)
        must(not list(store.list()), "objects that were removed are still listed", REPORT)
        return f"{len(names)} objects"

    checks.check(SERVICE, "put if absent", put_if_absent)
    checks.check(SERVICE, "overwrite, get by hash", overwrite)
    checks.check(SERVICE, "precondition", refusal)
    checks.check(SERVICE, "large object", large)
    checks.check(SERVICE, "large put if absent", large_refusal)
    checks.check(SERVICE, "list", listing)
    checks.check(SERVICE, "delete", delete)


def _published(bucket: storage.Bucket, settings: Settings, path: str) -> Found | str:
    if settings.emulators:
        return "not looked at: an emulator has no permissions"
    if bucket.iam_configuration.public_access_prevention == "enforced":
        return "not public: public access is prevented"
    origins = [origin for rule in bucket.cors for origin in rule.get("origin", [])]
    must(bool(origins), f"the bucket {bucket.name} has no CORS", "terraform apply: web pages cannot read it so")
    return read_by_anybody(f"https://storage.googleapis.com/{bucket.name}/{quote(path)}", origins[0])


def read_by_anybody(url: str, allowed: str) -> Found:
    """Read a published object as a web page of an allowed origin does: without credentials."""
    import httpx2

    origin = "https://example.com" if allowed == "*" else allowed
    try:
        answer = httpx2.get(url, headers={"Origin": origin}, timeout=10.0)
    except httpx2.HTTPError as error:
        raise PlatformError(f"cannot read it without credentials: {type(error).__name__}", "try again") from error
    must(
        answer.status_code == 200,
        f"it cannot be read without credentials: status {answer.status_code}",
        "grant allUsers roles/storage.objectViewer on the published bucket (deploy/terraform, public = true)",
    )
    shared = answer.headers.get("Access-Control-Allow-Origin")
    must(shared in ("*", origin), f"pages of {origin} cannot read it", "set the bucket's CORS: terraform apply")
    caching = answer.headers.get("Cache-Control")
    must(
        caching == REVALIDATE, f"its Cache-Control is {caching}, not {REVALIDATE}", "see what stands before the bucket"
    )
    return Found(f"readable, CORS {shared}, {caching}", bytes=len(answer.content))
