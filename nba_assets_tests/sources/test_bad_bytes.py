"""Bytes that are not what they should be: a reason with place and rule, never a traceback."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets import sources
from nba_assets.sources.parsed import Outcome
from nba_assets.sources.payload import MAX_BYTES
from nba_assets_tests.sources.conftest import NAMES, PAYLOADS, SOURCES, log, parsed
from nba_assets_tests.sources.soundness import sound

KINDS = sorted(PAYLOADS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("data", "rule", "place"),
    [
        (b"", "empty_file", "byte 0"),
        (b" \n\t", "empty_file", "byte 0"),
        (b"<!doctype html><html><body>403 Forbidden</body></html>", "html", "byte 0"),
        (b'{"data": [1, 2', "json", "byte 14"),
        (b'{"data": nope}', "json", "byte 9"),
        (b'{"data": 1, "data": 2}', "duplicate_key", "$"),
        (b'{"data": "\\u0000"}', "json", "byte 10"),
        (b"[]", "top_key", "$"),
        (b"3", "top_key", "$"),
        (b"null", "top_key", "$"),
        (b'{"message": "quota"}', "top_key", "$"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "json", "byte 0"),
        (b"\xff\xfe{}", "json", "byte 0"),
        (b"[" * 100_000, "json", None),
        (b'{"a":' * 100_000, "json", None),
        (b"[" * 900 + b"]" * 900, "json", "$"),
    ],
)
def test_each_way_of_not_being_a_payload_has_its_rule_and_place(
    kind: str, data: bytes, rule: str, place: str | None
) -> None:
    found = parsed(kind, data)
    sound(found)
    assert found.outcome is Outcome.BAD
    (reject,) = found.rejects
    assert reject.rule == rule
    assert place is None or reject.place == place


def test_a_truncated_payload_says_so() -> None:
    data = json.dumps(log()).encode()
    for cut in (1, 100, len(data) // 2, len(data) - 1):
        (reject,) = parsed("log", data[:cut]).rejects
        assert reject.rule == "json" and reject.place == f"byte {cut}" and "truncated" in reject.message


def test_a_byte_order_mark_is_no_content() -> None:
    assert parsed("log", b"\xef\xbb\xbf" + json.dumps(log()).encode()).outcome is Outcome.OK


def test_a_payload_of_absurd_size_is_not_read() -> None:
    assert parsed("log", b" " * (MAX_BYTES + 1)).rejects[0].rule == "size"


def test_another_sources_payload_is_wrong_content() -> None:
    for kind in KINDS:
        for other, payload in PAYLOADS.items():
            if SOURCES[kind] != SOURCES[other]:
                found = parsed(kind, payload())
                sound(found)
                assert found.outcome is Outcome.BAD, (kind, other)


def test_a_set_without_its_header_or_with_a_short_row() -> None:
    payload = log()
    payload["resultSets"][0]["headers"][-1] = "NAME"
    assert parsed("log", payload).rejects[0].rule == "column"
    payload = log()
    payload["resultSets"][0]["rowSet"][4].pop()
    (reject,) = parsed("log", payload).rejects
    assert reject.rule == "row" and reject.place == "$.resultSets[0].rowSet[4]"


def test_a_gamebook_pdf_that_ends_early_names_the_place() -> None:
    name = "nba-com/gamebooks-pdf/2024-04-10/20240410-MEMCLE/20240411_060000.pdf"
    found = sources.parse("nbac_gamebook_player_stats", b"%PDF-1.4\n1 0 obj\nstream\n\x00\xff", name)
    (reject,) = found.rejects
    assert found.outcome is Outcome.BAD and reject.rule == "format"
    assert reject.place == "byte 26" and "truncated: no end mark" in reject.message


def test_a_source_without_a_parser_says_so() -> None:
    found = sources.parse("another_league", b"{}", "x")
    assert found.outcome is Outcome.BAD and found.rejects[0].rule == "format"
    assert "no parser for this source" in found.rejects[0].message


@given(st.sampled_from(KINDS), st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_arbitrary_bytes_never_raise(kind: str, data: bytes) -> None:
    sound(parsed(kind, data))


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(["", "\x7f", "2025-02-30", "99:99", "NYK", "0022400561", "W"]),
    st.builds(list),
    st.builds(dict),
)


def steps(node: Any) -> list[tuple[Any, Any]]:
    """(container, key) of every value below a node."""
    found: list[tuple[Any, Any]] = []
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else []
    for key in keys:
        found.append((node, key))
        found += steps(node[key])
    return found


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_mutated_payloads_never_raise(kind: str, data: st.DataObject) -> None:
    payload = PAYLOADS[kind]()
    for _ in range(data.draw(st.integers(1, 3))):
        places = steps(payload)
        if not places:
            break
        container, key = places[data.draw(st.integers(0, len(places) - 1))]
        if data.draw(st.booleans()):
            container[key] = data.draw(VALUES)
        else:
            del container[key]
    raw = json.dumps(payload).encode()
    found = parsed(kind, raw)
    sound(found)
    assert all(reject.rule != "unreadable" for reject in found.rejects), found.rejects
    again = parsed(kind, raw)
    assert again.outcome is found.outcome and again.rejects == found.rejects and again.rows.equals(found.rows)


@given(st.sampled_from(KINDS), st.data())
@settings(max_examples=60, deadline=None)
def test_a_payload_cut_anywhere_never_raises(kind: str, data: st.DataObject) -> None:
    raw = json.dumps(PAYLOADS[kind]()).encode()
    found = sources.parse(SOURCES[kind], raw[: data.draw(st.integers(0, len(raw) - 1))], NAMES[kind])
    sound(found)
    assert found.outcome is Outcome.BAD
