"""The play-by-play files have the real ones' form, and the parsers read the box score back from them."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pandas as pd
import pytest

from nba_assets.simulator.events import Event, play_by_play
from nba_assets.simulator.files import bigdataball_play_by_play, nbac_play_by_play, stats_play_by_play
from nba_assets.simulator.files.folder import Folder
from nba_assets.simulator.season import Day, GameNight, Season
from nba_assets.sources import parse
from nba_assets.sources.parsed import Outcome
from nba_assets.sources.paths import source_of

SEED, START = 7, dt.date(2025, 10, 21)
REAL = "data/payloads/nbac_play_by_play"
OPTIONAL = {"descriptor"}
"""A shot of a plain kind has none; the real games have every combination, but not with every make, assist and block."""


@pytest.fixture(scope="module")
def days() -> list[Day]:
    """Two dates, a game of each at least with an overtime."""
    return list(Season(SEED, START, overtimes=1).days(START + dt.timedelta(1)))


@pytest.fixture(scope="module")
def games(days: list[Day]) -> list[tuple[GameNight, tuple[Event, ...]]]:
    return [(game, play_by_play(SEED, game)) for day in days for game in day.games]


@pytest.fixture(scope="module")
def written(days: list[Day], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Folder(tmp_path_factory.mktemp("drops"))
    for day in days:
        nbac_play_by_play.write(folder, day)
        bigdataball_play_by_play.write(folder, day)
    return folder.out


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def actions(folder: Path) -> Iterator[dict[str, Any]]:
    for name in names(folder):
        if name.endswith(".json"):
            yield from json.loads((folder / name).read_bytes())["game"]["actions"]


def real_actions(shared: Path) -> list[dict[str, Any]]:
    files = sorted((shared / REAL).glob("raw_*.json.gz"))
    return [action for file in files for action in json.loads(gzip.decompress(file.read_bytes()))["game"]["actions"]]


def test_every_game_has_a_file_and_bigdataball_one_on_every_second_date(written: Path, days: list[Day]) -> None:
    league = [name for name in names(written) if name.startswith("nba-com/play-by-play/")]
    assert len(league) == sum(len(day.games) for day in days)
    bought = [name for name in names(written) if name.startswith("big-data-ball/2025-26/")]
    assert sorted({name.split("/")[2] for name in bought}) == [
        str(day.day) for day in days if day.day.toordinal() % 2 == 0
    ]
    assert len(league) + len(bought) == len(names(written))


def test_actions_have_the_real_ones_fields_in_their_order(shared: Path, written: Path) -> None:
    def shape(action: dict[str, Any]) -> tuple[str, ...]:
        return tuple(key for key in action if key not in OPTIONAL)

    known: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for action in real_actions(shared):
        known[action["actionType"]].add(shape(action))
    told = list(actions(written))
    assert {action["actionType"] for action in told} == set(known) - {"violation"}
    for action in told:
        assert shape(action) in known[action["actionType"]], action


def test_values_have_the_real_ones_types(shared: Path, written: Path) -> None:
    known: dict[str, set[type]] = defaultdict(set)
    for action in real_actions(shared):
        for key, value in action.items():
            known[key].add(type(value))
    for action in actions(written):
        for key, value in action.items():
            assert type(value) in known[key], (key, value)


def test_words_are_those_of_the_real_games(shared: Path, written: Path) -> None:
    """But for two turnovers that two games happen not to have."""
    unseen = {("turnover", "5-second violation"), ("turnover", "8-second violation")}
    real = real_actions(shared)
    kinds = {(action["actionType"], action.get("subType")) for action in real} | unseen
    assert {(action["actionType"], action["subType"]) for action in actions(written)} <= kinds
    for key in ("area", "areaDetail", "periodType", "shotResult"):
        assert {action.get(key) for action in actions(written)} <= {action.get(key) for action in real}, key
    marks = {mark for action in real for mark in action["qualifiers"]}
    assert {mark for action in actions(written) for mark in action["qualifiers"]} <= marks


def test_the_order_rises_and_the_numbers_do_not(written: Path) -> None:
    for name in names(written):
        if name.endswith(".json"):
            told = json.loads((written / name).read_bytes())["game"]["actions"]
            order, numbers = ([action[key] for action in told] for key in ("orderNumber", "actionNumber"))
            assert order == sorted(set(order))
            assert len(set(numbers)) == len(numbers)
            assert numbers != sorted(numbers)


def test_distances_follow_from_both_kinds_of_places(written: Path) -> None:
    """sources.md, section 7: within 0.01 feet from per cent of the floor, within 0.06 from the older tenths."""
    sides: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for action in actions(written):
        if not action["isFieldGoal"]:
            continue
        along = 100 - action["x"] if action["side"] == "right" else action["x"]
        feet = math.hypot(0.94 * along - 5.25, 0.5 * (action["y"] - 50))
        assert abs(feet - action["shotDistance"]) <= 0.01
        assert abs(math.hypot(action["xLegacy"], action["yLegacy"]) / 10 - action["shotDistance"]) <= 0.06
        across = (action["y"] - 50) * 5 * (1 if action["side"] == "right" else -1)
        assert abs(across - action["xLegacy"]) <= 0.51
        sides[action["teamTricode"], action["period"] > 2].add(action["side"])
    assert all(len(side) == 1 for side in sides.values())
    assert all(sides[team, False] != sides[team, True] for team, _ in list(sides))


def test_a_bigdataball_file_has_the_real_ones_columns_and_line_ends(shared: Path, written: Path) -> None:
    real = (shared / "data/payloads/bigdataball_pbp/raw_746cfbef.csv").read_bytes()
    bought = [(written / name).read_bytes() for name in names(written) if name.endswith(".csv")]
    assert bought
    for data in bought:
        assert data.splitlines(keepends=True)[0] == real.splitlines(keepends=True)[0]


def test_rows_fill_the_columns_that_the_real_ones_fill(shared: Path, written: Path) -> None:
    def filled(data: bytes) -> dict[str, set[str]]:
        columns: dict[str, set[str]] = defaultdict(set)
        for row in csv.DictReader(data.decode().splitlines()):
            columns[row["event_type"]] |= {name for name, value in row.items() if value}
        return columns

    real = filled((shared / "data/payloads/bigdataball_pbp/raw_746cfbef.csv").read_bytes())
    for name in names(written):
        if name.endswith(".csv"):
            for kind, columns in filled((written / name).read_bytes()).items():
                assert columns <= real[kind], kind


def test_bigdataballs_floor_has_both_baskets(written: Path) -> None:
    """sources.md, section 11: away shoots at y = 5, home at y = 89, in all periods."""
    for name in names(written):
        if not name.endswith(".csv"):
            continue
        home = name.split("@")[1][:3]
        for row in csv.DictReader((written / name).read_text(encoding="utf-8").splitlines()):
            if row["event_type"] == "shot":
                x, y = int(row["original_x"]) / 10, int(row["original_y"]) / 10
                expected = (25 + x, 89 - y) if row["team"] == home else (25 - x, 5 + y)
                assert (float(row["converted_x"]), float(row["converted_y"])) == pytest.approx(expected)


def test_ten_men_stand_in_every_row_those_of_the_substitution_already_changed(written: Path) -> None:
    for name in names(written):
        if not name.endswith(".csv"):
            continue
        for row in csv.DictReader((written / name).read_text(encoding="utf-8").splitlines()):
            men = [row[f"{side}{n}"] for side in "ah" for n in range(1, 6)]
            assert len(set(men)) == 10
            if row["event_type"] == "substitution":
                assert row["entered"] in men and row["left"] not in men


def forms(game: GameNight, events: tuple[Event, ...]) -> dict[str, tuple[str, bytes]]:
    """Object name and bytes of a game in all forms of the league's play-by-play."""
    folder = f"{game.fixture.day}/game-{game.fixture.game_id}/20251023_065000.json"
    payloads = {
        "play-by-play": nbac_play_by_play.payload(game, events),
        "play-by-play-v3": stats_play_by_play.v3(game, events),
        "play-by-play-v2": stats_play_by_play.v2(game, events),
    }
    return {form: (f"nba-com/{form}/{folder}", orjson.dumps(payload)) for form, payload in payloads.items()}


def players_sums(rows: pd.DataFrame) -> Counter[tuple[str, str]]:
    """Every man's counts from the rows of `nba_raw.nbac_play_by_play`, whatever form they come from."""
    box: Counter[tuple[str, str]] = Counter()
    for row in rows.to_dict("records"):
        action, sub_type = row["action_type"], str(row["sub_type"]).lower()
        stats: list[str] = []
        if row["is_field_goal"]:
            three = ["fg3a"] + ["fg3m"] * bool(row["is_made"]) if row["shot_value"] == 3 else []
            stats = ["fga"] + ["fgm"] * bool(row["is_made"]) + three
        elif action == "freethrow":
            stats = ["fta"] + ["ftm"] * bool(row["is_made"])
        elif action == "rebound" and sub_type in ("offensive", "defensive"):
            stats = ["oreb" if sub_type == "offensive" else "dreb"]
        elif action == "turnover":
            stats = ["tov"]
        elif action == "foul" and sub_type in ("personal", "offensive"):
            stats = ["pf"]
        elif action in ("steal", "block"):
            stats = [{"steal": "stl", "block": "blk"}[action]]
        if row["is_made"]:
            box[row["player_id"], "pts"] += int(row["shot_value"]) if row["is_field_goal"] else 1
        for stat in stats:
            box[row["player_id"], stat] += 1
        if row["assist_player_id"] is not None:
            box[row["assist_player_id"], "ast"] += 1
    return box


def test_the_league_file_read_back_is_the_box_score(games: list[tuple[GameNight, tuple[Event, ...]]]) -> None:
    for game, events in games:
        name, data = forms(game, events)["play-by-play"]
        result = parse("nbac_play_by_play", data, name)
        assert (result.outcome, result.rejects) == (Outcome.OK, ())
        box = players_sums(result.rows)
        for line in (*game.home.active, *game.away.active):
            player = str(line.player.player_id)
            counts = {key: value for key, value in (line.counts or {}).items() if key != "reb"}
            assert {key: box[player, key] for key in counts} == counts


@pytest.mark.parametrize("form", ["play-by-play-v3", "play-by-play-v2"])
def test_the_older_forms_are_read_too(games: list[tuple[GameNight, tuple[Event, ...]]], form: str) -> None:
    for game, events in games[:3]:
        name, data = forms(game, events)[form]
        result = parse("nbac_play_by_play", data, name)
        assert (result.outcome, result.rejects) == (Outcome.OK, ())
        points: Counter[str] = Counter()
        shots: Counter[str] = Counter()
        for row in result.rows.to_dict("records"):
            if row["is_made"]:
                points[row["player_id"]] += int(row["shot_value"]) if row["is_field_goal"] else 1
            shots[row["player_id"]] += bool(row["is_field_goal"])
        for line in (*game.home.active, *game.away.active):
            player = str(line.player.player_id)
            assert (points[player], shots[player]) == ((line.counts or {})["pts"], (line.counts or {})["fga"])


def test_bigdataballs_file_read_back_is_the_box_score(
    games: list[tuple[GameNight, tuple[Event, ...]]], written: Path
) -> None:
    lines = {
        (game.fixture.game_id, line.player.full_name): line.counts or {}
        for game, _ in games
        for line in (*game.home.active, *game.away.active)
    }
    read = 0
    for name in names(written):
        if source_of(name) != "bigdataball_play_by_play":
            continue
        result = parse("bigdataball_play_by_play", (written / name).read_bytes(), name)
        assert (result.outcome, result.rejects) == (Outcome.OK, ())
        box: Counter[tuple[str, str]] = Counter()
        for row in result.rows.to_dict("records"):
            box[row["player_name"], "pts"] += int(row["pts"] or 0)
            for stat, man in (("ast", "assist_name"), ("stl", "steal_name"), ("blk", "block_name")):
                box[row[man], stat] += 1
            kind = {"rebound offensive": "oreb", "rebound defensive": "dreb"}.get(row["sub_type"])
            kind = {"turnover": "tov", "shot": "fga", "free throw": "fta"}.get(row["event_type"], kind)
            if row["event_type"] == "foul" and row["sub_type"] != "technical":
                kind = "pf"
            box[row["player_name"], kind or ""] += 1
        (game_id,) = set(result.rows["game_id"])
        for (game, player), counts in lines.items():
            if game == game_id:
                read += 1
                for stat in ("pts", "ast", "stl", "blk", "oreb", "dreb", "tov", "fga", "fta", "pf"):
                    assert box[player, stat] == counts[stat], (player, stat)
    assert read


def test_the_same_date_is_written_the_same(days: list[Day], written: Path, tmp_path: Path) -> None:
    again = next(iter(Season(SEED, START, overtimes=1).days(START)))
    folder = Folder(tmp_path)
    nbac_play_by_play.write(folder, again)
    bigdataball_play_by_play.write(folder, again)
    assert names(tmp_path)
    for name in names(tmp_path):
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes()
