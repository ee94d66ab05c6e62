"""States of a game's events: every moment sees just the versions that were known then, put together once a state."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.transforms.game_versions import GAME, as_of
from nba_assets.transforms.play_by_play_states import NO_STATE, EventVersions
from nba_assets_tests.transforms.leagues import frame

NBAC = "nbac_play_by_play"
FIRST = pd.Timestamp("2024-11-02T04:00Z")
GAMES = [
    (pd.Timestamp("2024-11-01"), "0022400101"),
    (pd.Timestamp("2024-11-02"), "0022400102"),
    (pd.Timestamp("2024-11-02"), "0022400103"),
    (pd.Timestamp("2024-11-01"), "0022400103"),
]
"""Two of one date, and one on two dates."""


def hour(number: int) -> pd.Timestamp:
    return FIRST + pd.Timedelta(hours=number)


def event(game: int, order: int, known: int, until: int | None = None) -> dict[str, Any]:
    """An event known from one hour to another; its words tell the version."""
    date, game_id = GAMES[game]
    facts = {"game_date": date, "game_id": game_id, "order_number": order, "description": f"{order} of {known}"}
    return facts | {"known_at": hour(known), "superseded_at": None if until is None else hour(until)}


def moments(*asked: tuple[int, int]) -> pd.DataFrame:
    """Moments of games: (game, hour)."""
    rows = [(*GAMES[game], hour(at)) for game, at in asked]
    return pd.DataFrame(rows, columns=[*GAME, "at"]).astype({"at": "datetime64[us, UTC]"})


def seen(versions: EventVersions, asked: pd.DataFrame) -> list[list[str]]:
    """What each moment sees, in order."""
    states, events = versions.at(asked)
    told = events.groupby("state")["description"].agg(list).to_dict()
    return [told[state] if state != NO_STATE else [] for state in states]


def test_moments_between_two_changes_share_a_state() -> None:
    rows = [event(0, 1, known=0), event(0, 2, known=0, until=5), event(0, 2, known=5), event(1, 1, known=2)]
    versions = EventVersions(frame(NBAC, rows))
    states, events = versions.at(moments((0, 1), (0, 4), (0, 5), (0, 9), (1, 1), (1, 3)))
    assert states.tolist() == [0, 0, 1, 1, NO_STATE, 2]
    assert events["state"].tolist() == [0, 0, 1, 1, 2]
    assert events["description"].tolist() == ["1 of 0", "2 of 0", "1 of 0", "2 of 5", "1 of 2"]


def test_states_that_no_moment_asks_for_are_not_put_together() -> None:
    rows = [event(0, 1, known=each, until=each + 1) for each in range(20)] + [event(0, 1, known=20)]
    states, events = EventVersions(frame(NBAC, rows)).at(moments((0, 30), (0, 7)))
    assert events["description"].tolist() == ["1 of 7", "1 of 20"]
    assert states.tolist() == [1, 0]


def test_a_game_whose_events_were_all_withdrawn_has_no_state() -> None:
    versions = EventVersions(frame(NBAC, [event(0, 1, known=0, until=3)]))
    assert versions.at(moments((0, 2), (0, 3)))[0].tolist() == [0, NO_STATE]


def test_games_of_a_date_do_not_see_each_other() -> None:
    versions = EventVersions(frame(NBAC, [event(1, 1, known=0), event(2, 2, known=1), event(2, 3, known=4)]))
    asked = moments((1, 0), (1, 5), (2, 0), (2, 2), (2, 5))
    assert seen(versions, asked) == [["1 of 0"], ["1 of 0"], [], ["2 of 1"], ["2 of 1", "3 of 4"]]


def test_a_date_without_the_game_has_no_state() -> None:
    versions = EventVersions(frame(NBAC, [event(1, 1, known=0), event(2, 2, known=0)]))
    assert seen(versions, moments((2, 1), (3, 1), (0, 1))) == [["2 of 0"], [], []]


def test_no_events_no_states() -> None:
    states, events = EventVersions(frame(NBAC, [])).at(moments((0, 2)))
    assert states.tolist() == [NO_STATE]
    assert events.empty and "state" in events.columns


def test_times_are_those_of_the_events_each_once() -> None:
    rows = [event(0, order, known=0) for order in range(9)] + [event(0, 9, known=0, until=4), event(1, 1, known=2)]
    times = EventVersions(frame(NBAC, rows)).times
    assert len(times) == 3
    assert set(times["known_at"]) == {hour(0), hour(2)}
    assert times["superseded_at"].dropna().tolist() == [hour(4)]


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Events of two games that change, disappear and come again."""
    rows = []
    for game in (0, 1):
        for order in range(draw(st.integers(0, 4))):
            times = sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=4)))
            ends = [*times[1:], draw(st.sampled_from([None, 7]))]
            gaps = draw(st.lists(st.booleans(), min_size=len(times), max_size=len(times)))
            rows += [
                event(game, order, known, until)
                for known, until, gone in zip(times, ends, gaps, strict=True)
                if not gone
            ]
    return rows


@settings(max_examples=60, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_every_moment_sees_what_was_known_then(rows: list[dict[str, Any]], random: Any) -> None:
    random.shuffle(rows)
    events = frame(NBAC, rows).sample(frac=1, random_state=random.randint(0, 99))
    asked = moments(*((game, at) for game in (0, 1) for at in range(-1, 9)))
    known = as_of(events, asked).sort_values(["moment", "order_number"])
    expected = [known.loc[known["moment"] == n, "description"].tolist() for n in range(len(asked))]
    assert seen(EventVersions(events), asked) == expected
