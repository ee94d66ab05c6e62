"""What a player did: by hand, with the versions that corrections and late sources make."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets import contracts
from nba_assets.contracts.verify import verify
from nba_assets.scope import Scope
from nba_assets.transforms import TRANSFORMS
from nba_assets_tests.transforms.boxes import (
    AWAY,
    BOX_AT,
    CORRECTED_AT,
    FINAL_AT,
    GAMEBOOK_AT,
    HOME,
    LISTED,
    bdl,
    game_log,
    gamebook,
    inputs_of,
    line,
    man,
    prop,
    scheduled,
    team_box,
)
from nba_assets_tests.transforms.leagues import at, corrected, day, game

DAY = [day("11-01")]
BASIC: dict[str, list[dict[str, Any]]] = {"schedule": scheduled(LISTED), "gamebook": gamebook(), "bdl": bdl()}


def build(dates: list[pd.Timestamp] = DAY, scope: Scope | None = None, **rows: list[dict[str, Any]]) -> pd.DataFrame:
    return TRANSFORMS["player_game_summary"](inputs_of(**(BASIC | rows)), dates, scope)


def of(rows: pd.DataFrame, player: str = "bos0") -> pd.DataFrame:
    return rows[rows["player_id"] == player].reset_index(drop=True)


def current(rows: pd.DataFrame, player: str = "bos0") -> pd.Series[Any]:
    return of(rows[rows["superseded_at"].isna()], player).iloc[0]


def test_a_line_by_hand() -> None:
    row = current(build())
    assert row[["team", "opponent", "is_home", "season", "season_phase"]].tolist() == [
        "BOS",
        "NYK",
        False,
        2024,
        "early",
    ]
    assert row[["won", "team_points", "opponent_points", "ot_periods"]].tolist() == [True, 100, 98, 0]
    assert row[["status", "minutes", "points", "fgm", "fga", "reb", "tov"]].tolist() == [
        "played",
        48.0,
        30,
        15,
        20,
        8,
        2,
    ]
    assert row["ts_pct"] == pytest.approx(30 / 40)
    plays, team_plays = 20 + 2, 49 + 25 + 0.44 * 2 + 10
    assert row["usage_rate"] == pytest.approx(100 * plays * 48 / (48 * team_plays))
    assert row["ast_pct"] == pytest.approx(4 / (49 - 15))
    assert row["oreb_pct"] == pytest.approx(2 / (10 + 30))
    assert row["dreb_pct"] == pytest.approx(6 / (30 + 10))
    assert row["tov_pct"] == pytest.approx(2 / 22)
    assert row[["box_source", "source_conflict", "quality"]].tolist() == ["gamebook", False, 90.0]
    assert row["sources_used"] == ["nbac_schedule", "nbac_gamebook_player_stats", "bdl_player_boxscores"]
    assert row["missing_inputs"] == [
        "nbac_team_boxscore",
        "odds_api_player_points_props",
        "bettingpros_player_points_props",
        "bigdataball_play_by_play",
        "nbac_play_by_play",
    ]


def test_usage_weighted_by_minutes_adds_up_to_the_length_of_the_game() -> None:
    book = gamebook(seconds_played=3180)
    rows = build(gamebook=book, bdl=bdl(seconds_played=3180))
    assert rows["ot_periods"].unique().tolist() == [1]
    sums = (rows["usage_rate"] * rows["minutes"]).groupby(rows["team"]).sum()
    assert sums.tolist() == pytest.approx([100 * 53.0] * 2)


def test_who_did_not_play_has_no_numbers() -> None:
    facts = {"reason": "Coach's Decision", "reason_category": "coach_decision"}
    bench = man(LISTED, "BOS", 6, GAMEBOOK_AT, player_status="dnp", **facts)
    away = man(LISTED, "NYK", 7, GAMEBOOK_AT, player_status="inactive", reason="Left Ankle", reason_category="injury")
    rows = build(gamebook=[*gamebook(), bench, away])
    row = current(rows, "bos6")
    assert row[["status", "dnp_reason", "dnp_category"]].tolist() == ["dnp", "Coach's Decision", "coach_decision"]
    assert row[["minutes", "points", "fga", "plus_minus", "usage_rate", "ts_pct", "minutes_precision"]].isna().all()
    assert current(rows, "nyk7")["status"] == "inactive"
    assert current(rows)["usage_rate"] == current(build())["usage_rate"], "the bench took no shots"


def test_a_count_that_is_not_told_is_none_in_the_shares() -> None:
    first, *others = gamebook()
    none, unknown = (build(gamebook=[first | {"tov": tov}, *others]) for tov in (0, None))
    assert pd.isna(current(unknown)["tov"])
    for who in ("bos0", "bos1"):
        assert current(unknown, who)["usage_rate"] == current(none, who)["usage_rate"]


def test_played_is_time_on_the_floor_or_any_stat() -> None:
    nothing = dict.fromkeys(("pts", *line(0)), 0) | {"minutes_precision": "minute"}
    fouled = man(LISTED, "BOS", 6, GAMEBOOK_AT, player_status="active", **nothing | {"pf": 1})
    never = man(LISTED, "BOS", 7, GAMEBOOK_AT, player_status="active", **nothing)
    seen = [
        man(LISTED, "BOS", n, GAMEBOOK_AT, player_status="active", **nothing | facts)
        for n, facts in ((8, {"plus_minus": -2}), (9, {"seconds_played": 20}))
    ]
    rows = build(gamebook=[*gamebook(), fouled, never, *seen])
    assert [current(rows, who)["status"] for who in ("bos8", "bos9")] == ["played"] * 2
    row = current(rows, "bos6")
    assert row[["status", "minutes", "points", "pf"]].tolist() == ["played", 0.0, 0, 1]
    assert pd.isna(row["usage_rate"]), "not at 0 minutes"
    row = current(rows, "bos7")
    assert row["status"] == "dnp"
    assert row[["points", "plus_minus", "minutes_precision"]].isna().all()


def test_balldontlie_alone() -> None:
    idle = man(LISTED, "BOS", 6, at("11-02 05:05"), is_final=True, did_play=False)
    rows = build(gamebook=[], bdl=[*bdl(), idle])
    row = current(rows)
    assert row[["box_source", "points", "minutes_precision"]].tolist() == ["bdl", 30, "minute"]
    assert row["quality"] == 65.0, "85, no zones, whole minutes"
    assert row["known_at"] == at("11-02 09:00")
    assert "nbac_player_boxscores" in row["missing_inputs"], "it would have told plus_minus"
    assert current(rows, "bos6")["status"] == "dnp"


def test_the_game_log_tells_plus_minus_where_the_box_score_does_not() -> None:
    rows = build(gamebook=[], game_log=game_log())
    assert current(rows)["plus_minus"] == 7
    assert "nbac_player_boxscores" in current(rows)["sources_used"]
    with_book = build(game_log=game_log())
    assert current(with_book)["plus_minus"] == 0
    assert len(with_book) == 10, "what it does not feed it does not move"


def test_a_man_whom_the_game_log_does_not_have_stays_without_plus_minus() -> None:
    idle = man(LISTED, "BOS", 6, at("11-02 05:05"), is_final=True, did_play=False)
    rows = build(gamebook=[], bdl=[*bdl(), idle], game_log=game_log()[1:])
    found = rows[rows["superseded_at"].isna()].set_index("player_id")
    assert found.index[found["plus_minus"].isna()].tolist() == ["bos0", "bos6"]
    missed = ["nbac_player_boxscores" in names for names in found["missing_inputs"]]
    assert found.index[missed].tolist() == ["bos0"], "who did not play has none to miss"


def test_starters_of_the_team_box_score_else_of_the_gamebook() -> None:
    bench = man(LISTED, "BOS", 5, GAMEBOOK_AT, player_status="dnp")
    rows = build(gamebook=[*gamebook(), bench])
    assert rows["is_starter"].isna().all()
    rows = build(gamebook=[*gamebook(), bench], team_box=team_box())
    assert current(rows)["is_starter"]
    assert not current(rows, "bos5")["is_starter"]
    rows = build(gamebook=[*gamebook(is_starter=True), bench | {"is_starter": False}])
    assert current(rows)["is_starter"]
    assert not current(rows, "bos5")["is_starter"]


def test_a_starter_whom_a_team_box_score_names_twice_is_one() -> None:
    rows = build(team_box=[row | {"starter_ids": f"{row['starter_ids']},bos0"} for row in team_box()])
    assert len(rows) == 20
    assert current(rows)["is_starter"]


def test_overtimes_of_the_team_box_score_then_of_the_players_time_then_of_the_schedule() -> None:
    assert build(team_box=team_box(ot_periods=2))["ot_periods"].iloc[-1] == 2
    untimed = gamebook(seconds_played=0)
    named = scheduled(LISTED, ot_periods=3)
    assert build(schedule=named, gamebook=untimed)["ot_periods"].unique().tolist() == [3]
    assert build(schedule=named)["ot_periods"].unique().tolist() == [0], "240 minutes are no overtime"
    assert build(gamebook=untimed)["ot_periods"].unique().tolist() == [0], "nobody tells of any"


def test_two_sources_that_disagree_keep_the_gamebook_and_are_counted() -> None:
    other = [row | ({"ast": 5} if row["player_id"] == "bos0" else {}) for row in bdl()]
    rows = build(bdl=other)
    assert current(rows)[["ast", "source_conflict", "quality"]].tolist() == [4, True, 80.0]
    assert rows["source_conflict"].sum() == 1
    rounded = [row | {"seconds_played": row["seconds_played"] - 59} for row in bdl()]
    assert build(bdl=rounded)["source_conflict"].sum() == 0, "whole minutes"
    missing = [row for row in bdl() if row["player_id"] != "bos0"]
    assert build(bdl=missing)["source_conflict"].sum() == 0, "not listed is not another number"


def test_a_late_team_box_score_makes_a_version() -> None:
    one = of(build(team_box=team_box()))
    assert one["known_at"].tolist() == [FINAL_AT, BOX_AT]
    assert one["superseded_at"].iloc[0] == BOX_AT
    assert one["is_starter"].isna().tolist() == [True, False]


def test_a_stat_correction_two_days_later_moves_its_game_and_no_other() -> None:
    """Three games; on 4 November the gamebook of the first takes two points from a man and gives them to another."""
    others = [game("11-03", 102, "DEN", "BOS"), game("11-08", 103, "BOS", "LAL")]
    books = [
        gamebook(each, {each["away_tricode"]: AWAY, each["home_tricode"]: HOME}, at("11-09 06:00")) for each in others
    ]
    lists = [bdl(each, {each["away_tricode"]: AWAY, each["home_tricode"]: HOME}, at("11-09 06:00")) for each in others]
    first = gamebook()
    changed = {"bos0": line(28), "bos1": line(27)}
    book = [
        version
        for row in first
        for version in (
            corrected(row, CORRECTED_AT, **changed[row["player_id"]]) if row["player_id"] in changed else [row]
        )
    ]
    rows = {"schedule": scheduled(LISTED, *others), "bdl": bdl() + lists[0] + lists[1]}
    dates = [day("11-01"), day("11-03"), day("11-08")]
    before = build(dates, gamebook=first + books[0] + books[1], **rows)
    after = build(dates, gamebook=book + books[0] + books[1], **rows)

    one = of(after[after["game_id"] == LISTED["game_id"]])
    assert one["points"].tolist() == [30, 28]
    assert one["known_at"].tolist() == [FINAL_AT, CORRECTED_AT]
    assert one["superseded_at"].tolist()[0] == CORRECTED_AT
    assert pd.isna(one["superseded_at"].iloc[1])
    assert one["source_conflict"].tolist() == [False, True]

    mates = of(after, "bos2")
    assert mates["usage_rate"].iloc[0] != mates["usage_rate"].iloc[1], "team totals moved: a free throw, two shots"
    other_side = of(after[after["game_id"] == LISTED["game_id"]], "nyk0")
    assert len(other_side) == 1, "nothing of the opponent changed"

    earlier = after[after["known_at"] < CORRECTED_AT].drop(columns="superseded_at")
    unmoved = before[before["known_at"] < CORRECTED_AT].drop(columns="superseded_at")
    pd.testing.assert_frame_equal(earlier.reset_index(drop=True), unmoved.reset_index(drop=True))
    rest = after["game_id"] != LISTED["game_id"]
    pd.testing.assert_frame_equal(
        after[rest].reset_index(drop=True), before[before["game_id"] != LISTED["game_id"]].reset_index(drop=True)
    )


def test_a_final_that_is_taken_back_ends_its_rows() -> None:
    listed, played = scheduled(LISTED)
    again = listed | {"game_status": 2, "known_at": CORRECTED_AT, "superseded_at": None}
    rows = build(schedule=[listed, played | {"superseded_at": CORRECTED_AT}, again])
    assert rows["superseded_at"].tolist() == [CORRECTED_AT] * 10


def test_a_man_who_turns_out_to_be_another_ends_and_the_other_begins() -> None:
    book = gamebook()
    right = book[0] | {"player_id": "bos9", "player_key": "bos9", "known_at": CORRECTED_AT}
    rows = build(gamebook=[book[0] | {"superseded_at": CORRECTED_AT}, right, *book[1:]])
    assert of(rows)["superseded_at"].tolist() == [CORRECTED_AT]
    assert of(rows, "bos9")["known_at"].tolist() == [CORRECTED_AT]


TIP = LISTED["tip_at"]


def test_closing_and_opening_line_and_where_the_points_ended() -> None:
    props = [prop(25.5, at("11-01 15:00")), prop(28.5, at("11-01 23:50")), prop(9.5, TIP + pd.Timedelta(minutes=5))]
    props.append(prop(30.0, at("11-01 23:40"), who="bos1"))
    props.append(prop(20.0, at("11-01 23:50"), who="bos2"))
    props.append(prop(16.5, at("11-01 23:50"), who="bos3"))
    row = current(build(props=props))
    assert row[["closing_line", "opening_line", "line_source", "minutes_to_tip"]].tolist() == [
        28.5,
        25.5,
        "odds_api",
        10.0,
    ]
    assert row["line_captured_at"] == at("11-01 23:50")
    assert row[["line_margin", "line_result"]].tolist() == [1.5, "over"]
    rows = build(props=props)
    assert pd.isna(current(rows, "bos1")["closing_line"]), "withdrawn before the tip"
    assert current(rows, "bos1")["opening_line"] == 30.0
    assert current(rows, "bos2")[["line_margin", "line_result"]].tolist() == [0.0, "push"], "neither over nor under"
    assert current(rows, "bos3")[["line_margin", "line_result"]].tolist() == [-1.5, "under"]
    assert pd.isna(current(rows, "nyk0")["closing_line"])


def test_an_old_capture_still_closes_and_a_line_of_who_did_not_play_has_no_result() -> None:
    bench = man(LISTED, "BOS", 6, GAMEBOOK_AT, player_status="dnp")
    props = [prop(28.5, TIP - pd.Timedelta(hours=20)), prop(12.5, TIP - pd.Timedelta(hours=20), who="bos6")]
    rows = build(gamebook=[*gamebook(), bench], props=props)
    assert current(rows)["closing_line"] == 28.5
    row = current(rows, "bos6")
    assert row["closing_line"] == 12.5
    assert row[["line_margin", "line_result"]].isna().all()


def test_a_line_that_becomes_known_after_the_game_makes_a_version() -> None:
    late = at("11-05 12:00")
    rows = build(props=[prop(28.5, at("11-01 23:50"), known_at=late)])
    one = of(rows)
    assert one["closing_line"].isna().tolist() == [True, False]
    assert one["known_at"].tolist() == [FINAL_AT, late]


def test_a_line_feed_was_there_if_anything_of_the_game_was_captured_before_the_tip() -> None:
    odds_api, bettingpros = "odds_api_player_points_props", "bettingpros_player_points_props"
    before = current(build(props=[prop(28.5, at("11-01 23:59"), who="bos1")]))
    assert odds_api in before["sources_used"]
    assert bettingpros in before["missing_inputs"]
    assert {odds_api, bettingpros} <= set(current(build(props=[prop(28.5, TIP)]))["missing_inputs"])


def test_a_line_closes_at_the_tip_as_it_was_known_then() -> None:
    listed, played = scheduled(LISTED)
    schedule = [listed, *corrected(played, CORRECTED_AT, tip_at=TIP + pd.Timedelta(hours=1))]
    known = at("11-02 05:00")
    props = [prop(25.5, at("11-01 23:50"), known_at=known), prop(28.5, TIP + pd.Timedelta(minutes=5), known_at=known)]
    rows = of(build(schedule=schedule, props=props))
    assert rows["closing_line"].tolist() == [25.5, 28.5]


@pytest.mark.parametrize(
    ("number", "kind", "phase"),
    [(20, "2", "early"), (21, "2", "mid"), (60, "2", "mid"), (61, "2", "late"), (25, "6", "mid"), (5, "4", "playoffs")],
)
def test_the_phase_is_by_the_teams_game_number(number: int, kind: str, phase: str) -> None:
    start = day("11-01")
    before = [
        game(str((start + pd.Timedelta(days=n)).date()), 200 + n, "BOS", "DEN", known_at=at("10-01 12:00"))
        for n in range(number - 1)
    ]
    last = game(str((start + pd.Timedelta(days=number - 1)).date()), 900, "BOS", "NYK", kind=kind)
    known = last["game_date"].tz_localize("UTC") + pd.Timedelta(hours=30)
    postponed = game("11-01", 800, "BOS", "LAL", is_postponed=True)
    rows = build(
        [last["game_date"]],
        schedule=[*before, postponed, *scheduled(last)],
        gamebook=gamebook(last, known_at=known),
        bdl=bdl(last, known_at=known),
    )
    assert current(rows)["season_phase"] == phase
    if kind == "2" and number in (21, 61):
        assert current(rows, "nyk0")["season_phase"] == "early", "New York's first game"


def test_preseason_has_its_phase_and_the_all_star_game_no_rows() -> None:
    warm_up, stars = game("11-01", 101, "BOS", "NYK", kind="1"), game("11-01", 1, "BOS", "NYK", kind="3")
    rows = build(
        schedule=scheduled(warm_up, stars), gamebook=gamebook(warm_up) + gamebook(stars), bdl=bdl(warm_up) + bdl(stars)
    )
    assert rows["game_id"].unique().tolist() == [warm_up["game_id"]]
    assert rows["season_phase"].unique().tolist() == ["preseason"]


def everything() -> dict[str, list[dict[str, Any]]]:
    """Two dates with every kind of input, a correction, and a late box score."""
    second = game("11-02", 102, "DEN", "LAL")
    points = {"DEN": AWAY, "LAL": HOME}
    book = gamebook()
    fixed = corrected(book[3], CORRECTED_AT, ast=9)
    return {
        "schedule": scheduled(LISTED, second),
        "gamebook": [*book[:3], *fixed, *book[4:], *gamebook(second, points, at("11-03 20:00"))],
        "bdl": bdl() + bdl(second, points, at("11-03 05:05")),
        "team_box": team_box() + team_box(second, points, known_at=at("11-03 07:10")),
        "game_log": game_log(),
        "props": [
            prop(25.5, at("11-01 20:00")),
            prop(26.5, at("11-01 23:30")),
            prop(14.5, at("11-01 23:30"), who="bos3"),
        ],
        "bettingpros": [prop(27.5, at("11-01 22:00"), book="fanduel", is_active=True)],
    }


ALL = everything()
DATES = [day("11-01"), day("11-02")]
WHOLE = build(DATES, **ALL)


def test_every_row_keeps_the_contract() -> None:
    table = contracts.table("player_game_summary")
    frames = inputs_of(**ALL)
    schedule = frames["nbac_schedule"]
    found = list(verify(table, WHOLE, {"nbac_schedule.game_id": schedule["game_id"]}, schedule))
    assert [finding.description for finding in found if not finding.passed] == []
    assert WHOLE["game_id"].nunique() == 2
    assert of(WHOLE, "bos3")["known_at"].tolist() == [FINAL_AT, BOX_AT, CORRECTED_AT]


def test_date_by_date_equals_the_range() -> None:
    parts = [build([each], **ALL) for each in DATES]
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), WHOLE)
    pd.testing.assert_frame_equal(build(DATES[::-1], **ALL), WHOLE)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_input_rows_never_matters(seed: int) -> None:
    shuffled = {name: frame.sample(frac=1, random_state=seed) for name, frame in inputs_of(**(BASIC | ALL)).items()}
    pd.testing.assert_frame_equal(TRANSFORMS["player_game_summary"](shuffled, DATES, None), WHOLE)


@pytest.mark.parametrize(
    "scope",
    [
        Scope(players=frozenset({"bos3", "lal1"})),
        Scope(teams=frozenset({"NYK"})),
        Scope(games=frozenset({"0022400102"})),
    ],
)
def test_a_scope_filters_the_output_only(scope: Scope) -> None:
    wanted = (
        WHOLE["player_id"].isin(scope.players) | WHOLE["team"].isin(scope.teams) | WHOLE["game_id"].isin(scope.games)
    )
    assert wanted.any()
    pd.testing.assert_frame_equal(build(DATES, scope, **ALL), WHOLE[wanted].reset_index(drop=True))


@pytest.mark.parametrize(
    "until", ["11-02 07:05", "11-02 07:12", "11-03 07:05", "11-03 20:00", "11-04 11:59", "11-04 12:00"]
)
def test_versions_known_by_a_time_depend_on_nothing_known_later(until: str) -> None:
    then = at(until)
    cut = {}
    for name, frame in inputs_of(**ALL).items():
        kept = frame[frame["known_at"] <= then]
        if "superseded_at" in kept.columns:
            kept = kept.assign(superseded_at=kept["superseded_at"].mask(kept["superseded_at"] > then))
        cut[name] = kept
    early = TRANSFORMS["player_game_summary"](cut, DATES, None)
    early = early[early["known_at"] <= then]
    known = WHOLE[WHOLE["known_at"] <= then]
    known = known.assign(superseded_at=known["superseded_at"].mask(known["superseded_at"] > then))
    early = early.assign(superseded_at=early["superseded_at"].mask(early["superseded_at"] > then))
    pd.testing.assert_frame_equal(early.reset_index(drop=True), known.reset_index(drop=True))


def test_no_inputs_no_rows() -> None:
    found = TRANSFORMS["player_game_summary"]({}, DATES, None)
    assert found.empty
    assert list(found.columns) == contracts.table("player_game_summary").column_names
