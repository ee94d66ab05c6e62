"""player_shot_zone_analysis: shares of located shots, percentages, and games without zones, by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.scope import Scope
from nba_assets.transforms import player_shot_zone_analysis
from nba_assets_tests.transforms.leagues import at, corrected, day, frame, game, listing, man


def shots(
    ra: tuple[int, int] = (0, 0),
    paint: tuple[int, int] = (0, 0),
    mid: tuple[int, int] = (0, 0),
    corner: tuple[int, int] = (0, 0),
    above: tuple[int, int] = (0, 0),
) -> dict[str, int]:
    """Makes and attempts of the five disjoint zones."""
    zones = {"ra": ra, "paint_non_ra": paint, "mid": mid, "corner3": corner, "above_break3": above}
    made = {f"{zone}_fgm": makes for zone, (makes, _) in zones.items()}
    return made | {f"{zone}_fga": attempts for zone, (_, attempts) in zones.items()}


def box(date: str, player: str = "7", points: int | None = 10, kind: str = "2", **facts: Any) -> dict[str, Any]:
    played = game(date, int(day(date).strftime("%j")), "DEN", "BOS", kind)
    return man(played, player, "BOS", points, **facts)


def zones(boxes: list[Any], date: str = "11-30", scope: Scope | None = None) -> pd.DataFrame:
    """The table on a date on which DEN plays at BOS, T at 23:30 UTC, by player."""
    inputs = {
        "nbac_schedule": frame("nbac_schedule", [game(date, 900, "DEN", "BOS")]),
        "nbac_player_list": frame("nbac_player_list", listing(date, {"7": "BOS", "8": "DEN"})),
        "player_game_summary": frame("player_game_summary", boxes),
    }
    return player_shot_zone_analysis.build(inputs, [day(date)], scope).set_index("player_id")


def test_shares_are_of_located_attempts_and_paint_holds_the_restricted_area() -> None:
    row = zones(
        [
            box("11-01", **shots(ra=(3, 4), paint=(1, 2), mid=(1, 4))),
            box("11-03", **shots(ra=(1, 1), corner=(1, 3), above=(2, 6))),
        ]
    ).loc["7"]

    assert row[["ra_share_l10", "paint_share_l10", "mid_share_l10", "three_share_l10"]].tolist() == [
        5 / 20,
        7 / 20,
        4 / 20,
        9 / 20,
    ]
    assert row["corner3_share_l10"] == 3 / 20
    assert row["paint_fg_pct_l10"] == 5 / 7
    assert row["three_fg_pct_l10"] == 3 / 9
    assert (row["paint_fga_pg_l10"], row["three_fga_pg_l10"], row["fga_n_l10"]) == (3.5, 4.5, 20)


def test_below_ten_attempts_there_are_no_shares_but_percentages() -> None:
    row = zones([box("11-01", **shots(ra=(3, 5), mid=(2, 4)))]).loc["7"]

    assert row[["ra_share_l10", "paint_share_l10", "mid_share_l10", "three_share_l10", "primary_zone"]].isna().all()
    assert row["paint_fg_pct_l10"] == 3 / 5
    assert pd.isna(row["three_fg_pct_l10"])
    assert row["fga_n_l10"] == 9


def test_games_without_zones_take_a_place_in_the_window_and_nothing_else() -> None:
    located = [box(f"11-{n:02d}", **shots(ra=(1, 2))) for n in range(1, 12)]
    row = zones([*located, box("11-12")]).loc["7"]

    assert (row["games_n_l10"], row["games_without_zones_l10"]) == (9, 1)
    assert (row["games_n_l20"], row["games_without_zones_l20"]) == (11, 1)
    assert (row["fga_n_l10"], row["paint_fga_pg_l10"], row["paint_share_l10"]) == (18, 2, 1)


def test_without_any_play_by_play_the_rows_are_there_with_null_zones() -> None:
    rows = zones([box("11-01"), box("11-03")])

    assert list(rows.index) == ["7", "8"]
    assert rows.filter(regex="_(share|fg_pct|fga_pg)_l").isna().all(axis=None)
    assert rows["season_zone_games"].tolist() == [0, 0]
    assert rows.loc["7", "games_without_zones_l10"] == 2
    assert rows.loc["7", "quality"] == 0


def test_a_game_not_played_is_in_no_window() -> None:
    row = zones([box("11-01", **shots(ra=(5, 10))), box("11-03", points=None)]).loc["7"]

    assert (row["games_n_l10"], row["games_without_zones_l10"], row["quality"]) == (1, 0, 10)


@pytest.mark.parametrize(
    ("attempts", "zone"),
    [
        ({"ra": (0, 40), "above": (0, 60)}, "paint"),
        ({"ra": (0, 39), "mid": (0, 21), "above": (0, 40)}, "three"),
        ({"ra": (0, 35), "mid": (0, 35), "above": (0, 30)}, "mid"),
        ({"ra": (0, 39), "mid": (0, 34), "above": (0, 27)}, "balanced"),
    ],
)
def test_primary_zone(attempts: dict[str, tuple[int, int]], zone: str) -> None:
    assert zones([box("11-01", **shots(**attempts))]).loc["7", "primary_zone"] == zone


def test_assisted_share_is_of_games_with_known_assists() -> None:
    row = zones(
        [
            box("11-01", assisted_fgm=3, unassisted_fgm=1, **shots()),
            box("11-03", assisted_fgm=0, unassisted_fgm=4, **shots()),
            box("11-05", fgm=9),
        ]
    ).loc["7"]

    assert row["assisted_share_l10"] == 3 / 8


def test_the_seasons_zone_games_are_of_all_teams_as_known_at_the_decision() -> None:
    rows = zones(
        [
            box("11-01", **shots(ra=(1, 2))),
            box("11-01", player="99", **shots()),
            box("11-02", player="99", kind="1", **shots()),
            box("11-29", player="99", known_at=at("11-30 23:31"), **shots()),
            box("2024-03-01", player="99", **shots()),
            *corrected(box("11-03", player="98"), at("11-20 00:00"), **shots(ra=(0, 1))),
        ]
    )

    assert (rows["season_zone_games"] == 3).all()


def test_known_at_is_the_latest_of_his_games_and_of_the_seasons_zones() -> None:
    zoned = box("11-03", player="99", known_at=at("11-30 20:00"), **shots())

    assert zones([box("11-01"), zoned]).loc["7", "known_at"] == at("11-30 20:00")
    assert zones([box("11-01", known_at=at("11-30 21:00")), zoned]).loc["7", "known_at"] == at("11-30 21:00")


def test_inputs_that_were_used_are_named() -> None:
    rows = zones([box("11-01"), box("11-03", player="9")])

    assert list(rows.loc["7", "sources_used"]) == ["nbac_schedule", "nbac_player_list", "player_game_summary"]
    assert list(rows.loc["8", "missing_inputs"]) == ["player_game_summary"]
    assert list(rows.loc["9", "missing_inputs"]) == ["nbac_player_list"], "placed by his last game"


def test_last_season_and_preseason_are_in_no_window_and_the_cup_final_is() -> None:
    row = zones(
        [
            box("2024-03-01", **shots(ra=(10, 10))),
            box("11-01", kind="1", **shots(ra=(10, 10))),
            box("11-03", kind="6", **shots(mid=(10, 10))),
        ]
    ).loc["7"]

    assert (row["mid_share_l10"], row["games_n_l10"]) == (1, 1)


def test_the_game_itself_moves_nothing() -> None:
    """Leakage trap 1."""
    before = [box("11-01", **shots(ra=(3, 12)))]
    own = man(game("11-30", 900, "DEN", "BOS"), "7", "BOS", 99, known_at=at("11-30 18:00"), **shots(above=(20, 30)))

    pd.testing.assert_frame_equal(zones([*before, own]), zones(before))


def test_history_cut_at_the_day_before_gives_the_same() -> None:
    """Leakage trap 6."""
    boxes = [box(f"11-{n:02d}", **shots(ra=(1, n), above=(0, 3))) for n in range(1, 20)]

    pd.testing.assert_frame_equal(zones(boxes, "11-10"), zones(boxes[:9], "11-10"))


def test_a_scope_is_rows_of_the_whole() -> None:
    boxes = [box("11-01", **shots(ra=(3, 12)))]

    pd.testing.assert_frame_equal(zones(boxes, scope=Scope(players=frozenset({"8"}))), zones(boxes).loc[["8"]])
