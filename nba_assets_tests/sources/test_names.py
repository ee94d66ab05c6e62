"""One key for all spellings of a name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.sources.names import player_lookup, suffix_of, without_suffix


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("C.J. McCollum", "cjmccollum"),
        ("CJ McCollum", "cjmccollum"),
        ("Nikola Jokić", "nikolajokic"),
        ("Nikola Đurišić", "nikoladurisic"),
        ("Dennis Schröder", "dennisschroder"),
        ("Ömer Aşık", "omerasik"),
        ("Łukasz Ødegård Weiß Ægir", "lukaszodegardweissaegir"),
        ("Shai Gilgeous-Alexander", "shaigilgeousalexander"),
        ("De'Aaron Fox", "deaaronfox"),
        ("Duke Jr., David", "daviddukejr"),
        ("Washington, P.J.", "pjwashington"),
        ("Miličić, Jr.", "milicicjr"),
        ("Payton II, Gary", "garypaytonii"),
        ("Williams, Jr., Robert", "robertwilliamsjr"),
        ("Gary Payton Junior", "garypaytonjr"),
        ("Tim Hardaway Senior", "timhardawaysr"),
        ("Junior Robinson", "juniorrobinson"),
        ("Jimmy Butler III", "jimmybutleriii"),
        ("Nenê", "nene"),
    ],
)
def test_the_key_of_a_name(name: str, key: str) -> None:
    assert player_lookup(name) == key


@pytest.mark.parametrize(
    ("name", "bare", "suffix"),
    [
        ("Jimmy Butler III", "Jimmy Butler", "III"),
        ("Jackson Jr.", "Jackson", "Jr."),
        ("Butler III, Jimmy", "Jimmy Butler", "III"),
        ("Luka Dončić", "Luka Dončić", None),
        ("Miličić, Jr.", "Miličić", "Jr."),
        ("V", "V", None),
    ],
)
def test_the_suffix_of_a_name(name: str, bare: str, suffix: str | None) -> None:
    assert without_suffix(name) == bare
    assert suffix_of(name) == suffix


def test_generations_keep_apart() -> None:
    assert player_lookup("Gary Payton") != player_lookup("Gary Payton II")


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_has_a_key_of_letters_and_digits_that_is_its_own_key(text: str) -> None:
    key = player_lookup(text)
    assert all(c.isascii() and c.isalnum() and c == c.lower() for c in key)
    assert player_lookup(key) == key
    assert isinstance(without_suffix(text), str)


@given(st.text(alphabet="abcdefgh", min_size=2, max_size=8), st.text(alphabet="klmnopq", min_size=2, max_size=8))
@settings(max_examples=50, deadline=None)
def test_last_first_is_first_last(first: str, last: str) -> None:
    assert player_lookup(f"{last.title()}, {first.upper()}") == player_lookup(f"{first} {last}")
