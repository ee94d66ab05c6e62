"""windows: history as of a decision equals a plain loop, and sums do not depend on who else asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.transforms import windows
from nba_assets_tests.transforms.leagues import at, corrected, day

TEXT = pd.StringDtype("pyarrow")


def asks(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Player, date, decision time (UTC)."""
    return pd.DataFrame(
        {
            "player_id": pd.Series([player for player, _, _ in rows], dtype=TEXT),
            "game_date": pd.Series([day(date) for _, date, _ in rows]).astype("datetime64[us]"),
            "decision_at": pd.Series([at(when) for _, _, when in rows]).astype("datetime64[us, UTC]"),
            "season": pd.Series([2024] * len(rows), dtype="Int64"),
        }
    )


def box(date: str, points: float | None, known: str, player: str = "7", **facts: Any) -> dict[str, Any]:
    return {
        "player_id": player,
        "game_date": day(date),
        "game_id": f"00224{date[:2]}{date[3:5]}0",
        "season": 2024,
        "points": points,
        "known_at": at(known),
    } | facts


def boxes(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([{"superseded_at": None} | row for row in rows])
    frame = frame.astype({"player_id": TEXT, "game_id": TEXT, "season": "Int64"})
    frame["superseded_at"] = pd.to_datetime(frame["superseded_at"], utc=True).astype("datetime64[us, UTC]")
    frame["game_date"] = frame["game_date"].astype("datetime64[us]")
    return frame.astype({"points": "float64", "known_at": "datetime64[us, UTC]"})


def test_the_most_recent_game_is_number_one() -> None:
    rows = boxes(box("11-05", 30, "11-06 08:00"), box("11-01", 10, "11-02 08:00"), box("11-03", 20, "11-04 08:00"))

    pairs = windows.history(asks(("7", "11-07", "11-07 23:30")), rows, "player_id")

    assert pairs[["n", "points"]].to_numpy().tolist() == [[3, 10], [2, 20], [1, 30]]


def test_the_day_itself_and_later_days_are_not_history() -> None:
    rows = boxes(box("11-07", 10, "11-06 08:00"), box("11-08", 20, "11-06 08:00"))

    assert windows.history(asks(("7", "11-07", "11-07 23:30")), rows, "player_id").empty


def test_yesterdays_game_counts_only_once_its_box_score_is_known() -> None:
    rows = boxes(box("11-06", 10, "11-07 23:31"))
    before, after = ("7", "11-07", "11-07 23:30"), ("7", "11-07", "11-07 23:31")

    assert windows.history(asks(before, after), rows, "player_id")["ask"].tolist() == [1]


def test_a_correction_counts_from_when_it_is_known() -> None:
    rows = boxes(*corrected(box("11-01", 10, "11-02 08:00"), at("11-03 15:00"), points=12))
    before, after = ("7", "11-03", "11-03 14:59"), ("7", "11-04", "11-03 15:00")

    assert windows.history(asks(before, after), rows, "player_id")["points"].tolist() == [10, 12]


def test_a_season_does_not_reach_into_the_last() -> None:
    rows = boxes(box("11-01", 10, "11-02 08:00", season=2023), box("11-03", 20, "11-04 08:00"))
    one = asks(("7", "11-07", "11-07 23:30"))

    assert windows.history(one, rows, "player_id")["points"].tolist() == [20]
    assert windows.history(one, rows, "player_id", season=False)["points"].tolist() == [10, 20]


def test_a_season_that_no_row_has_is_nobody_elses() -> None:
    rows = boxes(box("11-01", 10, "11-02 08:00", player="7"), box("11-01", 20, "11-02 08:00", player="8"))

    assert windows.history(asks(("8", "11-07", "11-07 23:30")).assign(season=2025), rows, "player_id").empty


def test_rows_of_one_date_are_in_the_order_of_game_and_player_whatever_the_order_handed_in() -> None:
    rows = boxes(
        box("11-01", 4, "11-02 08:00", player="7", game_id="b"),
        box("11-01", 3, "11-02 08:00", player="9", game_id="a"),
        box("11-01", 2, "11-02 08:00", player="8", game_id="a"),
        box("11-01", 1, "11-02 08:00", player="7", game_id="a"),
    )

    pairs = windows.history(asks(("-", "11-07", "11-07 23:30")), rows, "season")

    assert pairs["points"].tolist() == [1, 2, 3, 4]
    assert pairs["n"].tolist() == [4, 3, 2, 1]


def test_a_version_stands_from_when_it_is_known_until_the_next_is() -> None:
    rows = boxes(*corrected(box("11-01", 10, "11-02 08:00"), at("11-03 15:00"), points=12))

    def then(when: str) -> list[bool]:
        return list(windows.known_then(rows, pd.Series([at(when)] * 2).astype("datetime64[us, UTC]")))

    assert then("11-02 07:59") == [False, False]
    assert then("11-02 08:00") == [True, False]
    assert then("11-03 14:59") == [True, False]
    assert then("11-03 15:00") == [False, True]


def test_newest_keeps_the_last_pairs() -> None:
    rows = boxes(*(box(f"11-0{n}", n, "11-06 08:00") for n in (1, 2, 3, 4)))
    one = asks(("7", "11-07", "11-07 23:30"))

    kept = windows.history(one, rows, "player_id", newest=2)

    pd.testing.assert_frame_equal(kept, windows.last(windows.history(one, rows, "player_id"), 2).reset_index(drop=True))
    assert kept["points"].tolist() == [3, 4]


def test_sums_skip_nulls_and_leave_out_who_has_none() -> None:
    pairs = pd.DataFrame(
        {"ask": [0, 0, 2, 3], "points": [10.0, np.nan, 7.0, np.nan], "minutes": [20.0, 30.0, 0.0, 5.0]}
    )

    assert windows.count(pairs).to_dict() == {0: 2, 2: 1, 3: 1}
    assert windows.total(pairs, "points").to_dict() == {0: 10.0, 2: 7.0}
    assert windows.mean(pairs, "points").to_dict() == {0: 10.0, 2: 7.0}
    ratio = windows.ratio(pairs, "points", "minutes")
    assert ratio[0] == 0.5
    assert np.isnan(ratio[2])


def test_the_deviation_is_the_samples_and_needs_three() -> None:
    pairs = pd.DataFrame({"ask": [0, 0, 0, 1, 1], "points": [10.0, 20.0, 30.0, 1.0, 2.0]})

    found = windows.deviation(pairs, "points")

    assert found[0] == pytest.approx(10.0)
    assert np.isnan(found[1])


def test_a_run_ends_at_the_first_that_does_not_hold() -> None:
    pairs = pd.DataFrame({"ask": [0, 0, 0, 1, 1, 2]})
    holds = np.array([True, False, True, True, True, False])

    assert windows.run(pairs, holds).to_dict() == {0: 1, 1: 2, 2: 0}
    four = pd.DataFrame({"ask": [0, 0, 0, 0]})
    assert windows.run(four, np.array([False, True, False, True])).to_dict() == {0: 1}


MOMENTS = st.integers(0, 20)


@st.composite
def past(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Asks and rows of three players on twenty days, every time within them, some versions closed."""
    start, n_asks, n_rows = at("11-01 00:00"), draw(st.integers(0, 8)), draw(st.integers(1, 25))

    def a_row(number: int) -> dict[str, Any]:
        known = draw(MOMENTS)
        ended = draw(st.none() | st.integers(known + 1, 25))
        row = {
            "player_id": draw(st.sampled_from("789")),
            "game_date": day("11-01") + pd.Timedelta(days=draw(MOMENTS)),
            "game_id": f"g{number:02d}",
            "season": draw(st.sampled_from([2023, 2024])),
            "points": draw(st.floats(-1e6, 1e6)),
            "known_at": start + pd.Timedelta(days=known),
        }
        return row | {"superseded_at": None if ended is None else start + pd.Timedelta(days=ended)}

    found = [
        (draw(st.sampled_from("7890")), f"11-{draw(MOMENTS) + 1:02d}", f"11-{draw(MOMENTS) + 1:02d} 00:00")
        for _ in range(n_asks)
    ]
    return asks(*found), boxes(*(a_row(number) for number in range(n_rows)))


def plain_loop(wanted: pd.DataFrame, rows: pd.DataFrame) -> list[tuple[int, int, str]]:
    """ask, n, game_id of every pair, by the definition."""
    out = []
    for place, ask in enumerate(wanted.itertuples()):
        found = [
            (row.game_date, row.game_id)
            for row in rows.itertuples()
            if row.player_id == ask.player_id
            and row.season == ask.season
            and row.game_date < ask.game_date
            and row.known_at <= ask.decision_at
            and not (pd.notna(row.superseded_at) and row.superseded_at <= ask.decision_at)
        ]
        found.sort()
        out += [(place, len(found) - number, game) for number, (_, game) in enumerate(found)]
    return out


@settings(max_examples=100, deadline=None)
@given(past())
def test_history_is_what_a_plain_loop_finds(given_past: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    wanted, rows = given_past

    pairs = windows.history(wanted, rows, "player_id")

    assert list(pairs[["ask", "n", "game_id"]].itertuples(index=False, name=None)) == plain_loop(wanted, rows)


@settings(max_examples=40, deadline=None)
@given(past(), st.randoms(use_true_random=False))
def test_sums_are_the_same_bits_whoever_else_asks(given_past: tuple[pd.DataFrame, pd.DataFrame], shuffler: Any) -> None:
    wanted, rows = given_past
    shuffled = rows.iloc[shuffler.sample(range(len(rows)), len(rows))].reset_index(drop=True)
    together = windows.history(wanted, rows, "player_id")

    for place in range(len(wanted)):
        alone = windows.history(wanted.iloc[[place]].reset_index(drop=True), shuffled, "player_id")
        for measure in (windows.total, windows.mean, windows.deviation):
            whole, own = measure(together, "points"), measure(alone, "points")
            assert repr(whole.get(place)) == repr(own.get(0))
