"""One form per game: from captures to the table."""

from __future__ import annotations

import hashlib
import json

import pandas as pd
import pytest

from nba_assets import contracts, sources
from nba_assets.sources.assemble import Capture, build_raw
from nba_assets.sources.paths import capture_stamp
from nba_assets_tests.sources.conftest import schedule
from nba_assets_tests.sources.events import CDN_NAME, V2_NAME, V3_NAME, Json, cdn, v2, v3

NAMES = {"cdn": CDN_NAME, "v3": V3_NAME, "v2": V2_NAME}


def capture(source: str, name: str, payload: Json, hour: int) -> Capture:
    name = name.replace(name[-11:-5], f"{hour:02d}0000")
    data = json.dumps(payload).encode()
    known = capture_stamp(name)
    assert known is not None
    return Capture(sources.parse(source, data, name), name, hashlib.sha256(data).hexdigest(), known)


@pytest.fixture(scope="module")
def games() -> pd.DataFrame:
    found = capture("nbac_schedule", "nba-com/schedule/2024-25/20250115_120000.json", schedule(), 12)
    nothing = pd.DataFrame()
    return build_raw(contracts.table("nbac_schedule"), [found], nothing, nothing).frame


def built(games: pd.DataFrame, *drops: tuple[str, Json, int]) -> pd.DataFrame:
    captures = [capture("nbac_play_by_play", NAMES[form], payload, hour) for form, payload, hour in drops]
    found = build_raw(contracts.table("nbac_play_by_play"), captures, games, pd.DataFrame())
    again = build_raw(contracts.table("nbac_play_by_play"), captures[::-1], games, pd.DataFrame())
    pd.testing.assert_frame_equal(found.frame, again.frame)
    return found.frame


def at(frame: pd.DataFrame, hour: int) -> tuple[str, int]:
    """(form, events) of the game as it was known then."""
    time = pd.Timestamp(f"2025-01-16T{hour:02d}:30Z")
    known = frame[(frame["known_at"] <= time) & ~(frame["superseded_at"] <= time)]
    (form,) = {next(f for f, n in NAMES.items() if path.startswith(n[:26])) for path in known["source_path"]}
    return form, len(known)


def test_a_live_game_grows_and_what_stands_is_not_written_again(games: pd.DataFrame) -> None:
    found = built(games, ("cdn", cdn(last=5), 1), ("cdn", cdn(), 3))
    assert at(found, 1) == ("cdn", 5) and at(found, 3) == ("cdn", 19)
    assert len(found) == 19 and found["superseded_at"].isna().all()
    assert found["team_tricode"].dropna().isin(["NYK", "PHI"]).all() and "is_final" not in found.columns


def test_a_corrected_game_comes_again_whole_and_what_vanished_is_closed(games: pd.DataFrame) -> None:
    corrected = cdn()
    corrected["game"]["actions"] = [e for e in corrected["game"]["actions"] if e["actionType"] != "block"]
    found = built(games, ("cdn", cdn(), 3), ("cdn", corrected, 5))
    assert at(found, 3) == ("cdn", 19) and at(found, 5) == ("cdn", 18)
    (gone,) = found[found["superseded_at"].notna()].itertuples()
    assert gone.action_type == "block"


def test_a_stale_live_file_does_not_take_the_final_game_back(games: pd.DataFrame) -> None:
    assert at(built(games, ("cdn", cdn(), 3), ("cdn", cdn(last=5), 4)), 4) == ("cdn", 19)


def test_the_content_network_goes_before_v3_and_v3_before_v2(games: pd.DataFrame) -> None:
    found = built(games, ("v2", v2(), 3), ("v3", v3(), 4), ("cdn", cdn(), 5), ("v3", v3(), 6), ("v2", v2(), 7))
    assert [at(found, hour) for hour in range(3, 8)] == [
        ("v2", len(v2()["resultSets"][0]["rowSet"]) + 1),
        ("v3", len(v3()["game"]["actions"])),
        *[("cdn", 19)] * 3,
    ]


def test_a_whole_game_of_a_lesser_form_goes_before_a_part_of_it(games: pd.DataFrame) -> None:
    found = built(games, ("cdn", cdn(last=5), 1), ("v2", v2(), 3), ("cdn", cdn(last=8), 4))
    assert at(found, 1) == ("cdn", 5) and at(found, 4)[0] == "v2"


def test_events_of_teams_that_do_not_play_the_game_find_no_place(games: pd.DataFrame) -> None:
    payload = json.loads(json.dumps(cdn()).replace("NYK", "BOS"))
    captures = [capture("nbac_play_by_play", CDN_NAME, payload, 3)]
    found = build_raw(contracts.table("nbac_play_by_play"), captures, games, pd.DataFrame())
    assert found.frame.empty and len(found.unplaced) == 19
