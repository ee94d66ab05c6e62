"""Nothing in any table of a simulated season is infinite: what cannot be divided is null."""

from __future__ import annotations

import numpy as np
import pytest

from nba_assets.contracts import tables
from nba_assets.contracts.model import Type
from nba_assets.engine.graph import build_order
from nba_assets_tests.laws.tables import World


def floats_of(name: str) -> list[str]:
    return [column.name for column in tables()[name].columns if column.type is Type.FLOAT64]


@pytest.mark.parametrize("name", [name for name in build_order() if floats_of(name)])
def test_every_float_is_a_number_or_null(world: World, name: str) -> None:
    rows = world.frames[name]
    assert len(rows)
    values = rows[floats_of(name)]
    assert [column for column in values if np.isinf(values[column].to_numpy(dtype=np.float64)).any()] == []
