"""BettingPros' player points: events with offers in one drop, the older form, and events that came apart."""

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
from nba_assets_tests.sources.conftest import DAY, FIRST, SECOND, Json, player, schedule
from nba_assets_tests.sources.conftest import parsed as parsed_as
from nba_assets_tests.sources.soundness import sound
from nba_assets_tests.sources.test_assemble import rosters
from nba_assets_tests.sources.test_bad_bytes import VALUES, steps

SOURCE = "bettingpros_player_points_props"
NAME = f"bettingpros/player-props/points/{DAY}/20250115_210000.json"
EVENTS = f"bettingpros/events/{DAY}/20250115_200000.json"
NETS_ID, HORNETS_ID = 501, 502
FANDUEL, DRAFTKINGS, PRIZEPICKS, UNKNOWN = 10, 12, 60, 71
WHO = player("NYK", 1)[1]

Lines = dict[int, list[Json]]
"""Lines by book id."""


def events() -> list[Json]:
    """Knicks at Sixers and Jazz at Hornets, after midnight UTC of the next day."""
    games = ((NETS_ID, "NY", "PHI"), (HORNETS_ID, "UTAH", "CHA"))
    return [
        {"id": number, "sport": "NBA", "scheduled": "2025-01-16 00:40:00", "home": home, "visitor": away}
        for number, away, home in games
    ]


def line(point: float, cost: int | None, **more: Any) -> Json:
    return {"line": point, "cost": cost, "updated": "2025-01-15 20:55:00", "active": True, "best": False} | more


def offer(over: Lines, under: Lines, *, name: str = WHO, event: int = NETS_ID, number: int = 7000) -> Json:
    """One player's offer; his team is the one he plays for today, long after the game."""
    return {
        "id": f"{event}-{number}",
        "event_id": event,
        "player_id": number,
        "market_id": 156,
        "participants": [{"id": str(number), "name": name, "player": {"team": "SAS"}}],
        "selections": [
            {
                "selection": side,
                "opening_line": {"line": 22.5, "cost": cost, "created": "2025-01-14 16:00:00"},
                "books": [{"id": book, "lines": lines} for book, lines in books.items()],
            }
            for side, books, cost in (("over", over, -115), ("under", under, -105))
        ],
    }


def two_sided(point: float = 21.5, over: int = -110, under: int = -110, book: int = DRAFTKINGS) -> tuple[Lines, Lines]:
    return {book: [line(point, over)]}, {book: [line(point, under)]}


def payload(*offers: Json) -> Json:
    return {"events": events(), "offers": list(offers or [offer(*two_sided())])}


def older(**more: Any) -> Json:
    """The older form of the same offer."""
    books = [{"book_id": DRAFTKINGS, "line": 21.5, "odds": -110, "updated": None, "active": True, "best": True}]
    books.append({"book_id": 0, "line": 21.5, "odds": -112, "updated": None, "active": True, "best": False})
    side = {"opening_line": {"line": 22.5, "odds": -115, "created": None}, "sportsbooks": books}
    prop = {"offer_id": 1, "event_id": NETS_ID, "player_name": WHO, "over": side, "under": side}
    return {"date": DAY, "market_type": "points", "market_id": 156, "props": [prop | more]}


def parsed(found: object, name: str = NAME) -> Parsed:
    data = found if isinstance(found, bytes) else json.dumps(found).encode()
    return sources.parse(SOURCE, data, name)


def test_a_row_per_event_player_and_book_with_the_game_of_the_event() -> None:
    found = parsed(payload())
    assert found.outcome is Outcome.OK and len(found.rows) == 1
    row = found.rows.iloc[0]
    assert (row["game_date"], row["away_tricode"], row["home_tricode"]) == (pd.Timestamp(DAY), "NYK", "PHI")
    assert (row["book"], row["line"], row["over_price"], row["under_price"]) == ("draftkings", 21.5, -110, -110)
    assert (row["player_name"], row["bp_player_id"], row["bp_event_id"]) == (WHO, 7000, NETS_ID)
    assert (row["line_count"], row["alternates"], row["is_dfs"], row["is_active"]) == (1, None, False, True)
    assert row["captured_at"] == pd.Timestamp("2025-01-15T21:00Z")
    assert row["book_updated_at"] == pd.Timestamp("2025-01-15T20:55Z"), "times without a zone are UTC"
    assert (row["opening_line"], row["opening_over_price"], row["opening_under_price"]) == (22.5, -115, -105)
    assert row["opened_at"] == pd.Timestamp("2025-01-14T16:00Z")
    assert "team_tricode" not in found.rows.columns, "the participant's team is not the one of the game"
    assert found.speaks_for["home_tricode"].tolist() == ["PHI", "CHA"]


def test_the_consensus_is_no_book_and_an_unknown_one_has_its_number() -> None:
    over = {book: [line(21.5, -110)] for book in (0, FANDUEL, PRIZEPICKS, UNKNOWN)}
    rows = parsed(payload(offer(over, over))).rows
    assert rows["book"].tolist() == ["fanduel", "prizepicks", "book_71"]
    assert rows["is_dfs"].tolist() == [False, True, False]


def test_over_and_under_are_paired_by_line() -> None:
    over = {DRAFTKINGS: [line(21.5, -110), line(24.5, 160)]}
    under = {DRAFTKINGS: [line(21.5, -112, best=True), line(19.5, 140)]}
    row = parsed(payload(offer(over, under))).rows.iloc[0]
    assert (row["line"], row["over_price"], row["under_price"], row["is_best"]) == (21.5, -110, -112, True)
    assert row["line_count"] == 3
    assert json.loads(row["alternates"]) == [
        {"line": 19.5, "over_price": None, "under_price": 140},
        {"line": 24.5, "over_price": 160, "under_price": None},
    ]


def test_a_withdrawn_line_never_stands_for_one_that_is_not() -> None:
    over = {DRAFTKINGS: [line(20.5, -110, active=False), line(21.5, 105)]}
    under = {DRAFTKINGS: [line(20.5, -110, active=False), line(21.5, -125)]}
    row = parsed(payload(offer(over, under))).rows.iloc[0]
    assert (row["line"], row["line_count"], row["is_active"]) == (21.5, 1, True)


def test_a_book_that_took_all_its_lines_down_is_a_row_that_is_not_active() -> None:
    over = {DRAFTKINGS: [line(21.5, -110, active=False)], FANDUEL: [line(21.5, -110, is_off=True)]}
    rows = parsed(payload(offer(over, over))).rows
    assert rows["is_active"].tolist() == [False, False] and rows["line"].tolist() == [21.5, 21.5]


def test_of_two_withdrawn_prices_the_newer_is_kept_and_two_that_stand_are_bad() -> None:
    old = line(21.5, -120, active=False, updated="2025-01-15 18:00:00")
    new = line(21.5, -110, active=False, updated=None)
    newest = line(21.5, -105, active=False, updated="2025-01-15 20:00:00")
    row = parsed(payload(offer({DRAFTKINGS: [old, new, newest]}, {}))).rows.iloc[0]
    assert row["over_price"] == -105
    found = parsed(payload(offer({DRAFTKINGS: [line(21.5, -110), line(21.5, -115)]}, {})))
    assert found.outcome is Outcome.PARTIAL and found.rejects[0].rule == "unique"


def test_a_fantasy_operator_may_name_no_price() -> None:
    row = parsed(payload(offer(*({PRIZEPICKS: [line(21.5, None)]} for _ in range(2))))).rows.iloc[0]
    assert (row["line"], row["over_price"], row["under_price"], row["is_dfs"]) == (21.5, None, None, True)


def test_the_older_form_gives_the_same_row() -> None:
    row = parsed(older() | {"events": events()}).rows.iloc[0]
    same = parsed(payload()).rows.iloc[0]
    for column in ("game_date", "home_tricode", "book", "line", "over_price", "opening_line", "player_lookup"):
        assert row[column] == same[column]
    assert (row["bp_player_id"], row["book_updated_at"], row["is_best"]) == (None, None, True)
    assert parsed(older(over=None) | {"events": events()}).rows.iloc[0]["over_price"] is None


def test_other_markets_are_dropped_and_alone_they_are_bad() -> None:
    rebounds = offer(*two_sided(9.5)) | {"market_id": 157}
    assert parsed(payload(rebounds, offer(*two_sided()))).rows["line"].tolist() == [21.5]
    found = parsed(payload(rebounds))
    assert found.outcome is Outcome.BAD and found.rejects[0].rule == "market" and "157" in found.rejects[0].message
    assert parsed(older() | {"market_id": 151, "events": events()}).rejects[0].rule == "market"


def test_no_offers_are_empty_and_events_alone_are_rows_of_nothing() -> None:
    assert parsed({"events": events(), "offers": []}).outcome is Outcome.EMPTY
    found = parsed({"events": events()}, EVENTS)
    assert found.outcome is Outcome.OK and found.rows.empty and len(found.speaks_for) == 2
    assert parsed({"events": []}, EVENTS).outcome is Outcome.EMPTY
    guests = [event | {"visitor": "MEL"} for event in events()]
    assert parsed({"events": guests}, EVENTS).outcome is Outcome.EMPTY, "preseason guests are no error"


def test_one_page_of_several_is_no_capture() -> None:
    pages = {"page": 1, "total_pages": 3}
    (reject,) = parsed(payload() | {"_pagination": pages}).rejects
    assert reject.rule == "pages" and "page 1 of 3" in reject.message
    assert parsed(payload() | {"_pagination": {"page": 3, "total_pages": 3}}).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"line": "21.5"}, "type"),
        ({"line": 71}, "range"),
        ({"cost": 1.91}, "price"),
        ({"cost": "-110"}, "type"),
        ({"updated": "yesterday"}, "time"),
        ({"cost": 900}, "implied_sum"),
    ],
)
def test_a_bad_line_makes_its_game_bad_and_no_other(change: Json, rule: str) -> None:
    over, under = two_sided()
    over[DRAFTKINGS][0] |= change
    good = offer(*two_sided(), name=player("CHA", 0)[1], event=HORNETS_ID)
    found = parsed(payload(offer(over, under), good))
    assert found.outcome is Outcome.PARTIAL and found.rows["home_tricode"].tolist() == ["CHA"]
    assert found.speaks_for["home_tricode"].tolist() == ["CHA"]
    (reject,) = found.rejects
    assert (reject.rule, reject.game) == (rule, "20250115/NYKPHI") and reject.place.startswith("$.offers[0]")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"event_id": 999}, "event"),
        ({"event_id": None}, "type"),
        ({"participants": []}, "participants"),
        ({"participants": [{"name": "…"}]}, "name"),
        ({"player_id": "x"}, "type"),
        ({"selections": [{"selection": "draw", "books": []}]}, "range"),
        ({"selections": None}, "type"),
    ],
)
def test_a_bad_offer_is_a_reject(change: Json, rule: str) -> None:
    good = offer(*two_sided(), event=HORNETS_ID)
    found = parsed(payload(offer(*two_sided()) | change, good))
    assert found.outcome is Outcome.PARTIAL and [reject.rule for reject in found.rejects] == [rule]
    assert found.rows["home_tricode"].tolist() == ["CHA"]


def test_an_offer_of_a_game_that_is_not_the_leagues_says_so() -> None:
    found = payload()
    found["events"][0]["visitor"] = "MEL"
    (reject,) = parsed(found).rejects
    assert reject.rule == "event" and "'MEL' is no team" in reject.message and reject.game == f"event {NETS_ID}"


@pytest.mark.parametrize(
    ("found", "rule"),
    [
        (b"", "empty_file"),
        (b"<html>", "html"),
        (b"[]", "top_key"),
        (b'{"message": "Forbidden"}', "top_key"),
        (b'{"events": {}}', "type"),
        (b'{"events": [3]}', "type"),
        (b'{"offers": [' * 50_000, "json"),
        ({"events": [events()[0] | {"sport": "NFL"}]}, "content"),
        ({"events": [events()[0] | {"scheduled": None}]}, "time"),
        ({"events": [events()[0], events()[0]]}, "unique"),
    ],
)
def test_bytes_that_are_no_offers(found: object, rule: str) -> None:
    result = parsed(found)
    sound(result)
    assert result.outcome is Outcome.BAD and result.rejects[0].rule == rule


def test_the_name_must_have_a_capture_time_and_without_events_a_date() -> None:
    assert parsed(payload(), "bettingpros/player-props/points/now.json").rejects[0].rule == "path"
    name = "bettingpros/player-props/points/20250115_210000.json"
    assert parsed(payload(), name).outcome is Outcome.OK
    assert parsed({"offers": payload()["offers"]}, name).rejects[0].rule == "path"


@pytest.mark.parametrize("form", [payload, lambda: older() | {"events": events()}])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_mutated_answers_never_raise(form: Any, data: st.DataObject) -> None:
    found = form()
    for _ in range(data.draw(st.integers(1, 3))):
        places = steps(found)
        container, key = places[data.draw(st.integers(0, len(places) - 1))]
        container[key] = data.draw(VALUES)
    result = parsed(found)
    sound(result)
    assert all(reject.rule != "unreadable" for reject in result.rejects), result.rejects


def built(*captures: Capture) -> RawBuilt:
    """The table, with the schedule known at noon of the date, and the rosters of that morning."""
    nothing = pd.DataFrame()
    known = []
    for kind, table, at in (("schedule", "nbac_schedule", "12:00"), ("list", "player_identity", "11:00")):
        found = parsed_as(kind, schedule() if kind == "schedule" else rosters())
        one = Capture(found, kind, kind, pd.Timestamp(f"{DAY}T{at}Z"))
        known.append(build_raw(contracts.table(table), [one], nothing, nothing).frame)
    return build_raw(contracts.table(SOURCE), list(captures), *known)


def capture(found: object, name: str = NAME) -> Capture:
    data = json.dumps(found).encode()
    stamp = name[-20:-5]
    at = pd.Timestamp(f"{stamp[:8]}T{stamp[9:]}Z")
    return Capture(sources.parse(SOURCE, data, name), name, hashlib.sha256(data).hexdigest(), at)


def test_the_player_is_found_among_the_two_teams_of_the_event() -> None:
    stranger = offer(*two_sided(), name=player("UTA", 2)[1], number=7001)
    other = offer(*two_sided(), name=player("UTA", 2)[1], event=HORNETS_ID, number=7001)
    frame = built(capture(payload(offer(*two_sided()), stranger, other))).frame
    found = {(row.game_id, row.player_name): (row.player_id, row.resolution) for row in frame.itertuples()}
    assert found[FIRST, WHO] == (str(player("NYK", 1)[0]), "exact")
    assert found[SECOND, player("UTA", 2)[1]] == (str(player("UTA", 2)[0]), "exact")
    assert found[FIRST, player("UTA", 2)[1]][1] == "unresolved", "he plays elsewhere that night"
    assert set(frame["minutes_to_tip"]) == {210.0} and not frame["is_in_play"].any()


def test_offers_without_events_wait_for_a_drop_of_events() -> None:
    apart = capture({"offers": payload()["offers"]})
    assert apart.parsed.outcome is Outcome.PARTIAL
    alone = built(apart)
    assert alone.frame.empty and len(alone.unplaced) == 1

    before, whole = capture({"events": events()}, EVENTS), capture(payload())
    frame = built(apart, before).frame
    assert frame["game_id"].tolist() == [FIRST] and frame["known_at"].tolist() == [apart.known_at]
    same = built(whole).frame
    told_by = ["source_hash"]
    assert frame.drop(columns=told_by).equals(same.drop(columns=told_by)), "as if it had come in one drop"

    later = capture({"events": events()}, EVENTS.replace("_200000", "_223000"))
    frame = built(later, apart).frame
    assert frame["game_id"].tolist() == [FIRST]
    assert frame["known_at"].tolist() == [later.known_at], "nobody could know the game before"
