"""Each generated check passes on good rows and fails on the row that breaks it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.contracts.columns import GAME_DATE, KNOWN_AT, SUPERSEDED_AT, float64, int64, string
from nba_assets.contracts.frames import conform
from nba_assets.contracts.model import Table, Versioning
from nba_assets.contracts.verify import Finding, checks_of, verify
from nba_assets.defs.tables.dagster_type import check_type

TEAM_ROWS = Table(
    dataset="nba_analytics",
    name="team_rows",
    description="Two rows a game.",
    key=("game_id", "team"),
    versioning=Versioning.CLOSED,
    per_game=2,
    columns=(
        GAME_DATE,
        string("game_id", "Game", references="nbac_schedule.game_id"),
        string("team", "Team", values=("BOS", "NYK")),
        int64("points", "Points", low=0, high=250),
        float64("pace?", "Pace", low=75, high=125),
        KNOWN_AT,
        SUPERSEDED_AT,
    ),
)
GAMES = pd.DataFrame({"game_id": ["1", "2"], "game_status": [3, 1], "season_type": ["regular", "regular"]})


def rows(*changes: dict[str, Any]) -> pd.DataFrame:
    """Both teams of game 1, with changes by row."""
    start = pd.Timestamp("2024-11-02", tz="UTC")
    base = [
        {"game_date": "2024-11-01", "game_id": "1", "team": t, "points": 100, "known_at": start} for t in ("BOS", "NYK")
    ]
    made = [row | (changes[index] if index < len(changes) else {}) for index, row in enumerate(base)]
    return conform(pd.DataFrame(made), TEAM_ROWS)


def findings(frame: pd.DataFrame) -> dict[str, Finding]:
    found = verify(TEAM_ROWS, frame, {"nbac_schedule.game_id": pd.Series(["1", "2"])}, GAMES)
    return {finding.check: finding for finding in found}


def test_good_rows_pass_every_check() -> None:
    found = findings(rows())
    assert tuple(found) == checks_of(TEAM_ROWS)
    assert all(finding.passed for finding in found.values())


@pytest.mark.parametrize(
    ("check", "frame"),
    [
        ("keys", rows({}, {"team": "BOS"})),
        ("ranges", rows({"points": 251})),
        ("ranges", rows({"pace": 74.9})),
        ("ranges", rows({"team": "LAL"})),
        ("references", rows({"game_id": "3"})),
        ("row_count", rows().iloc[:1]),
    ],
)
def test_a_row_that_breaks_a_rule_fails_its_check(check: str, frame: pd.DataFrame) -> None:
    finding = findings(frame)[check]
    assert not finding.passed
    assert len(finding.failing) and "fail" in finding.description


def test_a_null_where_none_is_allowed_fails() -> None:
    frame = rows()
    frame.loc[0, "points"] = pd.NA
    assert not findings(frame)["nulls"].passed


def test_superseded_rows_are_not_counted_against_the_schedule() -> None:
    frame = rows()
    old = frame.assign(superseded_at=frame["known_at"], known_at=frame["known_at"] - pd.Timedelta(hours=1))
    assert findings(pd.concat([frame, old], ignore_index=True))["row_count"].passed


def test_the_dagster_type_names_a_column_of_another_dtype() -> None:
    from nba_assets import contracts
    from nba_assets.contracts.frames import empty

    frame = empty(contracts.table("nbac_schedule"))
    assert check_type("nbac_schedule", frame).success
    verdict = check_type("nbac_schedule", frame.astype({"season": "float64"}))
    assert not verdict.success and "season" in str(verdict.description)
    assert not check_type("nbac_schedule", frame.drop(columns="game_id")).success
