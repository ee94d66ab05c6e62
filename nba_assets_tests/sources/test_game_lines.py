"""The Odds API's spreads, totals and moneylines."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets import contracts, sources
from nba_assets.sources.assemble import Capture, RawBuilt, build_raw
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets_tests.sources.conftest import DAY, FIRST, SECOND, Json, schedule
from nba_assets_tests.sources.conftest import parsed as parsed_as
from nba_assets_tests.sources.soundness import sound
from nba_assets_tests.sources.test_bad_bytes import VALUES, steps

SOURCE = "odds_api_game_lines"
NAME = f"odds-api/game-lines/{DAY}/20250115_210000.json"
PAST = f"odds-api/game-lines-history/{DAY}/{'a' * 32}-NYKPHI/20250601_000000-snap-2100.json"
NUMBERS = ["home_spread", "home_spread_price", "away_spread_price", "total", "over_price", "under_price"]
NUMBERS += ["home_ml_price", "away_ml_price"]


def spreads(home: str, away: str, point: float, prices: tuple[float, float] = (-110, -110)) -> Json:
    """A spreads market, away first; `point` is the home side's."""
    return {
        "key": "spreads",
        "outcomes": [
            {"name": away, "price": prices[1], "point": -point},
            {"name": home, "price": prices[0], "point": point},
        ],
    }


def totals(point: float, prices: tuple[float, float] = (-105, -115)) -> Json:
    sides = zip(("Over", "Under"), prices, strict=True)
    return {"key": "totals", "outcomes": [{"name": s, "price": p, "point": point} for s, p in sides]}


def h2h(home: str, away: str, prices: tuple[float, float]) -> Json:
    sides = zip((home, away), prices, strict=True)
    return {"key": "h2h", "outcomes": [{"name": team, "price": price} for team, price in sides]}


SIXERS, KNICKS, HORNETS, JAZZ = "Philadelphia 76ers", "New York Knicks", "Charlotte Hornets", "Utah Jazz"


def event(home: str = SIXERS, away: str = KNICKS, *markets: Json, book: str = "draftkings") -> Json:
    """An event with one book, of three markets unless others are given."""
    found = list(markets) or [spreads(home, away, -4.5), totals(221.5), h2h(home, away, (-180, 150))]
    return {
        "id": hashlib.md5(home.encode(), usedforsecurity=False).hexdigest(),
        "sport_key": "basketball_nba",
        "commence_time": "2025-01-16T00:40:00Z",
        "home_team": home,
        "away_team": away,
        "bookmakers": [{"key": book, "last_update": "2025-01-15T20:59:00Z", "markets": found}],
    }


def parsed(payload: object, name: str = NAME) -> Parsed:
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return sources.parse(SOURCE, data, name)


def test_a_list_of_events_gives_a_row_per_game_and_book() -> None:
    found = parsed([event(), event(HORNETS, JAZZ)])
    assert found.outcome is Outcome.OK and len(found.rows) == len(found.speaks_for) == 2
    first = found.rows.iloc[0]
    assert first["book"] == "draftkings" and first["event_id"] == event()["id"]
    assert first[NUMBERS].tolist() == [-4.5, -110, -110, 221.5, -105, -115, -180, 150]
    assert (first["away_tricode"], first["home_tricode"]) == ("NYK", "PHI")
    assert first["game_date"] == pd.Timestamp(DAY), "the tip's date in New York, not in UTC"
    assert first["captured_at"] == pd.Timestamp("2025-01-15T21:00:00Z") and found.captured_at is None
    assert first["book_updated_at"] == pd.Timestamp("2025-01-15T20:59:00Z")


def test_one_event_and_the_envelope_of_history_are_the_same_rows_at_their_own_time() -> None:
    alone = parsed(event())
    assert alone.outcome is Outcome.OK
    for data in (event(), [event()]):
        found = parsed({"timestamp": "2025-01-15T20:55:40Z", "data": data}, PAST)
        assert found.captured_at == pd.Timestamp("2025-01-15T20:55:40Z")
        assert set(found.rows["captured_at"]) == {found.captured_at}
        assert found.rows[NUMBERS].equals(alone.rows[NUMBERS])


def test_decimal_prices_are_rounded_to_american() -> None:
    markets = (spreads(SIXERS, KNICKS, -4.5, (1.91, 1.83)), h2h(SIXERS, KNICKS, (1.32, 3.3)))
    row = parsed(event(SIXERS, KNICKS, *markets)).rows.iloc[0]
    assert row[NUMBERS].tolist() == [-4.5, -110, -120, None, None, None, -313, 230]


def test_no_event_or_no_book_is_empty_and_other_markets_alone_are_bad() -> None:
    assert parsed([]).outcome is Outcome.EMPTY
    assert parsed([event() | {"bookmakers": []}]).outcome is Outcome.EMPTY
    found = parsed(event(SIXERS, KNICKS, {"key": "player_points", "outcomes": []}))
    assert found.outcome is Outcome.BAD and found.rejects[0].rule == "market"
    assert "player_points" in found.rejects[0].message


def test_an_answer_of_the_events_endpoint_is_wrong_content() -> None:
    payload = [{key: value for key, value in event().items() if key != "bookmakers"}]
    (reject,) = parsed(payload).rejects
    assert (reject.rule, reject.place) == ("content", "$")


def test_two_keys_of_one_book_are_one_row_the_newest() -> None:
    payload = event()
    older = event(SIXERS, KNICKS, totals(230.5))["bookmakers"][0] | {"last_update": "2025-01-15T20:00:00Z"}
    payload["bookmakers"][0]["key"] = "williamhill_us"
    payload["bookmakers"].append(older | {"key": "caesars"})
    rows = parsed(payload).rows
    assert rows["book"].tolist() == ["caesars"] and rows["total"].tolist() == [221.5]


def test_one_side_without_a_price_is_null() -> None:
    market = spreads(SIXERS, KNICKS, -4.5)
    del market["outcomes"][1]
    row = parsed(event(SIXERS, KNICKS, market)).rows.iloc[0]
    assert row[NUMBERS[:3]].tolist() == [-4.5, None, -110], "the home point is the away point's opposite"


@pytest.mark.parametrize(
    ("market", "outcome", "change", "rule"),
    [
        (0, 0, {"point": 3.5}, "line"),
        (1, 0, {"point": 222.5}, "line"),
        (0, 0, {"name": "Boston Celtics"}, "teams"),
        (1, 1, {"name": "Draw"}, "range"),
        (2, 0, {"name": "Draw"}, "teams"),
        (0, 0, {"point": "4.5"}, "type"),
        (0, 0, {"point": None}, "type"),
        (1, 0, {"point": 0}, "range"),
        (0, 0, {"point": 101}, "range"),
        (2, 0, {"price": 50.0 - 100}, "price"),
        (2, 0, {"price": "150"}, "type"),
        (2, 1, {"name": SIXERS}, "unique"),
    ],
)
def test_a_bad_outcome_makes_its_game_bad_and_no_other(market: int, outcome: int, change: Json, rule: str) -> None:
    payload = event()
    payload["bookmakers"][0]["markets"][market]["outcomes"][outcome] |= change
    alone = parsed(payload)
    assert alone.outcome is Outcome.BAD and [reject.rule for reject in alone.rejects] == [rule]
    found = parsed([payload, event(HORNETS, JAZZ)])
    assert found.outcome is Outcome.PARTIAL and found.rows["home_tricode"].tolist() == ["CHA"]
    assert [(reject.rule, reject.game) for reject in found.rejects] == [(rule, "20250115/NYKPHI")]


@pytest.mark.parametrize(
    ("change", "rule", "game"),
    [
        ({"sport_key": "basketball_wnba"}, "content", None),
        ({"home_team": "Seattle SuperSonics"}, "teams", None),
        ({"commence_time": "2025-01-16T00:40:00"}, "time", None),
        ({"bookmakers": None}, "type", "20250115/NYKPHI"),
        ({"home_team": HORNETS, "away_team": JAZZ}, "unique", "20250115/UTACHA"),
    ],
)
def test_an_event_of_a_list_that_is_not_one(change: dict[str, Any], rule: str, game: str | None) -> None:
    found = parsed([event(HORNETS, JAZZ), event() | change])
    (reject,) = found.rejects
    assert reject.rule == rule and reject.place.startswith("$[1]")
    assert reject.game == (game or f"event {event()['id']}")
    assert found.outcome is (Outcome.BAD if rule == "unique" else Outcome.PARTIAL)


def test_a_market_that_stands_twice_is_bad() -> None:
    assert parsed(event(SIXERS, KNICKS, totals(221.5), totals(222.5))).rejects[0].rule == "unique"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "empty_file"),
        (b"<html>", "html"),
        (b'[{"id": 1', "json"),
        (b"3", "type"),
        (b"null", "type"),
        (b"[3]", "type"),
        (b"[" * 100_000, "json"),
        (b'{"message": "quota"}', "content"),
        (b'{"data":[]}', "content"),
    ],
)
def test_bytes_that_are_no_lines(data: bytes, rule: str) -> None:
    found = parsed(data)
    sound(found)
    assert found.outcome is Outcome.BAD and found.rejects[0].rule == rule


def test_a_live_answer_needs_the_capture_time_of_its_name() -> None:
    assert parsed([event()], "odds-api/game-lines/2025-01-15/now.json").rejects[0].rule == "path"


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_mutated_answers_never_raise(data: st.DataObject) -> None:
    payload: Any = [event(), event(HORNETS, JAZZ)]
    for _ in range(data.draw(st.integers(1, 3))):
        places = steps(payload)
        container, key = places[data.draw(st.integers(0, len(places) - 1))]
        container[key] = data.draw(VALUES)
    found = parsed(payload)
    sound(found)
    assert all(reject.rule != "unreadable" for reject in found.rejects), found.rejects


def built(*captures: Capture, games: Json | None = None) -> RawBuilt:
    """The table, with the schedule known at noon of the date."""
    data = json.dumps(games or schedule()).encode()
    plan = Capture(parsed_as("schedule", data), "s", "s", pd.Timestamp("2025-01-15T12:00Z"))
    nothing = pd.DataFrame()
    known = build_raw(contracts.table("nbac_schedule"), [plan], nothing, nothing).frame
    return build_raw(contracts.table(SOURCE), list(captures), known, nothing)


def capture(payload: object, *, known: str = "2025-01-15T21:00Z", name: str = NAME) -> Capture:
    data = json.dumps(payload).encode()
    found = sources.parse(SOURCE, data, name)
    return Capture(found, f"{name}#{len(data)}", hashlib.sha256(data).hexdigest(), pd.Timestamp(known))


def test_parts_of_one_moment_that_came_in_two_drops_are_one_row() -> None:
    first = capture(event(SIXERS, KNICKS, spreads(SIXERS, KNICKS, -4.5), totals(221.5)))
    second = capture(event(SIXERS, KNICKS, h2h(SIXERS, KNICKS, (-180, 150))))
    frame = built(first, second).frame
    row = frame.iloc[0]
    assert len(frame) == 1 and row["game_id"] == FIRST
    assert row[NUMBERS].tolist() == [-4.5, -110, -110, 221.5, -105, -115, -180, 150]
    assert row["minutes_to_tip"] == 210 and not row["is_in_play"]
    assert built(second, first).frame.equals(frame), "the order of arrival never matters"
    assert built(first, second, first, capture(event(), name=f"{NAME}.copy")).frame[NUMBERS].equals(frame[NUMBERS])


def test_a_merged_row_is_known_when_its_last_part_is() -> None:
    first = capture(event(SIXERS, KNICKS, totals(221.5)), known="2025-01-15T20:58Z")
    second = capture(event(SIXERS, KNICKS, h2h(SIXERS, KNICKS, (-180, 150))), known="2025-01-15T20:59Z")
    useless = capture(event(SIXERS, KNICKS, totals(240.5)), known="2025-01-15T23:00Z")
    row = built(useless, second, first).frame.iloc[0]
    assert row["known_at"] == pd.Timestamp("2025-01-15T20:59Z") and row["source_hash"] == second.content_hash
    assert (row["total"], row["home_ml_price"]) == (221.5, -180)


def test_of_two_values_the_first_known_stays_with_all_of_its_market() -> None:
    market = spreads(SIXERS, KNICKS, -4.5)
    del market["outcomes"][0]
    first = capture(event(SIXERS, KNICKS, market), known="2025-01-15T20:58Z")
    other = capture(event(SIXERS, KNICKS, spreads(SIXERS, KNICKS, -5.5)), known="2025-01-15T20:59Z")
    same = capture(event(SIXERS, KNICKS, spreads(SIXERS, KNICKS, -4.5)), known="2025-01-15T20:59Z")
    row = built(first, other).frame.iloc[0]
    assert (row["home_spread"], row["home_spread_price"]) == (-4.5, -110) and pd.isna(row["away_spread_price"])
    assert row["known_at"] == first.known_at
    assert built(first, same).frame.iloc[0]["away_spread_price"] == -110


def test_captures_of_two_moments_stay_two_rows_and_one_after_the_tip_is_in_play() -> None:
    later = f"odds-api/game-lines/{DAY}/20250116_004500.json"
    after = capture(event(), known="2025-01-16T00:45Z", name=later)
    frame = built(capture([event(), event(HORNETS, JAZZ)]), after).frame
    assert frame["game_id"].tolist() == [FIRST, FIRST, SECOND]
    assert frame["is_in_play"].tolist() == [False, True, False]
    assert frame["minutes_to_tip"].tolist() == [210, -15, 210]


def test_at_a_neutral_site_the_sides_are_the_schedules() -> None:
    games = schedule()
    games["leagueSchedule"]["gameDates"][0]["games"][0]["isNeutral"] = True
    markets = spreads(KNICKS, SIXERS, -4.5, (-112, -108)), totals(221.5), h2h(KNICKS, SIXERS, (-180, 150))
    row = built(capture(event(KNICKS, SIXERS, *markets)), games=games).frame.iloc[0]
    assert row["game_id"] == FIRST
    assert row[NUMBERS].tolist() == [4.5, -108, -112, 221.5, -105, -115, 150, -180]
