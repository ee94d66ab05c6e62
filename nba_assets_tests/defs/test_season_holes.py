"""A month that is missing in the middle of a season is named; breaks, playoffs and other seasons are not."""

from __future__ import annotations

import datetime as dt

import dagster as dg
import pandas as pd
import pytest

from nba_assets.contracts import tables
from nba_assets.defs.tables.checks import check_results
from nba_assets.engine.platform import Platform
from nba_assets.engine.season_holes import holes
from nba_assets_tests.transforms.leagues import day, frame, game

CHECK = "season_has_no_holes"
AROUND = ["2019-01-30", "2019-01-31", "2019-03-01", "2019-03-02"]


def schedule(*dates: str, kind: str = "2", **facts: object) -> pd.DataFrame:
    """A game on each of the dates."""
    return frame("nbac_schedule", [game(date, n, "BOS", "NYK", kind, **facts) for n, date in enumerate(dates, 1)])


def found(rows: pd.DataFrame) -> list[tuple[int, str, str, int]]:
    said = holes(rows)
    days = [said[name].dt.strftime("%Y-%m-%d") for name in ("last_game", "next_game")]
    return list(zip(said["season"], *days, said["days_without"], strict=True))


def test_february_2019() -> None:
    assert found(schedule(*AROUND)) == [(2018, "2019-01-31", "2019-03-01", 28)]


def test_the_season_that_stopped() -> None:
    rows = schedule("2020-03-11", "2020-07-30", "2020-07-31", season=2019)
    assert found(rows) == [(2019, "2020-03-11", "2020-07-30", 140)]


@pytest.mark.parametrize(("until", "named"), [("2025-02-22", False), ("2025-02-23", True)])
def test_nine_days_are_a_break(until: str, named: bool) -> None:
    assert bool(found(schedule("2025-02-12", until))) is named


def test_the_summer_is_no_hole() -> None:
    rows = [*schedule("2024-04-14").to_dict("records"), *schedule("2024-10-22").to_dict("records")]
    assert found(frame("nbac_schedule", rows)) == []


@pytest.mark.parametrize(("kind", "facts"), [("1", {}), ("3", {}), ("4", {}), ("2", {"is_postponed": True})])
def test_games_that_fill_no_hole_and_make_none(kind: str, facts: dict[str, bool]) -> None:
    other = schedule("2019-02-01", "2019-02-20", kind=kind, **facts)
    assert found(other) == []
    both = frame("nbac_schedule", [*schedule(*AROUND).to_dict("records"), *other.to_dict("records")])
    assert found(both) == [(2018, "2019-01-31", "2019-03-01", 28)]


@pytest.mark.parametrize(
    ("first", "last", "passed"),
    [
        ("2019-01-30", "2019-03-02", False),
        ("2019-03-01", "2019-03-01", False),
        ("2019-03-02", "2019-03-02", True),
        ("2019-01-30", "2019-01-31", True),
    ],
)
def test_the_run_that_ends_a_hole_warns_of_it(platform: Platform, first: str, last: str, passed: bool) -> None:
    rows = schedule(*AROUND)
    platform.warehouse.replace("nbac_schedule", [dt.date.fromisoformat(date) for date in AROUND], rows)
    results = check_results(platform, tables()["nbac_schedule"], list(pd.date_range(day(first), day(last))))
    (result,) = (each for each in results if each.check_name == CHECK)
    assert (result.passed, result.severity) == (passed, dg.AssetCheckSeverity.WARN)
    if not passed:
        value = result.metadata[CHECK]
        assert isinstance(value, dg.TableMetadataValue)
        (row,) = (record.data for record in value.records)
        assert "2019-01-31" in str(row["last_game"]) and "2019-03-01" in str(row["next_game"])
