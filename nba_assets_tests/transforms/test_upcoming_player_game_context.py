"""upcoming_player_game_context by hand: status, rest, form, line, streaks and absent mates; DEN plays at BOS."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.scope import Scope, in_scope
from nba_assets.transforms import upcoming_player_game_context, upcoming_team_game_context
from nba_assets_tests.transforms.leagues import as_known, at, corrected, day, final, frame, game, league, listing, man

Rows = list[dict[str, Any]]
TABLE = contracts.table("upcoming_player_game_context")
TARGET = game("11-20", 900, "DEN", "BOS")
"""T is at 23:30 UTC of the twentieth."""
ROSTER = {"7": "BOS", "8": "BOS", "9": "DEN"}


def context(boxes: Rows, target: dict[str, Any] = TARGET, roster: dict[str, str] | None = None, **tables: Rows) -> Any:
    """The context of the target's date, by player."""
    date = str(target["game_date"].date())
    rows = {
        "nbac_schedule": [target],
        "nbac_player_list": listing(date, ROSTER if roster is None else roster),
        "player_game_summary": boxes,
        **tables,
    }
    inputs = {name: frame(name, some) for name, some in rows.items()}
    return upcoming_player_game_context.build(inputs, [target["game_date"]]).set_index("player_id")


def season(player: str, *points: int | None, first: int = 1, **facts: Any) -> Rows:
    """A row a day of player in games of BOS from 1 November on; None: he did not play."""
    return [
        man(game(f"11-{first + number:02d}", first + number, "NYK", "BOS"), player, "BOS", scored, **facts)
        for number, scored in enumerate(points)
    ]


def report(player: str, status: str, when: str = "11-20 18:00", team: str = "BOS", **facts: Any) -> dict[str, Any]:
    key = {"game_date": TARGET["game_date"], "game_id": TARGET["game_id"], "team_tricode": team}
    row = {"row_kind": "player", "player_id": player, "player_key": player, "injury_status": status}
    return key | row | {"report_at": at(when), "known_at": at(when)} | facts


def not_submitted(when: str, team: str = "BOS") -> dict[str, Any]:
    marker = {"row_kind": "not_submitted", "player_id": None, "player_key": f"team:{team}", "injury_status": None}
    return report("", "", when, team) | marker


def test_example_e() -> None:
    """Played 1, 3, 5 November, did not play on the 6th; the game is on the 8th."""
    target = game("11-08", 900, "DEN", "BOS")
    played = [game(f"11-0{n}", n, "NYK", "BOS") for n in (1, 3, 5, 6)]
    boxes = [
        man(g, "7", "BOS", p, minutes=m)
        for g, p, m in zip(played, (10, 20, 30, None), (30.0, 36.0, 33.0, None), strict=True)
    ]
    schedule = [row for g in played for row in final(g, 100, 110)]
    inputs = {"nbac_schedule": frame("nbac_schedule", [*schedule, target])}
    team = upcoming_team_game_context.build(inputs, [target["game_date"]])

    row = context(boxes, target).loc["7"]

    assert (row["days_rest"], row["is_b2b"], row["games_last_7d"]) == (2, False, 3)
    assert team.set_index("team").loc["BOS", "days_rest"] == 1
    assert (row["points_avg_l5"], row["points_avg_l10"]) == (20.0, 20.0)
    assert (row["minutes_avg_l5"], row["minutes_last_7d"], row["avg_minutes_last_7d"]) == (33.0, 99.0, 33.0)
    assert (row["team_games_missed"], row["days_rest_prev"]) == (1, 1)


def test_a_man_without_games_has_no_rest_and_no_form() -> None:
    row = context([]).loc["7"]

    nulls = ["days_rest", "days_rest_prev", "team_games_missed", "points_avg_l5", "usage_l10", "over_streak"]
    assert row[[*nulls, "avg_minutes_last_7d", "vacated_usage"]].isna().all()
    assert (row["games_last_7d"], row["minutes_last_7d"], row["games_with_team"]) == (0, 0.0, 0)
    assert not row["is_b2b"]


def test_windows_are_the_last_five_and_the_last_ten_games() -> None:
    """Eleven games of 0, 10, 20, ... 100 points, a minute more each from 20 on."""
    boxes = [row for n in range(11) for row in season("7", 10 * n, first=1 + n, minutes=20.0 + n, usage_rate=10.0 * n)]

    row = context(boxes).loc["7"]

    assert (row["points_avg_l5"], row["points_avg_l10"]) == (80.0, 55.0)
    assert (row["minutes_avg_l5"], row["minutes_avg_l10"]) == (28.0, 25.5)
    weights = [20.0 + n for n in range(1, 11)]
    assert row["usage_l10"] == pytest.approx(sum(10 * n * w for n, w in enumerate(weights, 1)) / sum(weights))
    assert row["games_with_team"] == 11


def test_load_is_of_the_seven_and_fourteen_days_before() -> None:
    """Games on D−15, D−14, D−8, D−7 and D−1."""
    boxes = [row for n in (5, 6, 12, 13, 19) for row in season("7", 10, first=n, minutes=20.0 + n)]

    row = context(boxes).loc["7"]

    assert (row["games_last_7d"], row["games_last_14d"]) == (2, 4)
    assert (row["minutes_last_7d"], row["minutes_last_14d"]) == (72.0, 130.0)
    assert (row["avg_minutes_last_7d"], row["b2b_last_14d"], row["days_rest_prev"]) == (36.0, 1, 5)
    assert row["is_b2b"]


def test_a_week_of_one_game_has_an_average() -> None:
    assert context(season("7", 10, first=15, minutes=31.0)).loc["7", "avg_minutes_last_7d"] == 31.0


def test_team_games_missed_are_those_since_he_last_played() -> None:
    """BOS plays on seven days; he plays the third, and a DNP is a game missed. One box score comes after T."""
    others = [row for row in season("8", *[10] * 6) if row["game_date"] != day("11-03")]
    late = season("8", 10, first=19, known_at=at("11-20 23:31"))

    rows = context([*others, *late, *season("7", 10, first=3), *season("7", None, first=4)])

    assert rows.loc["7", "team_games_missed"] == 3
    assert rows.loc["8", "team_games_missed"] == 0


def test_each_man_missed_games_of_his_own_team() -> None:
    """BOS plays on the first six days, DEN on the seventh to the ninth."""
    boston = [*season("8", *[10] * 6), *season("7", 10, first=3)]
    denver = [man(game(f"11-0{n}", 30 + n, "DEN", "LAL"), "10", "DEN", 10) for n in (7, 8, 9)]
    once = man(game("11-07", 37, "DEN", "LAL"), "9", "DEN", 10)

    missed = context([*boston, *denver, once])["team_games_missed"]

    assert missed[["7", "8", "9", "10"]].tolist() == [3, 0, 2, 0]


def test_a_game_is_missed_as_soon_as_any_of_its_box_scores_is_known() -> None:
    first, late = season("8", 10, first=6), season("10", 10, first=6, known_at=at("11-20 23:31"))

    assert context([*season("7", 10), *first, *late]).loc["7", "team_games_missed"] == 1
    assert context([*season("7", 10), *late]).loc["7", "team_games_missed"] == 0


def test_known_at_covers_the_games_he_missed() -> None:
    late = season("8", 10, first=6, known_at=at("11-20 21:00"))

    rows = context([*season("7", 10), *season("8", 10, first=5), *late])

    assert rows["known_at"].to_dict() == {"7": at("11-20 21:00"), "8": at("11-20 21:00"), "9": at("11-20 12:00")}


def test_windows_follow_the_man_to_his_new_team() -> None:
    """Traded from NYK: five games there, one for BOS."""
    before = [man(game(f"11-1{n}", n, "NYK", "MIA"), "7", "NYK", 10) for n in range(5)]

    row = context([*before, *season("7", 40, first=18)]).loc["7"]

    assert row["points_avg_l10"] == 15.0
    assert row["games_with_team"] == 1
    assert (row["team"], row["team_source"]) == ("BOS", "player_list")


def test_usage_is_weighted_by_minutes() -> None:
    first = season("7", 10, usage_rate=30.0, minutes=10.0)
    second = season("7", 10, usage_rate=20.0, minutes=40.0, first=2)

    assert context([*first, *second]).loc["7", "usage_l10"] == 22.0


def test_a_box_score_known_after_the_decision_is_not_in_the_windows() -> None:
    late = season("7", 40, first=19, known_at=at("11-20 23:31"))

    row = context([*season("7", 10), *late]).loc["7"]

    assert (row["points_avg_l5"], row["days_rest"]) == (10.0, 18)
    assert row["known_at"] <= row["decision_at"]


def test_a_correction_moves_what_is_decided_after_it_is_known() -> None:
    (box,) = season("7", 10)

    assert context(corrected(box, at("11-20 23:30"), points=12)).loc["7", "points_avg_l5"] == 12.0
    assert context(corrected(box, at("11-20 23:31"), points=12)).loc["7", "points_avg_l5"] == 10.0


def test_a_cup_final_is_load_and_form() -> None:
    cup = man(game("11-19", 5, "NYK", "BOS", "6"), "7", "BOS", 30)

    row = context([*season("7", 10), cup]).loc["7"]

    assert (row["days_rest"], row["points_avg_l5"]) == (0, 20.0)


def test_the_latest_report_says_the_status() -> None:
    reports = [
        report("7", "questionable", "11-20 15:00"),
        report("7", "out", "11-20 18:00", injury_reason="Injury/Illness - Knee"),
        report("7", "available", "11-20 23:00", known_at=at("11-20 23:31")),
    ]

    row = context([], nbac_injury_report=reports).loc["7"]

    assert (row["injury_status"], row["injury_reason"]) == ("out", "Injury/Illness - Knee")
    assert (row["report_at"], row["status_changes"]) == (at("11-20 18:00"), 1)


def test_not_on_a_submitted_report_is_available() -> None:
    """Player 7 was questionable, then gone from the report: cleared."""
    reports = [report("7", "questionable", "11-20 15:00"), report("9", "out", "11-20 18:00", team="DEN")]

    rows = context([], nbac_injury_report=reports)

    assert rows["injury_status"].to_dict() == {"7": "available", "8": "available", "9": "out"}
    assert rows["status_changes"].to_dict() == {"7": 1, "8": 0, "9": 1}


def test_a_report_of_men_nobody_knows_is_none_yet() -> None:
    """Once it is known who they are its rows are of that time: what was decided before must not have counted on it."""
    earlier = [report("7", "out", "11-20 15:00")]
    nobody = report("", "out", "11-20 18:00", player_id=None, player_key="unresolved:BOS:nobody#1")
    somebody = report("8", "out", "11-20 18:00", known_at=at("11-21 08:00"))

    before, unknown, later = (context([], nbac_injury_report=[*earlier, *rows]) for rows in ([], [nobody], [somebody]))

    assert before.loc["7", "injury_status"] == "out"
    pd.testing.assert_frame_equal(unknown, before)
    pd.testing.assert_frame_equal(later, before)


def test_no_report_or_none_submitted_is_unknown() -> None:
    withheld = [not_submitted("11-20 18:00"), report("9", "probable", team="DEN")]

    none, some = context([]), context([], nbac_injury_report=withheld)

    assert none[["injury_status", "report_at", "status_changes", "star_teammates_out"]].isna().all(axis=None)
    unknown = ["injury_status", "status_changes", "star_teammates_out", "teammates_questionable", "vacated_usage"]
    assert some.loc["7", unknown].isna().all()
    assert some.loc["7", "report_at"] == at("11-20 18:00")
    assert some.loc["9", "injury_status"] == "probable"


STAR = {"usage_rate": 30.0, "minutes": 36.0}


def test_example_d_a_star_out_who_was_in_all_ten_games() -> None:
    """V = 30·36/48 = 22.5, M = 36."""
    boxes = [*season("7", *[10] * 10), *season("8", *[25] * 10, **STAR)]

    row = context(boxes, nbac_injury_report=[report("8", "out")]).loc["7"]

    assert row["vacated_usage"] == pytest.approx(22.5)
    assert row["vacated_minutes"] == pytest.approx(36.0)
    assert row["star_teammates_out"] == 1


def test_example_d_a_star_who_has_been_out_for_eight_of_the_ten() -> None:
    """a = 0.2: V = 4.5, M = 7.2."""
    star = season("8", *[25] * 12, **STAR)
    boxes = [*season("7", *[10] * 10, first=11), *star]
    target = game("11-21", 900, "DEN", "BOS")
    out = report("8", "out") | {"game_date": target["game_date"], "game_id": target["game_id"]}

    row = context(boxes, target, nbac_injury_report=[out]).loc["7"]

    assert row["vacated_usage"] == pytest.approx(4.5)
    assert row["vacated_minutes"] == pytest.approx(7.2)


def test_what_a_star_leaves_is_of_his_last_ten_games() -> None:
    """Usage 30 in nine games and 40 in the tenth: 31·36/48 = 23.25; the eleventh, of 90, is none of them."""
    nine, tenth, eleventh = (
        season("8", *[25] * games, first=first, **(STAR | {"usage_rate": usage}))
        for games, first, usage in ((9, 3, 30.0), (1, 2, 40.0), (1, 1, 90.0))
    )

    row = context([*season("7", *[10] * 11), *eleventh, *tenth, *nine], nbac_injury_report=[report("8", "out")])

    assert row.loc["7", "vacated_usage"] == pytest.approx(23.25)


def test_an_opponent_who_is_out_leaves_nothing() -> None:
    boxes = [*season("7", *[10] * 10), *season("9", *[25] * 10, **STAR)]
    reports = [report("9", "out", team="DEN"), report("10", "questionable", team="DEN")]

    row = context(boxes, nbac_injury_report=reports).loc["7"]

    columns = ["vacated_usage", "vacated_minutes", "star_teammates_out", "teammates_questionable"]
    assert row[columns].tolist() == [0.0, 0.0, 0, 0]


def test_known_at_covers_the_games_of_every_absent_mate() -> None:
    late = season("8", 25, first=11, known_at=at("11-20 21:00"), **STAR)
    boxes = [*season("7", *[10] * 10), *season("8", *[25] * 10, **STAR), *late, *season("10", *[5] * 3, first=9)]

    rows = context(boxes, nbac_injury_report=[report("8", "out"), report("10", "out")])

    assert rows.loc["7", "known_at"] == at("11-20 21:00")
    assert rows.loc["9", "known_at"] == at("11-20 18:00")


def test_nobody_out_vacates_nothing() -> None:
    row = context(season("7", 10), nbac_injury_report=[report("8", "questionable")]).loc["7"]

    assert (row["vacated_usage"], row["vacated_minutes"], row["star_teammates_out"]) == (0.0, 0.0, 0)
    assert row["teammates_questionable"] == 1


def test_a_man_is_not_his_own_team_mate() -> None:
    boxes = [*season("7", *[10] * 10), *season("8", *[25] * 10, **STAR)]
    reports = [report("8", "out"), report("7", "questionable")]

    row = context(boxes, nbac_injury_report=reports).loc["8"]

    assert (row["star_teammates_out"], row["vacated_usage"], row["teammates_questionable"]) == (0, 0.0, 1)


def test_an_upgraded_star_is_not_out() -> None:
    boxes = [*season("7", *[10] * 10), *season("8", *[25] * 10, **STAR)]
    reports = [report("8", "out", "11-20 15:00"), report("8", "probable", "11-20 18:00")]

    assert context(boxes, nbac_injury_report=reports).loc["7", "star_teammates_out"] == 0


@pytest.mark.parametrize(
    ("points", "minutes", "games", "stars"),
    [(18, 20.0, 10, 1), (17, 20.0, 10, 0), (12, 28.0, 10, 1), (11, 40.0, 10, 0), (30, 36.0, 9, 0), (17, 27.9, 10, 0)],
    ids=["scorer", "not enough points", "many minutes", "minutes alone", "too few games", "not enough minutes"],
)
def test_who_is_a_star(points: int, minutes: float, games: int, stars: int) -> None:
    boxes = season("8", *[points] * games, minutes=minutes)

    assert context(boxes, nbac_injury_report=[report("8", "doubtful")]).loc["7", "star_teammates_out"] == stars


def prop(book: str, when: str, line: float, player: str = "7", **facts: Any) -> dict[str, Any]:
    key = {"game_date": TARGET["game_date"], "game_id": TARGET["game_id"], "player_key": player, "player_id": player}
    prices = {"over_price": -110, "under_price": -110, "over_decimal": 1.91, "under_decimal": 1.91, "line_count": 1}
    return key | prices | {"book": book, "captured_at": at(when), "known_at": at(when), "line": line} | facts


def test_the_line_is_the_consensus_known_at_the_decision() -> None:
    props = [
        prop("draftkings", "11-20 14:00", 18.5),
        prop("draftkings", "11-20 20:00", 20.5),
        prop("fanduel", "11-20 21:00", 21.5),
        prop("caesars", "11-20 22:00", 30.5, known_at=at("11-20 23:31")),
    ]

    rows = context([], odds_api_player_points_props=props)

    row = rows.loc["7"]
    assert (row["has_line"], row["consensus_line"], row["opening_line"], row["line_move"]) == (True, 21.0, 20.0, 1.0)
    assert (row["line_source"], row["n_books"], row["line_range"]) == ("odds_api", 2, 1.0)
    assert row["line_captured_at"] == at("11-20 21:00")
    assert not rows.loc["8", "has_line"]
    assert rows.loc["8", ["consensus_line", "n_books", "line_move"]].isna().all()


def test_known_at_covers_the_newest_and_the_first_line() -> None:
    first, newest = prop("draftkings", "11-20 14:00", 18.5), prop("draftkings", "11-20 20:00", 20.5)

    in_order = context([], odds_api_player_points_props=[first, newest])
    late = context([], odds_api_player_points_props=[first | {"known_at": at("11-20 22:00")}, newest])

    assert [rows.loc["7", "known_at"] for rows in (in_order, late)] == [at("11-20 20:00"), at("11-20 22:00")]


def lined(*results: tuple[int | None, float | None]) -> Rows:
    """Games of player 7 with points and closing line, oldest first."""
    return [
        row
        for number, (points, line) in enumerate(results)
        for row in season("7", points, first=1 + number, closing_line=line)
    ]


@pytest.mark.parametrize(
    ("results", "over", "under"),
    [
        ([(10, 12.5), (20, 12.5), (15, 12.5)], 2, 0),
        ([(20, 12.5), (10, 12.5), (9, 12.5)], 0, 2),
        ([(20, 12.5), (12, 12.0), (15, 12.5)], 2, 0),
        ([(20, 12.5), (15, None), (15, 12.5)], 1, 0),
        ([(20, 12.5), (15, None)], 0, 0),
        ([(20, 12.5), (None, 12.5), (15, 12.5)], 2, 0),
        ([(12, 12.0)], 0, 0),
        ([(20, 25.5), (20, 15.5)], 1, 0),
        ([(12, 12.5), (13, 12.5)], 1, 0),
        ([(13, 12.5), (12, 12.5)], 0, 1),
    ],
    ids=[
        "over",
        "under",
        "push skipped",
        "no line ends",
        "no line last",
        "dnp skipped",
        "push only",
        "own lines",
        "half a point over",
        "half a point under",
    ],
)
def test_streaks(results: list[tuple[int | None, float | None]], over: int, under: int) -> None:
    row = context(lined(*results)).loc["7"]

    assert (row["over_streak"], row["under_streak"]) == (over, under)


def team_row(team: str, opponent: str, rest: int, spread: float) -> dict[str, Any]:
    key = {"game_date": TARGET["game_date"], "game_id": TARGET["game_id"], "team": team, "opponent": opponent}
    market = {"spread": spread, "total": 220.0, "implied_points": 110.0 - spread / 2}
    facts = {"season_phase": "mid", "days_rest": rest, "known_at": at("11-20 13:00"), "decision_at": at("11-20 23:30")}
    return key | market | facts


def test_rest_advantage_and_market_come_from_the_teams() -> None:
    teams = [team_row("BOS", "DEN", 2, -5.5), team_row("DEN", "BOS", 0, 5.5)]

    rows = context([], upcoming_team_game_context=teams)

    assert rows["rest_advantage"].to_dict() == {"7": 2, "8": 2, "9": -2}
    assert rows["opponent_days_rest"].to_dict() == {"7": 0, "8": 0, "9": 2}
    assert (rows.loc["7", "spread"], rows.loc["9", "spread"]) == (-5.5, 5.5)
    assert rows.loc["7", "implied_points"] == 112.75
    assert rows.loc["7", "season_phase"] == "mid"


def test_known_at_covers_the_context_of_both_teams() -> None:
    boston, denver = team_row("BOS", "DEN", 2, -5.5), team_row("DEN", "BOS", 0, 5.5)

    for one, other in ((boston, denver), (denver, boston)):
        rows = context([], upcoming_team_game_context=[one, other | {"known_at": at("11-20 14:00")}])
        assert set(rows["known_at"]) == {at("11-20 14:00")}


@pytest.mark.parametrize(("kind", "phase"), [("2", None), ("4", "playoffs"), ("5", "play_in"), ("6", None)])
def test_without_the_teams_context_only_the_postseason_has_a_phase(kind: str, phase: str | None) -> None:
    found = context([], game("11-20", 900, "DEN", "BOS", kind)).loc["7", "season_phase"]

    assert found == phase if phase else pd.isna(found)


def test_quality_says_what_is_missing() -> None:
    row = context(season("7", *[10] * 5), nbac_injury_report=[report("8", "out")]).loc["7"]

    assert row["sources_used"] == ["nbac_schedule", "nbac_player_list", "nbac_injury_report", "player_game_summary"]
    assert row["missing_inputs"] == [
        "upcoming_team_game_context",
        "odds_api_player_points_props",
        "bettingpros_player_points_props",
    ]
    assert row["quality"] == 15 + 20 + 3 * 5


def test_quality_of_a_full_row_is_100() -> None:
    tables: dict[str, Rows] = {
        "nbac_injury_report": [report("8", "probable")],
        "upcoming_team_game_context": [team_row("BOS", "DEN", 2, -5.5), team_row("DEN", "BOS", 0, 5.5)],
        "odds_api_player_points_props": [prop("draftkings", "11-20 20:00", 20.5)],
        "bettingpros_player_points_props": [prop("betmgm", "11-20 20:00", 20.5, is_active=True)],
    }

    row = context(season("7", *[10] * 11), **tables).loc["7"]

    assert (row["quality"], row["missing_inputs"], row["line_source"]) == (100.0, [], "both")


@pytest.mark.parametrize(
    ("feed", "facts"),
    [("odds_api_player_points_props", {}), ("bettingpros_player_points_props", {"is_active": True})],
)
def test_a_line_names_its_feed(feed: str, facts: dict[str, Any]) -> None:
    row = context([], **{feed: [prop("draftkings", "11-20 20:00", 20.5, **facts)]}).loc["7"]

    assert row["sources_used"] == ["nbac_schedule", "nbac_player_list", feed]
    assert row["quality"] == 15 + 20


def test_a_man_of_his_last_game_is_on_no_list_and_worth_less() -> None:
    row = context(season("7", 10), roster={"8": "BOS"}).loc["7"]

    assert (row["team_source"], row["quality"]) == ("last_game", 3.0)
    assert row["sources_used"] == ["nbac_schedule", "player_game_summary"]
    assert "nbac_player_list" in row["missing_inputs"]


def with_teams(inputs: dict[str, pd.DataFrame], dates: list[pd.Timestamp]) -> dict[str, pd.DataFrame]:
    return inputs | {"upcoming_team_game_context": upcoming_team_game_context.build(inputs, dates)}


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 23), st.data())
def test_one_date_and_a_few_players_are_that_part_of_the_whole(seed: int, number: int, data: st.DataObject) -> None:
    dates = list(pd.date_range("2024-11-01", periods=24))
    inputs = with_teams(league(seed), dates)
    whole = upcoming_player_game_context.build(inputs, dates)
    some = data.draw(st.frozensets(st.sampled_from([f"{team}0{n}" for team in "1234" for n in range(5)]), min_size=1))
    scope = Scope(players=some)

    alone = upcoming_player_game_context.build(inputs, [dates[number]], scope)

    part = whole[(whole["game_date"] == dates[number]) & in_scope(whole, scope)].reset_index(drop=True)
    assert frames.to_arrow(alone, TABLE).equals(frames.to_arrow(part, TABLE))


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_what_comes_after_a_decision_does_not_move_it(seed: int, pick: int) -> None:
    dates = list(pd.date_range("2024-11-01", periods=24))
    inputs = with_teams(league(seed), dates)
    whole = upcoming_player_game_context.build(inputs, dates)
    if whole.empty:
        return
    date, moment = whole.loc[pick % len(whole), ["game_date", "decision_at"]]
    then = {name: as_known(rows, moment) for name, rows in inputs.items()}

    found = upcoming_player_game_context.build(then, [date])

    same = [rows[(rows["game_date"] == date) & (rows["decision_at"] == moment)] for rows in (found, whole)]
    tables = [frames.to_arrow(rows.reset_index(drop=True), TABLE) for rows in same]
    assert tables[0].equals(tables[1])
    assert (whole["known_at"] <= whole["decision_at"]).all()


def test_dates_without_games_have_no_rows() -> None:
    rows = upcoming_player_game_context.build({"nbac_schedule": frame("nbac_schedule", [TARGET])}, [day("11-21")])

    assert rows.empty
    assert list(rows.columns) == TABLE.column_names
