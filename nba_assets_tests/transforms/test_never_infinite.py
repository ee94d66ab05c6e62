"""No float of any table is ever infinite: whatever the box scores say, what cannot be divided is null."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nba_assets import contracts
from nba_assets.contracts.model import Type
from nba_assets.transforms import TRANSFORMS
from nba_assets_tests.transforms.leagues import league
from nba_assets_tests.transforms.stories import Story, raw, stories

Frames = dict[str, pd.DataFrame]
BOXES = ("nbac_gamebook_player_stats", "bdl_player_boxscores")
COUNTS = ("fgm", "fga", "fg3m", "fta", "ftm", "oreb", "dreb", "ast", "tov", "seconds_played")
RAW = ("nbac_schedule", *BOXES)


def assert_finite(name: str, rows: pd.DataFrame) -> None:
    """Every float column of the table has numbers and nulls only."""
    floats = [column.name for column in contracts.table(name).columns if column.type is Type.FLOAT64]
    assert floats
    infinite = np.isinf(rows[floats].to_numpy(dtype=np.float64)).any(axis=0)
    assert [column for column, is_bad in zip(floats, infinite, strict=True) if is_bad] == [], name


def spoiled(frames: Frames, zeros: list[tuple[str, int]], gone: list[int]) -> Frames:
    """The box scores with a count of some team's men set to 0, and without some men."""
    found = dict(frames)
    for table in BOXES:
        rows = found[table].copy()
        teams = rows["team_tricode"] + rows["game_id"].str[-1:]
        for column, place in zeros:
            chosen = teams == teams.unique()[place % teams.nunique()] if len(rows) else []
            rows.loc[chosen, column] = 0
        found[table] = rows[~np.isin(np.arange(len(rows)), gone)].reset_index(drop=True)
    return found


def build_all(history: Frames, names: list[str]) -> Frames:
    dates = sorted(history["nbac_schedule"]["game_date"].unique())
    for name in names:
        history = history | {name: TRANSFORMS[name](history, dates, None)}
    return history


ZEROS = st.lists(st.tuples(st.sampled_from(COUNTS), st.integers(0, 9)), max_size=12)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(stories(most=4), ZEROS, st.lists(st.integers(0, 30), max_size=1))
def test_of_spoiled_box_scores(story: Story, zeros: list[tuple[str, int]], gone: list[int]) -> None:
    found = build_all(spoiled(raw(story), zeros, gone), [*TRANSFORMS])

    for name in TRANSFORMS:
        assert_finite(name, found[name])


POST_GAME = ("player_game_summary", "team_offense_game_summary", "team_defense_game_summary")


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.integers(0, 10**6), st.sampled_from([0.2, 1.0]), st.integers(0, 10**6))
def test_of_a_past_full_of_zeros_and_nulls(seed: int, share: float, pick: int) -> None:
    """Post-game rows of a random season, their numbers set to 0 or null at random."""
    history: Frames = league(seed, days=10)
    random = np.random.default_rng(pick)
    for table in POST_GAME:
        history[table] = _emptied(contracts.table(table).columns, history[table], share, random)

    found = build_all(history, [name for name in TRANSFORMS if name not in POST_GAME])

    for name in TRANSFORMS:
        if name not in POST_GAME:
            assert_finite(name, found[name])


def _emptied(columns: Any, rows: pd.DataFrame, share: float, random: np.random.Generator) -> pd.DataFrame:
    rows = rows.copy()
    for column in columns:
        if column.type in (Type.INT64, Type.FLOAT64) and column.name != "season":
            hit = random.random(len(rows)) < share
            rows.loc[hit, column.name] = 0
            if column.nullable:
                rows.loc[hit & (random.random(len(rows)) < 0.5), column.name] = None
    return rows
