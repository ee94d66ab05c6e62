"""Each generated check passes on good rows and fails on the row that breaks it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.contracts.columns import GAME_DATE, KNOWN_AT, SUPERSEDED_AT, float64, int64, string
from nba_assets.contracts.frames import conform
from nba_assets.contracts.model import Table, Versioning
from nba_assets.contracts.verify import FAILING_ROWS, Finding, verify
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
    return {finding.rule: finding for finding in found}


def test_good_rows_pass_every_rule() -> None:
    found = findings(rows())
    assert {rule: finding.critical for rule, finding in found.items()} == {
        "keys": True,
        "nulls": True,
        "schedule": True,
        "ranges": False,
        "row_count": False,
    }
    assert all(finding.passed for finding in found.values())
    assert all(finding.passed for finding in findings(rows().iloc[:0]).values() if finding.rule != "row_count")


@pytest.mark.parametrize(
    ("rule", "frame", "fails", "shown"),
    [
        ("keys", rows({}, {"team": "BOS"}), 2, {"game_id": "1", "team": "BOS"}),
        ("ranges", rows({"points": 251}), 1, {"points": 251, "broken": "points above 250"}),
        ("ranges", rows({"pace": 74.9}), 1, {"pace": 74.9, "broken": "pace below 75"}),
        ("ranges", rows({"team": "LAL"}), 1, {"team": "LAL", "broken": "team is none of its values"}),
        ("schedule", rows({"game_id": "3"}), 1, {"game_id": "3", "broken": "no nbac_schedule.game_id"}),
        ("row_count", rows().iloc[:1], 1, {"game_id": "1", "rows": 1}),
    ],
)
def test_a_row_that_breaks_a_rule_is_counted_and_shown(
    rule: str, frame: pd.DataFrame, fails: int, shown: dict[str, Any]
) -> None:
    finding = findings(frame)[rule]
    assert (finding.passed, finding.fails) == (False, fails)
    assert shown.items() <= finding.failing.iloc[0].to_dict().items()


def test_a_row_that_breaks_two_ranges_says_both() -> None:
    (row,) = findings(rows({"points": -1, "pace": 126.0}))["ranges"].failing.to_dict("records")
    assert row["broken"] == "points below 0; pace above 125"


def test_a_null_where_none_is_allowed_fails() -> None:
    frame = rows()
    frame.loc[0, "points"] = pd.NA
    finding = findings(frame)["nulls"]
    assert (finding.fails, finding.failing["broken"].tolist()) == (1, ["points is null"])


def test_no_more_rows_than_a_person_reads_are_shown() -> None:
    many = pd.concat([rows({"points": 251}, {"points": 251})] * 20, ignore_index=True)
    finding = findings(many)["ranges"]
    assert (finding.fails, len(finding.failing)) == (40, FAILING_ROWS)


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
