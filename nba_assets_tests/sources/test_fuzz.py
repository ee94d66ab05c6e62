"""Any bytes give rows, rejects or a clear error; `make fuzz` looks further, guided by what it has covered."""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.contracts import tables
from nba_assets.sources.parsed import Outcome
from nba_assets_tests.fuzzing.mutations import mutated
from nba_assets_tests.fuzzing.seeds import seeds
from nba_assets_tests.fuzzing.verdict import judged

EXAMPLES = int(os.environ.get("NBA_ASSETS_FUZZ_EXAMPLES", "12"))
FORMS = list(seeds())


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


@pytest.mark.parametrize("form", FORMS)
@given(data=st.binary(max_size=64))
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
def test_arbitrary_bytes_give_a_clear_error(form: str, data: bytes) -> None:
    assert judged(seeds()[form], data).outcome in (Outcome.BAD, Outcome.EMPTY)
