"""BigDataBall's play-by-play: the CSV, and what is no CSV."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets import sources
from nba_assets.sources.csv_payload import MAX_BYTES, MAX_LINE
from nba_assets.sources.parsed import Outcome, Parsed, Reject
from nba_assets_tests.sources.events import DAY, GAME, HEAD, SHEET_NAME, as_csv, cdn, sheet

Rows = list[dict[str, str]]


def parse(data: Rows | bytes, name: str = SHEET_NAME) -> Parsed:
    payload = data if isinstance(data, bytes) else as_csv(data)
    return sources.parse("bigdataball_play_by_play", payload, name)


def rejected(data: Rows | bytes, name: str = SHEET_NAME) -> Reject:
    """The one reject of a file of which nothing is used."""
    found = parse(data, name)
    assert found.outcome is Outcome.BAD and found.rows.empty and found.speaks_for.empty
    (reject,) = found.rejects
    return reject


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("game.csv", as_csv(sheet()))
    return out.getvalue()


def test_a_whole_game() -> None:
    found = parse(sheet())
    assert found.outcome is Outcome.OK and len(found.rows) == len(sheet())
    (unit,) = found.speaks_for.itertuples()
    assert (unit.game_date, unit.game_id) == (pd.Timestamp(DAY), GAME), "the file has lost the id's zeros"
    assert (unit.away_tricode, unit.home_tricode) == ("NYK", "PHI")
    assert found.rows["order_number"].tolist() == list(range(1, len(sheet()) + 1))


def test_shots_and_free_throws() -> None:
    shots = parse(sheet()).rows.dropna(subset="shot_value")
    told = shots[["event_type", "shot_value", "is_made", "pts"]].to_numpy().tolist()
    assert told == [["shot", 2, True, 2], ["shot", 3, False, 0], ["free throw", 1, True, 1], ["shot", 3, True, 3]]
    first = shots.iloc[0]
    assert (first["shot_x_ft"], first["shot_y_ft"], first["shot_distance_ft"]) == (-3.0, 4.0, 5.0)
    assert (first["player_name"], first["assist_name"], first["team_tricode"]) == ("Jalen Brunson", "Josh Hart", "NYK")


def test_times_count_from_the_tip() -> None:
    rows = parse(sheet()).rows
    assert rows["clock_seconds"].tolist()[1] == 700.0 and rows["elapsed_seconds"].tolist()[1] == 20.0
    assert rows["elapsed_seconds"].tolist()[-1] == 2880.0 and rows["play_seconds"].tolist()[1] == 10.0


def test_an_event_without_a_type_is_kept() -> None:
    rows = parse(sheet()).rows
    (unknown,) = rows[rows["sub_type"] == "unknown"].itertuples()
    assert unknown.event_type is None and unknown.description is None and unknown.pts is None


def test_the_court_is_that_after_the_substitution() -> None:
    rows = parse(sheet()).rows
    (sub,) = rows[rows["event_type"] == "substitution"].itertuples()
    assert (sub.entered_name, sub.left_name) == ("Miles McBride", "Josh Hart")
    assert sub.away_lineup == "Jalen Brunson; Miles McBride; Karl-Anthony Towns; OG Anunoby; Mikal Bridges"


def test_columns_count_by_name_not_by_place() -> None:
    pd.testing.assert_frame_equal(parse(as_csv(sheet(), HEAD[::-1])).rows, parse(sheet()).rows)


def test_an_older_files_date_and_another_word_for_a_miss() -> None:
    rows = [row | {"date": "01/15/2025", "result": row["result"].replace("missed", "miss")} for row in sheet()]
    pd.testing.assert_frame_equal(parse(rows).rows, parse(sheet()).rows)


def test_a_file_without_the_end_of_the_game_is_partial() -> None:
    found = parse(sheet(last=-1))
    assert found.outcome is Outcome.PARTIAL and len(found.rows) == len(sheet()) - 1 and not found.rejects


def test_a_header_alone_is_empty() -> None:
    assert parse([]).outcome is Outcome.EMPTY


@pytest.mark.parametrize(
    ("row", "change", "rule", "place"),
    [
        (1, {"remaining_time": "12:61"}, "clock", "line 3, remaining_time"),
        (1, {"remaining_time": "0:12:01"}, "clock", "line 3, remaining_time"),
        (1, {"period": "Q1"}, "period", "line 3, period"),
        (1, {"team": "XXX"}, "teams", "line 3, team"),
        (1, {"result": "banked"}, "result", "line 3, result"),
        (1, {"result": ""}, "shot", "line 3, result"),
        (1, {"points": "3"}, "shot", "line 3, points"),
        (1, {"home_score": "-1"}, "score", "line 3, home_score"),
        (1, {"original_x": "north"}, "number", "line 3, original_x"),
        (1, {"player": "?!"}, "name", "line 3, player"),
        (1, {"a2": "Jalen Brunson"}, "court", "line 3, a1"),
        (1, {"a2": ""}, "court", "line 3, a1"),
        (1, {"h1": "Jalen Brunson"}, "court", "line 3, a1"),
        (1, {"play_id": "1"}, "order", "line 3, play_id"),
        (1, {"game_id": "22400562"}, "game_id", "line 2, game_id"),
        (1, {"date": "2025-01-16"}, "date", "line 2, date"),
        (1, {"date": "soon"}, "date", "line 2, date"),
    ],
)
def test_a_cell_that_is_none_names_its_line(row: int, change: dict[str, str], rule: str, place: str) -> None:
    rows = sheet()
    rows[row] |= change
    found = rejected(rows)
    assert (found.rule, found.place) == (rule, place)


def test_a_score_that_falls() -> None:
    rows = sheet()
    rows[6]["away_score"] = "1"
    assert rejected(rows).rule == "score"


def test_points_that_are_not_the_score() -> None:
    rows = [row for row in sheet() if row["event_type"] != "free throw"]
    found = rejected(rows)
    assert found.rule == "points" and found.message == "points give NYK 2, PHI 3, but the last score is 2 to 4"


def test_sides_that_are_not_those_of_the_name() -> None:
    found = parse(sheet(), SHEET_NAME.replace("NYK@PHI", "PHI@NYK"))
    assert found.outcome is Outcome.BAD and {reject.rule for reject in found.rejects} == {"path"}


def test_both_sides_of_one_team() -> None:
    rows = sheet()
    rows[2]["team"] = "NYK"
    assert rejected(rows).rule == "teams"


@pytest.mark.parametrize(
    ("of", "to"), [(GAME, "0022400562"), (f"/{DAY}/", "/2025-01-16/"), (f"[{DAY}]", "[2025-01-16]")]
)
def test_a_file_under_another_games_name(of: str, to: str) -> None:
    assert rejected(sheet(), SHEET_NAME.replace(of, to)).rule == "path"


def test_a_file_by_itself_says_enough() -> None:
    assert parse(sheet(), "game.csv").outcome is Outcome.OK


class TestBytes:
    @pytest.mark.parametrize(
        ("data", "rule", "place"),
        [
            (b"", "empty_file", "byte 0"),
            (b" \n", "empty_file", "byte 0"),
            (b"<!doctype html>", "html", "byte 0"),
            (json.dumps(cdn()).encode(), "format", "byte 0"),
            (zipped(), "format", "byte 0"),
            (gzip.compress(b"game_id", mtime=0), "format", "byte 0"),
            (b"%PDF-1.4", "format", "byte 0"),
            (b"game_id,date\n1,\0\n", "format", "byte 15"),
            (b"game_id,date\n1,2\n", "column", "line 1"),
            (b"x" * (MAX_LINE + 1), "size", "line 1"),
            (b"x" * (MAX_BYTES + 1), "size", f"byte {MAX_BYTES}"),
        ],
    )
    def test_each_way_of_not_being_a_csv_has_its_rule_and_place(self, data: bytes, rule: str, place: str) -> None:
        found = rejected(data)
        assert (found.rule, found.place) == (rule, place)

    def test_a_byte_order_mark_is_no_content(self) -> None:
        assert parse(b"\xef\xbb\xbf" + as_csv(sheet())).outcome is Outcome.OK

    def test_a_row_of_another_length(self) -> None:
        found = rejected(as_csv(sheet()) + b"22400561,NBA\n")
        assert (found.rule, found.place) == ("row", f"line {len(sheet()) + 2}")
        assert "2 cells" in found.message

    def test_a_quote_that_never_closes(self) -> None:
        assert rejected(as_csv(sheet()) + b'"22400561').rule == "csv"

    def test_text_of_another_encoding(self) -> None:
        data = as_csv(sheet()).replace(b"Paul George", "Păul Geörge".encode("iso-8859-2"))
        found = rejected(data)
        assert (found.rule, found.place) == ("encoding", "line 2")

    def test_a_column_that_stands_twice(self) -> None:
        found = rejected(as_csv(sheet()).replace(b"data_set", b"player"))
        assert found.rule == "column" and "player" in found.message

    @given(st.binary(max_size=200))
    @settings(max_examples=100, deadline=None)
    def test_arbitrary_bytes_never_raise(self, data: bytes) -> None:
        found = parse(data)
        assert found.outcome is Outcome.BAD and all(reject.rule != "unreadable" for reject in found.rejects)

    @given(
        st.lists(
            st.tuples(
                st.integers(0, len(sheet()) - 1),
                st.sampled_from(HEAD),
                st.sampled_from(
                    ["", "0", "-1", "nan", "1e9", "²", "NYK", "x; y", "0:00:61", "9" * 30, "made", "shot", "\n"]
                ),
            ),
            min_size=1,
            max_size=4,
        )
    )
    @settings(max_examples=100, deadline=None)
    def test_changed_cells_never_raise(self, changes: list[tuple[int, str, str]]) -> None:
        rows = sheet()
        for row, column, text in changes:
            rows[row][column] = text
        found = parse(rows)
        assert all(reject.rule != "unreadable" for reject in found.rejects), found.rejects
        assert bool(found.rejects) == (found.outcome is Outcome.BAD)

    @given(st.integers(0, len(as_csv(sheet())) - 1))
    @settings(max_examples=60, deadline=None)
    def test_a_file_cut_anywhere_is_no_whole_game(self, end: int) -> None:
        found = parse(as_csv(sheet())[:end])
        assert found.outcome is not Outcome.OK or end == len(as_csv(sheet())) - 1, "the last line's end is no content"
        assert all(reject.rule != "unreadable" for reject in found.rejects)
