"""Decisions of learned models: each test plants the leak and sees that nothing moves; traps 2, 3, 4, 14 and 15."""

from __future__ import annotations

import pandas as pd
import pytest

from nba_assets.modeling import TRANSFORMS
from nba_assets.modeling.game_features import FEATURES as GAME_FEATURES
from nba_assets.modeling.player_points_predictions import HASHED, LINE_FIELDS, PROBABILITIES
from nba_assets.modeling.slate import slate
from nba_assets_tests.leakage.night import of_date, randomised, same
from nba_assets_tests.leakage.season import predict
from nba_assets_tests.modeling.conftest import MONDAY
from nba_assets_tests.modeling.rows import prop, table

DAY = pd.Timedelta(days=1)
PROPS = "odds_api_player_points_props"
COUNTED = ("line_source", "n_books")
"""Of a missing line: none, and 0."""


def wild(given, after, known=None):
    """A wild line for everybody of the last date, `after` minutes after the tip."""
    rows = of_date(given["upcoming_player_game_context"], MONDAY)
    captured = rows["tip_at"] + pd.Timedelta(minutes=after)
    lines = [
        prop(
            **{name: row[name] for name in ("game_date", "game_id", "player_id")},
            line=60.5,
            captured_at=when,
            known_at=when if known is None else row["tip_at"] + pd.Timedelta(minutes=known),
            is_in_play=after >= 0,
        )
        for (_, row), when in zip(rows.iterrows(), captured, strict=True)
    ]
    more = table(PROPS, lines)
    return given | {PROPS: pd.concat([given[PROPS], more], ignore_index=True)}


def test_trap_2_a_line_from_after_the_tip_is_never_used(given, said):
    same(predict(wild(given, after=20)), said)


def test_trap_2_a_line_from_before_the_tip_that_became_known_after_the_decision_is_not_either(given, said):
    same(predict(wild(given, after=-40, known=-20)), said)
    assert (predict(wild(given, after=-40))["consensus_line"] != said["consensus_line"]).any()


def test_trap_3_no_line_value_stands_for_many_players(said):
    assert said["line_value"].notna().all()
    assert said["line_value"].value_counts(normalize=True).max() <= 0.25


def test_trap_3_without_a_line_everything_of_the_market_is_null_and_nothing_is_graded(given):
    without = given | {PROPS: given[PROPS].iloc[:0]}
    found = predict(without)
    assert len(found) == len(predict(given))
    market = [name for name in (*LINE_FIELDS, *PROBABILITIES, "ev_over", "ev_under") if name not in COUNTED]
    assert found[market].isna().all().all()
    assert set(found["decision"]) == {"PASS"} and all("no_line" in reasons for reasons in found["reasons"])
    assert (set(found["line_source"]), set(found["n_books"])) == ({"none"}, {0})
    grades = TRANSFORMS["prediction_grades"](without | {"player_points_predictions": found}, [MONDAY])
    settled = grades[(grades["target"] == "points") & grades["played"].fillna(False)]
    assert len(settled)
    assert set(settled["result"]) == {"no_bet"} and set(settled["outcome"]) == {"no_line"}
    assert settled[["line_abs_error", "log_loss", "profit"]].isna().all().all()


@pytest.mark.parametrize("status", ["dnp", "inactive"])
def test_trap_4_who_turned_out_not_to_play_is_not_known_before(given, said, status):
    box = given["player_game_summary"].copy()
    today = box["game_date"] == MONDAY
    box.loc[today, "status"] = status
    box.loc[today, ["points"]] = pd.NA
    changed = given | {"player_game_summary": box}
    same(predict(changed), said)
    same(TRANSFORMS["points_model"](changed, [MONDAY]), given["points_model"])


def test_trap_14_a_stat_correction_moves_no_decision_made_before_it_was_known(given, said):
    box = given["player_game_summary"]
    played = box[(box["game_date"] == MONDAY - 10 * DAY) & (box["status"] == "played")].head(1)
    fixed = said["decision_at"].max()
    old = box.assign(superseded_at=box["superseded_at"].mask(box.index.isin(played.index), fixed))
    new = played.assign(points=99, known_at=fixed)
    changed = given | {"player_game_summary": pd.concat([old, new], ignore_index=True)}
    same(TRANSFORMS["points_model"](changed, [MONDAY]), given["points_model"])
    same(predict(changed), said)


def test_trap_14_a_new_tip_known_after_the_decision_moves_none(given, said):
    schedule = given["nbac_schedule"]
    late = said["decision_at"].max() + pd.Timedelta(minutes=1)
    row = schedule[(schedule["game_date"] == MONDAY) & (schedule["game_status"] == 1)].head(1)
    moved = table("nbac_schedule", row.assign(tip_at=row["tip_at"] + DAY, is_postponed=True, known_at=late))
    same(predict(given | {"nbac_schedule": pd.concat([schedule, moved], ignore_index=True)}), said)


def test_trap_15_the_line_is_the_decisions_capture_not_the_close(given, said):
    assert not [name for name in (*HASHED, *GAME_FEATURES) if "clos" in name]
    ahead = (said["tip_at"] - said["line_captured_at"]).dt.total_seconds() / 60
    assert said["minutes_to_tip"].tolist() == ahead.tolist()
    close = wild(given, after=-5)
    same(predict(close), said)
    grades = TRANSFORMS["prediction_grades"](close | {"player_points_predictions": said}, [MONDAY])
    assert grades["closing_line"].notna().any()


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_known_later_moves_nothing(given, said, seed):
    """All at once: every number of every row that was known after the last decision, at random."""
    last = said["decision_at"].max()
    noisy = {name: randomised(name, rows, rows["known_at"] > last, seed) for name, rows in given.items()}
    assert not noisy["player_game_summary"].equals(given["player_game_summary"])
    same(TRANSFORMS["points_model"](noisy, [MONDAY]), given["points_model"])
    dates = pd.DatetimeIndex([MONDAY])
    same(slate(noisy, dates), slate(given, dates))
    same(predict(noisy), said)
    games = TRANSFORMS["game_predictions"]
    same(games(noisy, [MONDAY]), games(given, [MONDAY]))
