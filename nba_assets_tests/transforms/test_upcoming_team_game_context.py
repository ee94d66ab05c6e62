"""upcoming_team_game_context by hand: rest, travel, record, market and absences; DEN plays at BOS on 20 November."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.scope import Scope, in_scope
from nba_assets.transforms import upcoming_team_game_context
from nba_assets_tests.transforms.leagues import as_known, at, corrected, day, final, frame, game, league, man

Rows = list[dict[str, Any]]
TABLE = contracts.table("upcoming_team_game_context")
TARGET = game("11-20", 900, "DEN", "BOS")
"""T is at 23:30 UTC of the twentieth."""


def context(schedule: Rows, target: dict[str, Any] = TARGET, **tables: Rows) -> pd.DataFrame:
    """The context of the target's date, by team."""
    inputs = {name: frame(name, rows) for name, rows in {"nbac_schedule": [*schedule, target], **tables}.items()}
    return upcoming_team_game_context.build(inputs, [target["game_date"]]).set_index("team")


def won(date: str, number: int, kind: str = "2", by: int = 10, **facts: Any) -> Rows:
    """A final at BOS against NYK that BOS won (by a negative margin: lost)."""
    return final(game(date, number, "NYK", "BOS", kind, **facts), 100, 100 + by)


def offense(date: str, number: int, **facts: Any) -> dict[str, Any]:
    """A game of BOS: 110 points to 100 in 100 possessions, known at 08:00 UTC of the next day."""
    row = man(game(date, number, "NYK", "BOS"), "-", "BOS")
    same = {name: row[name] for name in ("game_date", "game_id", "season", "team", "opponent", "known_at")}
    return same | {"points": 110, "margin": 10, "possessions": 100.0, "pace": 98.0} | facts


def test_a_seasons_first_game_has_no_rest_and_no_record() -> None:
    row = context([]).loc["BOS"]

    nulls = ["days_rest", "travel_miles", "time_zones", "streak", "last_margin", "team_win_pct", "team_pace_l10"]
    assert row[nulls].isna().all()
    assert (row["game_number"], row["games_played"], row["games_last_7d"]) == (1, 0, 0)
    assert not row["is_b2b"]
    assert row["season_phase"] == "early"


def test_rest_counts_the_days_between() -> None:
    yesterday, two_days_before = context(won("11-19", 1)).loc["BOS"], context(won("11-18", 1)).loc["BOS"]

    assert (yesterday["days_rest"], yesterday["is_b2b"]) == (0, True)
    assert (two_days_before["days_rest"], two_days_before["is_b2b"]) == (1, False)


def test_seven_days_are_the_seven_before_the_date() -> None:
    dates = ("11-05", "11-06", "11-12", "11-13", "11-15", "11-19")

    row = context([game for number, date in enumerate(dates) for game in won(date, number)]).loc["BOS"]

    assert row["games_last_7d"] == 3
    assert row["games_last_14d"] == 5
    assert row["b2b_last_14d"] == 1


def test_a_final_known_after_the_decision_is_not_in_rest_or_record() -> None:
    late = final(game("11-19", 1, "NYK", "BOS"), 100, 110, known_at=at("11-20 23:31"))

    row = context([*won("11-15", 2, by=-10), *late]).loc["BOS"]

    assert (row["days_rest"], row["streak"], row["games_played"]) == (4, -1, 1)
    assert row["game_number"] == 3


def test_a_postponed_game_counts_on_its_new_date() -> None:
    off = game("11-19", 1, "NYK", "BOS", known_at=at("11-18 12:00"), superseded_at=at("11-19 15:00"))
    new = game("11-23", 1, "NYK", "BOS", known_at=at("11-19 15:00"))

    row = context([*won("11-15", 2), off, new]).loc["BOS"]

    assert (row["days_rest"], row["game_number"], row["next_days_rest"]) == (4, 2, 2)


def test_a_streak_is_the_last_results_alike() -> None:
    results = [*won("11-08", 1), *won("11-10", 2, by=-3), *won("11-12", 3), *won("11-14", 4, by=7)]

    row = context(results).loc["BOS"]

    assert (row["streak"], row["last_margin"]) == (2, 7)
    assert row["team_win_pct"] == 0.75
    assert context([*results, *won("11-16", 5, by=-1)]).loc["BOS", "streak"] == -1


@pytest.mark.parametrize("kind", ["4", "5", "6"])
def test_games_beside_the_regular_season_are_load_but_no_record(kind: str) -> None:
    row = context([*won("11-10", 1, by=-5), *won("11-19", 2, kind)]).loc["BOS"]

    assert (row["days_rest"], row["games_last_7d"], row["streak"]) == (0, 1, 1)
    assert (row["games_played"], row["team_win_pct"], row["game_number"]) == (1, 0.0, 2)


@pytest.mark.parametrize(("kind", "phase"), [("4", "playoffs"), ("5", "play_in"), ("6", "mid")])
def test_a_game_number_is_of_the_regular_season_only(kind: str, phase: str) -> None:
    before = [row for number in range(20) for row in won(f"10-{number + 5:02d}", number)]

    row = context(before, game("11-20", 900, "DEN", "BOS", kind)).loc["BOS"]

    assert pd.isna(row["game_number"])
    assert row["season_phase"] == phase


def test_preseason_counts_for_nothing() -> None:
    row = context(
        won("11-19", 1, "1"), team_offense_game_summary=[offense("11-19", 1) | {"game_id": "0012400001"}]
    ).loc["BOS"]

    assert pd.isna(row["days_rest"])
    assert pd.isna(row["team_pace_l10"])


def test_last_season_is_not_reached() -> None:
    last = final(game("2024-04-14", 1, "NYK", "BOS", season=2023), 100, 110)

    assert context(last).loc["BOS", "games_played"] == 0


def test_a_home_game_after_a_road_trip_is_travel() -> None:
    """Boston to Los Angeles is about 2,600 miles and three time zones west; so is the way back, east."""
    out = context(final(game("11-18", 1, "BOS", "LAL"), 100, 110)).loc["BOS"]
    there = context(won("11-18", 1), game("11-20", 900, "BOS", "LAL")).loc["BOS"]

    assert out["travel_miles"] == pytest.approx(2595, abs=15)
    assert out["travel_miles"] == pytest.approx(there["travel_miles"])
    assert (out["time_zones"], there["time_zones"]) == (3, -3)
    assert context(won("11-18", 1)).loc["BOS", "travel_miles"] == 0.0


def test_travel_to_or_from_a_neutral_site_is_unknown() -> None:
    to_one = context(won("11-18", 1), TARGET | {"is_neutral": True}).loc["BOS"]
    from_one = context(won("11-18", 1, is_neutral=True)).loc["BOS"]

    for row in (to_one, from_one):
        assert pd.isna(row["travel_miles"])
        assert pd.isna(row["time_zones"])
    assert to_one["is_home"]


def test_the_week_ahead_is_null_until_the_schedule_reaches_it() -> None:
    soon = [game("11-22", 1, "NYK", "BOS", known_at=at("11-01 12:00"))]
    far = game("11-28", 2, "NYK", "MIA", known_at=at("11-01 12:00"))

    near_only, both = context(soon).loc["BOS"], context([*soon, far]).loc["BOS"]

    assert (near_only["next_days_rest"], both["next_days_rest"]) == (1, 1)
    assert pd.isna(near_only["games_next_7d"])
    assert both["games_next_7d"] == 1
    assert context([*soon, far]).loc["DEN", "games_next_7d"] == 0
    assert pd.isna(context([far | {"known_at": at("11-20 23:31")}]).loc["DEN", "games_next_7d"])


def line(book: str, when: str, spread: float | None, total: float | None, **facts: Any) -> dict[str, Any]:
    key = {"game_date": TARGET["game_date"], "game_id": TARGET["game_id"], "book": book}
    return key | {"captured_at": at(when), "known_at": at(when), "home_spread": spread, "total": total} | facts


def test_the_spread_is_in_each_teams_own_view() -> None:
    rows = context([], odds_api_game_lines=[line("draftkings", "11-20 20:00", -5.5, 220.0)])

    assert rows["spread"].to_dict() == {"BOS": -5.5, "DEN": 5.5}
    assert rows["implied_points"].to_dict() == {"BOS": 112.75, "DEN": 107.25}
    assert set(rows["lines_source"]) == {"odds_api"}


def test_lines_are_medians_of_each_books_newest_and_first() -> None:
    captures = [
        line("draftkings", "11-20 10:00", -3.0, 210.0),
        line("draftkings", "11-20 20:00", -5.0, 220.0),
        line("fanduel", "11-20 11:00", -4.0, None),
        line("caesars", "11-20 19:00", -9.0, 222.0),
    ]

    row = context([], odds_api_game_lines=captures).loc["BOS"]

    assert (row["spread"], row["opening_spread"]) == (-5.0, -4.0)
    assert (row["total"], row["opening_total"]) == (221.0, 216.0)
    assert row["lines_captured_at"] == at("11-20 20:00")


def test_the_first_and_the_newest_line_are_by_the_time_of_capture() -> None:
    captures = [
        line("draftkings", "11-20 10:00", -3.0, 210.0, known_at=at("11-20 22:00")),
        line("draftkings", "11-20 20:00", -5.0, 220.0, known_at=at("11-20 20:10")),
    ]
    lines = frame("odds_api_game_lines", captures)
    schedule = frame("nbac_schedule", [TARGET])

    for rows in (lines, lines.iloc[::-1]):
        inputs = {"nbac_schedule": schedule, "odds_api_game_lines": rows}
        row = upcoming_team_game_context.build(inputs, [day("11-20")]).set_index("team").loc["BOS"]
        assert (row["spread"], row["opening_spread"], row["total"], row["opening_total"]) == (-5.0, -3.0, 220.0, 210.0)
        assert row["known_at"] == at("11-20 22:00"), "the opening's"


def test_lines_are_captured_when_the_newest_of_either_number_was() -> None:
    captures = [line("draftkings", "11-20 20:00", -5.0, None), line("fanduel", "11-20 21:00", None, 220.0)]

    found = [context([], odds_api_game_lines=rows).loc["BOS"] for rows in (captures, captures[:1], captures[1:])]

    assert [row["lines_captured_at"] for row in found] == [at("11-20 21:00"), at("11-20 20:00"), at("11-20 21:00")]
    assert [pd.isna(row["implied_points"]) for row in found] == [False, True, True]
    assert pd.isna(found[2]["spread"]) and found[2]["total"] == 220.0


def test_a_line_known_at_the_decision_counts() -> None:
    late = line("draftkings", "11-20 20:00", -5.5, 220.0, known_at=at("11-20 23:30"))

    assert context([], odds_api_game_lines=[late]).loc["BOS", "spread"] == -5.5


def test_an_even_game_is_zero_in_both_views() -> None:
    rows = context([], odds_api_game_lines=[line("draftkings", "11-20 20:00", 0.0, 220.0)])

    assert [str(spread) for spread in rows["spread"]] == ["0.0", "0.0"]
    assert [str(spread) for spread in rows["opening_spread"]] == ["0.0", "0.0"]


@pytest.mark.parametrize(
    "capture",
    [
        line("draftkings", "11-20 20:00", -5.5, 220.0, known_at=at("11-20 23:31")),
        line("draftkings", "11-21 00:00", -5.5, 220.0, known_at=at("11-20 23:00")),
        line("draftkings", "11-20 20:00", -5.5, 220.0, is_in_play=True),
    ],
    ids=["known after the decision", "captured at the tip", "in play"],
)
def test_what_is_no_line(capture: dict[str, Any]) -> None:
    row = context([], odds_api_game_lines=[capture]).loc["BOS"]

    assert row[["spread", "total", "implied_points", "lines_captured_at", "lines_source"]].isna().all()
    assert "odds_api_game_lines" in row["missing_inputs"]


def test_form_is_of_the_last_ten_games_known() -> None:
    old = [offense(f"11-{day_of:02d}", day_of, pace=50.0) for day_of in (1, 2)]
    ten = [offense(f"11-{day_of:02d}", day_of, margin=5) for day_of in range(3, 13)]

    row = context([], team_offense_game_summary=[*old, *ten]).loc["BOS"]

    assert row["team_pace_l10"] == 98.0
    assert row["team_off_rating_l10"] == pytest.approx(110.0)
    assert row["team_def_rating_l10"] == pytest.approx(105.0)


def test_a_box_score_known_after_the_decision_is_not_in_the_form() -> None:
    box = offense("11-19", 1, known_at=at("11-20 23:31"))

    row = context(won("11-19", 1), team_offense_game_summary=[box]).loc["BOS"]

    assert pd.isna(row["team_pace_l10"])
    assert row["days_rest"] == 0


def test_a_correction_moves_what_is_decided_after_it_is_known() -> None:
    box = offense("11-15", 1)
    before = corrected(box, at("11-20 23:30"), pace=90.0)
    after = corrected(box, at("11-20 23:31"), pace=90.0)

    assert context([], team_offense_game_summary=before).loc["BOS", "team_pace_l10"] == 90.0
    assert context([], team_offense_game_summary=after).loc["BOS", "team_pace_l10"] == 98.0


def report(player: str, status: str, when: str, team: str = "BOS", **facts: Any) -> dict[str, Any]:
    key = {"game_date": TARGET["game_date"], "game_id": TARGET["game_id"], "team_tricode": team}
    man = {"row_kind": "player", "player_id": player, "player_key": player, "injury_status": status}
    return key | man | {"report_at": at(when), "known_at": at(when)} | facts


def marker(when: str, team: str, kind: str = "not_submitted") -> dict[str, Any]:
    row = {"player_id": None, "injury_status": None, "player_key": f"team:{team}", "row_kind": kind}
    return report("", "", when, team) | row


def test_the_latest_report_known_counts_who_is_out() -> None:
    reports = [
        report("7", "out", "11-20 18:00"),
        report("8", "questionable", "11-20 18:00"),
        report("8", "out", "11-20 22:00"),
        report("9", "out", "11-20 23:00", known_at=at("11-20 23:31")),
    ]

    rows = context([], nbac_injury_report=reports)

    assert rows["n_out"].to_dict() == {"BOS": 1, "DEN": 0}
    assert rows["n_questionable"].to_dict() == {"BOS": 0, "DEN": 0}
    assert set(rows["known_at"]) == {at("11-20 22:00")}


def test_no_report_and_not_submitted_are_unknown() -> None:
    none = context([])
    withheld = context([], nbac_injury_report=[report("7", "out", "11-20 18:00"), marker("11-20 18:00", "DEN")])

    assert none["n_out"].isna().all()
    assert withheld.loc["BOS", "n_out"] == 1
    assert withheld.loc["DEN", ["n_out", "n_questionable", "starters_out"]].isna().all()
    assert "nbac_injury_report" in withheld.loc["DEN", "missing_inputs"]


def test_nobody_who_is_unresolved_counts() -> None:
    row = report("7", "out", "11-20 18:00", player_id=None, player_key="unresolved:BOS:x#1")
    reports = [row, marker("11-20 18:00", "DEN", "nothing_to_report")]

    assert context([], nbac_injury_report=reports).loc["BOS", "n_out"] == 0


def starts(player: str, *flags: bool | None) -> Rows:
    return [
        man(game(f"11-{number + 1:02d}", number, "NYK", "BOS"), player, "BOS", 10, is_starter=flag)
        for number, flag in enumerate(flags)
    ]


def test_a_starter_started_five_of_his_last_ten() -> None:
    boxes = [*starts("7", *[True] * 5, *[False] * 5), *starts("8", *[True] * 4, *[False] * 6)]
    reports = [report("6", "questionable", "11-20 18:00"), *(report(who, "out", "11-20 18:00") for who in "78")]

    row = context([], player_game_summary=boxes, nbac_injury_report=reports).loc["BOS"]

    assert (row["n_out"], row["starters_out"]) == (2, 1)


def test_his_last_ten_are_games_that_he_played() -> None:
    sat = [man(game(f"11-{n}", n, "NYK", "BOS"), "7", "BOS", is_starter=False) for n in range(10, 16)]
    reports = [report("7", "out", "11-20 18:00")]

    found = context([], player_game_summary=[*starts("7", *[True] * 5), *sat], nbac_injury_report=reports)

    assert found.loc["BOS", "starters_out"] == 1


def test_a_correction_of_who_started_counts_from_when_it_is_known() -> None:
    *four, fifth = starts("7", *[True] * 5)
    reports = [report("7", "out", "11-20 18:00")]

    before, after = (
        context(
            [], player_game_summary=[*four, *corrected(fifth, at(when), is_starter=False)], nbac_injury_report=reports
        )
        for when in ("11-20 23:30", "11-20 23:31")
    )

    assert (before.loc["BOS", "starters_out"], after.loc["BOS", "starters_out"]) == (0, 1)


def test_starters_out_is_unknown_where_no_starters_are_known() -> None:
    reports = [report("7", "out", "11-20 18:00")]

    row = context([], player_game_summary=starts("7", None), nbac_injury_report=reports).loc["BOS"]

    assert row["n_out"] == 1
    assert pd.isna(row["starters_out"])


def test_box_scores_are_missing_only_of_men_who_are_out() -> None:
    out, healthy = report("7", "out", "11-20 18:00"), report("7", "probable", "11-20 18:00")

    asked = context([], nbac_injury_report=[out]).loc["BOS"]
    known = context([], nbac_injury_report=[out], player_game_summary=starts("7", True)).loc["BOS"]
    nobody = context([], nbac_injury_report=[healthy]).loc["BOS"]

    assert "player_game_summary" in asked["missing_inputs"] and asked["starters_out"] == 0
    assert "player_game_summary" in known["sources_used"] and known["starters_out"] == 0
    assert "player_game_summary" not in [*nobody["missing_inputs"], *nobody["sources_used"]]


def test_quality_of_a_full_row_is_100() -> None:
    boxes = [offense(f"11-{number:02d}", number) for number in range(1, 13)]
    lines = [line("draftkings", "11-20 20:00", -5.5, 220.0)]
    reports = [report("7", "probable", "11-20 18:00")]

    row = context([], team_offense_game_summary=boxes, odds_api_game_lines=lines, nbac_injury_report=reports).loc["BOS"]

    assert (row["quality"], row["missing_inputs"]) == (100.0, [])


def test_quality_says_what_is_missing() -> None:
    boxes = [offense(f"11-{number:02d}", number) for number in range(1, 6)]
    lines = [line("draftkings", "11-20 20:00", -5.5, 220.0)]

    row = context([], team_offense_game_summary=boxes, odds_api_game_lines=lines).loc["BOS"]

    assert row["sources_used"] == ["nbac_schedule", "odds_api_game_lines", "team_offense_game_summary"]
    assert row["missing_inputs"] == ["nbac_injury_report"]
    assert row["quality"] == 60.0


def test_quality_of_the_schedule_alone_is_20() -> None:
    nothing, one = context([]).loc["BOS"], context([], team_offense_game_summary=[offense("11-01", 1)]).loc["BOS"]

    assert (nothing["quality"], nothing["sources_used"]) == (20.0, ["nbac_schedule"])
    assert nothing["missing_inputs"] == ["odds_api_game_lines", "nbac_injury_report", "team_offense_game_summary"]
    assert (one["quality"], one["sources_used"]) == (24.0, ["nbac_schedule", "team_offense_game_summary"])


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 23), st.sampled_from(["BOS", "DEN", "LAL", "NYK"]))
def test_one_date_and_one_team_are_that_part_of_the_whole(seed: int, number: int, team: str) -> None:
    inputs = league(seed)
    dates = list(pd.date_range("2024-11-01", periods=24))
    whole, scope = upcoming_team_game_context.build(inputs, dates), Scope(teams=frozenset({team}))

    alone = upcoming_team_game_context.build(inputs, [dates[number]], scope)

    part = whole[(whole["game_date"] == dates[number]) & in_scope(whole, scope)].reset_index(drop=True)
    assert frames.to_arrow(alone, TABLE).equals(frames.to_arrow(part, TABLE))


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_what_comes_after_a_decision_does_not_move_it(seed: int, pick: int) -> None:
    inputs = league(seed)
    whole = upcoming_team_game_context.build(inputs, list(pd.date_range("2024-11-01", periods=24)))
    if whole.empty:
        return
    date, moment = whole.loc[pick % len(whole), ["game_date", "decision_at"]]
    then = {name: as_known(rows, moment) for name, rows in inputs.items()}

    found = upcoming_team_game_context.build(then, [date])

    same = [rows[(rows["game_date"] == date) & (rows["decision_at"] == moment)] for rows in (found, whole)]
    tables = [frames.to_arrow(rows.reset_index(drop=True), TABLE) for rows in same]
    assert tables[0].equals(tables[1])
    assert (whole["known_at"] <= whole["decision_at"]).all()


def test_dates_without_games_have_no_rows() -> None:
    rows = upcoming_team_game_context.build({"nbac_schedule": frame("nbac_schedule", [TARGET])}, [day("11-21")])

    assert rows.empty
    assert list(rows.columns) == TABLE.column_names
