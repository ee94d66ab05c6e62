"""Any bytes give rows, rejects or a clear error; `make fuzz` looks further, guided by what it has covered."""

from __future__ import annotations

import gzip
import io
import json
import mmap
import os
import tempfile
import zipfile
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.contracts import tables
from nba_assets.sources import csv_payload, payload
from nba_assets.sources.csv_payload import read_csv
from nba_assets.sources.parsed import Outcome, Reject
from nba_assets_tests.fuzzing.mutations import mutated
from nba_assets_tests.fuzzing.seeds import seeds
from nba_assets_tests.fuzzing.verdict import judged

EXAMPLES = int(os.environ.get("NBA_ASSETS_FUZZ_EXAMPLES", "6"))
FORMS = list(seeds())
JSON = [form for form in FORMS if form.endswith(".json")]
SHEET = next(form for form in FORMS if form.endswith(".csv"))


def test_every_form_of_every_source_is_a_seed_and_a_good_drop() -> None:
    parsed_sources = {name for name, table in tables().items() if table.paths}
    assert {seed.source for seed in seeds().values()} == parsed_sources and len(parsed_sources) == 13
    prefixes = {path for name in parsed_sources for path in tables()[name].paths}
    assert {p for p in prefixes if any(seed.name.startswith(p) for seed in seeds().values())} == prefixes
    for seed in seeds().values():
        assert judged(seed, seed.data).outcome in (Outcome.OK, Outcome.PARTIAL), seed.form


@pytest.mark.parametrize("form", FORMS)
@given(rng=st.randoms(use_true_random=True))
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
def test_a_mutated_drop_gives_rows_rejects_or_a_clear_error(form: str, rng: Random) -> None:
    seed = seeds()[form]
    judged(seed, mutated(seed.data, rng))


@given(st.sampled_from(FORMS), st.binary(max_size=64))
@settings(max_examples=10 * EXAMPLES, deadline=None, derandomize=True)
def test_arbitrary_bytes_give_a_clear_error(form: str, data: bytes) -> None:
    assert judged(seeds()[form], data).outcome in (Outcome.BAD, Outcome.EMPTY)


def refused(form: str, data: bytes) -> Reject:
    """Why a drop of that form is bad."""
    found = judged(seeds()[form], data)
    assert found.outcome is Outcome.BAD
    return found.rejects[0]


@pytest.mark.parametrize("form", JSON)
@pytest.mark.parametrize(("opened", "closed"), [(b"[", b""), (b"[", b"]"), (b'{"data":', b""), (b'{"data":', b"}")])
def test_json_nested_a_hundred_thousand_deep_is_refused_by_the_depth(form: str, opened: bytes, closed: bytes) -> None:
    reject = refused(form, opened * 100_000 + b"1" * bool(closed) + closed * 100_000)
    assert reject.rule == "json" and f"deeper than {payload.MAX_DEPTH} levels" in reject.message


@pytest.mark.parametrize("form", ["nba-com-schedule.json", "odds-api-game-lines.json"])
def test_json_of_too_many_bytes_or_values_is_refused_before_it_is_read(form: str) -> None:
    reject = refused(form, b"1" * (payload.MAX_BYTES + 1))
    assert reject.rule == "size" and f"more than {payload.MAX_BYTES}" in reject.message
    reject = refused(form, b"[" + b"[]," * payload.MAX_VALUES + b"[]]")
    assert reject.rule == "size" and f"more than {payload.MAX_VALUES}" in reject.message


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ("bettingpros-player-props-offers.json", "offers"),
        ("nba-com-gamebooks-data.json", "dnp_players"),
        ("odds-api-game-lines-history.json", "data"),
    ],
)
def test_more_rejects_than_anyone_reads_are_one(form: str, key: str) -> None:
    drop = json.loads(seeds()[form].data)
    drop[key] += [{}] * (payload.MAX_REJECTS + 1)
    found = judged(seeds()[form], json.dumps(drop).encode())
    (reject,) = found.rejects
    assert reject.rule == "rejects" and f"more than {payload.MAX_REJECTS} rejects, the first: " in reject.message


def test_a_csv_line_of_a_gigabyte_is_refused_by_its_size() -> None:
    with tempfile.TemporaryFile() as file:
        file.truncate(2**30)
        with mmap.mmap(file.fileno(), 2**30) as line, pytest.raises(payload.PayloadError) as found:
            read_csv(line, ["game_id"])  # type: ignore[arg-type]
    assert found.value.reject.rule == "size" and f"more than {csv_payload.MAX_BYTES}" in found.value.reject.message
    reject = refused(SHEET, seeds()[SHEET].data + b"x" * (csv_payload.MAX_LINE + 1))
    assert reject.rule == "size" and f"more than {csv_payload.MAX_LINE}" in reject.message


def zipped(data: bytes) -> bytes:
    """A zip archive of one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("drop", data)
    return out.getvalue()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pack", [zipped, gzip.compress])
def test_f58_a_bomb_in_a_zip_archive_or_gzip_is_never_unpacked(form: str, pack: Callable[[bytes], bytes]) -> None:
    reject = refused(form, pack(b"[" * 1_000_000))
    assert reject.rule == "format" and reject.place == "byte 0"
