"""Player identity: how a name finds its man among those whom the registry knew, and what is never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.contracts import table
from nba_assets.contracts.frames import conform, empty
from nba_assets.sources.identity import aliases, aliases_of, resolve_players
from nba_assets.sources.names import player_lookup
from nba_assets.sources.versions import CAPTURE_COLUMNS, close

GAME, DAY = "0022400561", "2025-01-15"
"""Knicks at Sixers."""
BEFORE, AFTER = "2025-01-15T11:00Z", "2025-01-16T07:05Z"
"""When the day's player list is known, and the game's own box score."""
BOOK = "2025-01-16T06:00Z"
"""When a gamebook is."""
NO_ALIASES = pd.DataFrame({"lookup": [], "player_id": []}, dtype="string[pyarrow]")


@dataclass(frozen=True)
class Entry:
    """One row of the registry."""

    player_id: str
    name: str
    team: str = "NYK"
    day: str = DAY
    known: str = BEFORE
    game_id: str | None = None


@dataclass(frozen=True)
class Line:
    """One row of a book."""

    name: str
    team: str | None = "NYK"
    status: str | None = "active"
    given: str | None = None
    sportsbook: str = "a"


def registry(*entries: Entry) -> pd.DataFrame:
    contract = table("player_identity")
    if not entries:
        return empty(contract)
    rows = [
        {
            "game_date": pd.Timestamp(entry.day),
            "player_id": entry.player_id,
            "player_name": entry.name,
            "player_lookup": player_lookup(entry.name),
            "team_tricode": entry.team,
            "game_id": entry.game_id,
            "source": "nbac_player_list" if entry.game_id is None else "nbac_player_boxscores",
            "known_at": pd.Timestamp(entry.known),
            "known_at_assumed": False,
            "source_path": f"{n}.json",
            "source_hash": "0" * 64,
        }
        for n, entry in enumerate(entries)
    ]
    return conform(pd.DataFrame(rows), contract)


def book(*lines: Line, known: str = BOOK, path: str = "x.json") -> pd.DataFrame:
    """A capture of the game."""
    records = [
        {
            "unit": GAME,
            "known_at": pd.Timestamp(known),
            "stamped_at": pd.Timestamp(known),
            "source_hash": path,
            "source_path": path,
            "game_id": GAME,
            "game_date": pd.Timestamp(DAY),
            "away_tricode": "NYK",
            "home_tricode": "PHI",
            "player_name": line.name,
            "player_lookup": player_lookup(line.name),
            "team_tricode": line.team,
            "player_status": line.status,
            "player_id": line.given,
            "book": line.sportsbook,
        }
        for line in lines
    ]
    times = dict.fromkeys(("known_at", "stamped_at"), "datetime64[us, UTC]") | {"game_date": "datetime64[us]"}
    frame = pd.DataFrame(records).astype(times)
    text = [c for c in frame.columns if c not in times]
    return frame.astype(dict.fromkeys(text, "string[pyarrow]"))


def history(books: Sequence[pd.DataFrame], known: pd.DataFrame, alias: pd.DataFrame = NO_ALIASES) -> pd.DataFrame:
    """All versions of the books' rows, as a table that closes rows keeps them."""
    rows = pd.concat(books, ignore_index=True)
    found = resolve_players(rows, rows[CAPTURE_COLUMNS].drop_duplicates(), known, alias, closed=True)
    versions = close(found.rows, found.captures, ["game_id", "player_key"])
    return versions.sort_values(["player_key", "known_at"], ignore_index=True)


def answers(lines: Sequence[Line], *entries: Entry, alias: pd.DataFrame = NO_ALIASES) -> list[tuple[str | None, str]]:
    """(id, step) of each line of one gamebook, in its order."""
    rows = book(*lines)
    found = resolve_players(rows, rows[CAPTURE_COLUMNS].drop_duplicates(), registry(*entries), alias, closed=True)
    first = found.rows.iloc[: len(lines)]
    return [
        (None if pd.isna(who) else str(who), str(step))
        for who, step in zip(first["player_id"], first["resolution"], strict=True)
    ]


def answer(line: Line, *entries: Entry, alias: pd.DataFrame = NO_ALIASES) -> tuple[str | None, str]:
    return answers([line], *entries, alias=alias)[0]


NOBODY = (None, "unresolved")
BRUNSON = Entry("1628973", "Jalen Brunson")


def test_a_name_finds_its_man_whatever_its_dots_and_accents() -> None:
    assert answer(Line("Jalen Brunson"), BRUNSON) == ("1628973", "exact")
    assert answer(Line("C.J. McCollum"), Entry("203468", "CJ McCollum")) == ("203468", "exact")
    assert answer(Line("Luka Doncic"), Entry("1629029", "Luka Dončić")) == ("1629029", "exact")


def test_an_id_in_the_payload_needs_no_registry() -> None:
    assert answer(Line("Jalen Brunson", given="1628973")) == ("1628973", "id")


def test_without_a_registry_nobody_is_found() -> None:
    assert answer(Line("Jalen Brunson")) == NOBODY


def test_two_men_of_one_name_are_not_guessed() -> None:
    assert answer(Line("Jalen Brunson"), BRUNSON, Entry("2", "Jalen Brunson")) == NOBODY
    assert answer(Line("Jalen Brunson"), BRUNSON, Entry("2", "Jalen Brunson", "PHI")) == ("1628973", "exact")


def test_a_missing_suffix_is_forgiven_if_one_man_fits() -> None:
    butler = Entry("202710", "Jimmy Butler III")
    assert answer(Line("Jimmy Butler"), butler) == ("202710", "no_suffix")
    assert answer(Line("Jimmy Butler Jr."), butler) == ("202710", "no_suffix")
    assert answer(Line("Jimmy Butler"), butler, Entry("2", "Jimmy Butler Jr.")) == NOBODY


def test_the_exact_name_goes_before_one_without_its_suffix() -> None:
    father, son = Entry("56", "Gary Payton"), Entry("1627780", "Gary Payton II")
    lines = [Line("Gary Payton II"), Line("Gary Payton")]
    assert answers(lines, father, son) == [("1627780", "exact"), ("56", "exact")]


def test_an_alias_names_a_man_of_the_team() -> None:
    alias = pd.DataFrame({"lookup": ["moewagner"], "player_id": ["1629021"]}, dtype="string[pyarrow]")
    assert answer(Line("Moe Wagner"), Entry("1629021", "Moritz Wagner"), alias=alias) == ("1629021", "alias")
    assert answer(Line("Moe Wagner"), Entry("1629021", "Moritz Wagner", "PHI"), alias=alias) == NOBODY
    assert answer(Line("Moe Wagner"), BRUNSON, alias=alias) == NOBODY


def test_the_aliases_that_the_project_keeps() -> None:
    known = aliases()
    assert known["lookup"].map(player_lookup).tolist() == known["lookup"].tolist()
    of_props = aliases_of("odds_api_player_points_props", known).set_index("lookup")["player_id"]
    assert of_props["nicolasclaxton"] == "1629651" and of_props.index.is_unique
    special = pd.DataFrame({"source": ["a", "b", "*"], "lookup": ["x", "y", "z"], "player_id": ["1", "2", "3"]})
    assert aliases_of("a", special)["lookup"].tolist() == ["x", "z"]


def test_the_first_list_of_aliases_goes_before_the_others_and_a_source_before_all() -> None:
    own = pd.DataFrame({"source": ["*", "a"], "lookup": ["x", "y"], "player_id": ["1", "2"]})
    kept = pd.DataFrame(
        {"source": ["a", "*", "a", "*", "*"], "lookup": list("xyzzw"), "player_id": ["3", "4", "5", "6", "7"]}
    )
    assert dict(aliases_of("a", own, kept).values.tolist()) == {"x": "1", "y": "2", "z": "5", "w": "7"}
    assert dict(aliases_of("b", own, kept).values.tolist()) == {"x": "1", "y": "4", "z": "6", "w": "7"}


def test_another_teams_player_is_never_taken() -> None:
    assert answer(Line("Jalen Brunson"), Entry("1628973", "Jalen Brunson", "PHI")) == NOBODY
    assert answer(Line("Jalen Brunson"), Entry("1628973", "Jalen Brunson", "BOS")) == NOBODY


def test_a_namesake_of_the_other_team_is_not_taken_for_one_with_a_suffix() -> None:
    own, other = Entry("1", "Jalen Green Jr."), Entry("2", "Jalen Green", "PHI")
    assert answer(Line("Jalen Green"), own, other) == ("1", "no_suffix")


def test_a_source_without_teams_looks_in_both() -> None:
    line = Line("Jalen Brunson", team=None, status=None)
    assert answer(line, Entry("1628973", "Jalen Brunson", "PHI")) == ("1628973", "exact")
    assert answer(line, BRUNSON, Entry("2", "Jalen Brunson", "PHI")) == NOBODY


def test_of_two_rows_that_claim_one_man_the_surer_keeps_him_and_of_equals_none() -> None:
    butler = Entry("202710", "Jimmy Butler III")
    lines = [Line("Jimmy Butler"), Line("Jimmy Butler III")]
    assert answers(lines, butler) == [NOBODY, ("202710", "exact")]
    assert answers([Line("Jalen Brunson"), Line("J. alen Brunson")], BRUNSON) == [NOBODY, NOBODY]


WILLIAMS = (
    Entry("1630598", "Aaron Williams"),
    Entry("1631114", "Jalen Williams"),
    Entry("1631119", "Jaylin Williams"),
)
OUT = Line("Williams", status="inactive")


def test_one_last_name_and_one_man_left() -> None:
    lines = [Line("Aaron Williams"), Line("Jalen Williams", status="dnp"), OUT]
    assert answers(lines, *WILLIAMS)[2] == ("1631119", "last_name_set")


def test_two_equal_last_names_and_two_men_left_go_by_ascending_id() -> None:
    found = answers([OUT, Line("Aaron Williams"), OUT], *WILLIAMS)
    assert [found[0], found[2]] == [("1631114", "last_name_set"), ("1631119", "last_name_set")]
    short = (Entry("999", "Kenrich Williams"), Entry("1000", "Jalen Williams"))
    assert answers([OUT, OUT], *short) == [("999", "last_name_set"), ("1000", "last_name_set")]


@pytest.mark.parametrize("names", [1, 2, 4])
def test_more_or_fewer_names_than_men_left_are_not_guessed(names: int) -> None:
    assert answers([OUT] * names, *WILLIAMS) == [NOBODY] * names


def test_a_last_name_has_its_suffix() -> None:
    jackson = Entry("1628991", "Jaren Jackson Jr.")
    assert answer(Line("Jackson Jr.", status="inactive"), jackson) == ("1628991", "last_name_set")
    assert answer(Line("Jackson", status="inactive"), jackson) == NOBODY


def test_only_the_inactive_are_found_by_their_last_names() -> None:
    assert answer(Line("Brunson"), BRUNSON) == NOBODY
    assert answer(Line("Brunson", status="dnp"), BRUNSON) == NOBODY
    assert answer(Line("Brunson", status="inactive"), BRUNSON) == ("1628973", "last_name_set")


def test_the_other_team_has_no_part_in_a_last_name() -> None:
    assert answer(OUT, Entry("1", "Kenrich Williams", "PHI")) == NOBODY
    both = [Line("Williams", "PHI", "inactive"), OUT]
    found = answers(both, Entry("1", "Kenrich Williams", "PHI"), Entry("2", "Jalen Williams"))
    assert found == [("1", "last_name_set"), ("2", "last_name_set")]


@pytest.mark.parametrize("status", ["active", "dnp"])
def test_an_unknown_man_of_that_name_on_the_floor_blocks_it(status: str) -> None:
    lines = [Line("Alondes Williams", status=status), OUT]
    assert answers(lines, WILLIAMS[0]) == [NOBODY, NOBODY]
    other_team = [Line("Alondes Williams", "PHI", status), OUT]
    assert answers(other_team, WILLIAMS[0])[1] == ("1630598", "last_name_set")


@pytest.mark.parametrize(
    ("day", "found"),
    [("2024-12-31", False), ("2025-01-01", True), (DAY, True), ("2025-01-17", True), ("2025-01-18", False)],
)
def test_the_registry_counts_from_two_weeks_before_to_two_days_after(day: str, found: bool) -> None:
    assert answer(Line("Jalen Brunson"), Entry("1628973", "Jalen Brunson", day=day)) == (
        ("1628973", "exact") if found else NOBODY
    )


def test_after_a_trade_the_newest_entry_says_where_a_man_is() -> None:
    old, new = Entry("1", "Mo Bamba", "PHI", "2025-01-13"), Entry("1", "Mo Bamba", "NYK", "2025-01-14")
    assert answers([Line("Mo Bamba"), Line("Mo Bamba", "PHI")], old, new) == [("1", "exact"), NOBODY]
    gone = Entry("1", "Mo Bamba", "BOS", "2025-01-14")
    assert answer(Line("Mo Bamba", "PHI"), old, gone) == NOBODY
    assert answer(Line("Bamba", "PHI", "inactive"), old, gone) == NOBODY


def test_what_is_listed_after_the_game_serves_only_who_was_not_listed_before() -> None:
    before, after = Entry("1", "Mo Bamba", "NYK", "2025-01-14"), Entry("1", "Mo Bamba", "BOS", "2025-01-16")
    assert answer(Line("Mo Bamba"), before, after) == ("1", "exact")
    assert answer(
        Line("Mo Bamba"), Entry("1", "Mo Bamba", "NYK", "2025-01-16"), Entry("1", "Mo Bamba", "BOS", "2025-01-17")
    ) == (
        "1",
        "exact",
    )


def test_the_games_own_box_score_goes_before_the_list_of_its_day() -> None:
    listed = Entry("1", "Mo Bamba", "PHI")
    played = Entry("1", "Mo Bamba", "NYK", known=BEFORE, game_id=GAME)
    assert answer(Line("Mo Bamba"), listed, played) == ("1", "exact")


def test_of_several_lists_of_a_day_the_last_counts_even_if_it_says_what_the_first_said() -> None:
    lists = [
        Entry("1", "Mo Bamba", team, known=f"2025-01-15T{hour}:00Z")
        for team, hour in (("NYK", 11), ("BOS", 15), ("NYK", 19))
    ]
    assert answer(Line("Mo Bamba"), *lists) == ("1", "exact")
    assert answer(Line("Mo Bamba"), *lists[:2]) == NOBODY


def versions(found: pd.DataFrame) -> list[tuple[str, str, str | None]]:
    """(key, known, superseded), times as in the examples."""
    return [
        (key, f"{known:%Y-%m-%dT%H:%MZ}", None if pd.isna(until) else f"{until:%Y-%m-%dT%H:%MZ}")
        for key, known, until in zip(found["player_key"], found["known_at"], found["superseded_at"], strict=True)
    ]


def test_a_registry_that_grows_resolves_again_from_then_on() -> None:
    late = Entry("1628973", "Jalen Brunson", known=AFTER, game_id=GAME)
    assert versions(history([book(Line("Jalen Brunson"))], registry(late))) == [
        ("1628973", AFTER, None),
        ("unresolved:NYK:jalenbrunson#1", BOOK, AFTER),
    ]


def test_who_was_resolved_keeps_his_version_when_another_is_resolved_later() -> None:
    late = Entry("2", "Miles McBride", known=AFTER, game_id=GAME)
    found = versions(history([book(Line("Jalen Brunson"), Line("Miles McBride"))], registry(BRUNSON, late)))
    assert found == [
        ("1628973", BOOK, None),
        ("2", AFTER, None),
        ("unresolved:NYK:milesmcbride#1", BOOK, AFTER),
    ]


def test_a_registry_that_grows_in_steps_resolves_each_at_his_time() -> None:
    first = Entry("1", "Ann One", known="2025-01-16T07:00Z")
    second = Entry("2", "Bob Two", known="2025-01-16T08:00Z")
    found = versions(history([book(Line("Ann One"), Line("Bob Two"))], registry(first, second)))
    assert found == [
        ("1", "2025-01-16T07:00Z", None),
        ("2", "2025-01-16T08:00Z", None),
        ("unresolved:NYK:annone#1", BOOK, "2025-01-16T07:00Z"),
        ("unresolved:NYK:bobtwo#1", BOOK, "2025-01-16T08:00Z"),
    ]


def test_a_last_name_set_is_complete_when_the_registry_is() -> None:
    late = Entry("1631119", "Jaylin Williams", known=AFTER)
    found = versions(history([book(OUT, OUT)], registry(WILLIAMS[1], late)))
    assert found == [
        ("1631114", AFTER, None),
        ("1631119", AFTER, None),
        ("unresolved:NYK:williams#1", BOOK, AFTER),
        ("unresolved:NYK:williams#2", BOOK, AFTER),
    ]


def test_a_capture_that_is_no_longer_the_newest_is_not_resolved_again() -> None:
    late = Entry("1628973", "Jalen Brunson", known="2025-01-16T09:00Z")
    captures = [book(Line("Jalen Brunson")), book(Line("Miles McBride"), known="2025-01-16T08:00Z", path="y.json")]
    assert versions(history(captures, registry(late))) == [
        ("unresolved:NYK:jalenbrunson#1", BOOK, "2025-01-16T08:00Z"),
        ("unresolved:NYK:milesmcbride#1", "2025-01-16T08:00Z", None),
    ]


def test_a_recapture_after_the_registry_grew_resolves_by_itself() -> None:
    late = Entry("1628973", "Jalen Brunson", known="2025-01-16T07:00Z")
    captures = [book(Line("Jalen Brunson")), book(Line("Jalen Brunson"), known="2025-01-16T08:00Z", path="y.json")]
    assert versions(history(captures, registry(late))) == [
        ("1628973", "2025-01-16T07:00Z", None),
        ("unresolved:NYK:jalenbrunson#1", BOOK, "2025-01-16T07:00Z"),
    ]


def test_a_man_whom_the_book_has_already_is_not_found_a_second_time() -> None:
    """Traded after the game: now his namesake's line would fit him."""
    listed = Entry("1", "Mo Bamba", "NYK", "2025-01-14")
    own = Entry("1", "Mo Bamba", "PHI", known=AFTER, game_id=GAME)
    found = history([book(Line("Mo Bamba"), Line("Mo Bamba", "PHI"))], registry(listed, own))
    assert found.loc[found["superseded_at"].isna(), "player_key"].tolist() == ["1", "unresolved:PHI:mobamba#1"]


def test_unresolved_keys_count_equal_names_and_never_move() -> None:
    lines = (OUT, Line("Williams", "PHI", "inactive"), OUT)
    found = history([book(*lines), book(*lines, known="2025-01-16T08:00Z", path="y.json")], registry())
    assert versions(found) == [
        ("unresolved:NYK:williams#1", BOOK, None),
        ("unresolved:NYK:williams#2", BOOK, None),
        ("unresolved:PHI:williams#1", BOOK, None),
    ]


def props(books: Sequence[pd.DataFrame], known: pd.DataFrame) -> pd.DataFrame:
    rows = pd.concat(books, ignore_index=True).drop(columns=["team_tricode", "player_status", "player_id"])
    spoken = rows[CAPTURE_COLUMNS].drop_duplicates()
    return resolve_players(rows, spoken, known, NO_ALIASES, closed=False, group=("book",)).rows


def test_a_line_that_resolves_late_is_known_late() -> None:
    late = Entry("1628973", "Jalen Brunson", known=AFTER, game_id=GAME)
    posted = book(Line("Jalen Brunson"), Line("Miles McBride"), known="2025-01-15T21:00Z")
    found = props([posted], registry(late, Entry("2", "Miles McBride")))
    assert found["player_id"].tolist() == ["1628973", "2"]
    assert found["known_at"].tolist() == [pd.Timestamp(AFTER), pd.Timestamp("2025-01-15T21:00Z")]


def test_an_unresolved_line_is_keyed_by_the_pair() -> None:
    found = props([book(Line("Jalen Brunson"), Line("Jalen Brunson", sportsbook="b"))], registry())
    assert found["player_key"].tolist() == ["unresolved:NYKPHI:jalenbrunson#1"] * 2
    assert found["player_id"].isna().all() and found["resolution"].eq("unresolved").all()


def test_a_man_may_stand_once_in_each_sportsbook() -> None:
    lines = [Line("Jalen Brunson"), Line("Jalen Brunson", sportsbook="b"), Line("J. Alen Brunson", sportsbook="b")]
    found = props([book(*lines)], registry(BRUNSON))
    assert found["resolution"].tolist() == ["exact", "unresolved", "unresolved"]


HOURS = [f"2025-01-16T{hour:02}:00Z" for hour in range(3, 10)]
NAMES = ("Jalen Williams", "Jaylin Williams", "Jalen Williams Jr.", "Jalen Brunson")
entries = st.builds(
    Entry,
    st.sampled_from(["1", "2", "30"]),
    st.sampled_from(NAMES),
    st.sampled_from(["NYK", "PHI", "BOS"]),
    st.sampled_from(["2025-01-14", DAY, "2025-01-16"]),
    st.sampled_from([BEFORE, *HOURS]),
    st.none() | st.just(GAME),
)
lines = st.lists(
    st.builds(Line, st.sampled_from(NAMES), st.sampled_from(["NYK", "PHI"]), st.sampled_from(["active", "dnp"]))
    | st.builds(Line, st.just("Williams"), st.sampled_from(["NYK", "PHI"]), st.just("inactive")),
    min_size=1,
    max_size=4,
    unique_by=lambda line: (line.name, line.team),
)


@st.composite
def books(draw: st.DrawFn) -> list[pd.DataFrame]:
    hours = draw(st.lists(st.sampled_from(HOURS[:4]), min_size=1, max_size=2, unique=True))
    return [book(*draw(lines), known=hour, path=f"{hour}.json") for hour in hours]


@settings(max_examples=10, deadline=None)
@given(books(), st.lists(entries, max_size=8, unique=True), st.randoms(use_true_random=False))
def test_order_never_shows(captures: list[pd.DataFrame], known: list[Entry], random: Any) -> None:
    shuffled = [capture.sample(frac=1, random_state=random.randint(0, 99)) for capture in captures]
    random.shuffle(shuffled)
    again = registry(*known).sample(frac=1, random_state=random.randint(0, 99))
    pd.testing.assert_frame_equal(history(captures, registry(*known)), history(shuffled, again))
    one, other = (
        props(each, of).sort_values(["known_at", "source_path", "player_key"], ignore_index=True)
        for each, of in ((captures, registry(*known)), (shuffled, again))
    )
    pd.testing.assert_frame_equal(one, other)


def as_of(found: pd.DataFrame, time: pd.Timestamp) -> pd.DataFrame:
    """The rows that stood at a time, without saying whether they still do."""
    stood = found[(found["known_at"] <= time) & ~(found["superseded_at"] <= time)]
    return stood.drop(columns="superseded_at").reset_index(drop=True)


@settings(max_examples=10, deadline=None)
@given(books(), st.lists(entries, max_size=6), st.lists(entries, min_size=1, max_size=4), st.sampled_from(HOURS))
def test_what_the_registry_learns_later_moves_nothing_known_before(
    captures: list[pd.DataFrame], known: list[Entry], more: list[Entry], hour: str
) -> None:
    time = pd.Timestamp(hour)
    before = [entry for entry in known if pd.Timestamp(entry.known) <= time]
    after = [entry for entry in more if pd.Timestamp(entry.known) > time]
    first, second = (history(captures, registry(*each)) for each in (before, [*after, *before]))
    pd.testing.assert_frame_equal(as_of(first, time), as_of(second, time))
    sure, still = (props(captures, registry(*each)) for each in (before, [*after, *before]))
    by_then = sure["player_id"].notna() & (sure["known_at"] <= time)
    pd.testing.assert_frame_equal(sure[by_then], still[by_then.to_numpy()])


@settings(max_examples=10, deadline=None)
@given(books(), st.lists(entries, max_size=8))
def test_nobody_stands_twice_in_a_book_and_everybody_is_of_his_team(
    captures: list[pd.DataFrame], known: list[Entry]
) -> None:
    found = history(captures, registry(*known))
    teams = {(entry.player_id, entry.team) for entry in known}
    resolved = found[found["player_id"].notna()]
    assert set(zip(resolved["player_id"], resolved["team_tricode"], strict=True)) <= teams
    for time in found["known_at"]:
        assert as_of(found, time)["player_key"].is_unique
        assert as_of(found, time)["player_id"].dropna().is_unique
