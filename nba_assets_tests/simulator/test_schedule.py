"""Fixtures, tips, ids and object names."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from nba_assets.data_origin import data_origin
from nba_assets.simulator import simulate

from .conftest import END, START, Drops

EASTERN = ZoneInfo("America/New_York")


def test_every_date_has_its_files_at_the_sources_own_paths(first_dates: Drops) -> None:
    day = dt.date(2025, 10, 22)
    matchups = [name.split("/")[3] for name in first_dates.names("nba-com/gamebooks-data/2025-10-22/")]
    ids = sorted(
        {name.split("/")[3] for name in first_dates.names(f"nba-com/team-boxscore/{day}/") if name.count("/") == 4}
    )
    events = sorted({name.split("/")[3] for name in first_dates.names(f"odds-api/player-props/{day}/")})
    assert len(matchups) == len(ids) == len(events) >= 4
    assert all(matchup.startswith("20251022-") and len(matchup) == len("20251022-AWYHOM") for matchup in matchups)
    assert sorted(event.split("-")[1] for event in events) == sorted(matchup.split("-")[1] for matchup in matchups)
    expected = {
        "nba-com/schedule/2025-26/20251022_120000.json",
        "nba-com/schedule/2025-26/20251023_070000.json",
        "nba-com/player-list/2025-10-22/20251022_110000.json",
        "nba-com/player-boxscores/2025-10-22/20251023_070500.json",
        "nba-com/team-boxscore/2025-10-22/20251023_071500.json",
        "ball-dont-lie/boxscores/2025-10-22/20251023_063500.json",
        *(f"nba-com/team-boxscore/2025-10-22/{game}/20251023_071000.json" for game in ids),
        *(f"nba-com/gamebooks-data/2025-10-22/{matchup}/20251023_064500.json" for matchup in matchups),
        *(f"odds-api/player-props/2025-10-22/{event}/20251022_170000-snap-1700.json" for event in events),
        *(f"odds-api/player-props/2025-10-22/{event}/20251022_220000-snap-2200.json" for event in events),
        *(f"odds-api/game-lines/2025-10-22/20251022_{hour}0000-snap-{hour}00.json" for hour in (17, 22)),
        *(f"bettingpros/player-props/points/2025-10-22/20251022_{hour}0500.json" for hour in (17, 22)),
        *(f"nba-com/play-by-play/2025-10-22/game-{game}/20251023_065000.json" for game in ids),
        "nba-com/referee-assignments/2025-10-22/20251022_140500.json",
        "nba-com/injury-report-pdf/2025-10-22/11/20251022_153300.pdf",
        "nba-com/injury-report-pdf/2025-10-22/16/20251022_203300.pdf",
        "nba-com/injury-report-pdf/2025-10-22/18/20251022_223300.pdf",
        "nba-com/injury-report-pdf/2025-10-22/22/20251023_023300.pdf",
    }
    of_day = {name for name in first_dates.names() if "/2025-10-22/" in name and not name.startswith("big-data-ball/")}
    closes = {name for name in of_day if "/player-props/2025-10-22/" in name and "odds-api" in name} - expected
    assert len(closes) == len(events) == len({name.split("/")[3] for name in closes})
    assert of_day - closes == {name for name in expected if "/schedule/" not in name}
    assert expected <= set(first_dates.names())


def test_every_date_has_four_to_thirteen_games_and_no_team_twice(drops: Drops) -> None:
    dates = Counter(game["gameDateEst"][:10] for game in drops.final_games())
    assert len(dates) == (END - START).days + 1
    assert set(dates.values()) <= set(range(4, 14))
    teams = Counter(
        (game["gameDateEst"], game[side]["teamId"]) for game in drops.final_games() for side in ("homeTeam", "awayTeam")
    )
    assert set(teams.values()) == {1}


def test_game_ids_count_up_from_the_first(drops: Drops) -> None:
    ids = [game["gameId"] for game in drops.final_games()]
    assert ids == [f"00225{number:05d}" for number in range(1, len(ids) + 1)]


def test_teams_play_about_equally_often_and_now_and_then_on_two_nights_in_a_row(drops: Drops) -> None:
    nights = pd.DataFrame(
        [
            (game[side]["teamTricode"], pd.Timestamp(game["gameDateEst"][:10]), side)
            for game in drops.final_games()
            for side in ("homeTeam", "awayTeam")
        ],
        columns=["team", "date", "side"],
    ).sort_values(["team", "date"])
    games = nights.groupby("team").size()
    assert len(games) == 30
    assert games.max() - games.min() <= 4
    home = (nights["side"] == "homeTeam").groupby(nights["team"]).mean()
    assert home.between(0.35, 0.65).all()
    rest = nights.groupby("team")["date"].diff().dt.days
    assert 0.05 < (rest == 1).sum() / rest.notna().sum() < 0.25


def test_tips_are_evenings_in_new_york_on_both_sides_of_the_clock_change(drops: Drops) -> None:
    offsets = set()
    for game in drops.final_games():
        tip = dt.datetime.fromisoformat(game["gameDateTimeUTC"]).astimezone(EASTERN)
        assert dt.time(19, 0) <= tip.time() <= dt.time(22, 30)
        assert str(tip.date()) == game["gameDateEst"][:10]
        assert game["gameDateTimeEst"] == f"{tip:%Y-%m-%dT%H:%M:%S}Z"
        offsets.add(tip.utcoffset())
    assert offsets == {dt.timedelta(hours=-4), dt.timedelta(hours=-5)}


def test_a_schedule_before_the_games_knows_no_result(drops: Drops) -> None:
    before = drops.read("nba-com/schedule/2025-26/20251024_120000.json")
    after = drops.read("nba-com/schedule/2025-26/20251025_070000.json")
    assert before["meta"]["time"] == "2025-10-24T12:00:00Z"
    early, late = (payload["leagueSchedule"]["gameDates"][0]["games"] for payload in (before, after))
    assert [g["gameId"] for g in early] == [g["gameId"] for g in late]
    for first, last in zip(early, late, strict=True):
        assert (first["gameStatus"], last["gameStatus"]) == (1, 3)
        assert first["gameStatusText"].endswith("pm ET")
        assert first["homeTeam"]["score"] == first["awayTeam"]["score"] == 0
        assert "pointsLeaders" not in first
        won = last["homeTeam"]["score"] > last["awayTeam"]["score"]
        assert last["homeTeam"]["wins"] == first["homeTeam"]["wins"] + won
        assert last["awayTeam"]["losses"] == first["awayTeam"]["losses"] + won


def test_the_arenas_say_that_the_league_is_simulated(drops: Drops) -> None:
    games = drops.final_games()
    assert all(game["arenaName"] == f"Simulated Arena, {game['homeTeam']['teamCity']}" for game in games)
    assert data_origin(pd.DataFrame({"arena_name": [game["arenaName"] for game in games]})) == "simulated"


def test_a_new_season_begins_in_october_with_its_own_ids(tmp_path: Path) -> None:
    simulate(tmp_path, seed=3, start=dt.date(2026, 6, 29), end=dt.date(2026, 10, 2))
    drops = Drops(tmp_path, {})
    games = drops.final_games()
    labels = {name.split("/")[2] for name in drops.names("nba-com/schedule/")}
    assert labels == {"2025-26", "2026-27"}
    assert {game["gameDateEst"][5:7] for game in games} == {"06", "10"}
    ids = [game["gameId"] for game in games]
    assert len(set(ids)) == len(ids)
    first = next(game for game in games if game["gameDateEst"].startswith("2026-10-01"))
    assert first["gameId"] == "0022600001"
    assert first["homeTeam"]["wins"] + first["homeTeam"]["losses"] == 1
