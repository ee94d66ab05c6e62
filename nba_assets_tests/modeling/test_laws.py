"""The two laws of Phase 5 on generated leagues: a part is a part of the whole, dates do not see each other."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.verify import verify
from nba_assets.engine.graph import input_dates
from nba_assets.modeling import TABLES, TRANSFORMS
from nba_assets.scope import Scope, in_scope
from nba_assets_tests.modeling.rows import D, league

SCOPED = ("player_points_predictions", "game_predictions", "prediction_grades")


def built(inputs, dates):
    """The inputs and all tables of Phase 5."""
    found = dict(inputs)
    for name in TABLES:
        found[name] = TRANSFORMS[name](found, dates)
    return found


def small(seed, **more):
    inputs = league(days=4, games=2, players=4, seed=seed, start=D - pd.Timedelta(days=3), **more)
    return inputs, sorted(inputs["nbac_schedule"]["game_date"].unique())


def only_what_the_contract_reads(name, inputs, day):
    """The inputs of one date of a table, cut to the spans that its contract declares."""
    cut = {}
    for entry in contracts.table(name).inputs:
        if entry.table in inputs:
            first, last = (pd.Timestamp(end) for end in input_dates(entry, day.date()))
            frame = inputs[entry.table]
            cut[entry.table] = frame[frame["game_date"].between(first, last)].reset_index(drop=True)
    return cut


SEEDS = st.integers(0, 10_000)
BOOKS = st.sampled_from([(), ("draftkings",), ("a", "b", "c", "d")])


@given(seed=SEEDS, books=BOOKS)
@settings(max_examples=2, deadline=None)
def test_date_by_date_from_its_own_spans_is_the_range_at_once(seed, books):
    """Four dates over a Monday."""
    inputs, dates = small(seed, books=books)
    every = built(inputs, dates)
    for name in TABLES:
        alone = [TRANSFORMS[name](only_what_the_contract_reads(name, every, day), [day]) for day in dates]
        joined = frames.conform(pd.concat(alone, ignore_index=True), contracts.table(name))
        pd.testing.assert_frame_equal(joined, every[name], check_exact=True)
        assert len(joined) > 0 or name == "stage_models"


@given(seed=SEEDS, data=st.data())
@settings(max_examples=4, deadline=None)
def test_the_rows_of_a_scope_are_those_of_the_whole(seed, data):
    inputs, dates = small(seed)
    every = built(inputs, dates)
    rows = every["player_points_predictions"]
    some = {
        column: frozenset(data.draw(st.lists(st.sampled_from(sorted(rows[column].unique())), max_size=3)))
        for column in ("player_id", "team", "game_id")
    }
    scope = Scope(players=some["player_id"], teams=some["team"], games=some["game_id"])
    for name in SCOPED:
        part, whole = TRANSFORMS[name](every, dates, scope), every[name]
        expected = whole[in_scope(whole, scope)].reset_index(drop=True)
        pd.testing.assert_frame_equal(part, expected, check_exact=True)


@given(seed=SEEDS)
@settings(max_examples=2, deadline=None)
def test_the_order_of_input_rows_does_not_matter(seed):
    inputs, dates = small(seed)
    every = built(inputs, dates)
    mixed = {name: frame.sample(frac=1, random_state=seed, ignore_index=True) for name, frame in every.items()}
    for name in TABLES:
        pd.testing.assert_frame_equal(TRANSFORMS[name](mixed, dates), every[name], check_exact=True)


@given(seed=SEEDS, books=BOOKS)
@settings(max_examples=3, deadline=None)
def test_generated_leagues_keep_the_contracts(seed, books):
    inputs, dates = small(seed, books=books)
    every = built(inputs, dates)
    for name in TABLES:
        for finding in verify(contracts.table(name), every[name], {}, inputs["nbac_schedule"]):
            assert finding.passed, (name, finding.description, finding.failing)
    said = every["player_points_predictions"]
    assert (said["known_at"] <= said["decision_at"]).all()
    assert (said["decision_at"] < said["tip_at"]).all()
    current = every["prediction_grades"].query("superseded_at.isna()")
    assert len(current) == len(said) + len(every["game_predictions"])
