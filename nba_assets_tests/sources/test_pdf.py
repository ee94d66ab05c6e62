"""PDFs: words where they stand; damaged, oversized and malicious documents are refused before a reader opens them."""

from __future__ import annotations

import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.sources import pdf_guard
from nba_assets.sources.parsed import Reject
from nba_assets.sources.payload import PayloadError
from nba_assets.sources.pdf import MAX_CHARACTERS, MAX_PAGES, continued, read_pdf, text_of
from nba_assets_tests.sources.documents import document, pages, pdf, stream, words

HELLO = pdf([(100, 50, "Bagley III, Marvin"), (300, 50, "Out")], [(100, 60, "second page")])


def refused(data: bytes) -> Reject:
    """Why a document is not read."""
    with pytest.raises(PayloadError) as found:
        read_pdf(data)
    assert found.value.reject.place and found.value.reject.message
    return found.value.reject


def test_words_stand_where_they_were_drawn() -> None:
    first, second = read_pdf(HELLO)
    (line,) = first.lines
    assert [(word.text, round(word.left), round(word.y)) for word in line if word.text in ("Bagley", "Out")] == [
        ("Bagley", 100, 50),
        ("Out", 300, 50),
    ]
    assert text_of(line) == "Bagley III, Marvin Out"
    assert (second.number, second.place, text_of(second.lines[0])) == (2, "page 2", "second page")


def test_lines_go_from_top_to_bottom_and_left_to_right_however_they_were_drawn() -> None:
    (page,) = read_pdf(pdf([(300, 80, "d"), (100, 50, "a"), (100, 80, "c"), (300, 50.5, "b")]))
    assert [text_of(line) for line in page.lines] == ["a b", "c d"]


def test_a_gap_without_a_blank_parts_words_and_a_kern_does_not() -> None:
    content = stream(b"BT /F1 8 Tf 1 0 0 1 50 500 Tm [(NOT) -300 (YET) -60 (TER)] TJ ET")
    (page,) = read_pdf(pages([content]))
    assert text_of(page.lines[0]) == "NOT YETTER"


@pytest.mark.parametrize(
    ("turn", "matrix"),
    [(90, b"0 1 -1 0 50 100"), (180, b"-1 0 0 -1 742 50"), (270, b"0 -1 1 0 792 742")],
)
def test_a_turned_page_is_read_as_it_is_seen(turn: int, matrix: bytes) -> None:
    content = stream(b"BT /F1 8 Tf %s Tm (as seen) Tj ET" % matrix)
    size = b"[0 0 842 595] /Rotate 180" if turn == 180 else b"[0 0 842 842] /Rotate %d" % turn
    (page,) = read_pdf(pages([content], size=size))
    (line,) = page.lines
    assert text_of(line) == "as seen"
    assert (round(line[0].left), round(line[0].y)) == (100, 50)


def test_a_word_at_a_lines_end_keeps_its_hyphen() -> None:
    (page,) = read_pdf(pdf([(50, 50, "Left Tibia; Non-"), (50, 64, "displaced fracture")]))
    assert [text_of(line) for line in page.lines] == ["Left Tibia; Non-", "displaced fracture"]


@pytest.mark.parametrize(
    ("said", "more", "both"),
    [
        ("Left Tibia; Non-", "displaced", "Left Tibia; Non-displaced"),
        ("Grizzlies -", "Bane", "Grizzlies - Bane"),
        ("Left", "Knee", "Left Knee"),
        ("", "Knee", "Knee"),
    ],
)
def test_a_hyphen_parts_a_word_a_dash_does_not(said: str, more: str, both: str) -> None:
    assert continued(said, more) == both


@pytest.mark.parametrize(
    ("data", "rule", "place", "message"),
    [
        (b"", "empty_file", "byte 0", "no content"),
        (b"<html>Access denied</html>", "format", "byte 0", "%PDF-"),
        (HELLO[: len(HELLO) // 2], "format", "byte", "truncated"),
        (b"%PDF-1.4\n%%EOF", "format", "byte 0", "no reader opens this PDF"),
        (b"%PDF-" + b" " * pdf_guard.MAX_BYTES + b"%%EOF", "size", "byte", f"more than {pdf_guard.MAX_BYTES}"),
        (pages([]), "format", "byte 0", "no reader opens this PDF"),
        (pages([stream(b"")] * (MAX_PAGES + 1)), "pages", "document", f"{MAX_PAGES + 1} pages"),
        (pdf([(0, 9 * n, "x" * 99) for n in range(500)]), "characters", "page 1", f"more than {MAX_CHARACTERS}"),
        (document([b"null"] * (pdf_guard.MAX_OBJECTS + 1)), "objects", "objects", f"more than {pdf_guard.MAX_OBJECTS}"),
    ],
)
def test_what_is_no_document_or_too_large_a_one(data: bytes, rule: str, place: str, message: str) -> None:
    reject = refused(data)
    assert (reject.rule, message in reject.message) == (rule, True) and reject.place.startswith(place)


def test_a_stream_without_its_middle_is_damaged_and_names_its_page() -> None:
    content = stream(words([(50, 50 + n, f"Player {n * 7919}") for n in range(40)]))
    lost = content[:150] + bytes(byte for byte in content[150:-40] if byte < 128) + content[-40:]
    reject = refused(pages([stream(words([(50, 50, "whole")])), lost]))
    assert reject.rule == "stream" and reject.place == "page 2, stream of object 7" and "damaged" in reject.message


def test_a_stream_that_ends_early_is_truncated() -> None:
    packed = zlib.compress(b"q Q " * 5000)[:-8]
    content = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s" % (len(packed), packed)
    data = b"%PDF-1.4\n5 0 obj\n" + content
    assert refused(data + b"%%EOF").message.startswith(("truncated", "damaged"))
    assert refused(pages([content + b"\nendstream"])).rule == "stream"


BOMB = zlib.compress(b"\0" * 40_000_000, 9)
"""40 kB that inflate to 40 MB."""


def test_f58_a_bomb_is_refused_before_it_is_inflated() -> None:
    data = pages([b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(BOMB), BOMB)])
    tracemalloc.start()
    reject = refused(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reject.rule == "stream_size" and reject.place == "page 1, stream of object 5"
    assert str(pdf_guard.MAX_STREAM) in reject.message
    assert peak < 4 * pdf_guard.MAX_STREAM


def large(size: int) -> bytes:
    return stream(b" " * size)


HALF = pdf_guard.MAX_STREAM // 2
NESTED = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"


@pytest.mark.parametrize(
    ("data", "rule", "message"),
    [
        (pages([large(HALF)] * 17), "stream_size", "the streams inflate to more"),
        (
            pages([b"<< /Length 2 /Filter [/FlateDecode /FlateDecode] >>\nstream\nxx\nendstream"]),
            "feature",
            "/FlateDecode, /FlateDecode: only a single",
        ),
        (pages([b"<< /Length 2 /Filter /LZWDecode >>\nstream\nxx\nendstream"]), "feature", "/LZWDecode"),
        (pages([b"<< /Length 2 /Filter 9 0 R >>\nstream\nxx\nendstream"]), "feature", "filters none"),
        (pages([b"<< /Length 2 /Fl#61 /X >>\nstream\nxx\nendstream"]), "feature", "disguise"),
        (pages([stream(b"")], stream(b"/Fm0 Do", NESTED)), "feature", "a drawing that draws another"),
        (pages([stream(b"/Fm0 Do " * 40)], stream(b" " * HALF, NESTED)), "stream_size", "drawn 40 times"),
        (pages([stream(b"")], large(HALF), b"[" + b"6 0 R " * 20 + b"]"), "stream_size", "referred to"),
        (pages([stream(b"BI /W 9 /H 9 /F [/Fl /Fl] ID xx EI")]), "feature", "a picture within the text"),
        (pages([stream(b"")], b"<< /Type /Font /Subtype /Type3 >>"), "feature", "/Type3"),
        (document([b"<< /Type /Catalog >>", b"<< /Encrypt 5 0 R >>"]), "feature", "/Encrypt"),
        (pages([b"<< /Length 2 " + b" " * 5000 + b">>\nstream\nxx\nendstream"]), "feature", "a dictionary of 5"),
    ],
)
def test_what_would_grow_in_a_reader_is_refused(data: bytes, rule: str, message: str) -> None:
    reject = refused(data)
    assert reject.rule == rule and message in reject.message


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_document_with_any_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    changed = bytearray(HELLO)
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(changed) - 1))
        changed[start : start + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    try:
        found = read_pdf(bytes(changed))
    except PayloadError as error:
        assert error.reject.rule and error.reject.place
    else:
        assert all(page.number == n for n, page in enumerate(found, 1))
