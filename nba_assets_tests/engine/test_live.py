"""What the running platform says before a game's T is kept as it was said; after T nothing is live.

The games are those of `test_attention`: on 8 November Boston plays at Los Angeles, T is 23:30 UTC.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from nba_assets.engine.attention import QUIET
from nba_assets.engine.platform import Platform
from nba_assets.modeling import live as live_rows
from nba_assets_tests.engine.conftest import rows
from nba_assets_tests.engine.live import BORIS, DAY, LATER, OPEN, Live
from nba_assets_tests.engine.three_games import ADAM, LINES, THIRD
from nba_assets_tests.handmade import player_id

T = THIRD.tip - dt.timedelta(minutes=30)
MAN = player_id("BOS", 1)
TABLES = ("player_points_predictions", "game_predictions")


def said(platform: Platform, table: str = "player_points_predictions", player: str | None = None) -> pd.DataFrame:
    """The live rows of the day, in order of decision."""
    found = rows(platform, table, DAY)
    found = found[found["run_kind"] == "live"].sort_values("decision_at", kind="stable", ignore_index=True)
    return found if player is None else found[found["player_id"] == player].reset_index(drop=True)


@pytest.mark.parametrize("table", TABLES)
def test_what_is_said_before_t_is_a_live_row(lined: Live, table: str) -> None:
    found, there = said(lined.platform, table), rows(lined.platform, table, DAY)
    assert len(found) and len(found) * 2 == len(there), "each beside its row as of T"
    assert (found["created_at"] == pd.Timestamp(OPEN)).all()
    assert (found["decision_at"] <= found["created_at"]).all() and (found["known_at"] <= found["decision_at"]).all()
    assert not there.duplicated([name for name in ("game_id", "player_id") if name in there] + ["decision_at"]).any()


def test_a_line_that_moves_adds_a_row_of_its_man_and_the_first_stays_as_it_was(lined: Live) -> None:
    before = said(lined.platform)
    lined.drop(lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22))
    after = said(lined.platform)
    assert after["player_id"].value_counts().to_dict() == before["player_id"].value_counts().to_dict() | {MAN: 2}
    assert said(lined.platform, player=MAN)["line_value"].tolist() == [14.5, 15.5]
    pd.testing.assert_frame_equal(after[after["created_at"] == pd.Timestamp(OPEN)].reset_index(drop=True), before)


def test_the_same_said_again_is_no_row(lined: Live) -> None:
    before = said(lined.platform)
    lined.drop(lambda drops: drops.props(THIRD, LINES, hour=22))
    lined.at(QUIET)
    assert lined.attend().applied
    again = rows(lined.platform, "player_points_predictions", DAY).set_index(["player_id", "run_kind"])[
        "minutes_to_tip"
    ]
    assert again[ADAM, "backfill"] < again[ADAM, "live"], "the line that is decided on as of T is a newer one"
    pd.testing.assert_frame_equal(said(lined.platform), before)


def test_after_t_nothing_is_live_and_what_was_said_stands(lined: Live) -> None:
    before = {table: said(lined.platform, table) for table in TABLES}
    lined.clock.moment = T + dt.timedelta(minutes=1)
    lined.drop(lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22))
    backfill = rows(lined.platform, "player_points_predictions", DAY).set_index(["player_id", "run_kind"])["line_value"]
    assert (backfill[MAN, "live"], backfill[MAN, "backfill"]) == (14.5, 15.5), "it was captured in time, we had it late"
    for table in TABLES:
        pd.testing.assert_frame_equal(said(lined.platform, table), before[table])


def test_the_grade_is_that_of_the_last_live_row(lined: Live) -> None:
    lined.drop(lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22))
    lined.clock.moment = dt.datetime(2024, 11, 9, 8, tzinfo=dt.UTC)
    lined.drop(lambda drops: drops.after(THIRD))
    grades = rows(lined.platform, "prediction_grades", DAY)
    grades = grades[grades["is_official"] & grades["superseded_at"].isna() & (grades["target"] == "points")]
    official = grades.set_index("player_id")["prediction_id"]
    assert official[MAN] == said(lined.platform, player=MAN)["prediction_id"].iloc[-1]
    assert set(grades["run_kind"]) == {"live"}


def test_a_postponed_game_is_passed(lined: Live) -> None:
    moved = replace(THIRD, day=DAY + dt.timedelta(days=1))
    lined.drop(lambda drops: drops.schedule(moved.day, [moved], final=False, stamp="20241108_223500"))
    lined.run(DAY, moved.day, [])
    found = said(lined.platform, player=MAN)
    assert found["decision"].tolist()[-1] == "PASS" and found["reasons"].map(list).tolist()[-1] == ["postponed"]
    lined.run(DAY, moved.day, [])
    assert len(said(lined.platform, player=MAN)) == len(found), "said once"


def test_a_man_who_is_out_is_passed_and_all_that_was_said_of_him_stays(lined: Live) -> None:
    table = "player_points_predictions"
    earlier, now = said(lined.platform), pd.Timestamp(LATER)
    context = rows(lined.platform, "upcoming_player_game_context", DAY)
    status = context["injury_status"].mask(context["player_id"] == MAN, "out")
    inputs = {
        "upcoming_player_game_context": context.assign(injury_status=status),
        "nbac_schedule": rows(lined.platform, "nbac_schedule", DAY),
    }
    others = earlier[earlier["player_id"] != MAN]
    (gone,) = live_rows.added(table, earlier, others, inputs, None, now).to_dict("records")
    assert (gone["player_id"], gone["decision"], list(gone["reasons"])) == (MAN, "PASS", ["player_out"])
    assert gone["injury_status"] == "out" and gone["decision_at"] == now
    with_him = pd.concat([earlier, pd.DataFrame([gone]).astype(earlier.dtypes)], ignore_index=True)
    assert live_rows.added(table, with_him, others, inputs, None, now).empty
    back = live_rows.added(table, with_him, earlier, inputs, None, now)
    assert back["player_id"].tolist() == [MAN], "he plays after all"
    assert back["decision_at"].iloc[0] > now
    late = pd.Timestamp(T)
    assert live_rows.added(table, earlier, others, inputs, None, late).empty
