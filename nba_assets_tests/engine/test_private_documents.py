"""What is not public is written only if asked for, apart from the published tree, and nothing of it is in that."""

from __future__ import annotations

import datetime as dt

import orjson
import pandas as pd
import pytest

from nba_assets import contracts
from nba_assets.engine.attempt import Attempt
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import publish
from nba_assets_tests.engine.test_release import WEEKEND, clock, home, written
from nba_assets_tests.release_rows import PRIVATE, SATURDAY, weekend

__all__ = ["clock", "home", "written"]
TABLE = "player_points_predictions"
NAME = "historical/2024-11-02/predictions.json"


def asked(home: Platform) -> Platform:
    home.settings = home.settings.model_copy(update={"publish_private": True})
    return home


def test_it_is_off_by_default(home: Platform) -> None:
    publish(home, WEEKEND)
    assert list(home.private.list("")) == []


def test_predictions_are_whole_and_of_all_kinds(home: Platform) -> None:
    rows = weekend()[TABLE]
    one = rows[rows["game_date"] == pd.Timestamp(SATURDAY)].head(1)
    shadow = one.assign(prediction_id="shadow", role="shadow", model_version="m2")
    home.warehouse.replace(TABLE, WEEKEND, pd.concat([rows, shadow], ignore_index=True))
    released = publish(asked(home), WEEKEND)
    found = orjson.loads(home.private.get(NAME))
    assert found["sequence"] == released.sequence
    assert {row["role"] for row in found["predictions"]} == {"serving", "shadow"}
    assert all(set(row) == set(contracts.table(TABLE).column_names) for row in found["predictions"])
    assert found["predictions"][0]["feature_hash"] == PRIVATE
    assert orjson.loads(home.private.get("historical/2024-11-03/predictions.json"))["predictions"] == []


def test_nothing_of_it_is_in_the_published_tree(home: Platform) -> None:
    publish(asked(home), WEEKEND)
    assert PRIVATE.encode() in home.private.get(NAME)
    names = list(home.published.list(""))
    assert names and not any(PRIVATE.encode() in home.published.get(name) for name in names)


def test_what_failed_is_told_with_its_error(home: Platform) -> None:
    with pytest.raises(ZeroDivisionError), Attempt(home, "nba_raw.nbac_schedule", [SATURDAY], run_id="run-1"):
        raise ZeroDivisionError("by hand")
    publish(asked(home), [pd.Timestamp(SATURDAY)])
    (failure,) = orjson.loads(home.private.get("operations.json"))["failures"]
    assert (failure["error_message"], failure["run_id"]) == ("ZeroDivisionError: by hand", "run-1")
    assert failure["dates"] == [str(SATURDAY)] and failure["status"] == "dead"
    assert b"by hand" not in home.published.get("v1/status.json"), "readers are told that, not what"


def test_a_later_release_replaces_it(home: Platform) -> None:
    publish(asked(home), WEEKEND)
    rows = weekend()[TABLE]
    rows.loc[rows["game_date"] == pd.Timestamp(SATURDAY), "points_mean"] = 31.0
    home.warehouse.replace(TABLE, WEEKEND, rows)
    home.clock.moment += dt.timedelta(hours=1)  # type: ignore[attr-defined]
    second = publish(home, [pd.Timestamp(SATURDAY)])
    found = orjson.loads(home.private.get(NAME))
    assert found["sequence"] == second.sequence and found["predictions"][0]["points_mean"] == 31.0
