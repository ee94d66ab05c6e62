"""The first law on a simulated season: whatever is computed again, and however it came, is the full rebuild's rows.

Every comparison is of Arrow tables of the contracts' schemas, row order and versions included.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from nba_assets.contracts import tables
from nba_assets.contracts.model import Versioning
from nba_assets.engine.graph import build_order
from nba_assets.engine.refresh import WHOLE_DATE
from nba_assets.scope import Scope, in_scope
from nba_assets_tests.laws.drops import Drop
from nba_assets_tests.laws.story import (
    BDL,
    BETTINGPROS,
    BIGDATABALL,
    BOX,
    EVENTS,
    GAMEBOOK,
    INJURIES,
    LINES,
    LIST,
    REFEREES,
    SCHEDULE,
    SOURCES,
)
from nba_assets_tests.laws.tables import World, assert_same, build, rebuilt, refreshed

RAW = [name for name in build_order() if tables()[name].dataset == "nba_raw"]
SEEDS = st.integers(0, 2**16)


def laws(examples: int) -> settings:
    phases = (Phase.explicit, Phase.generate, Phase.shrink)
    return settings(max_examples=examples, deadline=None, derandomize=True, phases=phases)


def test_the_season_has_rows_in_every_table_that_its_sources_feed(world: World) -> None:
    assert {*SOURCES, "player_identity"} == set(RAW)
    assert {drop.source for drop in world.drops} == set(SOURCES)
    empty = [name for name, rows in world.frames.items() if rows.empty]
    assert empty == ["stage_models"], "no season lies before this one"


def test_what_happens_to_the_drops_shows_in_their_tables(world: World) -> None:
    """Corrections, names that resolve later, lines in two parts, and what is known only after the decisions."""
    corrected = {name for name in RAW if "superseded_at" in (rows := world.frames[name]) and any(superseded(rows))}
    assert corrected >= {SCHEDULE, LIST, GAMEBOOK, BDL, BOX, EVENTS, BIGDATABALL, REFEREES}

    acts = on(world.frames[BIGDATABALL], [world.dates[0]])
    acts = acts[acts["player_name"].notna()]
    open_first, open_now = (acts[acts["player_id"].isna() & (superseded(acts) == closed)] for closed in (True, False))
    assert open_first["player_name"].nunique() > 1
    assert set(open_now["player_name"]) == {"Nobody Knows"}

    shot = world.frames["player_game_summary"]
    shot = shot[shot["ra_fga"].notna()]
    assert set(shot["zone_source"]) == {"bigdataball", "nbac"}
    assert (shot.groupby(["game_id", "player_id"])["ra_fga"].nunique() > 1).any(), "men who change places in the events"

    lines = world.frames[LINES]
    parts = lines[lines["source_path"].str.contains("~h2h-totals")]
    assert len(parts)
    assert parts[["home_spread", "total", "home_ml_price"]].notna().all(axis=None)

    last = world.frames["player_points_predictions"].groupby("game_date")["decision_at"].max()
    for name in (INJURIES, BETTINGPROS):
        rows = world.frames[name]
        assert (rows["known_at"] > rows["game_date"].map(last)).any()


@laws(3)
@given(st.data())
def test_a_scope_refreshed_is_that_part_of_the_rebuild(world: World, data: st.DataObject) -> None:
    dates = data.draw(st.lists(st.sampled_from(world.dates), min_size=1, max_size=3, unique=True).map(sorted))
    scope = data.draw(scopes(world, dates))
    for name in build_order():
        if name not in WHOLE_DATE:
            expected = on(world.frames[name], dates)
            expected = expected[in_scope(expected, scope)]
            found = refreshed(tables()[name], world.frames, world.drops, dates, scope)
            assert_same(tables()[name], found, expected)


@laws(2)
@given(st.data())
def test_dates_alone_are_those_of_the_range(world: World, data: st.DataObject) -> None:
    dates = data.draw(st.lists(st.sampled_from(world.dates), min_size=1, max_size=2, unique=True).map(sorted))
    for name in build_order():
        found = refreshed(tables()[name], world.frames, world.drops, dates)
        assert_same(tables()[name], found, on(world.frames[name], dates))


@laws(2)
@given(SEEDS)
def test_the_order_of_captures_does_not_matter(world: World, seed: int) -> None:
    """Of raw tables, for only they see captures; frames are in canonical order for whoever reads them."""
    drops = shuffled(world.drops, seed)
    for name in RAW:
        found = refreshed(tables()[name], world.frames, drops, world.dates)
        assert_same(tables()[name], found, world.frames[name])


@pytest.mark.long
@laws(1)
@given(seed=SEEDS, groups=st.just(2))
@example(seed=None, groups=2)
def test_the_grouping_of_captures_does_not_matter(world: World, seed: int | None, groups: int) -> None:
    """After each group only the dates are built whose input changed; without a seed they come as they were known."""
    drops = sorted(world.drops, key=lambda drop: drop.known_at) if seed is None else shuffled(world.drops, seed)
    ends = [len(drops) * (group + 1) // groups for group in range(groups)]
    grown = build(drops[: ends[0]], world.dates)
    for end in ends[1:]:
        grown = rebuilt(grown, drops[:end])
    assert_all_same(grown, world)


@laws(2)
@given(places=st.lists(st.integers(0, 99), min_size=1, max_size=6), minutes=st.integers(1, 6_000))
@example(places=list(range(100)), minutes=9)
def test_a_re_capture_of_equal_content_changes_nothing(world: World, places: list[int], minutes: int) -> None:
    """Of the newest capture of what it speaks for, later; of one with its time in the key, in another folder."""
    newest = [drop for drop in world.drops if is_newest(drop, world.drops)]
    repeated = {newest[len(newest) * place // 100] for place in places}
    later = pd.Timedelta(minutes=minutes)
    timed = {name for name in RAW if tables()[name].versioning is Versioning.CAPTURES}
    again = [drop.elsewhere() if drop.source in timed else drop.again(drop.known_at + later) for drop in repeated]
    assert_all_same(rebuilt(world, [*world.drops, *again]), world)


def assert_all_same(found: World, expected: World) -> None:
    for name in build_order():
        assert_same(tables()[name], found.frames[name], expected.frames[name])


def superseded(rows: pd.DataFrame) -> pd.Series:
    """Whether a later version has taken the row's place."""
    return rows["superseded_at"].notna()


def on(rows: pd.DataFrame, dates: list[pd.Timestamp]) -> pd.DataFrame:
    return rows[rows["game_date"].isin(dates)]


def scopes(world: World, dates: list[pd.Timestamp]) -> st.SearchStrategy[Scope]:
    """Some of the players, teams and games of the dates."""
    box = on(world.frames["player_game_summary"], dates)

    def some(column: str) -> st.SearchStrategy[frozenset[str]]:
        return st.frozensets(st.sampled_from(sorted(box[column].unique())), max_size=3)

    found = st.builds(Scope, players=some("player_id"), teams=some("team"), games=some("game_id"))
    return found.filter(lambda scope: bool(scope.players or scope.teams or scope.games))


def shuffled(drops: tuple[Drop, ...], seed: int) -> list[Drop]:
    return [drops[place] for place in np.random.default_rng(seed).permutation(len(drops))]


def is_newest(drop: Drop, drops: tuple[Drop, ...]) -> bool:
    """Whether no later capture of the same folder speaks for one of its dates."""
    return not any(
        other.folder == drop.folder and other.known_at > drop.known_at and other.dates & drop.dates for other in drops
    )
