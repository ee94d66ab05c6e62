"""The accounting identities of sources.md (B1 to B10), read back from the files of every game."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from .conftest import Drops

STATS = ["FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", "OREB", "DREB", "REB", "AST", "STL", "BLK", "PF", "PTS"]
GAMEBOOK = {
    "field_goals_made": "FGM",
    "field_goals_attempted": "FGA",
    "three_pointers_made": "FG3M",
    "three_pointers_attempted": "FG3A",
    "free_throws_made": "FTM",
    "free_throws_attempted": "FTA",
    "offensive_rebounds": "OREB",
    "defensive_rebounds": "DREB",
    "total_rebounds": "REB",
    "assists": "AST",
    "steals": "STL",
    "blocks": "BLK",
    "personal_fouls": "PF",
    "points": "PTS",
    "turnovers": "TO",
    "plus_minus": "PLUS_MINUS",
}
TEAM = ["GAME_ID", "TEAM_ABBREVIATION"]


def seconds(clock: str) -> int:
    minutes, rest = clock.split(":")
    return 60 * int(minutes) + int(rest)


@pytest.fixture(scope="session")
def box(drops: Drops) -> pd.DataFrame:
    """Everybody in a game's box score; `seconds` null if he did not play."""
    rows = drops.tables("nba-com/team-boxscore/", depth=4)
    return rows.assign(seconds=rows["MIN"].map(seconds, na_action="ignore").astype("Int64"))


@pytest.fixture(scope="session")
def played(box: pd.DataFrame) -> pd.DataFrame:
    rows = box[box["seconds"].notna()]
    return rows.astype(dict.fromkeys([*STATS, "TO", "PLUS_MINUS", "seconds"], "int64"))


@pytest.fixture(scope="session")
def lines(drops: Drops) -> pd.DataFrame:
    """The team lines of the box scores."""
    return drops.tables("nba-com/team-boxscore/", depth=4, result_set=1).set_index(TEAM).sort_index()


@pytest.fixture(scope="session")
def log(drops: Drops) -> pd.DataFrame:
    """The teams' game log."""
    return drops.tables("nba-com/team-boxscore/", depth=3).set_index(TEAM).sort_index()


def test_points_are_what_the_shots_made(played: pd.DataFrame, lines: pd.DataFrame) -> None:
    for rows in (played, lines):
        assert (2 * (rows["FGM"] - rows["FG3M"]) + 3 * rows["FG3M"] + rows["FTM"] == rows["PTS"]).all()


def test_nobody_makes_more_than_he_tries(played: pd.DataFrame) -> None:
    for less, more in (("FGM", "FGA"), ("FG3M", "FG3A"), ("FTM", "FTA"), ("FG3M", "FGM"), ("FG3A", "FGA")):
        assert (played[less] <= played[more]).all(), (less, more)
    assert (played["OREB"] + played["DREB"] == played["REB"]).all()
    assert (played[[*STATS, "TO"]] >= 0).all(axis=None)
    assert (played["PF"] <= 6).all()


def test_team_lines_are_the_sums_of_the_players(played: pd.DataFrame, lines: pd.DataFrame) -> None:
    sums = played.groupby(TEAM)[[*STATS, "TO"]].sum()
    pd.testing.assert_frame_equal(sums, lines[[*STATS, "TO"]], check_dtype=False)


def test_the_team_log_has_the_teams_own_turnovers_too(lines: pd.DataFrame, log: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(log[STATS], lines[STATS], check_dtype=False)
    own = log["TOV"] - lines["TO"]
    assert (own >= 0).all()
    assert 0.4 < (own > 0).mean() < 0.7


def test_steals_blocks_and_assists_have_something_to_come_from(lines: pd.DataFrame) -> None:
    other = lines.groupby("GAME_ID")[[*STATS, "TO"]].transform(lambda pair: pair.iloc[::-1].to_numpy())
    assert (lines["STL"] <= other["TO"]).all()
    assert (lines["BLK"] <= other["FGA"] - other["FGM"]).all()
    assert (lines["AST"] <= lines["FGM"]).all()
    assert (lines["OREB"] + other["DREB"] <= lines["FGA"] - lines["FGM"] + lines["FTA"] - lines["FTM"]).all()


def test_team_time_is_240_minutes_and_25_an_overtime_to_the_second(
    played: pd.DataFrame, log: pd.DataFrame, drops: Drops
) -> None:
    overtimes = {game["gameId"]: text_overtimes(game["gameStatusText"]) for game in drops.final_games()}
    of_team = played.groupby(TEAM)["seconds"].agg(["sum", "max"])
    expected = of_team.index.get_level_values("GAME_ID").map(overtimes)
    assert max(overtimes.values()) >= 1
    assert (of_team["sum"] == (240 + 25 * expected) * 60).all()
    assert (of_team["max"] <= (48 + 5 * expected) * 60).all()
    assert (log["MIN"] == 240 + 25 * expected).all()


def text_overtimes(text: str) -> int:
    return 0 if text == "Final" else int(text.removeprefix("Final/OT") or 1)


def test_nine_to_eleven_men_play_and_five_of_them_start(box: pd.DataFrame, played: pd.DataFrame) -> None:
    men = played.groupby(TEAM).size()
    assert men.between(9, 11).all()
    assert men.nunique() == 3
    assert (played.groupby(TEAM)["START_POSITION"].agg(lambda marks: (marks != "").sum()) == 5).all()
    assert not box.duplicated(["GAME_ID", "PLAYER_ID"]).any()
    idle = box[box["seconds"].isna()]
    assert (idle["COMMENT"] == "DNP - Coach's Decision").all()
    assert idle[STATS].isna().all(axis=None)


def test_plus_minus_sums_to_five_times_the_margin(played: pd.DataFrame, lines: pd.DataFrame) -> None:
    assert (played.groupby(TEAM)["PLUS_MINUS"].sum() == 5 * lines["PLUS_MINUS"]).all()


def test_periods_add_up_to_a_score_that_is_no_tie(drops: Drops, lines: pd.DataFrame) -> None:
    for name in drops.names("ball-dont-lie/boxscores/"):
        for game in drops.read(name)["data"]:
            for side in ("home", "visitor"):
                periods = [game[f"{side}_q{n}"] for n in range(1, 5)] + [game[f"{side}_ot{n}"] for n in range(1, 4)]
                assert sum(p or 0 for p in periods) == game[f"{side}_team_score"]
                assert sum(p is not None for p in periods) == game["period"]
            assert game["home_team_score"] != game["visitor_team_score"]
            before = [game["home_q1"] + game["home_q2"] + game["home_q3"] + game["home_q4"]]
            before += [game["visitor_q1"] + game["visitor_q2"] + game["visitor_q3"] + game["visitor_q4"]]
            assert (before[0] == before[1]) == (game["period"] > 4)
    for game in drops.final_games():
        for side in ("homeTeam", "awayTeam"):
            assert lines.loc[(game["gameId"], game[side]["teamTricode"]), "PTS"] == game[side]["score"]


def test_all_sources_tell_of_the_same_game(drops: Drops, box: pd.DataFrame, played: pd.DataFrame) -> None:
    """The gamebook has every count, balldontlie and the game log whole minutes."""
    expected = played.rename(columns={"PLAYER_NAME": "name"})
    book = pd.DataFrame(
        [
            {"name": man["name"], "date": book["date"], "seconds": seconds(man["stats"]["minutes"])}
            | {column: man["stats"][key] for key, column in GAMEBOOK.items()}
            for book in drops.gamebooks()
            for man in book["active_players"]
        ]
    )
    order = ["name", "seconds", *GAMEBOOK.values()]
    assert sorted_rows(book[order]) == sorted_rows(expected[order])

    log = drops.tables("nba-com/player-boxscores/", depth=3).rename(columns={"PLAYER_NAME": "name", "TOV": "TO"})
    whole = expected.assign(MIN=[round(s / 60) for s in expected["seconds"]])
    order = ["GAME_ID", "PLAYER_ID", "name", "MIN", *GAMEBOOK.values()]
    assert sorted_rows(log[order]) == sorted_rows(whole[order])

    bdl = [
        (f"{man['player']['first_name']} {man['player']['last_name']}", int(man["min"]), man["pts"], man["turnover"])
        for name in drops.names("ball-dont-lie/boxscores/")
        for game in drops.read(name)["data"]
        for side in ("home_team", "visitor_team")
        for man in game[side]["players"]
    ]
    assert sorted(bdl) == sorted_rows(whole[["name", "MIN", "PTS", "TO"]])


def sorted_rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return sorted(frame.itertuples(index=False, name=None))


def test_a_gamebook_lists_the_whole_roster_once_inactive_men_by_last_name(drops: Drops) -> None:
    for book in drops.gamebooks():
        roster = drops.table(f"nba-com/player-list/{book['date']}/{book['date'].replace('-', '')}_110000.json")
        for code in (book["away_team"], book["home_team"]):
            men = roster[roster["TEAM_ABBREVIATION"] == code]
            team = f"{men['TEAM_CITY'].iloc[0]} {men['TEAM_NAME'].iloc[0]}"
            full = (men["PLAYER_FIRST_NAME"] + " " + men["PLAYER_LAST_NAME"]).tolist()
            named = [m["name"] for m in book["active_players"] + book["dnp_players"] if m["team"] == team]
            last = [m["name"] for m in book["inactive_players"] if m["team"] == team]
            left = men[~pd.Series(full, index=men.index).isin(named)]
            assert set(named) <= set(full)
            assert sorted(last) == sorted(left["PLAYER_LAST_NAME"])
            assert len(named) <= 13
            assert 15 <= len(men) <= 17
