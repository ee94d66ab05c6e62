"""starters_missing: who usually starts and did not play; BOS on 30 November, as known at 08:00 UTC of the next day."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.transforms.missing_starters import starters_missing
from nba_assets_tests.transforms.leagues import at, corrected, day, frame, game, man

Rows = list[dict[str, Any]]
DATE, AT = day("11-30"), at("12-01 08:00")
TARGET = game("11-30", 900, "DEN", "BOS")


def start(days_ago: int, started: bool | None = True, player: str = "7", kind: str = "2", **facts: Any) -> Any:
    """A man's row in the game of BOS so many days before the date."""
    played = game(str((DATE - pd.Timedelta(days=days_ago)).date()), days_ago, "NYK", "BOS", kind)
    return man(played, player, "BOS", 10, is_starter=started, season=2024, **facts)


def starts(*days_ago: int) -> Rows:
    return [start(days) for days in days_ago]


def missing(history: Rows, *today: dict[str, Any]) -> Any:
    """The number for BOS, whose man 7 is listed and did not play unless `today` says otherwise."""
    listed = today or (man(TARGET, "7", "BOS", status="inactive"),)
    asked = {name: TARGET[name] for name in ("game_date", "game_id", "season")} | {"team": "BOS", "moment": 0}
    players = frame("player_game_summary", [*history, *listed])
    found = starters_missing(pd.DataFrame([asked]), pd.DataFrame({"at": [AT]}), players)[0]
    return None if pd.isna(found) else found


def test_a_usual_starter_started_five() -> None:
    assert (missing(starts(1, 2, 3, 4, 5)), missing(starts(1, 2, 3, 4))) == (1, 0)


@pytest.mark.parametrize(("status", "found"), [("dnp", 1), ("inactive", 1), ("played", 0)])
def test_he_is_listed_and_did_not_play(status: str, found: int) -> None:
    assert missing(starts(1, 2, 3, 4, 5), man(TARGET, "7", "BOS", status=status)) == found


def test_who_is_not_listed_or_is_listed_elsewhere_is_not_missing() -> None:
    assert missing(starts(1, 2, 3, 4, 5), man(TARGET, "8", "BOS")) == 0
    assert missing(starts(1, 2, 3, 4, 5), man(TARGET, "7", "DEN")) == 0
    assert missing(starts(1, 2, 3, 4, 5), man(game("11-29", 800, "DEN", "BOS"), "7", "BOS")) == 0


def test_the_last_ten_games_count() -> None:
    """Man 8 has the bench's row of every game, so that each is a game of BOS."""
    games = [start(days, False, "8") for days in range(1, 12)]

    assert missing([*games, *starts(6, 7, 8, 9, 10)]) == 1
    assert missing([*games, *starts(7, 8, 9, 10, 11)]) == 0


def test_games_lie_sixty_days_back_at_most_and_before_the_date() -> None:
    assert missing(starts(1, 2, 3, 4, 60)) == 1
    assert missing(starts(1, 2, 3, 4, 61)) == 0
    today = man(game("11-30", 901, "NYK", "BOS"), "7", "BOS", 10, is_starter=True, known_at=at("11-30 12:00"))
    assert missing([*starts(1, 2, 3, 4), today]) == 0


@pytest.mark.parametrize(
    "fifth",
    [
        start(5, False),
        start(5, None),
        start(5, kind="1"),
        start(5) | {"season": 2023},
        start(5) | {"team": "NYK"},
        start(5, known_at=at("12-01 08:01")),
        start(5, superseded_at=AT),
    ],
    ids=["bench", "unknown", "preseason", "last season", "another team", "known later", "closed"],
)
def test_what_is_no_start(fifth: dict[str, Any]) -> None:
    assert missing([*starts(1, 2, 3, 4), fifth]) == 0


def test_a_start_against_the_team_is_not_one_for_it() -> None:
    assert missing([*starts(1, 2, 3, 4), start(5, False, "8"), start(5) | {"team": "NYK"}]) == 0


def test_a_start_counts_from_when_it_is_known_until_it_is_corrected() -> None:
    four = starts(1, 2, 3, 4)

    assert missing([*four, start(5, known_at=AT)]) == 1
    assert missing([*four, *corrected(start(5), at("12-01 08:01"), is_starter=False)]) == 1
    assert missing([*four, *corrected(start(5), AT, is_starter=False)]) == 0
    assert missing([*four, *corrected(start(5, False), AT, is_starter=True)]) == 1


def test_a_game_that_has_been_withdrawn_is_none_of_the_last_ten() -> None:
    others = [start(days, False, "8") for days in range(1, 6)]
    withdrawn = [start(days, False, "8", superseded_at=AT) for days in range(6, 11)]
    closed_later = [row | {"superseded_at": at("12-01 08:01")} for row in withdrawn]

    assert missing([*others, *withdrawn, *starts(11, 12, 13, 14, 15)]) == 1
    assert missing([*others, *closed_later, *starts(11, 12, 13, 14, 15)]) is None
    in_parts = [*withdrawn, *(row | {"player_id": "9"} for row in closed_later)]
    assert missing([*others, *in_parts, *starts(11, 12, 13, 14, 15)]) is None
    one_is_open = [start(days, False, "9") for days in range(6, 11)]
    assert missing([*others, *withdrawn, *one_is_open, *starts(11, 12, 13, 14, 15)]) is None


def test_a_game_counts_from_when_any_of_its_rows_is_known() -> None:
    known = [start(days, False, "8") for days in range(1, 11)]
    late = [start(days, False, "9", known_at=at("12-01 08:01")) for days in range(1, 11)]

    assert missing([*late, *known, *starts(11, 12, 13, 14, 15)]) is None


def test_playoffs_and_cup_final_are_games_like_others() -> None:
    assert missing([start(1, kind="6"), start(2, kind="4"), start(3, kind="5"), *starts(4, 5)]) == 1


def test_null_where_no_starter_of_the_last_games_is_known() -> None:
    assert missing([]) is None
    assert missing([start(days, None) for days in (1, 2, 3, 4, 5)]) is None
    assert missing([start(1, player="8")]) == 0
