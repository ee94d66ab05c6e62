"""Simulated games, told in both sources' formats, read back: zones, assists, blocks and minutes of the box score."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import orjson
import pandas as pd
import pytest

from nba_assets import contracts, sources
from nba_assets.contracts.frames import conform
from nba_assets.simulator.events import play_by_play
from nba_assets.simulator.files import bigdataball_play_by_play, nbac_play_by_play, stats_play_by_play
from nba_assets.simulator.season import GameNight, Line, Season
from nba_assets.sources.event_names import BETWEEN, ROLES, SIDES
from nba_assets.sources.parsed import Parsed
from nba_assets.transforms.line_ups import time_on_floor
from nba_assets.transforms.shot_zones import NAMES, counts
from nba_assets_tests.transforms.plays import BIGDATABALL, NBAC

SEED, DAY, GAMES = 7, dt.date(2025, 10, 21), 3
OWN, V2, V3 = "play-by-play", "play-by-play-v2", "play-by-play-v3"
"""Forms of the league's play-by-play: the content network's and those of stats.nba.com."""


@pytest.fixture(scope="module")
def games() -> list[GameNight]:
    """Games of a date, one of them with overtime."""
    (day,) = Season(SEED, DAY, overtimes=1).days(DAY)
    return sorted(day.games, key=lambda game: -len(game.home.result.periods))[:GAMES]


def lines(game: GameNight) -> dict[str, Line]:
    return {str(line.player.player_id): line for side in (game.away, game.home) for line in side.active}


def told(game: GameNight, table: str, form: str = OWN) -> pd.DataFrame:
    """The game's events as a raw table has them, of one state; names are found among those who played."""
    events, day, game_id = play_by_play(SEED, game), game.fixture.day, game.fixture.game_id
    if table == NBAC:
        write = {OWN: nbac_play_by_play.payload, V2: stats_play_by_play.v2, V3: stats_play_by_play.v3}[form]
        name = f"nba-com/{form}/{day}/game-{game_id}/20251022_065000.json"
        rows = _rows(sources.parse(table, orjson.dumps(write(game, events)), name), {})
    else:
        pair = f"{game.away.team.tricode}@{game.home.team.tricode}"
        name = f"big-data-ball/2025-26/{day}/game_{game_id}/[{day}]-{game_id}-{pair}-20251022_140000.csv"
        rows = _rows(sources.parse(table, bigdataball_play_by_play.content(game, events), name), lines(game))
    known = pd.Timestamp("2025-10-22T14:00Z")
    rows = rows.assign(known_at=known, known_at_assumed=False, source_path=name, source_hash="")
    contract = contracts.table(table)
    return conform(rows[[c for c in rows.columns if c in contract.column_names]], contract).assign(state=0)


def _rows(parsed: Parsed, men: dict[str, Line]) -> pd.DataFrame:
    rows: pd.DataFrame = parsed.rows
    ids = {line.player.full_name: who for who, line in men.items()}
    if men:
        rows = rows.assign(**{f"{role}_id": rows[f"{role}_name"].map(ids) for role in ROLES})
        for lineup, (_, column) in SIDES.items():
            fives = [",".join(sorted(ids[name] for name in five.split(BETWEEN))) for five in rows[lineup]]
            rows = rows.assign(**{column: fives})
    return rows


@pytest.mark.parametrize("table", [NBAC, BIGDATABALL])
def test_minutes_are_those_of_the_box_score(games: list[GameNight], table: str) -> None:
    for game in games:
        found = time_on_floor(table, told(game, table))
        length = {n: 720 if n <= 4 else 300 for n in range(1, len(game.home.result.periods) + 1)}
        periods = found.groupby("period")["millis"].sum() / 1000
        assert periods.to_dict() == {n: 10.0 * seconds for n, seconds in length.items()}, "all of them are certain"
        seconds = (found.groupby("player_id")["millis"].sum() / 1000).to_dict()
        assert seconds == {who: line.seconds for who, line in lines(game).items() if line.seconds}


@pytest.mark.parametrize("table", [NBAC, BIGDATABALL])
def test_counts_are_those_of_the_box_score(games: list[GameNight], table: str) -> None:
    for game in games:
        found = counts(table, told(game, table)).droplevel("state")
        by_zone = pd.DataFrame(
            {
                "fga": found[[f"{zone}_fga" for zone in NAMES]].sum(axis=1),
                "fgm": found[[f"{zone}_fgm" for zone in NAMES]].sum(axis=1),
                "fg3a": found[["corner3_fga", "above_break3_fga"]].sum(axis=1),
                "fg3m": found[["corner3_fgm", "above_break3_fgm"]].sum(axis=1),
                "blk": found[["blk_paint", "blk_mid", "blk_three"]].sum(axis=1),
            }
        )
        box = pd.DataFrame({who: Counter[str](line.counts) for who, line in lines(game).items()}).T.fillna(0)
        box = box[list(by_zone)].astype("int64")
        took_part = box[(box[["fga", "blk"]] > 0).any(axis=1)]
        assert by_zone.to_dict() == took_part.to_dict()
        assists: Any = sum((line.counts or {})["ast"] for line in lines(game).values())
        assert found["assisted_fgm"].sum() == assists
        assert (found["assisted_fgm"] + found["unassisted_fgm"] == by_zone["fgm"]).all()


def test_both_sources_say_the_same(games: list[GameNight]) -> None:
    for game in games:
        one, other = (counts(table, told(game, table)) for table in (NBAC, BIGDATABALL))
        pd.testing.assert_frame_equal(one, other)


def test_older_forms_tell_less_and_nothing_else(games: list[GameNight]) -> None:
    """v2 has no places and no changes between periods, v3 no assists, blockers and men who come in."""
    for game in games:
        own, v2, v3 = (told(game, NBAC, form) for form in (OWN, V2, V3))
        truth = counts(NBAC, own)
        assert counts(NBAC, v2)[[f"{zone}_fga" for zone in NAMES]].to_numpy().sum() == 0
        same = ["told_fga", "assisted_fgm", "unassisted_fgm", "told_blk"]
        pd.testing.assert_frame_equal(counts(NBAC, v2)[same], truth[same])
        shots = [name for name in truth if name.endswith(("_fga", "3_fgm", "ra_fgm", "mid_fgm"))]
        shooters = truth.index[truth["told_fga"] > 0]
        pd.testing.assert_frame_equal(counts(NBAC, v3).loc[shooters, shots], truth.loc[shooters, shots])
        assert counts(NBAC, v3)[["assisted_fgm", "told_blk"]].to_numpy().sum() == 0
        floor = time_on_floor(NBAC, own).set_index(["period", "player_id"])["millis"]
        for rows in (v2, v3):
            known = time_on_floor(NBAC, rows).set_index(["period", "player_id"])["millis"]
            assert known.to_dict() == floor[floor.index.isin(known.index)].to_dict()
