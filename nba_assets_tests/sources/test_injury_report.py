"""The injury report: documents drawn by hand in both layouts, the parsed twin, and the table that they become."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from nba_assets import contracts, sources
from nba_assets.sources.assemble import Capture, RawBuilt, build_raw
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets_tests.sources.conftest import Json, player, player_list, schedule
from nba_assets_tests.sources.documents import Placed, pdf

DAY = "2025-01-15"
SOURCE = "nbac_injury_report"
NAME = f"nba-com/injury-report-pdf/{DAY}/12/20250115_173400.pdf"
TWIN = f"nba-com/injury-report-data/{DAY}/12/20250115_173400.json"
OLD, NEW = (21, 95, 170, 244, 371, 499, 605), (23, 120, 200, 264, 425, 586, 666)
"""Left edges of the seven columns in the layout until spring 2023, and since November 2023."""
COLUMNS = ("Game Date", "Game Time", "Matchup", "Team", "Player Name", "Current Status", "Reason")
DATE, TIME, MATCHUP, TEAM, MAN, STATUS, REASON = range(7)
TITLE = "Injury Report: 01/15/25 12:30 PM"


def page(number: int, of: int, *cells: Placed, edges: Sequence[int] = NEW, header: bool = True) -> list[Placed]:
    """A page with its title, its number and (on the first, and on all of the old layout) the columns' header."""
    head = [(left, 110.0, words) for left, words in zip(edges, COLUMNS, strict=True)] if header else []
    return [(300.0, 50.0, TITLE), *head, *cells, (400.0, 550.0, f"Page {number} of {of}")]


def row(y: float, *cells: str, edges: Sequence[int] = NEW) -> list[Placed]:
    """The last columns' cells of a row: `row(y, man, status, reason)`, `row(y, team, man, status, reason)`, ..."""
    return [(left + 1.0, y, words) for left, words in zip(edges[-len(cells) :], cells, strict=True) if words]


def parsed(*pages: Sequence[Placed], name: str = NAME) -> Parsed:
    return sources.parse(SOURCE, pdf(*pages), name)


def told(found: Parsed) -> list[tuple[Any, ...]]:
    """(matchup, team, kind, name, status, reason) of the rows."""
    assert not found.rejects
    rows = found.rows
    matchup = rows["away_tricode"] + "@" + rows["home_tricode"]
    columns = ["team_tricode", "row_kind", "player_name", "injury_status", "injury_reason"]
    return list(zip(matchup, *(rows[column] for column in columns), strict=True))


FIRST = ("01/15/2025", "07:30 (ET)", "NYK@PHI")


def test_a_report_has_players_with_team_status_and_reason() -> None:
    found = parsed(
        page(
            1,
            1,
            *row(130, *FIRST, "New York Knicks", "Duke Jr., David", "Out", "G League - Two-Way"),
            *row(152, "Philadelphia 76ers", "Washington, P.J.", "Questionable", "Injury/Illness - Left Knee; Soreness"),
            *row(174, "Smith, Abe", "Available", "-"),
        )
    )
    assert told(found) == [
        ("NYK@PHI", "NYK", "player", "Duke Jr., David", "out", "G League - Two-Way"),
        ("NYK@PHI", "PHI", "player", "Washington, P.J.", "questionable", "Injury/Illness - Left Knee; Soreness"),
        ("NYK@PHI", "PHI", "player", "Smith, Abe", "available", None),
    ]
    assert list(found.rows["player_lookup"]) == ["daviddukejr", "pjwashington", "abesmith"]
    assert list(found.rows["reason_category"]) == ["g_league", "injury", None]
    assert list(found.rows["is_home"]) == [False, True, True] and set(found.rows["opponent_tricode"]) == {"PHI", "NYK"}
    assert set(found.rows["report_at"]) == {pd.Timestamp("2025-01-15T17:30Z")}, "half past twelve in New York"
    assert found.outcome is Outcome.OK and len(found.speaks_for) == 1


def test_three_states_of_a_team_without_players() -> None:
    found = parsed(
        page(
            1,
            1,
            *row(130, *FIRST, "New York Knicks", "", "", "NOT YET SUBMITTED"),
            *row(152, "UTA@CHA", "Utah Jazz", "Smith, Abe", "Out", "Rest"),
        )
    )
    assert [(team, kind) for _, team, kind, *_ in told(found)] == [
        ("NYK", "not_submitted"),
        ("UTA", "player"),
        ("PHI", "nothing_to_report"),
        ("CHA", "nothing_to_report"),
    ]
    assert list(found.rows["player_key"]) == ["team:NYK", None, "team:PHI", "team:CHA"]
    markers = found.rows[found.rows["row_kind"] != "player"]
    assert markers[["player_name", "player_lookup", "injury_status", "injury_reason"]].isna().all(axis=None)


def test_teams_hold_over_pages_and_the_new_layout_has_its_header_once() -> None:
    found = parsed(
        page(1, 3, *row(130, *FIRST, "New York Knicks", "One, Abe", "Out", "Rest")),
        page(2, 3, *row(80, "Two, Abe", "Doubtful", "Rest"), header=False),
        page(3, 3, *row(80, "Philadelphia 76ers", "Three, Abe", "Probable", "Rest"), header=False),
    )
    assert [(team, name) for _, team, _, name, *_ in told(found)] == [
        ("NYK", "One, Abe"),
        ("NYK", "Two, Abe"),
        ("PHI", "Three, Abe"),
    ]


def test_the_old_layout_has_its_header_on_every_page_and_other_edges() -> None:
    found = parsed(
        page(1, 2, *row(130, *FIRST, "LA Clippers", "", "", "NOT YET SUBMITTED", edges=OLD), edges=OLD),
        page(2, 2, *row(130, "One, Abe", "Out", "Rest", edges=OLD), edges=OLD),
    )
    assert {reject.rule for reject in found.rejects} == {"teams"}, "the Clippers do not play in NYK@PHI"
    found = parsed(
        page(1, 2, *row(130, *FIRST[:2], "LAC@PHI", "LA Clippers", "One, Abe", "Out", "Rest", edges=OLD), edges=OLD),
        page(2, 2, *row(130, "Two, Abe", "Out", "Rest", edges=OLD), edges=OLD),
    )
    assert [(team, name) for _, team, _, name, *_ in told(found)][:2] == [("LAC", "One, Abe"), ("LAC", "Two, Abe")]


def test_a_wrapped_reason_stands_around_its_players_line() -> None:
    found = parsed(
        page(
            1,
            1,
            *row(130, *FIRST, "New York Knicks", "One, Abe", "Out", "Rest"),
            *row(152, "Injury/Illness - Left Tibia; Non-"),
            *row(159, "Two, Abe", "Out", ""),
            *row(166, "displaced fracture"),
            *row(188, "Injury/Illness - Right Groin; Low Back"),
            *row(202, "Three, Abe", "Out", "Injury Recovery and a third"),
            *row(216, "line"),
            *row(238, "Four, Abe", "Out", "Personal Reasons"),
        )
    )
    assert [reason for *_, reason in told(found)][:4] == [
        "Rest",
        "Injury/Illness - Left Tibia; Non-displaced fracture",
        "Injury/Illness - Right Groin; Low Back Injury Recovery and a third line",
        "Personal Reasons",
    ]


def test_the_rest_of_a_reason_at_a_pages_top_belongs_to_the_last_player_before() -> None:
    found = parsed(
        page(1, 2, *row(501, *FIRST, "New York Knicks", "One, Abe", "Out", "Injury/Illness - Right Hamstring;")),
        page(2, 2, *row(81, "Strain and"), *row(95, "more"), *row(117, "Two, Abe", "Out", "Rest"), header=False),
    )
    reasons = [reason for *_, reason in told(found)]
    assert reasons[:2] == ["Injury/Illness - Right Hamstring; Strain and more", "Rest"]


def test_a_page_with_nothing_but_the_rest_of_a_reason() -> None:
    found = parsed(
        page(1, 2, *row(501, *FIRST, "New York Knicks", "One, Abe", "Out", "Left Knee;")),
        page(2, 2, *row(81, "Soreness"), header=False),
    )
    assert told(found)[0][-1] == "Left Knee; Soreness"


def test_a_report_of_two_dates_in_any_order_of_teams() -> None:
    found = parsed(
        page(
            1,
            1,
            *row(130, *FIRST, "Philadelphia 76ers", "One, Abe", "Out", "Rest"),
            *row(152, "New York Knicks", "Two, Abe", "Out", "Rest"),
            *row(174, "01/16/2025", "07:00 (ET)", "UTA@CHA", "Utah Jazz", "", "", "NOT YET SUBMITTED"),
            *row(196, "Charlotte Hornets", "", "", "NOT YET SUBMITTED"),
        )
    )
    first, second = pd.Timestamp(DAY), pd.Timestamp("2025-01-16")
    assert list(found.speaks_for["game_date"]) == [first, second]
    placed = list(zip(found.rows["game_date"], found.rows["team_tricode"], strict=True))
    assert placed == [(first, "PHI"), (first, "NYK"), (second, "UTA"), (second, "CHA")]


def test_a_report_without_a_line_is_empty() -> None:
    assert parsed(page(1, 1)).outcome is Outcome.EMPTY


GOOD = row(130, *FIRST, "New York Knicks", "One, Abe", "Out", "Rest")


@pytest.mark.parametrize(
    ("pages", "rule", "place"),
    [
        ([page(1, 1, *GOOD, header=False)], "layout", "page 1"),
        ([[*page(1, 1, *GOOD)[1:]]], "title", "page 1"),
        ([page(1, 2, *GOOD)], "pages", "page 1"),
        ([page(1, 2, *GOOD), page(3, 2, header=False)], "pages", "page 2"),
        ([page(1, 1, *GOOD, (10, 152, "stray"))], "unassigned", "page 1, 152 points down"),
        ([page(1, 1, *GOOD, *row(152, "Two, Abe", "", "Rest"))], "unassigned", "page 1, 152 points down"),
        ([page(1, 1, *row(120, "before any player"))], "unassigned", "page 1, 120 points down"),
        ([page(1, 1, *row(130, *FIRST, "New York Knicks", "One, Abe", "Unlikely", "Rest"))], "status", "page 1, 130"),
        ([page(1, 1, *row(130, "New York Knicks", "One, Abe", "Out", "Rest"))], "matchup", "page 1, 130"),
        ([page(1, 1, *row(130, "01/15/2025", "", "NYK", "", "One, Abe", "Out", "Rest"))], "matchup", "page 1, 130"),
        ([page(1, 1, *row(130, *FIRST, "", "One, Abe", "Out", "Rest"))], "teams", "page 1, 130"),
        ([page(1, 1, *row(130, *FIRST, "Boston Celtics", "One, Abe", "Out", "Rest"))], "teams", "page 1, 130"),
        ([page(1, 1, *row(130, *FIRST, "New York Knicks", "", "Out", "Rest"))], "name", "page 1, 130"),
        ([page(1, 1, *GOOD, *row(152, "One, Abe", "Out", "Rest"))], "duplicate", "page 1, 152"),
        ([page(1, 1, *GOOD, *row(152, "", "", "NOT YET SUBMITTED"))], "team_state", "page 1, 130"),
        ([page(1, 1, *GOOD, *row(152, "Two, Abe", "", "NOT YET SUBMITTED"))], "status", "page 1, 152"),
    ],
)
def test_what_is_not_such_a_report_is_refused_with_its_page(pages: Any, rule: str, place: str) -> None:
    found = parsed(*pages)
    assert found.outcome is Outcome.BAD and found.rows.empty
    assert rule in {reject.rule for reject in found.rejects}
    assert any(reject.place.startswith(place) for reject in found.rejects if reject.rule == rule)


def test_one_bad_game_does_not_take_the_others_with_it() -> None:
    found = parsed(page(1, 1, *GOOD, *row(152, "UTA@CHA", "Boston Celtics", "Two, Abe", "Out", "Rest")))
    assert found.outcome is Outcome.PARTIAL and set(found.rows["team_tricode"]) == {"NYK", "PHI"}
    (reject,) = found.rejects
    assert (reject.rule, reject.game, reject.place) == ("teams", "20250115/UTACHA", "page 1, 152 points down")


def test_another_title_on_a_later_page_and_another_date_than_the_folders() -> None:
    other = [(left, y, words.replace("12:30", "01:30")) for left, y, words in page(2, 2, header=False)]
    (reject,) = parsed(page(1, 2, *GOOD), other).rejects
    assert (reject.rule, reject.place) == ("title", "page 2")
    (reject,) = parsed(page(1, 1, *GOOD), name=NAME.replace(DAY, "2025-01-16")).rejects
    assert reject.rule == "path" and "2025-01-15" in reject.message
    assert parsed(page(1, 1, *GOOD), name="report.pdf").outcome is Outcome.OK


def twin(*men: tuple[str, str, str, str]) -> Json:
    """The parsed twin: (team, player, status, reason) of NYK@PHI."""
    records = [
        {"date": "01/15/2025", "gametime": "07:30 (ET)", "matchup": "NYK@PHI", "team": team}
        | {"player": name, "status": status, "reason": reason, "confidence": 1.0}
        for team, name, status, reason in men
    ]
    about = {"gamedate": "20250115", "hour": "12", "period": "PM", "hour24": "12", "season": "2024-25"}
    return {"metadata": about, "records": records}


def parsed_twin(payload: Json, name: str = TWIN) -> Parsed:
    return sources.parse(SOURCE, json.dumps(payload).encode(), name)


def test_the_twin_gives_the_same_rows_and_what_it_is_silent_about_is_unknown() -> None:
    of_pdf = parsed(page(1, 1, *GOOD)).rows
    of_twin = parsed_twin(twin(("NYK", "One, Abe", "Out", "Rest"))).rows
    pd.testing.assert_frame_equal(of_twin.iloc[:1], of_pdf.iloc[:1])
    assert list(of_pdf["row_kind"]) == ["player", "nothing_to_report"]
    assert list(of_twin["row_kind"]) == ["player", "not_submitted"]


def test_a_twin_that_is_none() -> None:
    (reject,) = parsed_twin(twin(("NYK", "One, Abe", "Unlikely", "Rest"))).rejects
    assert (reject.rule, reject.place) == ("status", "$.records[0].status")
    (reject,) = parsed_twin({"records": []}).rejects
    assert reject.rule == "top_key" and "metadata" in reject.message
    late = twin()
    late["metadata"]["hour24"] = "25"
    assert parsed_twin(late).rejects[0].rule == "title"
    missing = twin(("NYK", "One, Abe", "Out", "Rest"))
    del missing["records"][0]["team"]
    assert parsed_twin(missing).rejects[0].place == "$.records[0]"
    assert parsed_twin(twin()).outcome is Outcome.EMPTY


def build(*drops: tuple[bytes, str, str]) -> RawBuilt:
    """The table of drops (bytes, name, known), with both games on the schedule and everybody registered at noon."""
    noon = pd.Timestamp("2025-01-15T12:00Z")
    listed = player_list()
    for n, (team, number) in enumerate((team, number) for team in ("NYK", "PHI") for number in range(3)):
        who, name = player(team, number)
        listed["resultSets"][0]["rowSet"][n][:5] = [who, *reversed(name.split()), 1610612738, team]
    known = {}
    for kind, payload, name in (
        ("nbac_schedule", schedule(), "nba-com/schedule/2024-25/20250115_120000.json"),
        ("player_identity", listed, f"nba-com/player-list/{DAY}/20250115_120000.json"),
    ):
        source = "nbac_player_list" if kind == "player_identity" else kind
        capture = Capture(sources.parse(source, json.dumps(payload).encode(), name), name, kind, noon)
        known[kind] = build_raw(contracts.table(kind), [capture], pd.DataFrame(), pd.DataFrame()).frame
    captures = [
        Capture(sources.parse(SOURCE, data, name), name, hashlib.sha256(data).hexdigest(), pd.Timestamp(at))
        for data, name, at in drops
    ]
    return build_raw(contracts.table(SOURCE), captures, known["nbac_schedule"], known["player_identity"])


REPORT = pdf(
    page(
        1,
        1,
        *row(130, *FIRST, "New York Knicks", "Mana, Nyk", "Out", "Rest"),
        *row(152, "Nobody, Abe", "Out", "Rest"),
        *row(174, "UTA@CHA", "Utah Jazz", "", "", "NOT YET SUBMITTED"),
    )
)


def test_in_the_table_players_are_found_and_markers_are_of_their_team() -> None:
    built = build((REPORT, NAME, "2025-01-15T17:34Z"))
    rows = built.frame.set_index("player_key")
    known = str(player("NYK", 0)[0])
    assert set(rows.index) == {known, "unresolved:NYK:abenobody#1", "team:PHI", "team:UTA", "team:CHA"}
    assert rows.loc[known, "resolution"] == "exact"
    assert rows.loc[["team:PHI", "team:UTA", "team:CHA"], "resolution"].isna().all()
    assert set(rows["game_id"]) == {"0022400561", "0022400562"}
    assert list(built.unresolved["player_lookup"]) == ["abenobody"], "a marker is nobody to be found"
    assert (rows["known_at"] == pd.Timestamp("2025-01-15T17:34Z")).all()


def test_the_same_report_later_or_as_twin_adds_nothing() -> None:
    first = build((REPORT, NAME, "2025-01-15T17:34Z")).frame
    twice = build((REPORT, NAME, "2025-01-15T17:34Z"), (REPORT, NAME.replace("173400", "180000"), "2025-01-15T18:00Z"))
    pd.testing.assert_frame_equal(twice.frame, first)
    same = json.dumps(twin(("NYK", "Mana, Nyk", "Out", "Rest"))).encode()
    both = build((REPORT, NAME, "2025-01-15T17:34Z"), (same, TWIN, "2025-01-15T19:00Z")).frame
    pd.testing.assert_frame_equal(both, first)


def test_a_later_report_without_a_man_closes_nothing() -> None:
    cells = page(1, 1, *row(130, *FIRST, "Philadelphia 76ers", "Mana, Phi", "Out", "Rest"))
    later = pdf([(left, y, words.replace("12:30", "01:30")) for left, y, words in cells])
    name = NAME.replace("/12/20250115_173400", "/13/20250115_183400")
    frame = build((REPORT, NAME, "2025-01-15T17:34Z"), (later, name, "2025-01-15T18:34Z")).frame
    men = frame[frame["row_kind"] == "player"]
    assert list(men["player_name"]) == ["Mana, Nyk", "Nobody, Abe", "Mana, Phi"]
    assert list(men["report_at"].dt.hour) == [17, 17, 18]
