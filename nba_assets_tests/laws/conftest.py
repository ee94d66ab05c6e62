"""One simulated season for all tests here, its drops in disorder, every table built from them once."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from nba_assets.simulator import simulate
from nba_assets_tests.laws.drops import read
from nba_assets_tests.laws.story import told
from nba_assets_tests.laws.tables import World, build

SEED = 11
START, END = dt.date(2025, 11, 1), dt.date(2025, 11, 12)
"""Twelve dates with two refits (Mondays) and the change to winter time among them."""


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """All tables of the season."""
    folder = tmp_path_factory.mktemp("season")
    simulate(folder, seed=SEED, start=START, end=END)
    return build(told(read(folder)), list(pd.date_range(START, END)))
