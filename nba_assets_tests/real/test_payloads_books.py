"""Every real payload about books: rows that agree value by value with what stands in it, or the reason why not.

The `exp_*` files beside them come from another parser, which kept each payload as it is.
"""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nba_assets import sources
from nba_assets.league import tricode_of
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets.sources.paths import source_of

LINES, PROPS, BETTINGPROS = "odds_api_game_lines", "odds_api_player_points_props", "bettingpros_player_points_props"
EVENT = "2024-01-24/cd0bc7d0c238f4446ce1c03d0cea7ec4-ATLGSW/20250601_000000-snap-0355.json"
NAMES = {
    LINES: f"odds-api/game-lines-history/{EVENT}",
    PROPS: f"odds-api/player-props-history/{EVENT}",
    BETTINGPROS: "bettingpros/events/2021-10-21/20250812_205905.json",
}
GAME_LINES = (
    "oddsa_game_lines_his/b722994c",
    "odds_api_historical_game_lines/9221b91f",
    "oddsa_player_props_his/815b3ee3",
)
FILES = {
    "oddsa_game_lines_his": 1,
    "odds_api_historical_game_lines": 1,
    "oddsa_events_his": 2,
    "oddsa_player_props_his": 1,
    "bp_events": 3,
    "bdl_odds": 1,
}


def payload(shared: Path, file: str, kind: str = "raw") -> bytes:
    folder, _, name = file.partition("/")
    return (shared / "data" / "payloads" / folder / f"{kind}_{name}.json").read_bytes()


def parsed(shared: Path, source: str, file: str) -> Parsed:
    return sources.parse(source, payload(shared, file), NAMES[source])


def american(price: float) -> int:
    """By hand: 1.91 is 100/0.91 = 109.9 to win 100; a half (1.32 is 312.5) is rounded up."""
    more = Decimal(str(price)) - 1
    value = 100 * more if more >= 1 else 100 / more
    return int(value.quantize(Decimal(1), ROUND_HALF_UP)) * (1 if more >= 1 else -1)


def expected(event: dict[str, Any]) -> dict[str, dict[str, float]]:
    """The event's numbers by book, read another way: outcome by outcome."""
    home = tricode_of(event["home_team"])
    names = {"spreads": "spread", "h2h": "ml"}
    found: dict[str, dict[str, float]] = {}
    for book in event["bookmakers"]:
        row = found.setdefault(book["key"], {})
        for market in book["markets"]:
            for outcome in market["outcomes"]:
                price = american(outcome["price"])
                if market["key"] == "totals":
                    row |= {f"{outcome['name'].lower()}_price": price, "total": outcome["point"]}
                    continue
                is_home = tricode_of(outcome["name"]) == home
                row[f"{'home' if is_home else 'away'}_{names[market['key']]}_price"] = price
                if market["key"] == "spreads" and is_home:
                    row["home_spread"] = outcome["point"]
    return found


def test_these_are_all_the_files_there_are(shared: Path) -> None:
    here = {folder: len(list((shared / "data/payloads" / folder).glob("raw_*"))) for folder in FILES}
    assert here == FILES


@pytest.mark.parametrize("file", GAME_LINES)
def test_game_lines_agree_with_the_other_parser_outcome_by_outcome(shared: Path, file: str) -> None:
    found = parsed(shared, LINES, file)
    assert found.outcome is Outcome.OK and found.captured_at == pd.Timestamp("2024-01-25T03:55:40Z")
    other = json.loads(payload(shared, file, "exp"))
    assert other == json.loads(payload(shared, file)), "the other parser kept it as it is"
    wanted = expected(other["data"])
    assert set(found.rows["book"]) == set(wanted) == {"draftkings", "fanduel"}
    for row in found.rows.to_dict("records"):
        numbers = {name: value for name, value in row.items() if name in wanted[row["book"]]}
        assert numbers == wanted[row["book"]]
        assert (row["event_id"], row["away_tricode"], row["home_tricode"]) == (other["data"]["id"], "ATL", "GSW")
        assert row["game_date"] == pd.Timestamp("2024-01-24"), "03:20 UTC on the 25th is the evening of the 24th"
        assert row["starts_at"] == pd.Timestamp("2024-01-25T03:20:30Z")


def test_numbers_of_the_two_parts_by_hand(shared: Path) -> None:
    spreads, moneylines = (parsed(shared, LINES, file).rows.set_index("book") for file in GAME_LINES[:2])
    columns = ["home_spread", "home_spread_price", "away_spread_price", "total", "over_price", "under_price"]
    assert spreads.loc["draftkings", columns].tolist() == [-6.5, -120, -110, 248.5, -115, -115]
    assert moneylines.loc["fanduel", ["home_ml_price", "away_ml_price"]].tolist() == [-385, 280]
    assert moneylines["home_spread"].isna().all() and spreads["home_ml_price"].isna().all()


def test_spreads_and_totals_are_no_player_props(shared: Path) -> None:
    found = parsed(shared, PROPS, "oddsa_player_props_his/815b3ee3")
    assert found.outcome is Outcome.BAD
    assert found.rejects[0].rule == "market" and "spreads, totals" in found.rejects[0].message


@pytest.mark.parametrize("file", ["oddsa_events_his/4c3bc8f6", "oddsa_events_his/aaf97612"])
def test_the_events_endpoint_has_no_lines(shared: Path, file: str) -> None:
    found = parsed(shared, LINES, file)
    (reject,) = found.rejects
    assert found.outcome is Outcome.BAD and (reject.rule, reject.place) == ("content", "$.data")
    assert "events endpoint" in reject.message
    as_props = parsed(shared, PROPS, file)
    assert as_props.outcome is Outcome.BAD and as_props.rejects[0].rule == "type"


@pytest.mark.parametrize("file", ["bp_events/75470647", "bp_events/865cd116", "bp_events/e58219f4"])
def test_bettingpros_events_say_which_game_each_is(shared: Path, file: str) -> None:
    found = parsed(shared, BETTINGPROS, file)
    assert found.outcome is Outcome.OK and found.rows.empty
    events = json.loads(payload(shared, file, "exp"))["events"]
    units = found.speaks_for
    assert units["bp_event_id"].tolist() == [event["id"] for event in events] == [20879, 20880, 20881]
    assert units["home_tricode"].tolist() == [event["home"] for event in events] == ["ATL", "MIA", "GSW"]
    assert units["away_tricode"].tolist() == [event["visitor"] for event in events] == ["DAL", "MIL", "LAC"]
    assert [f"{at:%Y-%m-%d %H:%M:%S}" for at in units["starts_at"]] == [event["scheduled"] for event in events]
    assert set(units["game_date"]) == {pd.Timestamp("2021-10-21")}, "00:00 and 02:00 UTC of the 22nd are the 21st"


def test_a_participants_team_is_not_that_of_the_game(shared: Path) -> None:
    """Why no parser here reads it: men of 24 teams and of none in a file of three games."""
    events = json.loads(payload(shared, "bp_events/75470647"))["events"]
    lineups = [lineup for event in events for lineup in event["lineups"].values() if isinstance(lineup, list)]
    teams = {man["participant"]["player"]["team"] for lineup in lineups for man in lineup}
    assert len(teams - {"FA"}) == 24 and {"FA", "PHO", "NOR"} <= teams


def test_an_empty_answer_of_a_source_that_is_not_kept(shared: Path) -> None:
    """balldontlie's odds: no table has them, and nothing is in the one file there is."""
    data = payload(shared, "bdl_odds/99fa8981")
    assert source_of("ball-dont-lie/odds/2024-01-24/20240125_000000.json") is None
    assert sources.parse("bdl_player_boxscores", data, "x").outcome is Outcome.EMPTY
    for source in (LINES, PROPS, BETTINGPROS):
        assert sources.parse(source, data, NAMES[source]).outcome is Outcome.BAD
