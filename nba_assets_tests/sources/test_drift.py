"""New keys of a payload are named; a missing one is guessed in words, and nothing is read from another key."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest

from nba_assets import sources
from nba_assets.contracts import tables
from nba_assets.sources.drift import KEYS, explained, keys_of, known_keys, new_keys
from nba_assets.sources.parsed import Outcome, Parsed, Reject
from nba_assets_tests.engine.three_games import FIRST
from nba_assets_tests.handmade import Drops

REAL = {
    "nbac_schedule": ("nbac_schedule_api/raw_80cb1fd6.json.gz", "nbac_schedule_cdn/raw_68953816.json"),
    "nbac_player_list": ("nbac_player_list/raw_7af00b51.json",),
    "nbac_player_boxscores": ("nbac_player_boxscore/raw_2ad17718.json",),
    "nbac_team_boxscore": ("nbac_team_boxscore/raw_8e5ec16f.json",),
    "nbac_play_by_play": ("nbac_play_by_play/raw_14ecf360.json.gz", "nbac_play_by_play/raw_416e8d5c.json.gz"),
    "nbac_referee_assignments": ("nbac_referee_assignments/raw_718e62b3.json",),
    "bdl_player_boxscores": ("bdl_box_scores/raw_71b3c5b2.json", "bdl_box_scores/raw_7a649e12.json"),
    "bigdataball_play_by_play": ("bigdataball_pbp/raw_746cfbef.csv",),
    "odds_api_game_lines": ("oddsa_game_lines_his/raw_b722994c.json",),
    "bettingpros_player_points_props": ("bp_events/raw_75470647.json",),
}


def test_keys_of_the_forms_that_sources_come_in() -> None:
    assert keys_of(b'{"data": [{"min": 1, "player": {"id": 2}}, {"pts": 3}], "meta": {}}') == {
        "data",
        "data[].min",
        "data[].player",
        "data[].player.id",
        "data[].pts",
        "meta",
    }
    table = {"resultSets": [{"name": "LeagueGameLog", "headers": ["PTS", "TOV"], "rowSet": [[1, 2]]}]}
    assert keys_of(orjson.dumps(table)) == {"resultSets", "LeagueGameLog.PTS", "LeagueGameLog.TOV"}
    assert keys_of(b'\xef\xbb\xbfgame_id,"date" , x\n1,2,3\n') == {"game_id", "date", "x"}


@pytest.mark.parametrize(
    "data", [b"", b"{", b"%PDF-1.4, \n", b"<html>, </html>", b"no commas", b"[" * 100_000, b"a,\x00\n", b"\xff\xfe"]
)
def test_what_has_no_keys(data: bytes) -> None:
    assert keys_of(data) == frozenset()


@pytest.mark.parametrize("source", sorted(REAL))
def test_real_files_have_no_new_keys(source: str, shared: Path) -> None:
    for name in REAL[source]:
        data = (shared / "data" / "payloads" / name).read_bytes()
        assert new_keys(source, gzip.decompress(data) if name.endswith(".gz") else data) == (), name


def test_keys_are_written_down_for_sources_alone() -> None:
    assert {path.stem for path in KEYS.glob("*.txt")} <= {table.name for table in tables().values() if table.paths}
    for path in KEYS.glob("*.txt"):
        keys = path.read_text().splitlines()
        assert keys == sorted(set(keys)), path.name
    assert known_keys("nobody") is None
    assert new_keys("nobody", b'{"a": 1}') == ()


def test_a_new_key_is_named_where_it_stands(tmp_path: Path) -> None:
    path = Drops(tmp_path).bdl(FIRST.day, [FIRST])
    payload = orjson.loads(path.read_bytes())
    payload["data"][0]["home_team"]["players"][1]["dunks"] = 3
    payload["weather"] = "snow"
    assert new_keys("bdl_player_boxscores", path.read_bytes()) == ()
    assert new_keys("bdl_player_boxscores", orjson.dumps(payload)) == ("data[].home_team.players[].dunks", "weather")


def test_a_renamed_header_is_guessed_in_words(tmp_path: Path) -> None:
    answer = {
        "resultSets": [
            {
                "name": "LeagueGameLog",
                "headers": ["GAME_ID", "WEATHER", "TURNOVERS"],
                "rowSet": [],
            }
        ]
    }
    data = orjson.dumps(answer)
    told = Parsed(Outcome.BAD, rejects=(Reject("$.resultSets[0].headers", "column", "not there exactly once: TOV"),))
    (reject,) = explained("nbac_player_boxscores", data, told).rejects
    assert reject.message == "not there exactly once: TOV; new: TURNOVERS, WEATHER"


def test_a_renamed_key_of_an_object_is_guessed_in_words(tmp_path: Path) -> None:
    path = Drops(tmp_path).bdl(FIRST.day, [FIRST])
    payload = orjson.loads(path.read_bytes())
    for side in ("home_team", "visitor_team"):
        for man in payload["data"][0][side]["players"]:
            man["turnovers"] = man.pop("turnover")
    data = orjson.dumps(payload)
    name = path.relative_to(tmp_path).as_posix()
    parsed = sources.parse("bdl_player_boxscores", data, name)
    assert parsed.outcome is Outcome.BAD
    messages = [reject.message for reject in parsed.rejects]
    assert "Adam Bostwicka has no tov; new: turnovers" in messages
    assert all(message.endswith("; new: turnovers") for message in messages)


def test_other_rejects_and_files_without_new_keys_are_left_as_they_are() -> None:
    missing = Reject("$", "top_key", "$ has no 'data'; it has nothing")
    broken = Reject("$", "B1", "2*(3-1) + 3*1 + 0 = 7, but pts is 8")
    told = Parsed(Outcome.BAD, rejects=(missing, broken))
    assert explained("bdl_player_boxscores", b"{}", told) is told
    found = explained("bdl_player_boxscores", b'{"datas": []}', told).rejects
    assert found == (Reject("$", "top_key", "$ has no 'data'; it has nothing; new: datas"), broken)


def test_a_payload_full_of_keys_is_looked_at_no_further_than_the_limits() -> None:
    wide = orjson.dumps({"data": [{f"k{row}_{n}": 0 for n in range(3000)} for row in range(300)]})
    assert len(keys_of(wide)) <= 50 * 3000 + 1
    deep: object = 0
    for _ in range(200):
        deep = {"a": deep}
    assert max(key.count(".") for key in keys_of(orjson.dumps(deep))) == 11
    assert max(map(len, keys_of(orjson.dumps({"x" * 10_000: 1})))) == 200
    rejects = tuple(Reject(f"$[{n}]", "type", f"Man {n} has no tov") for n in range(2000))
    told = explained("bdl_player_boxscores", wide, Parsed(Outcome.BAD, rejects=rejects)).rejects
    assert len({reject.message.partition("; new: ")[2] for reject in told}) == 1
