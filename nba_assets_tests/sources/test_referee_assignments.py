"""The officials of the day."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from nba_assets import sources
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets_tests.sources.events import DAY, GAME, REFEREES_NAME, Json, referees


def parse(payload: Json, name: str = REFEREES_NAME) -> Parsed:
    return sources.parse("nbac_referee_assignments", json.dumps(payload).encode(), name)


def games(payload: Json) -> list[Json]:
    listed: list[Json] = payload["nba"]["Table"]["rows"]
    return listed


def test_the_leagues_games_and_no_others() -> None:
    found = parse(referees())
    assert found.outcome is Outcome.OK and found.rows["game_id"].tolist() == [GAME, "0022400562"]
    first, second = found.rows.itertuples()
    assert (first.game_date, first.away_tricode, first.home_tricode) == (pd.Timestamp(DAY), "NYK", "PHI")
    assert (first.official_1_id, first.official_1_name, first.official_1_jersey) == ("1", "Official A", "01")
    assert (first.official_3_id, first.official_3_jersey) == ("3", "03"), "a shirt number is a text"
    assert (first.alternate_id, first.alternate_name) == (None, None)
    assert (second.alternate_id, second.alternate_name) == ("104", "Official D")
    assert found.speaks_for["game_id"].tolist() == [GAME, "0022400562"]


def test_no_games() -> None:
    payload = referees()
    games(payload).clear()
    assert parse(payload).outcome is Outcome.EMPTY


@pytest.mark.parametrize(
    "missing", [{"official3": None, "official3_code": None}, {"official3": "", "official3_code": 0}]
)
def test_a_game_with_two_officials_waits(missing: Json) -> None:
    payload = referees()
    games(payload)[0] |= missing
    found = parse(payload)
    assert found.outcome is Outcome.PARTIAL and found.rows["game_id"].tolist() == ["0022400562"] and not found.rejects
    assert found.speaks_for["game_id"].tolist() == ["0022400562"], "it closes nothing"


@pytest.mark.parametrize(
    ("change", "rule", "column"),
    [
        ({"game_id": "2022400077"}, "game_id", "game_id"),
        ({"game_id": "0022400562"}, "game_id", "game_id"),
        ({"game_date": "2025-01-15"}, "date", "game_date"),
        ({"game_date": "01/16/2025"}, "path", "game_date"),
        ({"game_code": "20250115/NYKBOS"}, "code", "game_code"),
        ({"home_team_abbr": "NYK", "game_code": None}, "teams", "away_team_abbr"),
        ({"official2_code": 1}, "officials", "official1_code"),
        ({"official2_code": None}, "officials", "official2_code"),
        ({"official2_JNum": None}, "officials", "official2_JNum"),
        ({"official2_JNum": 2}, "type", "official2_JNum"),
        ({"official2_code": "12"}, "type", "official2_code"),
    ],
)
def test_a_bad_game_is_told_apart_from_the_good_one(change: Json, rule: str, column: str) -> None:
    payload = referees()
    first, second = games(payload)
    payload["nba"]["Table"]["rows"] = [second, first | change]
    found = parse(payload)
    assert (rule, f"$.nba.Table.rows[1].{column}") in {(reject.rule, reject.place) for reject in found.rejects}
    if change.get("game_id") == "0022400562":
        assert found.outcome is Outcome.BAD, "two rows of one game: neither counts"
    else:
        assert found.outcome is Outcome.PARTIAL and found.rows["game_id"].tolist() == ["0022400562"]
