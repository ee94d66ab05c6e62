"""Game identity: date and pair of any source to the league's game, by the schedule as it was known."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.contracts import table
from nba_assets.contracts.frames import empty
from nba_assets.sources.games import Placed, resolve_games, with_tip

WEDNESDAY = "2025-01-15"
TIP = "2025-01-16T00:30Z"
"""Half past seven in the evening of Wednesday, in New York."""


def listed(
    game_id: str = "0022400561",
    day: str = WEDNESDAY,
    pair: str = "NYKPHI",
    *,
    known: str = "2025-01-01T12:00Z",
    tip: str | None = TIP,
    neutral: bool = False,
) -> dict[str, Any]:
    return {
        "game_id": game_id,
        "game_date": pd.Timestamp(day),
        "away_tricode": pair[:3],
        "home_tricode": pair[3:],
        "tip_at": pd.NaT if tip is None else pd.Timestamp(tip),
        "is_neutral": neutral,
        "known_at": pd.Timestamp(known),
    }


def schedule(*games: dict[str, Any]) -> pd.DataFrame:
    return typed(list(games) or [listed()]).astype({"is_neutral": "boolean"})


def typed(records: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(records).astype({"game_date": "datetime64[us]"})
    for name in frame.columns.intersection(["known_at", "starts_at", "tip_at"]):
        frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[us, UTC]")
    text = frame.columns.intersection(["game_id", "away_tricode", "home_tricode", "team_tricode"])
    return frame.astype(dict.fromkeys(text, "string[pyarrow]"))


def row(
    pair: str | None = "NYKPHI",
    day: str = WEDNESDAY,
    *,
    known: str = "2025-01-16T06:00Z",
    starts: str | None = None,
    game_id: str | None = None,
    team: str | None = None,
) -> dict[str, Any]:
    return {
        "game_date": pd.Timestamp(day),
        "away_tricode": pair[:3] if pair else None,
        "home_tricode": pair[3:] if pair else None,
        "known_at": pd.Timestamp(known),
        "starts_at": pd.NaT if starts is None else pd.Timestamp(starts),
        "game_id": game_id,
        "team_tricode": team,
    }


def rows(*found: dict[str, Any]) -> pd.DataFrame:
    return typed(list(found))


def place(found: dict[str, Any], *games: dict[str, Any]) -> Placed:
    return resolve_games(rows(found), schedule(*games))


def test_date_and_pair_find_the_game() -> None:
    found = place(row()).rows.iloc[0]
    assert found["game_id"] == "0022400561" and found["game_date"] == pd.Timestamp(WEDNESDAY)


def test_what_the_schedule_does_not_have_is_kept_as_it_came() -> None:
    found = place(row("BOSLAL"))
    assert found.rows.empty and found.unplaced["away_tricode"].tolist() == ["BOS"]
    assert found.unplaced["game_id"].isna().all()


def test_an_empty_schedule_places_nothing() -> None:
    found = resolve_games(rows(row(), row("BOSLAL")), empty(table("nbac_schedule")))
    assert found.rows.empty and len(found.unplaced) == 2


def test_no_rows_are_no_rows() -> None:
    found = resolve_games(rows(row()).iloc[:0], schedule())
    assert found.rows.empty and found.unplaced.empty and "game_id" in found.rows.columns


def test_a_swapped_pair_is_another_game_but_at_a_neutral_site() -> None:
    assert place(row("PHINYK")).rows.empty
    found = place(row("PHINYK", team="NYK"), listed(neutral=True)).rows.iloc[0]
    assert (found["away_tricode"], found["home_tricode"]) == ("NYK", "PHI"), "the schedule's sides"
    assert (found["is_home"], found["opponent_tricode"]) == (False, "PHI")


def test_the_pair_as_it_stands_goes_before_the_swapped_one() -> None:
    found = place(row("PHINYK"), listed(neutral=True), listed("0022400562", pair="PHINYK"))
    assert found.rows["game_id"].tolist() == ["0022400562"]


def test_what_the_schedule_lists_later_does_not_move_a_row_that_has_its_game() -> None:
    twin = listed("0022400999", known="2025-01-17T12:00Z")
    found = place(row(), listed(), twin).rows
    assert (found["game_id"].tolist(), found["known_at"].tolist()) == (["0022400561"], [row()["known_at"]])
    assert place(row(known="2025-01-17T13:00Z"), listed(), twin).rows.empty, "by then there are two"


def test_a_row_that_finds_no_game_has_the_first_that_the_schedule_lists_for_it() -> None:
    other_night = listed("0022400562", "2025-01-16", tip="2025-01-17T13:00Z")
    late, later = listed(known="2025-01-16T07:00Z"), listed("0022400999", known="2025-01-17T12:00Z")
    found = place(row(starts=TIP), other_night, late, later).rows
    assert (found["game_id"].tolist(), found["known_at"].tolist()) == (["0022400561"], [late["known_at"]])


@pytest.mark.parametrize("day", ["2025-01-14", "2025-01-16"])
def test_a_day_off_is_accepted_if_the_tip_is_near(day: str) -> None:
    found = place(row(day=day, starts="2025-01-16T00:40Z")).rows.iloc[0]
    assert found["game_id"] == "0022400561" and found["game_date"] == pd.Timestamp(WEDNESDAY)


@pytest.mark.parametrize(
    ("day", "starts"),
    [
        ("2025-01-16", None),
        ("2025-01-16", "2025-01-16T12:31Z"),
        ("2025-01-16", "2025-01-15T12:29Z"),
        ("2025-01-17", "2025-01-16T00:40Z"),
    ],
)
def test_a_day_off_without_a_near_tip_and_two_days_off_are_not(day: str, starts: str | None) -> None:
    assert place(row(day=day, starts=starts)).rows.empty


def test_twelve_hours_are_near() -> None:
    assert len(place(row(day="2025-01-16", starts="2025-01-16T12:30Z")).rows) == 1


def test_a_tip_to_be_determined_is_not_near() -> None:
    assert place(row(day="2025-01-16", starts=TIP), listed(tip=None)).rows.empty


def test_a_day_off_must_be_the_only_game_of_the_pair_around_it() -> None:
    later = listed("0022400570", "2025-01-17", tip="2025-01-18T00:30Z")
    assert place(row(day="2025-01-16", starts=TIP), listed(), later).rows.empty
    assert len(place(row(day="2025-01-16", starts=TIP), listed()).rows) == 1


def test_a_game_of_the_date_goes_before_one_a_day_off() -> None:
    other = listed("0022400570", "2025-01-16", tip="2025-01-17T00:30Z")
    found = place(row(day="2025-01-16", starts=TIP), listed(), other)
    assert found.rows["game_id"].tolist() == ["0022400570"]


def test_two_games_of_one_date_and_pair_are_not_guessed() -> None:
    assert place(row(), listed(), listed("0022400999")).rows.empty


def test_a_line_posted_before_a_postponement_still_finds_its_game() -> None:
    moved = listed(day="2025-02-19", known="2025-01-15T20:00Z", tip="2025-02-20T00:30Z")
    found = resolve_games(rows(row(), row(day="2025-02-19")), schedule(listed(), moved)).rows
    assert found["game_id"].tolist() == ["0022400561"] * 2
    assert found["game_date"].tolist() == [pd.Timestamp(WEDNESDAY), pd.Timestamp("2025-02-19")]


def test_a_row_is_known_when_the_schedule_was() -> None:
    late = listed(known="2025-01-16T09:00Z")
    assert place(row(), late).rows["known_at"].tolist() == [pd.Timestamp("2025-01-16T09:00Z")]
    again = listed(known="2025-01-17T09:00Z")
    assert place(row(), late, again).rows["known_at"].tolist() == [pd.Timestamp("2025-01-16T09:00Z")], "the first"
    assert place(row()).rows["known_at"].tolist() == [pd.Timestamp("2025-01-16T06:00Z")]


def test_what_a_later_schedule_says_serves_from_then_on() -> None:
    tbd, set_ = listed(tip=None), listed(known="2025-01-16T09:00Z")
    found = place(row(day="2025-01-16", starts=TIP), tbd, set_).rows
    assert found["known_at"].tolist() == [pd.Timestamp("2025-01-16T09:00Z")]
    home, neutral = listed(), listed(known="2025-01-16T09:00Z", neutral=True)
    assert place(row("PHINYK"), home, neutral).rows["known_at"].tolist() == [pd.Timestamp("2025-01-16T09:00Z")]


def test_a_row_with_the_leagues_id_takes_the_sides_from_the_schedule() -> None:
    found = place(row(None, game_id="0022400561", team="NYK")).rows.iloc[0]
    assert (found["away_tricode"], found["home_tricode"], found["is_home"]) == ("NYK", "PHI", False)
    swapped = place(row("PHINYK", game_id="0022400561", team="PHI")).rows.iloc[0]
    assert (swapped["home_tricode"], swapped["is_home"], swapped["opponent_tricode"]) == ("PHI", True, "NYK")


def test_a_row_with_the_leagues_id_is_known_when_the_schedule_was() -> None:
    found = place(row(None, game_id="0022400561"), listed(known="2025-01-16T09:00Z")).rows
    assert found["known_at"].tolist() == [pd.Timestamp("2025-01-16T09:00Z")]


def test_an_id_that_the_schedule_lacks_needs_sides_of_its_own() -> None:
    assert len(place(row(game_id="0022400999")).rows) == 1
    assert place(row(None, game_id="0022400999")).rows.empty


def test_an_id_of_other_teams_game_is_not_believed() -> None:
    found = place(row("BOSLAL", game_id="0022400561", team="BOS"))
    assert found.rows.empty and found.unplaced["game_id"].tolist() == ["0022400561"]


def tipped(captured: str, known: str, *games: dict[str, Any]) -> Any:
    props = rows(row(game_id="0022400561", known=known)).assign(captured_at=pd.Timestamp(captured))
    return with_tip(props, schedule(*games))[["minutes_to_tip", "is_in_play"]].iloc[0].tolist()


def test_minutes_to_the_tip() -> None:
    assert tipped("2025-01-15T23:30Z", "2025-01-15T23:30Z") == [60.0, False]
    assert tipped(TIP, TIP) == [0.0, True], "at the tip the game is on"
    assert tipped("2025-01-16T00:45Z", "2025-01-16T00:45Z") == [-15.0, True]


def test_the_tip_is_the_newest_known_with_the_row() -> None:
    early, late = listed(tip="2025-01-16T00:00Z"), listed(known="2025-01-15T22:00Z")
    assert tipped("2025-01-15T21:00Z", "2025-01-15T21:00Z", early, late) == [180.0, False]
    assert tipped("2025-01-15T22:00Z", "2025-01-15T22:00Z", early, late) == [150.0, False]


@pytest.mark.parametrize("game", [listed(tip=None), listed("0022400999"), listed(known="2025-01-15T22:00Z")])
def test_without_a_tip_nobody_knows_whether_the_game_is_on(game: dict[str, Any]) -> None:
    found = tipped("2025-01-15T21:00Z", "2025-01-15T21:00Z", game)
    assert all(pd.isna(value) for value in found)


def test_the_order_of_rows_stays() -> None:
    props = rows(*(row(game_id="0022400561", known=f"2025-01-15T{hour}:00Z") for hour in (23, 20, 22)))
    found = with_tip(props.assign(captured_at=props["known_at"]), schedule())
    assert found["minutes_to_tip"].tolist() == [90.0, 270.0, 150.0]


days = st.sampled_from(["2025-01-14", WEDNESDAY, "2025-01-16"])
pairs = st.sampled_from(["NYKPHI", "PHINYK", "BOSLAL"])
hours = st.integers(0, 72).map(lambda h: str(pd.Timestamp("2025-01-14T00:30Z") + pd.Timedelta(hours=h)))
games = st.builds(
    listed,
    st.sampled_from(["0022400561", "0022400562", "0022400563"]),
    days,
    pairs,
    known=st.sampled_from(["2025-01-01T12:00Z", "2025-01-16T09:00Z", "2025-01-17T09:00Z"]),
    tip=st.none() | hours,
    neutral=st.booleans(),
)
asked = st.builds(row, pairs, days, starts=st.none() | hours, team=st.none() | st.sampled_from(["NYK", "PHI"]))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(games, min_size=1, max_size=6), st.lists(asked, min_size=1, max_size=5), st.randoms(use_true_random=False)
)
def test_order_never_shows(known: list[dict[str, Any]], wanted: list[dict[str, Any]], random: Any) -> None:
    first = resolve_games(rows(*wanted).assign(n=range(len(wanted))), schedule(*known))
    shuffled = rows(*wanted).assign(n=range(len(wanted))).sample(frac=1, random_state=random.randint(0, 99))
    second = resolve_games(shuffled, schedule(*random.sample(known, k=len(known))))
    for one, other in ((first.rows, second.rows), (first.unplaced, second.unplaced)):
        pd.testing.assert_frame_equal(
            one.sort_values("n", ignore_index=True), other.sort_values("n", ignore_index=True), check_dtype=False
        )


@settings(max_examples=25, deadline=None)
@given(st.lists(games, min_size=1, max_size=6), st.lists(asked, min_size=1, max_size=5))
def test_every_row_is_placed_once_or_kept_and_never_known_sooner(
    known: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> None:
    given_ = rows(*wanted).assign(n=range(len(wanted)))
    found = resolve_games(given_, schedule(*known))
    assert sorted([*found.rows["n"], *found.unplaced["n"]]) == list(range(len(wanted)))
    before = given_.set_index("n")["known_at"].reindex(found.rows["n"]).to_numpy()
    assert (found.rows["known_at"].to_numpy() >= before).all()
    assert set(found.rows["game_id"]) <= {game["game_id"] for game in known}
