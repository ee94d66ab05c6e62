"""Both teams of a game: sums of their players, one number of possessions, and the defence as the offence's mirror."""

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
    gamebook,
    inputs_of,
    man,
    scheduled,
    team_box,
)
from nba_assets_tests.transforms.leagues import at, corrected, day, frame, game

DAY = [day("11-01")]
OFFENSE, DEFENSE, PLAYERS = "team_offense_game_summary", "team_defense_game_summary", "player_game_summary"
BASIC: dict[str, list[dict[str, Any]]] = {"schedule": scheduled(LISTED), "gamebook": gamebook(), "bdl": bdl()}


def frames_of(dates: list[pd.Timestamp] = DAY, **rows: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Inputs of the team tables, the players' table built from the raw ones."""
    raw = inputs_of(**(BASIC | rows))
    return raw | {PLAYERS: TRANSFORMS[PLAYERS](raw, dates, None)}


def build(
    table: str = OFFENSE, dates: list[pd.Timestamp] = DAY, scope: Scope | None = None, **rows: list[dict[str, Any]]
) -> pd.DataFrame:
    return TRANSFORMS[table](frames_of(dates, **rows), dates, scope)


def last(rows: pd.DataFrame, team: str) -> pd.Series[Any]:
    return rows[(rows["team"] == team) & rows["superseded_at"].isna()].iloc[0]


def test_example_a_one_overtime() -> None:
    """A 118 to 115: what `test_box_formulas` has by formula, here from players' rows and the team log."""
    points = {"BOS": [118, 0, 0, 0, 0], "NYK": [115, 0, 0, 0, 0]}
    totals = {
        "bos0": {"fga": 90, "fgm": 42, "fg3m": 14, "fg3a": 30, "ftm": 20, "fta": 20, "oreb": 10, "dreb": 32, "tov": 12},
        "nyk0": {"fga": 88, "fgm": 40, "fg3m": 10, "fg3a": 30, "ftm": 25, "fta": 25, "oreb": 12, "dreb": 30, "tov": 14},
    }
    nothing = dict.fromkeys(("fga", "fgm", "fg3a", "ftm", "fta", "oreb", "dreb", "tov"), 0)
    book = [row | totals.get(row["player_id"], nothing) | {"seconds_played": 3180} for row in gamebook(points=points)]
    box = [row | {"tov": tov, "ot_periods": 1} for row, tov in zip(team_box(points=points), (13, 15), strict=True)]
    rows = build(schedule=scheduled(LISTED, away=118, home=115), gamebook=book, bdl=[], team_box=box)
    a, b = last(rows, "BOS"), last(rows, "NYK")
    assert (a["tov"], a["team_turnovers"], a["team_turnovers_known"], a["minutes"]) == (12, 1, True, 265)
    assert round(a["possessions"], 2) == 98.58
    assert (round(a["pace"], 2), round(b["pace"], 2)) == (89.28, 89.28)
    assert (round(a["off_rating"], 2), round(a["def_rating"], 2)) == (119.70, 116.66)
    assert (round(a["net_rating"], 2), round(b["net_rating"], 2)) == (3.04, -3.04)


def test_sums_by_hand() -> None:
    row = last(build(), "BOS")
    assert row[["points", "margin", "won", "fgm", "fga", "ftm", "fta", "oreb"]].tolist() == [
        100,
        2,
        1,
        49,
        74,
        2,
        2,
        10,
    ]
    assert row[["dreb", "ast", "tov", "pf", "players_used", "minutes"]].tolist() == [30, 20, 10, 15, 5, 240]
    assert row["oreb_pct"] == pytest.approx(10 / 40)
    assert row["ft_rate"] == pytest.approx(2 / 74)
    assert row["efg_pct"] == pytest.approx(49 / 74)
    assert row[["team_turnovers", "team_turnovers_known"]].tolist() == [0, False]
    assert pd.isna(row["totals_match_boxscore"])
    assert row["missing_inputs"] == ["nbac_team_boxscore"]


def test_the_team_log_adds_the_teams_own_turnovers() -> None:
    without, row = last(build(), "BOS"), last(build(team_box=team_box(team_turnovers=2)), "BOS")
    assert row[["team_turnovers", "team_turnovers_known", "totals_match_boxscore"]].tolist() == [2, True, True]
    assert row["possessions"] == pytest.approx(without["possessions"] + 2.0)
    plain = team_box(team_turnovers=0, tov_includes_team=False)
    assert last(build(team_box=plain), "BOS")[["team_turnovers", "team_turnovers_known"]].tolist() == [0, False]
    absurd = team_box(team_turnovers=8)
    assert not last(build(team_box=absurd), "BOS")["team_turnovers_known"]


def test_a_team_box_score_with_other_counts_raises_a_flag_and_one_with_other_points_blocks() -> None:
    box = team_box()
    rows = build(team_box=[box[0] | {"ast": 99}, box[1]])
    assert not last(rows, "BOS")["totals_match_boxscore"]
    assert last(rows, "NYK")["totals_match_boxscore"]
    early = [row | {"known_at": at("11-02 05:00")} for row in box]
    assert build(team_box=[early[0] | {"pts": 99}, early[1]]).empty
    late = build(team_box=[box[0] | {"pts": 99}, box[1]])
    assert late["known_at"].unique().tolist() == [FINAL_AT], "what was known before stays"
    assert late["superseded_at"].isna().all()


def test_a_late_team_box_score_and_a_correction_make_versions() -> None:
    book = gamebook()
    fixed = [*corrected(book[0], CORRECTED_AT, oreb=3, reb=9), *book[1:]]
    rows = build(gamebook=fixed, team_box=team_box())
    for team, counts in (("BOS", [10, 10, 11]), ("NYK", [10, 10, 10])):
        one = rows[rows["team"] == team]
        assert one["known_at"].tolist() == [FINAL_AT, BOX_AT, CORRECTED_AT]
        assert one["superseded_at"].tolist()[:2] == [BOX_AT, CORRECTED_AT]
        assert one["oreb"].tolist() == counts
    assert not last(rows, "BOS")["totals_match_boxscore"], "the team box score still has the old count"


def test_the_defence_is_the_mirror_of_the_opponents_offence() -> None:
    offense, defense = build(OFFENSE, **ALL, dates=DATES), build(DEFENSE, **ALL, dates=DATES)
    offense, defense = (rows[rows["superseded_at"].isna()] for rows in (offense, defense))
    current = defense.merge(
        offense, left_on=["game_id", "opponent"], right_on=["game_id", "team"], suffixes=("", "_of")
    )
    assert len(current) == 4
    names = [n for n in defense.columns if n.startswith("opp_") and not n.startswith(("opp_team_turn",))]
    for name in names:
        theirs = current[name.removeprefix("opp_")]
        pd.testing.assert_series_equal(current[name], theirs, check_names=False)
    for name, theirs in (("def_rating", "off_rating"), ("possessions", "possessions_of"), ("pace", "pace_of")):
        pd.testing.assert_series_equal(current[name], current[theirs], check_names=False)


def history(n: int, team: str = "BOS", starters: int = 5, spacing: int = 2) -> list[dict[str, Any]]:
    """Rows of player_game_summary of the team's last n games: its men 0 to 4 started, 5 did not."""
    rows = []
    for number in range(n):
        on = day("11-01") - pd.Timedelta(days=spacing * (number + 1))
        for each in range(6):
            started = None if starters == 0 else each < starters
            rows.append(
                {
                    "game_date": on,
                    "game_id": f"00224{700 + number:05d}",
                    "player_id": f"{team.lower()}{each}",
                    "team": team,
                    "opponent": "DEN",
                    "season": 2024,
                    "status": "played",
                    "is_starter": started,
                    "known_at": on.tz_localize("UTC") + pd.Timedelta(hours=32),
                }
            )
    return rows


def missing(earlier: list[dict[str, Any]]) -> Any:
    """starters_missing of Boston, whose man 5 sits out and man 4 plays."""
    bench = [man(LISTED, "BOS", n, GAMEBOOK_AT, player_status="dnp") for n in (5, 6)]
    played = [
        row | ({"player_id": "bos7", "player_key": "bos7"} if row["player_id"] == "bos0" else {}) for row in gamebook()
    ]
    absent = man(LISTED, "BOS", 0, GAMEBOOK_AT, player_status="inactive")
    inputs = frames_of(gamebook=[*played, *bench, absent])
    inputs[PLAYERS] = pd.concat([frame(PLAYERS, earlier), inputs[PLAYERS]], ignore_index=True)
    found = last(TRANSFORMS[OFFENSE](inputs, DAY, None), "BOS")["starters_missing"]
    return None if pd.isna(found) else found


def test_starters_missing() -> None:
    assert missing(history(5)) == 1, "man 0 started five and is inactive; man 5 sits out and never started"
    assert missing(history(4)) == 0, "four starts are not five"
    assert missing(history(5, starters=0)) is None, "nobody's starts are known"
    assert missing([]) is None
    late = [row | {"known_at": CORRECTED_AT} for row in history(5)]
    assert missing(late) is None, "known after the game's rows"
    benched = [row for row in history(20) if row["player_id"] != "bos0" or row["game_id"] >= "0022400710"]
    assert missing(benched) == 0, "starts of the last ten games count"


def everything() -> dict[str, list[dict[str, Any]]]:
    second = game("11-02", 102, "DEN", "LAL")
    points = {"DEN": AWAY, "LAL": HOME}
    book = gamebook()
    return {
        "schedule": scheduled(LISTED, second),
        "gamebook": [*corrected(book[0], CORRECTED_AT, stl=4), *book[1:], *gamebook(second, points, at("11-03 06:00"))],
        "bdl": bdl() + bdl(second, points, at("11-03 05:05")),
        "team_box": team_box() + team_box(second, points, 3, known_at=at("11-03 07:10")),
    }


ALL = everything()
DATES = [day("11-01"), day("11-02")]


@pytest.mark.parametrize("table", [OFFENSE, DEFENSE])
def test_every_row_keeps_the_contract(table: str) -> None:
    schedule = inputs_of(**ALL)["nbac_schedule"]
    current = schedule[schedule["superseded_at"].isna()]
    rows = build(table, DATES, **ALL)
    found = list(verify(contracts.table(table), rows, {"nbac_schedule.game_id": schedule["game_id"]}, current))
    assert [finding.description for finding in found if not finding.passed] == []
    assert len(rows[rows["superseded_at"].isna()]) == 4


@pytest.mark.parametrize("table", [OFFENSE, DEFENSE])
def test_date_by_date_equals_the_range_and_a_scope_filters_the_output(table: str) -> None:
    inputs = frames_of(DATES, **ALL)
    whole = TRANSFORMS[table](inputs, DATES, None)
    parts = [TRANSFORMS[table](inputs, [each], None) for each in DATES]
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)
    own = TRANSFORMS[table](inputs, DATES, Scope(teams=frozenset({"NYK"})))
    pd.testing.assert_frame_equal(own, whole[whole["team"] == "NYK"].reset_index(drop=True))


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10_000), table=st.sampled_from([OFFENSE, DEFENSE]))
def test_the_order_of_input_rows_never_matters(seed: int, table: str) -> None:
    inputs = frames_of(DATES, **ALL)
    shuffled = {name: rows.sample(frac=1, random_state=seed) for name, rows in inputs.items()}
    pd.testing.assert_frame_equal(TRANSFORMS[table](shuffled, DATES, None), TRANSFORMS[table](inputs, DATES, None))


def test_no_inputs_no_rows() -> None:
    for table in (OFFENSE, DEFENSE):
        found = TRANSFORMS[table]({}, DATES, None)
        assert found.empty
        assert list(found.columns) == contracts.table(table).column_names
