"""Real play-by-play and officials, as each source sent them, against what another parser made of them."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nba_assets import contracts, sources
from nba_assets.contracts.frames import conform
from nba_assets.sources.assemble import Capture, build_identity, build_raw
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets.sources.paths import capture_stamp
from nba_assets.sources.play_by_play_cdn import PERSONS

LATE, OVERTIME = "14ecf360", "416e8d5c"
GAMES = {
    LATE: ("2025-01-06", "0022400500", ("LAC", 106), ("MIN", 108), 571),
    OVERTIME: ("2025-01-15", "0022400561", ("NYK", 125), ("PHI", 119), 506),
}
"""File: date, game, away and its score, home and its score, events."""
FINALS = "0042400407"
SHEET = f"big-data-ball/2024-25/2025-06-22/game_{FINALS}/[2025-06-22]-{FINALS}-IND@OKC-20250623_065805.csv"
OFFICIALS = "nba-com/referee-assignments/2025-01-08/20250108_150000.json"
LIST = "nba-com/player-list/2025-06-20/20250620_110000.json"
MOVED = {"Myles Turner", "Dillon Jones"}
"""Men of the Finals whom the list, made that summer, has on other teams."""
Json = dict[str, Any]


def payload(shared: Path, file: str) -> bytes:
    data = (shared / "data" / "payloads" / file).read_bytes()
    return gzip.decompress(data) if file.endswith(".gz") else data


def cdn_name(file: str) -> str:
    day, game_id, *_ = GAMES[file]
    return f"nba-com/play-by-play/{day}/game-{game_id}/20250701_120000.json"


def play_by_play(shared: Path, file: str) -> Parsed:
    data = payload(shared, f"nbac_play_by_play/raw_{file}.json.gz")
    return sources.parse("nbac_play_by_play", data, cdn_name(file))


def sheet(shared: Path) -> Parsed:
    data = payload(shared, "bigdataball_pbp/raw_746cfbef.csv")
    return sources.parse("bigdataball_play_by_play", data, SHEET)


def lines(shared: Path) -> list[dict[str, str]]:
    text = payload(shared, "bigdataball_pbp/raw_746cfbef.csv").decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def capture(shared: Path, source: str, file: str, name: str) -> Capture:
    data, known = payload(shared, file), capture_stamp(name)
    assert known is not None
    return Capture(sources.parse(source, data, name), name, hashlib.sha256(data).hexdigest(), known)


@pytest.fixture(scope="module")
def season(shared: Path) -> pd.DataFrame:
    found = capture(
        shared,
        "nbac_schedule",
        "nbac_schedule_api/raw_80cb1fd6.json.gz",
        "nba-com/schedule/2024-25/20240901_120000.json",
    )
    return build_raw(contracts.table("nbac_schedule"), [found], pd.DataFrame(), pd.DataFrame()).frame


def same(ours: Any, theirs: Any) -> bool:
    """Equal: an id is a text of ours, and nothing is null, "" or, of an id, 0 with the other parser."""
    if ours is None:
        return theirs in (None, "") or theirs == 0
    return bool(ours == str(theirs) if isinstance(ours, str) else ours == theirs)


class TestContentNetwork:
    @pytest.mark.parametrize("file", GAMES)
    def test_a_whole_game_with_its_last_score(self, shared: Path, file: str) -> None:
        day, game_id, (away, away_score), (home, home_score), size = GAMES[file]
        found = play_by_play(shared, file)
        assert found.outcome is Outcome.OK and len(found.rows) == size
        (unit,) = found.speaks_for.itertuples()
        assert (unit.game_date, unit.game_id) == (pd.Timestamp(day), game_id)
        assert (unit.away_tricode, unit.home_tricode) == (away, home), "as the schedule has them"
        last = found.rows.iloc[-1]
        assert (last["score_away"], last["score_home"], last["action_type"]) == (away_score, home_score, "game")

    @pytest.mark.parametrize("file", GAMES)
    def test_every_value_is_that_of_the_other_parser(self, shared: Path, file: str) -> None:
        told = json.loads(payload(shared, f"nbac_play_by_play/exp_{file}.json.gz"))
        actions = told["playByPlay"]["game"]["actions"]
        rows = play_by_play(shared, file).rows
        assert len(rows) == len(actions) == told["metadata"]["eventCount"]
        names = {"order_number": "orderNumber", "action_number": "actionNumber", "period": "period", **PERSONS}
        names |= {"action_type": "actionType", "sub_type": "subType", "descriptor": "descriptor"}
        names |= {"team_tricode": "teamTricode", "description": "description", "shot_distance_ft": "shotDistance"}
        for ours, theirs in names.items():
            assert all(same(x, a.get(theirs)) for x, a in zip(rows[ours], actions, strict=True)), ours
        for row, action in zip(rows.itertuples(), actions, strict=True):
            assert (row.score_home, row.score_away) == (int(action["scoreHome"]), int(action["scoreAway"]))
            minutes, seconds = action["clock"].removeprefix("PT").removesuffix("S").split("M")
            assert row.clock_seconds == pytest.approx(60 * int(minutes) + float(seconds), abs=1e-9)
            assert row.qualifiers == (",".join(action["qualifiers"]) or None)
            assert row.wall_time == pd.Timestamp(action["timeActual"])
            assert row.is_field_goal == bool(action["isFieldGoal"])
            assert row.is_made == {"Made": True, "Missed": False}.get(action.get("shotResult"))
            places = [None if action[key] is None else action[key] / 10 for key in ("xLegacy", "yLegacy")]
            assert [row.shot_x_ft, row.shot_y_ft] == places
            assert row.shot_zone == (action["area"] if row.is_field_goal else None), "the area of a rebound is no zone"

    @pytest.mark.parametrize("file", GAMES)
    def test_the_distance_is_that_of_the_places(self, shared: Path, file: str) -> None:
        game = json.loads(payload(shared, f"nbac_play_by_play/raw_{file}.json.gz"))["game"]
        shots = [action for action in game["actions"] if action["isFieldGoal"]]
        assert len(shots) == {LATE: 181, OVERTIME: 178}[file]
        for shot in shots:
            along = 100 - shot["x"] if shot["side"] == "right" else shot["x"]
            feet = math.hypot(0.94 * along - 5.25, 0.5 * (shot["y"] - 50))
            assert shot["shotDistance"] == pytest.approx(feet, abs=0.012), "0.0117 once, else below 0.01"
        rows = play_by_play(shared, file).rows
        rows = rows[rows["is_field_goal"].astype(bool)]
        places = [math.hypot(x, y) for x, y in zip(rows["shot_x_ft"], rows["shot_y_ft"], strict=True)]
        assert rows["shot_distance_ft"].tolist() == pytest.approx(places, abs=0.068), "three of 359 are beyond 0.06"

    def test_overtime_counts_five_minutes_more(self, shared: Path) -> None:
        rows = play_by_play(shared, OVERTIME).rows
        assert rows["period"].max() == 5 and rows["elapsed_seconds"].iloc[-1] == 3180.0
        assert rows.loc[rows["period"] == 5, "elapsed_seconds"].min() == 2880.0
        assert rows["elapsed_seconds"].is_monotonic_increasing
        assert not rows["action_number"].is_monotonic_increasing and rows["action_number"].is_unique

    def test_the_players_counts_are_those_of_the_box_score(self, shared: Path) -> None:
        box = json.loads(payload(shared, "nbac_team_boxscore/raw_8e5ec16f.json"))["resultSets"]
        (men,) = [found for found in box if found["name"] == "PlayerStats"]
        told = {}
        for row in men["rowSet"]:
            line = dict(zip(men["headers"], row, strict=True))
            if line["MIN"]:
                told[str(line["PLAYER_ID"])] = {name: line[name.upper()] for name in COUNTED}
        assert len(told) == 17
        assert counts(play_by_play(shared, OVERTIME).rows) == told

    @pytest.mark.parametrize("file", GAMES)
    def test_rows_fit_the_contract(self, shared: Path, season: pd.DataFrame, file: str) -> None:
        table = contracts.table("nbac_play_by_play")
        found = capture(shared, table.name, f"nbac_play_by_play/raw_{file}.json.gz", cdn_name(file))
        built = build_raw(table, [found], season, pd.DataFrame())
        assert len(built.frame) == GAMES[file][-1] and built.unplaced.empty
        pd.testing.assert_frame_equal(built.frame, conform(built.frame, table))
        assert not built.frame[[c.name for c in table.columns if not c.nullable]].isna().any(axis=None)


COUNTED = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "reb", "ast", "stl", "blk", "to", "pf", "pts")


def counts(rows: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Every player's box score line, counted from the events; steals and blocks from their own rows."""
    type_, sub, made = rows["action_type"], rows["sub_type"], rows["is_made"].eq(True)
    shot, three, free = type_.isin(["2pt", "3pt"]), type_ == "3pt", type_ == "freethrow"
    rebound, foul = type_ == "rebound", type_ == "foul"
    of_player = {
        "fgm": shot & made,
        "fga": shot,
        "fg3m": three & made,
        "fg3a": three,
        "ftm": free & made,
        "fta": free,
        "oreb": rebound & (sub == "offensive"),
        "dreb": rebound & (sub == "defensive"),
        "reb": rebound,
        "stl": type_ == "steal",
        "blk": type_ == "block",
        "to": type_ == "turnover",
        "pf": foul & sub.isin(["personal", "offensive"]),
    }
    found = {name: rows["player_id"][flags].value_counts() for name, flags in of_player.items()}
    found["ast"] = rows["assist_player_id"].value_counts()
    found["pts"] = rows["shot_value"].where(made, 0).groupby(rows["player_id"]).sum()
    people = sorted(rows["player_id"].dropna().unique())
    return {who: {name: int(found[name].get(who, 0)) for name in COUNTED} for who in people}


class TestSheet:
    def test_a_whole_game_with_its_last_score(self, shared: Path) -> None:
        found = sheet(shared)
        assert found.outcome is Outcome.OK and len(found.rows) == 510
        (unit,) = found.speaks_for.itertuples()
        assert (unit.game_date, unit.game_id) == (pd.Timestamp("2025-06-22"), FINALS)
        assert (unit.away_tricode, unit.home_tricode) == ("IND", "OKC")
        assert found.rows[["score_away", "score_home"]].iloc[-1].tolist() == [91, 103]

    def test_every_value_is_that_of_the_other_parser(self, shared: Path) -> None:
        told = json.loads(payload(shared, "bigdataball_pbp/exp_746cfbef.json.gz"))
        rows = sheet(shared).rows
        assert len(rows) == len(told["play_by_play_data"]) == told["total_plays"]
        theirs = pd.DataFrame(told["play_by_play_data"]).astype(object)
        theirs = theirs.where(theirs.notna(), None)
        names = {"event_type": "event_type", "sub_type": "type", "reason": "reason", "team_tricode": "team"}
        names |= {"order_number": "play_id", "period": "period", "pts": "points", "shot_distance_ft": "shot_distance"}
        names |= {"score_home": "home_score", "score_away": "away_score"}
        names |= {f"{who}_name": who for who in ("player", "assist", "block", "steal", "entered", "left", "opponent")}
        for ours, name in names.items():
            assert rows[ours].tolist() == theirs[name].tolist(), ours
        blank = [None if text is None or not text.strip() else text for text in theirs["description"]]
        assert rows["description"].tolist() == blank, "one is a space: it says nothing"
        for side, lineup in (("a", "away_lineup"), ("h", "home_lineup")):
            fives = theirs[[f"{side}{n}" for n in range(1, 6)]].agg("; ".join, axis=1)
            assert rows[lineup].tolist() == fives.tolist()
        for ours, name in (("shot_x_ft", "original_x"), ("shot_y_ft", "original_y")):
            assert rows[ours].tolist() == [None if value is None else value / 10 for value in theirs[name]]

    def test_where_the_other_parser_is_wrong(self, shared: Path) -> None:
        """It loses the id's zeros and does not know the teams, which the file's name and every event have."""
        about = json.loads(payload(shared, "bigdataball_pbp/exp_746cfbef.json.gz"))["game_info"]
        assert about["game_id"] == str(int(FINALS))
        assert (about["away_team"], about["home_team"]) == ("nan", "nan")

    def test_converted_places_are_the_original_ones_seen_from_above(self, shared: Path) -> None:
        shots = [line for line in lines(shared) if line["converted_x"]]
        assert len(shots) == 157
        for line in shots:
            x, y = float(line["original_x"]) / 10, float(line["original_y"]) / 10
            is_away = line["player"] in [line[f"a{n}"] for n in range(1, 6)]
            seen = (25 - x, 5 + y) if is_away else (25 + x, 89 - y)
            assert (float(line["converted_x"]), float(line["converted_y"])) == pytest.approx(seen, abs=1e-9)

    def test_the_distance_is_that_of_the_place_in_whole_feet(self, shared: Path) -> None:
        rows = sheet(shared).rows.dropna(subset="shot_distance_ft")
        assert len(rows) == 157
        places = [math.hypot(x, y) for x, y in zip(rows["shot_x_ft"], rows["shot_y_ft"], strict=True)]
        assert rows["shot_distance_ft"].tolist() == pytest.approx(places, abs=0.55)

    def test_times_restart_with_each_period_and_count_from_the_tip(self, shared: Path) -> None:
        for row, line in zip(sheet(shared).rows.itertuples(), lines(shared), strict=True):
            _, minutes, seconds = map(int, line["elapsed"].split(":"))
            assert row.elapsed_seconds == 720 * (row.period - 1) + 60 * minutes + seconds

    def test_names_find_their_ids_and_those_of_other_teams_do_not(self, shared: Path, season: pd.DataFrame) -> None:
        table = contracts.table("bigdataball_play_by_play")
        listed = capture(shared, "nbac_player_list", "nbac_player_list/raw_7af00b51.json", LIST)
        game = capture(shared, table.name, "bigdataball_pbp/raw_746cfbef.csv", SHEET)
        built = build_raw(table, [game], season, build_identity([listed]))
        rows = built.frame
        assert len(rows) == 510 and built.unplaced.empty
        pd.testing.assert_frame_equal(rows, conform(rows, table))
        told = pd.concat(
            [
                rows[[f"{who}_name", f"{who}_id"]].set_axis(["name", "id"], axis=1)
                for who in ("player", "assist", "left")
            ]
        ).dropna(subset="name")
        ids = told.drop_duplicates().set_index("name")["id"]
        assert set(ids.index[ids.isna()]) == MOVED
        assert ids["Shai Gilgeous-Alexander"] == "1628983" and ids["Jalen Williams"] == "1631114"
        with_turner = ["Myles Turner" in {line[f"a{n}"] for n in range(1, 6)} for line in lines(shared)]
        assert rows["away_on_court"].isna().tolist() == with_turner

    def test_a_list_of_files_is_no_game(self, shared: Path) -> None:
        for file in ("raw_210c46f5.json", "exp_210c46f5.json"):
            data = payload(shared, f"bigdataball_discovery/{file}")
            found = sources.parse("bigdataball_play_by_play", data, SHEET)
            assert found.outcome is Outcome.BAD and found.rejects[0].rule == "format"
        told = json.loads(payload(shared, "bigdataball_discovery/exp_210c46f5.json"))["games"][0]
        assert told["game_id"] == FINALS and told["modified"] == "2025-06-23T06:58:05.000Z"
        assert capture_stamp(SHEET) == pd.Timestamp(told["modified"]), "the newest modification is the capture's time"


class TestOfficials:
    def test_every_value_is_that_of_the_other_parser(self, shared: Path) -> None:
        data = payload(shared, "nbac_referee_assignments/raw_718e62b3.json")
        found = sources.parse("nbac_referee_assignments", data, OFFICIALS)
        assert found.outcome is Outcome.OK and len(found.rows) == 8
        told = json.loads(payload(shared, "nbac_referee_assignments/exp_718e62b3.json"))["refereeAssignments"]
        for row, game in zip(found.rows.itertuples(), told["nba"]["Table"]["rows"], strict=True):
            assert row.game_date == pd.Timestamp("2025-01-08") and row.game_id == game["game_id"]
            assert (row.away_tricode, row.home_tricode) == (game["away_team_abbr"], game["home_team_abbr"])
            for n in (1, 2, 3):
                ours = [getattr(row, f"official_{n}_{field}") for field in ("id", "name", "jersey")]
                assert ours == [str(game[f"official{n}_code"]), game[f"official{n}"], game[f"official{n}_JNum"]]
            assert row.alternate_id is None and row.alternate_name is None

    def test_rows_fit_the_contract(self, shared: Path, season: pd.DataFrame) -> None:
        table = contracts.table("nbac_referee_assignments")
        found = capture(shared, table.name, "nbac_referee_assignments/raw_718e62b3.json", OFFICIALS)
        built = build_raw(table, [found], season, pd.DataFrame())
        assert len(built.frame) == 8 and built.unplaced.empty
        pd.testing.assert_frame_equal(built.frame, conform(built.frame, table))
