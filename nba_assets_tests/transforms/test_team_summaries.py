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
from nba_assets_tests.transforms.plays import BIGDATABALL, NBAC, Row, event, game_of, shot, spot

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
    assert row["missing_inputs"] == ["nbac_team_boxscore", BIGDATABALL, NBAC]


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
    rows = build(team_box=[box[0] | {"ast": None}, box[1]])
    assert not last(rows, "BOS")["totals_match_boxscore"], "a count that is not told is not repeated"
    early = [row | {"known_at": at("11-02 05:00")} for row in box]
    assert build(team_box=[early[0] | {"pts": 99}, early[1]]).empty
    late = build(team_box=[box[0] | {"pts": 99}, box[1]])
    assert late["known_at"].unique().tolist() == [FINAL_AT], "what was known before stays"
    assert late["superseded_at"].isna().all()


def test_every_count_of_a_team_box_score_must_be_the_players() -> None:
    """Each is wrong for an hour, one after another, and right for an hour in between."""
    boston, new_york = team_box()
    names = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "ast", "stl", "blk", "pf")
    told = [facts for name in names for facts in ({name: boston[name] + 1}, {})]
    hours = [BOX_AT + pd.Timedelta(hours=n) for n in range(len(told))]
    versions = [
        boston | facts | {"known_at": begin, "superseded_at": end}
        for facts, begin, end in zip(told, hours, [*hours[1:], None], strict=True)
    ]
    rows = build(team_box=[*versions, new_york])
    found = rows.loc[(rows["team"] == "BOS") & (rows["known_at"] >= BOX_AT), "totals_match_boxscore"]
    assert found.tolist() == [False, True] * len(names)


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
    offense, defense = build(OFFENSE, **TOLD, dates=DATES), build(DEFENSE, **TOLD, dates=DATES)
    offense, defense = (rows[rows["superseded_at"].isna()] for rows in (offense, defense))
    current = defense.merge(
        offense, left_on=["game_id", "opponent"], right_on=["game_id", "team"], suffixes=("", "_of")
    )
    assert len(current) == 4
    assert current["opp_ra_fga"].notna().sum() == 2
    names = [n for n in defense.columns if n.startswith("opp_") and not n.startswith(("opp_team_turn",))]
    for name in names:
        theirs = current[name.removeprefix("opp_")]
        pd.testing.assert_series_equal(current[name], theirs, check_names=False)
    for name, theirs in (("def_rating", "off_rating"), ("possessions", "possessions_of"), ("pace", "pace_of")):
        pd.testing.assert_series_equal(current[name], current[theirs], check_names=False)


def shots_of(table: str) -> list[Row]:
    """Makes in every zone in place of as many points by free throws, and who had the ball in between."""
    places = [("ra", 2), ("paint_non_ra", 2), ("mid", 2), ("corner3", 3), ("above_break3", 3)]
    marked = ["2ndchance,pointsinthepaint", "fastbreak,pointsinthepaint", None, "fastbreak,2ndchance", None]
    more = [
        shot(table, who, value, "2 9:00", **spot(zone), **({"qualifiers": marks} if table == NBAC else {}))
        for who in ("bos0", "nyk0")
        for (zone, value), marks in zip(places, marked, strict=True)
    ]
    points = [12, 12]
    rows = []
    for row in game_of(table, more=more):
        side = ("bos0", "nyk0").index(row["player_id"]) if row["player_id"] in ("bos0", "nyk0") else None
        if side is not None and row["shot_value"] == 1 and points[side]:
            points[side] -= 1
        else:
            rows.append(row)
    return rows


@pytest.mark.parametrize("table", [NBAC, BIGDATABALL])
def test_zones_are_the_sums_of_the_players(table: str) -> None:
    book = [row | {"fga": 10} for row in gamebook()]
    rows = shots_of(table)
    found = {name: last(build(name, gamebook=book, **{table: rows}), "BOS") for name in (OFFENSE, DEFENSE)}
    offense, defense = found[OFFENSE], found[DEFENSE]
    assert offense[["ra_fga", "ra_fgm", "paint_non_ra_fgm", "mid_fga", "mid_fgm", "corner3_fgm"]].tolist() == [
        1,
        1,
        1,
        51,
        1,
        1,
    ]
    assert offense["points_in_paint"] == 4
    assert defense[["opp_ra_fga", "opp_mid_fga", "opp_above_break3_fgm", "opp_points_in_paint"]].tolist() == [
        1,
        51,
        1,
        4,
    ]
    assert offense["quality"] == 80.0, "BallDontLie has other attempts, team turnovers are not known"
    assert last(build(OFFENSE, gamebook=book), "BOS")["quality"] == 70.0


def test_quality_of_balldontlie_alone() -> None:
    assert last(build(gamebook=[]), "BOS")["quality"] == 65.0, "85, no zones, team turnovers not known"


def test_zones_are_known_as_soon_as_one_man_has_them() -> None:
    book = [row | {"fga": 10} for row in gamebook()]
    inputs = frames_of(gamebook=book, **{NBAC: shots_of(NBAC)})
    players = inputs[PLAYERS]
    zones = ["ra_fga", "mid_fga"]
    inputs[PLAYERS] = players.assign(**players[zones].where(players["player_id"] == "bos1"))
    rows = TRANSFORMS[OFFENSE](inputs, DAY, None)
    assert last(rows, "BOS")[zones].tolist() == [0, 10]
    assert last(rows, "NYK")[zones].isna().all()


def test_blocks_by_zone_are_the_teams_own() -> None:
    book = [row | {"fga": 10, "blk": int(row["player_id"] == "nyk1")} for row in gamebook()]
    rows = [row | ({"block_player_id": "nyk1"} if n == 200 else {}) for n, row in enumerate(game_of(NBAC))]
    assert rows[200]["player_id"].startswith("bos")
    built = build(DEFENSE, gamebook=book, **{NBAC: rows})
    assert last(built, "NYK")[["blk_paint", "blk_mid", "blk_three"]].tolist() == [0, 1, 0]
    assert last(built, "BOS")[["blk_paint", "blk_mid", "blk_three"]].tolist() == [0, 0, 0]
    book = [row | {"blk": 1} if row["player_id"] == "nyk2" else row for row in book]
    built = build(DEFENSE, gamebook=book, **{NBAC: rows})
    assert last(built, "NYK")[["blk_paint", "blk_mid", "blk_three"]].isna().all(), "nobody knows where his were"


def test_points_by_how_they_came_about_are_of_nba_com() -> None:
    names = ["second_chance_points", "fast_break_points"]
    row = last(build(**{NBAC: shots_of(NBAC)}), "BOS")
    assert row[names].tolist() == [5, 5]
    own = [row | ({"qualifiers": None} if row["player_id"] == "nyk0" else {}) for row in shots_of(NBAC)]
    assert last(build(**{NBAC: own}), "NYK")[names].tolist() == [0, 0], "none is known"
    row = last(build(**{BIGDATABALL: shots_of(BIGDATABALL)}), "BOS")
    assert row[names].isna().all()
    plain = [{name: value for name, value in row.items() if name != "qualifiers"} for row in shots_of(NBAC)]
    assert last(build(**{NBAC: plain}), "BOS")[names].isna().all(), "a form without qualifiers"
    assert last(build(**{NBAC: shots_of(NBAC)[1:]}), "NYK")[names].isna().all(), "other points than the score"


def test_possessions_counted_are_of_the_first_that_agrees() -> None:
    """By periods: throws of one side and then the other in the first, shots of both in the first and the second."""
    sheet = game_of(BIGDATABALL, more=[event(BIGDATABALL, "bos0", "turnover", "3 9:00")])
    both = {NBAC: game_of(NBAC), BIGDATABALL: sheet}
    row = last(build(**both), "NYK")
    assert row["possessions_pbp"] == last(build(**both), "BOS")["possessions_pbp"] == 2.5
    assert row["sources_used"] == [PLAYERS, BIGDATABALL]
    row = last(build(**{NBAC: game_of(NBAC)}), "NYK")
    assert row["possessions_pbp"] == 2.0
    assert (row["sources_used"], row["missing_inputs"]) == ([PLAYERS, NBAC], ["nbac_team_boxscore", BIGDATABALL])
    row = last(build(**both | {BIGDATABALL: sheet[1:]}), "NYK")
    assert row["possessions_pbp"] == 2.0
    assert row["missing_inputs"] == ["nbac_team_boxscore", BIGDATABALL], "it tells other points than the score"


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
TOLD = ALL | {
    "gamebook": [row | {"fga": 11} for row in ALL["gamebook"]],
    NBAC: shots_of(NBAC),
    BIGDATABALL: [row | {"known_at": at("11-02 20:00")} for row in shots_of(BIGDATABALL)],
}
"""The same with the play-by-plays of the first game, and as many attempts of every man as they have."""
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
    inputs = frames_of(DATES, **TOLD)
    whole = TRANSFORMS[table](inputs, DATES, None)
    parts = [TRANSFORMS[table](inputs, [each], None) for each in DATES]
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)
    own = TRANSFORMS[table](inputs, DATES, Scope(teams=frozenset({"NYK"})))
    pd.testing.assert_frame_equal(own, whole[whole["team"] == "NYK"].reset_index(drop=True))


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10_000), table=st.sampled_from([OFFENSE, DEFENSE]))
def test_the_order_of_input_rows_never_matters(seed: int, table: str) -> None:
    inputs = frames_of(DATES, **TOLD)
    shuffled = {name: rows.sample(frac=1, random_state=seed) for name, rows in inputs.items()}
    pd.testing.assert_frame_equal(TRANSFORMS[table](shuffled, DATES, None), TRANSFORMS[table](inputs, DATES, None))


def test_no_inputs_no_rows() -> None:
    for table in (OFFENSE, DEFENSE):
        found = TRANSFORMS[table]({}, DATES, None)
        assert found.empty
        assert list(found.columns) == contracts.table(table).column_names
