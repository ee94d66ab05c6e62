"""Ranges, tags and the bounded cache by themselves."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nba_assets.web.cache import ByteCache
from nba_assets.web.compression import CODINGS, accepted
from nba_assets.web.conditions import RangeError, byte_range, match, none_match

BODY = bytes(range(100))
maybe = st.none() | st.integers(0, 150)


@given(maybe, maybe, st.integers(0, 100))
def test_a_range_is_the_slice_that_one_would_cut_by_hand(first: int | None, last: int | None, size: int) -> None:
    body = BODY[:size]
    asked = f"bytes={'' if first is None else first}-{'' if last is None else last}".encode()
    if first is None:
        by_hand = body[-last:] if last else b""
        known = last is not None
    else:
        by_hand = body[first:] if last is None else body[first : last + 1]
        known = last is None or first <= last
    try:
        found = byte_range(asked, size)
    except RangeError:
        assert known and by_hand == b""
    else:
        assert (found is not None) == known
        assert found is None or (body[found[0] : found[1] + 1] == by_hand and by_hand)


@given(st.lists(st.sampled_from([b'"a"', b'W/"a"', b'"b,c"', b'""']), max_size=4))
def test_a_list_of_tags_is_compared_tag_by_tag(tags: list[bytes]) -> None:
    sent = b" , ".join(tags)
    assert none_match(sent, b'"a"') == (not {b'"a"', b'W/"a"'} & set(tags))
    assert match(sent, b'"a"') == (b'"a"' in tags)
    assert none_match(sent, b'"c"') and not match(sent, b'"c"')


@pytest.mark.parametrize("sent", [b'"a" "b"', b'"a', b'a"', b'"a",b', b'w/"a"'])
def test_what_is_no_list_of_tags_matches_nothing(sent: bytes) -> None:
    assert none_match(sent, b'"a"') and not match(sent, b'"a"')


@given(st.binary(max_size=60))
def test_whatever_is_sent_as_accepted_has_an_answer(header: bytes) -> None:
    assert set(accepted(header)) <= set(CODINGS)
    none_match(header, b'"a"')
    match(header, b'"a"')


@dataclass
class Block:
    bytes: int

    def size(self) -> int:
        return self.bytes


def test_what_was_not_used_for_longest_goes_first() -> None:
    cache: ByteCache[Block] = ByteCache(100)
    for key in "abc":
        cache.put(key, Block(30))
    assert cache.get("a") is not None
    cache.put("d", Block(30))
    assert [key for key in "abcd" if cache.get(key)] == ["a", "c", "d"]
    assert cache.bytes == 90


def test_a_value_that_grew_is_counted_anew_and_one_too_large_is_not_kept() -> None:
    cache: ByteCache[Block] = ByteCache(100)
    cache.put("a", Block(30))
    cache.put("b", block := Block(30))
    block.bytes = 80
    cache.put("b", block)
    assert (cache.get("a"), cache.bytes, len(cache)) == (None, 80, 1)
    cache.put("c", Block(101))
    assert cache.get("c") is None and cache.get("b") is block


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60)), max_size=30))
def test_the_bound_holds_whatever_is_put(puts: list[tuple[int, int]]) -> None:
    cache: ByteCache[Block] = ByteCache(100)
    for key, size in puts:
        cache.put(key, Block(size))
        assert cache.bytes <= 100
        assert cache.bytes == sum(found.bytes for key in range(6) if (found := cache.get(key)))
