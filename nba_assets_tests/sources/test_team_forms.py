"""The two forms of the team box score made one: what both said by each capture."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.sources.team_forms import merge_forms
from nba_assets.sources.versions import CAPTURE_COLUMNS

MIDNIGHT = pd.Timestamp("2025-01-16T00:00Z")
TEAMS = ("NYK", "PHI")
Found = list[tuple[int, str, int, str | None, bool]]


def form(hour: int, *, log: bool, tov: int, unit: str = "0022400561", teams: tuple[str, ...] = TEAMS) -> pd.DataFrame:
    """A capture of one form: its turnovers, and its hour in the starters where it is a box score."""
    time = MIDNIGHT + pd.Timedelta(hours=hour)
    rows = pd.DataFrame(
        [
            {
                "unit": unit,
                "known_at": time,
                "stamped_at": time,
                "source_hash": f"{'log' if log else 'box'}{hour}",
                "source_path": f"{'log' if log else 'box'}{hour}",
                "known_at_assumed": log,
                "team_tricode": team,
                "tov": tov,
                "team_seconds": 14400.0 if log else 14399.0,
                "starter_ids": None if log else f"1,2,3,4,{hour}",
                "tov_includes_team": log,
            }
            for team in teams
        ]
    )
    times = dict.fromkeys(("known_at", "stamped_at"), "datetime64[us, UTC]")
    text = dict.fromkeys(("unit", "source_hash", "source_path", "team_tricode", "starter_ids"), "string[pyarrow]")
    flags = dict.fromkeys(("known_at_assumed", "tov_includes_team"), "boolean")
    return rows.astype(times | text | flags | {"tov": "Int64"})


def merged(*captures: pd.DataFrame) -> pd.DataFrame:
    rows = pd.concat(captures, ignore_index=True)
    spoken = rows[[*CAPTURE_COLUMNS, "known_at_assumed"]].drop_duplicates()
    found, heard = merge_forms(rows, spoken)
    pd.testing.assert_frame_equal(heard, spoken)
    assert set(found.columns) == set(rows.columns)
    pd.testing.assert_series_equal(found.dtypes, rows[found.columns].dtypes)
    return found.sort_values(["unit", "known_at", "team_tricode"], ignore_index=True)


def of_team(found: pd.DataFrame, team: str = "NYK") -> Found:
    """(hour, file, turnovers, starters, log's) of each state."""
    rows = found[found["team_tricode"] == team]
    return [
        (
            int((row.known_at - MIDNIGHT) / pd.Timedelta(hours=1)),
            str(row.source_path),
            int(row.tov),
            None if pd.isna(row.starter_ids) else str(row.starter_ids),
            bool(row.tov_includes_team),
        )
        for row in rows.itertuples()
    ]


def test_one_form_alone_is_itself() -> None:
    assert of_team(merged(form(6, log=True, tov=10))) == [(6, "log6", 10, None, True)]
    assert of_team(merged(form(6, log=False, tov=8))) == [(6, "box6", 8, "1,2,3,4,6", False)]


def test_the_log_brings_the_totals_and_keeps_the_starters() -> None:
    assert of_team(merged(form(6, log=False, tov=8), form(7, log=True, tov=10))) == [
        (6, "box6", 8, "1,2,3,4,6", False),
        (7, "log7", 10, "1,2,3,4,6", True),
    ]


def test_the_box_score_brings_starters_and_time_and_keeps_the_logs_totals() -> None:
    found = merged(form(6, log=True, tov=10), form(7, log=False, tov=8))
    assert of_team(found) == [(6, "log6", 10, None, True), (7, "box7", 10, "1,2,3,4,7", True)]
    assert found["team_seconds"].tolist() == [14400.0, 14400.0, 14399.0, 14399.0]


def test_a_state_is_stamped_as_the_capture_that_made_it() -> None:
    found = merged(form(6, log=True, tov=10), form(7, log=False, tov=8))
    assert found["known_at_assumed"].tolist() == [True, True, False, False]
    assert found["source_hash"].tolist() == ["log6", "log6", "box7", "box7"]


def test_each_form_stands_as_its_newest_capture_says() -> None:
    found = merged(
        form(6, log=False, tov=8), form(7, log=True, tov=10), form(8, log=False, tov=9), form(9, log=True, tov=11)
    )
    assert of_team(found) == [
        (6, "box6", 8, "1,2,3,4,6", False),
        (7, "log7", 10, "1,2,3,4,6", True),
        (8, "box8", 10, "1,2,3,4,8", True),
        (9, "log9", 11, "1,2,3,4,8", True),
    ]


def test_games_do_not_mix() -> None:
    found = merged(form(6, log=False, tov=8), form(7, log=True, tov=10, unit="0022400562", teams=("CHA", "UTA")))
    assert of_team(found) == [(6, "box6", 8, "1,2,3,4,6", False)]
    assert of_team(found, "UTA") == [(7, "log7", 10, None, True)]


def test_a_team_that_only_one_form_has_is_that_forms() -> None:
    found = merged(form(6, log=False, tov=8), form(7, log=True, tov=10, teams=("NYK",)))
    assert of_team(found, "PHI") == [
        (6, "box6", 8, "1,2,3,4,6", False),
        (7, "log7", 8, "1,2,3,4,6", False),
    ]


def test_a_capture_without_rows_of_a_game_stays_to_close_it() -> None:
    rows = form(6, log=True, tov=10)
    spoken = form(9, log=True, tov=10)[[*CAPTURE_COLUMNS, "known_at_assumed"]].drop_duplicates()
    found, heard = merge_forms(rows, spoken)
    assert len(found) == 2 and heard["source_path"].tolist() == ["log9"]


def test_no_rows_are_no_rows() -> None:
    rows = form(6, log=True, tov=10).iloc[:0]
    found, _ = merge_forms(rows, rows[[*CAPTURE_COLUMNS, "known_at_assumed"]])
    assert found.empty and set(found.columns) == set(rows.columns)


captures = st.lists(
    st.tuples(st.integers(0, 5), st.booleans(), st.integers(8, 10), st.sampled_from(["a", "b"])),
    min_size=1,
    max_size=6,
    unique_by=lambda capture: (capture[0], capture[3]),
)


@settings(max_examples=15, deadline=None)
@given(captures, st.randoms(use_true_random=False))
def test_order_never_shows_and_every_state_is_what_both_forms_said_by_then(
    drawn: list[tuple[int, bool, int, str]], random: Any
) -> None:
    frames = [form(hour, log=log, tov=tov, unit=unit) for hour, log, tov, unit in drawn]
    found = merged(*frames)
    random.shuffle(frames)
    pd.testing.assert_frame_equal(found, merged(*frames))
    for row in found.itertuples():
        past = sorted(
            (h, log, tov)
            for h, log, tov, unit in drawn
            if unit == row.unit and MIDNIGHT + pd.Timedelta(hours=h) <= row.known_at
        )
        logs, boxes = [p for p in past if p[1]], [p for p in past if not p[1]]
        assert row.tov == (logs or boxes)[-1][2] and bool(row.tov_includes_team) == bool(logs)
        assert (None if pd.isna(row.starter_ids) else row.starter_ids) == (f"1,2,3,4,{boxes[-1][0]}" if boxes else None)
