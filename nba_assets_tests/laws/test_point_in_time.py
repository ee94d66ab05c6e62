"""The second law on a simulated season: nothing that becomes known after T moves what was decided or known at T.

One thing is left out: that a player has no line because all his lines are from in play (`tipped`, else `no_line`) is
read from captures after the tip by design. It names the reason of a PASS that stands without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nba_assets.contracts import tables
from nba_assets.contracts.model import Versioning
from nba_assets.engine.graph import build_order
from nba_assets_tests.laws.drops import Drop
from nba_assets_tests.laws.edits import corrected, scores, scrambled
from nba_assets_tests.laws.story import BDL, BOXES, DAY, GAMEBOOK, HOUR, PROPS, SOURCES, best_two
from nba_assets_tests.laws.tables import Frames, Moved, World, assert_same, rebuilt

pytestmark = pytest.mark.xdist_group("laws_point_in_time")

PREDICTIONS, GAMES, GRADES = "player_points_predictions", "game_predictions", "prediction_grades"
SUMMARY, CACHE, CONTEXT, MODELS = (
    "player_game_summary",
    "player_daily_cache",
    "upcoming_player_game_context",
    "points_model",
)
PRE_GAME = [name for name in build_order() if "decision_at" in tables()[name].column_names and name != GRADES]
REMEMBERED = [
    name for name in build_order() if tables()[name].versioning is not Versioning.REPLACED and name != GRADES
]
"""Raw and post-game tables: they can say what was known at a time."""

PERCENT = st.integers(0, 99)
TREATMENTS = st.fixed_dictionaries({source: st.sampled_from(["keep", "scramble", "forget"]) for source in SOURCES})
LATER = st.lists(st.tuples(PERCENT, st.sampled_from([1, 600, 1_800, 7_200, 90_000])), max_size=4)
"""Captures of the last days before T (by place) that come again, scrambled, so many seconds after it."""

OF_EVERY_SOURCE = [(place, seconds) for place in range(0, 100, 4) for seconds in (1, 1_800)]


def laws(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, derandomize=True)


@laws(4)
@given(moment=PERCENT, treatment=TREATMENTS, later=LATER)
@example(moment=60, treatment=dict.fromkeys(SOURCES, "scramble"), later=OF_EVERY_SOURCE)
@example(moment=80, treatment=dict.fromkeys(SOURCES, "forget"), later=[])
def test_what_becomes_known_later_moves_nothing(
    world: World, moment: int, treatment: dict[str, str], later: list[tuple[int, int]]
) -> None:
    at = decision(world, moment)
    kept = [drop for drop in world.drops if drop.known_at <= at]
    changed = [
        scrambled(drop) if treatment[drop.source] == "scramble" else drop
        for drop in world.drops
        if drop.known_at > at and treatment[drop.source] != "forget"
    ]
    recent = [drop for drop in kept if drop.known_at > at - 2 * DAY]
    added = [
        scrambled(recent[len(recent) * place // 100]).again(at + pd.Timedelta(seconds=seconds))
        for place, seconds in later
    ]
    assert_nothing_moved(rebuilt(world, [*kept, *changed, *added]).frames, world.frames, at)


def decision(world: World, percent: int) -> pd.Timestamp:
    """One of the season's decision times: 0 the first, 99 (nearly) the last."""
    moments = np.sort(world.frames[PREDICTIONS]["decision_at"].unique())
    return pd.Timestamp(moments[len(moments) * percent // 100])


def assert_nothing_moved(found: Frames, expected: Frames, at: pd.Timestamp) -> None:
    """Versions known at the time as they looked then; everything decided by then, its models and its grades."""
    for name in REMEMBERED:
        assert_same(tables()[name], known(found[name], at), known(expected[name], at))
    for name in PRE_GAME:
        assert_same(tables()[name], decided(name, found[name], at), decided(name, expected[name], at))
    said = [decided(name, expected[name], at) for name in (PREDICTIONS, GAMES)]
    dates, ids = said[0]["game_date"].unique(), pd.concat([rows["prediction_id"] for rows in said])
    assert_same(tables()[MODELS], on(found[MODELS], dates), on(expected[MODELS], dates))
    graded = [known(frames[GRADES][frames[GRADES]["prediction_id"].isin(ids)], at) for frames in (found, expected)]
    assert_same(tables()[GRADES], *graded)


def known(rows: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """The rows known at the time, those superseded later as if they stood."""
    then = rows[rows["known_at"] <= at]
    if "superseded_at" not in rows.columns:
        return then
    return then.assign(superseded_at=then["superseded_at"].mask(then["superseded_at"] > at))


def decided(name: str, rows: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """The rows decided by the time; of predictions the reason `tipped` is read as `no_line`."""
    then = rows[rows["decision_at"] <= at]
    if name != PREDICTIONS:
        return then
    plain = [sorted({"no_line" if reason == "tipped" else reason for reason in reasons}) for reasons in then["reasons"]]
    return then.assign(reasons=pd.Series(plain, index=then.index, dtype=object))


def on(rows: pd.DataFrame, dates: Iterable[pd.Timestamp]) -> pd.DataFrame:
    return rows[rows["game_date"].isin(list(dates))]
