"""Every form in which the sources give time on the floor."""

import pytest

from nba_assets.sources.minutes import precision, seconds


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("36:04", 2164),
        ("00:03", 3),
        ("240:00", 14400),
        ("265:00", 15900),
        ("36.000000:04", 2164),
        ("PT36M04.00S", 2164),
        ("PT00M03.20S", 3),
        ("PT1H02M", 3720),
        (35, 2100),
        (0, 0),
        ("37", 2220),
        ("05", 300),
        ("00", 0),
        (None, None),
        ("", None),
    ],
)
def test_a_time(value: object, expected: int | None) -> None:
    assert seconds(value) == expected


@pytest.mark.parametrize("value", ["36:60", "PT", "abc", "-5", -5, 1000, 35.5, True, [], "1:2:3", "PT99999999M"])
def test_no_time(value: object) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        seconds(value)


def test_a_game_in_whole_minutes_is_only_as_precise() -> None:
    assert precision([1800, 0, 60]) == "minute"
    assert precision([1800, 61]) == "second"
