"""What was said anew before a game: how far it moved, and whose status or which line moved it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from nba_assets.publishing.rows import Record
from nba_assets_tests.publishing.conftest import documents
from nba_assets_tests.release_rows import SATURDAY, facts, frame, prediction, utc, weekend

GAME = f"historical/{SATURDAY}/games/0022400140.json"
SLATE = f"historical/{SATURDAY}/daily.json"
STAR, MATE, OTHER = "1628369", "1630163", "2544"


def live(player: str, hour: int, minute: int = 0, **more: Any) -> dict[str, Any]:
    """What is said of a player of Boston at that time (of the drop) and two seconds later (of the clock)."""
    at = utc(SATURDAY, hour, minute)
    said = prediction(SATURDAY, "0022400140", "BOS", "CHA", run_kind="live", decision_at=at, player_id=player)
    said |= {"created_at": at + dt.timedelta(seconds=2), "prediction_id": f"{player}-{hour}-{minute}", "known_at": at}
    return said | {"injury_status": "available", "points_q50": 25.0, **more}


def told(*rows: dict[str, Any], name: str = GAME) -> list[Record]:
    """The changes in a document of the weekend with these live rows."""
    tables = weekend()
    name_of = "player_points_predictions"
    tables[name_of] = pd.concat([tables[name_of], frame(name_of, list(rows))], ignore_index=True)
    found: list[Record] = documents(facts(tables))[name].data["changes"]
    return found


def test_without_live_rows_nothing_changed() -> None:
    assert told() == []
    assert told(live(STAR, 18), live(MATE, 18)) == [], "the first that is said is no change"


def test_a_teammate_who_is_out_is_the_cause_of_what_the_others_gain() -> None:
    """The man himself is passed by the clock, his teammates as of the report: it is one change all the same."""
    gone = live(MATE, 19, 30, injury_status="out", decision="PASS")
    gone["decision_at"] = gone["created_at"]
    found = told(live(STAR, 18), live(MATE, 18), gone, live(STAR, 19, 30, points_q50=27.4, minutes_mean=38.36))
    mate, star = sorted(found, key=lambda one: one["player_id"] == STAR)
    assert (mate["player_id"], mate["subject"], mate["subject_status"], mate["d_median"]) == (MATE, MATE, "out", 0.0)
    assert (star["cause"], star["subject"], star["subject_status"]) == ("injury", MATE, "out")
    assert (star["d_minutes"], star["d_median"], star["d_line"]) == (3.1, 2.4, 0.0)
    assert star["at"] == "2024-11-02T19:30:00Z"


def test_a_status_of_long_ago_is_not_the_cause_of_a_moved_line() -> None:
    found = told(
        live(STAR, 17),
        live(MATE, 17),
        live(MATE, 18, injury_status="questionable"),
        live(STAR, 18, points_q50=25.3),
        live(STAR, 20, points_q50=25.3, line_value=25.5, decision="OVER"),
    )
    assert [(one["player_id"], one["cause"], one["d_line"]) for one in found] == [
        (STAR, "injury", 0.0),
        (MATE, "injury", 0.0),
        (STAR, "line", 1.0),
    ]
    assert (found[-1]["decision_before"], found[-1]["decision_after"]) == ("PASS", "OVER")


def test_the_slate_tells_what_matters_and_the_game_all() -> None:
    rows = [live(STAR, 17), live(STAR, 18, points_q50=25.1), live(STAR, 19, points_q50=25.6)]
    assert [one["d_median"] for one in told(*rows)] == [0.1, 0.5]
    notable = told(*rows, name=SLATE)
    assert [(one["game_id"], one["d_median"]) for one in notable] == [("0022400140", 0.5)]


def test_what_is_said_of_another_team_is_no_cause() -> None:
    found = told(
        live(STAR, 17),
        live(OTHER, 17, team="CHA"),
        live(OTHER, 18, team="CHA", injury_status="out"),
        live(STAR, 18, points_q50=26.0),
    )
    assert [(one["player_id"], one["cause"]) for one in found] == [(STAR, "other"), (OTHER, "injury")]
