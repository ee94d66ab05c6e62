"""What a player is worth and how long he is expected to play, by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.transforms import player_rating
from nba_assets_tests.transforms.leagues import at, corrected, day, frame, game, listing, man

SIDES = {team: [f"{number}" for number in numbers] for team, numbers in (("BOS", range(1, 6)), ("NYK", range(11, 16)))}
ROSTER = dict.fromkeys([*SIDES["BOS"], "21"], "BOS")
PLAIN = dict.fromkeys(("fgm", "fga", "ftm", "fta", "oreb", "dreb", "ast", "stl", "blk", "tov", "pf"), 0)


def boxes(date: str, number: int, **star: Any) -> list[dict[str, Any]]:
    """NYK lost 100-111 at BOS, ten men for 48 minutes each; man 1 as told, or not at all (`star=None`)."""
    played = game(date, number, "NYK", "BOS")
    rows = []
    for team, men in SIDES.items():
        score = {"team_points": 111, "opponent_points": 100} if team == "BOS" else {"team_points": 100}
        facts = score | ({} if team == "BOS" else {"opponent_points": 111}) | PLAIN | {"minutes": 48.0}
        rows += [man(played, player, team, 0, **facts) | (star if player == "1" else {}) for player in men]
    return rows


def rated(rows: list[dict[str, Any]], date: str = "11-30") -> pd.DataFrame:
    """The ratings of a date, T at 23:30 UTC, on which DEN plays at BOS, by player."""
    inputs = {
        "nbac_schedule": frame("nbac_schedule", [game(date, 900, "DEN", "BOS")]),
        "nbac_player_list": frame("nbac_player_list", listing(date, ROSTER)),
        "player_game_summary": frame("player_game_summary", rows),
    }
    return player_rating.build(inputs, [day(date)]).set_index("player_id")


def without(rows: list[dict[str, Any]], player: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["player_id"] != player]


def test_a_new_man_is_nobody() -> None:
    row = rated([]).loc["21"]

    assert row[["games_n", "games_missed", "usual_minutes", "expected_minutes"]].tolist() == [0, 0, 0, 0]
    assert row[["plus_minus", "game_score", "scoring", "adjusted_plus_minus"]].tolist() == [0, 0, 0, 0]
    assert row["long_minutes"] == 10


def test_rates_by_hand() -> None:
    """30 points on 10 of 20 and 10 of 12 in 40 minutes ten days ago, +8 while on the floor."""
    stats = {"points": 30, "fgm": 10, "fga": 20, "ftm": 10, "fta": 12, "ast": 5, "tov": 3, "minutes": 40.0}
    row = rated(boxes("11-20", 1, plus_minus=8, **stats)).loc["1"]

    w = 0.5 ** (10 / 200)
    score = 30 + 0.4 * 10 - 0.7 * 20 - 0.4 * 2 + 0.7 * 5 - 3
    assert row["plus_minus"] == pytest.approx(36 * 8 * w / (40 * w + 300), abs=1e-4)
    assert row["game_score"] == pytest.approx(36 * w * (score - 40 * 0.342) / (40 * w + 300), abs=1e-4)
    assert row["scoring"] == pytest.approx(36 * w * (30 - 40 * 0.440) / (40 * w + 300), abs=1e-4)
    assert row["long_minutes"] == pytest.approx((40 * w + 50) / (w + 5), abs=1e-4)
    assert (row["usual_minutes"], row["games_n"], row["quality"]) == (40, 1, 10)


def test_recent_minutes_count_more() -> None:
    row = rated([*boxes("10-31", 1, minutes=20.0), *boxes("11-30", 2), *boxes("11-29", 3, minutes=40.0)]).loc["1"]

    old, new = 0.5 ** (30 / 30), 0.5 ** (1 / 30)
    assert row["usual_minutes"] == pytest.approx((20 * old + 40 * new) / (old + new), abs=1e-4)


def test_without_a_plus_minus_he_has_his_share_of_the_margin() -> None:
    w = 0.5 ** (10 / 200)
    assert rated(boxes("11-20", 1)).loc["1", "plus_minus"] == pytest.approx(36 * 11 * w / (48 * w + 300), abs=1e-4)


def test_the_adjusted_plus_minus_of_one_game_by_hand() -> None:
    """Ten men with a whole game each share 8.5 points above home advantage; the week begins on Monday 11-25."""
    found = rated(boxes("11-20", 1))["adjusted_plus_minus"]

    error = 8.5 / (1 / 0.5 ** (5 / 500) + 10 / 15 + 1 / 20)
    assert found["1"] == found["5"] == pytest.approx(error / 15, abs=1e-4)
    assert found["21"] == 0


def test_who_is_missed_is_told_from_his_team_mates() -> None:
    second = without(boxes("11-21", 2), "1")
    lost = [row | {"team_points": row["opponent_points"], "opponent_points": row["team_points"]} for row in second]
    found = rated([*boxes("11-20", 1), *lost])["adjusted_plus_minus"]

    assert found["1"] > 0 > found["2"]


def test_games_since_the_weeks_monday_do_not_move_it() -> None:
    before = rated(boxes("11-20", 1))
    after = rated([*boxes("11-20", 1), *boxes("11-25", 2)])

    assert (after["adjusted_plus_minus"] == before["adjusted_plus_minus"]).all()
    assert (after.loc["1", "plus_minus"], after.loc["1", "games_n"]) > (before.loc["1", "plus_minus"], 1)


@pytest.mark.parametrize(("missed", "chance"), [(0, 0.93), (1, 0.93 / 1.9), (3, 0.93 / 3.7)])
def test_who_missed_his_teams_games_is_not_counted_on(missed: int, chance: float) -> None:
    rest = [row for n in range(missed) for row in without(boxes(f"11-2{1 + n}", 2 + n), "1")]
    row = rated([*boxes("11-20", 1), *rest]).loc["1"]

    assert (row["games_missed"], row["usual_minutes"]) == (missed, 48)
    assert row["expected_minutes"] == pytest.approx(48 * chance, abs=1e-4)


def test_nothing_of_the_day_and_nothing_known_late_counts() -> None:
    plain = rated(boxes("11-20", 1))
    of_the_day = [row | {"known_at": at("11-30 14:00")} for row in boxes("11-30", 2, points=50)]
    late = [row | {"known_at": at("11-30 23:31")} for row in boxes("11-22", 3, points=50)]

    pd.testing.assert_frame_equal(rated([*boxes("11-20", 1), *of_the_day, *late]), plain)


def test_a_correction_counts_for_who_decides_after_it() -> None:
    star, *others = boxes("11-20", 1, points=10)
    early, late = ([*corrected(star, at(moment), points=40), *others] for moment in ("11-30 23:30", "11-30 23:31"))

    assert rated(late).loc["1", "scoring"] == rated([star, *others]).loc["1", "scoring"]
    assert rated(early).loc["1", "scoring"] > rated(late).loc["1", "scoring"]
