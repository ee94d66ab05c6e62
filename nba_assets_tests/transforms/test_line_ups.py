"""Who was on the floor: minutes from line-ups and from substitutions, and when they are not known for certain."""

from __future__ import annotations

from typing import Any

import pytest

from nba_assets.transforms.line_ups import time_on_floor
from nba_assets_tests.transforms.plays import BIGDATABALL, NBAC, Row, change, event, events_of, shot, throw

BOS, NYK = (tuple(f"{team}{n}" for n in range(5)) for team in ("bos", "nyk"))


Minutes = dict[int, dict[str, float]]


def minutes(table: str, rows: list[Row]) -> Minutes:
    """By period each man's minutes."""
    return of_games(table, rows)[0]


def of_games(table: str, *games: list[Row]) -> list[Minutes]:
    """By game, period and man."""
    found = time_on_floor(table, events_of(table, *games))
    return [
        {
            int(period): {man: of / 60_000 for man, of in zip(part["player_id"], part["millis"], strict=True)}
            for period, part in found[found["state"] == state].groupby("period")
        }
        for state in range(len(games))
    ]


def act(who: str, when: str) -> Row:
    return event(NBAC, who, "rebound", when, sub_type="defensive")


def acts(men: tuple[str, ...], when: str) -> list[Row]:
    return [act(who, when) for who in men]


def periods(last: int = 4) -> list[Row]:
    return [event(NBAC, "", "period", f"{n} 0:00", sub_type="end") for n in range(1, last + 1)]


def in_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["period"], -row["clock_seconds"]))


class TestSubstitutions:
    def test_who_acts_without_any_plays_the_whole_period(self) -> None:
        found = minutes(NBAC, [*acts(BOS, "1 9:00"), *acts(NYK, "1 8:00"), *periods(1)])
        assert found == {1: dict.fromkeys((*BOS, *NYK), 12.0)}

    @pytest.mark.parametrize(
        "act_of",
        [
            shot(NBAC, "bos0", 2, "1 9:00"),
            shot(NBAC, "bos0", 3, "1 9:00", made=False),
            throw(NBAC, "bos0", "1 of 2", "1 9:00"),
            event(NBAC, "bos0", "turnover", "1 9:00", sub_type="lost ball"),
            event(NBAC, "bos0", "steal", "1 9:00"),
            event(NBAC, "bos0", "block", "1 9:00"),
            event(NBAC, "bos0", "foul", "1 9:00", sub_type="personal"),
            event(NBAC, "bos0", "foul", "1 9:00", sub_type="offensive"),
            shot(NBAC, "bos1", 2, "1 9:00", assist_player_id="bos0"),
        ],
        ids=["two", "three", "free throw", "turnover", "steal", "block", "foul", "offensive foul", "assist"],
    )
    def test_what_only_a_man_on_the_floor_does(self, act_of: Row) -> None:
        found = minutes(NBAC, in_order([*acts(BOS[1:], "1 9:00"), act_of, *periods(1)]))
        assert found == {1: dict.fromkeys(BOS, 12.0)}

    def test_in_and_out(self) -> None:
        rows = [*acts(BOS[1:], "1 9:00"), *change("bos0", "bos5", "1 6:30"), *change("bos5", "bos0", "1 2:00")]
        found = minutes(NBAC, in_order([*rows, *periods(1)]))
        assert found == {1: dict.fromkeys(BOS[1:], 12.0) | {"bos0": 7.5, "bos5": 4.5}}

    def test_a_man_who_does_nothing_for_a_whole_period_leaves_it_unknown(self) -> None:
        rows = [*acts(BOS[1:], "1 9:00"), *acts(NYK, "1 8:00"), *periods(1)]
        assert set(minutes(NBAC, rows)[1]) == set(NYK), "five of New York, four of Boston"

    def test_where_breaks_are_told_he_is_there_until_he_leaves(self) -> None:
        """Man 0 does nothing in two periods, and goes out at the break before the third."""
        rows = [*acts(BOS[1:], "1 9:00"), *acts(BOS[1:], "2 9:00"), *change("bos0", "bos5", "3 12:00", at_break=True)]
        rows += [*acts(BOS[1:], "3 9:00"), *acts(BOS[1:], "4 9:00"), *change("bos5", "bos0", "4 3:00")]
        found = minutes(NBAC, in_order([*rows, *periods()]))
        assert [found[n].get("bos0") for n in (1, 2, 3, 4)] == [12.0, 12.0, None, 3.0]
        assert [found[n].get("bos5") for n in (1, 2, 3, 4)] == [None, None, 12.0, 9.0]
        assert all(sum(found[n].values()) == 60.0 for n in (1, 2, 3, 4))

    def test_four_men_are_four_in_every_period(self) -> None:
        rows = [*acts(BOS, "1 9:00"), *acts(NYK[1:], "1 8:00"), *change("bos0", "bos5", "3 12:00", at_break=True)]
        found = minutes(NBAC, in_order([*rows, *periods()]))
        assert [set(found[n]) for n in (1, 2)] == [set(BOS)] * 2
        assert [set(found[n]) for n in (3, 4)] == [{*BOS[1:], "bos5"}] * 2

    def test_before_five_come_and_after_five_leave_nobody_is_known(self) -> None:
        ways = [("1 6:00", "in"), ("2 3:00", "out")]
        rows = [event(NBAC, who, "substitution", when, sub_type=way) for when, way in ways for who in BOS]
        assert minutes(NBAC, [*rows, *acts(BOS, "3 6:00"), *periods(3)]) == {3: dict.fromkeys(BOS, 12.0)}
        assert minutes(NBAC, [*rows, *periods(2)]) == {}

    def test_where_they_are_not_each_period_stands_alone(self) -> None:
        rows = [*acts(BOS, "1 9:00"), *change("bos0", "bos5", "1 6:00"), *acts(BOS, "2 9:00"), *acts(BOS[1:], "3 9:00")]
        found = minutes(NBAC, in_order([*rows, *periods(3)]))
        assert found[2] == dict.fromkeys(BOS, 12.0), "he came back between the periods"
        assert 3 not in found, "the fifth man may be either"

    def test_overtime_is_five_minutes(self) -> None:
        rows = [*acts(BOS, "4 9:00"), *acts(BOS, "5 4:00"), *change("bos0", "bos5", "5 1:00")]
        found = minutes(NBAC, in_order([*rows, event(NBAC, "", "period", "5 0:00")]))
        assert found[4]["bos0"] == 12.0
        assert found[5] == dict.fromkeys(BOS[1:], 5.0) | {"bos0": 4.0, "bos5": 1.0}

    def test_the_longest_game_had_six_overtimes(self) -> None:
        rows = [row for n in range(1, 11) for row in acts(BOS, f"{n} 4:00")]
        found = minutes(NBAC, [*rows, *periods(10)])
        assert found == {n: dict.fromkeys(BOS, 12.0 if n <= 4 else 5.0) for n in range(1, 11)}

    def test_games_say_nothing_of_each_other(self) -> None:
        """The same men: in overtime, with breaks told and four men of New York, without a man of Boston at first."""
        longer = [*acts(BOS, "4 9:00"), *acts(BOS, "5 4:00"), *change("bos0", "bos5", "5 1:00"), *acts(NYK, "5 3:00")]
        told = [*acts(NYK[1:], "1 9:00"), *acts(BOS, "1 8:00"), *change("bos1", "bos5", "2 12:00", at_break=True)]
        short = [
            *acts(BOS[1:], "1 9:00"),
            *acts(NYK, "1 8:00"),
            *acts(BOS, "2 9:00"),
            *change("nyk0", "nyk5", "2 5:00"),
        ]
        short.append(event(NBAC, "nyk7", "rebound", "2 4:00", team_tricode=None))
        games = [in_order([*rows, *periods(n)]) for rows, n in ((longer, 5), (told, 4), (longer, 5), (short, 2))]
        alone = [minutes(NBAC, game) for game in games]
        assert [sorted(game) for game in alone] == [[4, 5], [1, 2, 3, 4], [4, 5], [1, 2]]
        assert of_games(NBAC, *games) == alone
        assert of_games(NBAC, *games[::-1]) == alone[::-1]

    def test_who_comes_and_leaves_at_one_clock_was_not_there(self) -> None:
        rows = [*acts(BOS, "1 9:00"), *change("bos0", "bos5", "1 6:00"), *change("bos5", "bos0", "1 6:00")]
        assert minutes(NBAC, [*rows, *periods(1)]) == {1: dict.fromkeys(BOS, 12.0)}

    def test_the_last_to_be_named_leaves_after_his_acts(self) -> None:
        rows = [*acts(BOS[1:], "1 11:00"), *change("bos1", "bos5", "1 8:00"), act("bos0", "1 7:00")]
        found = minutes(NBAC, [*rows, *change("bos0", "bos1", "1 6:00"), *periods(1)])
        assert found == {1: dict.fromkeys(BOS[2:], 12.0) | {"bos0": 6.0, "bos1": 10.0, "bos5": 8.0}}

    def test_the_first_to_be_named_acts_after_coming_in(self) -> None:
        rows = [*reversed(change("bos0", "bos5", "1 11:00")), *acts((*BOS[1:], "bos5"), "1 9:00")]
        assert minutes(NBAC, [*rows, *periods(1)]) == {1: dict.fromkeys(BOS[1:], 12.0) | {"bos0": 1.0, "bos5": 11.0}}

    @pytest.mark.parametrize(
        "more",
        [
            [act("bos0", "1 3:00")],
            [act("bos5", "1 9:00")],
            change("bos0", "bos6", "1 3:00"),
            change("bos1", "bos5", "1 3:00"),
            [event(NBAC, "bos6", "substitution", "1 3:00", sub_type="in")],
            [event(NBAC, "bos1", "substitution", "1 3:00", sub_type="out")],
            [shot(NBAC, "bos1", 2, "1 3:00", assist_player_id="bos0")],
            acts(("bos6",), "1 3:00"),
        ],
        ids=[
            "acts after leaving",
            "acts before coming",
            "leaves again",
            "comes again",
            "a sixth man",
            "four men",
            "assists after leaving",
            "a sixth man acts",
        ],
    )
    def test_what_cannot_be_is_not_believed(self, more: list[Row]) -> None:
        rows = [*acts(BOS[1:], "1 11:00"), *acts(NYK, "1 8:00"), *change("bos0", "bos5", "1 6:00"), *periods(1)]
        assert sum(minutes(NBAC, in_order(rows))[1].values()) == 120.0
        assert set(minutes(NBAC, in_order([*rows, *more]))[1]) == set(NYK)

    @pytest.mark.parametrize(
        "more",
        [
            [act("bos0", "1 6:00")],
            [act("bos5", "1 6:00")],
            [act("bos5", "1 3:00")],
            [event(NBAC, "bos6", "substitution", "1 3:00")],
            [event(NBAC, "bos0", "foul", "1 3:00", sub_type="technical")],
            [throw(NBAC, "bos6", "1 of 1", "1 3:00", foul="technical")],
            [event(NBAC, "bos6", "violation", "1 3:00")],
            [event(NBAC, "bos", "rebound", "1 3:00")],
        ],
        ids=[
            "at the clock of his leaving",
            "at the clock of his coming",
            "after his coming",
            "neither in nor out",
            "technical foul",
            "technical free throw",
            "violation",
            "the team",
        ],
    )
    def test_what_a_man_on_the_bench_may_do_says_nothing(self, more: list[Row]) -> None:
        rows = [*acts(BOS[1:], "1 11:00"), *change("bos0", "bos5", "1 6:00"), *periods(1)]
        assert minutes(NBAC, in_order([*rows, *more])) == minutes(NBAC, in_order(rows))

    def test_an_error_in_one_period_leaves_the_others(self) -> None:
        rows = [*acts(BOS, "1 9:00"), *change("bos0", "bos5", "2 12:00", at_break=True), *acts(BOS[1:], "2 9:00")]
        rows += [act("bos0", "2 5:00"), *change("bos5", "bos0", "3 12:00", at_break=True), *acts(BOS, "3 5:00")]
        found = minutes(NBAC, in_order([*rows, *periods(3)]))
        assert sorted(found) == [1, 3]

    def test_one_who_comes_in_is_not_told_by_v3(self) -> None:
        rows = [*acts(BOS, "1 9:00"), event(NBAC, "bos0", "substitution", "1 6:00", sub_type="out"), *periods(1)]
        assert minutes(NBAC, in_order(rows)) == {}


def floor(when: str, away: Any = BOS, home: Any = NYK) -> Row:
    """A row with ten men."""
    fives = {"away_on_court": away and ",".join(sorted(away)), "home_on_court": home and ",".join(sorted(home))}
    return event(BIGDATABALL, "bos0", "shot", when) | fives


class TestLineUps:
    def test_time_passes_for_who_is_there_after_a_row(self) -> None:
        rows = [floor("1 12:00"), floor("1 7:30"), floor("1 6:00", away=(*BOS[1:], "bos5")), floor("1 0:00")]
        rows[-1] = floor("1 0:00", away=(*BOS[1:], "bos5"))
        found = minutes(BIGDATABALL, rows)
        assert found == {1: dict.fromkeys((*BOS[1:], *NYK), 12.0) | {"bos0": 6.0, "bos5": 6.0}}

    def test_each_period_has_its_own_time(self) -> None:
        rows = [floor("4 12:00"), floor("4 0:00"), floor("5 5:00", home=(*NYK[1:], "nyk5"))]
        found = minutes(BIGDATABALL, rows)
        assert found[4]["nyk0"] == 12.0
        assert found[5] == dict.fromkeys((*BOS, *NYK[1:], "nyk5"), 5.0)

    def test_a_man_who_is_not_resolved_leaves_his_side_short(self) -> None:
        found = minutes(BIGDATABALL, [floor("1 12:00"), floor("1 6:00", away=None), floor("1 0:00", away=None)])
        assert found[1] == dict.fromkeys(BOS, 6.0) | dict.fromkeys(NYK, 12.0)

    def test_a_period_whose_clock_runs_back_is_left_out(self) -> None:
        other = (*BOS[1:], "bos5")
        rows = [floor("1 12:00"), floor("1 6:00", away=other), floor("1 8:00"), floor("2 12:00"), floor("2 0:00")]
        assert sorted(minutes(BIGDATABALL, rows)) == [2]
        disorder = [floor("1 12:00"), floor("1 6:00"), floor("1 6:02"), floor("1 0:00")]
        assert minutes(BIGDATABALL, disorder)[1] == dict.fromkeys((*BOS, *NYK), 12.0), "no matter without a change"

    def test_a_line_up_that_changes_at_once_is_none(self) -> None:
        rows = [floor("1 12:00"), floor("1 6:00", away=(*BOS[1:], "bos5")), floor("1 6:00"), floor("1 0:00")]
        assert minutes(BIGDATABALL, rows) == {1: dict.fromkeys((*BOS, *NYK), 12.0)}

    def test_games_say_nothing_of_each_other(self) -> None:
        other = (*BOS[1:], "bos5")
        first = [floor("1 12:00"), floor("1 6:00", away=other), floor("2 12:00", away=other), floor("2 3:00")]
        second = [floor("1 12:00"), floor("1 8:00"), floor("2 12:00"), floor("2 9:00", away=other), floor("2 4:00")]
        alone = [minutes(BIGDATABALL, game) for game in (first, second)]
        assert [game[2]["bos0"] for game in alone] == [3.0, 7.0]
        assert of_games(BIGDATABALL, first, second) == alone
