"""The Odds API's player points."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from nba_assets.sources.parsed import Outcome
from nba_assets_tests.sources.conftest import Json, odds, outcome, parsed

HISTORY = f"odds-api/player-props-history/2025-01-15/{'a' * 32}-NYKPHI/20250601_000000-snap-2100.json"


def outcomes(payload: Json, book: int = 0) -> list[Json]:
    found: list[Json] = payload["bookmakers"][book]["markets"][0]["outcomes"]
    return found


def test_a_row_per_book_and_player_with_the_main_line() -> None:
    found = parsed("odds", odds())
    assert found.outcome is Outcome.OK and len(found.rows) == 2
    first, second = found.rows.iloc[0], found.rows.iloc[1]
    assert (first["book"], first["line"], first["over_price"], first["under_price"]) == ("draftkings", 27.5, -110, -110)
    assert first["line_count"] == 2
    assert json.loads(first["alternates"]) == [{"line": 30.5, "over_price": 150, "under_price": -190}]
    assert first["book_updated_at"] == pd.Timestamp("2025-01-15T20:58:00Z")
    assert (second["book"], second["over_price"], second["under_price"]) == ("caesars", -110, 105)
    assert (second["over_decimal"], second["alternates"]) == (1.91, None)
    assert first["captured_at"] == pd.Timestamp("2025-01-15T21:00:00Z") and found.captured_at is None
    assert (first["game_id"], first["away_tricode"], first["home_tricode"]) == (None, "NYK", "PHI")
    assert first["game_date"] == pd.Timestamp("2025-01-15"), "the tip's date in New York, not in UTC"


def test_the_envelope_of_history_states_its_own_time() -> None:
    envelope = {"timestamp": "2025-01-15T20:55:40Z", "previous_timestamp": None, "next_timestamp": None, "data": odds()}
    found = parsed("odds", envelope, HISTORY)
    assert found.captured_at == pd.Timestamp("2025-01-15T20:55:40Z")
    assert set(found.rows["captured_at"]) == {found.captured_at}


def test_sides_are_paired_by_line_never_by_player_alone() -> None:
    payload = odds()
    outcomes(payload)[:] = [outcome("Over", "J. Brunson", -110, 27.5), outcome("Under", "J. Brunson", -115, 28.5)]
    row = parsed("odds", payload).rows.iloc[0]
    assert row["line_count"] == 2 and (row["over_price"] is None) != (row["under_price"] is None)


def test_the_alternate_market_adds_lines_and_never_replaces_one() -> None:
    payload = odds()
    more = [outcome("Over", "J. Brunson", -105, 27.5), outcome("Over", "J. Brunson", 200, 32.5)]
    payload["bookmakers"][0]["markets"].insert(0, {"key": "player_points_alternate", "outcomes": more})
    row = parsed("odds", payload).rows.iloc[0]
    assert (row["line"], row["over_price"], row["line_count"]) == (27.5, -110, 3)


def test_two_keys_of_one_book_are_one_row_the_newest() -> None:
    payload = odds()
    payload["bookmakers"][0] |= {"key": "caesars"}
    payload["bookmakers"][1]["last_update"] = "2025-01-15T20:40:00Z"
    rows = parsed("odds", payload).rows
    assert rows["book"].tolist() == ["caesars"] and rows["line"].tolist() == [27.5]


def test_a_fantasy_operator_is_marked() -> None:
    payload = odds()
    payload["bookmakers"][0]["key"] = "prizepicks"
    assert parsed("odds", payload).rows["is_dfs"].tolist() == [True, False]


def test_no_bookmakers_is_empty_and_other_markets_alone_are_bad() -> None:
    assert parsed("odds", odds() | {"bookmakers": []}).outcome is Outcome.EMPTY
    payload = odds()
    for book in payload["bookmakers"]:
        book["markets"][0]["key"] = "totals"
    found = parsed("odds", payload)
    assert found.outcome is Outcome.BAD and found.rejects[0].rule == "market" and "totals" in found.rejects[0].message


@pytest.mark.parametrize(
    ("key", "value", "rule"),
    [
        ("price", 50.0 - 100, "price"),
        ("price", "-110", "type"),
        ("price", 0, "price"),
        ("point", "27.5", "type"),
        ("point", 70.5, "range"),
        ("point", 0, "range"),
        ("name", "Yes", "range"),
        ("description", "…", "name"),
        ("price", 900, "implied_sum"),
    ],
)
def test_a_bad_outcome_makes_the_event_bad(key: str, value: object, rule: str) -> None:
    payload = odds()
    outcomes(payload)[0][key] = value
    found = parsed("odds", payload)
    assert found.outcome is Outcome.BAD and [reject.rule for reject in found.rejects] == [rule]


def test_one_side_with_two_prices_is_bad() -> None:
    payload = odds()
    outcomes(payload).append(outcome("Over", "J. Brunson", -120, 27.5))
    found = parsed("odds", payload)
    assert found.rejects[0].rule == "unique" and "-110" in found.rejects[0].message


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"sport_key": "basketball_wnba"}, "content"),
        ({"home_team": "Seattle SuperSonics"}, "teams"),
        ({"commence_time": "tonight"}, "time"),
        ({"commence_time": "2025-01-16T00:40:00"}, "time"),
        ({"bookmakers": None}, "type"),
    ],
)
def test_an_event_that_is_not_one(change: dict[str, Any], rule: str) -> None:
    assert parsed("odds", odds() | change).rejects[0].rule == rule


def test_a_live_answer_needs_the_capture_time_of_its_name() -> None:
    assert parsed("odds", odds(), "odds-api/player-props/2025-01-15/x/now.json").rejects[0].rule == "path"
