"""What becomes known after a decision moves nothing of it, table by table: traps 2, 4, 14, 15, and all at once."""

from __future__ import annotations

import pandas as pd
import pytest

from nba_assets import contracts
from nba_assets.contracts.model import Role
from nba_assets.modeling import TRANSFORMS
from nba_assets_tests.leakage.night import (
    DECIDED,
    GRADED,
    HOUR,
    LINES,
    LISTS,
    MINUTE,
    MODELED,
    PRE_GAME,
    PROPS,
    REPORTS,
    RESULTS,
    SCHEDULE,
    SECOND,
    SUMMARY,
    Frames,
    Night,
    known,
    of_date,
    randomised,
    same,
    unmoved,
    with_numbers,
)

WILD = 60.5


def again(night: Night, name: str, captured: pd.Timedelta, told: pd.Timedelta) -> pd.DataFrame:
    """The date's lines once more with wild numbers, captured and told so long after their game's tip."""
    rows = night.history[name]
    tips = night.of("upcoming_team_game_context").groupby("game_id")["tip_at"].first()
    more = rows[(rows["game_date"] == night.date) & rows["game_id"].isin(tips.index)]
    more = more.drop_duplicates([n for n in ("game_id", "player_id", "book") if n in rows.columns])
    assert len(more)
    tip = more["game_id"].map(tips)
    wild = {"line": WILD} if name == PROPS else {"home_spread": 30.5, "total": WILD}
    more = more.assign(**wild, captured_at=tip + captured, known_at=tip + told)
    return pd.concat([rows, more], ignore_index=True).astype(rows.dtypes)


def wild(night: Night, captured: pd.Timedelta, told: pd.Timedelta) -> Frames:
    return night.with_history(**{name: again(night, name, captured, told) for name in (PROPS, LINES)})


@pytest.fixture(scope="module")
def in_play(night: Night) -> Frames:
    """Lines captured five minutes after the tip, whose stamps say that they were known before and not in play."""
    return wild(night, 5 * MINUTE, -HOUR)


@pytest.mark.parametrize("name", DECIDED)
def test_trap_2_a_capture_from_after_the_tip_moves_nothing(night: Night, in_play: Frames, name: str) -> None:
    unmoved(in_play, night, name)


@pytest.fixture(scope="module")
def told_late(night: Night) -> Frames:
    """Lines captured an hour before the tip and known a second after the decision."""
    return wild(night, -HOUR, -30 * MINUTE + SECOND)


@pytest.mark.parametrize("name", DECIDED)
def test_trap_2_a_capture_known_after_the_decision_moves_nothing(night: Night, told_late: Frames, name: str) -> None:
    unmoved(told_late, night, name)


@pytest.fixture(scope="module")
def close(night: Night) -> Frames:
    """The closing lines, five minutes before the tip."""
    return wild(night, -5 * MINUTE, -5 * MINUTE)


@pytest.mark.parametrize("name", DECIDED)
def test_trap_15_the_close_moves_nothing(night: Night, close: Frames, name: str) -> None:
    unmoved(close, night, name)


def test_the_same_lines_known_at_the_decision_do_move_what_is_decided(night: Night) -> None:
    found = wild(night, -HOUR, -30 * MINUTE)
    moved = {name for name in DECIDED if not of_date(found[name], night.date).equals(night.of(name))}
    assert {"upcoming_player_game_context", "upcoming_team_game_context", "slate"} <= moved
    assert {"player_points_predictions", "game_predictions"} <= moved


def scratched(night: Night, at: pd.Timestamp) -> Frames:
    """At a moment every man of the date is reported out and is on another team's list."""
    context, reports, lists = night.of("upcoming_player_game_context"), night.history[REPORTS], night.history[LISTS]
    plain = reports[reports["row_kind"] == "player"].iloc[[0] * len(context)].reset_index(drop=True)
    out = plain.assign(
        **{name: context[name] for name in ("game_date", "game_id", "player_id")},
        player_key=context["player_id"],
        team_tricode=context["team"],
        opponent_tricode=context["opponent"],
        is_home=context["is_home"],
        injury_status="out",
        report_at=night.first - HOUR,
        known_at=at,
    )
    moved = lists.drop_duplicates("player_id").assign(game_date=night.date, known_at=at)
    moved["team_tricode"] = moved["team_tricode"].map({"BOS": "LAL", "LAL": "BOS", "DEN": "NYK", "NYK": "DEN"})
    return night.with_history(
        **{
            REPORTS: pd.concat([reports, out], ignore_index=True).astype(reports.dtypes),
            LISTS: pd.concat([lists, moved], ignore_index=True).astype(lists.dtypes),
        }
    )


@pytest.fixture(scope="module")
def late_scratch(night: Night) -> Frames:
    return scratched(night, night.last + SECOND)


@pytest.mark.parametrize("name", DECIDED)
def test_trap_4_a_late_scratch_moves_nothing(night: Night, late_scratch: Frames, name: str) -> None:
    unmoved(late_scratch, night, name)


def test_the_same_scratch_known_in_time_does(night: Night) -> None:
    found = scratched(night, night.first - HOUR)
    moved = {name for name in DECIDED if not of_date(found[name], night.date).equals(night.of(name))}
    assert {"upcoming_player_game_context", "upcoming_team_game_context", "ml_feature_store", "slate"} <= moved


def corrected(night: Night, at: pd.Timestamp) -> Frames:
    """At a moment every result of an earlier date gets a version with other numbers, and every game another tip."""
    history = {}
    for name in RESULTS:
        rows = night.history[name]
        stands = (rows["game_date"] < night.date) & rows["superseded_at"].isna() & (rows["known_at"] < at)
        new = with_numbers(name, rows[stands], pd.Series(True, index=rows.index[stands]), 31).assign(known_at=at)
        old = rows.assign(superseded_at=rows["superseded_at"].mask(stands, at))
        history[name] = pd.concat([old, new], ignore_index=True).astype(rows.dtypes)
    rows = night.history[SCHEDULE]
    listed = rows[(rows["game_date"] == night.date) & (rows["known_at"] < night.first)]
    moved = listed.assign(tip_at=listed["tip_at"] + 24 * HOUR, is_postponed=True, known_at=at, superseded_at=pd.NaT)
    history[SCHEDULE] = pd.concat([rows, moved], ignore_index=True).astype(rows.dtypes)
    return night.with_history(**history)


@pytest.fixture(scope="module")
def later_version(night: Night) -> Frames:
    return corrected(night, night.last + SECOND)


@pytest.mark.parametrize("name", DECIDED)
def test_trap_14_a_stat_correction_or_a_new_tip_known_later_moves_no_decision(
    night: Night, later_version: Frames, name: str
) -> None:
    unmoved(later_version, night, name)


@pytest.fixture(scope="module")
def noisy(night: Night) -> Frames:
    """Every number and flag of every row that was known after the last decision, at random."""
    history = {
        name: randomised(name, rows, rows["known_at"] > night.last, seed=1) for name, rows in night.history.items()
    }
    assert not history[SUMMARY].equals(night.history[SUMMARY])
    return night.with_history(**history)


@pytest.mark.parametrize("name", DECIDED)
def test_whatever_is_known_later_moves_nothing(night: Night, noisy: Frames, name: str) -> None:
    unmoved(noisy, night, name)


@pytest.mark.parametrize("name", GRADED)
def test_grades_and_the_record_are_then_what_they_were(night: Night, noisy: Frames, name: str) -> None:
    """Made anew for all dates, from what was said before the games."""
    said = {table: night.tables[table] for table in MODELED}
    found = {table: noisy[table] for table in night.history} | said
    dates = sorted(found[SCHEDULE]["game_date"].unique())
    for table in GRADED:
        found[table] = TRANSFORMS[table](found, dates, None)
    expected = known(night.tables[name], night.last)
    assert len(expected)
    same(known(found[name], night.last), expected)


def test_no_input_of_a_table_decided_before_its_game_is_a_result_of_its_own_date() -> None:
    """By contract: a table of results is history there, which ends the day before, and no raw box score is read."""
    announced = {SCHEDULE, LISTS, REPORTS, PROPS, LINES, "bettingpros_player_points_props"}
    for name in (*PRE_GAME, *MODELED):
        read = {entry.table: entry.role for entry in contracts.table(name).inputs}
        assert {table for table in read if contracts.table(table).dataset == "nba_raw"} <= announced, name
        assert {read[table] for table in (*RESULTS, *GRADED) if table in read} <= {Role.HISTORY}, name
